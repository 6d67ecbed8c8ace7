/*
 * config_edit.h - the configuration file as a text that a program may change.
 *
 *     cs_config_edit_open(path, &edit, err);
 *     cs_config_edit_set_text(edit, "confluence", "jobs", "8", err);
 *     cs_config_edit_save(edit, err);
 *
 * Only what is set or unset changes: comments, order, blank lines, and keys
 * and sections that nobody knows stay as they are. Values are checked by the
 * table of keys that also reads the file, and after each change the text is
 * read again: every other key must say what it said before. Nothing is written
 * before cs_config_edit_save().
 *
 * `source` is the name of a source, or NULL for the top of the file.
 */
#ifndef CS_SRC_CONFIG_EDIT_H
#define CS_SRC_CONFIG_EDIT_H

#include "src/error.h"

struct cs_config_edit;

/* Read the file; one that does not exist yet is empty. CS_ERR_CONFIG when it
 * cannot be read, or when it has no structure in which to find keys. The
 * caller frees `ret` with cs_config_edit_free(). */
enum cs_status cs_config_edit_open(const char *path,
                                   struct cs_config_edit **ret,
                                   struct cs_error *err);

/* Wipe, since it may hold a token, and free. NULL is legal. */
void cs_config_edit_free(struct cs_config_edit *edit);

/* Set a key to these words, `n` of them for a list and one for all others; the
 * source's section is made if there is none. CS_ERR_CONFIG, and nothing
 * changed, for an unknown key, one that belongs elsewhere, or a bad value; a
 * secret is not repeated in the message. Relative paths count from the file's
 * folder. */
enum cs_status cs_config_edit_set(struct cs_config_edit *edit,
                                  const char *source, const char *key,
                                  const char *const *words, size_t n,
                                  struct cs_error *err);

/* The same from one text, as a command line or a variable has it: commas part
 * the words of a list. */
enum cs_status cs_config_edit_set_text(struct cs_config_edit *edit,
                                       const char *source, const char *key,
                                       const char *text, struct cs_error *err);

/* Remove every setting of a key, an unknown one included. `*ret_found` (may be
 * NULL) says whether there was one. */
enum cs_status cs_config_edit_unset(struct cs_config_edit *edit,
                                    const char *source, const char *key,
                                    bool *ret_found, struct cs_error *err);

/* The text as it would be written; borrowed until the next change. */
const char *cs_config_edit_text(const struct cs_config_edit *edit);

/* Does it differ from what the file has? */
bool cs_config_edit_changed(const struct cs_config_edit *edit);

/* Replace the file in one step, mode 0600, its folders 0700; behind a symbolic
 * link the file it leads to. Nothing is written where nothing changed, but an
 * existing file is closed to others. CS_ERR_CONFIG when somebody else changed
 * the file since it was read. */
enum cs_status cs_config_edit_save(struct cs_config_edit *edit,
                                   struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_config_edit *, cs_config_edit_cleanup,
                  cs_config_edit_free);

#endif
