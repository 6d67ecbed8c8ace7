/*
 * credential.h - the secret a source is asked with.
 *
 * A token comes from the environment, a file of mode 0600, a command run
 * without a shell, or systemd's credential folder. It is kept in memory that is
 * wiped when it is freed, and shows nowhere: not in a log, an error, a process
 * title or an argument.
 */
#ifndef CS_SRC_CREDENTIAL_H
#define CS_SRC_CREDENTIAL_H

#include "src/error.h"

struct cs_credential;

/* Where to look, in this order; NULL members are skipped. Borrowed. */
struct cs_credential_spec {
    const char *user;    /* NULL or "": the token is a bearer token */
    const char *token;   /* from environment or configuration */
    const char *file;    /* api_token_file */
    const char *command; /* api_token_command, split into words */
    const char *name;    /* file name below $CREDENTIALS_DIRECTORY */
};

/* Find the token. CS_ERR_CONFIG when there is none, when a file is readable
 * by others, or a command fails or takes longer than 30 s. The caller frees
 * `ret` with cs_credential_free(). */
enum cs_status cs_credential_load(const struct cs_credential_spec *spec,
                                  struct cs_credential **ret,
                                  struct cs_error *err);

/* The same for a source, from where its configuration says. */
struct cs_source_config;
enum cs_status cs_credential_of(const struct cs_source_config *source,
                                struct cs_credential **ret,
                                struct cs_error *err);

/* Wipe and free. NULL is legal. */
void cs_credential_free(struct cs_credential *credential);

/* The user name, or NULL for a bearer token. Borrowed. */
const char *cs_credential_user(const struct cs_credential *credential);

/* The secret itself, for the HTTP layer and for redaction. Borrowed. */
const char *cs_credential_secret(const struct cs_credential *credential);

CS_DEFINE_CLEANUP(struct cs_credential *, cs_credential_cleanup,
                  cs_credential_free);

#endif
