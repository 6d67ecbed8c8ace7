/*
 * vector.c - vectors read; what their bytes mean. See vector.h.
 */
#include "index/words/vector_block.h"

#include "src/arena.h"

#include <stdlib.h>
#include <strings.h>

/* ---- counts in one byte ---- */

/* A number with twelve steps from one power of two to the next: 24 and below
 * as they are, then steps of two, of four, ... */
#define STEPS     12U
#define SHIFT_MAX 20U

uint8_t cs_vector_length_code(uint64_t n)
{
    unsigned shift = 0;
    while (shift < SHIFT_MAX && n >> shift >= 2 * STEPS)
        shift++;
    uint64_t code = STEPS * shift + (n >> shift);
    return code < UINT8_MAX ? (uint8_t)code : UINT8_MAX;
}

/* Of the counts that share a code, the one from which both ends are equally
 * far, as a whole number: sums of them are exact. */
static uint64_t count_of(uint8_t code)
{
    unsigned shift = code < 2 * STEPS ? 0 : (code - STEPS) / STEPS;
    uint64_t low = (uint64_t)(code - STEPS * shift) << shift;
    uint64_t high = low + ((uint64_t)1 << shift) - 1;
    uint64_t both = low + high;
    return low ? (2 * low * high + both / 2) / both : 0;
}

double cs_vector_length(uint8_t code)
{
    return (double)count_of(code);
}

double cs_vector_links(uint8_t code)
{
    return (double)count_of(code);
}

/* ---- labels ---- */

bool cs_vector_is_deprecated(const char *label)
{
    static const char *const names[] = {
        "deprecated", "obsolete",   "outdated",    "archived",    "archive",
        "retired",    "superseded", "out-of-date", "out_of_date", "outofdate",
        "do-not-use", "veraltet",   "überholt",    "ueberholt",   "archiviert",
        "obsolète",   "périmé",     "obsoleto",    "obsoleta",    "устарело",
        "устаревшее", "非推奨",     "廃止",        "已废弃",      "过时",
        "已过时",
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        if (strcasecmp(label, names[i]) == 0)
            return true;
    return false;
}

/* ---- the reader ---- */

/* Blocks of lower numbers are found by their number; others by searching. */
enum { NEAR_MAX = 1 << 16 };

/* Up to so many rows further on, stepping there is cheaper than seeking. */
enum { LEAP = 2 };

struct far_block {
    int64_t number;
    const struct cs_vector *vectors;
};

struct cs_vectors {
    struct cs_db *db;
    uint64_t n_near;
    const struct cs_vector **near; /* NULL: not asked for yet */
    struct far_block *far;         /* by their numbers */
    size_t n_far;
    struct cs_arena *arena; /* of the blocks */
    struct cs_query rows;   /* documents are mostly asked for in order */
    int64_t row;            /* the block that it stands at */
    struct cs_error failure;
};

/* A block that has no row. */
static const struct cs_vector nobody[CS_VECTOR_BLOCK];

enum cs_status cs_vectors_open(struct cs_db *db, struct cs_vectors **ret,
                               struct cs_error *err)
{
    int64_t last = -1;
    enum cs_status status = cs_db_int(
        db, &last, err, "SELECT max(block) FROM vector WHERE block < ?", "i",
        (int64_t)NEAR_MAX);
    if (status)
        return status;
    struct cs_vectors *vectors = calloc(1, sizeof(*vectors));
    if (!vectors)
        return cs_error_no_memory(err);
    vectors->db = db;
    vectors->n_near = last < 0 ? 0 : (uint64_t)last + 1;
    vectors->near = calloc(vectors->n_near + 1, sizeof(*vectors->near));
    vectors->arena = cs_arena_new(0);
    if (!vectors->near || !vectors->arena) {
        cs_vectors_close(vectors);
        return cs_error_no_memory(err);
    }
    *ret = vectors;
    return CS_OK;
}

void cs_vectors_close(struct cs_vectors *vectors)
{
    if (!vectors)
        return;
    cs_query_close(&vectors->rows);
    cs_arena_free(vectors->arena);
    free((void *)vectors->near);
    free(vectors->far);
    free(vectors);
}

/* Go to the row of a block, or to the first one behind it. */
static enum cs_status seek(struct cs_vectors *vectors, int64_t number,
                           struct cs_error *err)
{
    enum cs_status status = CS_OK;
    bool more = true;
    bool ahead = vectors->rows.stmt && vectors->row <= number &&
                 (uint64_t)number - (uint64_t)vectors->row <= LEAP;
    if (!ahead) {
        cs_query_close(&vectors->rows);
        status = cs_db_query(vectors->db, &vectors->rows, err,
                             "SELECT block, docs FROM vector"
                             " WHERE block >= ? ORDER BY block",
                             "i", number);
    }
    while (!status && more && (!ahead || vectors->row < number)) {
        ahead = true;
        status = cs_query_next(&vectors->rows, &more, err);
        if (!status && more)
            vectors->row = cs_query_int(&vectors->rows, 0);
    }
    if (status || !more)
        cs_query_close(&vectors->rows);
    return status;
}

static enum cs_status load(struct cs_vectors *vectors, int64_t number,
                           const struct cs_vector **ret, struct cs_error *err)
{
    enum cs_status status = seek(vectors, number, err);
    if (status)
        return status;
    *ret = nobody;
    if (!vectors->rows.stmt || vectors->row != number)
        return CS_OK;
    struct cs_vector_block *block =
        cs_arena_take(vectors->arena, sizeof(*block));
    if (!block)
        return cs_arena_status(vectors->arena, err);
    *ret = block->vectors;
    return cs_vector_block_get(&vectors->rows, 1, number, block, err);
}

/* Where a far block is in the list, or belongs. */
static size_t find_far(const struct cs_vectors *vectors, int64_t number)
{
    size_t low = 0, high = vectors->n_far;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (vectors->far[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A far block that has no row is not remembered: any number may be asked for.
 */
static enum cs_status get_far(struct cs_vectors *vectors, int64_t number,
                              const struct cs_vector **ret,
                              struct cs_error *err)
{
    size_t at = find_far(vectors, number), n = vectors->n_far;
    if (at < n && vectors->far[at].number == number) {
        *ret = vectors->far[at].vectors;
        return CS_OK;
    }
    struct far_block *far = vectors->far;
    if ((n & (n - 1)) == 0) /* full */
        far = realloc(far, (n ? 2 * n : 1) * sizeof(*far));
    if (!far)
        return cs_error_no_memory(err);
    vectors->far = far;
    enum cs_status status = load(vectors, number, ret, err);
    if (status || *ret == nobody)
        return status;
    memmove(far + at + 1, far + at, (n - at) * sizeof(*far));
    far[at] = (struct far_block){number, *ret};
    vectors->n_far++;
    return CS_OK;
}

/* NULL after a failure. */
static const struct cs_vector *get_block(struct cs_vectors *vectors,
                                         int64_t number)
{
    const struct cs_vector *block = NULL;
    if (vectors->failure.status)
        return NULL;
    bool near = number >= 0 && (uint64_t)number < vectors->n_near;
    enum cs_status status =
        near ? load(vectors, number, &block, &vectors->failure)
        : number >= 0 && number < NEAR_MAX
            ? CS_OK /* behind the last */
            : get_far(vectors, number, &block, &vectors->failure);
    if (status)
        return NULL;
    if (near)
        vectors->near[number] = block;
    return block ? block : nobody;
}

const struct cs_vector *cs_vectors_get(struct cs_vectors *vectors,
                                       int64_t document)
{
    uint64_t number = (uint64_t)document / CS_VECTOR_BLOCK; /* if it is near */
    const struct cs_vector *block =
        number < vectors->n_near ? vectors->near[number] : NULL;
    if (!block)
        block = get_block(vectors, cs_vector_block_of(document));
    if (!block)
        return NULL;
    const struct cs_vector *vector = &block[cs_vector_place(document)];
    return vector->flags ? vector : NULL;
}

enum cs_status cs_vectors_status(const struct cs_vectors *vectors,
                                 struct cs_error *err)
{
    if (vectors->failure.status)
        *err = vectors->failure;
    return vectors->failure.status;
}

struct walk {
    struct cs_vectors *vectors;
    cs_vector_fn *visit;
    void *payload;
    bool ended;
};

static enum cs_status walk_block(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    struct walk *walk = payload;
    int64_t number = cs_query_int(row, 0);
    for (size_t i = 0; i < CS_VECTOR_BLOCK && !walk->ended; i++) {
        int64_t document = cs_vector_document(number, i);
        if (cs_vector_block_of(document) != number)
            continue; /* behind the last number that there is */
        const struct cs_vector *vector =
            cs_vectors_get(walk->vectors, document);
        if (vector)
            walk->ended = !walk->visit(walk->payload, document, vector);
        else if (walk->vectors->failure.status)
            return cs_vectors_status(walk->vectors, err);
    }
    return CS_OK;
}

enum cs_status cs_vectors_each(struct cs_vectors *vectors, cs_vector_fn *visit,
                               void *payload, struct cs_error *err)
{
    struct walk walk = {vectors, visit, payload, false};
    return cs_db_each(vectors->db, walk_block, &walk, err,
                      "SELECT block FROM vector ORDER BY block", "");
}

/* ---- of all of them ---- */

static enum cs_status read_totals(void *payload, struct cs_query *row,
                                  struct cs_error *err)
{
    struct cs_vector_totals *totals = payload;
    const char *text = cs_query_text(row, 0);
    char *end = NULL;
    (void)err;
    totals->documents = strtoll(text, &end, 10);
    for (size_t i = 0; i < CS_FIELDS; i++)
        totals->tokens[i] = strtoll(end, &end, 10);
    return CS_OK;
}

enum cs_status cs_vectors_totals(struct cs_db *db, struct cs_vector_totals *ret,
                                 struct cs_error *err)
{
    struct cs_vector_totals totals = {0};
    enum cs_status status =
        cs_db_each(db, read_totals, &totals, err,
                   "SELECT value FROM state WHERE name = 'vectors'", "");
    if (!status)
        *ret = totals;
    return status;
}

enum cs_status cs_vectors_generation(struct cs_db *db, int64_t *ret,
                                     struct cs_error *err)
{
    *ret = 0;
    return cs_db_int(db, ret, err,
                     "SELECT value FROM state WHERE name = 'generation'", "");
}
