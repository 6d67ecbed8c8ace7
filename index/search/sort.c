/*
 * sort.c - hits in the order of what only their rows know.
 */
#include "index/search/search_parts.h"

#include "src/text.h"

#include <stdlib.h>

struct sorted {
    int64_t document;
    int64_t created;
    const char *title;
    uint64_t mask;
    enum cs_search_tier tier;
};

struct sorting {
    struct cs_search *run;
    struct sorted *of;
    size_t n, max;
};

static bool see_entry(void *payload, int64_t document,
                      struct cs_board_entry *entry)
{
    struct sorting *sorting = payload;
    bool part = entry->state == CS_BOARD_PART && sorting->run->rank.part > 0;
    if (sorting->n < sorting->max && (entry->state == CS_BOARD_HIT || part))
        sorting->of[sorting->n++] =
            (struct sorted){.document = document,
                            .mask = entry->mask,
                            .tier = part ? CS_SEARCH_RELAXED : CS_SEARCH_EXACT};
    return true;
}

static enum cs_status load(struct cs_search *run, struct sorted *sorted,
                           struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_strbuf folded CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    bool row = false;
    enum cs_status status =
        cs_db_query(run->db, &query, err,
                    "SELECT created, title FROM document WHERE id = ?", "i",
                    sorted->document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    sorted->created = cs_query_int(&query, 0);
    if (run->sort == CS_SEARCH_TITLE) {
        const char *title = cs_query_text(&query, 1);
        cs_text_put_folded(&folded, title, strlen(title));
        sorted->title = cs_arena_strdup(run->arena, folded.data);
    }
    return cs_arena_status(run->arena, err);
}

static int by_row(const struct sorted *a, const struct sorted *b)
{
    return a->document < b->document ? -1 : a->document > b->document;
}

static int by_created(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    if (a->created != b->created)
        return a->created > b->created ? -1 : 1;
    return by_row(a, b);
}

static int by_title(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    int order = strcmp(a->title, b->title);
    return order ? order : by_row(a, b);
}

/* Vectors know the minute; here are few enough to ask for the instant. */
static enum cs_status sort_dates(struct cs_search *run, struct cs_error *err)
{
    struct cs_rank *rank = &run->rank;
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < rank->n && !status; i++) {
        int64_t updated = 0;
        status = cs_db_int(run->db, &updated, err,
                           "SELECT updated FROM document WHERE id = ?", "i",
                           rank->hits[i].document);
        rank->hits[i].score = (double)updated;
    }
    if (!status)
        cs_rank_sort(rank, rank->hits, rank->n);
    return status;
}

enum cs_status cs_search_order(struct cs_search *run, struct cs_error *err)
{
    struct cs_rank *rank = &run->rank;
    struct sorting sorting = {.run = run,
                              .max = (size_t)(rank->full + rank->part)};
    enum cs_status status = CS_OK;
    if (run->sort != CS_SEARCH_CREATED && run->sort != CS_SEARCH_TITLE)
        return rank->by_date ? sort_dates(run, err) : CS_OK;
    sorting.of =
        cs_arena_array(run->arena, sorting.max + 1, sizeof(*sorting.of));
    if (!sorting.of)
        return cs_arena_status(run->arena, err);
    cs_board_each(run->gather.board, see_entry, &sorting);
    for (size_t i = 0; i < sorting.n && !status; i++)
        status = load(run, &sorting.of[i], err);
    if (status)
        return status;
    qsort(sorting.of, sorting.n, sizeof(*sorting.of),
          run->sort == CS_SEARCH_TITLE ? by_title : by_created);
    rank->n = 0;
    for (size_t i = 0; i < sorting.n && rank->n < rank->max; i++)
        rank->hits[rank->n++] = (struct cs_rank_hit){
            .document = sorting.of[i].document,
            .mask = sorting.of[i].mask,
            .tier = sorting.of[i].tier,
            .score = 0,
        };
    return CS_OK;
}
