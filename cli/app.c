/*
 * app.c - what a command opens, prints and advises.
 */
#include "cli/app.h"

#include <errno.h>

enum cs_status cs_app_open_config(struct cs_app *app, struct cs_error *err)
{
    const struct cs_config_options options = {.file = app->globals.config,
                                              .root = app->globals.root};
    enum cs_status status = cs_config_load(&options, &app->config, err);
    if (status != CS_OK)
        return status;
    for (size_t i = 0; i < cs_config_n_sources(app->config); i++) {
        const struct cs_source_config *source =
            cs_config_source(app->config, i);
        status = cs_log_add_secret(app->log, source->api_token, err);
        if (status != CS_OK)
            return status;
    }
    return CS_OK;
}

const char *cs_app_first_step(const struct cs_app *app)
{
    return cs_config_n_sources(app->config) > 0 ? "run cs sync first"
                                                : "run cs setup first";
}

enum cs_status cs_app_open_index(struct cs_app *app, enum cs_db_mode mode,
                                 bool existing, struct cs_error *err)
{
    const struct cs_index_options options = {
        .root = cs_config_root(app->config),
        .index_dir = cs_config_index_dir(app->config),
        .clock = app->clock,
        .mode = mode,
        .existing = existing,
    };
    enum cs_status status = cs_index_open(&options, &app->index, err);
    if (status == CS_ERR_NO_INDEX && err && err->hint[0] == '\0')
        cs_error_hint(err, "%s", cs_app_first_step(app));
    return status;
}

void cs_app_close(struct cs_app *app)
{
    cs_index_close(app->index);
    cs_config_free(app->config);
    cs_log_free(app->log);
    app->index = NULL;
    app->config = NULL;
    app->log = NULL;
}

enum cs_status cs_app_print_to(FILE *stream, const struct cs_strbuf *text,
                               struct cs_error *err)
{
    enum cs_status status = cs_strbuf_status(text, err);
    if (status != CS_OK)
        return status;
    bool written = fwrite(text->data, 1, text->len, stream) == text->len &&
                   fflush(stream) == 0;
    if (written || errno == EPIPE) /* whoever reads has seen enough */
        return CS_OK;
    return cs_error_errno(err, errno, "output");
}

enum cs_status cs_app_print(struct cs_app *app, const struct cs_strbuf *text,
                            struct cs_error *err)
{
    enum cs_status status = cs_app_print_to(app->out, text, err);
    app->answered = app->answered || (status == CS_OK && text->len > 0);
    return status;
}

const char *cs_app_usual_hint(enum cs_status status)
{
    static const char *const hints[] = {
        [CS_ERR_NOT_FOUND] = "cs search finds what there is",
        [CS_ERR_USAGE] = "add --help",
        [CS_ERR_PARTIAL] = "cs status says more",
        [CS_ERR_NO_INDEX] = "run cs sync first",
        [CS_ERR_NEWER] = "install a newer cs",
        [CS_ERR_LOCKED] = "wait for it to end",
        [CS_ERR_CORRUPT] = CS_DB_WAY_BACK,
        [CS_ERR_IO] = "check the path and its permissions",
        [CS_ERR_NO_SPACE] = "make room and run it again",
        [CS_ERR_NO_MEMORY] = "close other programs and run it again",
        [CS_ERR_LIMIT] = "take a smaller piece",
        [CS_ERR_NETWORK] = "try again later",
        [CS_ERR_PROTOCOL] = "try again later; cs --verbose says more",
        [CS_ERR_FORBIDDEN] = "ask for permission on the site",
        [CS_ERR_AUTH] = "check user name and token",
        [CS_ERR_CONFIG] = "see cs help keys",
        [CS_ERR_CANCELLED] = "run it again to go on",
        [CS_ERR_INTERNAL] = "this is a mistake in cs: report it",
    };
    const char *hint =
        (size_t)status < CS_ARRAY_LEN(hints) ? hints[status] : NULL;
    return hint ? hint : "run it again with --verbose";
}
