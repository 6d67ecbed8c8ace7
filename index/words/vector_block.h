/*
 * vector_block.h - the rows of the tables `vector` and `vector_facts`:
 * CS_VECTOR_BLOCK documents each, as they stand in memory. For whoever reads or
 * writes vectors.
 */
#ifndef CS_INDEX_WORDS_VECTOR_BLOCK_H
#define CS_INDEX_WORDS_VECTOR_BLOCK_H

#include "index/words/vector.h"

enum cs_vector_part { CS_VECTOR_RANK, CS_VECTOR_FACTS, CS_VECTOR_PARTS };

enum { CS_VECTOR_PART_SIZE = CS_VECTOR_BLOCK * CS_VECTOR_SIZE };

struct cs_vector_block {
    struct cs_vector vectors[CS_VECTOR_BLOCK];
    struct cs_vector_facts facts[CS_VECTOR_BLOCK];
};

/* Where a document stands: the number of its block, negative for negative
 * rows, and its place in there. */
static inline size_t cs_vector_place(int64_t document)
{
    int64_t place = document % CS_VECTOR_BLOCK;
    return (size_t)(place < 0 ? place + CS_VECTOR_BLOCK : place);
}

static inline int64_t cs_vector_block_of(int64_t document)
{
    return document / CS_VECTOR_BLOCK - (document % CS_VECTOR_BLOCK < 0);
}

/* The document at a place of a block, if there can be one. */
static inline int64_t cs_vector_document(int64_t block, size_t place)
{
    return (int64_t)((uint64_t)block * CS_VECTOR_BLOCK + place);
}

/* Take one part of `n` documents of a block, CS_VECTOR_SIZE bytes each, from
 * the place `first` on, out of a column of the current row. What is none is
 * CS_ERR_CORRUPT. */
enum cs_status cs_vector_block_get(struct cs_query *row, int column,
                                   enum cs_vector_part part, int64_t number,
                                   size_t first, size_t n, void *ret,
                                   struct cs_error *err);

/* Read a block. A part without a row is all zeros; a row that is none is
 * CS_ERR_CORRUPT. */
enum cs_status cs_vector_block_read(struct cs_db *db, int64_t number,
                                    struct cs_vector_block *ret,
                                    struct cs_error *err);

/* Write a block. One without a document loses its rows. */
enum cs_status cs_vector_block_write(struct cs_db *db, int64_t number,
                                     const struct cs_vector_block *block,
                                     struct cs_error *err);

#endif
