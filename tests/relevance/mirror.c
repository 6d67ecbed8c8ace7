/*
 * mirror.c - fills a mirror through the store's sink.
 */
#include "tests/relevance/mirror.h"

#include "index/search/search.h"
#include "index/store/store.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct rel_mirror {
    char root[64];
    struct cs_index *index;
    sqlite3 *plain;
    sqlite3_stmt *ask;
};

static void must(enum cs_status status, const struct cs_error *err)
{
    if (status == CS_OK)
        return;
    (void)fprintf(stderr, "relevance: %s\n", err->message);
    exit(1);
}

/* It is always the same day, so that nothing ages from run to run. */
static int64_t stand_still(void *ctx)
{
    (void)ctx;
    return 1760000000000;
}

static void wait_not(void *ctx, int64_t ms)
{
    (void)ctx, (void)ms;
}

static const struct cs_clock still = {stand_still, stand_still, wait_not, NULL};

/* ---- our index ---- */

static const struct cs_container space = {
    .id = "1", .key = "ENG", .name = "Engineering"};

static void list_docs(struct cs_sink *sink, const struct rel_set *set)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_list_summary summary;
    must(sink->ops->list_begin(sink, &space, CS_LIST_COMPLETE, &err), &err);
    for (size_t i = 0; i < set->n_docs; i++) {
        const struct rel_doc *doc = &set->docs[i];
        char id[32];
        (void)snprintf(id, sizeof(id), "%zu", i);
        const struct cs_item item = {
            .id = id,
            .title = doc->title,
            .status = doc->archived ? CS_ITEM_ARCHIVED : CS_ITEM_CURRENT,
            .position = -1,
            .version = 1,
            .created = doc->updated,
            .updated = doc->updated,
        };
        must(sink->ops->list_add(sink, &item, &err), &err);
    }
    must(sink->ops->list_end(sink, false, &summary, &err), &err);
}

static void put_docs(struct cs_sink *sink, const struct rel_set *set)
{
    struct cs_error err = CS_ERROR_INIT;
    must(sink->ops->fetch_begin(sink, &space, &err), &err);
    for (size_t i = 0; i < set->n_docs; i++) {
        const struct rel_doc *from = &set->docs[i];
        char id[32];
        (void)snprintf(id, sizeof(id), "%zu", i);
        const struct cs_document doc = {
            .id = id,
            .aspects = CS_ASPECT_TEXT | CS_ASPECT_LABELS,
            .version = 1,
            .text = {.body = {.markdown = from->markdown,
                              .len = strlen(from->markdown)},
                     .source = "<p/>",
                     .source_len = 4,
                     .source_format = "storage"},
            .labels = &from->label,
            .n_labels = from->label ? 1 : 0,
        };
        must(sink->ops->put(sink, &doc, &err), &err);
    }
    must(sink->ops->commit(sink, &err), &err);
}

static void fill(const char *root, const struct rel_set *set)
{
    static const struct cs_source_info source = {.name = "wiki",
                                                 .type = "relevance",
                                                 .base_url =
                                                     "https://wiki.example"};
    static const struct cs_run_options run = {.aspects = CS_ASPECT_TEXT |
                                                         CS_ASPECT_LABELS};
    const struct cs_index_options options = {
        .root = root, .clock = &still, .mode = CS_DB_WRITE};
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_run_summary summary;
    must(cs_index_open(&options, &index, &err), &err);
    must(cs_store_open(index, &store, &err), &err);
    struct cs_sink *sink = cs_store_sink(store);
    must(sink->ops->begin(sink, &source, &run, &err), &err);
    list_docs(sink, set);
    put_docs(sink, set);
    must(sink->ops->end(sink, CS_OK, &summary, &err), &err);
}

/* ---- the stock table ---- */

static void plain_must(struct rel_mirror *mirror, bool ok)
{
    if (ok)
        return;
    (void)fprintf(stderr, "relevance: %s\n", sqlite3_errmsg(mirror->plain));
    exit(1);
}

static void fill_plain(struct rel_mirror *mirror, const struct rel_set *set)
{
    sqlite3_stmt *stmt;
    plain_must(mirror, sqlite3_open(":memory:", &mirror->plain) == SQLITE_OK &&
                           sqlite3_exec(mirror->plain,
                                        "CREATE VIRTUAL TABLE fts USING"
                                        " fts5(title, body)",
                                        NULL, NULL, NULL) == SQLITE_OK &&
                           sqlite3_prepare_v2(mirror->plain,
                                              "INSERT INTO fts(rowid, title,"
                                              " body) VALUES(?, ?, ?)",
                                              -1, &stmt, NULL) == SQLITE_OK);
    for (size_t i = 0; i < set->n_docs; i++) {
        sqlite3_bind_int64(stmt, 1, (sqlite3_int64)i + 1);
        sqlite3_bind_text(stmt, 2, set->docs[i].title, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 3, set->docs[i].markdown, -1, SQLITE_STATIC);
        plain_must(mirror, sqlite3_step(stmt) == SQLITE_DONE);
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
    plain_must(mirror,
               sqlite3_prepare_v2(mirror->plain,
                                  "SELECT rowid FROM fts WHERE fts MATCH ?1"
                                  " ORDER BY rank LIMIT ?2",
                                  -1, &mirror->ask, NULL) == SQLITE_OK);
}

struct rel_mirror *rel_mirror_new(const struct rel_set *set)
{
    struct rel_mirror *mirror = calloc(1, sizeof(*mirror));
    const char *tmp = getenv("TMPDIR");
    struct cs_error err = CS_ERROR_INIT;
    if (!mirror)
        exit(1);
    (void)snprintf(mirror->root, sizeof(mirror->root), "%.40s/cs-rel.XXXXXX",
                   tmp ? tmp : "/tmp");
    if (!mkdtemp(mirror->root)) {
        perror(mirror->root);
        exit(1);
    }
    fill(mirror->root, set);
    fill_plain(mirror, set);
    const struct cs_index_options options = {
        .root = mirror->root, .clock = &still, .mode = CS_DB_READ};
    must(cs_index_open(&options, &mirror->index, &err), &err);
    return mirror;
}

static int remove_one(const char *path, const struct stat *st, int kind,
                      struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

void rel_mirror_free(struct rel_mirror *mirror)
{
    if (!mirror)
        return;
    sqlite3_finalize(mirror->ask);
    sqlite3_close(mirror->plain);
    cs_index_close(mirror->index);
    (void)nftw(mirror->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(mirror);
}

/* ---- asking ---- */

void rel_mirror_search(struct rel_mirror *mirror, const char *query,
                       struct rel_hits *ret)
{
    struct cs_search_result *result CS_CLEANUP(cs_search_result_cleanup) = NULL;
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_search_request request = {
        .text = query,
        .limit = REL_HITS_MAX,
#ifdef CS_SEARCH_SNIPPETS
        .no_collapse = true,
#endif
    };
    must(cs_search_run(mirror->index, &request, &result, &err), &err);
    ret->n = 0;
    ret->n_asked = 0;
    for (size_t i = 0; i < result->n && i < REL_HITS_MAX; i++) {
        const char *number = strchr(result->hits[i].id, ':');
        ret->docs[ret->n++] = strtoul(number ? number + 1 : "", NULL, 10);
#ifdef CS_SEARCH_SNIPPETS
        if (result->hits[i].tier == CS_SEARCH_EXACT)
#endif
            ret->n_asked = ret->n;
    }
}

/* Each word as a quoted string, OR between them. */
static void put_any(const char *query, struct cs_strbuf *out)
{
    while (*(query += strspn(query, " \t\n"))) {
        size_t len = strcspn(query, " \t\n");
        cs_strbuf_puts(out, out->len ? " OR \"" : "\"");
        for (size_t i = 0; i < len; i++)
            if (query[i] != '"')
                cs_strbuf_putc(out, query[i]);
        cs_strbuf_putc(out, '"');
        query += len;
    }
}

void rel_mirror_plain(struct rel_mirror *mirror, const char *query,
                      struct rel_hits *ret)
{
    struct cs_strbuf match CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    int code;
    put_any(query, &match);
    ret->n = 0;
    sqlite3_bind_text(mirror->ask, 1, match.data, -1, SQLITE_STATIC);
    sqlite3_bind_int(mirror->ask, 2, REL_HITS_MAX);
    while ((code = sqlite3_step(mirror->ask)) == SQLITE_ROW)
        ret->docs[ret->n++] = (size_t)sqlite3_column_int64(mirror->ask, 0) - 1;
    plain_must(mirror, code == SQLITE_DONE);
    sqlite3_reset(mirror->ask);
    ret->n_asked = ret->n;
}
