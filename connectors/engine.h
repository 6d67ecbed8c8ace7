/*
 * engine.h - a run of one source: containers -> listing -> fetch -> sink.
 *
 * The engine knows no vendor and no database. It moves records from a
 * connector into a sink, keeps one container's failure from stopping the
 * others, and reports numbers to whoever draws them.
 */
#ifndef CS_CONNECTORS_ENGINE_H
#define CS_CONNECTORS_ENGINE_H

#include "connectors/connector.h"

enum cs_phase { CS_PHASE_LIST, CS_PHASE_FETCH, CS_PHASE_DONE };

/* Where a run is; `total` 0 means not known yet. */
struct cs_progress {
    enum cs_phase phase;
    const char *source, *container; /* names; container may be NULL */
    uint64_t done, total;
};

/* What the engine tells while it runs; every slot may be NULL. */
struct cs_engine_watch {
    void (*progress)(void *payload, const struct cs_progress *progress);
    /* A container or document that failed, and the run goes on. `what` names
     * it for people: "space ENG", "page 65601". */
    void (*trouble)(void *payload, const char *what,
                    const struct cs_error *why);
    void (*listed)(void *payload, const struct cs_container *container,
                   const struct cs_list_summary *summary);
    void *payload;
};

struct cs_engine_options {
    const struct cs_source_config *source;
    const char *only_container; /* --space KEY, or NULL */
    const struct cs_connector_env *env;
    struct cs_engine_watch watch;
};

/* Run the source once with `connector` into `sink`. CS_OK: all that was listed
 * is stored. CS_ERR_PARTIAL: what landed is consistent, and the watcher heard
 * what did not. Otherwise the failure that ended the run; even then the sink's
 * last commit holds. `ret_summary` is always filled. */
enum cs_status cs_engine_run(const struct cs_connector *connector,
                             const struct cs_engine_options *options,
                             struct cs_sink *sink,
                             struct cs_run_summary *ret_summary,
                             struct cs_error *err);

#endif
