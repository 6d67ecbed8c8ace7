/*
 * alike.c - pages that say the same, or nearly the same.
 *
 * Of each group the newest comes first, then those that somebody may have
 * copied it from, or forgotten.
 */
#include "index/upkeep/internal.h"
#include "index/words/fingerprint.h"

#include <stdlib.h>

struct page {
    int64_t document, source, updated;
    const char *file, *title, *id;
    bool same; /* its text is that of the newest, to the byte */
};

struct telling {
    struct cs_check *check;
    struct cs_arena *arena; /* of one group */
};

static enum cs_status read_page(struct cs_db *db, struct cs_arena *arena,
                                int64_t document, struct page *pages, size_t *n,
                                struct cs_error *err)
{
    struct cs_query row CS_CLEANUP(cs_query_close) = {0};
    bool found = false;
    enum cs_status status =
        cs_db_query(db, &row, err,
                    "SELECT d.source, d.updated, d.file_path, d.title,"
                    " s.name || ':' || d.vendor_id FROM document d"
                    " JOIN source s ON s.id = d.source"
                    " WHERE d.id = ? AND d.missing IS NULL",
                    "i", document);
    if (!status)
        status = cs_query_next(&row, &found, err);
    if (status || !found)
        return status;
    pages[(*n)++] = (struct page){
        .document = document,
        .source = cs_query_int(&row, 0),
        .updated = cs_query_int(&row, 1),
        .file = cs_arena_strdup(arena, cs_query_text(&row, 2)),
        .title = cs_arena_strdup(arena, cs_query_text(&row, 3)),
        .id = cs_arena_strdup(arena, cs_query_text(&row, 4)),
    };
    return cs_arena_status(arena, err);
}

static int newest_first(const void *a, const void *b)
{
    const struct page *x = a, *y = b;
    if (x->updated != y->updated)
        return x->updated < y->updated ? 1 : -1;
    return x->document < y->document ? -1 : x->document > y->document;
}

static enum cs_status compare_texts(struct cs_db *db, struct page *pages,
                                    size_t n, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 1; i < n && !status; i++) {
        int64_t same = 0;
        status = cs_db_int(db, &same, err,
                           "SELECT a.markdown = b.markdown FROM body a, body b"
                           " WHERE a.document = ? AND b.document = ?",
                           "ii", pages[0].document, pages[i].document);
        pages[i].same = same != 0;
    }
    return status;
}

static const char *say_newest(struct cs_arena *arena, const struct page *page,
                              size_t n)
{
    return cs_arena_printf(arena,
                           "\"%s\" is the newest of %zu that say the "
                           "same or nearly so",
                           page->title, n);
}

static const char *say_other(struct cs_arena *arena, const struct page *page,
                             const struct page *newest)
{
    return cs_arena_printf(
        arena, "\"%s\" says %s as %s, which is %s", page->title,
        page->same ? "the same" : "nearly the same", newest->id,
        newest->updated > page->updated ? "newer" : "as new");
}

static enum cs_status tell_group(void *payload,
                                 const struct cs_fingerprint_group *group,
                                 struct cs_error *err)
{
    const struct telling *telling = payload;
    struct cs_check *check = telling->check;
    struct cs_arena *arena = telling->arena;
    size_t n = 0;
    cs_arena_clear(arena);
    struct page *pages = cs_arena_array(arena, group->n, sizeof(*pages));
    enum cs_status status = cs_arena_status(arena, err);
    for (size_t i = 0; i < group->n && !status; i++)
        status =
            read_page(check->db, arena, group->documents[i], pages, &n, err);
    if (status || n < 2)
        return status;
    qsort(pages, n, sizeof(*pages), newest_first);
    status = compare_texts(check->db, pages, n, err);
    for (size_t i = 0; i < n && !status; i++) {
        struct cs_check_item item = {
            .finding = {.severity = CS_CHECK_NOTE,
                        .message = i ? say_other(arena, &pages[i], pages)
                                     : say_newest(arena, pages, n)},
            .source = cs_check_source_of(check, pages[i].source),
            .document = pages[i].document,
            .name = pages[i].file,
        };
        status = cs_arena_status(arena, err);
        if (!status)
            status = cs_check_report(check, &item, err);
    }
    return status;
}

enum cs_status cs_check_find_alike(struct cs_check *check, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct telling telling = {check, arena};
    return arena ? cs_fingerprint_groups(check->db, tell_group, &telling, err)
                 : cs_error_no_memory(err);
}
