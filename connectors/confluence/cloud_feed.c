/*
 * cloud_feed.c - entries, then the pages of those that do not name one.
 */
#include "connectors/confluence/cloud_feed.h"

#include "src/url.h"

#include <stdlib.h>

#define ROWS_PER_REQUEST 250
#define OLD_IN_A_ROW     25 /* end a feed: its order may be a little off */

/* A comment whose page is looked for. */
struct orphan {
    struct orphan *next;
    const char *id;
    struct cs_answer *answer;
};

struct reader {
    struct cs_cloud *cloud;
    const struct cs_cloud_feed *feed;
    const struct cs_hint_io *io;
    struct cs_cloud_reading reading;
    struct cs_idset hinted;  /* pages */
    struct cs_idset climbed; /* comments asked for */
    struct cs_arena *arena;
    struct orphan *head, **tail;
    struct orphan *ahead; /* the first that was not asked for yet */
    uint64_t rows, orphans;
    unsigned old;  /* in a row */
    bool too_much; /* asking each document is cheaper */
    bool first;    /* never read from the start */
    bool theirs;
};

enum cs_status cs_cloud_feed_open(struct cs_cloud *cloud,
                                  const struct cs_cloud_feed *feed,
                                  struct cs_paging **ret, struct cs_error *err)
{
    enum cs_status status =
        cs_paging_open(&cloud->paging, feed->path, 0, ret, err);
    if (!status)
        cs_paging_lazy(*ret);
    return status;
}

/* Requests so far against one for each document. */
static bool is_too_much(const struct reader *reader)
{
    return reader->rows / ROWS_PER_REQUEST + reader->orphans >
           reader->io->documents;
}

static enum cs_status hint(struct reader *reader, const char *id,
                           struct cs_error *err)
{
    const struct cs_hint_io *io = reader->io;
    bool fresh = true;
    enum cs_status status =
        id ? cs_idset_add(&reader->hinted, id, &fresh, err) : CS_OK;
    if (status || !fresh)
        return status;
    status = io->hint(io->payload, id, reader->feed->aspect, err);
    reader->theirs = reader->theirs || status;
    return status;
}

static enum cs_status add_orphan(struct reader *reader, const char *id,
                                 struct cs_error *err)
{
    bool fresh;
    enum cs_status status = cs_idset_add(&reader->climbed, id, &fresh, err);
    if (status || !fresh)
        return status;
    struct orphan *orphan = cs_arena_alloc(reader->arena, sizeof(*orphan));
    char *copy = cs_arena_strdup(reader->arena, id);
    if (!orphan || !copy)
        return cs_arena_status(reader->arena, err);
    orphan->id = copy;
    *reader->tail = orphan;
    reader->tail = &orphan->next;
    if (!reader->ahead)
        reader->ahead = orphan;
    reader->orphans++;
    return CS_OK;
}

/* The page of an entry; else the comment that it answers. */
static enum cs_status take_owner(struct reader *reader,
                                 const struct cs_json *row,
                                 struct cs_error *err)
{
    static const char *const owners[] = {"pageId", "blogPostId"};
    const char *id = NULL;
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(owners) && !status && !id; i++)
        status = cs_json_text(row, owners[i], CS_JSON_OPTIONAL, &id, err);
    if (status || id)
        return status ? status : hint(reader, id, err);
    if (!reader->feed->replies)
        return CS_OK;
    status = cs_json_text(row, "parentCommentId", CS_JSON_OPTIONAL, &id, err);
    return status || !id ? status : add_orphan(reader, id, err);
}

/* What changes when an entry changes: status, version, resolution. */
static enum cs_status judge_row(struct reader *reader,
                                const struct cs_json *row,
                                enum cs_cloud_news *ret, struct cs_error *err)
{
    const char *id, *state, *resolution;
    struct cs_json version;
    int64_t number;
    char identity[256];
    enum cs_status status = cs_json_text(row, "id", CS_JSON_REQUIRED, &id, err);
    if (!status)
        status = cs_json_text(row, "status", CS_JSON_OPTIONAL, &state, err);
    if (!status)
        status = cs_json_text(row, "resolutionStatus", CS_JSON_OPTIONAL,
                              &resolution, err);
    if (!status)
        status =
            cs_json_object(row, "version", CS_JSON_OPTIONAL, &version, err);
    if (!status)
        status =
            cs_json_int(&version, "number", CS_JSON_OPTIONAL, 0, &number, err);
    if (status)
        return status;
    (void)snprintf(identity, sizeof(identity), "%.100s %lld %.40s %.40s", id,
                   (long long)number, state ? state : "",
                   resolution ? resolution : "");
    /* To resolve a comment makes no new version of it. */
    int64_t time = cs_cloud_version_time(row);
    int64_t resolved = cs_cloud_time(row, "resolutionLastModifiedAt");
    *ret = cs_cloud_reading_take(&reader->reading,
                                 resolved > time ? resolved : time, identity);
    return CS_OK;
}

static enum cs_status take_row(void *payload, const struct cs_json *row,
                               bool *stop, struct cs_error *err)
{
    struct reader *reader = payload;
    enum cs_cloud_news news;
    enum cs_status status = judge_row(reader, row, &news, err);
    if (status)
        return status;
    reader->rows++;
    reader->too_much = is_too_much(reader);
    reader->old = news == CS_CLOUD_NEWS_END ? reader->old + 1 : 0;
    *stop = reader->old >= OLD_IN_A_ROW || reader->too_much;
    return news == CS_CLOUD_NEWS_FRESH ? take_owner(reader, row, err) : CS_OK;
}

/* ---- replies ---- */

static enum cs_status ask(struct reader *reader, struct orphan *orphan,
                          struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_strbuf_puts(&path, reader->feed->replies);
    cs_url_put_escaped(orphan->id, &path);
    struct cs_answer_request request = {.path = path.data};
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_answer_ask(reader->cloud->http, &request,
                                  &orphan->answer, err);
}

/* A comment that is not there any more leads nowhere. */
static enum cs_status take(struct reader *reader, struct orphan *orphan,
                           struct cs_error *err)
{
    struct cs_json root;
    enum cs_status status = cs_answer_wait(orphan->answer, &root, err);
    if (!status)
        status = cs_answer_blame(orphan->answer, take_owner(reader, &root, err),
                                 err);
    else if (cs_cloud_refused(cs_answer_http_status(orphan->answer)))
        status = CS_OK;
    cs_answer_free(orphan->answer);
    orphan->answer = NULL;
    return status;
}

/* The queue grows while it is worked off: a reply may answer a reply. */
static enum cs_status climb(struct reader *reader, struct cs_error *err)
{
    size_t open = 0, max = 2 * (size_t)reader->cloud->config->jobs + 2;
    enum cs_status status = CS_OK;
    for (struct orphan *at = reader->head; at && !status; at = at->next) {
        while (reader->ahead && open < max && !status) {
            status = ask(reader, reader->ahead, err);
            reader->ahead = reader->ahead->next;
            open++;
        }
        if (!status)
            status = take(reader, at, err);
        open--;
    }
    for (struct orphan *at = reader->head; at; at = at->next)
        cs_answer_free(at->answer);
    return status;
}

/* ---- the whole ---- */

static enum cs_status read_all(struct reader *reader, struct cs_paging *paging,
                               struct cs_error *err)
{
    const struct cs_hint_io *io = reader->io;
    const char *text = NULL;
    enum cs_status status =
        io->cursor(io->payload, reader->feed->name, reader->arena, &text, err);
    reader->theirs = status != CS_OK;
    if (status)
        return status;
    reader->first = !text || !*text;
    cs_cloud_reading_begin(&reader->reading, text);
    status = cs_paging_each(paging, take_row, reader, err);
    if (!status && !reader->too_much)
        status = climb(reader, err);
    if (!status && (reader->too_much || is_too_much(reader)))
        status = hint(reader, NULL, err);
    return status;
}

static enum cs_status set_mark(struct reader *reader, struct cs_error *err)
{
    struct cs_strbuf mark CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_CLOUD_MARK_MAX);
    cs_cloud_reading_put(&reader->reading, &mark);
    enum cs_status status = cs_strbuf_status(&mark, err);
    if (status)
        return status;
    status = reader->io->set_cursor(reader->io->payload, reader->feed->name,
                                    mark.data, err);
    reader->theirs = reader->theirs || status;
    return status;
}

/* A feed that the site refuses told nothing, which is not that there is
 * nothing: each document is asked, once. */
static enum cs_status do_without(struct reader *reader, struct cs_error *err)
{
    if (!reader->first)
        return CS_OK;
    enum cs_status status = hint(reader, NULL, err);
    return status ? status : set_mark(reader, err);
}

enum cs_status cs_cloud_feed_read(struct cs_cloud *cloud,
                                  const struct cs_cloud_feed *feed,
                                  struct cs_paging *paging,
                                  const struct cs_hint_io *io, bool *ret_theirs,
                                  struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct reader *reader = calloc(1, sizeof(*reader));
    if (!arena || !reader) {
        free(reader);
        return cs_error_no_memory(err);
    }
    reader->cloud = cloud;
    reader->feed = feed;
    reader->io = io;
    reader->arena = arena;
    reader->tail = &reader->head;
    enum cs_status status = read_all(reader, paging, err);
    if (!status)
        status = set_mark(reader, err);
    else if (!reader->theirs && reader->rows == 0 &&
             cs_cloud_refused(cs_paging_http_status(paging)))
        status = do_without(reader, err);
    *ret_theirs = reader->theirs;
    cs_idset_clear(&reader->hinted);
    cs_idset_clear(&reader->climbed);
    free(reader);
    return status;
}
