/*
 * cloud_hints.c - feeds of comments and attachments, and the trash.
 *
 * All of them are under way together. One that fails is told at the end, when
 * the others have had their turn; the next run reads it from the same mark.
 *
 * Whether a page that goes to the trash gets a new time is not documented, so
 * of each trash listing the first answer is always looked at, whatever the
 * times in it; of the first reading no more than that, for what was thrown away
 * before is not held. What is thrown away unseen is missed by the complete
 * listing.
 */
#include "connectors/confluence/cloud_feed.h"

#include "src/url.h"

#include <stdlib.h>

#define SPACES_PER_REQUEST 100
#define TRASH_ROWS         250

static const struct cs_cloud_feed feeds[] = {
    {"cloud.footer", CS_ASPECT_COMMENTS,
     "/wiki/api/v2/footer-comments?sort=-modified-date&limit=250",
     "/wiki/api/v2/footer-comments/"},
    {"cloud.inline", CS_ASPECT_COMMENTS,
     "/wiki/api/v2/inline-comments?sort=-modified-date&limit=250",
     "/wiki/api/v2/inline-comments/"},
    {"cloud.attachments", CS_ASPECT_ATTACHMENTS,
     "/wiki/api/v2/attachments?status=current&status=archived&status=trashed"
     "&sort=-modified-date&limit=250",
     NULL},
};

static const char *const trashes[] = {"pages", "blogposts"};

struct hints {
    struct cs_cloud *cloud;
    const struct cs_container *containers;
    size_t n;
    const struct cs_hint_io *io;
    struct cs_paging *feeds[CS_ARRAY_LEN(feeds)];
    struct cs_paging **trash; /* one for each kind and hundred spaces */
    size_t n_trash;
    bool theirs;
    enum cs_status status; /* the first failure of a feed */
    struct cs_error why;
};

/* True when the run must end; else the failure is kept for the end. */
static bool ends(struct hints *hints, enum cs_status status,
                 const struct cs_error *why)
{
    if (!status)
        return false;
    if (hints->theirs || status == CS_ERR_CANCELLED || status == CS_ERR_AUTH ||
        status == CS_ERR_NO_MEMORY)
        return true;
    if (!hints->status) {
        hints->status = status;
        hints->why = *why;
    }
    return false;
}

/* ---- the trash ---- */

struct trash {
    struct hints *hints;
    struct cs_cloud_reading reading;
    uint64_t rows;
};

static enum cs_status take_trashed(void *payload, const struct cs_json *row,
                                   bool *stop, struct cs_error *err)
{
    struct trash *trash = payload;
    struct hints *hints = trash->hints;
    const char *id;
    enum cs_status status = cs_json_text(row, "id", CS_JSON_REQUIRED, &id, err);
    if (status)
        return status;
    enum cs_cloud_news news =
        cs_cloud_reading_take(&trash->reading, cs_cloud_version_time(row), id);
    bool first = trash->reading.before.floor == 0;
    *stop = ++trash->rows >= TRASH_ROWS && (first || news == CS_CLOUD_NEWS_END);
    if (*stop && !first)
        return CS_OK;
    status = hints->io->suspect(hints->io->payload, id, err);
    hints->theirs = hints->theirs || status;
    return status;
}

static enum cs_status open_trash(struct hints *hints, const char *collection,
                                 size_t first, struct cs_paging **ret,
                                 struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_printf(&path,
                     "/wiki/api/v2/%s?status=trashed&sort=-modified-date"
                     "&limit=%d",
                     collection, TRASH_ROWS);
    for (size_t i = first; i < hints->n && i < first + SPACES_PER_REQUEST;
         i++) {
        cs_strbuf_puts(&path, i == first ? "&space-id=" : ",");
        cs_url_put_escaped(hints->containers[i].id, &path);
    }
    enum cs_status status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_paging_open(&hints->cloud->paging, path.data, 0, ret, err);
    if (!status)
        cs_paging_lazy(*ret);
    return status;
}

static enum cs_status open_trashes(struct hints *hints, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t k = 0; k < CS_ARRAY_LEN(trashes) && !status; k++) {
        for (size_t i = 0; i < hints->n && !status; i += SPACES_PER_REQUEST) {
            status = open_trash(hints, trashes[k], i,
                                &hints->trash[hints->n_trash], err);
            hints->n_trash += !status;
        }
    }
    return status;
}

/* The mark is shared by the listings of all spaces: read before the first of
 * them, written after the last. */
static enum cs_status read_mark(struct hints *hints, struct trash *trash,
                                struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *text = NULL;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        hints->io->cursor(hints->io->payload, "cloud.trash", arena, &text, err);
    hints->theirs = hints->theirs || status;
    cs_cloud_reading_begin(&trash->reading, status ? NULL : text);
    return status;
}

static enum cs_status write_mark(struct hints *hints, const struct trash *trash,
                                 struct cs_error *err)
{
    struct cs_strbuf mark CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_CLOUD_MARK_MAX);
    cs_cloud_reading_put(&trash->reading, &mark);
    enum cs_status status = cs_strbuf_status(&mark, err);
    if (status)
        return status;
    status = hints->io->set_cursor(hints->io->payload, "cloud.trash", mark.data,
                                   err);
    hints->theirs = hints->theirs || status;
    return status;
}

static enum cs_status read_trash(struct hints *hints, struct trash *trash,
                                 struct cs_error *err)
{
    trash->hints = hints;
    enum cs_status status = read_mark(hints, trash, err);
    bool whole = true;
    for (size_t i = 0; i < hints->n_trash && !status; i++) {
        struct cs_error why = CS_ERROR_INIT;
        trash->rows = 0;
        status = cs_paging_each(hints->trash[i], take_trashed, trash, &why);
        if (!hints->theirs &&
            cs_cloud_refused(cs_paging_http_status(hints->trash[i])))
            status = CS_OK;
        whole = whole && !status;
        if (ends(hints, status, &why))
            return cs_error_pass(err, status, &why);
        status = CS_OK;
    }
    return status || !whole ? status : write_mark(hints, trash, err);
}

/* ---- the whole ---- */

static bool is_wanted(const struct hints *hints, size_t i)
{
    return (hints->io->aspects & feeds[i].aspect) != 0;
}

static enum cs_status open_all(struct hints *hints, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(feeds) && !status; i++) {
        if (is_wanted(hints, i))
            status = cs_cloud_feed_open(hints->cloud, &feeds[i],
                                        &hints->feeds[i], err);
    }
    return status ? status : open_trashes(hints, err);
}

static enum cs_status read_all(struct hints *hints, struct cs_error *err)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(feeds); i++) {
        struct cs_error why = CS_ERROR_INIT;
        if (!hints->feeds[i])
            continue;
        enum cs_status status =
            cs_cloud_feed_read(hints->cloud, &feeds[i], hints->feeds[i],
                               hints->io, &hints->theirs, &why);
        if (ends(hints, status, &why))
            return cs_error_pass(err, status, &why);
    }
    struct trash *trash = calloc(1, sizeof(*trash));
    if (!trash)
        return cs_error_no_memory(err);
    enum cs_status status = read_trash(hints, trash, err);
    free(trash);
    if (!status && hints->status) {
        status = hints->status;
        if (err)
            *err = hints->why;
    }
    return status;
}

enum cs_status cs_cloud_hints(void *self, const struct cs_container *containers,
                              size_t n, const struct cs_hint_io *io,
                              struct cs_error *err)
{
    struct cs_cloud *cloud = self;
    struct hints hints = {
        .cloud = cloud, .containers = containers, .n = n, .io = io};
    size_t max = CS_ARRAY_LEN(trashes) * (n / SPACES_PER_REQUEST + 1);
    hints.trash = calloc(max, sizeof(struct cs_paging *));
    if (!hints.trash)
        return cs_error_no_memory(err);
    enum cs_status status = open_all(&hints, err);
    if (!status)
        status = read_all(&hints, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(feeds); i++)
        cs_paging_free(hints.feeds[i]);
    for (size_t i = 0; i < hints.n_trash; i++)
        cs_paging_free(hints.trash[i]);
    free(hints.trash);
    return status;
}
