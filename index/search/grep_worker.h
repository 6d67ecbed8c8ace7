/*
 * grep_worker.h - one of the threads that read documents and match.
 */
#ifndef CS_INDEX_SEARCH_GREP_WORKER_H
#define CS_INDEX_SEARCH_GREP_WORKER_H

#include "index/db.h"
#include "index/search/literal.h"
#include "index/search/regex.h"
#include "src/clock.h"

#include <pthread.h>
#include <stdatomic.h>

/* Rows of documents. */
struct cs_rows {
    int64_t *all;
    size_t n, cap;
};

/* False without memory. */
bool cs_rows_add(struct cs_rows *rows, int64_t row);
void cs_rows_clear(struct cs_rows *rows);

/* What all workers share. */
struct cs_grep_job {
    const struct cs_regex *regex;
    const struct cs_literal *literals; /* that it requires; may be NULL */
    const struct cs_clock *clock;
    int64_t deadline;    /* on the monotonic clock */
    const int64_t *rows; /* to be read; NULL: all from 1 to `last` */
    size_t n;
    int64_t last;
    atomic_llong next; /* row, or place in `rows`, of the next slice */
    atomic_bool stop;  /* it is late, or somebody failed */
};

struct cs_grep_worker {
    struct cs_grep_job *job;
    struct cs_db *db;
    struct cs_regex_scratch *scratch;
    struct cs_rows found;
    size_t read, gave_up;
    bool late;
    enum cs_status status;
    struct cs_error err;
};

/* Take slices until there are none. `worker` is a struct cs_grep_worker; for
 * pthread_create(). Returns NULL. */
void *cs_grep_work(void *worker);

#endif
