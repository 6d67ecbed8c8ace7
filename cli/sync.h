/*
 * sync.h - what the files of `cs sync` share.
 *
 *   cmd_sync.c     the command: which sources, one after the other
 *   sync_watch.c   what a run tells while it goes on
 *   sync_report.c  what became of it: outcome, summary, JSON
 */
#ifndef CS_CLI_SYNC_H
#define CS_CLI_SYNC_H

#include "cli/printer.h"
#include "connectors/engine.h"
#include "index/store/store.h"

/* So many troubles, and steps of a dry run, of a source are shown; all of them
 * are in the log file. */
#define CS_SYNC_TROUBLES 20
#define CS_SYNC_PLANNED  10000

struct cs_sync_args {
    bool json, full, dry_run, allow_deletions, scheduled;
    const char *space;
};

/* One source in this run, and what became of it. */
struct cs_sync_source {
    struct cs_app *app;
    const struct cs_sync_args *args;
    struct cs_printer *printer;
    cJSON *troubles, *planned;
    struct cs_strbuf plan; /* the same as text */
    const struct cs_source_config *config;
    const struct cs_connector *connector;
    bool started;
    enum cs_status status;
    struct cs_error error;
    struct cs_run_summary summary;
    uint64_t n_troubles, n_planned, n_absent, kept;
    uint64_t complete, changes; /* containers listed, in these ways */
    uint64_t excluded;          /* documents seen, and not wanted */
    int64_t paused_until;       /* what was said of pauses */
    int64_t on_disk; /* documents with their file; -1: nobody looked */
    int64_t elapsed_ms;
};

struct cs_sync {
    struct cs_app *app;
    const struct cs_sync_args *args;
    struct cs_store *store;
    struct cs_printer printer;
    struct cs_sync_source *sources;
    size_t n;
};

/* sync_watch.c: the callbacks of a run; `source` is their payload. */
struct cs_engine_watch cs_sync_watch(struct cs_sync_source *source);
void cs_sync_paused(void *payload, const struct cs_http_pause *pause);

/* sync_report.c: one source: its own outcome. Several: partial when any landed,
 * else the first of the failures in the order of their weight. */
enum cs_status cs_sync_judge(const struct cs_sync *sync, struct cs_error *err);
/* sync_report.c: the lines of the log file about the end of a run. */
void cs_sync_log_end(const struct cs_sync_source *source);
/* sync_report.c: print what became of all sources. */
enum cs_status cs_sync_print(struct cs_sync *sync, enum cs_status outcome,
                             struct cs_error *err);

#endif
