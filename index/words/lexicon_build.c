/*
 * lexicon_build.c - the lexicon made anew from the full-text index, or compared
 * with it. FTS5 lists its terms by a table of its own kind, in the order of
 * their bytes.
 */
#include "index/words/base.h"
#include "index/words/lexicon.h"
#include "index/words/runs.h"

#define DROP_VOCABULARY "DROP TABLE IF EXISTS temp.lexicon_vocabulary"

static enum cs_status open_vocabulary(struct cs_db *db, const char *fts_table,
                                      struct cs_error *err)
{
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    cs_strbuf_printf(&sql,
                     DROP_VOCABULARY ";"
                                     "CREATE VIRTUAL TABLE"
                                     " temp.lexicon_vocabulary"
                                     " USING fts5vocab(main, '%s', row)",
                     fts_table);
    enum cs_status status = cs_strbuf_status(&sql, err);
    return status ? status : cs_db_exec(db, sql.data, err);
}

/* A term of the full-text index; `len` 0: behind the last. */
struct fts_term {
    char term[CS_TERM_MAX];
    size_t len;
    int64_t df;
};

/* The next term that a lexicon can hold. */
static enum cs_status next_fts(struct cs_query *query, struct fts_term *at,
                               struct cs_error *err)
{
    for (bool row;;) {
        size_t len = 0;
        enum cs_status status = cs_query_next(query, &row, err);
        at->len = 0;
        if (status || !row)
            return status;
        const char *term = cs_query_blob(query, 0, &len);
        if (!term || len == 0 || len > CS_TERM_MAX || memchr(term, '\n', len))
            continue;
        memcpy(at->term, term, len);
        at->len = len;
        at->df = cs_query_int(query, 1);
        return CS_OK;
    }
}

static enum cs_status query_fts(struct cs_db *db, struct cs_query *query,
                                struct cs_error *err)
{
    return cs_db_query(db, query, err,
                       "SELECT term, doc FROM temp.lexicon_vocabulary", "");
}

static enum cs_status copy_terms(struct cs_base_writer *writer,
                                 struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct fts_term at;
    enum cs_status status = query_fts(writer->db, &query, err);
    if (!status)
        status = next_fts(&query, &at, err);
    while (!status && at.len > 0) {
        status = cs_base_add(writer, at.term, at.len, at.df, err);
        if (!status)
            status = next_fts(&query, &at, err);
    }
    return status ? status : cs_base_end(writer, err);
}

enum cs_status cs_lexicon_build(struct cs_db *db, const char *fts_table,
                                struct cs_error *err)
{
    struct cs_base_writer writer CS_CLEANUP(cs_base_writer_clear);
    cs_base_writer_init(&writer, db);
    enum cs_status status = open_vocabulary(db, fts_table, err);
    if (!status)
        status = cs_db_exec(
            db, "DELETE FROM lexicon; DELETE FROM lexicon_delta", err);
    if (!status)
        status = copy_terms(&writer, err);
    return status ? status : cs_db_exec(db, DROP_VOCABULARY, err);
}

struct comparison {
    struct cs_merge *merge;
    struct cs_merged ours; /* len 0: behind the last */
    struct fts_term theirs;
    struct cs_query query;
};

/* The next term of ours that is there. */
static enum cs_status next_ours(struct comparison *c, struct cs_error *err)
{
    for (bool more;;) {
        enum cs_status status = cs_merge_next(c->merge, &c->ours, &more, err);
        if (!more)
            c->ours.len = 0;
        if (status || !more || c->ours.df != 0)
            return status;
    }
}

/* Which of both comes first; 0: they are of one term. */
static int order(const struct comparison *c)
{
    if (c->ours.len == 0 || c->theirs.len == 0)
        return c->ours.len == 0 ? 1 : -1;
    return cs_term_compare(c->ours.term, c->ours.len, c->theirs.term,
                           c->theirs.len);
}

static enum cs_status compare(struct comparison *c, cs_lexicon_differ_fn *visit,
                              void *payload, struct cs_error *err)
{
    enum cs_status status = next_ours(c, err);
    if (!status)
        status = next_fts(&c->query, &c->theirs, err);
    while (!status && (c->ours.len > 0 || c->theirs.len > 0)) {
        int side = order(c);
        const char *term = side <= 0 ? c->ours.term : c->theirs.term;
        size_t len = side <= 0 ? c->ours.len : c->theirs.len;
        int64_t df = side <= 0 ? c->ours.df : 0;
        int64_t fts_df = side >= 0 ? c->theirs.df : 0;
        if (df != fts_df && !visit(payload, term, len, df, fts_df))
            break;
        if (side <= 0)
            status = next_ours(c, err);
        if (!status && side >= 0)
            status = next_fts(&c->query, &c->theirs, err);
    }
    return status;
}

enum cs_status cs_lexicon_compare(struct cs_db *db, const char *fts_table,
                                  cs_lexicon_differ_fn *visit, void *payload,
                                  struct cs_error *err)
{
    struct cs_runs runs CS_CLEANUP(cs_runs_clear) = {0};
    struct comparison c = {0};
    struct cs_merge_options options = {.db = db, .runs = &runs};
    enum cs_status status = open_vocabulary(db, fts_table, err);
    if (!status)
        status = cs_runs_load(db, INT64_MIN, INT64_MAX, &runs, err);
    if (!status)
        status = cs_merge_open(&options, &c.merge, err);
    if (!status)
        status = query_fts(db, &c.query, err);
    if (!status)
        status = compare(&c, visit, payload, err);
    cs_query_close(&c.query);
    cs_merge_close(c.merge);
    return status ? status : cs_db_exec(db, DROP_VOCABULARY, err);
}
