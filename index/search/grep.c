/*
 * grep.c - choose the documents, read them, match.
 *
 * Where there is much to read, a second thread helps, with a connection of its
 * own; it must see the same state of the index as the first one. Both take one
 * slice of the work after the other.
 */
#include "index/search/grep.h"

#include "index/search/grep_worker.h"
#include "index/words/vector.h"

#include <stdlib.h>

enum {
    FEW = 64,        /* candidates that are read without further ado */
    MANY = 512,      /* documents that are worth a second thread */
    LIST_FIRST = 64, /* rows, to begin with */
};

/* ---- lists of rows ---- */

bool cs_rows_add(struct cs_rows *rows, int64_t row)
{
    if (rows->n == rows->cap) {
        size_t cap = rows->cap ? rows->cap * 2 : LIST_FIRST;
        int64_t *all = reallocarray(rows->all, cap, sizeof(*all));
        if (!all)
            return false;
        rows->all = all;
        rows->cap = cap;
    }
    rows->all[rows->n++] = row;
    return true;
}

void cs_rows_clear(struct cs_rows *rows)
{
    free(rows->all);
    *rows = (struct cs_rows){0};
}

static int compare_rows(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* ---- candidates ---- */

/* Those that the expression matches; of `among`, unless that is NULL. */
static enum cs_status match(struct cs_db *db, const char *expression,
                            const int64_t *among, size_t n_among,
                            struct cs_rows *rows, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    size_t at = 0;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid",
                    "s", expression);
    while (!status) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        int64_t document = cs_query_int(&query, 0);
        while (among && at < n_among && among[at] < document)
            at++;
        bool wanted = !among || (at < n_among && among[at] == document);
        if (wanted && !cs_rows_add(rows, document))
            status = cs_error_no_memory(err);
    }
    return status;
}

/* What the pattern requires, and which documents have it. */
static enum cs_status choose(struct cs_lexicon *lexicon, struct cs_arena *arena,
                             const struct cs_grep_request *request,
                             struct cs_grep_job *job,
                             struct cs_grep_result *ret, struct cs_error *err)
{
    size_t len;
    const char *pattern = cs_regex_pattern(request->regex, &len);
    ret->prefilter = CS_PREFILTER_SCAN;
    ret->expression = "";
    enum cs_status status =
        cs_literals_of(arena, pattern, len, cs_regex_flags(request->regex),
                       &job->literals, err);
    if (status || !lexicon || (job->rows && job->n <= FEW))
        return status;
    return cs_prefilter_make(arena, lexicon, job->literals, job->last,
                             &ret->prefilter, &ret->expression, err);
}

/* ---- workers ---- */

/* A second connection that sees what the first one sees. NULL when there is
 * none to be had: then one thread must do. */
static struct cs_db *open_twin(struct cs_db *db)
{
    struct cs_error ignored = CS_ERROR_INIT;
    struct cs_db *twin CS_CLEANUP(cs_db_cleanup) = NULL;
    const char *path = sqlite3_db_filename(cs_db_handle(db), "main");
    int64_t ours = -1, theirs = -1;
    if (!path || !*path || sqlite3_uri_boolean(path, "immutable", 0) ||
        cs_db_open(path, CS_DB_READ, &twin, &ignored) ||
        cs_db_exec(twin, "BEGIN", &ignored) ||
        cs_vectors_generation(db, &ours, &ignored) ||
        cs_vectors_generation(twin, &theirs, &ignored) || ours != theirs)
        return NULL;
    struct cs_db *ret = twin;
    twin = NULL;
    return ret;
}

static enum cs_status run_workers(struct cs_db *db, struct cs_grep_job *job,
                                  bool many, struct cs_grep_worker workers[2],
                                  struct cs_error *err)
{
    struct cs_db *twin CS_CLEANUP(cs_db_cleanup) = many ? open_twin(db) : NULL;
    pthread_t thread;
    workers[0] = (struct cs_grep_worker){.job = job, .db = db};
    workers[1] = (struct cs_grep_worker){.job = job, .db = twin};
    bool helped =
        twin && pthread_create(&thread, NULL, cs_grep_work, &workers[1]) == 0;
    (void)cs_grep_work(&workers[0]);
    if (helped)
        (void)pthread_join(thread, NULL);
    for (int i = 0; i < 2; i++)
        if (workers[i].status)
            return cs_error_pass(err, workers[i].status, &workers[i].err);
    return CS_OK;
}

/* What both have found, in order, each once: text and comments of one document
 * may both match. */
static enum cs_status gather(struct cs_arena *arena,
                             const struct cs_grep_worker workers[2],
                             struct cs_grep_result *ret, struct cs_error *err)
{
    size_t n = workers[0].found.n + workers[1].found.n, kept = 0, at = 0;
    int64_t *all = cs_arena_array(arena, n, sizeof(*all));
    if (!all)
        return cs_arena_status(arena, err);
    for (int i = 0; i < 2; i++) {
        for (size_t j = 0; j < workers[i].found.n; j++)
            all[at++] = workers[i].found.all[j];
        ret->gave_up += workers[i].gave_up;
        ret->read += workers[i].read;
        ret->partial = ret->partial || workers[i].late;
    }
    if (n > 1)
        qsort(all, n, sizeof(*all), compare_rows);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || all[i] != all[i - 1])
            all[kept++] = all[i];
    ret->documents = all;
    ret->n = kept;
    return CS_OK;
}

enum cs_status cs_grep_run(struct cs_db *db, struct cs_lexicon *lexicon,
                           struct cs_arena *arena,
                           const struct cs_grep_request *request,
                           struct cs_grep_result *ret, struct cs_error *err)
{
    struct cs_rows rows CS_CLEANUP(cs_rows_clear) = {0};
    struct cs_grep_worker workers[2] = {{0}};
    struct cs_grep_result result = {0};
    int64_t wait =
        request->deadline_ms ? request->deadline_ms : CS_GREP_DEADLINE_MS;
    struct cs_grep_job job = {.regex = request->regex,
                              .clock = request->clock,
                              .deadline = cs_clock_mono(request->clock) + wait,
                              .rows = request->candidates,
                              .n = request->n_candidates};
    enum cs_status status =
        cs_db_int(db, &job.last, err, "SELECT max(id) FROM document", "");
    if (!status)
        status = choose(lexicon, arena, request, &job, &result, err);
    if (!status && result.prefilter == CS_PREFILTER_MATCH) {
        status = match(db, result.expression, job.rows, job.n, &rows, err);
        job.rows = rows.all ? rows.all : &job.last;
        job.n = rows.n;
    }
    int64_t n = job.rows ? (int64_t)job.n : job.last;
    if (!status && result.prefilter != CS_PREFILTER_NONE)
        status = run_workers(db, &job, n >= MANY, workers, err);
    if (!status)
        status = gather(arena, workers, &result, err);
    cs_rows_clear(&workers[0].found);
    cs_rows_clear(&workers[1].found);
    if (!status)
        *ret = result;
    return status;
}
