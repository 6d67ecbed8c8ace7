/*
 * vector_write.h - vectors kept in step with the rows that they are made of.
 *
 * The connection of a writer has a list of the documents whose vector may have
 * to change, temp.to_vector(id, text): `text` is set for those that got a new
 * entry in fts. Triggers of that connection fill it, whoever changes rows of
 * documents, labels, links or containers, and for whatever reason.
 */
#ifndef CS_INDEX_WORDS_VECTOR_WRITE_H
#define CS_INDEX_WORDS_VECTOR_WRITE_H

#include "index/words/vector.h"

/* Make the list and its triggers; once a connection. */
enum cs_status cs_vectors_watch(struct cs_db *db, struct cs_error *err);

/* The document has another entry, or has none any more. */
enum cs_status cs_vectors_touch(struct cs_db *db, int64_t document,
                                struct cs_error *err);

/* Write the vectors and fingerprints of the listed documents, their totals and
 * the next generation, and empty the list; in the caller's transaction, behind
 * the entries in fts. Blocks that stay the same are not written, and if all do
 * and no text changed, nor is the generation. */
enum cs_status cs_vectors_write(struct cs_db *db, struct cs_error *err);

#endif
