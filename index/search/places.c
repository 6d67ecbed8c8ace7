/*
 * places.c - read and merge lists of places.
 */
#include "index/search/places.h"

#include "index/search/varint.h"

void cs_place_next(struct cs_place_walk *walk)
{
    uint64_t number = 0, field = 0;
    size_t used = cs_varint_read(walk->at, walk->end, &number);
    walk->at += used;
    if (used && number == 1) {
        used = cs_varint_read(walk->at, walk->end, &field);
        walk->at += used;
        walk->field = (int)(field & INT16_MAX);
        walk->token = 0;
        used = used ? cs_varint_read(walk->at, walk->end, &number) : 0;
        walk->at += used;
    }
    if (!used || number < 2)
        walk->field = -1;
    else
        walk->token =
            (int)(((uint64_t)walk->token + number - 2) & (uint64_t)INT32_MAX);
}

void cs_place_next_field(struct cs_place_walk *walk)
{
    walk->at = cs_place_field(walk->at, walk->end);
    cs_place_next(walk);
}

void cs_place_first(struct cs_place_walk *walk, struct cs_places places)
{
    *walk = (struct cs_place_walk){.at = places.bytes,
                                   .end = places.bytes + places.size};
    cs_place_next(walk);
}

/* Is the place of `a` before that of `b`? What is behind the last is last. */
static bool is_earlier(const struct cs_place_walk *a,
                       const struct cs_place_walk *b)
{
    if (a->field != b->field)
        return b->field < 0 || (a->field >= 0 && a->field < b->field);
    return a->token < b->token;
}

void cs_places_merge(struct cs_places a, struct cs_places b,
                     struct cs_strbuf *out)
{
    struct cs_place_walk left, right;
    int field = 0, token = 0;
    bool any = false;
    cs_strbuf_reset(out);
    cs_place_first(&left, a);
    cs_place_first(&right, b);
    while (left.field >= 0 || right.field >= 0) {
        struct cs_place_walk *next = is_earlier(&right, &left) ? &right : &left;
        bool same = any && next->field == field && next->token == token;
        if (next->field != field) {
            cs_varint_put(out, 1);
            cs_varint_put(out, (uint32_t)next->field);
            token = 0;
        }
        if (!same)
            cs_varint_put(out, (uint32_t)(next->token - token) + 2);
        field = next->field;
        token = next->token;
        any = true;
        cs_place_next(next);
    }
}
