/*
 * merge.c - many sources in order made one: a heap of the terms that each has
 * in front.
 *
 * The base is one source; its rows are read one at a time, each by a query of
 * its own, so that rows may be written behind the place that was reached. Its
 * ids rise with its terms.
 */
#include "index/words/runs.h"

#include "index/words/tally.h"

#include <stdlib.h>

struct source {
    struct cs_chunk_cursor at;
    const struct cs_run *run; /* NULL: the base */
    size_t chunk;             /* of the run, that comes next */
};

struct cs_merge {
    struct cs_db *db;
    int64_t row, last; /* of the base: that was read, that is the last */
    char *page;        /* the bytes of that row */
    size_t page_size;
    bool consume;
    struct source *sources; /* the base is the last one, if it is wanted */
    struct source **heap;
    size_t n_heap;
    char term[CS_TERM_MAX];
};

static bool is_before(const struct source *a, const struct source *b)
{
    return cs_term_compare(a->at.term, a->at.len, b->at.term, b->at.len) < 0;
}

static void sift_down(struct cs_merge *merge, size_t i)
{
    struct source *moved = merge->heap[i];
    for (size_t child; (child = 2 * i + 1) < merge->n_heap; i = child) {
        if (child + 1 < merge->n_heap &&
            is_before(merge->heap[child + 1], merge->heap[child]))
            child++;
        if (!is_before(merge->heap[child], moved))
            break;
        merge->heap[i] = merge->heap[child];
    }
    merge->heap[i] = moved;
}

static void push(struct cs_merge *merge, struct source *source)
{
    size_t i = merge->n_heap++;
    for (; i > 0 && is_before(source, merge->heap[(i - 1) / 2]);
         i = (i - 1) / 2)
        merge->heap[i] = merge->heap[(i - 1) / 2];
    merge->heap[i] = source;
}

/* The page is copied: the row may be deleted, and the query is over. */
static enum cs_status keep_page(struct cs_merge *merge, struct cs_query *row,
                                struct cs_chunk *ret, struct cs_error *err)
{
    size_t len = 0;
    const void *data = cs_query_blob(row, 1, &len);
    if (len > merge->page_size) {
        char *more = realloc(merge->page, len);
        if (!more)
            return cs_error_no_memory(err);
        merge->page = more;
        merge->page_size = len;
    }
    if (data)
        memcpy(merge->page, data, len);
    merge->row = cs_query_int(row, 0);
    return data && cs_chunk_open(merge->page, len, ret)
               ? CS_OK
               : cs_lexicon_damaged(err);
}

static enum cs_status read_base(struct cs_merge *merge, struct cs_chunk *ret,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(merge->db, &query, err,
                    "SELECT id, terms FROM lexicon WHERE id > ? AND id <= ?"
                    " ORDER BY id LIMIT 1",
                    "ii", merge->row, merge->last);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && row)
        status = keep_page(merge, &query, ret, err);
    if (status || !row || !merge->consume)
        return status;
    cs_query_close(&query);
    query = (struct cs_query){0};
    return cs_db_run(merge->db, err, "DELETE FROM lexicon WHERE id = ?", "i",
                     merge->row);
}

/* The next chunk of a source; one without terms behind the last. */
static enum cs_status next_chunk(struct cs_merge *merge, struct source *source,
                                 struct cs_chunk *ret, struct cs_error *err)
{
    if (!source->run)
        return read_base(merge, ret, err);
    if (source->chunk < source->run->n)
        *ret = source->run->chunks[source->chunk++];
    return CS_OK;
}

/* Go to the source's next term, not smaller than `from`. */
static enum cs_status advance(struct cs_merge *merge, struct source *source,
                              const char *from, size_t len, bool *ret_more,
                              struct cs_error *err)
{
    for (;;) {
        if (source->at.next) {
            if (!cs_chunk_next(&source->at, ret_more))
                return cs_lexicon_damaged(err);
            if (*ret_more)
                return CS_OK;
        }
        struct cs_chunk chunk = {0};
        enum cs_status status = next_chunk(merge, source, &chunk, err);
        *ret_more = false;
        if (status || !chunk.terms)
            return status;
        cs_chunk_seek(&chunk, from, len, &source->at);
    }
}

static enum cs_status add_source(struct cs_merge *merge, struct source *source,
                                 const struct cs_merge_options *options,
                                 struct cs_error *err)
{
    bool more;
    enum cs_status status =
        advance(merge, source, options->from, options->from_len, &more, err);
    if (!status && more)
        push(merge, source);
    return status;
}

static enum cs_status add_runs(struct cs_merge *merge,
                               const struct cs_merge_options *options,
                               struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; options->runs && i < options->runs->n && !status; i++) {
        const struct cs_run *run = &options->runs->runs[i];
        const struct cs_chunk *first =
            options->from
                ? cs_delta_chunk(run, options->from, options->from_len)
                : NULL;
        merge->sources[i].run = run;
        merge->sources[i].chunk = first ? (size_t)(first - run->chunks) : 0;
        status = add_source(merge, &merge->sources[i], options, err);
    }
    return status;
}

/* The row in which the first term may stand is read first. */
static enum cs_status add_base(struct cs_merge *merge, struct source *source,
                               const struct cs_merge_options *options,
                               struct cs_error *err)
{
    char from[CS_TERM_MAX + 1] = "";
    if (options->from && options->from_len <= CS_TERM_MAX)
        memcpy(from, options->from, options->from_len);
    int64_t first = 0;
    enum cs_status status = CS_OK;
    merge->last = INT64_MAX;
    if (merge->consume) /* what takes the place of its rows comes behind them */
        status = cs_db_int(merge->db, &merge->last, err,
                           "SELECT coalesce(max(id), 0) FROM lexicon", "");
    if (!status && *from)
        status = cs_db_int(merge->db, &first, err,
                           "SELECT id FROM lexicon WHERE first <= ?"
                           " ORDER BY first DESC LIMIT 1",
                           "s", from);
    merge->row = first > 0 ? first - 1 : -1;
    return status ? status : add_source(merge, source, options, err);
}

enum cs_status cs_merge_open(const struct cs_merge_options *options,
                             struct cs_merge **ret, struct cs_error *err)
{
    size_t n = options->runs ? options->runs->n : 0;
    struct cs_merge *merge = calloc(1, sizeof(*merge));
    if (!merge)
        return cs_error_no_memory(err);
    merge->db = options->db;
    merge->consume = options->consume;
    merge->sources = calloc(n + 1, sizeof(*merge->sources));
    merge->heap = calloc(n + 1, sizeof(struct source *));
    enum cs_status status = merge->sources && merge->heap
                                ? add_runs(merge, options, err)
                                : cs_error_no_memory(err);
    if (!status && merge->db)
        status = add_base(merge, &merge->sources[n], options, err);
    if (status)
        cs_merge_close(merge);
    else
        *ret = merge;
    return status;
}

void cs_merge_close(struct cs_merge *merge)
{
    if (!merge)
        return;
    free(merge->page);
    free(merge->sources);
    free(merge->heap);
    free(merge);
}

/* Take the front term's number, and bring its source to its next one. */
static enum cs_status take(struct cs_merge *merge, int64_t *sum,
                           struct cs_error *err)
{
    struct source *source = merge->heap[0];
    bool more;
    if (__builtin_add_overflow(*sum, source->at.df, sum))
        return cs_lexicon_damaged(err);
    enum cs_status status = advance(merge, source, NULL, 0, &more, err);
    if (status)
        return status;
    if (!more)
        merge->heap[0] = merge->heap[--merge->n_heap];
    if (merge->n_heap > 0)
        sift_down(merge, 0);
    return CS_OK;
}

enum cs_status cs_merge_next(struct cs_merge *merge, struct cs_merged *ret,
                             bool *ret_more, struct cs_error *err)
{
    *ret_more = merge->n_heap > 0;
    if (!*ret_more)
        return CS_OK;
    size_t len = merge->heap[0]->at.len;
    int64_t sum = 0;
    int order = 0;
    memcpy(merge->term, merge->heap[0]->at.term, len);
    while (order == 0 && merge->n_heap > 0) {
        enum cs_status status = take(merge, &sum, err);
        if (status)
            return status;
        if (merge->n_heap > 0)
            order = cs_term_compare(merge->heap[0]->at.term,
                                    merge->heap[0]->at.len, merge->term, len);
    }
    if (order < 0)
        return cs_lexicon_damaged(err);
    *ret = (struct cs_merged){.term = merge->term, .len = len, .df = sum};
    return CS_OK;
}
