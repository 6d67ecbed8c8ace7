/*
 * cmd_setup.c - from nothing to a configuration that works.
 */
#include "cli/commands.h"

#include "cli/ask.h"
#include "cli/launch.h"
#include "cli/printer.h"
#include "cli/setup.h"
#include "src/text.h"

#include <stdlib.h>
#include <unistd.h>

static void introduce(const struct cs_setup *setup)
{
    if (!setup->dialogue)
        return;
    cs_setup_say(setup,
                 "This connects cs to a %s site, so that its pages lie on this "
                 "machine\nand can be searched. A few questions; Enter takes "
                 "what stands in [brackets].\nNothing is written before all "
                 "of it was tried; Ctrl-C stops.\n",
                 setup->connector->title);
}

/* A variable that says something else than what was written wins over it. */
static void note_variables(const struct cs_setup *setup)
{
    const struct cs_source_config *source = &setup->source;
    const struct {
        const char *key, *value;
        bool other; /* was said by an option */
    } rows[] = {
        {"base_url", source->base_url, false},
        {"username", source->username, false},
        {"api_token", source->api_token, false},
        {"space_keys", NULL, setup->args->spaces != NULL},
        {"root", NULL, setup->app->globals.root != NULL},
    };
    if (!cs_str_equal(source->name, CS_DEFAULT_SOURCE))
        return;
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_config_key key;
        const char *value =
            cs_config_key_find(rows[i].key, &key) ? getenv(key.variable) : NULL;
        bool same = rows[i].value ? value && cs_str_starts(value, rows[i].value)
                                  : !rows[i].other;
        if (value && *value && !same)
            cs_setup_say(setup,
                         "  But %s is set in this shell, to something else, "
                         "and wins.\n",
                         key.variable);
    }
}

static enum cs_status talk(struct cs_setup *setup, struct cs_error *err)
{
    static enum cs_status (*const steps[])(struct cs_setup * setup,
                                           struct cs_error * err) = {
        cs_setup_ask_site,   cs_setup_ask_account, cs_setup_connect,
        cs_setup_ask_spaces, cs_setup_ask_root,    cs_setup_move_old,
        cs_setup_write};
    enum cs_status status = cs_setup_start(setup, err);
    if (status == CS_OK)
        introduce(setup);
    for (size_t i = 0; status == CS_OK && i < CS_ARRAY_LEN(steps); i++)
        status = *setup->app->cancel
                     ? cs_error_set(err, CS_ERR_CANCELLED, "stopped")
                     : steps[i](setup, err);
    if (status == CS_OK) {
        cs_setup_say(setup, "\nWritten: %s (mode 600)\n", setup->file);
        note_variables(setup);
    }
    if (status == CS_ERR_CANCELLED) {
        (void)cs_error_set(err, CS_ERR_CANCELLED,
                           "stopped, and nothing was written");
        cs_error_hint(err, "run cs setup again");
    }
    return status;
}

static enum cs_status print_json(struct cs_setup *setup, bool sync, bool timer,
                                 struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    const struct cs_source_config *source = &setup->source;
    cs_printer_start(&printer, "setup");
    cs_printer_text(&printer, printer.root, "file", setup->file);
    cs_printer_text(&printer, printer.root, "source", source->name);
    cs_printer_text(&printer, printer.root, "base_url", source->base_url);
    cs_printer_text(&printer, printer.root, "title", setup->guide.title);
    cs_printer_text(&printer, printer.root, "username", source->username);
    cJSON *who = cs_printer_object(&printer, printer.root, "identity");
    cs_printer_text(&printer, who, "name", setup->identity.name);
    cs_printer_text(&printer, who, "id", setup->identity.id);
    cJSON *keys = cs_printer_array(&printer, printer.root, "space_keys");
    for (size_t i = 0; i < source->n_spaces; i++)
        cs_printer_text(&printer, keys, NULL, source->spaces[i]);
    cs_printer_text(&printer, printer.root, "root", setup->root);
    cs_printer_text(&printer, printer.root, "moved", setup->moved);
    cs_printer_bool(&printer, printer.root, "timer", timer);
    cs_printer_bool(&printer, printer.root, "sync", sync);
    return cs_printer_finish(&printer, setup->app, err);
}

static enum cs_status fetch(struct cs_setup *setup, struct cs_error *err)
{
    struct cs_app *app = setup->app;
    char *words[] = {cs_arena_strdup(setup->arena, "sync"),
                     cs_arena_strdup(setup->arena, setup->args->source), NULL};
    if (!words[0] || !words[1])
        return cs_arena_status(setup->arena, err);
    if (setup->args->json)
        app->out = app->err;
    enum cs_status status = cs_launch_again(app, 2, words, err);
    if (status == CS_OK)
        cs_setup_say(setup, "Next: cs search WORDS\n");
    return status;
}

/* A failure of the timer keeps nobody from fetching. */
static enum cs_status see_timer(struct cs_setup *setup, bool *ret_on,
                                struct cs_error *why)
{
    enum cs_status status = cs_setup_timer(setup, ret_on, why);
    if (status == CS_OK || status == CS_ERR_CANCELLED || !setup->dialogue)
        return status;
    cs_setup_say_error(setup, why);
    return CS_OK;
}

/* What a new user wants next. The timer is switched on first: the sync may take
 * long, and be stopped. */
static enum cs_status offer(struct cs_setup *setup, struct cs_error *err)
{
    const struct cs_setup_args *args = setup->args;
    struct cs_error why = CS_ERROR_INIT;
    bool sync = false, timer = false;
    enum cs_status late = CS_OK;
    enum cs_status status = cs_setup_decide(setup, args->sync, args->no_sync,
                                            "CONTEXT_SYNC_SETUP_SYNC",
                                            "Fetch the pages now?", &sync, err);
    if (status == CS_OK)
        late = see_timer(setup, &timer, &why);
    if (late == CS_ERR_CANCELLED) {
        *err = why;
        status = late;
    }
    if (status == CS_ERR_CANCELLED) {
        (void)cs_error_set(err, status, "stopped");
        cs_error_hint(err, "the configuration is written: cs sync goes on");
    }
    if (status == CS_OK && args->json)
        status = print_json(setup, sync, timer, err);
    if (status == CS_OK && sync)
        status = fetch(setup, err);
    else if (status == CS_OK)
        cs_setup_say(setup, "Next: cs sync, then cs search WORDS\n");
    if (status == CS_OK && late != CS_OK) {
        *err = why;
        status = late;
    }
    return status;
}

static enum cs_status run(struct cs_app *app, const void *args,
                          CS_UNUSED int n_words, CS_UNUSED char **words,
                          struct cs_error *err)
{
    struct cs_setup_args options = *(const struct cs_setup_args *)args;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)64 << 20);
    struct cs_setup setup = {.app = app, .args = &options, .arena = arena};
    if (!arena)
        return cs_error_no_memory(err);
    if (!options.source)
        options.source = CS_DEFAULT_SOURCE;
    setup.dialogue = cs_ask_possible(app) && !options.no_input;
    cs_strbuf_init(&setup.token, CS_ASK_MAX + 1);
    enum cs_status status = talk(&setup, err);
    if (status == CS_OK)
        status = offer(&setup, err);
    cs_env_file_wipe(&setup.import);
    cs_config_free(setup.before);
    cs_config_free(setup.blank);
    cs_ask_wipe(&setup.token);
    return status;
}

#define ARG(member) offsetof(struct cs_setup_args, member)

static const struct cs_option options[] = {
    {0, "url", CS_OPTION_TEXT, ARG(url), "URL",
     "address of the site, or of a page of it", 0, 0},
    {0, "username", CS_OPTION_TEXT, ARG(username), "NAME",
     "account; \"\" for a personal access token", 0, 0},
    {0, "token-stdin", CS_OPTION_FLAG, ARG(token_stdin), NULL,
     "take the token from standard input", 0, 0},
    {0, "token-file", CS_OPTION_TEXT, ARG(token_file), "FILE",
     "leave it in this file, of mode 600", 0, 0},
    {0, "token-command", CS_OPTION_TEXT, ARG(token_command), "COMMAND",
     "ask this for it each time: \"pass cs\"", 0, 0},
    {0, "spaces", CS_OPTION_TEXT, ARG(spaces), "KEY,...",
     "which spaces, * for all", 0, 0},
    {0, "import", CS_OPTION_TEXT, ARG(import), "FILE",
     "take over CONFLUENCE_...=value lines", 0, 0},
    {0, "source", CS_OPTION_TEXT, ARG(source), "NAME",
     "add or change another source", 0, 0},
    {0, "no-input", CS_OPTION_FLAG, ARG(no_input), NULL, "ask nothing", 0, 0},
    {0, "sync", CS_OPTION_FLAG, ARG(sync), NULL, NULL, 0, 0},
    {0, "no-sync", CS_OPTION_FLAG, ARG(no_sync), NULL, NULL, 0, 0},
    {0, "timer", CS_OPTION_FLAG, ARG(timer), NULL, NULL, 0, 0},
    {0, "no-timer", CS_OPTION_FLAG, ARG(no_timer), NULL, NULL, 0, 0},
    {0, "move-old", CS_OPTION_FLAG, ARG(move_old), NULL, NULL, 0, 0},
    {0, "keep-old", CS_OPTION_FLAG, ARG(keep_old), NULL, NULL, 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "what was set up as JSON", 0,
     0},
    {0},
};

const struct cs_verb cs_cmd_setup = {
    .name = "setup",
    .summary = "Connect to a site: ask, try, write the configuration",
    .synopsis = "[OPTION...]",
    .example = "cs setup",
    .about =
        "Asks for the address, the token and the spaces, tries them, and\n"
        "offers the first sync and a timer. Run again, it changes what is\n"
        "there. What an option or the environment says is not asked.",
    .options = options,
    .args_size = sizeof(struct cs_setup_args),
    .run = run,
};
