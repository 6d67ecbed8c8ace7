/*
 * board.c - blocks of entries, and one growing store of positions.
 */
#include "index/search/board.h"

#include <stdlib.h>

enum {
    HEAD = 3,              /* words of a record before its places */
    STORE_START = 1 << 14, /* words */
    STORE_MAX = 12 << 20,  /* 48 MB */
    BLOCKS_MAX = 16 << 20, /* row ids up to 2^34 */
};

struct cs_board {
    struct cs_board_entry **blocks;
    size_t n_blocks;
    uint32_t *store;
    size_t n, cap; /* words */
    size_t open;   /* where the record begins that is being written */
};

struct cs_board *cs_board_new(void)
{
    struct cs_board *board = calloc(1, sizeof(*board));
    if (board)
        board->n = 1; /* record 0 is none */
    return board;
}

void cs_board_clear(struct cs_board *board)
{
    for (size_t i = 0; i < board->n_blocks; i++) {
        free(board->blocks[i]);
        board->blocks[i] = NULL;
    }
    board->n = 1;
    board->open = 0;
}

void cs_board_free(struct cs_board *board)
{
    if (!board)
        return;
    cs_board_clear(board);
    free(board->blocks);
    free(board->store);
    free(board);
}

static bool reach_block(struct cs_board *board, size_t block)
{
    if (block < board->n_blocks)
        return true;
    if (block >= BLOCKS_MAX)
        return false;
    size_t n = block + block / 2 + 64;
    struct cs_board_entry **blocks =
        realloc(board->blocks, n * sizeof(struct cs_board_entry *));
    if (!blocks)
        return false;
    for (size_t i = board->n_blocks; i < n; i++)
        blocks[i] = NULL;
    board->blocks = blocks;
    board->n_blocks = n;
    return true;
}

struct cs_board_entry *cs_board_at(struct cs_board *board, int64_t document)
{
    size_t block = (size_t)document / CS_BOARD_BLOCK;
    if (document < 0 || !reach_block(board, block))
        return NULL;
    if (!board->blocks[block])
        board->blocks[block] =
            calloc(CS_BOARD_BLOCK, sizeof(struct cs_board_entry));
    if (!board->blocks[block])
        return NULL;
    return &board->blocks[block][(size_t)document % CS_BOARD_BLOCK];
}

struct cs_board_entry *cs_board_find(const struct cs_board *board,
                                     int64_t document)
{
    size_t block = (size_t)document / CS_BOARD_BLOCK;
    if (document < 0 || block >= board->n_blocks || !board->blocks[block])
        return NULL;
    return &board->blocks[block][(size_t)document % CS_BOARD_BLOCK];
}

static bool reserve(struct cs_board *board, size_t words)
{
    if (board->n + words <= board->cap)
        return true;
    size_t cap = board->cap ? board->cap * 2 : STORE_START;
    if (cap > STORE_MAX)
        return false;
    uint32_t *store = realloc(board->store, cap * sizeof(*store));
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

void cs_board_end(struct cs_board *board, struct cs_board_entry *entry)
{
    size_t at = board->open;
    if (!at)
        return;
    board->store[at] = entry->places;
    board->store[at + 2] = (uint32_t)(board->n - at - HEAD);
    entry->places = (uint32_t)at;
    board->open = 0;
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
    for (size_t i = 0; i < board->n_blocks; i++)
        for (size_t j = 0; board->blocks[i] && j < CS_BOARD_BLOCK; j++) {
            struct cs_board_entry *entry = &board->blocks[i][j];
            if (entry->state != CS_BOARD_NEW &&
                !visit(payload, (int64_t)(i * CS_BOARD_BLOCK + j), entry))
                return;
        }
}
