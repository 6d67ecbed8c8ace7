/*
 * verb.h - the subcommands, one row each.
 *
 * A command is one file, cmd_<verb>.c, which exports one struct cs_verb; the
 * table in verb.c lists them. A verb says what it needs, and cs_launch() has
 * it ready before the verb runs, so that no command opens a configuration or
 * an index by itself. How to add one: docs/HACKING.md, "Add a command".
 */
#ifndef CS_CLI_VERB_H
#define CS_CLI_VERB_H

#include "cli/app.h"
#include "cli/options.h"

/* What a verb needs; each bit includes those named behind it. */
enum {
    CS_NEED_NOTHING = 0,
    CS_NEED_CONFIG = 1 << 0,
    CS_NEED_SOURCES = 1 << 1 | CS_NEED_CONFIG, /* at least one, each complete */
    CS_NEED_INDEX = 1 << 2 | CS_NEED_CONFIG,   /* open for reading */
    CS_NEED_WRITER = 1 << 3 | CS_NEED_CONFIG,  /* open for writing, locked */
    CS_NEED_INSPECT = 1 << 4 | CS_NEED_CONFIG, /* open to leave no trace */
};

struct cs_verb {
    const char *name;
    const char *summary;  /* for the overview, without a full stop */
    const char *synopsis; /* what follows "cs <name>" */
    const char *example;  /* one line that works as it stands */
    const char *about;    /* a few lines for --help; may be NULL */
    bool hidden;          /* for scripts, not in the overview */
    unsigned needs;
    /* Not NULL: a verb whose needs depend on what was typed. */
    unsigned (*needs_of)(const void *args, int n_words, char **words);
    const struct cs_option *options; /* NULL: none of its own */
    size_t args_size;                /* of the record the options fill */
    int min_words, max_words;        /* of its arguments; -1: no maximum */
    /* `args` is the filled record, `words` the arguments. */
    enum cs_status (*run)(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err);
};

/* The table, ended by NULL. */
extern const struct cs_verb *const cs_verbs[];

/* The options that every command takes; they fill struct cs_globals. */
extern const struct cs_option cs_global_options[];

/* The verb of that name, or NULL. */
const struct cs_verb *cs_verb_find(const char *name);

/* CS_ERR_USAGE for a name that is no verb, with the nearest as hint. */
enum cs_status cs_verb_unknown(const char *name, struct cs_error *err);

/* Append the help of one verb, and the overview of all. */
void cs_verb_help(const struct cs_verb *verb, struct cs_strbuf *out);
void cs_verb_overview(struct cs_strbuf *out);

/* Append program and library versions. */
void cs_verb_version(struct cs_strbuf *out);

#endif
