/*
 * proximity.c - the records of a document, merged.
 */
#include "index/search/proximity.h"

#include <stdlib.h>

enum { SPOTS_MAX = 1024, WINDOW = 8 };

struct spot {
    uint32_t place;
    uint16_t group, tokens;
};

struct spots {
    struct spot of[SPOTS_MAX];
    size_t n;
};

static int compare(const void *left, const void *right)
{
    const struct spot *a = left, *b = right;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return (int)a->group - (int)b->group;
}

/* Occurrences of the groups in `mask`, in the order of the text. */
static void collect(const struct cs_gather *gather,
                    const struct cs_board_entry *entry, uint64_t mask,
                    struct spots *spots)
{
    spots->n = 0;
    for (uint32_t at = entry->places; at;) {
        struct cs_board_record record = cs_board_record(gather->board, at);
        at = record.older;
        if (!(mask >> record.group & 1))
            continue;
        const struct cs_term_group *group = &gather->plan->groups[record.group];
        for (uint32_t i = 0; i < record.n && spots->n < SPOTS_MAX; i++)
            spots->of[spots->n++] =
                (struct spot){record.places[i], record.group,
                              (uint16_t)group->phrases[record.phrase].n_tokens};
    }
    qsort(spots->of, spots->n, sizeof(spots->of[0]), compare);
}

double cs_proximity(const struct cs_gather *gather,
                    const struct cs_board_entry *entry,
                    const struct cs_vector *vector)
{
    struct spots spots;
    double sum = 0;
    collect(gather, entry, ~gather->plan->unscored, &spots);
    for (size_t i = 1; i < spots.n; i++) {
        const struct spot *a = &spots.of[i - 1], *b = &spots.of[i];
        uint32_t field = CS_PLACE_FIELD(b->place);
        if (a->group == b->group || CS_PLACE_FIELD(a->place) != field)
            continue;
        uint32_t apart = b->place - a->place;
        if (apart == 0 || apart > WINDOW)
            continue;
        sum += (double)gather->weights->of[field][vector->len[field]] /
               ((double)apart * apart);
    }
    return sum;
}

/* Does a spot of `child` lie at most `slop` tokens from `from`? */
static const struct spot *next_to(const struct spots *spots,
                                  const struct spot *from, size_t group,
                                  const struct cs_plan_node *near)
{
    for (size_t i = 0; i < spots->n; i++) {
        const struct spot *spot = &spots->of[i];
        if (spot->group != group || spot == from ||
            CS_PLACE_FIELD(spot->place) != CS_PLACE_FIELD(from->place))
            continue;
        bool behind = spot->place >= from->place + from->tokens;
        bool before = from->place >= spot->place + spot->tokens;
        if (behind && spot->place - from->place - from->tokens <= near->slop)
            return spot;
        if (!near->ordered && before &&
            from->place - spot->place - spot->tokens <= near->slop)
            return spot;
    }
    return NULL;
}

/* A chain of children, each close to the one before it. */
static bool chain_holds(const struct spots *spots, const struct spot *start,
                        const struct cs_plan_node *near)
{
    const struct spot *at = start;
    for (const struct cs_plan_node *child = near->first->next; child && at;
         child = child->next)
        at = next_to(spots, at, child->number, near);
    return at != NULL;
}

bool cs_proximity_near(const struct cs_gather *gather,
                       const struct cs_board_entry *entry,
                       const struct cs_plan_node *near)
{
    struct spots spots;
    uint64_t mask = 0;
    for (const struct cs_plan_node *child = near->first; child;
         child = child->next)
        mask |= (uint64_t)1 << child->number;
    if (!near->first || (entry->mask & mask) != mask)
        return false;
    collect(gather, entry, mask, &spots);
    for (size_t i = 0; i < spots.n; i++)
        if (spots.of[i].group == near->first->number &&
            chain_holds(&spots, &spots.of[i], near))
            return true;
    return false;
}
