/*
 * engine_look.c - what may have changed or gone without a listing saying so.
 *
 * The connector's feeds tell cheaply what happened to comments, attachments
 * and the trash since the last run. What no feed tells is found by looking
 * again, at a few documents in each run. What may be gone is asked for by its
 * id, and only the answer counts.
 */
#include "connectors/engine_parts.h"

#include <stdlib.h>

#define PROBES_AT_ONCE 50
#define NAMES_AT_ONCE  250
#define WEEK_MS        (INT64_C(7) * 24 * 3600 * 1000)

static unsigned extras_of(const struct cs_engine *run)
{
    return run->aspects & ~(unsigned)CS_ASPECT_TEXT;
}

/* ---- hints ---- */

struct hinting {
    struct cs_engine *run;
    bool from_start; /* a container whose hints were never told */
};

static enum cs_status on_hint(void *payload, const char *item_id,
                              unsigned aspects, struct cs_error *err)
{
    struct cs_engine *run = ((struct hinting *)payload)->run;
    aspects &= extras_of(run);
    if (!aspects)
        return CS_OK;
    return cs_engine_from_sink(
        run, run->sink->ops->hint(run->sink, item_id, aspects, err));
}

/* A run over one container removes nothing elsewhere: that is left to the
 * next, for which the cursors stay where they are. */
static enum cs_status on_suspect(void *payload, const char *item_id,
                                 struct cs_error *err)
{
    struct cs_engine *run = ((struct hinting *)payload)->run;
    if (run->options->only_container)
        return CS_OK;
    return cs_engine_from_sink(
        run, run->sink->ops->suspect(run->sink, item_id, err));
}

static enum cs_status on_cursor(void *payload, const char *name,
                                struct cs_arena *arena, const char **ret_text,
                                struct cs_error *err)
{
    const struct hinting *hinting = payload;
    struct cs_engine *run = hinting->run;
    if (hinting->from_start) {
        *ret_text = NULL;
        return CS_OK;
    }
    return cs_engine_from_sink(
        run, run->sink->ops->cursor(run->sink, name, arena, ret_text, err));
}

static enum cs_status on_set_cursor(void *payload, const char *name,
                                    const char *text, struct cs_error *err)
{
    struct cs_engine *run = ((struct hinting *)payload)->run;
    if (run->options->only_container)
        return CS_OK;
    return cs_engine_from_sink(
        run, run->sink->ops->set_cursor(run->sink, name, text, err));
}

/* Of which aspects a container's hints were told from the start is kept under
 * this name: a container that came later, or an aspect that the user wants
 * only now, needs them all. */
static void mark_name(const struct cs_container *container, char buf[128])
{
    (void)snprintf(buf, 128, "engine.hinted.%.100s", container->id);
}

static enum cs_status never_hinted(struct cs_engine *run, bool *ret,
                                   struct cs_error *err)
{
    enum cs_status status = CS_OK;
    *ret = false;
    for (size_t i = 0; i < run->n_places && !status && !*ret; i++) {
        const char *text = NULL;
        char name[128];
        if (!run->places[i].listed)
            continue;
        mark_name(&run->places[i].container, name);
        status = cs_engine_from_sink(
            run,
            run->sink->ops->cursor(run->sink, name, run->arena, &text, err));
        unsigned told = !status && text ? (unsigned)strtoul(text, NULL, 10) : 0;
        *ret = !status && (extras_of(run) & ~told) != 0;
    }
    return status;
}

static enum cs_status mark_hinted(struct cs_engine *run, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < run->n_places && !status; i++) {
        char name[128], text[16];
        if (!run->places[i].listed)
            continue;
        mark_name(&run->places[i].container, name);
        (void)snprintf(text, sizeof(text), "%u", extras_of(run));
        status = cs_engine_from_sink(
            run, run->sink->ops->set_cursor(run->sink, name, text, err));
    }
    return status;
}

static enum cs_status ask_hints(struct hinting *hinting, struct cs_error *err)
{
    struct cs_engine *run = hinting->run;
    struct cs_hint_io io = {
        .hint = on_hint,
        .suspect = on_suspect,
        .cursor = on_cursor,
        .set_cursor = on_set_cursor,
        .payload = hinting,
        .aspects = extras_of(run),
    };
    struct cs_container *found =
        cs_arena_array(run->arena, run->n_places, sizeof(*found));
    size_t n = 0;
    if (!found)
        return cs_arena_status(run->arena, err);
    for (size_t i = 0; i < run->n_places; i++) {
        if (!run->places[i].listed)
            continue;
        found[n++] = run->places[i].container;
        io.documents += run->places[i].held;
    }
    return n ? run->connector->hints(run->self, found, n, &io, err) : CS_OK;
}

/* A connector without feeds: once, everything is looked at. */
static enum cs_status hint_all(struct cs_engine *run, struct cs_error *err)
{
    return cs_engine_from_sink(
        run, run->sink->ops->hint(run->sink, NULL, extras_of(run), err));
}

static enum cs_status hints(struct cs_engine *run, struct cs_error *err)
{
    struct hinting hinting = {.run = run};
    enum cs_status status = never_hinted(run, &hinting.from_start, err);
    if (status)
        return status;
    if (run->connector->hints)
        status = ask_hints(&hinting, err);
    else if (hinting.from_start)
        status = hint_all(run, err);
    return status ? status : mark_hinted(run, err);
}

/* ---- the sweep ---- */

/* Each aspect costs about a request. */
static enum cs_status sweep(struct cs_engine *run, struct cs_error *err)
{
    unsigned aspects = 0;
    for (unsigned rest = extras_of(run); rest; rest &= rest - 1)
        aspects++;
    size_t max = run->options->source->sweep_requests;
    if (aspects == 0 || max == 0 || run->options->only_container)
        return CS_OK;
    int64_t now = cs_clock_now(run->options->env->clock);
    max = max > aspects ? max / aspects : 1;
    return cs_engine_from_sink(
        run, run->sink->ops->sweep(run->sink, max, now - WEEK_MS, err));
}

/* ---- names ---- */

static enum cs_status on_person(void *payload, const struct cs_person *person,
                                struct cs_error *err)
{
    struct cs_engine *run = payload;
    return cs_engine_from_sink(
        run, run->sink->ops->put_person(run->sink, person, err));
}

static enum cs_status name_some(struct cs_engine *run, struct cs_arena *arena,
                                const char **after, bool *ret_more,
                                struct cs_error *err)
{
    const char *ids[NAMES_AT_ONCE];
    size_t n = 0;
    enum cs_status status = cs_engine_check_cancel(run, err);
    if (!status)
        status = cs_engine_from_sink(
            run, run->sink->ops->people(run->sink, *after, arena, NAMES_AT_ONCE,
                                        ids, &n, err));
    if (!status && n > 0)
        status = run->connector->names(run->self, ids, n, on_person, run, err);
    if (n > 0)
        *after = ids[n - 1];
    *ret_more = n == NAMES_AT_ONCE;
    return status;
}

static bool names_are_due(const struct cs_engine *run, const char *last)
{
    int64_t now = cs_clock_now(run->options->env->clock);
    if (run->options->full || !last)
        return true;
    int64_t then = strtoll(last, NULL, 10);
    return then > now || now - then >= WEEK_MS;
}

/* No listing tells that somebody is called otherwise now, or has left: all are
 * asked for once a week. */
static enum cs_status refresh_names(struct cs_engine *run, struct cs_error *err)
{
    static const char mark[] = "engine.named";
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *last = NULL, *after = NULL;
    char text[24];
    if (!arena)
        return cs_error_no_memory(err);
    if (!run->connector->names || run->options->only_container)
        return CS_OK;
    enum cs_status status = cs_engine_from_sink(
        run, run->sink->ops->cursor(run->sink, mark, arena, &last, err));
    if (status || !names_are_due(run, last))
        return status;
    for (bool more = true; more && !status;)
        status = name_some(run, arena, &after, &more, err);
    (void)snprintf(text, sizeof(text), "%lld",
                   (long long)cs_clock_now(run->options->env->clock));
    return status ? status
                  : cs_engine_from_sink(run, run->sink->ops->set_cursor(
                                                 run->sink, mark, text, err));
}

/* The trouble of one pass is told, and the next begins. */
static enum cs_status go_on(struct cs_engine *run, const char *what,
                            enum cs_status status, const struct cs_error *why,
                            struct cs_error *err)
{
    if (!status)
        return CS_OK;
    if (!cs_engine_may_go_on(run, status))
        return cs_error_pass(err, status, why);
    run->look_failed = true;
    cs_engine_trouble(run, what, why);
    return CS_OK;
}

enum cs_status cs_engine_look(struct cs_engine *run, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    cs_engine_tell(run, CS_PHASE_LOOK, NULL, 0, 0);
    enum cs_status status =
        go_on(run, "the lists of recent changes", hints(run, &why), &why, err);
    if (!status)
        status = sweep(run, err);
    if (!status) {
        cs_error_clear(&why);
        status = go_on(run, "the names of people", refresh_names(run, &why),
                       &why, err);
    }
    return status ? status
                  : cs_engine_from_sink(run,
                                        run->sink->ops->commit(run->sink, err));
}

/* ---- what may be gone ---- */

static enum cs_status on_verdict(void *payload, const char *item_id,
                                 const struct cs_verdict *verdict,
                                 struct cs_error *err)
{
    struct cs_engine *run = payload;
    struct cs_verdict said = *verdict;
    bool excluded = false;
    cs_engine_tell(run, CS_PHASE_PROBE, NULL, ++run->ended, 0);
    enum cs_status status =
        cs_engine_exclude_verdict(run, verdict, &excluded, err);
    if (excluded)
        said.presence = CS_PRESENCE_EXCLUDED;
    return status
               ? status
               : cs_engine_from_sink(run, run->sink->ops->verdict(
                                              run->sink, item_id, &said, err));
}

static enum cs_status probe_some(struct cs_engine *run, bool *ret_more,
                                 struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_want wants[PROBES_AT_ONCE];
    size_t n = 0;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = cs_engine_check_cancel(run, err);
    if (!status)
        status = cs_engine_from_sink(
            run, run->sink->ops->doubtful(run->sink, arena, PROBES_AT_ONCE,
                                          wants, &n, err));
    if (!status && n > 0)
        status =
            run->connector->probe(run->self, wants, n, on_verdict, run, err);
    *ret_more = n == PROBES_AT_ONCE && !cs_engine_over(run);
    return status;
}

static enum cs_status probe(struct cs_engine *run, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    run->ended = 0;
    for (bool more = true; more && !status;)
        status = probe_some(run, &more, err);
    return status;
}

/* Numbers of a second removal in a run are added to those of the first. */
static enum cs_status remove_condemned(struct cs_engine *run,
                                       struct cs_error *err)
{
    const struct cs_engine_watch *watch = &run->options->watch;
    struct cs_removal_summary now = {0};
    enum cs_status status =
        cs_engine_from_sink(run, run->sink->ops->remove(run->sink, &now, err));
    run->removal.removed += now.removed;
    run->removal.braked += now.braked;
    run->removal.kept = now.kept;
    if (!status && watch->removed)
        watch->removed(watch->payload, &run->removal);
    return status;
}

enum cs_status cs_engine_remove_late(struct cs_engine *run,
                                     struct cs_error *err)
{
    return run->excluded_late ? remove_condemned(run, err) : CS_OK;
}

enum cs_status cs_engine_remove(struct cs_engine *run, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status =
        go_on(run, "what may have been deleted", probe(run, &why), &why, err);
    return status ? status : remove_condemned(run, err);
}
