/*
 * fulltext.h - the full-text index as a thing: how it is declared, how large it
 * is, how it is filled and built anew, with all that is derived from it.
 */
#ifndef CS_INDEX_FULLTEXT_H
#define CS_INDEX_FULLTEXT_H

#include "index/db.h"
#include "src/arena.h"

/* Of the table fts and of the view search_text, in this order. */
#define CS_FULLTEXT_COLUMNS "body, title, headings, code, labels, comments"

/* What filters ask of a document; indexes of older words lack it. */
#define CS_FULLTEXT_FACTS                                                      \
    "vector_facts(block INTEGER PRIMARY KEY, docs BLOB NOT NULL) STRICT;"

#define CS_FULLTEXT_MODULE                                                     \
    "fts5(" CS_FULLTEXT_COLUMNS ", content='search_text', content_rowid='id'," \
    " tokenize='cs')"

/* Blocks may have some bytes more than `pgsz`: they fit a page, where the
 * default leaves no room for our checksums and each would need two. */
#define CS_FULLTEXT_SETTINGS                                                   \
    "INSERT INTO fts(fts, rank) VALUES('automerge', 16);"                      \
    "INSERT INTO fts(fts, rank) VALUES('crisismerge', 16);"                    \
    "INSERT INTO fts(fts, rank) VALUES('pgsz', 4045);"                         \
    "INSERT INTO fts(fts, rank) VALUES('hashsize', 8388608);"                  \
    "INSERT INTO fts(fts, rank)"                                               \
    " VALUES('rank', 'bm25(1.0, 10.0, 4.0, 0.8, 5.0, 0.4)');"

/* All entries, behind "INSERT INTO" and the name of an empty table. In the
 * order of the rows: FTS5 writes out what it has gathered whenever a number
 * goes down, and its own `rebuild` takes rows as they come. */
#define CS_FULLTEXT_ROWS                                                       \
    "(rowid, " CS_FULLTEXT_COLUMNS ")"                                         \
    " SELECT id, " CS_FULLTEXT_COLUMNS " FROM search_text ORDER BY id"

/* What stands behind USING in its declaration in the file: CS_FULLTEXT_MODULE,
 * if all is well. In the arena. */
enum cs_status cs_fulltext_module(struct cs_db *db, struct cs_arena *arena,
                                  const char **ret, struct cs_error *err);

/* How many pieces it is in, and how many bytes it has. */
enum cs_status cs_fulltext_size(struct cs_db *db, int64_t *ret_pieces,
                                int64_t *ret_bytes, struct cs_error *err);

/* The same, counted from what FTS5 keeps in mind of its blocks: quick, and not
 * far off. `*ret_rest` is what is not in the largest piece. */
enum cs_status cs_fulltext_blocks(struct cs_db *db, int64_t *ret_pieces,
                                  int64_t *ret_blocks, int64_t *ret_rest,
                                  struct cs_error *err);

/* Join all pieces, in many transactions of a few megabytes: a kill costs one of
 * them, the next call or FTS5 itself carries on, and the pages that a step
 * frees are those that the next one writes. */
enum cs_status cs_fulltext_join(struct cs_db *db, struct cs_error *err);

/* The CS_WORDS_VERSION that it was made by; 0 when nothing says so. */
enum cs_status cs_fulltext_words(struct cs_db *db, int64_t *ret,
                                 struct cs_error *err);

/* Drop it, however damaged it is. In the caller's transaction. */
enum cs_status cs_fulltext_drop(struct cs_db *db, struct cs_error *err);

/* Fill an empty one with the entries of all texts, and make lexicon, vectors
 * and fingerprints to go with it. In the caller's transaction. */
enum cs_status cs_fulltext_fill(struct cs_db *db, struct cs_error *err);

/* Build all of that anew in the place of the old one, in one transaction:
 * readers have the old one until its end. */
enum cs_status cs_fulltext_rebuild(struct cs_db *db, struct cs_error *err);

#endif
