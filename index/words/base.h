/*
 * base.h - rows of the base in the making: terms in order, ids that rise.
 *
 * Included by index/words/ only.
 */
#ifndef CS_INDEX_WORDS_BASE_H
#define CS_INDEX_WORDS_BASE_H

#include "index/db.h"
#include "index/words/chunk.h"
#include "index/words/tally.h"

struct cs_base_writer {
    struct cs_db *db;
    struct cs_chunk_writer chunk;
    struct cs_strbuf bytes;
    char first[CS_TERM_MAX + 1];
    int64_t id; /* of the last row */
};

void cs_base_writer_init(struct cs_base_writer *writer, struct cs_db *db);
void cs_base_writer_clear(struct cs_base_writer *writer);

/* Rows are written behind those that are there. */
enum cs_status cs_base_begin(struct cs_base_writer *writer,
                             struct cs_error *err);
/* A term of 1 to CS_TERM_MAX bytes, greater than the one before. */
enum cs_status cs_base_add(struct cs_base_writer *writer, const char *term,
                           size_t len, int64_t df, struct cs_error *err);
/* Write the last row. */
enum cs_status cs_base_end(struct cs_base_writer *writer, struct cs_error *err);

#endif
