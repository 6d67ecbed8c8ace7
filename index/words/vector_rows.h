/*
 * vector_rows.h - what a vector is made of: the rows of a document, and what
 * FTS5 counted in its entry. Columns that are read here are watched by the
 * triggers of vector_write.c; one without the other makes vectors go stale.
 */
#ifndef CS_INDEX_WORDS_VECTOR_ROWS_H
#define CS_INDEX_WORDS_VECTOR_ROWS_H

#include "index/words/vector.h"

struct cs_vector_row {
    struct cs_vector vector;
    struct cs_vector_facts facts;
};

/* The vector of a document as its rows have it, generation left out: zeros
 * when it has no entry, or no row. Its author must have a number already, see
 * cs_vector_number_authors(). */
enum cs_status cs_vector_read(struct cs_db *db, int64_t document,
                              struct cs_vector_row *ret, struct cs_error *err);

/* The same of all documents with an entry, by their rows from below. */
typedef enum cs_status cs_vector_row_fn(void *payload, int64_t document,
                                        const struct cs_vector_row *row,
                                        struct cs_error *err);
enum cs_status cs_vector_read_all(struct cs_db *db, cs_vector_row_fn *visit,
                                  void *payload, struct cs_error *err);

/* Give the authors of all documents a number, if they have none; numbers stay
 * for ever. */
enum cs_status cs_vector_number_authors(struct cs_db *db, struct cs_error *err);

#endif
