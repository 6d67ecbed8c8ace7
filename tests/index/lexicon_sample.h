/*
 * lexicon_sample.h - a lexicon without an index around it.
 */
#ifndef CS_TESTS_INDEX_LEXICON_SAMPLE_H
#define CS_TESTS_INDEX_LEXICON_SAMPLE_H

#include "index/words/lexicon.h"

/* A database with the tables of the lexicon and nothing else. */
struct cs_db *lexicon_sample_open(const char *path);

/* Change the df of a term, in a run of its own. */
void lexicon_sample_add(struct cs_db *db, const char *term, int64_t df);

/* "term df term df ..." as one tally, folded. */
void lexicon_sample_fill(struct cs_db *db, const char *terms);

#endif
