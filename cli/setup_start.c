/*
 * setup_start.c - what is known before the first question.
 */
#include "cli/setup.h"

#include "cli/ask.h"
#include "connectors/registry.h"
#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#define IMPORT_MAX ((size_t)256 << 10)

void cs_setup_say(const struct cs_setup *setup, const char *fmt, ...)
{
    va_list args;
    if (setup->app->globals.quiet)
        return;
    va_start(args, fmt);
    (void)vfprintf(setup->app->err, fmt, args);
    va_end(args);
}

/* In lines as wide as the terminal, two blanks before each. */
static void put_wrapped(const struct cs_setup *setup, enum cs_style style,
                        const char *text, struct cs_strbuf *out)
{
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(8192);
    const struct cs_terminal *terminal = &setup->app->err_terminal;
    cs_log_redact(setup->app->log, text, strlen(text), &safe);
    for (const char *at = safe.data; *at;) {
        struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(8192);
        size_t fits = cs_terminal_fit(at, strlen(at), terminal->width - 3);
        cs_strbuf_put(&line, at, fits);
        cs_strbuf_puts(out, "  ");
        cs_terminal_put(terminal, style, line.data, out);
        cs_strbuf_putc(out, '\n');
        at += fits;
        at += strspn(at, " ");
    }
}

void cs_setup_say_error(const struct cs_setup *setup,
                        const struct cs_error *why)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(16384);
    put_wrapped(setup, CS_STYLE_BAD, why->message, &text);
    put_wrapped(setup, CS_STYLE_NONE, why->hint, &text);
    (void)fputs(text.data, setup->app->err);
}

static const struct cs_config_entry *find_entry(const struct cs_setup *setup,
                                                const char *key)
{
    const struct cs_config *config = setup->app->config;
    for (size_t i = 0; i < cs_config_n_entries(config); i++) {
        const struct cs_config_entry *entry = cs_config_entry(config, i);
        if (cs_str_equal(entry->key.name, key) &&
            (!entry->source ||
             cs_str_equal(entry->source, setup->args->source)) &&
            (entry->source != NULL) == !entry->key.at_top)
            return entry;
    }
    return NULL;
}

bool cs_setup_is_given(const struct cs_setup *setup, const char *key)
{
    const struct cs_config_entry *entry = find_entry(setup, key);
    if (setup->pretended && cs_str_equal(key, "base_url"))
        return false;
    return entry && (entry->origin == CS_ORIGIN_ENVIRONMENT ||
                     entry->origin == CS_ORIGIN_OPTION);
}

enum cs_status cs_setup_missing(const char *what, const char *option,
                                struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_USAGE, "setup: %s is missing", what);
    cs_error_hint(err, "give %s, or run cs setup on a terminal", option);
    return CS_ERR_USAGE;
}

enum cs_status cs_setup_decide(const struct cs_setup *setup, bool yes, bool no,
                               const char *name, const char *question,
                               bool *ret, struct cs_error *err)
{
    const char *value = getenv(name);
    *ret = yes;
    if (yes || no)
        return CS_OK;
    if (value && *value) {
        *ret = cs_ascii_casecmp(value, "yes") == 0 || cs_str_equal(value, "1");
        return CS_OK;
    }
    return setup->dialogue ? cs_ask_yes(setup->app, question, true, ret, err)
                           : CS_OK;
}

/* ---- --import ---- */

static enum cs_status read_import(struct cs_setup *setup, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_ask_wipe) = CS_STRBUF_INIT(IMPORT_MAX);
    const char *path = setup->args->import;
    enum cs_status status = cs_file_read(path, &text, err);
    if (status == CS_OK)
        status = cs_env_file_parse(path, text.data, text.len, setup->arena,
                                   &setup->import, err);
    if (status == CS_OK || status == CS_ERR_NO_MEMORY)
        return status;
    if (err && err->hint[0] == '\0')
        cs_error_hint(err, "name the file that sets the variables");
    return CS_ERR_CONFIG;
}

/* What of it cs knows; the rest is named, since somebody may miss it. */
static enum cs_status judge_import(const struct cs_setup *setup,
                                   struct cs_error *err)
{
    size_t known = 0;
    for (size_t i = 0; i < setup->import.n; i++) {
        const struct cs_env_line *line = &setup->import.lines[i];
        struct cs_config_key key;
        bool used = false;
        for (size_t k = 0; !used && cs_config_key_at(k, &key); k++)
            used = cs_str_equal(key.variable, line->name);
        if (used && !line->value) {
            (void)cs_error_set(err, CS_ERR_CONFIG,
                               "%s:%d: %s would have to be worked out by a "
                               "shell",
                               setup->args->import, line->line, line->name);
            cs_error_hint(err, "write its value, in single quotes if it has "
                               "signs in it");
            return CS_ERR_CONFIG;
        }
        known += used;
        if (!used && (cs_str_starts(line->name, "CONFLUENCE_") ||
                      cs_str_starts(line->name, "CONTEXT_SYNC_")))
            cs_setup_say(setup, "%s:%d: %s is not used by cs\n",
                         setup->args->import, line->line, line->name);
    }
    if (known > 0)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG,
                       "%s has no line such as CONFLUENCE_BASE_URL=...",
                       setup->args->import);
    cs_error_hint(err, "name the file that sets the variables");
    return CS_ERR_CONFIG;
}

/* A path in the file counts from its folder. */
static const char *import_path(const struct cs_setup *setup, const char *value)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(3 * CS_PATH_MAX);
    char real[PATH_MAX];
    if (value[0] == '/' || value[0] == '~' || value[0] == '\0' ||
        !realpath(setup->args->import, real))
        return value;
    cs_strbuf_put(&path, real, cs_path_dirname_len(real));
    while (cs_str_starts(value, "./"))
        value += 2;
    cs_strbuf_printf(&path, "/%s", value);
    return cs_arena_strdup(setup->arena, path.data);
}

/* The environment, and below it the imported file. */
static const char *lookup(void *ctx, const char *name)
{
    const struct cs_setup *setup = ctx;
    const char *value = getenv(name);
    const struct cs_env_line *line = cs_env_file_find(&setup->import, name);
    struct cs_config_key key;
    if ((value && *value) || !line)
        return value;
    for (size_t i = 0; cs_config_key_at(i, &key); i++)
        if (cs_str_equal(key.variable, name))
            return key.path ? import_path(setup, line->value) : line->value;
    return value;
}

/* ---- the source as it is now ---- */

#define NOWHERE "https://example.invalid"

/* A source that nothing names yet: there is one as soon as it has an address,
 * with what else the environment says, if that is about this source. */
static const char *pretend(void *ctx, const char *name)
{
    const struct cs_setup *setup = ctx;
    bool usual = cs_str_equal(setup->args->source, CS_DEFAULT_SOURCE);
    if (strcmp(name, "CONFLUENCE_BASE_URL") == 0)
        return NOWHERE;
    return usual || !cs_str_starts(name, "CONFLUENCE_") ? lookup(ctx, name)
                                                        : NULL;
}

static enum cs_status take_source(struct cs_setup *setup,
                                  const struct cs_config_options *options,
                                  struct cs_error *err)
{
    struct cs_config **config = &setup->app->config;
    const char *name = setup->args->source;
    bool usual = cs_str_equal(name, CS_DEFAULT_SOURCE);
    const struct cs_source_config *source =
        cs_config_find_source(*config, name);
    if (!source) {
        struct cs_config_options again = *options;
        enum cs_status status = CS_OK;
        again.getenv = pretend;
        if (!usual)
            again.file = "/dev/null";
        status = cs_config_load(&again, &setup->blank, err);
        if (status != CS_OK)
            return status;
        source = cs_config_find_source(setup->blank, CS_DEFAULT_SOURCE);
    }
    setup->source = *source;
    setup->source.name = name; /* outlives a load */
    if (!setup->blank)
        return CS_OK;
    setup->source.base_url = NULL;
    if (usual) { /* where things come from is asked of this one */
        struct cs_config *was = *config;
        *config = setup->blank;
        setup->blank = was;
        setup->pretended = true;
    }
    return CS_OK;
}

static enum cs_status load(struct cs_setup *setup, struct cs_error *err)
{
    struct cs_app *app = setup->app;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_config_options options = {
        .root = app->globals.root, .getenv = lookup, .ctx = setup};
    const struct cs_config_options named = {.file = app->globals.config};
    enum cs_status status = cs_config_locate(&named, &path, err);
    if (status != CS_OK)
        return status;
    setup->file = cs_arena_strdup(setup->arena, path.data);
    /* One that was named with --config need not exist yet. */
    if (app->globals.config)
        options.file = access(path.data, F_OK) == 0 ? setup->file : "/dev/null";
    status = cs_config_load(&options, &app->config, err);
    if (status == CS_ERR_CONFIG && err->hint[0] == '\0')
        cs_error_hint(err, "mend it: cs config edit");
    if (status == CS_OK)
        status = take_source(setup, &options, err);
    if (status == CS_OK)
        status = cs_log_add_secret(app->log, setup->source.api_token, err);
    if (status == CS_OK)
        setup->root = cs_config_root(app->config);
    return status == CS_OK ? cs_arena_status(setup->arena, err) : status;
}

static enum cs_status check_options(const struct cs_setup *setup,
                                    struct cs_error *err)
{
    const struct cs_setup_args *args = setup->args;
    static const char usual[] = "the variables are those of the source "
                                "\"" CS_DEFAULT_SOURCE "\"";
    const char *wrong =
        args->token_stdin + !!args->token_file + !!args->token_command > 1
            ? "more than one place for the token"
        : args->sync && args->no_sync      ? "--sync and --no-sync"
        : args->timer && args->no_timer    ? "--timer and --no-timer"
        : args->move_old && args->keep_old ? "--move-old and --keep-old"
        : args->import && !cs_str_equal(args->source, CS_DEFAULT_SOURCE) ? usual
                                                                         : NULL;
    if (!wrong)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "setup: %s", wrong);
    cs_error_hint(err, wrong == usual ? "leave out --source" : "choose one");
    return CS_ERR_USAGE;
}

static enum cs_status take_options(struct cs_setup *setup, struct cs_error *err)
{
    const struct cs_setup_args *args = setup->args;
    char real[PATH_MAX];
    if (args->token_file && !realpath(args->token_file, real)) {
        (void)cs_error_set(err, CS_ERR_CONFIG, "%s: %s", args->token_file,
                           strerror(errno));
        cs_error_hint(err, "name the file that holds the token");
        return CS_ERR_CONFIG;
    }
    if (args->token_file || args->token_command || args->token_stdin)
        setup->source.api_token = setup->source.api_token_file =
            setup->source.api_token_command = NULL;
    if (args->token_file)
        setup->source.api_token_file = cs_arena_strdup(setup->arena, real);
    setup->source.api_token_command = args->token_command
                                          ? args->token_command
                                          : setup->source.api_token_command;
    if (setup->app->globals.cacert &&
        realpath(setup->app->globals.cacert, real))
        setup->source.ca_file = cs_arena_strdup(setup->arena, real);
    if (!args->token_stdin)
        return cs_arena_status(setup->arena, err);
    enum cs_status status =
        setup->dialogue
            ? CS_OK /* it is asked for, hidden */
            : cs_ask_read(STDIN_FILENO, "standard input", &setup->token, err);
    if (status == CS_OK && setup->token.len > 0)
        setup->source.api_token = setup->token.data;
    return status;
}

enum cs_status cs_setup_start(struct cs_setup *setup, struct cs_error *err)
{
    enum cs_status status = check_options(setup, err);
    if (status == CS_OK && setup->args->import)
        status = read_import(setup, err);
    if (status == CS_OK && setup->args->import)
        status = judge_import(setup, err);
    if (status == CS_OK)
        status = load(setup, err);
    if (status == CS_OK)
        status = take_options(setup, err);
    if (status != CS_OK)
        return status;
    setup->connector = cs_connector_find(setup->source.type);
    if (setup->connector && setup->connector->guide)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG,
                       "source %s: setup cannot add a source of type \"%.40s\"",
                       setup->source.name, setup->source.type);
    cs_error_hint(err, "write it with cs config edit");
    return CS_ERR_CONFIG;
}
