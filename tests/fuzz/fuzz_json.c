/*
 * fuzz_json.c - any bytes as an answer of a server: body and headers.
 *
 * The input is a JSON text; its rows are read as the Cloud client reads them.
 * The same bytes are taken as a Retry-After value, a Link header, a time and a
 * redirect, which come from the same stranger.
 */
#include "connectors/confluence/cloud.h"
#include "src/retry.h"
#include "src/url.h"

#include <stdlib.h>

#define HEADER_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cs_site site = {.wiki = "https://acme.atlassian.net/wiki"};

/* A failure must have words; a success must give what it promises. */
static void check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "fuzz_json: %s\n", what);
    abort();
}

static void read_item(const struct cs_json *row, struct cs_arena *arena,
                      enum cs_item_kind kind)
{
    struct cs_item item = {.id = NULL};
    struct cs_error err = CS_ERROR_INIT;
    bool skip;
    enum cs_status status =
        cs_cloud_item(&site, row, kind, arena, &item, &skip, &err);
    if (status)
        check(err.status == status && err.message[0], "an error says nothing");
    else
        check(item.id && item.title, "an item without id or title");
    cs_arena_clear(arena);
}

static void read_body(const char *text, size_t len)
{
    cJSON *doc CS_CLEANUP(cs_json_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_json rows, row = {.node = NULL};
    if (!arena || cs_json_parse(text, len, &doc, &err))
        return;
    struct cs_json root = cs_json_root(doc);
    read_item(&root, arena, CS_ITEM_FOLDER);
    if (cs_json_array(&root, "results", CS_JSON_REQUIRED, &rows, &err))
        return;
    while (cs_json_next(&rows, &row)) {
        read_item(&row, arena, CS_ITEM_PAGE);
        read_item(&row, arena, CS_ITEM_BLOG_POST);
    }
}

static void read_headers(const char *text)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_origin origin;
    int64_t ms;
    int64_t wait = cs_retry_after(text, INT64_C(1778051289000));
    check(wait == -1 || (wait >= 1000 && wait <= 120000), "a wait not clamped");
    (void)cs_time_parse(text, &ms, NULL);
    (void)cs_time_parse_http(text, &ms, NULL);
    (void)cs_duration_parse(text, &ms, NULL);
    (void)cs_paging_link_next(text, &out);
    cs_strbuf_reset(&out);
    if (cs_url_join("https://acme.test/a/b?c", text, &out, NULL) == CS_OK)
        check(cs_url_origin(out.data, &origin, NULL) == CS_OK,
              "a redirect without origin");
    cs_strbuf_reset(&out);
    cs_url_put_path(text, &out);
    check(out.data[0] == '/', "a path that does not begin with '/'");
    cs_strbuf_reset(&out);
    cs_url_put_brief(text, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[HEADER_MAX + 1];
    size_t len = size < HEADER_MAX ? size : HEADER_MAX;
    read_body((const char *)data, size);
    if (len)
        memcpy(text, data, len);
    text[len] = '\0';
    read_headers(text);
    return 0;
}
