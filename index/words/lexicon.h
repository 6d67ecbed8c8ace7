/*
 * lexicon.h - every term of the full-text index, and in how many documents it
 * stands (its df).
 *
 * The base (table lexicon) holds all terms in the order of their bytes, in
 * chunks that fit a page each. What changed since it was written lies in runs
 * beside it (table lexicon_delta): a commit adds one, eight of a size become
 * one, and now and then all are folded into the base. df is the sum over both,
 * always exact; a term whose df falls to 0 is in the lexicon no more.
 *
 * Readers: a struct cs_lexicon shows one state of the database. Open it inside
 * a read transaction, close it before the next; it costs nothing until it is
 * asked. Terms are folded words as cs_words_split() makes them, of 1 to
 * CS_TERM_MAX bytes.
 *
 * Bytes that cannot be a lexicon are CS_ERR_CORRUPT.
 */
#ifndef CS_INDEX_WORDS_LEXICON_H
#define CS_INDEX_WORDS_LEXICON_H

#include "index/db.h"
#include "index/words/tally.h"

struct cs_lexicon;

/* A view of the lexicon as the connection sees it now. The caller closes it,
 * before the database. */
enum cs_status cs_lexicon_open(struct cs_db *db, struct cs_lexicon **ret,
                               struct cs_error *err);
void cs_lexicon_close(struct cs_lexicon *lexicon);

/* In how many documents the term stands; 0: in none. */
enum cs_status cs_lexicon_df(struct cs_lexicon *lexicon, const char *term,
                             size_t len, int64_t *ret_df, struct cs_error *err);

/* The terms that begin with `prefix` ("": all), in the order of their bytes.
 * `term` is borrowed for the call and not NUL-ended; false ends the walk. */
typedef bool cs_lexicon_fn(void *payload, const char *term, size_t len,
                           int64_t df);
enum cs_status cs_lexicon_walk(struct cs_lexicon *lexicon, const char *prefix,
                               size_t len, cs_lexicon_fn *visit, void *payload,
                               struct cs_error *err);

/* All terms as plain text for scans with memmem() and patterns: "a\nb\nc\n",
 * some 4 KB at a time, borrowed for the call; false ends it. The base comes in
 * order, then the runs, each in order. So a term may come more than once, and
 * one may come that is in no document any more: ask cs_lexicon_df(). */
typedef bool cs_lexicon_chunk_fn(void *payload, const char *terms, size_t len);
enum cs_status cs_lexicon_chunks(struct cs_lexicon *lexicon,
                                 cs_lexicon_chunk_fn *visit, void *payload,
                                 struct cs_error *err);

/* The same, with leave to pass chunks by: `want` is asked before a chunk of
 * the base is read. All its terms begin with the `len` bytes at `shared`. */
typedef bool cs_lexicon_want_fn(void *payload, const char *shared, size_t len);
enum cs_status cs_lexicon_some(struct cs_lexicon *lexicon,
                               cs_lexicon_want_fn *want,
                               cs_lexicon_chunk_fn *visit, void *payload,
                               struct cs_error *err);

/* How many terms there are, roughly: what one can know without reading them.
 */
enum cs_status cs_lexicon_size(struct cs_lexicon *lexicon, int64_t *ret_terms,
                               struct cs_error *err);

/* Writing. All of these work in the caller's transaction.
 *
 * Write what a tally has counted, as one run, and empty it. An empty tally
 * writes nothing. Merges runs, and folds when they have outgrown half the base
 * (a first sync). */
enum cs_status cs_lexicon_write(struct cs_db *db, struct cs_tally *tally,
                                struct cs_error *err);

/* What runs may have at the end of a run, in percent of the base: a reader
 * loads them as a whole. */
#define CS_LEXICON_FOLD_PERCENT 5

/* Fold the runs into the base if they have more than `percent` of its bytes;
 * 0: if there are any. A term whose df is not above 0 is left out: one below 0
 * comes of damage, which cs_lexicon_compare() finds. */
enum cs_status cs_lexicon_fold(struct cs_db *db, unsigned percent,
                               struct cs_error *err);

/* Make the lexicon anew from the full-text index `fts_table` of the main
 * database. */
enum cs_status cs_lexicon_build(struct cs_db *db, const char *fts_table,
                                struct cs_error *err);

/* Compare the lexicon with the full-text index: `visit` is called for each
 * term that differs, with its df here and there (0: not there). */
typedef bool cs_lexicon_differ_fn(void *payload, const char *term, size_t len,
                                  int64_t df, int64_t fts_df);
enum cs_status cs_lexicon_compare(struct cs_db *db, const char *fts_table,
                                  cs_lexicon_differ_fn *visit, void *payload,
                                  struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_lexicon *, cs_lexicon_cleanup, cs_lexicon_close);

#endif
