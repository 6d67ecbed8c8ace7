/*
 * postings.c - doclists of several tokens and segments, merged in a heap.
 *
 * A document may be in several segments; the newest says how it is now.
 */
#include "index/search/postings.h"

#include "index/search/doclist.h"

#include <stdlib.h>

enum { TOKEN_MAX = 255, PLACES_MAX = 512 << 20 };

/* Terms begin with a byte that says in which index they are. */
static const char main_index = '0';

/* A doclist in the heap. */
struct run {
    struct cs_doclist list;
    size_t token;   /* in the order in which they were added */
    size_t segment; /* newest first */
};

struct cs_postings {
    struct cs_db *db;
    const struct cs_segments *segments;
    struct run **runs; /* a heap, when `ordered` */
    size_t n, cap;
    size_t tokens;
    bool ordered;
    bool used;        /* what the first run tells was taken, */
    int64_t document; /* which was this, */
    size_t token;     /* of this token */
    int64_t limit;    /* the other runs tell of no document below */
    struct cs_strbuf joined, other; /* places of several tokens */
};

struct cs_postings *cs_postings_new(struct cs_db *db,
                                    const struct cs_segments *segments)
{
    struct cs_postings *postings = calloc(1, sizeof(*postings));
    if (!postings)
        return NULL;
    postings->db = db;
    postings->segments = segments;
    cs_strbuf_init(&postings->joined, PLACES_MAX);
    cs_strbuf_init(&postings->other, PLACES_MAX);
    return postings;
}

static void free_run(struct run *run)
{
    if (run)
        cs_doclist_clear(&run->list);
    free(run);
}

void cs_postings_clear(struct cs_postings *postings)
{
    for (size_t i = 0; i < postings->n; i++)
        free_run(postings->runs[i]);
    postings->n = postings->tokens = 0;
    postings->document = postings->limit = 0;
    postings->ordered = postings->used = false;
}

void cs_postings_free(struct cs_postings *postings)
{
    if (!postings)
        return;
    cs_postings_clear(postings);
    free(postings->runs);
    cs_strbuf_clear(&postings->joined);
    cs_strbuf_clear(&postings->other);
    free(postings);
}

/* ---- adding tokens ---- */

static enum cs_status add_run(struct cs_postings *postings, struct run *run,
                              struct cs_error *err)
{
    if (run->list.document == 0) {
        free_run(run);
        return CS_OK;
    }
    if (postings->n == postings->cap) {
        size_t cap = postings->cap ? 2 * postings->cap : 16;
        struct run **runs = realloc(postings->runs, cap * sizeof(struct run *));
        if (!runs) {
            free_run(run);
            return cs_error_no_memory(err);
        }
        postings->runs = runs;
        postings->cap = cap;
    }
    postings->runs[postings->n++] = run;
    return CS_OK;
}

enum cs_status cs_postings_add(struct cs_postings *postings, const char *token,
                               size_t len, struct cs_error *err)
{
    unsigned char term[TOKEN_MAX + 1] = {(unsigned char)main_index};
    size_t number = ++postings->tokens;
    enum cs_status status = CS_OK;
    if (len > TOKEN_MAX) /* longer than any that is indexed */
        return CS_OK;
    memcpy(term + 1, token, len);
    for (size_t i = 0; i < postings->segments->n && !status; i++) {
        struct run *run = malloc(sizeof(*run));
        if (!run)
            return cs_error_no_memory(err);
        status = cs_doclist_open(postings->db, &postings->segments->of[i], term,
                                 len + 1, &run->list, err);
        run->token = number;
        run->segment = i;
        if (status)
            free_run(run);
        else
            status = add_run(postings, run, err);
    }
    return status;
}

/* ---- the heap ---- */

static bool is_before(const struct run *a, const struct run *b)
{
    if (a->list.document != b->list.document)
        return a->list.document < b->list.document;
    if (a->token != b->token)
        return a->token < b->token;
    return a->segment < b->segment;
}

static void sink(struct cs_postings *postings, size_t at)
{
    struct run **heap = postings->runs, *run = heap[at];
    for (size_t child; (child = 2 * at + 1) < postings->n; at = child) {
        if (child + 1 < postings->n && is_before(heap[child + 1], heap[child]))
            child++;
        if (!is_before(heap[child], run))
            break;
        heap[at] = heap[child];
    }
    heap[at] = run;
}

/* Put the first run, which was moved on, where it belongs. */
static void settle(struct cs_postings *postings)
{
    struct run **runs = postings->runs;
    if (runs[0]->list.document == 0) {
        free_run(runs[0]);
        runs[0] = runs[--postings->n];
    }
    if (postings->n > 1)
        sink(postings, 0);
    postings->limit = INT64_MAX;
    for (size_t i = 1; i < postings->n && i <= 2; i++)
        if (runs[i]->list.document < postings->limit)
            postings->limit = runs[i]->list.document;
}

static void take(struct cs_postings *postings, const struct run *run)
{
    postings->document = run->list.document;
    postings->token = run->token;
    postings->used = true;
}

/* Look at the first run that tells of a document, and a token of it, for the
 * first time. NULL: there is none. */
static enum cs_status peek(struct cs_postings *postings, struct run **ret,
                           struct cs_error *err)
{
    *ret = NULL;
    while (postings->n > 0) {
        struct run *run = postings->runs[0];
        if (postings->used) {
            enum cs_status status = cs_doclist_next(&run->list, err);
            if (status)
                return status;
            postings->used = false;
            if (run->list.document == 0 ||
                run->list.document >= postings->limit)
                settle(postings);
            continue;
        }
        bool old = run->list.document == postings->document &&
                   run->token == postings->token;
        if (!old && run->list.places.size > 0) {
            *ret = run;
            break;
        }
        take(postings, run);
    }
    return CS_OK;
}

/* ---- what is told ---- */

/* Does another run tell of the same document? It would be next. */
static bool is_shared(const struct cs_postings *postings)
{
    struct run *const *runs = postings->runs;
    for (size_t i = 1; i < postings->n && i <= 2; i++)
        if (runs[i]->list.document == runs[0]->list.document)
            return true;
    return false;
}

/* Join what the first run tells with all that belong to it. */
static enum cs_status join(struct cs_postings *postings, struct cs_posting *ret,
                           struct cs_error *err)
{
    struct cs_strbuf *joined = &postings->joined, *other = &postings->other;
    struct run *run;
    cs_strbuf_reset(joined);
    cs_strbuf_put(joined, (const char *)ret->places.bytes, ret->places.size);
    for (;;) {
        ret->places.bytes = (const unsigned char *)joined->data;
        ret->places.size = joined->len;
        enum cs_status status = cs_strbuf_status(joined, err);
        if (!status)
            status = peek(postings, &run, err);
        if (status || !run || run->list.document != ret->document)
            return status;
        cs_places_merge(ret->places, run->list.places, other);
        take(postings, run);
        struct cs_strbuf *swap = joined;
        joined = other;
        other = swap;
    }
}

static void begin(struct cs_postings *postings)
{
    for (size_t i = postings->n / 2; i > 0; i--)
        sink(postings, i - 1);
    postings->ordered = true;
}

/* The same of one doclist, which is most of what is read. */
static enum cs_status next_alone(struct cs_postings *postings,
                                 struct cs_posting *ret, struct cs_error *err)
{
    struct cs_doclist *list = &postings->runs[0]->list;
    enum cs_status status = CS_OK;
    do {
        if (postings->used)
            status = cs_doclist_next(list, err);
        postings->used = true;
    } while (!status && list->document && list->places.size == 0);
    ret->document = status ? 0 : list->document;
    ret->places = list->places;
    return status;
}

static enum cs_status next_merged(struct cs_postings *postings,
                                  struct cs_posting *ret, struct cs_error *err)
{
    struct run *run;
    if (!postings->ordered)
        begin(postings);
    enum cs_status status = peek(postings, &run, err);
    if (status || !run) {
        *ret = (struct cs_posting){0};
        return status;
    }
    ret->document = run->list.document;
    ret->places = run->list.places;
    take(postings, run);
    return ret->document >= postings->limit && is_shared(postings)
               ? join(postings, ret, err)
               : CS_OK;
}

enum cs_status cs_postings_next(struct cs_postings *postings,
                                struct cs_posting *ret, struct cs_error *err)
{
    return postings->n == 1 ? next_alone(postings, ret, err)
                            : next_merged(postings, ret, err);
}
