/*
 * vector.h - what ranking asks of every document that matches, in ten bytes,
 * and what filters, facets and orders ask besides, in ten more: read from
 * arrays, not from rows.
 *
 * Documents are taken together by their row ids, CS_VECTOR_BLOCK to a block; a
 * block is one row of the table `vector` and one of `vector_facts`, and
 * documents that have no full-text entry are zeros in both. Row ids count from
 * one and leave few gaps; where they do not, blocks without a document have no
 * rows and cost nothing.
 *
 * A reader loads a block when it is first asked for one of its documents. What
 * it loaded does not change any more: open one for each transaction, and ask
 * within it, when fts and vectors shall be of one moment.
 *
 * The store writes vectors in the transaction of the entries that they belong
 * to (index/store/vectors.c); nothing else may.
 */
#ifndef CS_INDEX_WORDS_VECTOR_H
#define CS_INDEX_WORDS_VECTOR_H

#include "index/db.h"
#include "index/words/fields.h"

#define CS_VECTOR_BLOCK 404 /* documents: a page of the file */
#define CS_VECTOR_SIZE  10  /* bytes of each part, here and in the file */

#define CS_VECTOR_MINUTES_PER_DAY (24 * 60)

enum cs_vector_flag {
    CS_VECTOR_PRESENT = 1 << 0,    /* set in every vector that is one */
    CS_VECTOR_BLOGPOST = 1 << 1,   /* not set: a page */
    CS_VECTOR_ARCHIVED = 1 << 2,   /* its status */
    CS_VECTOR_DEPRECATED = 1 << 3, /* by a label; cs_vector_is_deprecated() */
    CS_VECTOR_PERSONAL = 1 << 4    /* in somebody's own space */
};

/* In the file all numbers are little endian. */
struct cs_vector {
    uint8_t len[CS_FIELDS]; /* in tokens: cs_vector_length() */
    uint8_t flags;          /* enum cs_vector_flag */
    uint8_t links; /* other documents that link to it: cs_vector_length() */
    uint16_t day;  /* of its last change, since 1970 */
};

struct cs_vector_facts {
    uint32_t generation; /* of the commit that changed its text */
    uint16_t container;  /* its row; 0: a row of a larger number */
    uint16_t author;     /* row in table author; 0: none, or a larger number */
    uint16_t minute;     /* of the day of its last change, cut off */
} __attribute__((packed));

_Static_assert(sizeof(struct cs_vector) == CS_VECTOR_SIZE &&
                   sizeof(struct cs_vector_facts) == CS_VECTOR_SIZE,
               "no gaps");

/* Sums over all documents that are indexed: what an average is made of. */
struct cs_vector_totals {
    int64_t documents;
    int64_t tokens[CS_FIELDS]; /* of cs_vector_length() */
};

struct cs_vectors;

/* Make a reader on a connection, which must live longer. Nothing is read yet
 * but which block is the last. The caller closes it with cs_vectors_close(). */
enum cs_status cs_vectors_open(struct cs_db *db, struct cs_vectors **ret,
                               struct cs_error *err);
void cs_vectors_close(struct cs_vectors *vectors);

/* The vector of a document, by its row; NULL when it is not indexed, for ids
 * that no document has, and after a failure: cs_vectors_status() tells which.
 * Borrowed until the reader is closed. A few nanoseconds once the block is
 * loaded. */
const struct cs_vector *cs_vectors_get(struct cs_vectors *vectors,
                                       int64_t document);

/* The facts of a document that has a vector, from rows that are read for them
 * alone. Zeros when it is not indexed, and after a failure. */
const struct cs_vector_facts *cs_vectors_facts(struct cs_vectors *vectors,
                                               int64_t document);

/* Minutes since 1970 of its last change, cut off; looks at the facts. */
uint32_t cs_vectors_updated(struct cs_vectors *vectors, int64_t document,
                            const struct cs_vector *vector);

/* The first failure to load a block, which is kept; CS_OK if there was none. */
enum cs_status cs_vectors_status(const struct cs_vectors *vectors,
                                 struct cs_error *err);

/* Visit all documents that are indexed, by their rows from below; false ends
 * the walk. For queries without words, which pass every document by. */
typedef bool cs_vector_fn(void *payload, int64_t document,
                          const struct cs_vector *vector);
enum cs_status cs_vectors_each(struct cs_vectors *vectors, cs_vector_fn *visit,
                               void *payload, struct cs_error *err);

/* The sums, as the last commit left them; one row is read. */
enum cs_status cs_vectors_totals(struct cs_db *db, struct cs_vector_totals *ret,
                                 struct cs_error *err);

/* The generation of the index: a number that each commit raises by one that
 * changed entries, vectors or lexicon. 0: nothing was ever indexed. */
enum cs_status cs_vectors_generation(struct cs_db *db, int64_t *ret,
                                     struct cs_error *err);

/* A count as one byte and back: exact up to 24, within 4 % up to 16 million,
 * and no smaller for a larger count. */
uint8_t cs_vector_length_code(uint64_t n);
double cs_vector_length(uint8_t code);

/* The same for links. */
double cs_vector_links(uint8_t code);

/* Does a label of this name say that the page is out of date? Whatever its
 * case. */
bool cs_vector_is_deprecated(const char *label);

/* ---- building, for the store and upkeep ---- */

/* Build all vectors and their totals anew from the rows, fill in fingerprints
 * that are missing or of other rules, and raise the generation, in the caller's
 * transaction. Entries in fts come first: lengths are what it counted.
 * Documents that had a vector keep its generation; others get the new one. */
enum cs_status cs_vectors_build(struct cs_db *db, struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_vectors *, cs_vectors_cleanup, cs_vectors_close);

#endif
