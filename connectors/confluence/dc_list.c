/*
 * dc_list.c - everything in a space: pages, archived pages, blog posts.
 *
 * By cursor where the server can (from 7.18 on), for a deep start costs it
 * seconds a page; by start where not. Any failure fails the whole: an
 * incomplete listing must count for nothing.
 *
 * What changed is asked of the search, which knows minutes of an unknown zone
 * and lags behind: so by hours that have passed, and a day more than needed.
 */
#include "connectors/confluence/dc_item.h"

#include "src/text.h"
#include "src/url.h"

#define HOUR_MS       INT64_C(3600000)
#define OVERLAP_HOURS 25
#define MANY_HOURS    (24 * 30) /* rather said in days */

struct listing {
    struct cs_dc *dc;
    const struct cs_container *container;
    const struct cs_list_out *out;
    struct cs_arena *arena; /* strings of one row */
    struct cs_idset told;   /* a listing may be started again */
    bool labels;            /* they are told, and all rows had them */
};

/* The listings of a space. One that may be refused is a newer invention. */
static const struct kind {
    const char *query;
    bool may_be_refused;
} kinds[] = {
    {"type=page&status=current", false},
    {"type=page&status=archived", true},
    {"type=blogpost&status=current", false},
};

static enum cs_status put_path(struct cs_strbuf *out, const char *call,
                               const struct kind *kind, const char *key,
                               const char *expand, struct cs_error *err)
{
    cs_strbuf_reset(out);
    cs_strbuf_printf(out, "/rest/api/%s?%s&spaceKey=", call, kind->query);
    cs_url_put_escaped(key, out);
    cs_strbuf_printf(out, "&expand=%s", expand);
    return cs_strbuf_status(out, err);
}

/* A row that could only be had without its ancestors. */
static enum cs_status ask_parent(struct listing *listing, struct cs_dc_row *row,
                                 struct cs_error *err)
{
    struct cs_answer *answer CS_CLEANUP(cs_answer_cleanup) = NULL;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_dc_row alone;
    struct cs_json root;
    cs_strbuf_puts(&path, "/rest/api/content/");
    cs_url_put_escaped(row->item.id, &path);
    cs_strbuf_puts(&path, "?status=any&expand=version,ancestors");
    struct cs_answer_request request = {.path = path.data, .max_attempts = 2};
    enum cs_status status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_answer_ask(listing->dc->http, &request, &answer, err);
    if (status)
        return status;
    status = cs_answer_wait(answer, &root, err);
    if (cs_dc_unsupported(cs_answer_http_status(answer)) ||
        cs_answer_http_status(answer) >= 500)
        return CS_OK; /* at the top, then */
    if (!status)
        status =
            cs_dc_item(&listing->dc->site, &root, listing->arena, &alone, err);
    if (!status)
        row->item.parent_id =
            cs_arena_strdup(listing->arena, alone.item.parent_id);
    return status;
}

static enum cs_status tell_labels(struct listing *listing,
                                  const struct cs_json *row, const char *id,
                                  struct cs_error *err)
{
    const char *const *labels = NULL;
    size_t n = 0;
    bool known = false;
    enum cs_status status = cs_dc_labels(listing->dc, row, id, listing->arena,
                                         &labels, &n, &known, err);
    listing->labels = listing->labels && known;
    for (size_t i = 0; i < n && !status; i++)
        status = listing->out->label(listing->out->payload, id, labels[i], err);
    return status;
}

/* A cursor knows nothing of the space that was asked for. */
static bool is_elsewhere(const struct cs_container *container,
                         const struct cs_dc_row *row)
{
    return row->space_id && strcmp(row->space_id, container->id) != 0 &&
           cs_ascii_casecmp(row->space_id, container->key) != 0;
}

static enum cs_status take_row(void *payload, const struct cs_json *row,
                               bool *stop, struct cs_error *err)
{
    struct listing *listing = payload;
    struct cs_dc_row read;
    bool fresh = true;
    (void)stop;
    cs_arena_clear(listing->arena);
    enum cs_status status =
        cs_dc_item(&listing->dc->site, row, listing->arena, &read, err);
    if (status || read.skip || is_elsewhere(listing->container, &read))
        return status;
    status = cs_idset_add(&listing->told, read.item.id, &fresh, err);
    if (status || !fresh)
        return status;
    if (read.no_ancestors)
        status = ask_parent(listing, &read, err);
    if (!status)
        status = listing->out->item(listing->out->payload, &read.item, err);
    if (!status && listing->labels)
        status = tell_labels(listing, row, read.item.id, err);
    return status;
}

static enum cs_status list_by_start(struct listing *listing,
                                    const struct kind *kind, const char *key,
                                    struct cs_error *err)
{
    struct cs_dc_paging *paging CS_CLEANUP(cs_dc_paging_cleanup) = NULL;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_strbuf small CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_status status = put_path(&path, "content", kind, key,
                                     CS_DC_EXPAND ",metadata.labels", err);
    if (!status)
        status =
            put_path(&small, "content", kind, key, CS_DC_EXPAND_SMALL, err);
    if (!status)
        status = cs_dc_list_open(listing->dc, path.data, small.data, false,
                                 &paging, err);
    if (status)
        return status;
    status = cs_dc_paging_each(paging, take_row, listing, err);
    bool refused = kind->may_be_refused && cs_dc_paging_pages(paging) == 0 &&
                   cs_dc_unsupported(cs_dc_paging_http_status(paging));
    return refused ? CS_OK : status;
}

/* A scan may fail where a listing by start would not: it is not there, or one
 * row spoils a whole page, which cannot be asked for in pieces. */
static bool try_by_start(enum cs_status status, long http_status)
{
    return cs_dc_unsupported(http_status) ||
           (status == CS_ERR_NETWORK && http_status >= 500) ||
           status == CS_ERR_LIMIT;
}

static enum cs_status list_kind(struct listing *listing,
                                const struct kind *kind, const char *key,
                                struct cs_dc_paging *scan, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_dc_paging_each(scan, take_row, listing, &why);
    if (status && try_by_start(status, cs_dc_paging_http_status(scan)))
        return list_by_start(listing, kind, key, err);
    return cs_error_pass(err, status, &why);
}

static enum cs_status list_all(struct listing *listing, const char *key,
                               struct cs_error *err)
{
    struct cs_dc_paging *scans[CS_ARRAY_LEN(kinds)] = {NULL};
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++) {
        status = put_path(&path, "content/scan", &kinds[i], key,
                          CS_DC_EXPAND ",metadata.labels", err);
        if (!status)
            status = cs_dc_scan_open(listing->dc, path.data, &scans[i], err);
    }
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++)
        status = list_kind(listing, &kinds[i], key, scans[i], err);
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds); i++)
        cs_dc_paging_free(scans[i]);
    return status;
}

enum cs_status cs_dc_list(void *self, const struct cs_container *container,
                          const struct cs_list_out *out, bool *ret_labels,
                          struct cs_error *err)
{
    struct cs_dc *dc = self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct listing listing = {.dc = dc,
                              .container = container,
                              .out = out,
                              .arena = arena,
                              .labels = true};
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = list_all(&listing, container->key, err);
    cs_idset_clear(&listing.told);
    if (status)
        return status;
    *ret_labels = listing.labels;
    return CS_OK;
}

/* ---- changes ---- */

int64_t cs_dc_hours_since(const struct cs_dc *dc, int64_t since)
{
    int64_t passed = cs_dc_now(dc) - since;
    if (passed < 0)
        passed = 0;
    return (passed + HOUR_MS - 1) / HOUR_MS + OVERLAP_HOURS;
}

void cs_dc_put_since(struct cs_strbuf *out, int64_t hours)
{
    bool days = hours > MANY_HOURS;
    cs_strbuf_printf(out, " and lastmodified >= now(\"-%lld%c\")",
                     (long long)(days ? (hours + 23) / 24 : hours),
                     days ? 'd' : 'h');
}

void cs_dc_put_search(struct cs_strbuf *out, const char *cql,
                      const char *expand)
{
    cs_strbuf_puts(out, "/rest/api/content/search?cql=");
    cs_url_put_escaped(cql, out);
    cs_strbuf_printf(out, "&expand=%s", expand);
}

void cs_dc_put_quoted(struct cs_strbuf *out, const char *text)
{
    cs_strbuf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            cs_strbuf_putc(out, '\\');
        cs_strbuf_putc(out, *text);
    }
    cs_strbuf_putc(out, '"');
}

static enum cs_status open_changes(struct listing *listing, int64_t hours,
                                   struct cs_dc_paging **ret,
                                   struct cs_error *err)
{
    struct cs_strbuf cql CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_strbuf small CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_puts(&cql, "space = ");
    cs_dc_put_quoted(&cql, listing->container->key);
    cs_strbuf_puts(&cql, " and type in (page, blogpost)");
    cs_dc_put_since(&cql, hours);
    cs_strbuf_puts(&cql, " order by lastmodified desc");
    cs_dc_put_search(&path, cql.data, CS_DC_EXPAND);
    cs_dc_put_search(&small, cql.data, CS_DC_EXPAND_SMALL);
    enum cs_status status = cs_strbuf_status(&cql, err);
    if (!status)
        status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_strbuf_status(&small, err);
    return status ? status
                  : cs_dc_list_open(listing->dc, path.data, small.data, true,
                                    ret, err);
}

enum cs_status cs_dc_changes(void *self, const struct cs_container *container,
                             int64_t since, const struct cs_list_out *out,
                             struct cs_error *err)
{
    struct cs_dc *dc = self;
    struct cs_dc_paging *paging CS_CLEANUP(cs_dc_paging_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct listing listing = {
        .dc = dc, .container = container, .out = out, .arena = arena};
    int64_t hours = cs_dc_hours_since(dc, since);
    bool labels;
    if (!arena)
        return cs_error_no_memory(err);
    if (since <= 0)
        return cs_dc_list(dc, container, out, &labels, err);
    enum cs_status status = open_changes(&listing, hours, &paging, err);
    if (status)
        return status;
    status = cs_dc_paging_each(paging, take_row, &listing, err);
    cs_idset_clear(&listing.told);
    /* Where the search does not answer, the content does. */
    if (status && cs_dc_unsupported(cs_dc_paging_http_status(paging)))
        status = cs_dc_list(dc, container, out, &labels, err);
    return status;
}
