/*
 * config_change.h - a setting put into the text of a configuration, or out.
 *
 * Private to src/config*.c. Nothing is checked here; config_edit.c does that
 * before and after.
 */
#ifndef CS_SRC_CONFIG_CHANGE_H
#define CS_SRC_CONFIG_CHANGE_H

#include "src/config_keys.h"
#include "src/config_layout.h"

/* Set a key in `text`, whose layout is given, to at least one word: where it
 * stands, else behind the last key of its place. Sticky failure of `text`. */
void cs_config_change_set(struct cs_strbuf *text,
                          const struct cs_config_layout *layout,
                          const char *source, const struct cs_key *key,
                          const struct cs_key_words *words);

/* Take out every setting of a key. False when there was none. */
bool cs_config_change_unset(struct cs_strbuf *text,
                            const struct cs_config_layout *layout,
                            const char *source, const char *key);

/* Wipe all that a buffer has room for, and free it. Fits CS_CLEANUP. */
void cs_config_wipe(struct cs_strbuf *buf);

#endif
