/*
 * paging.c - follow next addresses, one page ahead of the caller.
 */
#include "connectors/paging.h"

#include "connectors/idset.h"
#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

struct page {
    struct page *older;
    struct cs_answer *answer;
    struct cs_json root, rows; /* root.up chains point into this struct */
};

struct cs_paging {
    struct cs_paging_site site;
    unsigned max_attempts;
    struct cs_answer *coming; /* the next page, NULL at the end */
    struct page *pages;       /* handed out, the newest first */
    struct cs_idset seen;     /* next addresses */
    bool keep;
    long http_status;
    size_t size;
};

static enum cs_status ask(struct cs_paging *paging, const char *path,
                          struct cs_error *err)
{
    struct cs_answer_request request = {.path = path,
                                        .max_attempts = paging->max_attempts};
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
    enum cs_status status = ask(paging, path, err);
    if (status) {
        cs_paging_free(paging);
        return status;
    }
    *ret = paging;
    return CS_OK;
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

static enum cs_status follow(struct cs_paging *paging, const struct page *page,
                             struct cs_error *err)
{
    struct cs_strbuf link CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    const char *next = NULL;
    bool fresh;
    enum cs_status status = find_next(page, &link, &next, err);
    if (status || !next)
        return status;
    put_next_path(&paging->site, next, &path);
    status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_idset_add(&paging->seen, path.data, &fresh, err);
    if (!status && !fresh) {
        cs_error_set(err, CS_ERR_PARSE,
                     "the server gave the same cursor twice");
        status = CS_ERR_PARSE;
    }
    if (!status)
        status = ask(paging, path.data, err);
    return cs_answer_blame(page->answer, status, err);
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

enum cs_status cs_paging_next(struct cs_paging *paging,
                              struct cs_json *ret_rows, bool *ret_more,
                              struct cs_error *err)
{
    struct cs_json root;
    if (!paging->coming) {
        *ret_more = false;
        return CS_OK;
    }
    enum cs_status status = cs_answer_wait(paging->coming, &root, err);
    paging->http_status = cs_answer_http_status(paging->coming);
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
