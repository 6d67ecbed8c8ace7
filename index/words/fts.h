/*
 * fts.h - the full-text index on our words: FTS5's tokenizer `cs`, and the SQL
 * functions that give the columns of search_text.
 *
 * In a text that is indexed, tokens are those of split.h. In a query, tokens
 * are taken as they are: only our own generator writes MATCH expressions, and
 * it has cut and folded the words already. A quoted string holds tokens
 * separated by single blanks, each on the position after the one before. A
 * token may have others for it, separated by "|"; they stand at one position,
 * count as one term, and are marked alike:
 *
 *     "getuserbyid"              one token
 *     "get user by id"           four, side by side
 *     "restart|restarts gateway" either of two, then a third
 *
 * The SQL functions are cs_headings(markdown), cs_body(markdown) and
 * cs_code(markdown): the text of these fields, one heading a line. NULL is an
 * empty text to them.
 */
#ifndef CS_INDEX_WORDS_FTS_H
#define CS_INDEX_WORDS_FTS_H

#include "index/db.h"
#include "index/words/fields.h"

/* Tells tokens of one query position apart. Never part of a token. */
#define CS_FTS_OR '|'

/* Make tokenizer and functions known to a connection. Whoever opens an index
 * does so before anything else: without, fts cannot be read. */
enum cs_status cs_fts_register(struct cs_db *db, struct cs_error *err);

/* What FTS5 offers to a connection; it lives as long. */
enum cs_status cs_fts_api(struct cs_db *db, struct fts5_api **ret,
                          struct cs_error *err);

struct cs_tally; /* lexicon.h */

/* What is looked at while FTS5 takes entries in or out: its statements cut the
 * columns of one entry in the order of enum cs_field. Zeros to begin with, and
 * the caller's for as long as it is set.
 *
 *     cs_fts_watch(db, &watch, err);
 *     for each entry:
 *         cs_tally_document(tally, +1 or -1);
 *         cs_fts_watch_entry(&watch);
 *         INSERT INTO fts(rowid, title, ...) VALUES(...)   -- no column NULL
 *         watch.tokens[CS_FIELD_BODY] ...
 *     cs_fts_watch(db, NULL, err);
 */
struct cs_fts_watch {
    struct cs_tally *tally;     /* gets every token, wholes too; or NULL */
    uint32_t tokens[CS_FIELDS]; /* of the last entry, wholes not counted */
    unsigned fields;            /* that were cut so far */
};

/* Set what is told of this connection's entries; NULL: nothing. A connection
 * has one watch at a time. */
enum cs_status cs_fts_watch(struct cs_db *db, struct cs_fts_watch *watch,
                            struct cs_error *err);

/* An entry begins: counts start at zero. */
void cs_fts_watch_entry(struct cs_fts_watch *watch);

#endif
