/*
 * weights.c - BM25 with a length of each field.
 */
#include "index/search/weights.h"

/* b of BM25 and weight by field; lengths below `floor` count as that, for
 * averages of fields that few documents have mean little. */
static const struct {
    double weight, b, floor;
} fields[CS_FIELDS] = {
    [CS_FIELD_TITLE] = {3.5, 0.75, 4}, [CS_FIELD_HEADINGS] = {2.0, 0.5, 8},
    [CS_FIELD_BODY] = {1.0, 0.75, 40}, [CS_FIELD_CODE] = {0.8, 0.75, 40},
    [CS_FIELD_LABELS] = {2.0, 0.5, 3}, [CS_FIELD_COMMENTS] = {0.4, 0.75, 40},
};

void cs_weights_make(struct cs_weights *ret,
                     const struct cs_vector_totals *totals)
{
    double n = totals->documents > 0 ? (double)totals->documents : 1;
    for (size_t f = 0; f < CS_FIELDS; f++) {
        double average = (double)totals->tokens[f] / n;
        if (average < fields[f].floor)
            average = fields[f].floor;
        for (size_t code = 0; code < 256; code++) {
            double len = cs_vector_length((uint8_t)code);
            double norm = 1 - fields[f].b + fields[f].b * len / average;
            ret->of[f][code] = (float)(fields[f].weight / norm);
        }
    }
}
