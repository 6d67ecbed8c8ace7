/*
 * lexicon_write.c - runs written, merged and folded.
 *
 * Eight runs of a tier become one of the next, so that every change is written
 * again once a tier; and a fold writes the base once for as many bytes of runs
 * as make some share of it. Both keep the cost of a first sync in line with its
 * size.
 */
#include "index/words/base.h"
#include "index/words/lexicon.h"
#include "index/words/runs.h"

enum {
    TIER_RUNS = 8,
    OUTGROWN_PERCENT = 50,
    OUTGROWN_MIN = 256 << 10 /* bytes of runs that are not yet too many */
};

static int64_t first_of_tier(int tier)
{
    return (int64_t)tier << CS_RUN_TIER_SHIFT;
}

static enum cs_status count_tier(struct cs_db *db, int tier, int64_t *ret,
                                 struct cs_error *err)
{
    return cs_db_int(db, ret, err,
                     "SELECT count(*) FROM lexicon_delta"
                     " WHERE id BETWEEN ? AND ?",
                     "ii", first_of_tier(tier), first_of_tier(tier + 1) - 1);
}

static enum cs_status insert_run(struct cs_db *db, int tier,
                                 const struct cs_strbuf *run,
                                 struct cs_error *err)
{
    if (run->len == 0)
        return CS_OK;
    return cs_db_run(db, err,
                     "INSERT INTO lexicon_delta(id, terms)"
                     " SELECT coalesce(max(id) + 1, ?1), ?3"
                     " FROM lexicon_delta WHERE id BETWEEN ?1 AND ?2",
                     "iib", first_of_tier(tier), first_of_tier(tier + 1) - 1,
                     (const void *)run->data, run->len);
}

/* All runs of a tier in one, without what came and went. */
static enum cs_status join_runs(const struct cs_runs *runs,
                                struct cs_delta_writer *writer,
                                struct cs_error *err)
{
    struct cs_merge *merge CS_CLEANUP(cs_merge_cleanup) = NULL;
    struct cs_merge_options options = {.runs = runs};
    enum cs_status status = cs_merge_open(&options, &merge, err);
    for (bool more = true; !status && more;) {
        struct cs_merged at;
        status = cs_merge_next(merge, &at, &more, err);
        if (!status && more && at.df != 0)
            cs_delta_add(writer, at.term, at.len, at.df);
    }
    return status ? status : cs_delta_end(writer, err);
}

static enum cs_status merge_tier(struct cs_db *db, int tier,
                                 struct cs_error *err)
{
    struct cs_delta_writer writer CS_CLEANUP(cs_delta_writer_clear);
    struct cs_runs runs CS_CLEANUP(cs_runs_clear) = {0};
    int64_t from = first_of_tier(tier), to = first_of_tier(tier + 1) - 1;
    cs_delta_writer_init(&writer);
    enum cs_status status = cs_runs_load(db, from, to, &runs, err);
    if (!status)
        status = join_runs(&runs, &writer, err);
    if (!status)
        status = cs_db_run(db, err,
                           "DELETE FROM lexicon_delta WHERE id BETWEEN ? AND ?",
                           "ii", from, to);
    return status ? status : insert_run(db, tier + 1, &writer.run, err);
}

static enum cs_status merge_tiers(struct cs_db *db, struct cs_error *err)
{
    for (int tier = 0; tier < CS_RUN_TIERS; tier++) {
        int64_t n = 0;
        enum cs_status status = count_tier(db, tier, &n, err);
        if (status || n < TIER_RUNS)
            return status;
        status = merge_tier(db, tier, err);
        if (status)
            return status;
    }
    return CS_OK;
}

static enum cs_status write_changes(struct cs_db *db, struct cs_tally *tally,
                                    struct cs_error *err)
{
    struct cs_delta_writer writer CS_CLEANUP(cs_delta_writer_clear);
    const struct cs_tally_change *changes = NULL;
    size_t n = 0;
    cs_delta_writer_init(&writer);
    enum cs_status status = cs_tally_changes(tally, &changes, &n, err);
    if (status)
        return status;
    for (size_t i = 0; i < n; i++)
        cs_delta_add(&writer, changes[i].term, changes[i].len, changes[i].df);
    status = cs_delta_end(&writer, err);
    return status ? status : insert_run(db, 0, &writer.run, err);
}

/* Of the base and of the runs. Rows of the base are full: counting them is
 * enough. */
static enum cs_status count_bytes(struct cs_db *db, int64_t *ret_base,
                                  int64_t *ret_runs, struct cs_error *err)
{
    int64_t rows = 0, runs = 0;
    enum cs_status status =
        cs_db_int(db, &rows, err, "SELECT count(*) FROM lexicon", "");
    if (!status)
        status = cs_db_int(db, &runs, err,
                           "SELECT sum(length(terms)) FROM lexicon_delta", "");
    if (status)
        return status;
    *ret_base = rows * CS_CHUNK_MAX;
    *ret_runs = runs;
    return CS_OK;
}

static enum cs_status outgrown(struct cs_db *db, bool *ret,
                               struct cs_error *err)
{
    int64_t base = 0, runs = 0;
    enum cs_status status = count_bytes(db, &base, &runs, err);
    *ret = runs > OUTGROWN_MIN && runs > base / 100 * OUTGROWN_PERCENT;
    return status;
}

enum cs_status cs_lexicon_write(struct cs_db *db, struct cs_tally *tally,
                                struct cs_error *err)
{
    bool too_many = false;
    enum cs_status status = cs_tally_status(tally, err);
    if (status || cs_tally_is_empty(tally))
        return status;
    status = write_changes(db, tally, err);
    if (!status)
        status = merge_tiers(db, err);
    if (!status)
        status = outgrown(db, &too_many, err);
    if (!status && too_many)
        status = cs_lexicon_fold(db, 0, err);
    if (!status)
        cs_tally_clear(tally);
    return status;
}

/* Old rows go as they are read, new ones come behind the last of them. */
static enum cs_status fold(struct cs_db *db, struct cs_error *err)
{
    struct cs_base_writer writer CS_CLEANUP(cs_base_writer_clear);
    struct cs_runs runs CS_CLEANUP(cs_runs_clear) = {0};
    struct cs_merge *merge CS_CLEANUP(cs_merge_cleanup) = NULL;
    struct cs_merge_options options = {
        .db = db, .runs = &runs, .consume = true};
    cs_base_writer_init(&writer, db);
    enum cs_status status = cs_runs_load(db, INT64_MIN, INT64_MAX, &runs, err);
    if (!status)
        status = cs_base_begin(&writer, err);
    if (!status)
        status = cs_merge_open(&options, &merge, err);
    for (bool more = true; !status && more;) {
        struct cs_merged at;
        status = cs_merge_next(merge, &at, &more, err);
        if (!status && more && at.df > 0)
            status = cs_base_add(&writer, at.term, at.len, at.df, err);
    }
    if (!status)
        status = cs_base_end(&writer, err);
    return status ? status
                  : cs_db_run(db, err, "DELETE FROM lexicon_delta", "");
}

enum cs_status cs_lexicon_fold(struct cs_db *db, unsigned percent,
                               struct cs_error *err)
{
    int64_t base = 0, runs = 0;
    enum cs_status status = count_bytes(db, &base, &runs, err);
    if (status || runs == 0 || runs < base / 100 * (int64_t)percent)
        return status;
    return fold(db, err);
}
