/*
 * places.h - where a token stands in a document, as FTS5 writes it.
 *
 * A list of places is made of varints: the difference to the token before, plus
 * two; a 1 and the number of a field, where it goes on in another field than
 * the first, with tokens counted from 0 again.
 */
#ifndef CS_INDEX_SEARCH_PLACES_H
#define CS_INDEX_SEARCH_PLACES_H

#include "src/strbuf.h"

struct cs_places {
    const unsigned char *bytes; /* borrowed */
    size_t size;
};

struct cs_place_walk {
    const unsigned char *at, *end;
    int field, token; /* field < 0: behind the last; what is damaged ends it */
};

/* The first place, the next one, and the first in another field. */
void cs_place_first(struct cs_place_walk *walk, struct cs_places places);
void cs_place_next(struct cs_place_walk *walk);
void cs_place_next_field(struct cs_place_walk *walk);

/* Behind the place that begins at `at`. */
static inline const unsigned char *cs_place_skip(const unsigned char *at,
                                                 const unsigned char *end)
{
    while (at < end && *at >= 0x80)
        at++;
    return at < end ? at + 1 : end;
}

/* Where the next field begins, with a 1 and its number; else `end`. */
static inline const unsigned char *cs_place_field(const unsigned char *at,
                                                  const unsigned char *end)
{
    for (const unsigned char *from = at; at < end; at++) {
        at = memchr(at, 1, (size_t)(end - at));
        if (!at)
            break;
        if (at == from || at[-1] < 0x80)
            return at;
    }
    return end;
}

/* The places of both, each once, into `out`, which is emptied first. */
void cs_places_merge(struct cs_places a, struct cs_places b,
                     struct cs_strbuf *out);

#endif
