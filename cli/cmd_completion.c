/*
 * cmd_completion.c - completion for shells, and the hidden command that their
 * scripts ask for values.
 */
#include "cli/commands.h"

#include "cli/complete.h"
#include "cli/completion.h"
#include "src/text.h"

static const struct {
    const char *name;
    void (*put)(struct cs_strbuf *out);
} shells[] = {
    {"bash", cs_completion_bash},
    {"zsh", cs_completion_zsh},
    {"fish", cs_completion_fish},
};

static enum cs_status run(struct cs_app *app, CS_UNUSED const void *args,
                          CS_UNUSED int n_words, char **words,
                          struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (size_t i = 0; i < CS_ARRAY_LEN(shells); i++) {
        if (!cs_str_equal(shells[i].name, words[0]))
            continue;
        shells[i].put(&text);
        return cs_app_print(app, &text, err);
    }
    (void)cs_error_set(err, CS_ERR_USAGE, "no completion for \"%.40s\"",
                       words[0]);
    cs_error_hint(err, "write bash, zsh or fish");
    return CS_ERR_USAGE;
}

const struct cs_verb cs_cmd_completion = {
    .name = "completion",
    .summary = "Print completion for a shell",
    .synopsis = "bash | zsh | fish",
    .example = "cs completion bash >~/.local/share/bash-completion/"
               "completions/cs",
    .about = "An installed cs has them where the shells look. Spaces, labels,\n"
             "people, sources and saved searches are completed as they are in\n"
             "the index.",
    .min_words = 1,
    .max_words = 1,
    .run = run,
};

static unsigned values_need(CS_UNUSED const void *args, int n_words,
                            char **words)
{
    bool index = n_words > 0 &&
                 cs_complete_needs_index(words[0], n_words > 1 ? words[1] : "");
    return index ? CS_NEED_INDEX : CS_NEED_NOTHING;
}

static enum cs_status put_values(struct cs_app *app, CS_UNUSED const void *args,
                                 int n_words, char **words,
                                 struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status =
        cs_complete_put(app, words[0], n_words > 1 ? words[1] : "", &text, err);
    return status ? status : cs_app_print(app, &text, err);
}

const struct cs_verb cs_cmd_values = {
    .name = "__complete",
    .summary = "Print what completes a word",
    .synopsis = "KIND [WORD]",
    .example = "cs __complete spaces O",
    .hidden = true,
    .needs_of = values_need,
    .min_words = 1,
    .max_words = 2,
    .run = put_values,
};
