/*
 * engine_rig.h - a run of the engine over a toy connector and a sink in
 * memory, and what its watcher heard.
 */
#ifndef CS_TESTS_CONNECTORS_ENGINE_RIG_H
#define CS_TESTS_CONNECTORS_ENGINE_RIG_H

#include "tests/lib/test.h"

#include "connectors/engine.h"
#include "tests/lib/fake_clock.h"
#include "tests/lib/memory_sink.h"
#include "tests/lib/toy_connector.h"

/* What the watcher heard. */
struct heard {
    unsigned progress, troubles, listed, absent;
    uint64_t excluded;
    enum cs_list_scope scope;
    char title[64], planned[1024];
    char what[128];
    char message[CS_ERROR_MESSAGE_MAX];
    enum cs_phase phase;
    uint64_t done, total;
};

static inline void on_progress(void *payload,
                               const struct cs_progress *progress)
{
    struct heard *heard = payload;
    heard->progress++;
    heard->phase = progress->phase;
    if (progress->phase == CS_PHASE_FETCH) {
        heard->done = progress->done;
        heard->total = progress->total;
        if (progress->title)
            (void)snprintf(heard->title, sizeof(heard->title), "%s",
                           progress->title);
    }
}

static inline void on_trouble(void *payload, const char *what,
                              const struct cs_error *why)
{
    struct heard *heard = payload;
    heard->troubles++;
    (void)snprintf(heard->what, sizeof(heard->what), "%s", what);
    (void)snprintf(heard->message, sizeof(heard->message), "%s", why->message);
}

static inline void on_listed(void *payload,
                             const struct cs_container *container,
                             enum cs_list_scope scope,
                             const struct cs_list_summary *summary)
{
    struct heard *heard = payload;
    (void)container;
    heard->excluded += summary->excluded;
    heard->scope = scope;
    heard->listed++;
}

static inline void on_absent(void *payload,
                             const struct cs_container *container,
                             enum cs_absence absence)
{
    (void)container, (void)absence;
    ((struct heard *)payload)->absent++;
}

static inline void on_planned(void *payload, const struct cs_planned_step *step)
{
    struct heard *heard = payload;
    size_t len = strlen(heard->planned);
    (void)snprintf(heard->planned + len, sizeof(heard->planned) - len,
                   "%s %s %s: %s; ", step->action, step->id,
                   step->path ? step->path : "",
                   step->detail ? step->detail : "");
}

/* A test changes what it wants between open_rig() and run(). */
struct rig {
    struct memory_sink memory;
    struct heard heard;
    struct cs_run_summary summary;
    struct cs_error err;
    struct fake_clock clock;
    volatile sig_atomic_t cancel;
    const char *only;
    struct cs_source_config source;
    struct cs_connector connector;
    struct cs_engine_options options; /* the flags */
};

static inline enum cs_status run(struct rig *rig, const struct toy_site *toys)
{
    struct cs_engine_options options = rig->options;
    const struct cs_connector_env env = {.clock = &rig->clock.clock,
                                         .cancel = &rig->cancel};
    rig->source.cloud_id = toy_source(toys).cloud_id;
    options.source = &rig->source;
    options.only_container = rig->only;
    options.env = &env;
    options.watch = (struct cs_engine_watch){.progress = on_progress,
                                             .trouble = on_trouble,
                                             .listed = on_listed,
                                             .absent = on_absent,
                                             .planned = on_planned,
                                             .payload = &rig->heard};
    rig->heard = (struct heard){0};
    cs_error_clear(&rig->err);
    return cs_engine_run(&rig->connector, &options, &rig->memory.sink,
                         &rig->summary, &rig->err);
}

static inline void open_rig(struct rig *rig)
{
    *rig = (struct rig){.source = toy_source(NULL), .connector = toy_connector};
    memory_sink_init(&rig->memory);
    fake_clock_init(&rig->clock);
}

#endif
