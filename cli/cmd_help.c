/*
 * cmd_help.c - help about commands and topics.
 */
#include "cli/commands.h"

#include "src/text.h"

static void put_exit_codes(struct cs_strbuf *out)
{
    static const struct {
        int code;
        const char *text;
    } rows[] = {
        {0, "done; search: there were hits"},
        {1, "nothing found"},
        {2, "the command line makes no sense"},
        {3, "done in part, stale, or findings remain"},
        {4, "no index yet: run cs setup, or cs sync"},
        {5, "an output schema that nobody knows"},
        {6, "the index is newer than the program"},
        {7, "another process writes to the mirror"},
        {8, "the index is corrupt: cs maintenance check says more"},
        {70, "a mistake in cs: please report it"},
        {74, "input or output failed, or the disk is full"},
        {75, "a temporary network failure: try again later"},
        {77, "the credential was refused"},
        {78, "the configuration is wrong"},
        {130, "interrupted"},
    };
    cs_strbuf_puts(out, "Exit status:\n");
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        cs_strbuf_printf(out, "  %3d  %s\n", rows[i].code, rows[i].text);
}

static const struct {
    const char *name;
    void (*put)(struct cs_strbuf *out);
} topics[] = {
    {"keys", cs_config_describe},
    {"exit-codes", put_exit_codes},
};

static enum cs_status put_help(const char *name, struct cs_strbuf *out,
                               struct cs_error *err)
{
    const struct cs_verb *verb = cs_verb_find(name);
    if (verb) {
        cs_verb_help(verb, out);
        return CS_OK;
    }
    for (size_t i = 0; i < CS_ARRAY_LEN(topics); i++) {
        if (!cs_str_equal(topics[i].name, name))
            continue;
        topics[i].put(out);
        return CS_OK;
    }
    return cs_verb_unknown(name, err);
}

static enum cs_status run(struct cs_app *app, CS_UNUSED const void *args,
                          int n_words, char **words, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status = CS_OK;
    if (n_words == 0)
        cs_verb_overview(&text);
    else
        status = put_help(words[0], &text, err);
    return status == CS_OK ? cs_app_print(app, &text, err) : status;
}

const struct cs_verb cs_cmd_help = {
    .name = "help",
    .summary = "Show help about a command or topic",
    .synopsis = "[COMMAND | keys | exit-codes]",
    .example = "cs help search",
    .max_words = 1,
    .run = run,
};
