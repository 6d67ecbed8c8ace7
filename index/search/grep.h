/*
 * grep.h - the documents whose text a pattern matches.
 *
 * Searched is the Markdown as it is stored: what the file of the document has
 * below its front matter, comments included, but for what is filled in when the
 * file is written: destinations of links within the mirror, and blocks made of
 * other documents. Titles and labels are not searched.
 *
 * What every match must contain (literal.h) is looked up among the terms of the
 * lexicon, and these in the full-text index; only documents that have them are
 * read. Without such a part all of them are read, by two threads.
 *
 * A word of more than CS_WORD_MAX bytes (base64, say) is not in the lexicon as
 * a whole: a pattern that is looked up by terms can miss a match inside of one.
 */
#ifndef CS_INDEX_SEARCH_GREP_H
#define CS_INDEX_SEARCH_GREP_H

#include "index/db.h"
#include "index/search/prefilter.h"
#include "index/search/regex.h"
#include "src/clock.h"

#define CS_GREP_DEADLINE_MS 2000

struct cs_grep_request {
    const struct cs_regex *regex;
    const int64_t *candidates; /* rows to look at, ascending; NULL: all */
    size_t n_candidates;
    const struct cs_clock *clock;
    int64_t deadline_ms; /* 0: CS_GREP_DEADLINE_MS */
};

struct cs_grep_result {
    const int64_t *documents; /* rows, ascending */
    size_t n;
    bool partial;   /* the deadline came first */
    size_t gave_up; /* documents on which the pattern gave up */
    size_t read;    /* documents that were read */
    enum cs_prefilter prefilter;
    const char *expression; /* of MATCH; "" for none */
};

/* Search, in `arena`. Call it within a read transaction. */
enum cs_status cs_grep_run(struct cs_db *db, struct cs_lexicon *lexicon,
                           struct cs_arena *arena,
                           const struct cs_grep_request *request,
                           struct cs_grep_result *ret, struct cs_error *err);

#endif
