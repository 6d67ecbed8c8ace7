/*
 * config_show.c - what holds, and where it comes from.
 */
#include "cli/config_command.h"

#include "cli/printer.h"
#include "src/text.h"

static void put_name(struct cs_strbuf *out, const char *source, const char *key)
{
    cs_strbuf_printf(out, "%s%s%s", source ? source : "", source ? "." : "",
                     key);
}

static const char *shown_value(const struct cs_config_entry *entry)
{
    if (!entry->set)
        return entry->key.secret || !entry->value ? "-" : entry->value;
    return entry->key.secret ? "(hidden)" : entry->value ? entry->value : "";
}

static void add_entry(struct cs_printer *printer, cJSON *list,
                      const struct cs_config_entry *entry)
{
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(256);
    cJSON *object = cs_printer_object(printer, list, NULL);
    const char *origin = cs_config_origin_name(entry->origin);
    put_name(&name, entry->source, entry->key.name);
    cs_printer_text(printer, object, "name", name.data);
    cs_printer_text(printer, object, "source", entry->source);
    cs_printer_text(printer, object, "key", entry->key.name);
    cs_printer_text(printer, object, "value", entry->value);
    cs_printer_bool(printer, object, "set", entry->set);
    cs_printer_bool(printer, object, "secret", entry->key.secret);
    cs_printer_text(printer, object, "origin", origin);
    cs_printer_bool(printer, object, "inherited", entry->inherited);
    cs_printer_text(printer, object, "type", entry->key.type);
    cs_printer_text(printer, object, "default", entry->key.fallback);
    cs_printer_text(printer, object, "variable", entry->key.variable);
    cs_printer_text(printer, object, "description", entry->key.doc);
}

/* People see what is set, and defaults once; programs see everything. */
static bool is_listed(const struct cs_config_entry *entry,
                      const struct cs_config_args *args)
{
    if (args->all || args->json)
        return true;
    if (entry->source && entry->key.at_top)
        return entry->origin != CS_ORIGIN_DEFAULT && !entry->inherited;
    return entry->set;
}

static void put_row(struct cs_table *table, const struct cs_config_entry *entry)
{
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(256);
    put_name(&name, entry->source, entry->key.name);
    cs_table_cell(table, "%s", name.data);
    cs_table_cell(table, "%s", shown_value(entry));
    if (!entry->set)
        cs_table_cell(table, "not set");
    else if (entry->origin == CS_ORIGIN_ENVIRONMENT)
        cs_table_cell(table, "$%s", entry->key.variable);
    else
        cs_table_cell(table, "%s%s", cs_config_origin_name(entry->origin),
                      entry->inherited ? ", top" : "");
    cs_table_end_row(table);
}

enum cs_status cs_config_command_list(struct cs_app *app,
                                      const struct cs_config_args *args,
                                      CS_UNUSED int n, CS_UNUSED char **words,
                                      struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    struct cs_table table CS_CLEANUP(cs_table_clear);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_printer_start(&printer, "config");
    cs_table_init(&table);
    cs_printer_text(&printer, printer.root, "file",
                    cs_config_path(app->config));
    cJSON *list = cs_printer_array(&printer, printer.root, "entries");
    for (size_t i = 0; i < cs_config_n_entries(app->config); i++) {
        const struct cs_config_entry *entry = cs_config_entry(app->config, i);
        if (args->json)
            add_entry(&printer, list, entry);
        else if (is_listed(entry, args))
            put_row(&table, entry);
    }
    if (args->json)
        return cs_printer_finish(&printer, app, err);
    cs_table_put(&table, 0, &text);
    return cs_app_print(app, &text, err);
}

static const struct cs_config_entry *find_entry(
    const struct cs_config *config, const struct cs_config_name *name)
{
    for (size_t i = 0; i < cs_config_n_entries(config); i++) {
        const struct cs_config_entry *entry = cs_config_entry(config, i);
        if (cs_str_equal(entry->source, cs_config_name_source(name)) &&
            cs_str_equal(entry->key.name, name->key))
            return entry;
    }
    return NULL;
}

static enum cs_status refuse_name(const struct cs_config *config,
                                  const char *text,
                                  const struct cs_config_name *name,
                                  struct cs_error *err)
{
    struct cs_config_key key;
    bool known = cs_config_key_find(name->key, &key);
    bool source =
        name->source[0] == '\0' || cs_config_find_source(config, name->source);
    if (known && !source) {
        (void)cs_error_set(err, CS_ERR_NOT_FOUND, "there is no source \"%s\"",
                           name->source);
        cs_error_hint(err, "cs config lists what there is");
        return CS_ERR_NOT_FOUND;
    }
    (void)cs_error_set(err, CS_ERR_USAGE, "\"%.80s\" is no key", text);
    cs_error_hint(err,
                  known ? "it is for the whole mirror: %s"
                        : "cs help keys lists the keys%.0s",
                  name->key);
    return CS_ERR_USAGE;
}

enum cs_status cs_config_command_get(struct cs_app *app,
                                     const struct cs_config_args *args,
                                     CS_UNUSED int n, char **words,
                                     struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_config_name name;
    cs_printer_start(&printer, "config");
    enum cs_status status = cs_config_name_parse(words[0], &name, err);
    if (status != CS_OK)
        return status;
    const struct cs_config_entry *entry = find_entry(app->config, &name);
    if (!entry)
        return refuse_name(app->config, words[0], &name, err);
    if (args->json) {
        cs_printer_text(&printer, printer.root, "file",
                        cs_config_path(app->config));
        cJSON *list = cs_printer_array(&printer, printer.root, "entries");
        add_entry(&printer, list, entry);
        return cs_printer_finish(&printer, app, err);
    }
    if (entry->key.secret && entry->set) {
        (void)cs_error_set(err, CS_ERR_USAGE, "%s is a secret and not shown",
                           name.key);
        cs_error_hint(err, "it is set in the %s",
                      cs_config_origin_name(entry->origin));
        return CS_ERR_USAGE;
    }
    if (!entry->value) {
        (void)cs_error_set(err, CS_ERR_NOT_FOUND, "%s is not set", words[0]);
        cs_error_hint(err, "cs config set %s VALUE", words[0]);
        return CS_ERR_NOT_FOUND;
    }
    cs_text_put_safe(&text, entry->value, strlen(entry->value), false);
    cs_strbuf_putc(&text, '\n');
    return cs_app_print(app, &text, err);
}
