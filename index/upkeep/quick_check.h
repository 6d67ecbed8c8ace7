/*
 * quick_check.h - SQLite's quick check of the database file.
 */
#ifndef CS_INDEX_UPKEEP_QUICK_CHECK_H
#define CS_INDEX_UPKEEP_QUICK_CHECK_H

#include "index/db.h"

/* Call `visit` for each fault that is found, ten at most; its failure ends the
 * check. CS_ERR_CORRUPT when the file is so damaged that it cannot be checked
 * to its end. */
typedef enum cs_status cs_quick_check_fn(void *payload, const char *fault,
                                         struct cs_error *err);
enum cs_status cs_quick_check(struct cs_db *db, cs_quick_check_fn *visit,
                              void *payload, struct cs_error *err);

#endif
