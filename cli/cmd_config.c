/*
 * cmd_config.c - show what holds and where it comes from; change the file.
 */
#include "cli/commands.h"

#include "cli/config_command.h"
#include "src/text.h"

struct action {
    const char *word, *synopsis;
    int min, max; /* words behind it; -1: no maximum */
    unsigned needs;
    cs_config_action *run;
};

enum cs_status cs_config_name_parse(const char *text,
                                    struct cs_config_name *ret,
                                    struct cs_error *err)
{
    struct cs_config_key key;
    const char *dot = strchr(text, '.');
    size_t len = dot ? (size_t)(dot - text) : 0;
    if (len >= sizeof(ret->source) || (dot && len == 0)) {
        (void)cs_error_set(err, CS_ERR_USAGE, "\"%.80s\" is no key", text);
        cs_error_hint(err, "write it as confluence.jobs, or jobs");
        return CS_ERR_USAGE;
    }
    memcpy(ret->source, text, len);
    ret->source[len] = '\0';
    ret->key = dot ? dot + 1 : text;
    if (!dot && cs_config_key_find(text, &key) && !key.at_top)
        (void)snprintf(ret->source, sizeof(ret->source), "%s",
                       CS_DEFAULT_SOURCE);
    return CS_OK;
}

const char *cs_config_name_source(const struct cs_config_name *name)
{
    return name->source[0] != '\0' ? name->source : NULL;
}

static const struct action actions[] = {
    {"list", "list", 0, 0, CS_NEED_CONFIG, cs_config_command_list},
    {"get", "get KEY", 1, 1, CS_NEED_CONFIG, cs_config_command_get},
    {"set", "set KEY VALUE...", 1, -1, CS_NEED_NOTHING, cs_config_command_set},
    {"unset", "unset KEY...", 1, -1, CS_NEED_NOTHING, cs_config_command_unset},
    {"path", "path", 0, 0, CS_NEED_NOTHING, cs_config_command_path},
    {"edit", "edit", 0, 0, CS_NEED_NOTHING, cs_config_command_edit},
};

static const struct action *find_action(int n_words, char **words)
{
    for (size_t i = 0; n_words > 0 && i < CS_ARRAY_LEN(actions); i++)
        if (cs_str_equal(actions[i].word, words[0]))
            return &actions[i];
    return n_words == 0 ? &actions[0] : NULL;
}

static unsigned needs_of(CS_UNUSED const void *args, int n_words, char **words)
{
    const struct action *action = find_action(n_words, words);
    return action ? action->needs : CS_NEED_NOTHING;
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    const struct action *action = find_action(n_words, words);
    int n = n_words > 0 ? n_words - 1 : 0;
    if (!action) {
        (void)cs_error_set(err, CS_ERR_USAGE, "config: no \"%.80s\"", words[0]);
        cs_error_hint(err, "write list, get, set, unset, path or edit");
        return CS_ERR_USAGE;
    }
    if (n < action->min || (action->max >= 0 && n > action->max)) {
        (void)cs_error_set(err, CS_ERR_USAGE, "config %s: %s", action->word,
                           n < action->min ? "something is missing"
                                           : "too many words");
        cs_error_hint(err, "write: cs config %s", action->synopsis);
        return CS_ERR_USAGE;
    }
    return action->run(app, args, n, words + 1, err);
}

#define ARG(member) offsetof(struct cs_config_args, member)

static const struct cs_option options[] = {
    {0, "all", CS_OPTION_FLAG, ARG(all), NULL,
     "list keys that are not set, too", 0, 0},
    {0, "stdin", CS_OPTION_FLAG, ARG(from_stdin), NULL,
     "set: take the value from standard input", 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL,
     "everything about the keys as JSON", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_config = {
    .name = "config",
    .summary = "Show or change the configuration",
    .synopsis = "[list | get KEY | set KEY VALUE... | unset KEY... | path | "
                "edit]",
    .example = "cs config set confluence.space_keys ENG OPS",
    .about = "KEY is a key such as jobs, or one of a source such as\n"
             "confluence.jobs; cs help keys describes them all. list says\n"
             "what holds and whether it comes from the file, the environment\n"
             "or the defaults. set and unset keep the comments of the file.",
    .needs_of = needs_of,
    .options = options,
    .args_size = sizeof(struct cs_config_args),
    .max_words = -1,
    .run = run,
};
