/*
 * wiki.c - runs against a site that is an array.
 */
#include "tests/lib/wiki.h"

#include "tests/lib/script.h"
#include "tests/lib/test.h"

#include "index/store/store.h"

struct work {
    const struct wiki *wiki;
    struct wiki_run *run;
    struct cs_sink *sink;
};

struct wiki_page *wiki_find(const struct wiki *wiki, const char *id)
{
    for (size_t i = 0; i < wiki->n; i++)
        if (strcmp(wiki->pages[i].id, id) == 0)
            return &wiki->pages[i];
    fail_msg("the wiki has no page %s", id);
    return NULL;
}

static int64_t version_of(const struct wiki_page *page)
{
    return page->version ? page->version : 1;
}

static struct cs_item item_of(const struct wiki *wiki, size_t i)
{
    const struct wiki_page *page = &wiki->pages[i];
    return (struct cs_item){
        .id = page->id,
        .kind = page->text ? CS_ITEM_PAGE : CS_ITEM_FOLDER,
        .status = page->archived ? CS_ITEM_ARCHIVED : CS_ITEM_CURRENT,
        .title = page->title,
        .parent_id = page->parent,
        .version = version_of(page),
        .created = page->created ? page->created : 1700000000000 + (int64_t)i,
        .updated = 1710000000000 + version_of(page),
    };
}

/* A space is called by its key; its id is the key with an "s-" in front. */
struct space {
    char id[80], key[64];
    struct cs_container container;
};

static void make_space(struct space *space, const char *key, size_t len)
{
    (void)snprintf(space->key, sizeof(space->key), "%.*s", (int)len, key);
    (void)snprintf(space->id, sizeof(space->id), "s-%s", space->key);
    space->container = (struct cs_container){
        .id = space->id,
        .key = space->key,
        .name = space->key,
        .home_id = strcmp(space->key, "ENG") == 0 ? "1" : NULL,
    };
}

static enum cs_status list_space(struct work *work, const struct space *space,
                                 struct cs_error *err)
{
    const struct wiki *wiki = work->wiki;
    struct cs_sink *sink = work->sink;
    struct cs_list_summary summary = {0};
    enum cs_status status = sink->ops->list_begin(
        sink, &space->container,
        work->run->changes ? CS_LIST_CHANGES : CS_LIST_COMPLETE, err);
    for (size_t i = 0; i < wiki->n && !status; i++) {
        const struct cs_item item = item_of(wiki, i);
        if (strcmp(wiki->pages[i].space, space->key) == 0 &&
            wiki->pages[i].state == WIKI_THERE)
            status = sink->ops->list_add(sink, &item, err);
    }
    if (!status)
        status = sink->ops->list_end(sink, true, &summary, err);
    work->run->listed.listed += summary.listed;
    work->run->listed.added += summary.added;
    work->run->listed.changed += summary.changed;
    work->run->listed.moved += summary.moved;
    work->run->listed.missing += summary.missing;
    work->run->listed.returned += summary.returned;
    return status;
}

static enum cs_status each_space(struct work *work,
                                 enum cs_status (*step)(struct work *,
                                                        const struct space *,
                                                        struct cs_error *),
                                 struct cs_error *err)
{
    const char *at = work->run->spaces ? work->run->spaces : "ENG OPS";
    enum cs_status status = CS_OK;
    for (size_t len; *at && !status; at += len) {
        struct space space;
        at += strspn(at, " ");
        len = strcspn(at, " ");
        make_space(&space, at, len);
        status = step(work, &space, err);
    }
    return status;
}

static enum cs_status tell_absent(struct work *work, const char *key,
                                  enum cs_absence absence, struct cs_error *err)
{
    struct space space;
    if (!key)
        return CS_OK;
    make_space(&space, key, strlen(key));
    return work->sink->ops->absent(work->sink, space.id, absence, "so", err);
}

/* ---- verdicts ---- */

static enum cs_status answer(struct work *work, const char *id,
                             struct cs_error *err)
{
    static const struct {
        enum cs_presence presence;
        long http_status;
    } answers[] = {
        [WIKI_THERE] = {CS_PRESENCE_HERE, 200},
        [WIKI_UNLISTED] = {CS_PRESENCE_HERE, 200},
        [WIKI_TRASHED] = {CS_PRESENCE_TRASHED, 200},
        [WIKI_GONE] = {CS_PRESENCE_GONE, 404},
        [WIKI_FORBIDDEN] = {CS_PRESENCE_FORBIDDEN, 403},
        [WIKI_SILENT] = {CS_PRESENCE_UNKNOWN, 0},
    };
    const struct wiki_page *page = wiki_find(work->wiki, id);
    const struct cs_item item =
        item_of(work->wiki, (size_t)(page - work->wiki->pages));
    struct space space;
    make_space(&space, page->space, strlen(page->space));
    const struct cs_verdict verdict = {
        .presence = answers[page->state].presence,
        .http_status = answers[page->state].http_status,
        .item = &item,
        .container_id = space.id,
    };
    return work->sink->ops->verdict(work->sink, id, &verdict, err);
}

static enum cs_status resolve_doubts(struct work *work, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_want wants[3];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = CS_OK;
    if (work->run->suspect)
        status = work->sink->ops->suspect(work->sink, work->run->suspect, err);
    while (n == CS_ARRAY_LEN(wants) && !status && !work->run->no_verdicts) {
        status = work->sink->ops->doubtful(work->sink, arena,
                                           CS_ARRAY_LEN(wants), wants, &n, err);
        for (size_t i = 0; i < n && !status; i++)
            status = answer(work, wants[i].id, err);
    }
    return status
               ? status
               : work->sink->ops->remove(work->sink, &work->run->removal, err);
}

/* ---- texts ---- */

static enum cs_status put_page(struct work *work, const struct wiki_page *page,
                               struct cs_error *err)
{
    static char markdown[1 << 16];
    struct cs_place place = {.form = page->form};
    bool block = cs_place_is_block(page->form);
    int n = snprintf(markdown, sizeof(markdown), "%s\n", page->text);
    place.ref = (struct cs_ref){.kind = CS_REF_PAGE,
                                .title = page->link_title,
                                .space = page->link_space,
                                .query = page->query,
                                .url = "http://wiki/elsewhere"};
    if (block) {
        place.at = (size_t)n + 1;
        n = snprintf(markdown, sizeof(markdown), "%s\n\n*see there*\n",
                     page->text);
        place.len = (size_t)n - place.at;
    } else if (page->link_title) {
        n = snprintf(markdown, sizeof(markdown), "%s [see]()\n", page->text);
        place.at = (size_t)n - 2;
    }
    const struct cs_document doc = {
        .id = page->id,
        .version = version_of(page),
        .aspects = CS_ASPECT_TEXT,
        .text = {.body = {.markdown = markdown,
                          .len = (size_t)n,
                          .places = &place,
                          .n_places = page->link_title || block},
                 .source = page->text,
                 .source_len = strlen(page->text),
                 .source_format = "storage"},
    };
    work->run->fetched++;
    return work->sink->ops->put(work->sink, &doc, err);
}

static enum cs_status fetch_space(struct work *work, const struct space *space,
                                  struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_want wants[3];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status =
        work->sink->ops->fetch_begin(work->sink, &space->container, err);
    while (n == CS_ARRAY_LEN(wants) && !status) {
        status = work->sink->ops->wanted(work->sink, arena, CS_ARRAY_LEN(wants),
                                         wants, &n, err);
        for (size_t i = 0; i < n && !status; i++)
            status = put_page(work, wiki_find(work->wiki, wants[i].id), err);
    }
    return status ? status : work->sink->ops->commit(work->sink, err);
}

/* ---- the run ---- */

static enum cs_status all_steps(struct work *work, struct cs_error *err)
{
    const struct cs_source_info info = {"wiki", "script", "http://wiki", NULL};
    struct wiki_run *run = work->run;
    run->options.aspects |= CS_ASPECT_TEXT;
    enum cs_status status =
        work->sink->ops->begin(work->sink, &info, &run->options, err);
    if (!status)
        status = each_space(work, list_space, err);
    if (!status)
        status = tell_absent(work, run->left, CS_ABSENCE_LEFT, err);
    if (!status)
        status = tell_absent(work, run->gone, CS_ABSENCE_GONE, err);
    if (!status)
        status = resolve_doubts(work, err);
    if (!status && !run->options.dry_run)
        status = each_space(work, fetch_space, err);
    return status;
}

static enum cs_status run_steps(struct sandbox *box, const struct wiki *wiki,
                                struct wiki_run *run, struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    enum cs_status status = script_open(box, &index, &store, err);
    if (status)
        return status;
    struct work work = {wiki, run, cs_store_sink(store)};
    struct cs_error why = CS_ERROR_INIT;
    status = all_steps(&work, err);
    enum cs_status ended = work.sink->ops->end(work.sink, status, &run->summary,
                                               status ? &why : err);
    return status ? status : ended;
}

void wiki_sync(struct sandbox *box, const struct wiki *wiki,
               struct wiki_run *run)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(run_steps(box, wiki, run, &err), &err);
    if (run->options.dry_run)
        return;
    assert_int_equal(run->summary.listed, run->summary.stored);
    assert_int_equal(run->summary.listed, run->summary.indexed);
    if (run->summary.disk_checked)
        assert_int_equal(run->summary.listed, run->summary.on_disk);
    if (!run->no_check)
        script_check(box);
}

struct wiki_run wiki_sync_later(struct sandbox *box, const struct wiki *wiki,
                                struct wiki_run run)
{
    box->now_ms += 3600000;
    wiki_sync(box, wiki, &run);
    return run;
}
