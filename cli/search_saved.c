/*
 * search_saved.c - saving, listing and forgetting searches, and their marks.
 */
#include "cli/search_saved.h"

#include "src/text.h"

enum cs_status cs_search_save(struct cs_app *app,
                              const struct cs_search_args *args, int n_words,
                              char **words, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_saved *saved CS_CLEANUP(cs_saved_cleanup) = NULL;
    struct cs_saved_search search;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        cs_search_to_save(args, n_words, words, arena, &search, err);
    if (!status)
        status = cs_saved_open(true, &saved, err);
    if (!status)
        status = cs_saved_put(saved, &search, err);
    if (!status)
        status = cs_saved_commit(saved, err);
    if (!status && app->out_terminal.tty && !app->globals.quiet)
        (void)fprintf(app->err, "saved: cs search @%s\n", search.name);
    return status;
}

enum cs_status cs_search_forget(const char *name, struct cs_error *err)
{
    struct cs_saved *saved CS_CLEANUP(cs_saved_cleanup) = NULL;
    enum cs_status status = cs_saved_open(true, &saved, err);
    if (status)
        return status;
    if (cs_saved_forget(saved, name[0] == '@' ? name + 1 : name))
        return cs_saved_commit(saved, err);
    (void)cs_error_set(err, CS_ERR_NOT_FOUND,
                       "there is no saved search \"%.80s\"", name);
    cs_error_hint(err, "cs search --saved lists them");
    return CS_ERR_NOT_FOUND;
}

/* A search as its command line would have it. */
static void put_options(const struct cs_saved_search *search,
                        struct cs_strbuf *out)
{
    static const char *const modes[] = {[CS_SEARCH_QUERY] = "",
                                        [CS_SEARCH_LITERAL] = " -F",
                                        [CS_SEARCH_REGEX] = " -e"};
    const struct cs_search_filter *row = cs_search_filter_rows;
    cs_strbuf_puts(out, search->query);
    cs_strbuf_puts(out, modes[search->mode]);
    for (; row->option; row++) {
        const struct cs_option_list *list =
            cs_search_filter_items(&search->filters, row);
        for (size_t i = 0; i < list->n; i++)
            cs_strbuf_printf(out, " --%s %s", row->option, list->items[i]);
    }
    if (search->since)
        cs_strbuf_printf(out, " --since %s", search->since);
    if (search->sort)
        cs_strbuf_printf(out, " --sort %s", search->sort);
}

static void add_search(struct cs_printer *printer, cJSON *item,
                       const struct cs_saved_search *search)
{
    cs_printer_text(printer, item, "name", search->name);
    cs_printer_text(printer, item, "query", search->query);
    cs_printer_bool(printer, item, "literal",
                    search->mode == CS_SEARCH_LITERAL);
    cs_printer_bool(printer, item, "regex", search->mode == CS_SEARCH_REGEX);
    cs_printer_text(printer, item, "since", search->since);
    cs_printer_text(printer, item, "sort", search->sort);
    const struct cs_search_filter *row = cs_search_filter_rows;
    for (; row->option; row++) {
        const struct cs_option_list *list =
            cs_search_filter_items(&search->filters, row);
        cJSON *array = cs_printer_array(printer, item, row->member);
        for (size_t i = 0; i < list->n; i++)
            cs_printer_text(printer, array, NULL, list->items[i]);
    }
}

enum cs_status cs_search_list_saved(struct cs_app *app, bool json,
                                    struct cs_error *err)
{
    struct cs_saved *saved CS_CLEANUP(cs_saved_cleanup) = NULL;
    struct cs_printer printer CS_CLEANUP(cs_printer_clear) = {0};
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_saved_search search;
    cJSON *list = NULL;
    enum cs_status status = cs_saved_open(false, &saved, err);
    if (status)
        return status;
    if (json) {
        cs_printer_start(&printer, "searches");
        list = cs_printer_array(&printer, printer.root, "searches");
    }
    for (size_t i = 0; i < cs_saved_count(saved); i++) {
        struct cs_strbuf raw CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        cs_saved_at(saved, i, &search);
        if (json) {
            add_search(&printer, cs_printer_object(&printer, list, NULL),
                       &search);
            continue;
        }
        put_options(&search, &raw);
        cs_text_put_safe(&text, search.name, strlen(search.name), false);
        cs_strbuf_putc(&text, '\t');
        cs_text_put_safe(&text, raw.data, raw.len, false);
        cs_strbuf_putc(&text, '\n');
    }
    return json ? cs_printer_finish(&printer, app, err)
                : cs_app_print(app, &text, err);
}

enum cs_status cs_search_read_mark(const struct cs_app *app, const char *name,
                                   int64_t *ret_generation,
                                   struct cs_error *err)
{
    struct cs_saved *saved CS_CLEANUP(cs_saved_cleanup) = NULL;
    enum cs_status status = cs_saved_open(false, &saved, err);
    if (!status)
        *ret_generation =
            cs_saved_mark(saved, name, cs_config_root(app->config));
    return status;
}

enum cs_status cs_search_write_mark(const struct cs_app *app, const char *name,
                                    int64_t generation, struct cs_error *err)
{
    struct cs_saved *saved CS_CLEANUP(cs_saved_cleanup) = NULL;
    enum cs_status status = cs_saved_open(true, &saved, err);
    if (status)
        return status;
    cs_saved_set_mark(saved, name, cs_config_root(app->config), generation);
    return cs_saved_commit(saved, err);
}
