/*
 * predicate_sets.c - documents by the tree of pages, and by likeness.
 */
#include "index/search/predicate_parts.h"

#include "index/reader.h"
#include "index/words/simhash.h"

#include <stdlib.h>

enum { DEPTH_MAX = 256 };

enum cs_status cs_predicate_named(struct cs_predicate_maker *maker,
                                  const char *name, struct cs_rows *rows,
                                  struct cs_error *err)
{
    struct cs_reader_document found;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    if (cs_reader_find(maker->index, maker->arena, name, &found, NULL) ==
        CS_OK) {
        cs_rows_add(rows, found.document);
        return CS_OK;
    }
    enum cs_status status = cs_db_query(
        maker->db, &query, err,
        "SELECT id FROM document WHERE title = ? COLLATE NOCASE", "s", name);
    return status ? status : cs_rows_take(rows, &query, err);
}

static enum cs_status warn_unknown(struct cs_predicate_maker *maker,
                                   const char *name)
{
    cs_expr_warn(maker->expr, maker->arena,
                 "there is no page '%.60s' in the mirror", name);
    return CS_OK;
}

static bool is_any(const struct cs_rows *rows)
{
    for (size_t i = 0; i < rows->n / 64; i++)
        if (rows->bits[i])
            return true;
    return false;
}

/* ---- in: ---- */

struct page {
    int64_t id;
    const char *vendor_id, *parent; /* parent may be NULL */
    signed char below;              /* -1: not known */
};

struct pages {
    struct page *of;
    size_t n;
};

static int by_vendor_id(const void *left, const void *right)
{
    const struct page *a = left, *b = right;
    return strcmp(a->vendor_id, b->vendor_id);
}

/* The pages of the spaces of `source` whose tree is asked about. */
static enum cs_status load_pages(struct cs_predicate_maker *maker,
                                 int64_t container, struct pages *pages,
                                 struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    int64_t n = 0;
    bool row = true;
    enum cs_status status = cs_db_int(
        maker->db, &n, err, "SELECT count(*) FROM document WHERE container = ?",
        "i", container);
    if (!status)
        status = cs_db_query(maker->db, &query, err,
                             "SELECT id, vendor_id, parent FROM document"
                             " WHERE container = ?",
                             "i", container);
    if (status)
        return status;
    pages->of =
        cs_arena_array(maker->arena, (size_t)n + 1, sizeof(struct page));
    while (!status && row && pages->of && pages->n < (size_t)n) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        struct page *page = &pages->of[pages->n];
        page->id = cs_query_int(&query, 0);
        page->vendor_id =
            cs_arena_strdup(maker->arena, cs_query_text(&query, 1));
        page->parent = cs_arena_strdup(maker->arena, cs_query_text(&query, 2));
        page->below = -1;
        pages->n += page->vendor_id != NULL;
    }
    if (!status)
        status = cs_arena_status(maker->arena, err);
    if (!status && pages->n > 0)
        qsort(pages->of, pages->n, sizeof(struct page), by_vendor_id);
    return status;
}

static struct page *parent_of(const struct pages *pages,
                              const struct page *page)
{
    struct page key = {.vendor_id = page->parent};
    return page->parent
               ? bsearch(&key, pages->of, pages->n, sizeof(key), by_vendor_id)
               : NULL;
}

/* Climb until the answer is known; it then holds for the whole way. */
static bool is_below(const struct pages *pages, struct page *page,
                     const struct cs_rows *roots)
{
    struct page *way[DEPTH_MAX];
    size_t n = 0;
    signed char below = 0;
    for (struct page *at = page; at && n < DEPTH_MAX;
         at = parent_of(pages, at)) {
        if (at->below >= 0 || cs_rows_have(roots, at->id)) {
            below = at->below == 0 ? 0 : 1;
            break;
        }
        way[n++] = at;
    }
    for (size_t i = 0; i < n; i++)
        way[i]->below = below;
    return below || cs_rows_have(roots, page->id);
}

static enum cs_status add_below(struct cs_predicate_maker *maker,
                                int64_t container, const struct cs_rows *roots,
                                struct cs_rows *rows, struct cs_error *err)
{
    struct pages pages = {0};
    enum cs_status status = load_pages(maker, container, &pages, err);
    for (size_t i = 0; i < pages.n && !status; i++)
        if (is_below(&pages, &pages.of[i], roots))
            cs_rows_add(rows, pages.of[i].id);
    return status;
}

enum cs_status cs_predicate_below(struct cs_predicate_maker *maker,
                                  const char *name, struct cs_rows *rows,
                                  struct cs_error *err)
{
    struct cs_rows roots;
    int64_t last = -1;
    enum cs_status status = cs_rows_make(maker->db, maker->arena, &roots, err);
    if (!status)
        status = cs_predicate_named(maker, name, &roots, err);
    if (!status && !is_any(&roots))
        return warn_unknown(maker, name);
    for (int64_t id = 0; (size_t)id < roots.n && !status; id++) {
        int64_t container = 0;
        if (!cs_rows_have(&roots, id))
            continue;
        status =
            cs_db_int(maker->db, &container, err,
                      "SELECT container FROM document WHERE id = ?", "i", id);
        if (!status && container != last)
            status = add_below(maker, container, &roots, rows, err);
        last = container;
    }
    return status;
}

enum cs_status cs_predicate_parents(struct cs_predicate_maker *maker,
                                    struct cs_rows *rows, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(maker->db, &query, err,
                    "SELECT id FROM document d WHERE (source, vendor_id) IN"
                    " (SELECT source, parent FROM document"
                    "  WHERE parent IS NOT NULL)",
                    "");
    return status ? status : cs_rows_take(rows, &query, err);
}

/* ---- near: ---- */

static enum cs_status add_near(struct cs_predicate_maker *maker, int64_t page,
                               struct cs_rows *rows, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    int64_t simhash = 0;
    bool row = true;
    enum cs_status status = cs_db_int(
        maker->db, &simhash, err,
        "SELECT simhash FROM fingerprint WHERE document = ?", "i", page);
    if (!status && simhash != 0)
        status = cs_db_query(maker->db, &query, err,
                             "SELECT document, simhash FROM fingerprint", "");
    while (!status && row && query.stmt) {
        status = cs_query_next(&query, &row, err);
        if (!status && row &&
            cs_simhash_near((uint64_t)simhash,
                            (uint64_t)cs_query_int(&query, 1)) &&
            cs_query_int(&query, 0) != page)
            cs_rows_add(rows, cs_query_int(&query, 0));
    }
    return status;
}

enum cs_status cs_predicate_near_to(struct cs_predicate_maker *maker,
                                    const char *name, struct cs_rows *rows,
                                    struct cs_error *err)
{
    struct cs_rows pages;
    enum cs_status status = cs_rows_make(maker->db, maker->arena, &pages, err);
    if (!status)
        status = cs_predicate_named(maker, name, &pages, err);
    if (!status && !is_any(&pages))
        return warn_unknown(maker, name);
    for (int64_t id = 0; (size_t)id < pages.n && !status; id++)
        if (cs_rows_have(&pages, id))
            status = add_near(maker, id, rows, err);
    return status;
}
