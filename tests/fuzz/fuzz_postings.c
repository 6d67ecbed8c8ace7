/*
 * fuzz_postings.c - any bytes as FTS5's tables: the row that tells of the
 * segments, then leaves, each behind two bytes of its length. Reading ends,
 * with places or as damaged.
 */
#include "index/search/postings.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char tables[] =
    "CREATE TABLE fts_data(id INTEGER PRIMARY KEY, block BLOB);"
    "CREATE TABLE fts_idx(segid, term, pgno, PRIMARY KEY(segid, term))"
    " WITHOUT ROWID;"
    "CREATE TABLE fts_config(k PRIMARY KEY, v) WITHOUT ROWID;"
    "INSERT INTO fts_config VALUES('version', 4);"
    "INSERT INTO fts_idx VALUES(1, x'', 2), (2, x'', 2)";

static void expect(enum cs_status status, const struct cs_error *err)
{
    if (status == CS_OK || status == CS_ERR_CORRUPT)
        return;
    (void)fprintf(stderr, "%s\n", err->message);
    abort();
}

/* Opened once for all inputs; the process ends with it. */
static struct cs_db *database(void)
{
    static struct cs_db *made;
    struct cs_error err = CS_ERROR_INIT;
    if (!made && (cs_db_open(":memory:", CS_DB_WRITE, &made, &err) ||
                  cs_db_exec(made, tables, &err)))
        expect(CS_ERR_INTERNAL, &err);
    return made;
}

/* Row 10, and the leaves of two segments by turns. */
static void put_rows(struct cs_db *db, const uint8_t *data, size_t size)
{
    struct cs_error err = CS_ERROR_INIT;
    expect(cs_db_exec(db, "DELETE FROM fts_data", &err), &err);
    for (int64_t row = 0; size >= 2 && row < 64; row++) {
        size_t len = (size_t)data[0] << 8 | data[1];
        int64_t id =
            row == 0 ? 10 : (INT64_C(1) << (row % 2 ? 37 : 38)) + (row + 1) / 2;
        data += 2;
        size -= 2;
        len = len < size ? len : size;
        expect(cs_db_run(db, &err, "INSERT INTO fts_data VALUES(?, ?)", "ib",
                         id, data, len),
               &err);
        data += len;
        size -= len;
    }
}

static void read_all(struct cs_db *db, const struct cs_segments *segments,
                     const char *token)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_postings *postings CS_CLEANUP(cs_postings_cleanup) =
        cs_postings_new(db, segments);
    struct cs_posting posting = {.document = 1};
    struct cs_place_walk walk;
    enum cs_status status =
        cs_postings_add(postings, token, strlen(token), &err);
    if (!status)
        status = cs_postings_add(postings, "word", 4, &err);
    while (!status && posting.document) {
        status = cs_postings_next(postings, &posting, &err);
        if (status || !posting.document)
            break;
        cs_place_first(&walk, posting.places);
        while (walk.field >= 0)
            cs_place_next(&walk);
    }
    expect(status, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_db *db = database();
    struct cs_error err = CS_ERROR_INIT;
    struct cs_segments *segments = NULL;
    put_rows(db, data, size);
    expect(cs_segments_read(db, &segments, &err), &err);
    if (segments) {
        read_all(db, segments, "alpha");
        read_all(db, segments, "a");
    }
    free(segments);
    return 0;
}
