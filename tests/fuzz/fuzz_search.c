/*
 * fuzz_search.c - any bytes as a search of a small mirror, through all of it:
 * an answer or a usage error, hits that hold together, and the next page.
 *
 * The first byte chooses the mode, the order and whether words alone count.
 */
#include "index/fulltext.h"
#include "index/search/search.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEADLINE_MS = 100 };

static const char pages[] =
    "INSERT INTO source(id, name, type, base_url, folder)"
    " VALUES(1, 'confluence', 'confluence', 'https://wiki.example', 'wiki');"
    "INSERT INTO container(id, source, vendor_id, key, name, folder)"
    " VALUES(1, 1, 'e', 'ENG', 'Engineering', 'ENG'),"
    " (2, 1, 'o', 'OPS', 'Operations', 'OPS');"
    "INSERT INTO person VALUES(1, 'u1', 'Ada Lovelace');"
    "WITH page(id, parent, title, text) AS (VALUES"
    " (1, NULL, 'Runbook', 'How to restart the gateway: getUserById(7).'),"
    " (2, '1', 'Gateway', '# Retry budget\n\nThe gateway retries v1.2.3.'),"
    " (3, '1', 'Release process', 'ORA-00942\n\n```\nget_user_by_id\n```\n'),"
    " (4, '2', '\u8a2d\u8a08\u30ec\u30d3\u30e5\u30fc',"
    "  '\u8a08\u753b\u306e\u66f8 node.js c++'),"
    " (5, NULL, 'Caf\u00e9', 'a b c 1 2 3 10.0.0.1 x_y'), (6, '5', '', ''))"
    "INSERT INTO document(id, source, container, vendor_id, kind, status,"
    " title, parent, version, body_version, created, updated, author, url,"
    " path) SELECT id, 1, 1 + id % 2, id, iif(id = 3, 'blogpost', 'page'),"
    " iif(id = 2, 'archived', 'current'), title, parent, 1, 1, id * 1e11,"
    " id * 2e11, 'u1', 'https://wiki.example/pages/' || id, id || '.md'"
    " FROM page;"
    "INSERT INTO body SELECT id, title || char(10) || coalesce((SELECT 'text '"
    " || group_concat(title, ' gateway ') FROM document d WHERE d.id >= o.id),"
    " ''), x'', 'storage', 0, 0, 0, 0 FROM document o;"
    "INSERT INTO label VALUES(1, 'runbook'), (2, 'deprecated')";

static void must(enum cs_status status, const struct cs_error *err)
{
    if (!status)
        return;
    (void)fprintf(stderr, "%s\n", err->message);
    abort();
}

static struct cs_index *make_index(void)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index = NULL;
    must(cs_index_make("/nonexistent", ":memory:", cs_clock_system(), &index,
                       &err),
         &err);
    must(cs_db_exec(cs_index_db(index), pages, &err), &err);
    must(cs_fulltext_rebuild(cs_index_db(index), &err), &err);
    return index;
}

static void check(const struct cs_search_result *result)
{
    bool sane = result->n <= (size_t)result->total && result->expression;
    for (size_t i = 0; i < result->n && sane; i++) {
        const struct cs_search_hit *hit = &result->hits[i];
        sane = hit->id && hit->title && hit->space && hit->score >= 0 &&
               hit->n_snippets <= CS_SEARCH_SNIPPETS;
    }
    if (!sane)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cs_index *index; /* one for all inputs */
    struct cs_error err = CS_ERROR_INIT;
    struct cs_search_result *result CS_CLEANUP(cs_search_result_cleanup) = NULL;
    struct cs_search_result *next CS_CLEANUP(cs_search_result_cleanup) = NULL;
    if (!index)
        index = make_index();
    unsigned choice = size ? data[0] : 0;
    char *text =
        strndup(size ? (const char *)data + 1 : "", size ? size - 1 : 0);
    struct cs_search_request request = {
        .text = text,
        .mode = (enum cs_search_mode)(choice % 3),
        .sort = (enum cs_search_sort)(choice / 3 % CS_SEARCH_SORTS),
        .strict = choice / 12 % 2,
        .limit = 2,
        .snippets = true,
        .facets = true,
        .deadline_ms = DEADLINE_MS,
    };
    enum cs_status status = cs_search_run(index, &request, &result, &err);
    if (!status) {
        check(result);
        request.cursor = result->next_cursor;
        if (request.cursor) {
            must(cs_search_run(index, &request, &next, &err), &err);
            check(next);
        }
    } else if (status != CS_ERR_USAGE && status != CS_ERR_LIMIT) {
        must(status, &err);
    }
    free(text);
    return 0;
}
