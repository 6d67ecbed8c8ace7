/*
 * setup.h - what the files of `cs setup` share.
 *
 *   cmd_setup.c      the command: one step after the other, and the end
 *   setup_start.c    what is known already: options, environment, files
 *   setup_site.c     which site, and does it answer
 *   setup_account.c  account and token
 *   setup_connect.c  the connector's own way in: who we are, which spaces
 *   setup_spaces.c   which of them
 *   setup_old.c      a folder of another program in the mirror's place
 *   setup_write.c    the configuration
 *   setup_timer.c    the timer, at the end
 *
 * An answer comes from an option, else the environment, else the file of
 * --import; only what none of them says is asked, with what the configuration
 * says now as the answer that Enter gives. Nothing is written before all of it
 * was tried against the site.
 */
#ifndef CS_CLI_SETUP_H
#define CS_CLI_SETUP_H

#include "cli/app.h"
#include "connectors/connector.h"
#include "src/arena.h"
#include "src/env_file.h"

struct cs_setup_args {
    const char *url, *username, *token_file, *token_command, *spaces;
    const char *source, *import;
    bool token_stdin, no_input, json;
    bool sync, no_sync, timer, no_timer, move_old, keep_old;
};

struct cs_setup_space {
    const char *key, *name;
};

struct cs_setup {
    struct cs_app *app; /* its config: as things are, answers above included */
    const struct cs_setup_args *args;
    struct cs_arena *arena;
    bool dialogue; /* somebody can be asked */
    const struct cs_connector *connector;
    struct cs_env_file import;
    struct cs_config *before; /* the app's, when it has a newer one */
    struct cs_config *blank;  /* where a source that is new has its texts */
    bool pretended; /* the configuration has an address only so that there is a
                     * source */
    /* The source as it will be. Its strings live in the arena, in a
     * configuration, or in `token`. */
    struct cs_source_config source;
    struct cs_site_guide guide;
    struct cs_strbuf token;
    bool explained; /* how to come by a token */
    bool kept;      /* the credential is the one in the file */
    bool refused;   /* what is known does not do: ask, whatever it came from */
    struct cs_identity identity;
    struct cs_setup_space *spaces; /* that can be read */
    size_t n_spaces, room;
    const char *root;
    const char *file;  /* of the configuration */
    const char *moved; /* where the old folder is now, or NULL */
    bool written;
};

/* Tell the person something, unless all shall be quiet. */
void cs_setup_say(const struct cs_setup *setup, const char *fmt, ...)
    CS_PRINTF(2, 3);

/* The same about a failure that is no end: what happened, what to do. */
void cs_setup_say_error(const struct cs_setup *setup,
                        const struct cs_error *why);

/* True when the environment, or the file of --import, answers this key. */
bool cs_setup_is_given(const struct cs_setup *setup, const char *key);

/* CS_ERR_USAGE: nobody can be asked, and this is missing. */
enum cs_status cs_setup_missing(const char *what, const char *option,
                                struct cs_error *err);

/* Yes or no, by one of two options, a variable, or a question. Where nobody
 * can be asked it is no. */
enum cs_status cs_setup_decide(const struct cs_setup *setup, bool yes, bool no,
                               const char *name, const char *question,
                               bool *ret, struct cs_error *err);

/* The steps, in their order. */
enum cs_status cs_setup_start(struct cs_setup *setup, struct cs_error *err);
enum cs_status cs_setup_ask_site(struct cs_setup *setup, struct cs_error *err);
enum cs_status cs_setup_ask_account(struct cs_setup *setup,
                                    struct cs_error *err);
enum cs_status cs_setup_connect(struct cs_setup *setup, struct cs_error *err);
enum cs_status cs_setup_ask_spaces(struct cs_setup *setup,
                                   struct cs_error *err);
enum cs_status cs_setup_ask_root(struct cs_setup *setup, struct cs_error *err);
enum cs_status cs_setup_move_old(struct cs_setup *setup, struct cs_error *err);
enum cs_status cs_setup_write(struct cs_setup *setup, struct cs_error *err);

/* Offer the timer, or switch it on as it was said. `*ret_on` says whether it
 * is on at the end. */
enum cs_status cs_setup_timer(struct cs_setup *setup, bool *ret_on,
                              struct cs_error *err);

/* setup_connect.c: ask for these spaces only (n 0: for all), and keep what was
 * found in `setup->spaces`. With a `missing` one that was named and is not
 * there is put there (the first), else it is the failure. */
enum cs_status cs_setup_list_spaces(struct cs_setup *setup,
                                    const char *const *keys, size_t n,
                                    const char **missing, struct cs_error *err);

#endif
