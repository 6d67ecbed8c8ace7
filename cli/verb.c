/*
 * verb.c - the table of subcommands, and the help that prints from it.
 */
#include "cli/verb.h"

#include "cli/commands.h"
#include "src/suggest.h"
#include "src/text.h"

const struct cs_verb *const cs_verbs[] = {
    &cs_cmd_setup,
    &cs_cmd_sync,
    &cs_cmd_search,
    &cs_cmd_get,
    &cs_cmd_open,
    &cs_cmd_similar,
    &cs_cmd_status,
    &cs_cmd_why,
    &cs_cmd_maintenance,
    &cs_cmd_config,
    &cs_cmd_scheduler,
    &cs_cmd_doctor,
    &cs_cmd_link,
    &cs_cmd_sql,
    &cs_cmd_completion,
    &cs_cmd_convert,
    &cs_cmd_help,
    &cs_cmd_values,
    NULL,
};

#define GLOBAL(member) offsetof(struct cs_globals, member)

const struct cs_option cs_global_options[] = {
    {0, "config", CS_OPTION_TEXT, GLOBAL(config), "FILE",
     "configuration to use", 0, 0},
    {0, "root", CS_OPTION_TEXT, GLOBAL(root), "DIR", "folder of the mirror", 0,
     0},
    {0, "cacert", CS_OPTION_TEXT, GLOBAL(cacert), "FILE",
     "certificates to trust", 0, 0},
    {'q', "quiet", CS_OPTION_FLAG, GLOBAL(quiet), NULL,
     "say nothing but errors", 0, 0},
    {'v', "verbose", CS_OPTION_FLAG, GLOBAL(verbose), NULL, "say more", 0, 0},
    {0, "color", CS_OPTION_TEXT, GLOBAL(color), "WHEN", "auto, always or never",
     0, 0},
    {0, "no-color", CS_OPTION_FLAG, GLOBAL(no_color), NULL, "plain text", 0, 0},
    {'h', "help", CS_OPTION_FLAG, GLOBAL(help), NULL, "show help", 0, 0},
    {'V', "version", CS_OPTION_FLAG, GLOBAL(version), NULL, "show versions", 0,
     0},
    {0},
};

const struct cs_verb *cs_verb_find(const char *name)
{
    for (size_t i = 0; cs_verbs[i]; i++) {
        if (cs_str_equal(cs_verbs[i]->name, name))
            return cs_verbs[i];
    }
    return NULL;
}

enum cs_status cs_verb_unknown(const char *name, struct cs_error *err)
{
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; n < CS_ARRAY_LEN(names) && cs_verbs[i]; i++)
        if (!cs_verbs[i]->hidden)
            names[n++] = cs_verbs[i]->name;
    (void)cs_error_set(err, CS_ERR_USAGE, "there is no command \"%.80s\"",
                       name);
    const char *near = cs_suggest_nearest(name, names, n);
    if (near)
        cs_error_hint(err, "did you mean cs %s?", near);
    else
        cs_error_hint(err, "cs help lists the commands");
    return CS_ERR_USAGE;
}

void cs_verb_help(const struct cs_verb *verb, struct cs_strbuf *out)
{
    cs_strbuf_printf(out, "Example: %s\n\nUsage: cs %s %s\n", verb->example,
                     verb->name, verb->synopsis);
    cs_strbuf_printf(out, "%s.\n", verb->summary);
    if (verb->about)
        cs_strbuf_printf(out, "%s\n", verb->about);
    if (verb->options) {
        cs_strbuf_putc(out, '\n');
        cs_options_print(verb->options, out);
    }
    cs_strbuf_printf(out,
                     "\nOptions of every command: cs help. "
                     "More: man cs-%s\n",
                     verb->name);
}

void cs_verb_overview(struct cs_strbuf *out)
{
    cs_strbuf_puts(out, "Example: cs setup && cs search \"connection pool\"\n\n"
                        "Usage: cs [OPTION...] COMMAND [ARGUMENT...]\n"
                        "Keeps a local, searchable mirror of Confluence.\n\n");
    for (size_t i = 0; cs_verbs[i]; i++)
        if (!cs_verbs[i]->hidden)
            cs_strbuf_printf(out, "  %-24s %s\n", cs_verbs[i]->name,
                             cs_verbs[i]->summary);
    cs_strbuf_putc(out, '\n');
    cs_options_print(cs_global_options, out);
    cs_strbuf_puts(out, "\nMore: cs help COMMAND, cs help keys, "
                        "cs help exit-codes, man cs\n");
}
