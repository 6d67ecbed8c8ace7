/*
 * paging.c - follow next addresses, one page ahead of the caller.
 */
#include "connectors/paging.h"

#include "connectors/idset.h"
#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

#define SHRINK_ATTEMPTS 3

struct page {
    struct page *older;
    struct cs_answer *answer;
    struct cs_json root, rows; /* root.up chains point into this struct */
};

struct cs_paging {
    struct cs_paging_site site;
    unsigned max_attempts;
    struct cs_strbuf first;   /* path of the first page */
    struct cs_strbuf path;    /* of the next page, "" at the end */
    struct cs_answer *coming; /* the next page, when it was asked for */
    struct page *pages;       /* handed out, the newest first */
    struct cs_idset seen;     /* next addresses */
    bool keep, lazy;
    bool may_shrink, shrunk; /* the limit, when the server chokes */
    long http_status;
    size_t size;
};

/* The digits of the limit in a path; false when there is none that could be
 * less. */
static bool find_limit(const struct cs_strbuf *path, size_t *ret_at,
                       size_t *ret_len, unsigned long *ret_limit)
{
    const char *at = strstr(path->data, "limit=");
    while (at && at[-1] != '?' && at[-1] != '&')
        at = strstr(at + 1, "limit=");
    if (!at)
        return false;
    at += strlen("limit=");
    *ret_at = (size_t)(at - path->data);
    *ret_len = strspn(at, "0123456789");
    *ret_limit = strtoul(at, NULL, 10);
    return *ret_len > 0 && *ret_len <= 6 && *ret_limit >= 2;
}

static bool halve_limit(struct cs_strbuf *path)
{
    char half[24];
    size_t at, len;
    unsigned long limit;
    if (!find_limit(path, &at, &len, &limit))
        return false;
    (void)snprintf(half, sizeof(half), "%lu", limit / 2);
    cs_strbuf_splice(path, at, len, half, strlen(half));
    return true;
}

/* While there is the remedy of asking for less, not many attempts are made. */
static enum cs_status ask(struct cs_paging *paging, struct cs_error *err)
{
    size_t at, len;
    unsigned long limit;
    bool remedy =
        paging->may_shrink && find_limit(&paging->path, &at, &len, &limit);
    struct cs_answer_request request = {
        .path = paging->path.data,
        .max_attempts = remedy ? SHRINK_ATTEMPTS : paging->max_attempts};
    return cs_answer_ask(paging->site.http, &request, &paging->coming, err);
}

enum cs_status cs_paging_open(const struct cs_paging_site *site,
                              const char *path, unsigned max_attempts,
                              struct cs_paging **ret, struct cs_error *err)
{
    struct cs_paging *paging = calloc(1, sizeof(*paging));
    if (!paging)
        return cs_error_no_memory(err);
    paging->site = *site;
    paging->max_attempts = max_attempts;
    paging->may_shrink = max_attempts == 0;
    cs_strbuf_init(&paging->first, CS_URL_MAX);
    cs_strbuf_init(&paging->path, CS_URL_MAX);
    cs_strbuf_puts(&paging->first, path);
    cs_strbuf_puts(&paging->path, path);
    enum cs_status status = cs_strbuf_status(&paging->first, err);
    if (!status)
        status = cs_strbuf_status(&paging->path, err);
    if (!status)
        status = ask(paging, err);
    if (status) {
        cs_paging_free(paging);
        return status;
    }
    *ret = paging;
    return CS_OK;
}

void cs_paging_lazy(struct cs_paging *paging)
{
    paging->lazy = true;
}

void cs_paging_keep(struct cs_paging *paging)
{
    paging->keep = true;
}

static void drop_pages(struct cs_paging *paging)
{
    while (paging->pages) {
        struct page *page = paging->pages;
        paging->pages = page->older;
        cs_answer_free(page->answer);
        free(page);
    }
}

void cs_paging_free(struct cs_paging *paging)
{
    if (!paging)
        return;
    cs_answer_free(paging->coming);
    drop_pages(paging);
    cs_idset_clear(&paging->seen);
    cs_strbuf_clear(&paging->first);
    cs_strbuf_clear(&paging->path);
    free(paging);
}

/* One "<target>; rel="next"" of a Link header. Targets may hold commas and
 * semicolons, so the angle brackets lead. */
bool cs_paging_link_next(const char *link, struct cs_strbuf *out)
{
    const char *open = strchr(link, '<'), *close;
    for (; open && (close = strchr(open, '>')); open = strchr(close, '<')) {
        const char *rest = close + 1, *end = strchr(rest, '<');
        size_t len = end ? (size_t)(end - rest) : strlen(rest);
        const char *rel = memmem(rest, len, "rel=", 4);
        if (!rel)
            continue;
        rel += 4 + (rel[4] == '"');
        if (strncmp(rel, "next", 4) == 0 && !cs_ascii_is_alnum(rel[4])) {
            cs_strbuf_put(out, open + 1, (size_t)(close - open - 1));
            return true;
        }
    }
    return false;
}

/* Where `next` leads below our base URL. Vendors write it with or without
 * scheme and host, with or without the path of a gateway in front, and in one
 * API without the context. */
static void put_next_path(const struct cs_paging_site *site, const char *next,
                          struct cs_strbuf *out)
{
    struct cs_strbuf whole CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_url_put_path(next, &whole);
    const char *path = whole.data;
    size_t base = strlen(site->base_path), context = strlen(site->context);
    if (base && strncmp(path, site->base_path, base) == 0 && path[base] == '/')
        path += base;
    if (strncmp(path, site->context, context) != 0 || path[context] != '/')
        cs_strbuf_puts(out, site->context);
    cs_strbuf_puts(out, path);
    if (whole.status)
        out->status = whole.status;
}

/* The next address as the answer has it, or NULL. */
static enum cs_status find_next(const struct page *page, struct cs_strbuf *link,
                                const char **ret, struct cs_error *err)
{
    struct cs_json links;
    const char *next = NULL;
    enum cs_status status =
        cs_json_object(&page->root, "_links", CS_JSON_OPTIONAL, &links, err);
    if (!status)
        status = cs_json_text(&links, "next", CS_JSON_OPTIONAL, &next, err);
    if (status)
        return cs_answer_blame(page->answer, status, err);
    if (!(next && *next))
        next = cs_paging_link_next(cs_answer_link(page->answer), link)
                   ? link->data
                   : NULL;
    *ret = next;
    return cs_strbuf_status(link, err);
}

/* Read where the next page is into `path`, and unless the caller is lazy ask
 * for it. */
static enum cs_status follow(struct cs_paging *paging, const struct page *page,
                             struct cs_error *err)
{
    struct cs_strbuf link CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    const char *next = NULL;
    bool fresh;
    cs_strbuf_reset(&paging->path);
    enum cs_status status = find_next(page, &link, &next, err);
    if (status || !next)
        return status;
    put_next_path(&paging->site, next, &paging->path);
    status = cs_strbuf_status(&paging->path, err);
    if (!status)
        status = cs_idset_add(&paging->seen, paging->path.data, &fresh, err);
    if (!status && !fresh) {
        cs_error_set(err, CS_ERR_PARSE,
                     "the server gave the same cursor twice");
        status = CS_ERR_PARSE;
    }
    if (!status && !paging->lazy)
        status = ask(paging, err);
    return cs_answer_blame(page->answer, status, err);
}

/* ---- when the server chokes ---- */

static bool is_choking(long http_status)
{
    return http_status == 500 || http_status == 502 || http_status == 504;
}

/* After a failure: ask once more for fewer rows from the same cursor, or, when
 * the server does not take that, from the start. False when neither helps. */
static bool shrink(struct cs_paging *paging)
{
    bool refused = paging->shrunk && paging->http_status == 400;
    if (!paging->may_shrink || (!is_choking(paging->http_status) && !refused))
        return false;
    paging->shrunk = false;
    if (refused) {
        cs_strbuf_reset(&paging->path);
        cs_strbuf_puts(&paging->path, paging->first.data);
        cs_idset_clear(&paging->seen);
        return true;
    }
    /* Starting anew must not run into the same wall. */
    bool first = strcmp(paging->path.data, paging->first.data) == 0;
    if (!halve_limit(&paging->path))
        return false;
    if (!first)
        (void)halve_limit(&paging->first);
    paging->shrunk = !first;
    if (first) {
        cs_strbuf_reset(&paging->first);
        cs_strbuf_puts(&paging->first, paging->path.data);
    }
    return true;
}

/* Make the arrived answer the newest page. */
static enum cs_status turn_page(struct cs_paging *paging, struct cs_json root,
                                struct cs_error *err)
{
    struct page *page = calloc(1, sizeof(*page));
    if (!page)
        return cs_error_no_memory(err);
    if (!paging->keep)
        drop_pages(paging);
    page->answer = paging->coming;
    paging->coming = NULL;
    page->root = root;
    page->older = paging->pages;
    paging->pages = page;
    paging->size += cs_answer_size(page->answer);
    enum cs_status status = cs_json_array(&page->root, "results",
                                          CS_JSON_REQUIRED, &page->rows, err);
    return cs_answer_blame(page->answer, status, err);
}

/* Wait for the page that is coming. */
static enum cs_status wait_page(struct cs_paging *paging,
                                struct cs_json *ret_root, struct cs_error *err)
{
    for (;;) {
        enum cs_status status = paging->coming ? CS_OK : ask(paging, err);
        if (status)
            return status;
        status = cs_answer_wait(paging->coming, ret_root, err);
        paging->http_status = cs_answer_http_status(paging->coming);
        if (!status || status == CS_ERR_CANCELLED || !shrink(paging))
            return status;
        cs_answer_free(paging->coming);
        paging->coming = NULL;
    }
}

enum cs_status cs_paging_next(struct cs_paging *paging,
                              struct cs_json *ret_rows, bool *ret_more,
                              struct cs_error *err)
{
    struct cs_json root;
    if (!paging->coming && !paging->path.len) {
        *ret_more = false;
        return CS_OK;
    }
    enum cs_status status = wait_page(paging, &root, err);
    if (!status)
        status = turn_page(paging, root, err);
    if (!status)
        status = follow(paging, paging->pages, err);
    if (!status && paging->coming) /* let it start before the caller works */
        status = cs_http_wait(paging->site.http, SIZE_MAX, err);
    if (status)
        return status;
    *ret_rows = paging->pages->rows;
    *ret_more = true;
    return CS_OK;
}

enum cs_status cs_paging_each(struct cs_paging *paging, cs_paging_row_fn *fn,
                              void *payload, struct cs_error *err)
{
    struct cs_json rows;
    bool more = true, stop = false;
    enum cs_status status = CS_OK;
    while (!status && more && !stop) {
        struct cs_json row = {.node = NULL};
        status = cs_paging_next(paging, &rows, &more, err);
        while (!status && more && !stop && cs_json_next(&rows, &row))
            status =
                cs_paging_blame(paging, fn(payload, &row, &stop, err), err);
    }
    return status;
}

long cs_paging_http_status(const struct cs_paging *paging)
{
    return paging->http_status;
}

size_t cs_paging_size(const struct cs_paging *paging)
{
    return paging->size;
}

enum cs_status cs_paging_blame(const struct cs_paging *paging,
                               enum cs_status status, struct cs_error *err)
{
    return paging->pages ? cs_answer_blame(paging->pages->answer, status, err)
                         : status;
}
