/*
 * postings.c - doclists of several tokens and segments, merged in a heap.
 *
 * A document may be in several segments; the newest says how it is now.
 */
#include "index/search/postings.h"

#include "index/search/doclist.h"
#include "index/search/varint.h"

#include <stdlib.h>

enum {
    STRUCTURE = 10, /* row of fts_data */
    VERSION = 4,
    SEGMENTS_MAX = 2000, /* FTS5's own limit */
    SEGMENT_ID_MAX = 0xffff,
    TOKEN_MAX = 255,
    PLACES_MAX = 512 << 20,
};

/* Terms begin with a byte that says in which index they are. */
static const char main_index = '0';

/* A doclist in the heap. */
struct run {
    struct cs_doclist list;
    unsigned tag;
    size_t token;   /* in the order in which they were added */
    size_t segment; /* newest first */
};

struct cs_postings {
    struct cs_db *db;
    struct cs_segment *segments;
    size_t n_segments;
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

/* ---- what there is ---- */

static bool read_segment(const unsigned char **at, const unsigned char *end,
                         struct cs_segment *ret)
{
    uint64_t fields[3];
    for (size_t i = 0; i < CS_ARRAY_LEN(fields); i++) {
        size_t used = cs_varint_read(*at, end, &fields[i]);
        *at += used;
        if (!used)
            return false;
    }
    *ret = (struct cs_segment){(int64_t)fields[0], (int64_t)fields[1],
                               (int64_t)fields[2]};
    return fields[0] <= SEGMENT_ID_MAX && fields[1] <= fields[2] &&
           fields[2] <= INT32_MAX;
}

/* Segments stand level by level, the oldest of a level first; higher levels are
 * older. */
static bool read_structure(struct cs_postings *postings,
                           const unsigned char *at, const unsigned char *end)
{
    uint64_t levels = 0, segments = 0, writes = 0, merging = 0, n = 0;
    uint64_t *const head[] = {&levels, &segments, &writes};
    for (size_t i = 0; i < CS_ARRAY_LEN(head); i++) {
        size_t used = cs_varint_read(at, end, head[i]);
        at += used;
        if (!used)
            return false;
    }
    if (segments > SEGMENTS_MAX)
        return false;
    postings->segments = calloc(segments + 1, sizeof(*postings->segments));
    for (uint64_t level = 0; postings->segments && level < levels; level++) {
        size_t used = cs_varint_read(at, end, &merging);
        at += used;
        size_t more = used ? cs_varint_read(at, end, &n) : 0;
        at += more;
        if (!more || n > segments - postings->n_segments)
            return false;
        for (uint64_t i = n; i > 0; i--)
            if (!read_segment(
                    &at, end,
                    &postings->segments[postings->n_segments + i - 1]))
                return false;
        postings->n_segments += (size_t)n;
    }
    return postings->n_segments == segments;
}

/* False leaves it to FTS5, which says what is wrong if something is. */
static bool is_known(struct cs_postings *postings, struct cs_query *row)
{
    static const unsigned char other_layout[] = {0xff, 0, 0, 1};
    size_t len = 0, cookie = 4;
    const unsigned char *block = cs_query_blob(row, 0, &len);
    if (!block || len < cookie || cs_query_int(row, 1) != VERSION)
        return false;
    if (len >= cookie + sizeof(other_layout) &&
        memcmp(block + cookie, other_layout, sizeof(other_layout)) == 0)
        return false;
    return read_structure(postings, block + cookie, block + len);
}

enum cs_status cs_postings_open(struct cs_db *db, struct cs_postings **ret,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    *ret = NULL;
    if (sqlite3_txn_state(cs_db_handle(db), "main") == SQLITE_TXN_WRITE)
        return CS_OK;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT block, (SELECT v FROM fts_config"
                    " WHERE k = 'version') FROM fts_data WHERE id = ?1",
                    "i", (int64_t)STRUCTURE);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    struct cs_postings *postings = calloc(1, sizeof(*postings));
    if (!postings)
        return cs_error_no_memory(err);
    postings->db = db;
    cs_strbuf_init(&postings->joined, PLACES_MAX);
    cs_strbuf_init(&postings->other, PLACES_MAX);
    bool known = row && is_known(postings, &query);
    if (known && postings->segments) {
        *ret = postings;
        return CS_OK;
    }
    bool memory = !known || postings->segments;
    cs_postings_close(postings);
    return memory ? CS_OK : cs_error_no_memory(err);
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

void cs_postings_close(struct cs_postings *postings)
{
    if (!postings)
        return;
    cs_postings_clear(postings);
    free(postings->runs);
    free(postings->segments);
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
                               size_t len, unsigned tag, struct cs_error *err)
{
    unsigned char term[TOKEN_MAX + 1] = {(unsigned char)main_index};
    size_t number = ++postings->tokens;
    enum cs_status status = CS_OK;
    if (len > TOKEN_MAX) /* longer than any that is indexed */
        return CS_OK;
    memcpy(term + 1, token, len);
    for (size_t i = 0; i < postings->n_segments && !status; i++) {
        struct run *run = malloc(sizeof(*run));
        if (!run)
            return cs_error_no_memory(err);
        status = cs_doclist_open(postings->db, &postings->segments[i], term,
                                 len + 1, &run->list, err);
        run->tag = tag;
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
    if (a->token != b->token) /* and so by tag */
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

/* Does another run tell of the same document and tag? It would be next. */
static bool is_shared(const struct cs_postings *postings)
{
    const struct run *first = postings->runs[0];
    for (size_t i = 1; i < postings->n && i <= 2; i++)
        if (postings->runs[i]->list.document == first->list.document &&
            postings->runs[i]->tag == first->tag)
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
        if (status || !run || run->list.document != ret->document ||
            run->tag != ret->tag)
            return status;
        cs_places_merge(ret->places, run->list.places, other);
        take(postings, run);
        struct cs_strbuf *swap = joined;
        joined = other;
        other = swap;
    }
}

enum cs_status cs_postings_next(struct cs_postings *postings,
                                struct cs_posting *ret, struct cs_error *err)
{
    struct run *run;
    for (size_t i = postings->n / 2; !postings->ordered && i > 0; i--)
        sink(postings, i - 1);
    postings->ordered = true;
    enum cs_status status = peek(postings, &run, err);
    if (status || !run) {
        *ret = (struct cs_posting){0};
        return status;
    }
    ret->document = run->list.document;
    ret->tag = run->tag;
    ret->places = run->list.places;
    take(postings, run);
    return ret->document >= postings->limit && is_shared(postings)
               ? join(postings, ret, err)
               : CS_OK;
}
