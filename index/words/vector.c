/*
 * vector.c - vectors read; what their bytes mean. See vector.h.
 */
#include "index/words/vector_block.h"

#include "index/state.h"
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
    const void *docs;
};

/* The blocks of one part, as they were asked for. */
struct shelf {
    enum cs_vector_part part;
    const void **near;     /* NULL: not asked for yet, or once */
    bool *asked;           /* of these: once */
    struct far_block *far; /* by their numbers */
    size_t n_far;
    struct cs_query rows; /* documents are mostly asked for in order */
    int64_t row;          /* the block that it stands at */
};

struct cs_vectors {
    struct cs_db *db;
    uint64_t n_near;
    struct shelf shelves[CS_VECTOR_PARTS];
    struct cs_arena *arena; /* of the blocks */
    struct cs_error failure;
};

/* A block that has no row. */
static const struct cs_vector_block nobody;

static enum cs_status make_shelf(struct cs_vectors *vectors,
                                 enum cs_vector_part part, struct cs_error *err)
{
    struct shelf *shelf = &vectors->shelves[part];
    shelf->part = part;
    shelf->near = calloc(vectors->n_near + 1, sizeof(*shelf->near));
    shelf->asked = calloc(vectors->n_near + 1, sizeof(*shelf->asked));
    return shelf->near && shelf->asked ? CS_OK : cs_error_no_memory(err);
}

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
    vectors->arena = cs_arena_new(0);
    status = vectors->arena ? make_shelf(vectors, CS_VECTOR_RANK, err)
                            : cs_error_no_memory(err);
    if (status) {
        cs_vectors_close(vectors);
        return status;
    }
    *ret = vectors;
    return CS_OK;
}

void cs_vectors_close(struct cs_vectors *vectors)
{
    if (!vectors)
        return;
    for (size_t i = 0; i < CS_VECTOR_PARTS; i++) {
        cs_query_close(&vectors->shelves[i].rows);
        free((void *)vectors->shelves[i].near);
        free(vectors->shelves[i].asked);
        free(vectors->shelves[i].far);
    }
    cs_arena_free(vectors->arena);
    free(vectors);
}

/* Go to the row of a block, or to the first one behind it. */
static enum cs_status seek(struct cs_vectors *vectors, struct shelf *shelf,
                           int64_t number, struct cs_error *err)
{
    static const char *const sql[] = {
        "SELECT block, docs FROM vector WHERE block >= ? ORDER BY block",
        "SELECT block, docs FROM vector_facts WHERE block >= ?"
        " ORDER BY block"};
    enum cs_status status = CS_OK;
    bool more = true;
    bool ahead = shelf->rows.stmt && shelf->row <= number &&
                 (uint64_t)number - (uint64_t)shelf->row <= LEAP;
    if (!ahead) {
        cs_query_close(&shelf->rows);
        status = cs_db_query(vectors->db, &shelf->rows, err, sql[shelf->part],
                             "i", number);
    }
    while (!status && more && (!ahead || shelf->row < number)) {
        ahead = true;
        status = cs_query_next(&shelf->rows, &more, err);
        if (!status && more)
            shelf->row = cs_query_int(&shelf->rows, 0);
    }
    if (status || !more)
        cs_query_close(&shelf->rows);
    return status;
}

/* Take `n` documents of a block, from the place `first` on. */
static enum cs_status take(struct cs_vectors *vectors, struct shelf *shelf,
                           int64_t number, size_t first, size_t n,
                           const void **ret, struct cs_error *err)
{
    enum cs_status status = seek(vectors, shelf, number, err);
    if (status)
        return status;
    *ret = &nobody;
    if (!shelf->rows.stmt || shelf->row != number)
        return CS_OK;
    void *docs = cs_arena_take(vectors->arena, n * CS_VECTOR_SIZE);
    if (!docs)
        return cs_arena_status(vectors->arena, err);
    *ret = docs;
    return cs_vector_block_get(&shelf->rows, 1, shelf->part, number, first, n,
                               docs, err);
}

static enum cs_status load(struct cs_vectors *vectors, struct shelf *shelf,
                           int64_t number, const void **ret,
                           struct cs_error *err)
{
    return take(vectors, shelf, number, 0, CS_VECTOR_BLOCK, ret, err);
}

/* Where a far block is in the list, or belongs. */
static size_t find_far(const struct shelf *shelf, int64_t number)
{
    size_t low = 0, high = shelf->n_far;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (shelf->far[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A far block that has no row is not remembered: any number may be asked for.
 */
static enum cs_status get_far(struct cs_vectors *vectors, struct shelf *shelf,
                              int64_t number, const void **ret,
                              struct cs_error *err)
{
    size_t at = find_far(shelf, number), n = shelf->n_far;
    if (at < n && shelf->far[at].number == number) {
        *ret = shelf->far[at].docs;
        return CS_OK;
    }
    struct far_block *far = shelf->far;
    if ((n & (n - 1)) == 0) /* full */
        far = realloc(far, (n ? 2 * n : 1) * sizeof(*far));
    if (!far)
        return cs_error_no_memory(err);
    shelf->far = far;
    enum cs_status status = load(vectors, shelf, number, ret, err);
    if (status || *ret == &nobody)
        return status;
    memmove(far + at + 1, far + at, (n - at) * sizeof(*far));
    far[at] = (struct far_block){number, *ret};
    shelf->n_far++;
    return CS_OK;
}

/* NULL after a failure. */
static const void *get_block(struct cs_vectors *vectors, struct shelf *shelf,
                             int64_t number)
{
    const void *block = NULL;
    if (vectors->failure.status)
        return NULL;
    bool near = number >= 0 && (uint64_t)number < vectors->n_near;
    enum cs_status status =
        near ? load(vectors, shelf, number, &block, &vectors->failure)
        : number >= 0 && number < NEAR_MAX
            ? CS_OK /* behind the last */
            : get_far(vectors, shelf, number, &block, &vectors->failure);
    if (status)
        return NULL;
    if (near)
        shelf->near[number] = block;
    return block ? block : &nobody;
}

/* Those of a rare word are in a block each: of one that is asked for the first
 * time the document alone is taken. NULL after a failure. */
static const void *take_one(struct cs_vectors *vectors, struct shelf *shelf,
                            int64_t document)
{
    const void *docs = NULL;
    int64_t number = cs_vector_block_of(document);
    shelf->asked[number] = true;
    enum cs_status status =
        take(vectors, shelf, number, cs_vector_place(document), 1, &docs,
             &vectors->failure);
    return status ? NULL : docs;
}

/* What a part has of a document; zeros for one that is not indexed. NULL after
 * a failure; blocks that were loaded stay. */
static const void *find(struct cs_vectors *vectors, enum cs_vector_part part,
                        int64_t document)
{
    struct shelf *shelf = &vectors->shelves[part];
    uint64_t number = (uint64_t)document / CS_VECTOR_BLOCK; /* if it is near */
    bool near = number < vectors->n_near;
    const char *block = near ? shelf->near[number] : NULL;
    if (!block && near && !vectors->failure.status && !shelf->asked[number])
        return take_one(vectors, shelf, document);
    if (!block)
        block = get_block(vectors, shelf, cs_vector_block_of(document));
    return block ? block + cs_vector_place(document) * CS_VECTOR_SIZE : NULL;
}

const struct cs_vector *cs_vectors_get(struct cs_vectors *vectors,
                                       int64_t document)
{
    const struct shelf *shelf = &vectors->shelves[CS_VECTOR_RANK];
    uint64_t number = (uint64_t)document / CS_VECTOR_BLOCK,
             place = (uint64_t)document % CS_VECTOR_BLOCK;
    const struct cs_vector *block =
        number < vectors->n_near ? shelf->near[number] : NULL;
    const struct cs_vector *vector =
        block ? &block[place] : find(vectors, CS_VECTOR_RANK, document);
    return vector && vector->flags ? vector : NULL;
}

const struct cs_vector_facts *cs_vectors_facts(struct cs_vectors *vectors,
                                               int64_t document)
{
    const struct cs_vector_facts *facts = NULL;
    if (!vectors->shelves[CS_VECTOR_FACTS].near && !vectors->failure.status)
        (void)make_shelf(vectors, CS_VECTOR_FACTS, &vectors->failure);
    if (vectors->shelves[CS_VECTOR_FACTS].near)
        facts = find(vectors, CS_VECTOR_FACTS, document);
    return facts ? facts : nobody.facts;
}

uint32_t cs_vectors_updated(struct cs_vectors *vectors, int64_t document,
                            const struct cs_vector *vector)
{
    return (uint32_t)vector->day * CS_VECTOR_MINUTES_PER_DAY +
           cs_vectors_facts(vectors, document)->minute;
}

enum cs_status cs_vectors_status(const struct cs_vectors *vectors,
                                 struct cs_error *err)
{
    return cs_error_pass(err, vectors->failure.status, &vectors->failure);
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
        cs_state_text(db, "vectors", read_totals, &totals, err);
    if (!status)
        *ret = totals;
    return status;
}

enum cs_status cs_vectors_generation(struct cs_db *db, int64_t *ret,
                                     struct cs_error *err)
{
    *ret = 0;
    return cs_state_int(db, "generation", ret, err);
}
