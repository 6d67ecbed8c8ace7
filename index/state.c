/*
 * state.c - one statement to read, one to write.
 */
#include "index/state.h"

#include <inttypes.h>
#include <stdio.h>

static const char read_value[] = "SELECT value FROM state WHERE name = ?";

enum cs_status cs_state_int(struct cs_db *db, const char *name, int64_t *ret,
                            struct cs_error *err)
{
    return cs_db_int(db, ret, err, read_value, "s", name);
}

enum cs_status cs_state_text(struct cs_db *db, const char *name,
                             cs_db_row_fn *visit, void *payload,
                             struct cs_error *err)
{
    return cs_db_each(db, visit, payload, err, read_value, "s", name);
}

enum cs_status cs_state_set_text(struct cs_db *db, const char *name,
                                 const char *value, struct cs_error *err)
{
    return cs_db_run(db, err,
                     "INSERT INTO state(name, value) VALUES(?1, ?2)"
                     " ON CONFLICT(name) DO UPDATE SET value = excluded.value"
                     " WHERE value IS NOT excluded.value",
                     "ss", name, value);
}

enum cs_status cs_state_set_int(struct cs_db *db, const char *name,
                                int64_t value, struct cs_error *err)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%" PRId64, value);
    return cs_state_set_text(db, name, text, err);
}
