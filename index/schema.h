/*
 * schema.h - what is in the database, and how it became so.
 *
 * Lasting tables hold what cannot be had again without the network; derived
 * ones (the full-text index and what is counted from it) can be rebuilt from
 * them. The version is PRAGMA user_version; application_id says that a file is
 * ours.
 */
#ifndef CS_INDEX_SCHEMA_H
#define CS_INDEX_SCHEMA_H

#include "index/db.h"

#define CS_SCHEMA_VERSION 4
#define CS_APPLICATION_ID 0x63736478 /* "csdx" */

/* Make an empty database current, or an older one by its migrations, in one
 * transaction; build the full-text index anew where its words are not ours
 * (CS_WORDS_VERSION). Gives the connection what fts needs (words/fts.h).
 * `*ret_built` (may be NULL): an older one was built anew just now.
 * CS_ERR_NEWER when a newer program wrote it, CS_ERR_CORRUPT when it is not
 * ours. */
enum cs_status cs_schema_prepare(struct cs_db *db, bool *ret_built,
                                 struct cs_error *err);

/* The same checks without a write, and what fts needs: CS_ERR_NO_INDEX for an
 * empty or older database, or words of another version. */
enum cs_status cs_schema_check(struct cs_db *db, struct cs_error *err);

#endif
