/*
 * facets.c - numbers of vectors, counted, and then named.
 */
#include "index/search/facets.h"

#include <stdlib.h>
#include <time.h>

enum { NUMBERS = 65536, YEARS = 200, LABEL_LOOKUPS = 2000 };

enum facet { SPACE, TYPE, AUTHOR, LABEL, YEAR, STATUS, FACETS };

static const char *const names[FACETS] = {"space", "type", "author",
                                          "label", "year", "status"};

struct counter {
    struct cs_db *db;
    struct cs_vectors *vectors;
    struct cs_arena *arena;
    struct cs_board *board;
    bool parts;
    int64_t hits;
    int64_t *containers, *authors;
    int64_t years[YEARS], blogposts, archived;
    struct cs_search_facet *facets;
};

static bool is_hit(const struct counter *counter,
                   const struct cs_board_entry *entry)
{
    return entry && (entry->state == CS_BOARD_HIT ||
                     (counter->parts && entry->state == CS_BOARD_PART));
}

/* Of a date in the calendar of Gregory. */
static size_t year_since_1970(uint16_t since)
{
    int64_t days = since + 719468;
    int64_t era = days / 146097, day = days % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t full = year + era * 400 + (of_year >= 306 ? 1 : 0);
    return full < 1970 ? 0 : (size_t)(full - 1970) % YEARS;
}

static bool count(void *payload, int64_t document, struct cs_board_entry *entry)
{
    struct counter *counter = payload;
    const struct cs_vector *vector = entry->vector;
    if (!is_hit(counter, entry))
        return true;
    const struct cs_vector_facts *facts =
        cs_vectors_facts(counter->vectors, document);
    counter->hits++;
    counter->containers[facts->container]++;
    counter->authors[facts->author]++;
    counter->years[year_since_1970(vector->day)]++;
    counter->blogposts += (vector->flags & CS_VECTOR_BLOGPOST) != 0;
    counter->archived += (vector->flags & CS_VECTOR_ARCHIVED) != 0;
    return true;
}

static int more_first(const void *left, const void *right)
{
    const struct cs_search_count *a = left, *b = right;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return strcmp(a->value, b->value);
}

/* Add to one value of a facet; the same name comes together. */
static void add(struct counter *counter, struct cs_search_count *counts,
                size_t *n, size_t max, const char *value, int64_t more)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(counts[i].value, value) == 0) {
            counts[i].n += more;
            return;
        }
    const char *copy = cs_arena_strdup(counter->arena, value);
    if (*n < max && copy)
        counts[(*n)++] = (struct cs_search_count){copy, more};
}

static void finish(struct counter *counter, enum facet facet,
                   struct cs_search_count *counts, size_t n)
{
    qsort(counts, n, sizeof(*counts), more_first);
    counter->facets[facet] = (struct cs_search_facet){
        names[facet], counts, n < CS_FACETS_VALUES ? n : CS_FACETS_VALUES};
}

/* The most frequent numbers are named by a query. */
static enum cs_status name_numbers(struct counter *counter, enum facet facet,
                                   const int64_t *numbers, const char *sql,
                                   struct cs_error *err)
{
    struct cs_search_count *counts =
        cs_arena_array(counter->arena, 2 * CS_FACETS_VALUES, sizeof(*counts));
    size_t top[2 * CS_FACETS_VALUES], n_top = 0, n = 0;
    for (size_t i = 1; i < NUMBERS; i++) {
        if (!numbers[i])
            continue;
        size_t at = n_top < CS_ARRAY_LEN(top) ? n_top++ : n_top;
        for (; at > 0 && numbers[top[at - 1]] < numbers[i]; at--)
            if (at < CS_ARRAY_LEN(top))
                top[at] = top[at - 1];
        if (at < CS_ARRAY_LEN(top))
            top[at] = i;
    }
    for (size_t i = 0; i < n_top && counts; i++) {
        struct cs_query query CS_CLEANUP(cs_query_close) = {0};
        bool row = false;
        enum cs_status status =
            cs_db_query(counter->db, &query, err, sql, "i", (int64_t)top[i]);
        if (!status)
            status = cs_query_next(&query, &row, err);
        if (status)
            return status;
        const char *name = row ? cs_query_text(&query, 0) : NULL;
        if (name)
            add(counter, counts, &n, CS_ARRAY_LEN(top), name, numbers[top[i]]);
    }
    if (counts)
        finish(counter, facet, counts, n);
    return cs_arena_status(counter->arena, err);
}

static void name_flags(struct counter *counter, enum facet facet,
                       const char *with, const char *without, int64_t n_with)
{
    struct cs_search_count *counts =
        cs_arena_array(counter->arena, 2, sizeof(*counts));
    size_t n = 0;
    if (!counts)
        return;
    if (n_with > 0)
        add(counter, counts, &n, 2, with, n_with);
    if (counter->hits > n_with)
        add(counter, counts, &n, 2, without, counter->hits - n_with);
    finish(counter, facet, counts, n);
}

static void name_years(struct counter *counter)
{
    struct cs_search_count *counts =
        cs_arena_array(counter->arena, YEARS, sizeof(*counts));
    size_t n = 0;
    for (size_t i = 0; i < YEARS && counts; i++) {
        char year[32];
        (void)snprintf(year, sizeof(year), "%zu", 1970 + i);
        if (counter->years[i])
            add(counter, counts, &n, YEARS, year, counter->years[i]);
    }
    if (counts)
        finish(counter, YEAR, counts, n);
}

/* ---- labels ---- */

struct labels {
    struct counter *counter;
    struct cs_search_count *counts;
    size_t n, cap;
    enum cs_status status;
    struct cs_error *err;
};

/* Labels in the order of their names: each comes in one run. */
static enum cs_status scan_labels(struct labels *labels)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_search_count run = {0};
    bool row = true;
    enum cs_status status =
        cs_db_query(labels->counter->db, &query, labels->err,
                    "SELECT name, document FROM label ORDER BY name", "");
    while (!status) {
        status = cs_query_next(&query, &row, labels->err);
        const char *name = !status && row ? cs_query_text(&query, 0) : NULL;
        if (!name || !run.value || strcmp(name, run.value) != 0) {
            if (run.n > 0 && labels->n < labels->cap)
                labels->counts[labels->n++] = run;
            run = (struct cs_search_count){
                name ? cs_arena_strdup(labels->counter->arena, name) : NULL, 0};
        }
        if (!name)
            break;
        run.n +=
            is_hit(labels->counter, cs_board_find(labels->counter->board,
                                                  cs_query_int(&query, 1)));
    }
    return status;
}

static bool look_up(void *payload, int64_t document,
                    struct cs_board_entry *entry)
{
    struct labels *labels = payload;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    if (!is_hit(labels->counter, entry))
        return true;
    labels->status =
        cs_db_query(labels->counter->db, &query, labels->err,
                    "SELECT name FROM label WHERE document = ?", "i", document);
    while (!labels->status && row) {
        labels->status = cs_query_next(&query, &row, labels->err);
        if (!labels->status && row)
            add(labels->counter, labels->counts, &labels->n, labels->cap,
                cs_query_text(&query, 0), 1);
    }
    return labels->status == CS_OK;
}

static enum cs_status name_labels(struct counter *counter, struct cs_error *err)
{
    struct labels labels = {.counter = counter, .err = err};
    int64_t n = 0;
    enum cs_status status = cs_db_int(
        counter->db, &n, err, "SELECT count(DISTINCT name) FROM label", "");
    labels.cap = (size_t)n;
    labels.counts =
        cs_arena_array(counter->arena, labels.cap + 1, sizeof(*labels.counts));
    if (status || !labels.counts)
        return status ? status : cs_arena_status(counter->arena, err);
    if (counter->hits > LABEL_LOOKUPS)
        labels.status = scan_labels(&labels);
    else
        cs_board_each(counter->board, look_up, &labels);
    finish(counter, LABEL, labels.counts, labels.n);
    return labels.status;
}

enum cs_status cs_facets_count(struct cs_db *db, struct cs_vectors *vectors,
                               struct cs_arena *arena, struct cs_board *board,
                               bool parts, const struct cs_search_facet **ret,
                               size_t *ret_n, struct cs_error *err)
{
    struct counter counter = {.db = db,
                              .vectors = vectors,
                              .arena = arena,
                              .board = board,
                              .parts = parts};
    counter.containers = cs_arena_array(arena, NUMBERS, sizeof(int64_t));
    counter.authors = cs_arena_array(arena, NUMBERS, sizeof(int64_t));
    counter.facets = cs_arena_array(arena, FACETS, sizeof(*counter.facets));
    if (!counter.containers || !counter.authors || !counter.facets)
        return cs_arena_status(arena, err);
    cs_board_each(board, count, &counter);
    enum cs_status status = cs_vectors_status(vectors, err);
    if (!status)
        status = name_numbers(&counter, SPACE, counter.containers,
                              "SELECT key FROM container WHERE id = ?", err);
    if (!status)
        status =
            name_numbers(&counter, AUTHOR, counter.authors,
                         "SELECT coalesce(p.name, a.vendor_id) FROM author a"
                         " LEFT JOIN person p ON p.source = a.source"
                         " AND p.vendor_id = a.vendor_id WHERE a.id = ?",
                         err);
    if (!status)
        status = name_labels(&counter, err);
    name_flags(&counter, TYPE, "blogpost", "page", counter.blogposts);
    name_flags(&counter, STATUS, "archived", "current", counter.archived);
    name_years(&counter);
    if (status)
        return status;
    *ret = counter.facets;
    *ret_n = FACETS;
    return cs_arena_status(arena, err);
}
