/*
 * board.c - a table of leaves with the places of entries, entries in the order
 * in which they came, and one growing store of positions.
 */
#include "index/search/board.h"

#include "src/arena.h"

#include <stdlib.h>

enum {
    HEAD = 3,              /* words of a record before its places */
    STORE_START = 1 << 14, /* words */
    STORE_MAX = 12 << 20,  /* 48 MB */
    LEAF = 16,             /* documents */
    LEAVES_MAX = 16 << 20, /* row ids up to 2^28 */
    BATCH = 64,            /* entries that are made at once */
};

struct leaf {
    struct cs_board_entry *of[LEAF]; /* NULL: nothing was told */
};

struct cs_board {
    struct cs_arena *arena; /* of leaves and entries */
    struct leaf **leaves;
    size_t n_leaves;
    struct cs_board_entry *fresh; /* the rest of a batch */
    size_t n_fresh;
    uint32_t *store;
    size_t n, cap; /* words */
    size_t open;   /* where the record begins that is being written */
    bool failed;   /* no memory for positions */
};

struct cs_board *cs_board_new(void)
{
    struct cs_board *board = calloc(1, sizeof(*board));
    if (!board)
        return NULL;
    board->n = 1; /* record 0 is none */
    board->arena = cs_arena_new(0);
    if (board->arena)
        return board;
    free(board);
    return NULL;
}

void cs_board_clear(struct cs_board *board)
{
    for (size_t i = 0; i < board->n_leaves; i++)
        board->leaves[i] = NULL;
    cs_arena_clear(board->arena);
    board->n_fresh = 0;
    board->n = 1;
    board->open = 0;
}

void cs_board_free(struct cs_board *board)
{
    if (!board)
        return;
    cs_arena_free(board->arena);
    free(board->leaves);
    free(board->store);
    free(board);
}

/* Make the table reach as far as a leaf. */
static bool reach(struct cs_board *board, size_t number)
{
    if (number >= LEAVES_MAX)
        return false;
    size_t n = number + number / 2 + 64;
    struct leaf **leaves = realloc(board->leaves, n * sizeof(struct leaf *));
    if (!leaves)
        return false;
    for (size_t i = board->n_leaves; i < n; i++)
        leaves[i] = NULL;
    board->leaves = leaves;
    board->n_leaves = n;
    return true;
}

static struct cs_board_entry *new_entry(struct cs_board *board)
{
    if (board->n_fresh == 0) {
        board->fresh =
            cs_arena_array(board->arena, BATCH, sizeof(*board->fresh));
        if (!board->fresh)
            return NULL;
        board->n_fresh = BATCH;
    }
    board->n_fresh--;
    return board->fresh++;
}

/* The place of a document's entry; NULL: no memory, or no row id. */
static struct cs_board_entry **make_place(struct cs_board *board,
                                          uint64_t document)
{
    uint64_t number = document / LEAF;
    if (number >= board->n_leaves && !reach(board, number))
        return NULL;
    struct leaf **leaf = &board->leaves[number];
    if (!*leaf)
        *leaf = cs_arena_alloc(board->arena, sizeof(**leaf));
    return *leaf ? &(*leaf)->of[document % LEAF] : NULL;
}

struct cs_board_entry *cs_board_find(const struct cs_board *board,
                                     int64_t document)
{
    uint64_t row = (uint64_t)document, number = row / LEAF;
    const struct leaf *leaf =
        number < board->n_leaves ? board->leaves[number] : NULL;
    return leaf ? leaf->of[row % LEAF] : NULL;
}

struct cs_board_entry *cs_board_at(struct cs_board *board, int64_t document)
{
    struct cs_board_entry *entry = cs_board_find(board, document);
    if (entry)
        return entry;
    struct cs_board_entry **place = make_place(board, (uint64_t)document);
    if (place)
        *place = new_entry(board);
    return place ? *place : NULL;
}

static bool reserve(struct cs_board *board, size_t words)
{
    if (board->n + words <= board->cap)
        return true;
    size_t cap = board->cap ? board->cap * 2 : STORE_START;
    if (cap > STORE_MAX)
        return false;
    uint32_t *store = realloc(board->store, cap * sizeof(*store));
    board->failed |= !store;
    if (!store)
        return false;
    board->store = store;
    board->cap = cap;
    return true;
}

void cs_board_begin(struct cs_board *board, size_t group, size_t phrase)
{
    board->open = 0;
    if (!reserve(board, HEAD))
        return;
    board->open = board->n;
    board->store[board->n + 1] = (uint32_t)(group << 16 | phrase);
    board->n += HEAD;
}

void cs_board_add(struct cs_board *board, uint32_t place)
{
    if (board->open && reserve(board, 1))
        board->store[board->n++] = place;
}

bool cs_board_end(struct cs_board *board, struct cs_board_entry *entry)
{
    size_t at = board->open;
    if (!at)
        return !board->failed;
    board->store[at] = entry->places;
    board->store[at + 2] = (uint32_t)(board->n - at - HEAD);
    entry->places = (uint32_t)at;
    board->open = 0;
    return !board->failed;
}

struct cs_board_record cs_board_record(const struct cs_board *board,
                                       uint32_t at)
{
    const uint32_t *words = board->store + at;
    return (struct cs_board_record){
        .older = words[0],
        .group = (uint16_t)(words[1] >> 16),
        .phrase = (uint16_t)(words[1] & 0xffff),
        .n = words[2],
        .places = words + HEAD,
    };
}

void cs_board_each(struct cs_board *board, cs_board_fn *visit, void *payload)
{
    for (size_t i = 0; i < board->n_leaves; i++)
        for (size_t j = 0; board->leaves[i] && j < LEAF; j++) {
            struct cs_board_entry *entry = board->leaves[i]->of[j];
            if (entry && entry->state != CS_BOARD_NEW &&
                !visit(payload, (int64_t)(i * LEAF + j), entry))
                return;
        }
}
