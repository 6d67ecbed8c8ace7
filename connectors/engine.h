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

enum cs_phase {
    CS_PHASE_LIST,     /* what is there: items */
    CS_PHASE_LOOK,     /* what may have changed besides; counts nothing */
    CS_PHASE_PROBE,    /* what may be gone: items asked for */
    CS_PHASE_FETCH,    /* documents */
    CS_PHASE_DOWNLOAD, /* attachments */
    CS_PHASE_DONE
};

/* Where a run is; `total` 0 means not known. */
struct cs_progress {
    enum cs_phase phase;
    const char *source, *container; /* names; container may be NULL */
    const char *title;              /* of what was done last; may be NULL */
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
                   enum cs_list_scope scope,
                   const struct cs_list_summary *summary);
    /* A container that is held, and not part of the run any more. */
    void (*absent)(void *payload, const struct cs_container *container,
                   enum cs_absence absence);
    void (*removed)(void *payload, const struct cs_removal_summary *summary);
    /* A step that a dry run does not take. */
    void (*planned)(void *payload, const struct cs_planned_step *step);
    void *payload;
};

struct cs_engine_options {
    const struct cs_source_config *source;
    const char *only_container; /* --space KEY, or NULL */
    bool full;            /* list all, look at every aspect of everything */
    bool dry_run;         /* tell what would be done; change nothing */
    bool allow_deletions; /* release the brake */
    bool scheduled;       /* nobody watches: keep to the budget of time, and
                           * send no credential that was refused before */
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
