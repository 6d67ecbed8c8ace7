/*
 * page.c - from the ranked documents to the hits of one page.
 *
 * Pages are cut by walking the ranked documents from the first one, so that
 * what collapses does so alike on every page.
 */
#include "index/search/search_parts.h"

#include "index/words/simhash.h"
#include "index/words/split.h"

struct print {
    uint64_t simhash;
    struct cs_search_hit *hit; /* NULL: it is on a page before */
};

struct pager {
    struct cs_search *run;
    struct print *prints;
    size_t n_prints;
};

/* 0: too short a text to be compared. */
static enum cs_status fingerprint(struct cs_search *run, int64_t document,
                                  uint64_t *ret, struct cs_error *err)
{
    int64_t simhash = 0;
    enum cs_status status = cs_db_int(
        run->db, &simhash, err,
        "SELECT simhash FROM fingerprint WHERE document = ?", "i", document);
    *ret = (uint64_t)simhash;
    return status;
}

static enum cs_status add_duplicate(struct cs_search *run,
                                    struct cs_search_hit *hit, int64_t document,
                                    struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    const char **ids =
        cs_arena_array(run->arena, hit->n_duplicates + 1, sizeof(*ids));
    if (!ids)
        return cs_arena_status(run->arena, err);
    enum cs_status status =
        cs_db_query(run->db, &query, err,
                    "SELECT s.name, d.vendor_id FROM document d"
                    " JOIN source s ON s.id = d.source WHERE d.id = ?",
                    "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    if (hit->n_duplicates)
        memcpy(ids, hit->duplicates, hit->n_duplicates * sizeof(*ids));
    ids[hit->n_duplicates] =
        cs_arena_printf(run->arena, "%s:%s", cs_query_text(&query, 0),
                        cs_query_text(&query, 1));
    hit->duplicates = ids;
    hit->n_duplicates++;
    return cs_arena_status(run->arena, err);
}

/* Is it nearly one that was passed? Then it goes to that one. */
static enum cs_status collapse(struct pager *pager, int64_t document,
                               bool *ret_collapsed, struct cs_error *err)
{
    struct cs_search *run = pager->run;
    struct print *print = &pager->prints[pager->n_prints];
    *ret_collapsed = false;
    *print = (struct print){0};
    if (run->request->no_collapse)
        return CS_OK;
    enum cs_status status = fingerprint(run, document, &print->simhash, err);
    for (size_t i = 0; i < pager->n_prints && !status && print->simhash; i++) {
        const struct print *other = &pager->prints[i];
        if (!other->simhash || !cs_simhash_near(other->simhash, print->simhash))
            continue;
        *ret_collapsed = true;
        return other->hit ? add_duplicate(run, other->hit, document, err)
                          : CS_OK;
    }
    return status;
}

/* Does a hit come before where the last page ended? */
static bool comes_before(const struct cs_search *run,
                         const struct cs_rank_hit *hit)
{
    const struct cs_cursor *cursor = &run->cursor;
    if (run->plan->mode == CS_PLAN_TIERED && hit->tier != cursor->tier)
        return hit->tier < cursor->tier;
    if (hit->score < cursor->score || hit->score > cursor->score)
        return hit->score > cursor->score;
    return hit->document <= cursor->document;
}

/* How many of the ranked documents were on the pages before this one. In an
 * index that has changed, those up to the last one that was shown, or, if it
 * is gone, up to where it would be. */
static size_t n_passed(const struct cs_search *run)
{
    const struct cs_rank *rank = &run->rank;
    size_t n = 0;
    if (!run->continued)
        return 0;
    bool by_row =
        run->sort == CS_SEARCH_CREATED || run->sort == CS_SEARCH_TITLE;
    if (!run->index_changed)
        return (size_t)run->cursor.offset;
    for (size_t i = 0; i < rank->n; i++)
        if (rank->hits[i].document == run->cursor.document)
            return i + 1;
    if (by_row)
        return (size_t)run->cursor.offset;
    while (n < rank->n && comes_before(run, &rank->hits[n]))
        n++;
    return n;
}

/* The document that was named comes before all others. */
static void put_first(struct cs_search *run)
{
    struct cs_rank *rank = &run->rank;
    struct cs_rank_hit first = {.document = run->first,
                                .parts = {0, 0, 1, 1, 1}};
    size_t at = 0;
    if (!run->first)
        return;
    while (at < rank->n && rank->hits[at].document != run->first)
        at++;
    if (at < rank->n) {
        first = rank->hits[at];
    } else {
        const struct cs_board_entry *entry =
            cs_board_find(run->gather.board, run->first);
        bool counted = entry && (entry->state == CS_BOARD_HIT ||
                                 entry->state == CS_BOARD_PART);
        run->total += !counted;
        if (rank->n < rank->max)
            rank->n++;
        at = rank->n - 1;
    }
    memmove(&rank->hits[1], &rank->hits[0], at * sizeof(first));
    if (rank->n > 1 && first.score <= rank->hits[1].score)
        first.score = rank->hits[1].score + 1;
    first.tier = CS_SEARCH_EXACT;
    rank->hits[0] = first;
}

/* Pairs that a question was cut into mean nothing to who typed it. */
static bool is_pair_apart(const struct cs_search *run, const char *word)
{
    return run->apart && cs_word_is_pair(word, strlen(word));
}

static enum cs_status add_missing(struct cs_search *run, uint64_t mask,
                                  struct cs_search_hit *hit,
                                  struct cs_error *err)
{
    const struct cs_plan *plan = run->plan;
    uint64_t lacks = plan->words & ~mask;
    if (hit->tier != CS_SEARCH_RELAXED || run->similar)
        return CS_OK;
    const char **missing =
        cs_arena_array(run->arena, plan->n_groups + 1, sizeof(*missing));
    if (!missing)
        return cs_arena_status(run->arena, err);
    for (size_t g = 0; g < plan->n_groups; g++)
        if ((lacks >> g & 1) && !is_pair_apart(run, plan->groups[g].word))
            missing[hit->n_missing++] = plan->groups[g].word;
    hit->missing = missing;
    return CS_OK;
}

static enum cs_status add_hit(struct cs_search *run,
                              const struct cs_rank_hit *ranked,
                              struct cs_error *err)
{
    struct cs_search_hit *hit = &run->hits[run->n++];
    *hit = (struct cs_search_hit){.document = ranked->document,
                                  .score = ranked->score,
                                  .parts = ranked->parts,
                                  .tier = run->apart ? CS_SEARCH_RELAXED
                                                     : ranked->tier};
    return add_missing(run, ranked->mask, hit, err);
}

static enum cs_status end_page(struct cs_search *run, size_t at,
                               struct cs_error *err)
{
    const struct cs_rank_hit *last = &run->rank.hits[at - 1];
    struct cs_cursor cursor = {
        .search = cs_cursor_of(run->request, run->sort),
        .generation = run->generation,
        .now_ms = run->rank.now_ms,
        .offset = (int64_t)at,
        .document = last->document,
        .score = last->score,
        .tier = last->tier,
    };
    run->next_cursor = cs_cursor_print(run->arena, &cursor);
    return cs_arena_status(run->arena, err);
}

enum cs_status cs_search_page(struct cs_search *run, struct cs_error *err)
{
    struct pager pager = {.run = run};
    struct cs_rank *rank = &run->rank;
    enum cs_status status = CS_OK;
    size_t i = 0, n_before;
    run->total = rank->full + rank->part;
    put_first(run);
    n_before = n_passed(run);
    run->hits =
        cs_arena_array(run->arena, (size_t)run->limit + 1, sizeof(*run->hits));
    pager.prints =
        cs_arena_array(run->arena, rank->n + 1, sizeof(struct print));
    if (!run->hits || !pager.prints)
        return cs_arena_status(run->arena, err);
    for (; i < rank->n && !status; i++) {
        const struct cs_rank_hit *hit = &rank->hits[i];
        bool collapsed = false;
        bool passed = i < n_before;
        status = collapse(&pager, hit->document, &collapsed, err);
        if (status || collapsed)
            continue;
        if (!passed && run->n == (size_t)run->limit)
            break;
        if (!passed)
            status = add_hit(run, hit, err);
        pager.prints[pager.n_prints].hit =
            passed || status ? NULL : &run->hits[run->n - 1];
        pager.n_prints++;
    }
    if (!status && i > 0 && (int64_t)i < run->total && run->n > 0)
        status = end_page(run, i, err);
    return status;
}
