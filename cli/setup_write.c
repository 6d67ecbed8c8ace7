/*
 * setup_write.c - the answers, into the configuration.
 */
#include "cli/setup.h"

#include "src/config_edit.h"
#include "src/text.h"

/* One text, or nothing. */
static enum cs_status put(struct cs_config_edit *edit, const char *source,
                          const char *key, const char *value,
                          struct cs_error *err)
{
    if (!value)
        return cs_config_edit_unset(edit, source, key, NULL, err);
    return cs_config_edit_set(edit, source, key, &value, 1, err);
}

/* The credential in the one form that was chosen; others would win over it. */
static enum cs_status put_credential(const struct cs_setup *setup,
                                     struct cs_config_edit *edit,
                                     struct cs_error *err)
{
    const struct cs_source_config *source = &setup->source;
    const char *file = source->api_token ? NULL : source->api_token_file;
    const char *command =
        source->api_token || file ? NULL : source->api_token_command;
    const struct {
        const char *key, *value;
    } rows[] = {
        {"username", source->username},
        {"api_token", source->api_token},
        {"api_token_file", file},
        {"api_token_command", command},
    };
    enum cs_status status = CS_OK;
    for (size_t i = 0; status == CS_OK && i < (setup->kept ? 1 : 4); i++)
        status = put(edit, source->name, rows[i].key, rows[i].value, err);
    return status;
}

static enum cs_status put_spaces(const struct cs_setup *setup,
                                 struct cs_config_edit *edit,
                                 struct cs_error *err)
{
    static const char *const all[] = {"*"};
    const struct cs_source_config *source = &setup->source;
    bool some = source->n_spaces > 0;
    return cs_config_edit_set(edit, source->name, "space_keys",
                              some ? source->spaces : all,
                              some ? source->n_spaces : 1, err);
}

/* What else the environment or the imported file says: a timer sees neither. */
static enum cs_status put_given(const struct cs_setup *setup,
                                struct cs_config_edit *edit,
                                struct cs_error *err)
{
    static const char *const asked[] = {"base_url", "username", "api_token",
                                        "space_keys", "root"};
    struct cs_config_key key;
    enum cs_status status = CS_OK;
    for (size_t i = 0; status == CS_OK && cs_config_key_at(i, &key); i++) {
        bool done = !key.variable || !cs_setup_is_given(setup, key.name);
        for (size_t a = 0; a < CS_ARRAY_LEN(asked); a++)
            done = done || cs_str_equal(asked[a], key.name);
        for (size_t e = 0; !done && e < cs_config_n_entries(setup->app->config);
             e++) {
            const struct cs_config_entry *entry =
                cs_config_entry(setup->app->config, e);
            if (cs_str_equal(entry->key.name, key.name) &&
                cs_str_equal(entry->source, setup->source.name))
                status = put(edit, entry->source, key.name, entry->value, err);
        }
    }
    return status;
}

/* Only where it is not the default, and not said by --root for this once. */
static enum cs_status put_root(const struct cs_setup *setup,
                               struct cs_config_edit *edit,
                               struct cs_error *err)
{
    const struct cs_config *config = setup->app->config;
    bool same = cs_str_equal(setup->root, cs_config_root(config));
    if (same && !cs_setup_is_given(setup, "root"))
        return CS_OK;
    return put(edit, NULL, "root", setup->root, err);
}

enum cs_status cs_setup_write(struct cs_setup *setup, struct cs_error *err)
{
    struct cs_config_edit *edit CS_CLEANUP(cs_config_edit_cleanup) = NULL;
    const struct cs_source_config *source = &setup->source;
    enum cs_status status = cs_config_edit_open(setup->file, &edit, err);
    if (status == CS_OK)
        status = put_root(setup, edit, err);
    if (status == CS_OK)
        status = put(edit, source->name, "base_url", source->base_url, err);
    if (status == CS_OK && !cs_str_equal(source->type, source->name))
        status = put(edit, source->name, "type", source->type, err);
    if (status == CS_OK)
        status = put_credential(setup, edit, err);
    if (status == CS_OK)
        status = put_spaces(setup, edit, err);
    if (status == CS_OK)
        status = put_given(setup, edit, err);
    if (status == CS_OK && setup->app->globals.cacert)
        status = put(edit, source->name, "ca_file", source->ca_file, err);
    if (status == CS_OK)
        status = cs_config_edit_save(edit, err);
    setup->written = status == CS_OK;
    return status;
}
