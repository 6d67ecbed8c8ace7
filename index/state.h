/*
 * state.h - the table `state`: what is known of the index as a whole, by name.
 *
 *     tokenizer   version of the words that its entries are made of
 *     vectors     sums over all vectors (words/vector.h)
 *     generation  count of the commits that changed entries
 *     routine     when the day's chores were last done
 */
#ifndef CS_INDEX_STATE_H
#define CS_INDEX_STATE_H

#include "index/db.h"

/* Values as integers. Without the row, `*ret` keeps its value. */
enum cs_status cs_state_int(struct cs_db *db, const char *name, int64_t *ret,
                            struct cs_error *err);
enum cs_status cs_state_set_int(struct cs_db *db, const char *name,
                                int64_t value, struct cs_error *err);

/* Values as texts. `visit` sees one in column 0; without the row it is not
 * called. What stays the same is not written. */
enum cs_status cs_state_text(struct cs_db *db, const char *name,
                             cs_db_row_fn *visit, void *payload,
                             struct cs_error *err);
enum cs_status cs_state_set_text(struct cs_db *db, const char *name,
                                 const char *value, struct cs_error *err);

#endif
