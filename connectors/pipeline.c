/*
 * pipeline.c - open ahead, complete the first, hand over, drop it.
 */
#include "connectors/pipeline.h"

#include <stdlib.h>

#define CHUNK_BYTES   ((size_t)8 << 20)   /* of converted texts at a time */
#define SCRATCH_MAX   ((size_t)512 << 20) /* for one text, all in all */
#define POLL_EVERY    8                   /* documents */
#define GIVE_UP_AFTER 25 /* documents in a row that the server chokes on */

struct batch {
    struct batch *next;
    struct cs_pipeline_batch at;
};

struct work {
    struct cs_pipeline *line;
    struct batch *head, **tail;
    size_t n_open;
    bool last;       /* no more wants will come */
    unsigned choked; /* documents in a row */
    unsigned handed_over;
};

static void free_batch(const struct cs_pipeline *line, struct batch *batch)
{
    line->drop(batch->at.own);
    cs_arena_free(batch->at.arena);
    free(batch);
}

static enum cs_status take_wants(struct work *work,
                                 struct cs_pipeline_batch *batch,
                                 struct cs_error *err)
{
    const struct cs_fetch_io *io = work->line->io;
    size_t max = work->line->size(work->line);
    struct cs_want *wants = cs_arena_array(batch->arena, max, sizeof(*wants));
    if (!wants)
        return cs_arena_status(batch->arena, err);
    batch->wants = wants;
    enum cs_status status =
        io->next(io->payload, batch->arena, max, wants, &batch->n, err);
    work->last = !status && batch->n < max;
    return status;
}

static enum cs_status open_one(struct work *work, struct cs_error *err)
{
    struct cs_pipeline *line = work->line;
    struct batch *batch = calloc(1, sizeof(*batch));
    if (!batch)
        return cs_error_no_memory(err);
    batch->at.arena = cs_arena_new(0);
    enum cs_status status = batch->at.arena ? CS_OK : cs_error_no_memory(err);
    if (!status)
        status = take_wants(work, &batch->at, err);
    if (!status && batch->at.n > 0)
        status = line->open(line, &batch->at, err);
    if (status || batch->at.n == 0) {
        free_batch(line, batch);
        return status;
    }
    *work->tail = batch;
    work->tail = &batch->next;
    work->n_open++;
    return CS_OK;
}

static enum cs_status open_ahead(struct work *work, struct cs_error *err)
{
    size_t max = work->line->ahead(work->line);
    enum cs_status status = CS_OK;
    while (!work->last && work->n_open < max && !status)
        status = open_one(work, err);
    return status;
}

static void drop_head(struct work *work)
{
    struct batch *batch = work->head;
    work->head = batch->next;
    if (!work->head)
        work->tail = &work->head;
    work->n_open--;
    free_batch(work->line, batch);
}

static enum cs_status hand_over(struct work *work,
                                const struct cs_pipeline_end *end,
                                struct cs_error *err)
{
    const struct cs_fetch_io *io = work->line->io;
    enum cs_status status =
        end->why ? io->failed(io->payload, end->id, end->why, err)
                 : io->document(io->payload, end->doc, err);
    if (status)
        return status;
    work->choked = end->why && end->choked ? work->choked + 1 : 0;
    if (work->choked >= GIVE_UP_AFTER) {
        if (err)
            *err = *end->why;
        cs_error_prefix(err, "%u documents in a row failed, the last with",
                        work->choked);
        return end->why->status;
    }
    /* Transfers move only when they are given a turn. */
    if (++work->handed_over % POLL_EVERY == 0)
        status = cs_http_wait(work->line->http, SIZE_MAX, err);
    return status;
}

/* Hand over documents `from` to `to`, the latter not included. */
static enum cs_status flush(struct work *work, size_t from, size_t to,
                            struct cs_error *err)
{
    struct cs_pipeline *line = work->line;
    enum cs_status status = line->people(line, err);
    for (size_t i = from; i < to && !status; i++) {
        const struct cs_pipeline_end end = line->end(work->head->at.own, i);
        status = hand_over(work, &end, err);
    }
    cs_arena_clear(line->scratch);
    return status;
}

static enum cs_status finish_head(struct work *work, struct cs_error *err)
{
    struct cs_pipeline *line = work->line;
    const struct cs_pipeline_batch *batch = &work->head->at;
    size_t first = 0; /* converted, not handed over yet */
    enum cs_status status = line->complete(line, batch->own, err);
    for (size_t i = 0; i < batch->n && !status; i++) {
        status = line->convert(line, batch->own, i, err);
        /* An arena that refused once gives nothing until it is cleared. */
        bool full = cs_arena_used(line->scratch) > CHUNK_BYTES ||
                    cs_arena_status(line->scratch, NULL);
        if (!status && full) {
            status = flush(work, first, i + 1, err);
            first = i + 1;
        }
    }
    return status ? status : flush(work, first, batch->n, err);
}

enum cs_status cs_pipeline_run(struct cs_pipeline *line, struct cs_error *err)
{
    struct cs_arena *scratch CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new(SCRATCH_MAX);
    struct work work = {.line = line};
    if (!scratch)
        return cs_error_no_memory(err);
    work.tail = &work.head;
    line->scratch = scratch;
    enum cs_status status = open_ahead(&work, err);
    while (!status && work.head) {
        status = finish_head(&work, err);
        drop_head(&work);
        if (!status)
            status = open_ahead(&work, err);
    }
    while (work.head)
        drop_head(&work);
    line->scratch = NULL;
    return status;
}
