/*
 * runs.c - runs read and written.
 */
#include "index/words/runs.h"

#include <stdlib.h>

enum cs_status cs_lexicon_damaged(struct cs_error *err)
{
    cs_error_set(err, CS_ERR_CORRUPT, "the lexicon of the index is damaged");
    cs_error_hint(err, "run `cs maintenance reindex`, which makes it anew");
    return CS_ERR_CORRUPT;
}

/* Find the chunks of a run in its bytes; false: damaged. With `chunks` NULL
 * they are only counted. */
static bool find_chunks(const char *data, size_t len, struct cs_chunk *chunks,
                        size_t *ret_n)
{
    const uint8_t *at = (const uint8_t *)data, *end = at + len;
    size_t n = 0;
    for (; at < end; n++) {
        uint64_t size;
        struct cs_chunk chunk;
        if (!cs_chunk_get_number(&at, end, &size) ||
            size > (uint64_t)(end - at) ||
            !cs_chunk_open(at, (size_t)size, &chunk))
            return false;
        if (chunks)
            chunks[n] = chunk;
        at += size;
    }
    *ret_n = n;
    return true;
}

static enum cs_status open_run(struct cs_run *run, const void *data, size_t len,
                               struct cs_error *err)
{
    size_t n;
    run->data = malloc(len + 1);
    if (!run->data)
        return cs_error_no_memory(err);
    if (len > 0)
        memcpy(run->data, data, len);
    if (!find_chunks(run->data, len, NULL, &n))
        return cs_lexicon_damaged(err);
    run->chunks = calloc(n + 1, sizeof(struct cs_chunk));
    if (!run->chunks)
        return cs_error_no_memory(err);
    (void)find_chunks(run->data, len, run->chunks, &run->n);
    return CS_OK;
}

static enum cs_status add_run(void *payload, struct cs_query *row,
                              struct cs_error *err)
{
    struct cs_runs *runs = payload;
    if (runs->n == runs->max) {
        size_t max = runs->max ? 2 * runs->max : 16;
        void *more = realloc(runs->runs, max * sizeof(struct cs_run));
        if (!more)
            return cs_error_no_memory(err);
        runs->runs = more;
        runs->max = max;
    }
    size_t len = 0;
    const void *data = cs_query_blob(row, 0, &len);
    if (!data && len > 0)
        return cs_error_no_memory(err);
    struct cs_run *run = &runs->runs[runs->n++];
    *run = (struct cs_run){0};
    return open_run(run, data, len, err);
}

enum cs_status cs_runs_load(struct cs_db *db, int64_t from, int64_t to,
                            struct cs_runs *runs, struct cs_error *err)
{
    return cs_db_each(db, add_run, runs, err,
                      "SELECT terms FROM lexicon_delta"
                      " WHERE id BETWEEN ? AND ? ORDER BY id",
                      "ii", from, to);
}

void cs_runs_clear(struct cs_runs *runs)
{
    for (size_t i = 0; i < runs->n; i++) {
        free(runs->runs[i].data);
        free(runs->runs[i].chunks);
    }
    free(runs->runs);
    *runs = (struct cs_runs){0};
}

static int compare_first(const struct cs_chunk *chunk, const char *term,
                         size_t len)
{
    const char *stop = memchr(chunk->terms, '\n', chunk->len);
    return cs_term_compare(chunk->terms, (size_t)(stop - chunk->terms), term,
                           len);
}

const struct cs_chunk *cs_delta_chunk(const struct cs_run *run,
                                      const char *term, size_t len)
{
    size_t low = 0, high = run->n; /* chunks that begin at or before it */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_first(&run->chunks[middle], term, len) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &run->chunks[low - 1] : NULL;
}

void cs_delta_writer_init(struct cs_delta_writer *writer)
{
    writer->chunk.terms_len = writer->chunk.dfs_len = 0;
    writer->chunk.first_len = 0;
    cs_strbuf_init(&writer->piece, CS_CHUNK_MAX);
    cs_strbuf_init(&writer->run, CS_RUN_MAX);
}

void cs_delta_writer_clear(struct cs_delta_writer *writer)
{
    cs_strbuf_clear(&writer->piece);
    cs_strbuf_clear(&writer->run);
}

static void end_chunk(struct cs_delta_writer *writer)
{
    cs_strbuf_reset(&writer->piece);
    cs_chunk_end(&writer->chunk, &writer->piece);
    if (writer->piece.status) /* sticks to the run */
        writer->run.status = writer->piece.status;
    cs_chunk_put_number(&writer->run, writer->piece.len);
    cs_strbuf_put(&writer->run, writer->piece.data, writer->piece.len);
}

void cs_delta_add(struct cs_delta_writer *writer, const char *term, size_t len,
                  int64_t df)
{
    if (cs_chunk_add(&writer->chunk, term, len, df))
        return;
    end_chunk(writer);
    (void)cs_chunk_add(&writer->chunk, term, len, df);
}

enum cs_status cs_delta_end(struct cs_delta_writer *writer,
                            struct cs_error *err)
{
    if (writer->chunk.terms_len > 0)
        end_chunk(writer);
    return cs_strbuf_status(&writer->run, err);
}
