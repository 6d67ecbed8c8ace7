/*
 * dc_paging.c - count the rows, and believe the count.
 */
#include "connectors/confluence/dc_paging.h"

#include "connectors/idset.h"
#include "src/url.h"

#include <stdlib.h>

/* A page that fails is soon asked for in pieces instead of once more. */
#define ATTEMPTS_OF_MANY 2
/* No server is known that gives fewer rows than it gives by default. */
#define LEAST_CAP 25

struct cs_dc_paging {
    struct cs_http *http;
    struct cs_strbuf path, small, next;
    const char *context;
    int64_t limit;     /* that the listing was opened with */
    int64_t limit_now; /* that the page on its way was asked with */
    bool small_now;    /* it was asked for in the small way */
    int64_t start;     /* of that page */
    int64_t most;      /* rows that a page had */
    int64_t overlap;   /* rows of it that the page before may have had */
    bool by_cursor, loose;
    struct cs_answer *coming; /* the next page, NULL at the end */
    struct cs_answer *at;     /* handed out */
    struct cs_json root, rows;
    struct cs_idset ids, cursors;
    unsigned pages;
    long http_status;
};

/* ---- asking ---- */

static void put_number(struct cs_strbuf *out, const char *name, int64_t number)
{
    cs_strbuf_putc(out, strchr(out->data, '?') ? '&' : '?');
    cs_strbuf_printf(out, "%s=%lld", name, (long long)number);
}

static enum cs_status ask(struct cs_dc_paging *paging, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_answer_request request = {.path = NULL};
    if (paging->by_cursor && paging->next.len) {
        cs_strbuf_puts(&path, paging->next.data);
    } else {
        cs_strbuf_puts(&path, paging->small_now ? paging->small.data
                                                : paging->path.data);
        if (!paging->by_cursor)
            put_number(&path, "start", paging->start);
        put_number(&path, "limit", paging->limit_now);
    }
    if (!paging->by_cursor && paging->limit_now > 1)
        request.max_attempts = ATTEMPTS_OF_MANY;
    request.path = path.data;
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_answer_ask(paging->http, &request, &paging->coming, err);
}

enum cs_status cs_dc_paging_open(struct cs_http *http,
                                 const struct cs_dc_listing *listing,
                                 struct cs_dc_paging **ret,
                                 struct cs_error *err)
{
    struct cs_dc_paging *paging = calloc(1, sizeof(*paging));
    if (!paging)
        return cs_error_no_memory(err);
    paging->http = http;
    paging->context = listing->context;
    paging->limit = paging->limit_now = listing->limit;
    paging->by_cursor = listing->by_cursor;
    paging->loose = listing->loose;
    cs_strbuf_init(&paging->path, CS_URL_MAX);
    cs_strbuf_init(&paging->small, CS_URL_MAX);
    cs_strbuf_init(&paging->next, CS_URL_MAX);
    cs_strbuf_puts(&paging->path, listing->path);
    cs_strbuf_puts(&paging->small, listing->small ? listing->small : "");
    enum cs_status status = cs_strbuf_status(&paging->path, err);
    if (!status)
        status = cs_strbuf_status(&paging->small, err);
    if (!status)
        status = ask(paging, err);
    if (status) {
        cs_dc_paging_free(paging);
        return status;
    }
    *ret = paging;
    return CS_OK;
}

void cs_dc_paging_free(struct cs_dc_paging *paging)
{
    if (!paging)
        return;
    cs_answer_free(paging->coming);
    cs_answer_free(paging->at);
    cs_strbuf_clear(&paging->path);
    cs_strbuf_clear(&paging->small);
    cs_strbuf_clear(&paging->next);
    cs_idset_clear(&paging->ids);
    cs_idset_clear(&paging->cursors);
    free(paging);
}

/* ---- a page that fails ---- */

/* Failures that may lie in one row of the page. A server that is overloaded
 * (503) is so for every row. */
static bool may_be_a_row(enum cs_status status, long http_status)
{
    return status == CS_ERR_LIMIT || status == CS_ERR_NOT_FOUND ||
           (status == CS_ERR_NETWORK && http_status >= 500 &&
            http_status != 503);
}

/* Ask for less from the same place. A 404 says at once that it is a single
 * row, or that there is no such listing: one more request tells. */
static bool shrink(struct cs_dc_paging *paging, enum cs_status status)
{
    if (paging->by_cursor || !may_be_a_row(status, paging->http_status))
        return false;
    if (paging->limit_now > 1) {
        paging->limit_now =
            status == CS_ERR_NOT_FOUND ? 1 : paging->limit_now / 2;
        return true;
    }
    if (paging->small_now || paging->small.len == 0)
        return false;
    paging->small_now = true;
    return true;
}

static enum cs_status await(struct cs_dc_paging *paging, struct cs_error *err)
{
    for (;;) {
        struct cs_error why = CS_ERROR_INIT;
        enum cs_status status =
            cs_answer_wait(paging->coming, &paging->root, &why);
        paging->http_status = cs_answer_http_status(paging->coming);
        if (!status)
            return CS_OK;
        if (!shrink(paging, status))
            return cs_error_pass(err, status, &why);
        cs_answer_free(paging->coming);
        paging->coming = NULL;
        status = ask(paging, err);
        if (status)
            return status;
    }
}

/* ---- what comes next ---- */

void cs_dc_put_next(const char *context, const char *next,
                    struct cs_strbuf *out)
{
    struct cs_strbuf whole CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    size_t len = strlen(context);
    cs_url_put_path(next, &whole);
    const char *path = whole.data;
    if (len && strncmp(path, context, len) == 0 && path[len] == '/')
        path += len;
    cs_strbuf_puts(out, path);
    if (whole.status)
        out->status = whole.status;
}

/* The number behind "start=" in the query of `url`, -1 when there is none. */
static int64_t start_in(const char *url)
{
    const char *at = strchr(url, '?');
    for (; at; at = strchr(at + 1, '&')) {
        char *end;
        if (strncmp(at + 1, "start=", 6) != 0)
            continue;
        long long number = strtoll(at + 7, &end, 10);
        return end > at + 7 && number >= 0 ? number : -1;
    }
    return -1;
}

/* What tells two rows apart: an id as text or number, else a key. */
static bool put_row_id(const struct cs_json *row, struct cs_strbuf *out)
{
    const char *text = NULL;
    int64_t number = -1;
    cs_strbuf_reset(out);
    if (cs_json_text(row, "id", CS_JSON_OPTIONAL, &text, NULL))
        (void)cs_json_int(row, "id", CS_JSON_OPTIONAL, -1, &number, NULL);
    if (!text && number < 0 &&
        cs_json_text(row, "key", CS_JSON_OPTIONAL, &text, NULL))
        return false;
    if (text)
        cs_strbuf_puts(out, text);
    else
        cs_strbuf_printf(out, "%lld", (long long)number);
    return text || number >= 0;
}

struct counted {
    int64_t rows, again;
    struct cs_strbuf first_again; /* for the message */
};

static enum cs_status count_rows(struct cs_dc_paging *paging,
                                 struct counted *counted, struct cs_error *err)
{
    struct cs_strbuf id CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_json row = {.node = NULL};
    while (cs_json_next(&paging->rows, &row)) {
        bool fresh = true;
        counted->rows++;
        if (!put_row_id(&row, &id))
            continue;
        enum cs_status status =
            cs_idset_add(&paging->ids, id.data, &fresh, err);
        if (status)
            return status;
        if (!fresh && counted->again++ == 0)
            cs_strbuf_puts(&counted->first_again, id.data);
    }
    return CS_OK;
}

/* The next address. Without one some versions may tell a cursor all the same:
 * `*ret_weak`, for that one may also be the end. */
static enum cs_status find_next(const struct cs_dc_paging *paging,
                                const char **ret, bool *ret_weak,
                                struct cs_error *err)
{
    struct cs_json links;
    const char *next = NULL, *cursor = NULL;
    enum cs_status status =
        cs_json_object(&paging->root, "_links", CS_JSON_OPTIONAL, &links, err);
    if (!status)
        status = cs_json_text(&links, "next", CS_JSON_OPTIONAL, &next, err);
    if (!status && paging->by_cursor)
        status = cs_json_text(&paging->root, "nextCursor", CS_JSON_OPTIONAL,
                              &cursor, err);
    if (status)
        return status;
    *ret_weak = !(next && *next);
    *ret = !*ret_weak ? next : cursor && *cursor ? cursor : NULL;
    return CS_OK;
}

/* The value of "cursor=" in the query of `url`, as it stands there. */
static void put_cursor_in(const char *url, struct cs_strbuf *out)
{
    const char *at = strchr(url, '?');
    for (; at; at = strchr(at + 1, '&')) {
        if (strncmp(at + 1, "cursor=", 7) == 0) {
            cs_strbuf_put(out, at + 8, strcspn(at + 8, "&#"));
            return;
        }
    }
}

/* Servers leave space and expansions out of the next address, so only its
 * cursor is used where it has one. */
static enum cs_status follow_cursor(struct cs_dc_paging *paging,
                                    const char *next, bool weak,
                                    struct cs_error *err)
{
    struct cs_strbuf cursor CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    bool fresh = true;
    cs_strbuf_reset(&paging->next);
    if (!weak)
        put_cursor_in(next, &cursor);
    else
        cs_url_put_escaped(next, &cursor);
    if (cursor.len) {
        cs_strbuf_puts(&paging->next, paging->path.data);
        put_number(&paging->next, "limit", paging->limit);
        cs_strbuf_puts(&paging->next, "&cursor=");
        cs_strbuf_puts(&paging->next, cursor.data);
    } else {
        cs_dc_put_next(paging->context, next, &paging->next);
    }
    enum cs_status status = cs_strbuf_status(&cursor, err);
    if (!status)
        status = cs_strbuf_status(&paging->next, err);
    if (!status)
        status = cs_idset_add(&paging->cursors, paging->next.data, &fresh, err);
    if (status || (weak && !fresh))
        return status;
    return fresh ? ask(paging, err)
                 : cs_error_set(err, CS_ERR_PARSE,
                                "the server gave the same cursor twice");
}

/* How far a page without new rows reached. The limit in the answer is the one
 * that was granted, where a server says so; the next address steps by the one
 * asked for. Full pages that came before tell where it is silent. */
static int64_t empty_step(const struct cs_dc_paging *paging, int64_t told)
{
    int64_t step = told - paging->start, granted = 0;
    int64_t seen = paging->most > LEAST_CAP ? paging->most : LEAST_CAP;
    if (!cs_json_int(&paging->root, "limit", CS_JSON_OPTIONAL, 0, &granted,
                     NULL) &&
        granted > 0 && granted < step)
        step = granted;
    return paging->most > 0 && seen < step ? seen : step;
}

static enum cs_status follow_start(struct cs_dc_paging *paging,
                                   const char *next,
                                   const struct counted *counted,
                                   struct cs_error *err)
{
    int64_t told = start_in(next), step = counted->rows;
    if (step > paging->most)
        paging->most = step;
    if (paging->most > step && paging->most <= paging->limit_now)
        step = paging->most;
    if (counted->rows == counted->again)
        step = empty_step(paging, told);
    if (step <= 0)
        return cs_error_set(err, CS_ERR_PARSE,
                            "the listing does not advance beyond row %lld",
                            (long long)paging->start);
    paging->overlap = (told >= 0 ? told - paging->start : paging->limit_now);
    paging->overlap = paging->overlap > step ? paging->overlap - step : 0;
    paging->start += step;
    paging->small_now = false;
    paging->limit_now *= 2;
    if (paging->limit_now > paging->limit)
        paging->limit_now = paging->limit;
    return ask(paging, err);
}

/* True for rows that should not have come again. */
static bool repeats(const struct cs_dc_paging *paging,
                    const struct counted *counted)
{
    if (paging->loose)
        return false;
    return counted->again > paging->overlap;
}

static enum cs_status look_ahead(struct cs_dc_paging *paging,
                                 struct cs_error *err)
{
    struct counted counted = {.first_again = CS_STRBUF_INIT(256)};
    const char *next = NULL;
    bool weak = false;
    enum cs_status status = count_rows(paging, &counted, err);
    if (!status && repeats(paging, &counted))
        status = cs_error_set(err, CS_ERR_PARSE, "the server lists %s again",
                              counted.first_again.data);
    if (!status)
        status = find_next(paging, &next, &weak, err);
    bool ends =
        paging->loose && counted.rows > 0 && counted.again == counted.rows;
    if (!status && next && !ends)
        status = paging->by_cursor ? follow_cursor(paging, next, weak, err)
                                   : follow_start(paging, next, &counted, err);
    cs_strbuf_clear(&counted.first_again);
    return cs_answer_blame(paging->at, status, err);
}

enum cs_status cs_dc_paging_next(struct cs_dc_paging *paging,
                                 struct cs_json *ret_rows, bool *ret_more,
                                 struct cs_error *err)
{
    if (!paging->coming) {
        *ret_more = false;
        return CS_OK;
    }
    enum cs_status status = await(paging, err);
    if (status)
        return status;
    cs_answer_free(paging->at);
    paging->at = paging->coming;
    paging->coming = NULL;
    status =
        cs_answer_blame(paging->at,
                        cs_json_array(&paging->root, "results",
                                      CS_JSON_REQUIRED, &paging->rows, err),
                        err);
    if (!status)
        status = look_ahead(paging, err);
    if (!status && paging->coming) /* let it start before the caller works */
        status = cs_http_wait(paging->http, SIZE_MAX, err);
    if (status)
        return status;
    paging->pages++;
    *ret_rows = paging->rows;
    *ret_more = true;
    return CS_OK;
}

enum cs_status cs_dc_paging_each(struct cs_dc_paging *paging, cs_dc_row_fn *row,
                                 void *payload, struct cs_error *err)
{
    struct cs_json rows;
    bool more = true, stop = false;
    enum cs_status status = CS_OK;
    while (!status && more && !stop) {
        struct cs_json at = {.node = NULL};
        status = cs_dc_paging_next(paging, &rows, &more, err);
        while (!status && more && !stop && cs_json_next(&rows, &at))
            status =
                cs_answer_blame(paging->at, row(payload, &at, &stop, err), err);
    }
    return status;
}

long cs_dc_paging_http_status(const struct cs_dc_paging *paging)
{
    return paging->http_status;
}

unsigned cs_dc_paging_pages(const struct cs_dc_paging *paging)
{
    return paging->pages;
}
