/*
 * salvage.h - the rows of a damaged database, as far as they can be read.
 */
#ifndef CS_INDEX_UPKEEP_SALVAGE_H
#define CS_INDEX_UPKEEP_SALVAGE_H

#include "index/db.h"

/* What became of a table: rows that were copied, and whether all could be read.
 * Its failure ends the copying. */
typedef enum cs_status cs_salvage_fn(void *payload, const char *table,
                                     int64_t rows, bool whole,
                                     struct cs_error *err);

/* Copy what can be read of the lasting tables of the database file `path` into
 * `to`, which is new and has its schema. Damage is no failure. */
enum cs_status cs_salvage_copy(const char *path, struct cs_db *to,
                               cs_salvage_fn *copied, void *payload,
                               struct cs_error *err);

#endif
