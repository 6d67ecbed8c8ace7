/*
 * engine_fetch.c - the documents and the attachments that are wanted.
 *
 * A dry run takes the wants out of the sink and tells them, and fetches none.
 * When the budget of time is spent no more wants are handed out: what is in
 * flight lands, and the rest is wanted again by the next run.
 */
#include "connectors/engine_parts.h"

#include "src/hash.h"
#include "src/text.h"

static uint64_t hash_of(const char *id)
{
    struct cs_hash hash = cs_hash_of(id, strlen(id));
    uint64_t number;
    memcpy(&number, hash.bytes, sizeof(number));
    return number;
}

static void remember_title(struct cs_engine *run, const char *id,
                           const char *title, int64_t version)
{
    uint64_t hash = hash_of(id);
    struct cs_engine_title *slot = &run->titles[hash % CS_ENGINE_TITLES];
    slot->id = hash;
    slot->version = version;
    cs_text_copy(slot->text, sizeof(slot->text), title);
}

static int64_t version_of(const struct cs_engine *run, const char *id)
{
    uint64_t hash = hash_of(id);
    const struct cs_engine_title *slot = &run->titles[hash % CS_ENGINE_TITLES];
    return slot->id == hash ? slot->version : 0;
}

static const char *title_of(const struct cs_engine *run, const char *id)
{
    uint64_t hash = hash_of(id);
    const struct cs_engine_title *slot = &run->titles[hash % CS_ENGINE_TITLES];
    return slot->id == hash ? slot->text : NULL;
}

/* A want has come to its end, well or not. */
static enum cs_status settled(struct cs_engine *run, enum cs_phase phase,
                              const char *id, enum cs_status status)
{
    if (status)
        return status;
    run->ended++;
    run->done_texts++;
    if (run->total_texts < run->done_texts)
        run->total_texts = run->done_texts;
    cs_engine_tell(run, phase, title_of(run, id), run->done_texts,
                   run->total_texts);
    return CS_OK;
}

/* Every want that a connector took must have come back. */
static enum cs_status check_wants(const struct cs_engine *run, const char *what,
                                  struct cs_error *err)
{
    if (run->wanted == run->ended)
        return CS_OK;
    return cs_error_set(
        err, CS_ERR_INTERNAL, "the connector %s lost %llu of %llu %s",
        run->connector->type, (unsigned long long)(run->wanted - run->ended),
        (unsigned long long)run->wanted, what);
}

/* What a failing pass has already put is worth keeping: commit in any case,
 * unless it was the sink that failed. */
static enum cs_status keep(struct cs_engine *run, enum cs_status status,
                           struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    if (run->sink_failed)
        return status;
    enum cs_status committed =
        cs_engine_from_sink(run, run->sink->ops->commit(run->sink, &why));
    if (committed && !status && err)
        *err = why;
    return status ? status : committed;
}

/* ---- documents ---- */

static enum cs_status on_next(void *payload, struct cs_arena *arena, size_t max,
                              struct cs_want *ret_wants, size_t *ret_n,
                              struct cs_error *err)
{
    struct cs_engine *run = payload;
    size_t n = 0;
    if (cs_engine_over(run)) {
        *ret_n = 0;
        return CS_OK;
    }
    enum cs_status status = cs_engine_from_sink(
        run, run->sink->ops->wanted(run->sink, arena, max, ret_wants, &n, err));
    for (size_t i = 0; i < n && !status; i++) {
        remember_title(run, ret_wants[i].id,
                       ret_wants[i].title ? ret_wants[i].title : "",
                       ret_wants[i].version);
        if (ret_wants[i].kind == CS_ITEM_BLOG_POST)
            status = cs_idset_add(&run->blog_posts, ret_wants[i].id, NULL, err);
    }
    if (status)
        return status;
    run->wanted += n;
    *ret_n = n;
    return CS_OK;
}

static enum cs_status on_person(void *payload, const struct cs_person *person,
                                struct cs_error *err)
{
    struct cs_engine *run = payload;
    return cs_engine_from_sink(
        run, run->sink->ops->put_person(run->sink, person, err));
}

static enum cs_status on_document(void *payload, const struct cs_document *doc,
                                  struct cs_error *err)
{
    struct cs_engine *run = payload;
    bool excluded = false;
    enum cs_status status = cs_engine_exclude_document(
        run, doc, version_of(run, doc->id), &excluded, err);
    if (!status && !excluded)
        status =
            cs_engine_from_sink(run, run->sink->ops->put(run->sink, doc, err));
    return settled(run, CS_PHASE_FETCH, doc->id, status);
}

static enum cs_status on_failed(void *payload, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err)
{
    struct cs_engine *run = payload;
    char what[128];
    bool blog = cs_idset_has(&run->blog_posts, id);
    (void)snprintf(what, sizeof(what), "%s %s", blog ? "blog post" : "page",
                   id);
    cs_engine_trouble(run, what, why);
    enum cs_status status =
        cs_engine_from_sink(run, run->sink->ops->fail(run->sink, id, why, err));
    return settled(run, CS_PHASE_FETCH, id, status);
}

static void on_lacking(void *payload, const char *part,
                       const struct cs_error *why)
{
    cs_engine_trouble(payload, part, why);
}

static enum cs_status fetch_wanted(struct cs_engine *run, struct cs_error *err)
{
    const struct cs_fetch_io io = {.next = on_next,
                                   .person = on_person,
                                   .document = on_document,
                                   .failed = on_failed,
                                   .lacking = on_lacking,
                                   .payload = run};
    enum cs_status status =
        run->connector->fetch(run->self, run->container, &io, err);
    return status ? status : check_wants(run, "documents", err);
}

static void plan_want(const struct cs_engine *run, const struct cs_want *want)
{
    static const struct {
        unsigned aspect;
        const char *name;
    } names[] = {
        {CS_ASPECT_TEXT, "text"},
        {CS_ASPECT_LABELS, "labels"},
        {CS_ASPECT_COMMENTS, "comments"},
        {CS_ASPECT_ATTACHMENTS, "attachments"},
        {CS_ASPECT_RESTRICTIONS, "restrictions"},
    };
    struct cs_strbuf what CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(256);
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        if (want->aspects & names[i].aspect)
            cs_strbuf_printf(&what, "%s%s", what.len ? ", " : "",
                             names[i].name);
    }
    cs_engine_plan(run, "fetch", want->id, want->title, what.data);
}

static enum cs_status plan_wanted(struct cs_engine *run, struct cs_error *err)
{
    struct cs_want wants[64];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = CS_OK;
    while (!status && n == CS_ARRAY_LEN(wants)) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        if (!arena)
            return cs_error_no_memory(err);
        status = cs_engine_from_sink(
            run, run->sink->ops->wanted(run->sink, arena, CS_ARRAY_LEN(wants),
                                        wants, &n, err));
        for (size_t i = 0; i < n && !status; i++)
            plan_want(run, &wants[i]);
    }
    return status;
}

static enum cs_status fetch_container(struct cs_engine *run,
                                      struct cs_error *err)
{
    if (!run->place->listed)
        return CS_OK;
    run->wanted = run->ended = 0;
    cs_engine_tell(run, CS_PHASE_FETCH, NULL, run->done_texts,
                   run->total_texts);
    enum cs_status status = cs_engine_from_sink(
        run, run->sink->ops->fetch_begin(run->sink, run->container, err));
    if (!status)
        status = run->options->dry_run ? plan_wanted(run, err)
                                       : fetch_wanted(run, err);
    cs_idset_clear(&run->blog_posts);
    status = keep(run, status, err);
    run->done += !status;
    return status;
}

enum cs_status cs_engine_fetch(struct cs_engine *run, struct cs_error *err)
{
    return cs_engine_each(run, fetch_container, err);
}

/* ---- attachments ---- */

static enum cs_status on_next_file(void *payload, struct cs_arena *arena,
                                   size_t max, struct cs_file_want *ret_wants,
                                   size_t *ret_n, struct cs_error *err)
{
    struct cs_engine *run = payload;
    size_t n = 0;
    if (cs_engine_over(run)) {
        *ret_n = 0;
        return CS_OK;
    }
    enum cs_status status = cs_engine_from_sink(
        run, run->sink->ops->wanted_files(run->sink, arena, max, ret_wants, &n,
                                          err));
    if (status)
        return status;
    for (size_t i = 0; i < n; i++)
        remember_title(run, ret_wants[i].id, ret_wants[i].name,
                       ret_wants[i].version);
    run->wanted += n;
    *ret_n = n;
    return CS_OK;
}

static enum cs_status on_write(void *payload, const char *id, int64_t at,
                               const void *data, size_t len,
                               struct cs_error *err)
{
    struct cs_engine *run = payload;
    return cs_engine_from_sink(
        run, run->sink->ops->file_write(run->sink, id, at, data, len, err));
}

static void tell_file(struct cs_engine *run, const char *id)
{
    cs_engine_tell(run, CS_PHASE_DOWNLOAD, title_of(run, id), ++run->ended, 0);
}

static enum cs_status on_file_end(void *payload, const char *id, int64_t size,
                                  struct cs_error *err)
{
    struct cs_engine *run = payload;
    tell_file(run, id);
    return cs_engine_from_sink(
        run, run->sink->ops->file_end(run->sink, id, size, err));
}

static enum cs_status on_file_failed(void *payload, const char *id,
                                     const struct cs_error *why,
                                     struct cs_error *err)
{
    struct cs_engine *run = payload;
    const char *name = title_of(run, id);
    char what[192];
    (void)snprintf(what, sizeof(what), "attachment %.64s%s%s%s", id,
                   name ? " (" : "", name ? name : "", name ? ")" : "");
    cs_engine_trouble(run, what, why);
    tell_file(run, id);
    return cs_engine_from_sink(
        run, run->sink->ops->file_fail(run->sink, id, why, err));
}

static enum cs_status plan_files(struct cs_engine *run, struct cs_error *err)
{
    struct cs_file_want wants[64];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = CS_OK;
    while (!status && n == CS_ARRAY_LEN(wants)) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        if (!arena)
            return cs_error_no_memory(err);
        status = cs_engine_from_sink(
            run, run->sink->ops->wanted_files(
                     run->sink, arena, CS_ARRAY_LEN(wants), wants, &n, err));
        for (size_t i = 0; i < n && !status; i++)
            cs_engine_plan(run, "download", wants[i].document_id, wants[i].name,
                           NULL);
    }
    return status;
}

static enum cs_status download_wanted(struct cs_engine *run,
                                      struct cs_error *err)
{
    const struct cs_download_io io = {.next = on_next_file,
                                      .write = on_write,
                                      .end = on_file_end,
                                      .failed = on_file_failed,
                                      .payload = run};
    enum cs_status status = run->connector->download(run->self, &io, err);
    return status ? status : check_wants(run, "attachments", err);
}

enum cs_status cs_engine_download(struct cs_engine *run, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    if (!run->connector->download || !(run->aspects & CS_ASPECT_ATTACHMENTS))
        return CS_OK;
    run->wanted = run->ended = 0;
    enum cs_status status = run->options->dry_run ? plan_files(run, &why)
                                                  : download_wanted(run, &why);
    status = keep(run, status, &why);
    if (status && cs_engine_may_go_on(run, status)) {
        run->look_failed = true;
        cs_engine_trouble(run, "attachments", &why);
        return CS_OK;
    }
    return cs_error_pass(err, status, &why);
}
