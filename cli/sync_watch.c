/*
 * sync_watch.c - what a run tells while it goes on: to a terminal a line that
 * moves, to a pipe a plain one now and then, to the log file what matters.
 */
#include "cli/sync.h"

#include "cli/progress.h"

#include <inttypes.h>

static void on_progress(void *payload, const struct cs_progress *progress)
{
    static const char *const phases[] = {
        [CS_PHASE_LIST] = "listed",
        [CS_PHASE_LOOK] = "looking for changes",
        [CS_PHASE_PROBE] = "asked for what may be gone",
        [CS_PHASE_FETCH] = "fetched",
        [CS_PHASE_DOWNLOAD] = "attachments",
    };
    const struct cs_sync_source *source = payload;
    bool each = progress->phase == CS_PHASE_LIST && progress->container;
    char what[128];
    if (!source->app->bar || progress->phase == CS_PHASE_DONE)
        return;
    (void)snprintf(what, sizeof(what), "%s%s%s: %s", progress->source,
                   each ? " " : "", each ? progress->container : "",
                   phases[progress->phase]);
    cs_progress_bar_update(source->app->bar, what, progress->title,
                           progress->done, progress->total);
}

/* Many requests wait for the same pause: it is told once. */
void cs_sync_paused(void *payload, const struct cs_http_pause *pause)
{
    struct cs_sync_source *source = payload;
    int64_t now = cs_clock_mono(source->app->clock);
    long long seconds = (long long)((pause->wait_ms + 999) / 1000);
    char why[64] = "the connection broke", text[160];
    if (now + pause->wait_ms / 2 < source->paused_until)
        return;
    if (pause->http_status != 0)
        (void)snprintf(why, sizeof(why), "status %ld", pause->http_status);
    if (pause->asked)
        (void)snprintf(text, sizeof(text),
                       "waiting %lld s, the server asked for it (%s)", seconds,
                       why);
    else
        (void)snprintf(text, sizeof(text), "trying again in %lld s: %s",
                       seconds, why);
    source->paused_until = now + pause->wait_ms;
    cs_log_write(source->app->log, CS_LOG_DEBUG, "%s: %s", source->config->name,
                 text);
    if (source->app->bar && (pause->asked || source->app->err_terminal.tty))
        cs_progress_bar_note(source->app->bar, text, pause->wait_ms);
}

static void on_trouble(void *payload, const char *what,
                       const struct cs_error *why)
{
    struct cs_sync_source *source = payload;
    enum cs_log_level level =
        source->n_troubles++ < CS_SYNC_TROUBLES ? CS_LOG_WARNING : CS_LOG_DEBUG;
    cs_log_write(source->app->log, level, "%s: %s: %s%s%s",
                 source->config->name, what, why->message,
                 why->hint[0] != '\0' ? "; " : "", why->hint);
    if (level != CS_LOG_WARNING)
        return;
    cJSON *item = cs_printer_object(source->printer, source->troubles, NULL);
    cs_printer_text(source->printer, item, "what", what);
    cs_printer_text(source->printer, item, "status",
                    cs_status_name(why->status));
    cs_printer_text(source->printer, item, "message", why->message);
}

static void on_listed(void *payload, const struct cs_container *container,
                      enum cs_list_scope scope,
                      const struct cs_list_summary *summary)
{
    struct cs_sync_source *source = payload;
    bool complete = scope == CS_LIST_COMPLETE;
    source->complete += complete;
    source->changes += !complete;
    source->excluded += summary->excluded;
    cs_log_write(source->app->log, CS_LOG_DEBUG,
                 "%s: %s: %s: %" PRIu64 " listed, %" PRIu64 " new, %" PRIu64
                 " changed, %" PRIu64 " moved, %" PRIu64 " missing, %" PRIu64
                 " to be fetched, %" PRIu64 " excluded",
                 source->config->name, container->key,
                 complete ? "complete" : "changes", summary->listed,
                 summary->added, summary->changed, summary->moved,
                 summary->missing, summary->wanted, summary->excluded);
}

static void on_absent(void *payload, const struct cs_container *container,
                      enum cs_absence absence)
{
    struct cs_sync_source *source = payload;
    source->n_absent++;
    cs_log_write(source->app->log, CS_LOG_DEBUG, "%s: %s %s is kept: %s",
                 source->config->name, source->connector->noun, container->key,
                 absence == CS_ABSENCE_LEFT ? "it is no longer configured"
                                            : "the site does not show it");
}

static void on_removed(void *payload, const struct cs_removal_summary *summary)
{
    struct cs_sync_source *source = payload;
    source->kept = summary->kept;
    if (summary->removed + summary->kept + summary->braked == 0)
        return;
    cs_log_write(source->app->log, CS_LOG_DEBUG,
                 "%s: %" PRIu64 " deleted, %" PRIu64 " kept until a second "
                 "complete listing, %" PRIu64 " held back",
                 source->config->name, summary->removed, summary->kept,
                 summary->braked);
}

static void on_planned(void *payload, const struct cs_planned_step *step)
{
    struct cs_sync_source *source = payload;
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(16384);
    if (source->n_planned++ >= CS_SYNC_PLANNED)
        return;
    cs_strbuf_printf(&line, "%-8s  %s:%s  %s", step->action,
                     source->config->name, step->id,
                     step->path ? step->path : "");
    if (step->detail)
        cs_strbuf_printf(&line, "  (%s)", step->detail);
    cs_strbuf_printf(&source->plan, "%s\n", line.data);
    cJSON *item = cs_printer_object(source->printer, source->planned, NULL);
    cs_printer_text(source->printer, item, "action", step->action);
    cs_printer_text(source->printer, item, "id", step->id);
    cs_printer_text(source->printer, item, "path", step->path);
    cs_printer_text(source->printer, item, "detail", step->detail);
}

struct cs_engine_watch cs_sync_watch(struct cs_sync_source *source)
{
    return (struct cs_engine_watch){
        .progress = on_progress,
        .trouble = on_trouble,
        .listed = on_listed,
        .absent = on_absent,
        .removed = on_removed,
        .planned = on_planned,
        .payload = source,
    };
}
