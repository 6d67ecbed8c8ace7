/*
 * vector_compare.h - are the vectors what the rows say? For `cs maintenance
 * check` and for tests.
 */
#ifndef CS_INDEX_WORDS_VECTOR_COMPARE_H
#define CS_INDEX_WORDS_VECTOR_COMPARE_H

#include "index/words/vector.h"

/* Make every vector and every fingerprint anew and compare; then the totals.
 * `visit` is called for each document that differs (0: for the totals, or for
 * all of them), with what does; its failure ends the walk. Generations are
 * compared with nothing, but none may lie ahead. */
typedef enum cs_status cs_vector_differ_fn(void *payload, int64_t document,
                                           const char *what,
                                           struct cs_error *err);
enum cs_status cs_vectors_compare(struct cs_db *db, cs_vector_differ_fn *visit,
                                  void *payload, struct cs_error *err);

#endif
