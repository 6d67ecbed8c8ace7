/*
 * engine_step.c - what all passes share: whose a failure is, what the watcher
 * and the sink are told, when time is up, one step for each container.
 */
#include "connectors/engine_parts.h"

bool cs_engine_may_go_on(const struct cs_engine *run, enum cs_status status)
{
    if (run->sink_failed)
        return false;
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

enum cs_status cs_engine_from_sink(struct cs_engine *run, enum cs_status status)
{
    run->sink_failed = run->sink_failed || status != CS_OK;
    return status;
}

void cs_engine_tell(const struct cs_engine *run, enum cs_phase phase,
                    const char *title, uint64_t done, uint64_t total)
{
    const struct cs_engine_watch *watch = &run->options->watch;
    if (!watch->progress)
        return;
    struct cs_progress progress = {
        .phase = phase,
        .source = run->options->source->name,
        .container = run->container ? run->container->key : NULL,
        .title = title,
        .done = done,
        .total = total,
    };
    watch->progress(watch->payload, &progress);
}

void cs_engine_trouble(const struct cs_engine *run, const char *what,
                       const struct cs_error *why)
{
    const struct cs_engine_watch *watch = &run->options->watch;
    if (watch->trouble)
        watch->trouble(watch->payload, what, why);
}

void cs_engine_plan(const struct cs_engine *run, const char *action,
                    const char *id, const char *path, const char *detail)
{
    const struct cs_engine_watch *watch = &run->options->watch;
    const struct cs_planned_step step = {
        .action = action, .id = id, .path = path, .detail = detail};
    if (watch->planned)
        watch->planned(watch->payload, &step);
}

void cs_engine_container_failed(struct cs_engine *run, const char *key,
                                bool missing, const struct cs_error *why)
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
    cs_engine_trouble(run, what, why);
}

enum cs_status cs_engine_check_cancel(const struct cs_engine *run,
                                      struct cs_error *err)
{
    const volatile sig_atomic_t *cancel = run->options->env->cancel;
    if (cancel && *cancel)
        return cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
    return CS_OK;
}

bool cs_engine_over(struct cs_engine *run)
{
    if (run->deadline &&
        cs_clock_mono(run->options->env->clock) >= run->deadline)
        run->stopped = true;
    return run->stopped;
}

enum cs_status cs_engine_each(struct cs_engine *run,
                              enum cs_status (*step)(struct cs_engine *run,
                                                     struct cs_error *err),
                              struct cs_error *err)
{
    for (size_t i = 0; i < run->n_places; i++) {
        struct cs_error why = CS_ERROR_INIT;
        enum cs_status status = cs_engine_check_cancel(run, err);
        if (status)
            return status;
        if (cs_engine_over(run))
            break;
        run->place = &run->places[i];
        run->container = &run->place->container;
        status = step(run, &why);
        if (status && !cs_engine_may_go_on(run, status)) {
            if (err)
                *err = why;
            if (status != CS_ERR_CANCELLED && status != CS_ERR_AUTH)
                cs_error_prefix(err, "%s %s", run->connector->noun,
                                run->container->key);
            return status;
        }
        if (status)
            cs_engine_container_failed(run, run->container->key, false, &why);
    }
    run->place = NULL;
    run->container = NULL;
    return CS_OK;
}

/* ---- to the sink ---- */

enum cs_status cs_engine_pass_item(struct cs_engine *run,
                                   const struct cs_item *item,
                                   struct cs_error *err)
{
    unsigned extras = run->aspects & ~(unsigned)CS_ASPECT_TEXT;
    enum cs_status status = cs_engine_from_sink(
        run, run->sink->ops->list_add(run->sink, item, err));
    if (!status && run->options->full && extras &&
        item->kind <= CS_ITEM_BLOG_POST)
        status = cs_engine_from_sink(
            run, run->sink->ops->hint(run->sink, item->id, extras, err));
    return status;
}

enum cs_status cs_engine_pass_label(struct cs_engine *run, const char *item_id,
                                    const char *label, struct cs_error *err)
{
    return cs_engine_from_sink(
        run, run->sink->ops->list_label(run->sink, item_id, label, err));
}
