/*
 * engine.c - one run: begin, containers, list, fetch, commit, end.
 *
 * All containers are listed before the first text is fetched: then every
 * document is known when another one's links to it are resolved.
 *
 * Two kinds of failure. One that belongs to a container (not there, forbidden,
 * the network, a server that breaks its rules) is told to the watcher, and the
 * next container has its turn. One that belongs to the run (credential,
 * configuration, cancel, anything the sink says) ends it. Whatever happens
 * after begin, the sink hears the end.
 */
#include "connectors/engine.h"

#include "connectors/idset.h"

/* A container, and how far it came in this run. */
struct place {
    struct cs_container container;
    bool listed; /* completely */
    bool labels; /* the listing told them */
};

struct run {
    const struct cs_connector *connector;
    const struct cs_engine_options *options;
    struct cs_sink *sink;
    void *self;
    struct cs_arena *arena; /* the containers */
    struct place *places;
    size_t n_places, cap_places;

    size_t done, failed; /* containers */
    bool missing_only;   /* all failures so far: a configured name not there */
    struct cs_error first; /* of the failures, with its container named */
    bool mixed;            /* they are of different kinds */
    bool sink_failed;

    struct place *place;                  /* at work */
    const struct cs_container *container; /* the same, or NULL */
    struct cs_idset blog_posts;           /* wants of it, for messages */
    uint64_t listed;                      /* items of the container at work */
    uint64_t wanted, ended;               /* texts of it: handed out, settled */
    uint64_t done_texts, total_texts;     /* of all containers */
};

static bool belongs_to_container(enum cs_status status)
{
    switch (status) {
    case CS_ERR_NOT_FOUND:
    case CS_ERR_FORBIDDEN:
    case CS_ERR_NETWORK:
    case CS_ERR_PROTOCOL:
    case CS_ERR_PARSE:
    case CS_ERR_LIMIT: return true;
    default: return false;
    }
}

static void tell_progress(const struct run *run, enum cs_phase phase,
                          uint64_t done, uint64_t total)
{
    const struct cs_engine_watch *watch = &run->options->watch;
    if (!watch->progress)
        return;
    struct cs_progress progress = {
        .phase = phase,
        .source = run->options->source->name,
        .container = run->container ? run->container->key : NULL,
        .done = done,
        .total = total,
    };
    watch->progress(watch->payload, &progress);
}

static void tell_trouble(const struct run *run, const char *what,
                         const struct cs_error *why)
{
    const struct cs_engine_watch *watch = &run->options->watch;
    if (watch->trouble)
        watch->trouble(watch->payload, what, why);
}

static void container_failed(struct run *run, const char *key, bool missing,
                             const struct cs_error *why)
{
    char what[256];
    (void)snprintf(what, sizeof(what), "%s %s", run->connector->noun, key);
    if (run->failed == 0) {
        run->first = *why;
        cs_error_prefix(&run->first, "%s", what);
        run->missing_only = true;
    }
    run->mixed = run->mixed || why->status != run->first.status;
    run->missing_only = run->missing_only && missing;
    run->failed++;
    tell_trouble(run, what, why);
}

/* Remember a failure of the sink: it ends the run, whatever its status. */
static enum cs_status from_sink(struct run *run, enum cs_status status)
{
    run->sink_failed = run->sink_failed || status != CS_OK;
    return status;
}

/* ---- callbacks of the connector ---- */

static enum cs_status on_container(void *payload,
                                   const struct cs_container *container,
                                   struct cs_error *err)
{
    struct run *run = payload;
    struct cs_arena *arena = run->arena;
    if (run->n_places == run->cap_places) {
        size_t cap = run->cap_places ? run->cap_places * 2 : 16;
        struct place *more = cs_arena_array(arena, cap, sizeof(*more));
        if (!more)
            return cs_arena_status(arena, err);
        if (run->n_places)
            memcpy(more, run->places, run->n_places * sizeof(*more));
        run->places = more;
        run->cap_places = cap;
    }
    run->places[run->n_places++].container = (struct cs_container){
        .id = cs_arena_strdup(arena, container->id),
        .key = cs_arena_strdup(arena, container->key),
        .name = cs_arena_strdup(arena, container->name),
        .home_id = cs_arena_strdup(arena, container->home_id),
        .url = cs_arena_strdup(arena, container->url),
    };
    return cs_arena_status(arena, err);
}

static void on_missing(void *payload, const char *key,
                       const struct cs_error *why)
{
    container_failed(payload, key, true, why);
}

static enum cs_status on_item(void *payload, const struct cs_item *item,
                              struct cs_error *err)
{
    struct run *run = payload;
    enum cs_status status =
        from_sink(run, run->sink->ops->list_add(run->sink, item, err));
    if (!status && item->kind != CS_ITEM_FOLDER)
        tell_progress(run, CS_PHASE_LIST, ++run->listed, 0);
    return status;
}

static enum cs_status on_label(void *payload, const char *item_id,
                               const char *label, struct cs_error *err)
{
    struct run *run = payload;
    return from_sink(
        run, run->sink->ops->list_label(run->sink, item_id, label, err));
}

static enum cs_status on_next(void *payload, struct cs_arena *arena, size_t max,
                              struct cs_want *ret_wants, size_t *ret_n,
                              struct cs_error *err)
{
    struct run *run = payload;
    size_t n = 0;
    enum cs_status status = from_sink(
        run, run->sink->ops->wanted(run->sink, arena, max, ret_wants, &n, err));
    for (size_t i = 0; i < n && !status; i++) {
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
    struct run *run = payload;
    return from_sink(run, run->sink->ops->put_person(run->sink, person, err));
}

/* A want has come to its end, well or not. */
static enum cs_status settled(struct run *run, enum cs_status status)
{
    if (status)
        return status;
    run->ended++;
    tell_progress(run, CS_PHASE_FETCH, ++run->done_texts, run->total_texts);
    return CS_OK;
}

static enum cs_status on_document(void *payload, const struct cs_document *doc,
                                  struct cs_error *err)
{
    struct run *run = payload;
    enum cs_status status =
        from_sink(run, run->sink->ops->put(run->sink, doc, err));
    return settled(run, status);
}

static enum cs_status on_failed(void *payload, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err)
{
    struct run *run = payload;
    char what[128];
    bool blog = cs_idset_has(&run->blog_posts, id);
    (void)snprintf(what, sizeof(what), "%s %s", blog ? "blog post" : "page",
                   id);
    tell_trouble(run, what, why);
    enum cs_status status =
        from_sink(run, run->sink->ops->fail(run->sink, id, why, err));
    return settled(run, status);
}

/* ---- one container ---- */

static enum cs_status list_container(struct run *run, struct cs_error *err)
{
    const struct cs_list_out out = {
        .item = on_item, .label = on_label, .payload = run};
    const struct cs_engine_watch *watch = &run->options->watch;
    struct cs_list_summary summary = {0};
    run->listed = 0;
    tell_progress(run, CS_PHASE_LIST, 0, 0);
    enum cs_status status =
        from_sink(run, run->sink->ops->list_begin(run->sink, run->container,
                                                  CS_LIST_COMPLETE, err));
    if (!status)
        status = run->connector->list(run->self, run->container, &out,
                                      &run->place->labels, err);
    if (!status)
        status =
            from_sink(run, run->sink->ops->list_end(
                               run->sink, run->place->labels, &summary, err));
    if (status)
        return status;
    run->place->listed = true;
    run->total_texts += summary.wanted;
    if (watch->listed)
        watch->listed(watch->payload, run->container, &summary);
    return CS_OK;
}

static enum cs_status fetch_texts(struct run *run, struct cs_error *err)
{
    const struct cs_fetch_io io = {.next = on_next,
                                   .person = on_person,
                                   .document = on_document,
                                   .failed = on_failed,
                                   .payload = run};
    run->wanted = run->ended = 0;
    tell_progress(run, CS_PHASE_FETCH, run->done_texts, run->total_texts);
    enum cs_status status = from_sink(
        run, run->sink->ops->fetch_begin(run->sink, run->container, err));
    if (!status)
        status = run->connector->fetch(run->self, run->container, &io, err);
    if (!status && run->wanted != run->ended)
        return cs_error_set(err, CS_ERR_INTERNAL,
                            "the connector %s lost %llu of %llu documents",
                            run->connector->type,
                            (unsigned long long)(run->wanted - run->ended),
                            (unsigned long long)run->wanted);
    return status;
}

/* What a failing fetch has already put is worth keeping: commit in any case,
 * unless it was the sink that failed. */
static enum cs_status fetch_container(struct run *run, struct cs_error *err)
{
    if (!run->place->listed)
        return CS_OK;
    enum cs_status status = fetch_texts(run, err);
    cs_idset_clear(&run->blog_posts);
    if (run->sink_failed)
        return status;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status committed =
        from_sink(run, run->sink->ops->commit(run->sink, &why));
    if (committed && !status && err)
        *err = why;
    if (!status && !committed)
        run->done++;
    return status ? status : committed;
}

static bool cancelled(const struct run *run)
{
    const volatile sig_atomic_t *cancel = run->options->env->cancel;
    return cancel && *cancel;
}

/* Do one step for each container. A failure that is the container's own is
 * told, and the others go on. */
static enum cs_status each_container(struct run *run,
                                     enum cs_status (*step)(struct run *run,
                                                            struct cs_error *),
                                     struct cs_error *err)
{
    for (size_t i = 0; i < run->n_places; i++) {
        struct cs_error why = CS_ERROR_INIT;
        if (cancelled(run))
            return cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
        run->place = &run->places[i];
        run->container = &run->place->container;
        enum cs_status status = step(run, &why);
        if (status && (run->sink_failed || !belongs_to_container(status))) {
            if (err)
                *err = why;
            if (status != CS_ERR_CANCELLED && status != CS_ERR_AUTH)
                cs_error_prefix(err, "%s %s", run->connector->noun,
                                run->container->key);
            return status;
        }
        if (status)
            container_failed(run, run->container->key, false, &why);
    }
    run->place = NULL;
    run->container = NULL;
    return CS_OK;
}

/* ---- the run ---- */

/* All containers failed alike: then that is what happened to the run. A name
 * that is not there is a matter of the configuration. */
static enum cs_status all_failed(const struct run *run, struct cs_error *err)
{
    enum cs_status status =
        run->missing_only ? CS_ERR_CONFIG : run->first.status;
    cs_error_set(err, status, "%s", run->first.message);
    if (run->first.hint[0])
        cs_error_hint(err, "%s", run->first.hint);
    if (run->failed > 1)
        cs_error_prefix(err, "all %zu %ss failed, the first with", run->failed,
                        run->connector->noun);
    return status;
}

static enum cs_status judge(const struct run *run, struct cs_error *err)
{
    const char *noun = run->connector->noun;
    if (run->failed > 0 && run->done == 0 && !run->mixed)
        return all_failed(run, err);
    if (run->failed > 0)
        return cs_error_set(err, CS_ERR_PARTIAL,
                            "%zu of %zu %ss could not be synced", run->failed,
                            run->failed + run->done, noun);
    if (run->done == 0) {
        cs_error_set(err, CS_ERR_CONFIG, "the site shows no %s to this account",
                     noun);
        cs_error_hint(err, "check the account's permissions");
        return CS_ERR_CONFIG;
    }
    return CS_OK;
}

static enum cs_status work(struct run *run, struct cs_error *err)
{
    struct cs_identity identity;
    enum cs_status status = run->connector->check(run->self, &identity, err);
    if (!status)
        status =
            run->connector->containers(run->self, run->options->only_container,
                                       on_container, run, on_missing, err);
    if (!status)
        status = each_container(run, list_container, err);
    if (!status)
        status = each_container(run, fetch_container, err);
    return status ? status : judge(run, err);
}

static enum cs_status begin(struct run *run, struct cs_error *err)
{
    const struct cs_source_config *config = run->options->source;
    struct cs_source_info info = {
        .name = config->name,
        .type = config->type,
        .base_url = run->connector->site ? run->connector->site(run->self)
                                         : config->base_url,
        .folder = config->output_dir,
    };
    const struct cs_run_options wishes = {
        .aspects = run->connector->aspects,
        .attachments = config->attachments,
        .attachment_max_size = config->attachment_max_size,
        .keep_deleted_ms = config->keep_deleted_ms,
        .brake_percent = config->deletion_brake_percent,
        .brake_count = config->deletion_brake_count,
    };
    return run->sink->ops->begin(run->sink, &info, &wishes, err);
}

/* The sink hears the outcome; its own failure counts only when there was none
 * before. Documents that failed for the first time make a good run partial. */
static enum cs_status end(struct run *run, enum cs_status outcome,
                          struct cs_run_summary *ret_summary,
                          struct cs_error *err)
{
    bool good = outcome == CS_OK || outcome == CS_ERR_PARTIAL;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status =
        run->sink->ops->end(run->sink, outcome, ret_summary, &why);
    tell_progress(run, CS_PHASE_DONE, 0, 0);
    if (good && status) {
        if (err)
            *err = why;
        return status;
    }
    if (outcome == CS_OK && ret_summary->failed_new > 0)
        return cs_error_set(err, CS_ERR_PARTIAL,
                            "%llu documents could not be fetched",
                            (unsigned long long)ret_summary->failed_new);
    return outcome;
}

enum cs_status cs_engine_run(const struct cs_connector *connector,
                             const struct cs_engine_options *options,
                             struct cs_sink *sink,
                             struct cs_run_summary *ret_summary,
                             struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct run run = {.connector = connector,
                      .options = options,
                      .sink = sink,
                      .arena = arena};
    *ret_summary = (struct cs_run_summary){0};
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        connector->open(options->source, options->env, &run.self, err);
    if (status)
        return status;
    status = begin(&run, err);
    if (!status)
        status = end(&run, work(&run, err), ret_summary, err);
    connector->close(run.self);
    return status;
}
