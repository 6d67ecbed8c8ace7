/*
 * dc_hints.c - what changes without a new version of its page.
 *
 * Comments and attachments are found by the search, with a day of overlap; each
 * names the page that it hangs on. The first run walks through all of them,
 * unless that costs more than asking each page. What is in the trash is listed
 * for those who may see it: a few spaces a run, in turn.
 */
#include "connectors/confluence/dc_item.h"

#include "src/url.h"

#include <stdlib.h>

#define SPACES_PER_SEARCH 40
#define TRASH_SPACES      10  /* in one run */
#define TRASH_PAGES       5   /* of one space in one run */
#define DEEP_PAGES        250 /* beyond them a start costs seconds */

struct feed {
    const struct cs_hint_io *io;
    unsigned aspect;
};

static const struct kind {
    const char *type, *cursor;
    unsigned aspect;
} kinds[] = {
    {"comment", "dc-comments", CS_ASPECT_COMMENTS},
    {"attachment", "dc-attachments", CS_ASPECT_ATTACHMENTS},
};

/* The page that a comment or an attachment hangs on; NULL for what hangs
 * elsewhere. */
static const char *container_of(const struct cs_json *row)
{
    struct cs_json container;
    const char *id = NULL;
    if (cs_json_object(row, "container", CS_JSON_OPTIONAL, &container, NULL) ||
        cs_json_text(&container, "id", CS_JSON_OPTIONAL, &id, NULL))
        return NULL;
    return id;
}

static enum cs_status take_change(void *payload, const struct cs_json *row,
                                  bool *stop, struct cs_error *err)
{
    const struct feed *feed = payload;
    const char *id = container_of(row);
    (void)stop;
    return id ? feed->io->hint(feed->io->payload, id, feed->aspect, err)
              : CS_OK;
}

/* ---- a feed ---- */

static void put_cql(struct cs_strbuf *out, const struct kind *kind,
                    const struct cs_container *containers, size_t n,
                    int64_t hours)
{
    cs_strbuf_printf(out, "type = %s", kind->type);
    if (n <= SPACES_PER_SEARCH) {
        cs_strbuf_puts(out, " and space in (");
        for (size_t i = 0; i < n; i++) {
            cs_strbuf_puts(out, i ? ", " : "");
            cs_dc_put_quoted(out, containers[i].key);
        }
        cs_strbuf_putc(out, ')');
    }
    if (hours)
        cs_dc_put_since(out, hours);
}

/* Read a feed to its end, or until it costs more than asking each page. */
static enum cs_status walk(struct cs_dc_paging *paging, struct feed *feed,
                           bool *ret_too_long, struct cs_error *err)
{
    uint64_t max = feed->io->documents + 1;
    struct cs_json rows;
    bool more = true, stop = false;
    enum cs_status status = CS_OK;
    while (!status && more) {
        struct cs_json row = {.node = NULL};
        if (cs_dc_paging_pages(paging) >= max ||
            cs_dc_paging_pages(paging) >= DEEP_PAGES) {
            *ret_too_long = true;
            return CS_OK;
        }
        status = cs_dc_paging_next(paging, &rows, &more, err);
        while (!status && more && cs_json_next(&rows, &row))
            status = take_change(feed, &row, &stop, err);
    }
    return status;
}

/* When the feed was read last, 0 never. */
static enum cs_status read_mark(const struct cs_hint_io *io, const char *name,
                                int64_t *ret, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *text = NULL;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = io->cursor(io->payload, name, arena, &text, err);
    if (!status)
        *ret = text ? strtoll(text, NULL, 10) : 0;
    return status;
}

static enum cs_status write_mark(const struct cs_hint_io *io, const char *name,
                                 int64_t mark, struct cs_error *err)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%lld", (long long)mark);
    return io->set_cursor(io->payload, name, text, err);
}

static enum cs_status open_feed(struct cs_dc *dc, const struct kind *kind,
                                const struct cs_container *containers, size_t n,
                                int64_t hours, struct cs_dc_paging **ret,
                                struct cs_error *err)
{
    struct cs_strbuf cql CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    put_cql(&cql, kind, containers, n, hours);
    cs_dc_put_search(&path, cql.data, "container");
    enum cs_status status = cs_strbuf_status(&cql, err);
    if (!status)
        status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_dc_list_open(dc, path.data, NULL, true, ret, err);
}

/* A search that the server refuses says nothing: all pages are asked once, and
 * later the rotation finds what changed. */
static enum cs_status read_feed(struct cs_dc *dc, const struct kind *kind,
                                const struct cs_container *containers, size_t n,
                                const struct cs_hint_io *io,
                                struct cs_error *err)
{
    struct cs_dc_paging *paging CS_CLEANUP(cs_dc_paging_cleanup) = NULL;
    struct feed feed = {.io = io, .aspect = kind->aspect};
    struct cs_error why = CS_ERROR_INIT;
    int64_t now = cs_dc_now(dc), mark = 0;
    bool all = false;
    enum cs_status status = read_mark(io, kind->cursor, &mark, err);
    if (status)
        return status;
    status = open_feed(dc, kind, containers, n,
                       mark ? cs_dc_hours_since(dc, mark) : 0, &paging, err);
    if (status)
        return status;
    status = walk(paging, &feed, &all, &why);
    if (status && (status == CS_ERR_FORBIDDEN ||
                   cs_dc_unsupported(cs_dc_paging_http_status(paging)))) {
        all = mark == 0;
        status = CS_OK;
    }
    if (status && err)
        *err = why;
    if (!status && all)
        status = io->hint(io->payload, NULL, kind->aspect, err);
    return status ? status : write_mark(io, kind->cursor, now, err);
}

/* ---- the trash ---- */

static enum cs_status take_trashed(const struct cs_hint_io *io,
                                   const struct cs_json *rows,
                                   struct cs_error *err)
{
    struct cs_json row = {.node = NULL};
    enum cs_status status = CS_OK;
    while (!status && cs_json_next(rows, &row)) {
        const char *id = NULL;
        if (!cs_json_text(&row, "id", CS_JSON_REQUIRED, &id, NULL))
            status = io->suspect(io->payload, id, err);
    }
    return status;
}

static enum cs_status read_trash(struct cs_dc *dc, const char *key,
                                 const struct cs_hint_io *io,
                                 struct cs_error *err)
{
    struct cs_dc_paging *paging CS_CLEANUP(cs_dc_paging_cleanup) = NULL;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_error why = CS_ERROR_INIT;
    struct cs_json rows;
    bool more = true;
    cs_strbuf_puts(&path, "/rest/api/space/");
    cs_url_put_escaped(key, &path);
    cs_strbuf_puts(&path, "/trash?expand=version");
    enum cs_status status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_dc_scan_open(dc, path.data, &paging, err);
    if (status)
        return status;
    while (!status && more && cs_dc_paging_pages(paging) < TRASH_PAGES) {
        status = cs_dc_paging_next(paging, &rows, &more, &why);
        if (!status && more)
            status = take_trashed(io, &rows, &why);
    }
    /* Not everybody may see it, and not every version has it. */
    if (status == CS_ERR_FORBIDDEN ||
        cs_dc_unsupported(cs_dc_paging_http_status(paging)))
        return CS_OK;
    return cs_error_pass(err, status, &why);
}

static enum cs_status read_trashes(struct cs_dc *dc,
                                   const struct cs_container *containers,
                                   size_t n, const struct cs_hint_io *io,
                                   struct cs_error *err)
{
    int64_t turn = 0;
    enum cs_status status = read_mark(io, "dc-trash", &turn, err);
    size_t from = turn > 0 ? (size_t)turn % n : 0;
    size_t max = n < TRASH_SPACES ? n : TRASH_SPACES;
    for (size_t i = 0; i < max && !status; i++)
        status = read_trash(dc, containers[(from + i) % n].key, io, err);
    if (status || max == n)
        return status;
    return write_mark(io, "dc-trash", (int64_t)((from + max) % n), err);
}

enum cs_status cs_dc_hints(void *self, const struct cs_container *containers,
                           size_t n, const struct cs_hint_io *io,
                           struct cs_error *err)
{
    struct cs_dc *dc = self;
    enum cs_status status = CS_OK;
    if (n == 0)
        return CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++) {
        if (io->aspects & kinds[i].aspect)
            status = read_feed(dc, &kinds[i], containers, n, io, err);
    }
    return status ? status : read_trashes(dc, containers, n, io, err);
}
