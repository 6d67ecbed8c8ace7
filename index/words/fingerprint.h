/*
 * fingerprint.h - the fingerprints of documents (simhash.h) in their table: of
 * the text itself, comments left out. A text that is too short has none.
 */
#ifndef CS_INDEX_WORDS_FINGERPRINT_H
#define CS_INDEX_WORDS_FINGERPRINT_H

#include "index/db.h"

/* Write that of a document whose text may have changed; nothing is written
 * when it has not. In the caller's transaction. */
enum cs_status cs_fingerprint_write(struct cs_db *db, int64_t document,
                                    struct cs_error *err);

/* Write those that are missing, or all of them if their words were cut by
 * other rules (state 'tokenizer'). */
enum cs_status cs_fingerprint_fill(struct cs_db *db, struct cs_error *err);

/* Make each anew and compare; `visit` is called for each that differs. */
typedef enum cs_status cs_fingerprint_differ_fn(void *payload, int64_t document,
                                                const char *what,
                                                struct cs_error *err);
enum cs_status cs_fingerprint_compare(struct cs_db *db,
                                      cs_fingerprint_differ_fn *visit,
                                      void *payload, struct cs_error *err);

/* Documents whose fingerprints are near, directly or by way of others. */
struct cs_fingerprint_group {
    const int64_t *documents; /* two or more, by their rows */
    size_t n;
};

/* Find all groups, without comparing each with each. `visit` is called for
 * each; its failure ends the walk. */
typedef enum cs_status cs_fingerprint_fn(
    void *payload, const struct cs_fingerprint_group *group,
    struct cs_error *err);
enum cs_status cs_fingerprint_groups(struct cs_db *db, cs_fingerprint_fn *visit,
                                     void *payload, struct cs_error *err);

#endif
