/*
 * storage_report.c - what became of the constructs of a page.
 *
 * While a page is read each outcome is one row at the end of a list, so that
 * counting costs next to nothing; at the end equal rows become one.
 */
#include "connectors/confluence/storage_reader.h"

#include <stdlib.h>

void cs_storage_set_outcome(struct cs_storage_reader *r,
                            enum cs_outcome outcome)
{
    if (r->outcome && outcome > *r->outcome)
        *r->outcome = outcome;
}

void cs_storage_count(struct cs_storage_reader *r, const char *kind,
                      const char *name, enum cs_outcome outcome)
{
    if (r->n_outcomes == r->cap_outcomes) {
        size_t cap = r->cap_outcomes ? r->cap_outcomes * 2 : 16;
        struct cs_outcome_row *rows =
            cs_arena_array(r->arena, cap, sizeof(*rows));
        if (!rows)
            return;
        if (r->n_outcomes)
            memcpy(rows, r->outcomes, r->n_outcomes * sizeof(*rows));
        r->outcomes = rows;
        r->cap_outcomes = cap;
    }
    r->outcomes[r->n_outcomes++] = (struct cs_outcome_row){
        .kind = kind, .name = name, .outcome = outcome, .count = 1};
}

static int compare(const void *left, const void *right)
{
    const struct cs_outcome_row *a = left, *b = right;
    int order = strcmp(a->kind, b->kind);
    if (!order)
        order = strcmp(a->name, b->name);
    return order ? order : (int)a->outcome - (int)b->outcome;
}

struct cs_conversion_note cs_storage_sum_up(struct cs_storage_reader *r)
{
    struct cs_conversion_note note = {.rows = r->outcomes};
    unsigned *const sums[CS_OUTCOMES] = {
        [CS_OUTCOME_DEGRADED] = &note.degraded,
        [CS_OUTCOME_KEPT_RAW] = &note.kept_raw,
        [CS_OUTCOME_DROPPED] = &note.dropped,
    };
    if (r->n_outcomes)
        qsort(r->outcomes, r->n_outcomes, sizeof(*r->outcomes), compare);
    for (size_t i = 0; i < r->n_outcomes; i++) {
        struct cs_outcome_row *row = &r->outcomes[i];
        if (sums[row->outcome])
            *sums[row->outcome] += row->count;
        if (note.n_rows && compare(&r->outcomes[note.n_rows - 1], row) == 0)
            r->outcomes[note.n_rows - 1].count += row->count;
        else
            r->outcomes[note.n_rows++] = *row;
    }
    return note;
}
