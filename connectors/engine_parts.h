/*
 * engine_parts.h - what the files of the engine share: the state of a run.
 * Included by connectors/engine*.c only.
 *
 *   engine.c          the run from begin to end, and its outcome
 *   engine_step.c     what the passes share
 *   engine_list.c     containers, listings, containers that are not there
 *   engine_look.c     hints, the sweep, what may be gone
 *   engine_fetch.c    documents and attachments
 *   engine_exclude.c  documents that the user does not want
 *   engine_refusal.c  a credential that was refused
 */
#ifndef CS_CONNECTORS_ENGINE_PARTS_H
#define CS_CONNECTORS_ENGINE_PARTS_H

#include "connectors/engine.h"
#include "connectors/idset.h"

/* A container, and how far it came in this run. */
struct cs_engine_place {
    struct cs_container container;
    struct cs_container_state state; /* before the run */
    bool listed;                     /* to the end */
    bool labels;                     /* the listing told them */
    uint64_t held;                   /* documents, after the listing */
};

/* A title that was handed out, for the progress line; a later one with the
 * same slot takes its place. */
enum { CS_ENGINE_TITLES = 1024 };
struct cs_engine_title {
    uint64_t id; /* hash */
    int64_t version;
    char text[64];
};

struct cs_engine {
    const struct cs_connector *connector;
    const struct cs_engine_options *options;
    struct cs_sink *sink;
    void *self;
    struct cs_arena *arena; /* the containers */
    struct cs_engine_place *places;
    size_t n_places, cap_places;
    unsigned aspects; /* that the source can tell and the user wants */
    int64_t deadline; /* monotonic, 0: none */

    size_t done, failed; /* containers */
    bool missing_only;   /* all failures so far: a configured name not there */
    struct cs_error first; /* of the failures, with its container named */
    bool mixed;            /* they are of different kinds */
    bool sink_failed;
    bool stopped;     /* the budget of time is spent */
    bool look_failed; /* a pass over all containers that told its trouble */
    struct cs_removal_summary removal;

    struct cs_engine_place *place;        /* at work */
    const struct cs_container *container; /* the same, or NULL */
    struct cs_idset blog_posts;           /* wants of it, for messages */
    uint64_t listed;                      /* items of the container at work */
    uint64_t wanted, ended;               /* wants: handed out, settled */
    uint64_t done_texts, total_texts;     /* of all containers */
    struct cs_engine_title *titles;

    enum cs_list_scope scope;       /* of the listing at work */
    struct cs_idset excluded;       /* ids, in this run */
    uint64_t n_excluded;            /* by the listing at work */
    bool excluded_late;             /* some were known by their fetch only */
    struct cs_idset labelled;       /* ids with a label that excludes */
    struct cs_arena *waiting_arena; /* items until their labels are known */
    struct cs_engine_waiting *waiting, **last_waiting;
    struct cs_engine_label *labels, **last_label;
};

/* engine_step.c: what is told to the watcher. */
void cs_engine_tell(const struct cs_engine *run, enum cs_phase phase,
                    const char *title, uint64_t done, uint64_t total);
void cs_engine_trouble(const struct cs_engine *run, const char *what,
                       const struct cs_error *why);
void cs_engine_plan(const struct cs_engine *run, const char *action,
                    const char *id, const char *path, const char *detail);

/* engine_step.c: a container that is left out of this run from here on. */
void cs_engine_container_failed(struct cs_engine *run, const char *key,
                                bool missing, const struct cs_error *why);
/* engine_step.c: a failure that does not end the run: the site's or the
 * network's, not the credential's, the configuration's or the sink's. */
bool cs_engine_may_go_on(const struct cs_engine *run, enum cs_status status);
/* engine_step.c: remember a failure of the sink: it ends the run, whatever its
 * status. Returns `status`. */
enum cs_status cs_engine_from_sink(struct cs_engine *run,
                                   enum cs_status status);
/* engine_step.c: CS_ERR_CANCELLED when the user asked to stop. */
enum cs_status cs_engine_check_cancel(const struct cs_engine *run,
                                      struct cs_error *err);
/* engine_step.c: is the budget of time spent? It is remembered. */
bool cs_engine_over(struct cs_engine *run);
/* engine_step.c: do one step for each container. A failure that is the
 * container's own is told, and the others go on. */
enum cs_status cs_engine_each(struct cs_engine *run,
                              enum cs_status (*step)(struct cs_engine *run,
                                                     struct cs_error *err),
                              struct cs_error *err);

/* engine_step.c: tell the sink. */
enum cs_status cs_engine_pass_item(struct cs_engine *run,
                                   const struct cs_item *item,
                                   struct cs_error *err);
enum cs_status cs_engine_pass_label(struct cs_engine *run, const char *item_id,
                                    const char *label, struct cs_error *err);

/* engine_list.c: all containers found and listed; those that are held and were
 * not found, marked. */
enum cs_status cs_engine_list(struct cs_engine *run, struct cs_error *err);

/* engine_exclude.c: around a listing; items and labels go on from here. */
enum cs_status cs_engine_exclude_begin(struct cs_engine *run,
                                       struct cs_error *err);
enum cs_status cs_engine_exclude_item(struct cs_engine *run,
                                      const struct cs_item *item,
                                      struct cs_error *err);
enum cs_status cs_engine_exclude_label(struct cs_engine *run,
                                       const char *item_id, const char *label,
                                       struct cs_error *err);
enum cs_status cs_engine_exclude_end(struct cs_engine *run,
                                     struct cs_error *err);
/* engine_exclude.c: is what was found there excluded? */
enum cs_status cs_engine_exclude_verdict(struct cs_engine *run,
                                         const struct cs_verdict *said,
                                         bool *ret, struct cs_error *err);
/* engine_exclude.c: is this document, of which `version` was listed? Then the
 * sink has heard so. */
enum cs_status cs_engine_exclude_document(struct cs_engine *run,
                                          const struct cs_document *doc,
                                          int64_t version, bool *ret,
                                          struct cs_error *err);
void cs_engine_exclude_clear(struct cs_engine *run);

/* engine_look.c: what else may have changed, and what may be gone. */
enum cs_status cs_engine_look(struct cs_engine *run, struct cs_error *err);
enum cs_status cs_engine_remove(struct cs_engine *run, struct cs_error *err);
/* engine_look.c: those that were found to be excluded since. */
enum cs_status cs_engine_remove_late(struct cs_engine *run,
                                     struct cs_error *err);

/* engine_fetch.c: what is wanted. */
enum cs_status cs_engine_fetch(struct cs_engine *run, struct cs_error *err);
enum cs_status cs_engine_download(struct cs_engine *run, struct cs_error *err);

/* engine_refusal.c: CS_ERR_AUTH when the credential was refused by an earlier
 * run and is still the same. */
enum cs_status cs_engine_check_refusal(struct cs_engine *run,
                                       struct cs_error *err);
/* engine_refusal.c: it was refused, or it is good. */
enum cs_status cs_engine_note_refusal(struct cs_engine *run, bool refused,
                                      struct cs_error *err);

#endif
