/*
 * Paging of a Data Center: `start` and `limit` with caps that nobody is told
 * about, `next` links that step by what was asked for, rows hidden after the
 * cut, and the cursors of scan.
 */
#include "tests/fake/dc.h"
#include "tests/fake/server.h"

#include <stdlib.h>
#include <string.h>

static const struct fk_dc *dc_of(const struct fk_request *req)
{
    return req->site->dc;
}

bool fk_dc_failed(struct fk_request *req)
{
    if (req->status == 500)
        fk_fail(req, 500, "", "Internal Server Error");
    else if (req->status == 404)
        fk_fail(req, 404, "", "No content found with id: ContentId{id=draft}");
    return req->status != 200;
}

static long cap_of(const struct fk_request *req)
{
    const struct fk_dc *dc = dc_of(req);

    if (fk_rest_expands_body(req))
        return dc->cap_body;
    return fk_request_param(req, "expand", 0) ? dc->cap_expand : dc->cap_plain;
}

/* Other parameters as they came, without the one that moves. */
static void write_query(struct fk_buf *out, const struct fk_request *req,
                        const char *moving, bool all)
{
    const char *separator = "?";

    for (size_t i = 0; i < req->param_count; i++) {
        const struct fk_param *p = &req->params[i];

        if (strcmp(p->name, moving) == 0 ||
            (!all && strcmp(p->name, "limit") != 0))
            continue;
        fk_buf_fmt(out, "%s%s=%.*s", separator, p->name, (int)p->raw_len,
                   p->raw);
        separator = "&";
    }
    fk_buf_fmt(out, "%s%s=", separator, moving);
}

static void write_next_start(struct fk_buf *out, const struct fk_request *req)
{
    const struct fk_dc *dc = dc_of(req);

    if (dc->next == FK_DC_ABSOLUTE)
        fk_buf_str(out, req->site->base);
    else if (dc->next == FK_DC_CONTEXT)
        fk_buf_str(out, dc->context);
    fk_buf_str(out, req->path);
}

static void write_links(struct fk_request *req, const char *next)
{
    struct fk_buf *out = &req->body;

    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_key(out, "self");
    fk_buf_fmt(out, "\"%s", req->site->base);
    fk_json_escape(out, req->path, strlen(req->path));
    fk_buf_add(out, "\"", 1);
    if (next)
        fk_json_kstr(out, "next", next);
    fk_json_kstr(out, "base", req->site->base);
    fk_json_kstr(out, "context", dc_of(req)->context);
    fk_json_close(out, '}');
}

struct frame {
    long asked;
    long limit; /* what is left of it */
    long start;
    long size; /* rows written */
};

static void close_list(struct fk_request *req, const struct frame *f, bool more)
{
    struct fk_buf next = {0};

    fk_json_close(&req->body, ']');
    fk_json_kint(&req->body, "start", f->start);
    fk_json_kint(&req->body, "limit", f->limit);
    fk_json_kint(&req->body, "size", f->size);
    if (req->twist.repeat) {
        fk_buf_str(&next, strstr(req->uri, req->path));
    } else if (more && !req->twist.end && !req->twist.empty) {
        write_next_start(&next, req);
        write_query(&next, req, "start", true);
        fk_buf_fmt(&next, "%ld",
                   f->start + (dc_of(req)->exact_step ? f->limit : f->asked));
    }
    write_links(req, next.data);
    fk_json_close(&req->body, '}');
    fk_buf_clear(&next);
}

static bool open_list(struct fk_request *req, struct frame *f,
                      long default_limit, long cap)
{
    f->asked = fk_request_int(req, "limit", default_limit);
    f->start = fk_request_int(req, "start", 0);
    f->size = 0;
    if (f->asked < 0 || f->start < 0) {
        fk_fail(req, 400, "", "start and limit must not be negative");
        return false;
    }
    f->limit = f->asked < cap ? f->asked : cap;
    req->status = 200;
    fk_buf_str(&req->body, "{\"results\":[");
    return true;
}

void fk_dc_list(struct fk_request *req, const struct fk_hit *hits, size_t count,
                long default_limit)
{
    struct frame f;
    size_t end;

    if (!open_list(req, &f, default_limit, cap_of(req)))
        return;
    end = (size_t)(f.start + f.limit);
    for (size_t i = (size_t)f.start + (size_t)req->twist.missing;
         i < end && i < count && !req->twist.empty; i++) {
        if (!fk_content_visible(req->site, hits[i].page))
            continue;
        fk_rest_content(req, &hits[i], "");
        f.size++;
    }
    close_list(req, &f, end < count);
    (void)fk_dc_failed(req);
}

void fk_dc_rows(struct fk_request *req, size_t count, long default_limit,
                void (*write)(struct fk_request *req, size_t i,
                              const void *ctx),
                const void *ctx)
{
    struct frame f;
    size_t end;

    if (!open_list(req, &f, default_limit, dc_of(req)->cap_plain))
        return;
    end = (size_t)(f.start + f.limit);
    for (size_t i = (size_t)f.start; i < end && i < count; i++) {
        write(req, i, ctx);
        f.size++;
    }
    close_list(req, &f, end < count);
    (void)fk_dc_failed(req);
}

/* "content:false:360456" -> the id after which to go on. */
static bool read_cursor(struct fk_request *req, uint64_t *ret_after)
{
    static const char prefix[] = "content:false:";
    const char *text = fk_request_text(req, "cursor", "content:false:0");
    size_t n = sizeof(prefix) - 1;

    if (strncmp(text, prefix, n) == 0 &&
        text[n + strspn(text + n, "0123456789")] == '\0' && text[n]) {
        *ret_after = strtoull(text + n, NULL, 10);
        return true;
    }
    fk_fail(req, 400, "", "Invalid cursor: %.100s", text);
    return false;
}

/* The next link names the limit and the cursor alone: whoever follows it as
 * it is leaves the space that was asked for. */
static void close_scan(struct fk_request *req, long limit, long size,
                       uint64_t after, uint64_t last)
{
    struct fk_buf *out = &req->body;
    struct fk_buf next = {0};

    fk_json_close(out, ']');
    fk_json_key(out, "cursor");
    fk_buf_fmt(out, "\"content:false:%llu\"", (unsigned long long)after);
    if (req->twist.end)
        last = 0;
    if (req->twist.repeat)
        last = after ? after : last;
    if (last) {
        fk_json_key(out, "nextCursor");
        fk_buf_fmt(out, "\"content:false:%llu\"", (unsigned long long)last);
        write_next_start(&next, req);
        write_query(&next, req, "cursor", dc_of(req)->scan_next_full);
        fk_buf_fmt(&next, "content%%3Afalse%%3A%llu", (unsigned long long)last);
    }
    fk_json_kint(out, "limit", limit);
    fk_json_kint(out, "size", size);
    write_links(req, next.data);
    fk_json_close(out, '}');
    fk_buf_clear(&next);
}

void fk_dc_scan(struct fk_request *req, const struct fk_hit *hits, size_t count)
{
    struct frame f;
    uint64_t after;
    size_t i = 0;

    if (!read_cursor(req, &after) || !open_list(req, &f, 25, cap_of(req)))
        return;
    while (i < count && hits[i].item.id <= after)
        i++;
    i += (size_t)req->twist.missing;
    if (req->twist.empty)
        i = count;
    for (long rows = 0; i < count && rows < f.limit; i++, rows++) {
        if (!fk_content_visible(req->site, hits[i].page))
            continue;
        fk_rest_content(req, &hits[i], "");
        f.size++;
    }
    close_scan(req, f.limit, f.size, after,
               i < count && i ? hits[i - 1].item.id : 0);
    (void)fk_dc_failed(req);
}
