/*
 * grep_worker.c - slice by slice: read, match, look at the clock.
 */
#include "index/search/grep_worker.h"

enum {
    SLICE_ROWS = 128,      /* when all documents are read, in their order */
    SLICE_CANDIDATES = 16, /* when they are looked up one by one */
};

/* Texts of documents from row to row. */
static const char *const ranges[] = {
    "SELECT document, markdown FROM body WHERE document BETWEEN ? AND ?",
    "SELECT document, markdown FROM comments WHERE document BETWEEN ? AND ?",
};

static bool is_late(struct cs_grep_worker *w)
{
    if (atomic_load_explicit(&w->job->stop, memory_order_relaxed))
        return true;
    if (cs_clock_mono(w->job->clock) < w->job->deadline)
        return false;
    w->late = true;
    atomic_store(&w->job->stop, true);
    return true;
}

/* Match the text of the current row. */
static enum cs_status match_row(struct cs_grep_worker *w,
                                struct cs_query *query, struct cs_error *err)
{
    const struct cs_literal *literals = w->job->literals;
    size_t len = 0, at, end;
    const char *text = cs_query_blob(query, 1, &len);
    text = text ? text : "";
    if (literals && !cs_literal_may_hold(literals, text, len))
        return CS_OK;
    enum cs_regex_outcome outcome =
        cs_regex_find(w->job->regex, w->scratch, text, len, 0, &at, &end);
    w->gave_up += outcome == CS_REGEX_GAVE_UP;
    if (outcome == CS_REGEX_MATCH &&
        !cs_rows_add(&w->found, cs_query_int(query, 0)))
        return cs_error_no_memory(err);
    return CS_OK;
}

/* The texts of the rows first to last, as `sql` gives them. */
static enum cs_status match_range(struct cs_grep_worker *w, const char *sql,
                                  int64_t first, int64_t last, size_t *rows)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(w->db, &query, &w->err, sql, "ii", first, last);
    while (!status && !is_late(w)) {
        status = cs_query_next(&query, &row, &w->err);
        if (status || !row)
            break;
        status = match_row(w, &query, &w->err);
        ++*rows;
    }
    return status;
}

static enum cs_status match_rows(struct cs_grep_worker *w, int64_t first,
                                 int64_t last)
{
    size_t comments = 0;
    enum cs_status status = match_range(w, ranges[0], first, last, &w->read);
    return status ? status : match_range(w, ranges[1], first, last, &comments);
}

static enum cs_status work(struct cs_grep_worker *w)
{
    struct cs_grep_job *job = w->job;
    const int64_t slice = job->rows ? SLICE_CANDIDATES : SLICE_ROWS;
    const int64_t total = job->rows ? (int64_t)job->n : job->last;
    enum cs_status status = CS_OK;
    w->scratch = cs_regex_scratch_new(job->regex);
    if (!w->scratch)
        return cs_error_no_memory(&w->err);
    while (!status && !is_late(w)) {
        int64_t first = atomic_fetch_add(&job->next, slice);
        int64_t end = first + slice < total ? first + slice : total;
        if (first >= total)
            break;
        if (!job->rows)
            status = match_rows(w, first + 1, end);
        for (int64_t i = first; job->rows && i < end && !status; i++)
            status = match_rows(w, job->rows[i], job->rows[i]);
    }
    return status;
}

void *cs_grep_work(void *worker)
{
    struct cs_grep_worker *w = worker;
    w->status = work(w);
    if (w->status)
        atomic_store(&w->job->stop, true);
    cs_regex_scratch_free(w->scratch);
    w->scratch = NULL;
    return NULL;
}
