/*
 * scheduler_check.c - the configuration, looked at without this shell.
 */
#include "cli/scheduler_check.h"

#include "cli/ask.h"
#include "cli/systemd.h"
#include "src/config_edit.h"
#include "src/config_variables.h"
#include "src/credential.h"
#include "src/file.h"
#include "src/text.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define VARIABLES_MAX 16

struct check {
    struct cs_app *app;
    const struct cs_scheduler_wish *wish;
    const struct cs_units *units;
    struct cs_environment env;     /* what a run will have */
    struct cs_config *config;      /* as it reads it */
    bool credentials;              /* systemd hands over tokens */
    size_t missing[VARIABLES_MAX]; /* variables that only this shell has */
    size_t n_missing;
};

/* What no key stands for goes into the unit. */
static const char *const carried[] = {
    "XDG_CONFIG_HOME",
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "GNUPGHOME",
    "PASSWORD_STORE_DIR",
    "PATH", /* the last: for commands alone */
};

static void carry(struct check *check, const char *name,
                  struct cs_strbuf *service)
{
    const char *value = getenv(name);
    const char *there = cs_environment_get(&check->env, name);
    if (!value || !*value || strpbrk(value, "\n\r") ||
        (there && cs_str_equal(there, value)))
        return;
    const char *item = cs_arena_printf(check->env.arena, "%s=%s", name, value);
    if (!item)
        return;
    cs_environment_set(&check->env, name, value);
    cs_strbuf_puts(service, "Environment=");
    cs_systemd_put_quoted(service, item, false);
    cs_strbuf_putc(service, '\n');
}

static bool has_command(const struct cs_config *config)
{
    for (size_t i = 0; i < cs_config_n_sources(config); i++)
        if (cs_config_source(config, i)->api_token_command)
            return true;
    return false;
}

/* Does a drop-in of the user hand over credentials? */
static bool has_credentials(const struct check *check)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * PATH_MAX);
    bool found = false;
    cs_strbuf_printf(&path, "%s/" CS_SCHEDULER_SERVICE ".d",
                     check->units->folder);
    size_t len = path.len;
    DIR *dir = path.status ? NULL : opendir(path.data);
    for (struct dirent *entry; dir && !found && (entry = readdir(dir));) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT((size_t)1 << 20);
        cs_strbuf_truncate(&path, len);
        cs_strbuf_printf(&path, "/%s", entry->d_name);
        found = entry->d_name[0] != '.' &&
                cs_file_read(path.data, &text, NULL) == CS_OK &&
                (strstr(text.data, "LoadCredential") ||
                 strstr(text.data, "SetCredential"));
    }
    if (dir)
        (void)closedir(dir);
    return found;
}

/* Read the configuration as a run will, with one variable of this shell if
 * `name` is not NULL. */
static enum cs_status load(struct check *check, const char *name,
                           struct cs_config **ret, struct cs_error *err)
{
    const struct cs_globals *globals = &check->app->globals;
    const struct cs_config_options options = {
        .file = globals->config ? cs_config_path(check->app->config) : NULL,
        .root = globals->root ? cs_config_root(check->app->config) : NULL,
    };
    const char *there = name ? cs_environment_get(&check->env, name) : NULL;
    if (name)
        cs_environment_set(&check->env, name, getenv(name));
    char **before = cs_environment_enter(&check->env);
    enum cs_status status = cs_config_load(&options, ret, err);
    cs_environment_leave(before);
    if (name)
        cs_environment_set(&check->env, name, there);
    return status;
}

/* A token that the file names another way to is not missing. */
static bool has_other_token(const struct check *check,
                            const struct cs_config_variable *variable)
{
    const struct cs_source_config *source =
        cs_config_find_source(check->config, CS_CONFIG_DEFAULT_SOURCE);
    return cs_str_equal(variable->key, "api_token") && source &&
           (source->api_token_file || source->api_token_command);
}

static enum cs_status find_missing(struct check *check, struct cs_error *err)
{
    struct cs_config_variable variable;
    for (size_t i = 0; cs_config_variable(i, &variable); i++) {
        struct cs_config *with CS_CLEANUP(cs_config_cleanup) = NULL;
        const char *value = getenv(variable.name);
        const char *there = cs_environment_get(&check->env, variable.name);
        if (!value || (!*value && !variable.list) ||
            (there && cs_str_equal(there, value)) ||
            has_other_token(check, &variable))
            continue;
        enum cs_status status = load(check, variable.name, &with, err);
        if (status)
            return status;
        if (!cs_config_variable_same(i, check->config, with) &&
            check->n_missing < VARIABLES_MAX)
            check->missing[check->n_missing++] = i;
    }
    return CS_OK;
}

static void put_missing(const struct check *check, const char *between,
                        struct cs_strbuf *out)
{
    struct cs_config_variable variable = {0};
    for (size_t i = 0; i < check->n_missing; i++) {
        (void)cs_config_variable(check->missing[i], &variable);
        cs_strbuf_printf(out, "%s%s", i > 0 ? between : "", variable.name);
    }
}

/* Whoever is at the terminal decides; nobody there is no consent. */
static enum cs_status may_write(const struct check *check, const char *names,
                                bool *ret, struct cs_error *err)
{
    struct cs_app *app = check->app;
    struct cs_strbuf question CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4096);
    *ret = check->wish->yes;
    if (*ret || !cs_ask_possible(app))
        return CS_OK;
    (void)fprintf(app->err,
                  "The timer does not see the environment of this shell: %s.\n",
                  names);
    cs_strbuf_printf(&question, "Write it to %s (mode 600)?",
                     cs_config_path(check->config));
    enum cs_status status = cs_strbuf_status(&question, err);
    return status ? status : cs_ask_yes(app, question.data, true, ret, err);
}

static enum cs_status write_one(struct cs_config_edit *edit,
                                const struct check *check, size_t i,
                                struct cs_error *err)
{
    struct cs_config_variable variable = {0};
    (void)cs_config_variable(i, &variable);
    const char *path = cs_config_variable_path(i, check->app->config);
    return cs_config_edit_set_text(edit, variable.source, variable.key,
                                   path ? path : getenv(variable.name), err);
}

/* What the file says now, and systemd's own environment denies. */
static enum cs_status find_contradiction(struct check *check,
                                         struct cs_error *err)
{
    struct cs_strbuf names CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    check->n_missing = 0;
    enum cs_status status = find_missing(check, err);
    if (status || check->n_missing == 0)
        return status;
    put_missing(check, " ", &names);
    (void)cs_error_set(err, CS_ERR_CONFIG,
                       "systemd has another %s in its environment, which wins "
                       "over the file",
                       names.data);
    cs_error_hint(err, "run: systemctl --user unset-environment %s",
                  names.data);
    return CS_ERR_CONFIG;
}

/* What only this shell says goes into the file; then it is read again. */
static enum cs_status write_missing(struct check *check, struct cs_error *err)
{
    struct cs_strbuf names CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_config_edit *edit CS_CLEANUP(cs_config_edit_cleanup) = NULL;
    const char *path = cs_config_path(check->config);
    bool may = false;
    if (check->n_missing == 0)
        return CS_OK;
    put_missing(check, ", ", &names);
    enum cs_status status = may_write(check, names.data, &may, err);
    if (status)
        return status;
    if (!may) {
        (void)cs_error_set(err, CS_ERR_CONFIG,
                           "the timer does not see %s of this shell",
                           names.data);
        cs_error_hint(err, "add --yes to write this to %s", path);
        return CS_ERR_CONFIG;
    }
    status = cs_config_edit_open(path, &edit, err);
    for (size_t i = 0; !status && i < check->n_missing; i++)
        status = write_one(edit, check, check->missing[i], err);
    if (!status)
        status = cs_config_edit_save(edit, err);
    if (status)
        return status;
    (void)fprintf(check->app->err, "%s written to %s\n", names.data, path);
    cs_config_free(check->config);
    check->config = NULL;
    status = load(check, NULL, &check->config, err);
    return status ? status : find_contradiction(check, err);
}

/* Is there a token, and can it be had? */
static enum cs_status check_source(const struct check *check,
                                   const struct cs_source_config *source,
                                   struct cs_error *err)
{
    struct cs_credential *credential CS_CLEANUP(cs_credential_cleanup) = NULL;
    bool handed = check->credentials && !source->api_token &&
                  !source->api_token_file && !source->api_token_command;
    char **before = cs_environment_enter(&check->env);
    enum cs_status status = cs_source_config_check(source, err);
    if (!status && !handed)
        status = cs_credential_of(source, &credential, err);
    cs_environment_leave(before);
    if (status)
        (void)cs_error_prefix(err, "without this shell's environment");
    return status;
}

static enum cs_status check_all(struct check *check, struct cs_strbuf *service,
                                struct cs_error *err)
{
    size_t n = CS_ARRAY_LEN(carried);
    for (size_t i = 0; i + 1 < n; i++)
        carry(check, carried[i], service);
    if (check->credentials)
        cs_environment_set(&check->env, "CREDENTIALS_DIRECTORY", "/none");
    enum cs_status status = load(check, NULL, &check->config, err);
    if (!status)
        status = find_missing(check, err);
    if (!status)
        status = write_missing(check, err);
    if (!status && has_command(check->config))
        carry(check, carried[n - 1], service);
    size_t n_sources = status ? 0 : cs_config_n_sources(check->config);
    if (!status && n_sources == 0)
        status = cs_config_no_source(check->config, err);
    for (size_t i = 0; !status && i < n_sources; i++)
        status = check_source(check, cs_config_source(check->config, i), err);
    return status;
}

/* Options that were given to this call, for each call of the timer. */
static void put_options(const struct check *check, struct cs_strbuf *service)
{
    const struct cs_globals *globals = &check->app->globals;
    char cacert[PATH_MAX];
    const struct {
        const char *option, *value;
    } options[] = {
        {"--config",
         globals->config ? cs_config_path(check->app->config) : NULL},
        {"--root", globals->root ? cs_config_root(check->app->config) : NULL},
        {"--cacert",
         globals->cacert ? realpath(globals->cacert, cacert) : NULL},
    };
    bool any = false;
    for (size_t i = 0; i < CS_ARRAY_LEN(options); i++) {
        if (!options[i].value)
            continue;
        if (!any) {
            cs_strbuf_puts(service, "ExecStart=\nExecStart=");
            cs_systemd_put_quoted(service, check->units->program, false);
        }
        any = true;
        cs_strbuf_printf(service, " %s ", options[i].option);
        cs_systemd_put_quoted(service, options[i].value, true);
    }
    if (any)
        cs_strbuf_puts(service, " sync --scheduled\n");
}

enum cs_status cs_scheduler_check(struct cs_app *app,
                                  const struct cs_scheduler_wish *wish,
                                  const struct cs_units *units,
                                  const struct cs_environment *manager,
                                  struct cs_strbuf *service,
                                  struct cs_error *err)
{
    struct check check = {.app = app, .wish = wish, .units = units};
    cs_environment_copy(manager, &check.env);
    check.credentials = has_credentials(&check);
    enum cs_status status = cs_arena_status(manager->arena, err);
    if (!status)
        status = check_all(&check, service, err);
    if (!status)
        put_options(&check, service);
    if (!status)
        status = cs_arena_status(manager->arena, err);
    if (!status)
        status = cs_strbuf_status(service, err);
    cs_config_free(check.config);
    return status;
}
