/*
 * prose.h - generated documents of any number, always the same ones.
 *
 * Words follow Zipf's law over made-up words with their families (-s, -ed,
 * -ing), below some fifty of the language; identifiers, codes, numbers, hosts
 * and code blocks stand between them, and each document has words that it
 * keeps coming back to. The mean is 6 KB, the largest 250 KB.
 */
#ifndef CS_TESTS_BENCH_SEARCH_PROSE_H
#define CS_TESTS_BENCH_SEARCH_PROSE_H

#include "src/strbuf.h"

/* The text of document `number` as of its `version`, and its title. */
void prose_text(size_t number, unsigned version, struct cs_strbuf *out);
void prose_title(size_t number, struct cs_strbuf *out);

#endif
