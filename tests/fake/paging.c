/*
 * Paged listings; see paging.h.
 *
 * A cursor is base64 of a JSON object: the sort value and id of the last row,
 * the limit, a fingerprint of path and filters, and the number of the page.
 * It is padded so that it always ends in "==".
 */
#include "tests/fake/paging.h"
#include "tests/fake/server.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct cursor {
    struct fk_item last; /* borrows its strings from `json` */
    long limit;
    long page;
    cJSON *json;
};

static void base64(struct fk_buf *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)(unsigned char)text[i] << 16;
        char quad[4] = {'=', '=', '=', '='};

        if (i + 1 < n)
            v |= (unsigned)(unsigned char)text[i + 1] << 8;
        if (i + 2 < n)
            v |= (unsigned char)text[i + 2];
        quad[0] = alphabet[v >> 18 & 63];
        quad[1] = alphabet[v >> 12 & 63];
        if (i + 1 < n)
            quad[2] = alphabet[v >> 6 & 63];
        if (i + 2 < n)
            quad[3] = alphabet[v & 63];
        fk_buf_add(out, quad, 4);
    }
}

/* Decode strict base64 with full padding; NULL when it is not that. */
static char *unbase64(const char *text, size_t n)
{
    char *out;
    size_t len = 0;

    if (!n || n % 4 != 0)
        return NULL;
    out = fk_alloc(n);
    for (size_t i = 0; i < n; i += 4) {
        unsigned v = 0;
        unsigned pad = 0;

        for (size_t k = 0; k < 4; k++) {
            const char *at = memchr(alphabet, text[i + k], 64);

            pad += !at;
            if ((!at && (text[i + k] != '=' || i + 4 < n || k < 2)) ||
                (at && pad)) {
                free(out);
                return NULL;
            }
            v = v << 6 | (at ? (unsigned)(at - alphabet) : 0);
        }
        out[len++] = (char)(v >> 16);
        if (pad < 2)
            out[len++] = (char)(v >> 8 & 255);
        if (pad < 1)
            out[len++] = (char)(v & 255);
    }
    return out;
}

static uint64_t hash_text(uint64_t h, const char *text)
{
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211ull;
    return (h ^ 0xff) * 1099511628211ull;
}

/* Order of parameters does not matter; cursor and limit are left out. */
static uint64_t fingerprint(const struct fk_request *req)
{
    uint64_t sum = hash_text(14695981039346656037ull, req->path);

    for (size_t i = 0; i < req->param_count; i++) {
        const struct fk_param *p = &req->params[i];

        if (strcmp(p->name, "cursor") == 0 || strcmp(p->name, "limit") == 0)
            continue;
        sum += hash_text(hash_text(14695981039346656037ull, p->name), p->value);
    }
    return sum;
}

static void refuse_cursor(struct fk_request *req, const char *value)
{
    fk_fail(req, 400, "INVALID_REQUEST_PARAMETER",
            "Provided value {%.300s} for 'cursor' is not the correct type. "
            "Expected type is Cursor",
            value);
}

static bool read_cursor_json(struct cursor *c, cJSON *o, uint64_t hash)
{
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(o, "id"));
    const char *h = cJSON_GetStringValue(cJSON_GetObjectItem(o, "filter"));
    const cJSON *value = cJSON_GetObjectItem(o, "value");
    double number = cJSON_IsNumber(value) ? value->valuedouble : 0;
    char *text = cJSON_GetStringValue(value);
    const cJSON *limit = cJSON_GetObjectItem(o, "limit");
    const cJSON *page = cJSON_GetObjectItem(o, "page");
    char expected[24];

    (void)snprintf(expected, sizeof(expected), "%016llx",
                   (unsigned long long)hash);
    if (!id || !h || strcmp(h, expected) != 0 || !cJSON_IsNumber(limit) ||
        !cJSON_IsNumber(page))
        return false;
    c->last.id = strtoull(id, NULL, 10);
    c->last.created = (int64_t)number;
    c->last.version.created = (int64_t)number;
    c->last.position = number >= -1 && number < 2e9 ? (int)number : 0;
    c->last.title = text;
    c->last.key = text;
    c->limit = limit->valueint;
    c->page = page->valueint;
    return true;
}

/* False after setting a 400 answer; `ret->json` stays NULL without cursor. */
static bool read_cursor(struct fk_request *req, long limit, struct cursor *ret)
{
    const struct fk_param *p = fk_request_param(req, "cursor", 0);
    char *text;

    *ret = (struct cursor){.limit = limit};
    if (!p)
        return true;
    text = unbase64(p->raw, p->raw_len);
    ret->json = text ? cJSON_Parse(text) : NULL;
    free(text);
    if (ret->json && read_cursor_json(ret, ret->json, fingerprint(req)) &&
        ret->limit == limit)
        return true;
    cJSON_Delete(ret->json);
    refuse_cursor(req, p->value);
    return false;
}

bool fk_cursor_plausible(const struct fk_request *req)
{
    const struct fk_param *p = fk_request_param(req, "cursor", 0);
    char *text = p ? unbase64(p->raw, p->raw_len) : NULL;
    bool fine = !p || text;

    free(text);
    return fine;
}

static void write_cursor(struct fk_buf *out, const struct fk_request *req,
                         const struct fk_listing *l, const struct fk_item *last,
                         long limit, long page)
{
    struct fk_buf json = {0};

    fk_json_open(&json, '{');
    fk_json_kid(&json, "id", last->id);
    if (l->order == FK_BY_TITLE || l->order == FK_BY_KEY)
        fk_json_kstr(&json, "value",
                     l->order == FK_BY_KEY ? last->key : last->title);
    else
        fk_json_kint(&json, "value",
                     l->order == FK_BY_CREATED    ? last->created
                     : l->order == FK_BY_MODIFIED ? last->version.created
                                                  : last->position);
    fk_json_kint(&json, "limit", limit);
    fk_json_kint(&json, "page", page);
    fk_json_key(&json, "filter");
    fk_buf_fmt(&json, "\"%016llx\"", (unsigned long long)fingerprint(req));
    fk_json_close(&json, '}');
    do {
        fk_buf_add(&json, "\n", 1);
    } while (json.len % 3 != 1);
    base64(out, json.data, json.len);
    fk_buf_clear(&json);
}

/* The next link: the cursor first, then what the caller had sent. */
static void write_next(struct fk_buf *next, const struct fk_request *req,
                       const struct fk_listing *l, const struct fk_item *last,
                       long limit, long page)
{
    fk_buf_str(next, req->path + (l->cql ? strlen("/wiki") : 0));
    fk_buf_str(next, "?cursor=");
    write_cursor(next, req, l, last, limit, page);
    fk_buf_fmt(next, "&limit=%ld", limit);
    for (size_t i = 0; i < req->param_count; i++) {
        const struct fk_param *p = &req->params[i];

        if (strcmp(p->name, "cursor") == 0 || strcmp(p->name, "limit") == 0)
            continue;
        fk_buf_fmt(next, "&%s=%.*s", p->name, (int)p->raw_len, p->raw);
    }
}

/* Where the rows after `last` begin in an ascending or descending walk. */
static size_t start_after(const struct fk_listing *l,
                          const struct fk_item *last)
{
    size_t low = 0;
    size_t high = l->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = fk_item_compare(l->items[mid], last, l->order);

        if (l->descending ? c < 0 : c <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct walk {
    size_t at; /* ascending: next index; descending: next index + 1 */
};

static const struct fk_item *walk_step(const struct fk_request *req,
                                       const struct fk_listing *l,
                                       struct walk *w)
{
    while (l->descending ? w->at > 0 : w->at < l->count) {
        const struct fk_item *item =
            l->descending ? l->items[--w->at] : l->items[w->at++];

        if (!l->match || l->match(req, item, l->ctx))
            return item;
    }
    return NULL;
}

/* What v1 says beside the rows; it has no Link header. */
static void write_frame(struct fk_request *req, const struct fk_listing *l,
                        long limit, long size)
{
    fk_json_kint(&req->body, "start", 0);
    fk_json_kint(&req->body, "limit", limit);
    fk_json_kint(&req->body, "size", size);
    fk_json_kint(&req->body, "totalSize", (int64_t)l->count);
    fk_json_kstr(&req->body, "cqlQuery", l->cql);
    fk_json_kint(&req->body, "searchDuration", 12);
}

static void write_links(struct fk_request *req, const struct fk_listing *l,
                        const char *next)
{
    const char *base = req->site->base;

    fk_json_key(&req->body, "_links");
    fk_json_open(&req->body, '{');
    if (next)
        fk_json_kstr(&req->body, "next", next);
    fk_json_kstr(&req->body, "base", base);
    if (l->cql)
        fk_json_kstr(&req->body, "context", "/wiki");
    fk_json_close(&req->body, '}');
    if (l->cql)
        return;
    if (next)
        fk_buf_fmt(&req->link, "<%s>; rel=\"next\", ", next);
    fk_buf_fmt(&req->link, "<%s>; rel=\"base\"", base);
}

static void list_page(struct fk_request *req, const struct fk_listing *l,
                      const struct cursor *c)
{
    const struct fk_options *options = fk_server_options(req->server);
    long most = l->cap && l->cap < c->limit ? l->cap : c->limit;
    long rows = options->max_page > 0 && options->max_page < most
                    ? options->max_page
                    : most;
    long size = 0;
    struct walk w = {.at = l->descending ? l->count : 0};
    const struct fk_item *last = c->json ? &c->last : NULL;
    const struct fk_item *item;
    struct fk_buf next = {0};

    if (c->json)
        w.at = start_after(l, &c->last);
    if (l->empty_page && c->page == 1 && !options->no_empty)
        rows = 0;
    req->status = 200;
    fk_json_open(&req->body, '{');
    fk_json_key(&req->body, "results");
    fk_json_open(&req->body, '[');
    if (req->twist.empty)
        w.at = l->descending ? 0 : l->count;
    for (long i = 0; i < req->twist.missing && walk_step(req, l, &w);)
        i++;
    while ((item = walk_step(req, l, &w)) && rows-- > 0) {
        l->write(req, item, l->ctx);
        last = item;
        size++;
    }
    fk_json_close(&req->body, ']');
    if (req->twist.repeat)
        fk_buf_str(&next, strstr(req->uri, req->path) +
                              (l->cql ? strlen("/wiki") : 0));
    else if (item && !req->twist.end)
        write_next(&next, req, l, last, c->limit, c->page + 1);
    if (l->cql)
        write_frame(req, l, most, size);
    write_links(req, l, next.data);
    fk_buf_fmt(&req->body, ",\"extensions\":{\"served\":true}}");
    fk_buf_clear(&next);
}

void fk_list(struct fk_request *req, const struct fk_listing *listing)
{
    long limit = fk_request_int(
        req, "limit", listing->default_limit ? listing->default_limit : 25);
    struct cursor c;

    if (!read_cursor(req, limit, &c))
        return;
    list_page(req, listing, &c);
    cJSON_Delete(c.json);
    if (req->status == 500) { /* a poisoned row */
        fk_buf_clear(&req->link);
        fk_fail(req, 500, "INTERNAL_SERVER_ERROR", "Internal Server Error");
    }
}

void fk_list_sort(const struct fk_request *req, const char *fallback,
                  struct fk_listing *listing)
{
    static const struct {
        const char *name;
        enum fk_order order;
    } names[] = {
        {"id", FK_BY_ID},
        {"created-date", FK_BY_CREATED},
        {"modified-date", FK_BY_MODIFIED},
        {"title", FK_BY_TITLE},
        {"name", FK_BY_TITLE},
        {"key", FK_BY_KEY},
        {"child-position", FK_BY_POSITION},
    };
    const char *sort = fk_request_text(req, "sort", fallback);

    listing->descending = sort[0] == '-';
    sort += listing->descending;
    listing->order = FK_BY_ID;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i].name, sort) == 0)
            listing->order = names[i].order;
}

static int compare_pointers(const void *a, const void *b, void *order)
{
    const struct fk_item *const *left = a;
    const struct fk_item *const *right = b;

    return fk_item_compare(*left, *right, *(const enum fk_order *)order);
}

struct fk_item **fk_list_sorted(struct fk_item **items, size_t count,
                                enum fk_order order)
{
    struct fk_item **copy = fk_alloc((count + 1) * sizeof(struct fk_item *));

    if (count)
        memcpy(copy, items, count * sizeof(struct fk_item *));
    qsort_r(copy, count, sizeof(struct fk_item *), compare_pointers, &order);
    return copy;
}
