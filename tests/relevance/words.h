/*
 * words.h - what pages of a technical team are about.
 */
#ifndef CS_TESTS_RELEVANCE_WORDS_H
#define CS_TESTS_RELEVANCE_WORDS_H

#include "tests/relevance/random.h"
#include "tests/relevance/set.h"

#include "src/strbuf.h"

/* Something that is done: as a question has it, and as a page has it. */
struct rel_action {
    const char *verb, *gerund, *noun;
};

extern const struct rel_action rel_actions[30];
extern const char *const rel_services[32];
extern const char *const rel_parts[30];
extern const char *const rel_things[60];
extern const char *const rel_traits[40];

/* A name that no dictionary has, in lower case. */
const char *rel_made_up(struct rel_set *set, struct rel_random *random);

/* A sentence about nothing in particular. */
void rel_put_filler(struct cs_strbuf *out, struct rel_random *random);

#endif
