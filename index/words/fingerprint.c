/*
 * fingerprint.c - see fingerprint.h.
 *
 * Two fingerprints that differ in three bits at most have one of their four
 * quarters in common. So they are sorted by each quarter in turn, and only
 * those are compared that stand together then.
 */
#include "index/words/fingerprint.h"

#include "index/state.h"
#include "index/words/simhash.h"
#include "index/words/split.h"
#include "src/arena.h"

#include <stdlib.h>

enum { QUARTERS = CS_SIMHASH_NEAR + 1, QUARTER_BITS = 64 / QUARTERS };

static enum cs_status put(struct cs_db *db, int64_t document,
                          const char *markdown, size_t len,
                          struct cs_error *err)
{
    uint64_t simhash;
    if (!markdown || !cs_simhash(markdown, len, &simhash))
        return cs_db_run(db, err, "DELETE FROM fingerprint WHERE document = ?",
                         "i", document);
    return cs_db_run(db, err,
                     "INSERT INTO fingerprint(document, simhash) VALUES(?,?)"
                     " ON CONFLICT(document) DO UPDATE"
                     " SET simhash = excluded.simhash"
                     " WHERE simhash <> excluded.simhash",
                     "ii", document, (int64_t)simhash);
}

enum cs_status cs_fingerprint_write(struct cs_db *db, int64_t document,
                                    struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = cs_db_query(
        db, &query, err, "SELECT markdown FROM body WHERE document = ?", "i",
        document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    size_t len = 0;
    const void *markdown = row ? cs_query_blob(&query, 0, &len) : NULL;
    return put(db, document, markdown, len, err);
}

static enum cs_status put_row(void *payload, struct cs_query *row,
                              struct cs_error *err)
{
    size_t len;
    const void *markdown = cs_query_blob(row, 1, &len);
    return put(payload, cs_query_int(row, 0), markdown, len, err);
}

/* Fingerprints of other words than today's say nothing. */
static enum cs_status drop_old(struct cs_db *db, struct cs_error *err)
{
    int64_t version = 0;
    enum cs_status status = cs_state_int(db, "tokenizer", &version, err);
    if (status)
        return status;
    return version == CS_WORDS_VERSION
               ? cs_db_run(db, err,
                           "DELETE FROM fingerprint WHERE document NOT IN"
                           " (SELECT document FROM body)",
                           "")
               : cs_db_run(db, err, "DELETE FROM fingerprint", "");
}

enum cs_status cs_fingerprint_fill(struct cs_db *db, struct cs_error *err)
{
    enum cs_status status = drop_old(db, err);
    return status ? status
                  : cs_db_each(db, put_row, db, err,
                               "SELECT document, markdown FROM body"
                               " WHERE document NOT IN"
                               "  (SELECT document FROM fingerprint)"
                               " ORDER BY document",
                               "");
}

struct comparing {
    cs_fingerprint_differ_fn *visit;
    void *payload;
};

static enum cs_status compare_row(void *payload, struct cs_query *row,
                                  struct cs_error *err)
{
    struct comparing *comparing = payload;
    size_t len;
    const void *markdown = cs_query_blob(row, 1, &len);
    uint64_t simhash = 0;
    bool has = markdown && cs_simhash(markdown, len, &simhash);
    bool held = !cs_query_is_null(row, 2);
    if (has == held && (!has || simhash == (uint64_t)cs_query_int(row, 2)))
        return CS_OK;
    return comparing->visit(comparing->payload, cs_query_int(row, 0),
                            "fingerprint", err);
}

enum cs_status cs_fingerprint_compare(struct cs_db *db,
                                      cs_fingerprint_differ_fn *visit,
                                      void *payload, struct cs_error *err)
{
    struct comparing comparing = {visit, payload};
    return cs_db_each(db, compare_row, &comparing, err,
                      "SELECT b.document, b.markdown, f.simhash FROM body b"
                      " LEFT JOIN fingerprint f ON f.document = b.document"
                      " UNION ALL SELECT document, NULL, simhash"
                      "  FROM fingerprint WHERE document NOT IN"
                      "   (SELECT document FROM body) ORDER BY 1",
                      "");
}

/* ---- groups ---- */

struct item {
    uint64_t simhash;
    int64_t document;
    size_t group; /* an item of the same group; of one of them: itself */
};

struct items {
    struct item *all;
    size_t *order; /* sorted by one quarter */
    size_t n;
};

static size_t first_of(struct items *items, size_t i)
{
    struct item *all = items->all;
    while (all[i].group != i) {
        all[i].group = all[all[i].group].group;
        i = all[i].group;
    }
    return i;
}

static void join(struct items *items, size_t a, size_t b)
{
    size_t first = first_of(items, a), other = first_of(items, b);
    if (first < other)
        items->all[other].group = first;
    else
        items->all[first].group = other;
}

static uint64_t turn(uint64_t simhash, unsigned quarter)
{
    unsigned by = quarter * QUARTER_BITS;
    return by ? simhash << by | simhash >> (64 - by) : simhash;
}

struct sorting {
    const struct item *all;
    unsigned quarter;
};

static int by_quarter(const void *a, const void *b, void *payload)
{
    const struct sorting *sorting = payload;
    uint64_t x =
        turn(sorting->all[*(const size_t *)a].simhash, sorting->quarter);
    uint64_t y =
        turn(sorting->all[*(const size_t *)b].simhash, sorting->quarter);
    return x < y ? -1 : x > y;
}

/* Items of one quarter stand from `from` to `to`; those that are equal stand
 * side by side, and need one comparison. */
static void compare_run(struct items *items, size_t from, size_t to)
{
    const struct item *all = items->all;
    for (size_t i = from; i < to; i++) {
        uint64_t one = all[items->order[i]].simhash;
        if (i > from && one == all[items->order[i - 1]].simhash) {
            join(items, items->order[i], items->order[i - 1]);
            continue;
        }
        for (size_t j = i + 1; j < to; j++) {
            uint64_t other = all[items->order[j]].simhash;
            if (other != all[items->order[j - 1]].simhash &&
                cs_simhash_near(one, other))
                join(items, items->order[i], items->order[j]);
        }
    }
}

static void compare_quarter(struct items *items, unsigned quarter)
{
    struct sorting sorting = {items->all, quarter};
    qsort_r(items->order, items->n, sizeof(*items->order), by_quarter,
            &sorting);
    for (size_t from = 0, to; from < items->n; from = to) {
        uint64_t key = turn(items->all[items->order[from]].simhash, quarter) >>
                       (64 - QUARTER_BITS);
        for (to = from + 1; to < items->n; to++)
            if (turn(items->all[items->order[to]].simhash, quarter) >>
                    (64 - QUARTER_BITS) !=
                key)
                break;
        compare_run(items, from, to);
    }
}

static enum cs_status add_item(void *payload, struct cs_query *row,
                               struct cs_error *err)
{
    struct items *items = payload;
    (void)err;
    items->order[items->n] = items->n;
    items->all[items->n] =
        (struct item){.document = cs_query_int(row, 0),
                      .simhash = (uint64_t)cs_query_int(row, 1),
                      .group = items->n};
    items->n++;
    return CS_OK;
}

static enum cs_status read_items(struct cs_db *db, struct cs_arena *arena,
                                 struct items *items, struct cs_error *err)
{
    int64_t n = 0;
    enum cs_status status =
        cs_db_int(db, &n, err, "SELECT count(*) FROM fingerprint", "");
    if (status || n == 0)
        return status;
    items->all = cs_arena_array(arena, (size_t)n, sizeof(*items->all));
    items->order = cs_arena_array(arena, (size_t)n, sizeof(*items->order));
    if (!items->all || !items->order)
        return cs_arena_status(arena, err);
    return cs_db_each(db, add_item, items, err,
                      "SELECT document, simhash FROM fingerprint"
                      " ORDER BY document LIMIT ?",
                      "i", n);
}

/* The first of a group is the one with the lowest row, so a stable counting
 * sort by it gives the groups in the order of their first, and each in the
 * order of rows. */
static enum cs_status visit_groups(struct items *items, struct cs_arena *arena,
                                   cs_fingerprint_fn *visit, void *payload,
                                   struct cs_error *err)
{
    size_t n = items->n;
    size_t *start = cs_arena_array(arena, n + 1, sizeof(*start));
    int64_t *documents = cs_arena_array(arena, n + 1, sizeof(*documents));
    if (!start || !documents)
        return cs_arena_status(arena, err);
    for (size_t i = 0; i < n; i++)
        start[first_of(items, i) + 1]++;
    for (size_t i = 0; i < n; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < n; i++)
        documents[start[first_of(items, i)]++] = items->all[i].document;
    enum cs_status status = CS_OK;
    for (size_t i = 0, from = 0; i < n && !status; from = start[i++]) {
        struct cs_fingerprint_group group = {documents + from, start[i] - from};
        if (group.n > 1)
            status = visit(payload, &group, err);
    }
    return status;
}

enum cs_status cs_fingerprint_groups(struct cs_db *db, cs_fingerprint_fn *visit,
                                     void *payload, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct items items = {0};
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = read_items(db, arena, &items, err);
    for (unsigned i = 0; i < QUARTERS && items.n > 1 && !status; i++)
        compare_quarter(&items, i);
    return status ? status : visit_groups(&items, arena, visit, payload, err);
}
