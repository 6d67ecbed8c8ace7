/*
 * tally.h - in how many documents more or fewer a term stands, counted while
 * the documents of a batch are cut into words.
 *
 *     cs_tally_document(tally, -1);      the old text of a document goes
 *     cs_tally_add(tally, "deploy", 6);  each of its words, fields in any order
 *     cs_tally_document(tally, +1);      its new text comes
 *     cs_tally_add(...);
 *     cs_lexicon_write(db, tally, err);  the difference; the tally is empty
 *
 * A term counts once in a document. What comes and goes alike leaves nothing,
 * so an edited page costs what its edit changed.
 */
#ifndef CS_INDEX_WORDS_TALLY_H
#define CS_INDEX_WORDS_TALLY_H

#include "src/error.h"

/* Longer terms are in no lexicon; the tokenizer makes none. */
#define CS_TERM_MAX 255

struct cs_tally;

/* An empty tally; NULL without memory. Free it with cs_tally_free(). */
struct cs_tally *cs_tally_new(void);
void cs_tally_free(struct cs_tally *tally);

/* Forget everything, a sticky failure too: a batch was rolled back. */
void cs_tally_clear(struct cs_tally *tally);

/* A document begins: its terms count `sign`, +1 when its text goes into the
 * index and -1 when it is taken out. */
void cs_tally_document(struct cs_tally *tally, int sign);

/* A term of the document that was begun last, folded, as often as it stands
 * there. A failure is sticky: cs_tally_status(). */
void cs_tally_add(struct cs_tally *tally, const char *term, size_t len);

/* True when nothing was counted since it was last empty. */
bool cs_tally_is_empty(const struct cs_tally *tally);

/* CS_OK, or CS_ERR_NO_MEMORY: what was counted is not complete. */
enum cs_status cs_tally_status(const struct cs_tally *tally,
                               struct cs_error *err);

/* The terms whose df changed, in the order of their bytes. `*ret` and the
 * terms belong to the tally and stay until its next change. */
struct cs_tally_change {
    const char *term;
    size_t len;
    int64_t df;     /* never 0 */
    uint64_t order; /* its first eight bytes, to sort by */
};
enum cs_status cs_tally_changes(struct cs_tally *tally,
                                const struct cs_tally_change **ret,
                                size_t *ret_n, struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_tally *, cs_tally_cleanup, cs_tally_free);

#endif
