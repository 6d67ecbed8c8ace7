/*
 * engine_list.c - which containers there are, and what is in each.
 *
 * A container is listed completely when it never was, when the user says so,
 * when the last time is too long ago, or when that is cheap; else the connector
 * tells what changed. A container that is held and was not found keeps its
 * documents: it is only marked.
 */
#include "connectors/engine_parts.h"

#include "src/text.h"

/* `reconcile_interval = auto`: complete in every run that can do so with this
 * many requests, else once a day. */
#define CHEAP_REQUESTS 40
#define HOUR_MS        (INT64_C(3600) * 1000)
#define DAY_MS         (24 * HOUR_MS)

static bool copy_container(struct cs_engine *run,
                           const struct cs_container *container,
                           struct cs_container *ret)
{
    struct cs_arena *arena = run->arena;
    *ret = (struct cs_container){
        .id = cs_arena_strdup(arena, container->id),
        .key = cs_arena_strdup(arena, container->key),
        .name = cs_arena_strdup(arena, container->name),
        .home_id = cs_arena_strdup(arena, container->home_id),
        .url = cs_arena_strdup(arena, container->url),
    };
    return cs_arena_status(arena, NULL) == CS_OK;
}

static enum cs_status on_container(void *payload,
                                   const struct cs_container *container,
                                   struct cs_error *err)
{
    struct cs_engine *run = payload;
    struct cs_arena *arena = run->arena;
    struct cs_engine_place *places = cs_arena_grow(
        arena, run->places, run->n_places, &run->cap_places, sizeof(*places));
    if (!places)
        return cs_arena_status(arena, err);
    run->places = places;
    struct cs_engine_place *place = &run->places[run->n_places];
    if (!copy_container(run, container, &place->container))
        return cs_arena_status(arena, err);
    run->n_places++;
    return cs_engine_from_sink(run, run->sink->ops->state(run->sink,
                                                          place->container.id,
                                                          &place->state, err));
}

static void on_missing(void *payload, const char *key,
                       const struct cs_error *why)
{
    cs_engine_container_failed(payload, key, true, why);
}

static enum cs_status on_item(void *payload, const struct cs_item *item,
                              struct cs_error *err)
{
    struct cs_engine *run = payload;
    enum cs_status status = cs_engine_exclude_item(run, item, err);
    if (!status && item->kind != CS_ITEM_FOLDER)
        cs_engine_tell(run, CS_PHASE_LIST, item->title, ++run->listed, 0);
    return status;
}

static enum cs_status on_label(void *payload, const char *item_id,
                               const char *label, struct cs_error *err)
{
    return cs_engine_exclude_label(payload, item_id, label, err);
}

/* Requests that complete listings of all containers would take. */
static uint64_t listing_cost(const struct cs_engine *run)
{
    uint64_t rows = run->connector->list_rows, cost = 0;
    for (size_t i = 0; i < run->n_places; i++)
        cost += run->places[i].state.count / (rows ? rows : 1) + 1;
    return cost;
}

static bool complete_is_due(const struct cs_engine *run)
{
    const struct cs_container_state *state = &run->place->state;
    int64_t interval = run->options->source->reconcile_interval_ms;
    if (!run->connector->changes || run->options->full || state->listed == 0)
        return true;
    if (interval == 0 && listing_cost(run) <= CHEAP_REQUESTS)
        return true;
    if (interval == 0)
        interval = DAY_MS;
    int64_t age = cs_clock_now(run->options->env->clock) - state->listed;
    return age < 0 || age >= interval;
}

/* The site's own times are compared with its own; where it has told none, ours
 * may be wrong by hours. */
static int64_t changes_since(const struct cs_container_state *state)
{
    return state->newest ? state->newest - HOUR_MS : state->listed - DAY_MS;
}

static enum cs_status ask(struct cs_engine *run, enum cs_list_scope scope,
                          struct cs_error *err)
{
    const struct cs_list_out out = {
        .item = on_item,
        .label = on_label,
        .payload = run,
        .labels = run->options->full || run->place->state.listed == 0,
    };
    if (scope == CS_LIST_COMPLETE)
        return run->connector->list(run->self, run->container, &out,
                                    &run->place->labels, err);
    return run->connector->changes(run->self, run->container,
                                   changes_since(&run->place->state), &out,
                                   err);
}

static enum cs_status list_container(struct cs_engine *run,
                                     struct cs_error *err)
{
    const struct cs_engine_watch *watch = &run->options->watch;
    const struct cs_sink_ops *ops = run->sink->ops;
    enum cs_list_scope scope =
        complete_is_due(run) ? CS_LIST_COMPLETE : CS_LIST_CHANGES;
    struct cs_list_summary summary = {0};
    run->listed = 0;
    run->scope = scope;
    cs_engine_tell(run, CS_PHASE_LIST, NULL, 0, 0);
    enum cs_status status = cs_engine_from_sink(
        run, ops->list_begin(run->sink, run->container, scope, err));
    if (!status)
        status = cs_engine_exclude_begin(run, err);
    if (!status)
        status = ask(run, scope, err);
    if (!status)
        status = cs_engine_exclude_end(run, err);
    if (!status)
        status = cs_engine_from_sink(
            run, ops->list_end(run->sink, run->place->labels, &summary, err));
    if (status)
        return status;
    run->place->listed = true;
    run->place->held = scope == CS_LIST_COMPLETE
                           ? summary.listed
                           : run->place->state.count + summary.added;
    run->total_texts += summary.wanted;
    summary.excluded = run->n_excluded;
    if (watch->listed)
        watch->listed(watch->payload, run->container, scope, &summary);
    return CS_OK;
}

/* ---- containers that are held, but were not found ---- */

struct absentees {
    struct cs_engine *run;
    struct cs_container *held;
    size_t n, cap;
};

static bool was_found(const struct cs_engine *run, const char *id)
{
    for (size_t i = 0; i < run->n_places; i++) {
        if (strcmp(run->places[i].container.id, id) == 0)
            return true;
    }
    return false;
}

static enum cs_status on_held(void *payload,
                              const struct cs_container *container,
                              struct cs_error *err)
{
    struct absentees *absentees = payload;
    struct cs_arena *arena = absentees->run->arena;
    if (was_found(absentees->run, container->id))
        return CS_OK;
    struct cs_container *held = cs_arena_grow(
        arena, absentees->held, absentees->n, &absentees->cap, sizeof(*held));
    if (!held)
        return cs_arena_status(arena, err);
    absentees->held = held;
    if (!copy_container(absentees->run, container,
                        &absentees->held[absentees->n]))
        return cs_arena_status(arena, err);
    absentees->n++;
    return CS_OK;
}

static bool is_configured(const struct cs_source_config *config,
                          const char *key)
{
    for (size_t i = 0; i < config->n_spaces; i++) {
        if (cs_ascii_casecmp(config->spaces[i], key) == 0)
            return true;
    }
    return config->n_spaces == 0;
}

static enum cs_status mark_absent(struct cs_engine *run,
                                  const struct cs_container *container,
                                  struct cs_error *err)
{
    const struct cs_engine_watch *watch = &run->options->watch;
    bool configured = is_configured(run->options->source, container->key);
    enum cs_absence absence = configured ? CS_ABSENCE_GONE : CS_ABSENCE_LEFT;
    const char *why =
        configured ? "the site does not show it" : "no longer configured";
    enum cs_status status = cs_engine_from_sink(
        run,
        run->sink->ops->absent(run->sink, container->id, absence, why, err));
    if (!status && watch->absent)
        watch->absent(watch->payload, container, absence);
    return status;
}

static enum cs_status mark_absentees(struct cs_engine *run,
                                     struct cs_error *err)
{
    struct absentees absentees = {.run = run};
    if (run->options->only_container)
        return CS_OK;
    enum cs_status status = cs_engine_from_sink(
        run, run->sink->ops->containers(run->sink, on_held, &absentees, err));
    for (size_t i = 0; i < absentees.n && !status; i++)
        status = mark_absent(run, &absentees.held[i], err);
    return status;
}

enum cs_status cs_engine_list(struct cs_engine *run, struct cs_error *err)
{
    enum cs_status status =
        run->connector->containers(run->self, run->options->only_container,
                                   on_container, run, on_missing, err);
    if (!status)
        status = cs_engine_each(run, list_container, err);
    return status ? status : mark_absentees(run, err);
}
