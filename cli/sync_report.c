/*
 * sync_report.c - what became of a sync: exit status, summary, JSON.
 *
 * The first line about a source is a proof: listed = stored = indexed, and = on
 * disk when everything was listed. Where the numbers differ they stand apart by
 * commas, and the run was partial.
 */
#include "cli/sync.h"

#include "src/text.h"

#include <inttypes.h>

/* ---- the outcome ---- */

static bool landed(const struct cs_sync_source *source)
{
    return source->started &&
           (source->status == CS_OK || source->status == CS_ERR_PARTIAL);
}

/* The first failure, of those that are the heaviest. */
static const struct cs_sync_source *heaviest(const struct cs_sync *sync)
{
    static const enum cs_status order[] = {
        CS_ERR_CANCELLED, CS_ERR_AUTH,     CS_ERR_FORBIDDEN, CS_ERR_CONFIG,
        CS_ERR_IO,        CS_ERR_NO_SPACE, CS_ERR_NETWORK};
    const struct cs_sync_source *first = NULL;
    for (size_t i = 0; i < CS_ARRAY_LEN(order); i++) {
        for (size_t j = 0; j < sync->n; j++) {
            if (sync->sources[j].status == order[i])
                return &sync->sources[j];
        }
    }
    for (size_t j = sync->n; j-- > 0;)
        first = sync->sources[j].status ? &sync->sources[j] : first;
    return first;
}

enum cs_status cs_sync_judge(const struct cs_sync *sync, struct cs_error *err)
{
    const struct cs_sync_source *first = NULL;
    size_t good = 0;
    for (size_t i = sync->n; i-- > 0;) {
        good += landed(&sync->sources[i]);
        first = sync->sources[i].status ? &sync->sources[i] : first;
    }
    if (*sync->app->cancel) {
        (void)cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
        cs_error_hint(err, "cs sync goes on where it stopped");
        return CS_ERR_CANCELLED;
    }
    if (!first)
        return CS_OK;
    if (good == 0)
        first = heaviest(sync);
    *err = first->error;
    if (sync->n > 1)
        (void)cs_error_prefix(err, "source %s", first->config->name);
    if (good > 0 && err->hint[0] == '\0')
        cs_error_hint(err, "the warnings above and cs status say which");
    return good > 0 ? CS_ERR_PARTIAL : first->status;
}

void cs_sync_log_end(const struct cs_sync_source *source)
{
    const struct cs_run_summary *sum = &source->summary;
    struct cs_log *log = source->app->log;
    cs_log_write(log, CS_LOG_INFO,
                 "%s: end: %s, %" PRIu64 " listed, %" PRIu64 " stored, %" PRIu64
                 " indexed, %" PRIu64 " written, %" PRIu64 " moved, %" PRIu64
                 " removed, %" PRIu64 " deleted, %" PRIu64 " failed, %.1f s",
                 source->config->name, cs_status_name(source->status),
                 sum->listed, sum->stored, sum->indexed, sum->written,
                 sum->moved, sum->removed, sum->deleted, sum->failed,
                 (double)source->elapsed_ms / 1000);
    if (source->status != CS_OK)
        cs_log_write(log, CS_LOG_INFO, "%s: %s", source->config->name,
                     source->error.message);
    if (source->n_troubles > CS_SYNC_TROUBLES)
        cs_log_write(
            log, CS_LOG_WARNING, "%s: %" PRIu64 " more of the kind, see %s",
            source->config->name, source->n_troubles - CS_SYNC_TROUBLES,
            cs_log_path(log) ? cs_log_path(log) : "cs status");
}

static bool is_proved(const struct cs_sync_source *source)
{
    const struct cs_run_summary *sum = &source->summary;
    return sum->listed == sum->stored && sum->stored == sum->indexed &&
           (source->on_disk < 0 || source->on_disk == (int64_t)sum->stored);
}

/* ---- for people ---- */

static void put_proof(const struct cs_sync_source *source,
                      struct cs_strbuf *out)
{
    const struct cs_run_summary *sum = &source->summary;
    const char *sign = is_proved(source) ? " =" : ",";
    cs_strbuf_printf(out,
                     "%s: %" PRIu64 " listed%s %" PRIu64 " stored%s %" PRIu64
                     " indexed",
                     source->config->name, sum->listed, sign, sum->stored, sign,
                     sum->indexed);
    if (source->on_disk >= 0)
        cs_strbuf_printf(out, "%s %" PRId64 " on disk", sign, source->on_disk);
    if (source->complete == 0 && sum->listed_at > 0) {
        char day[CS_TIME_TEXT_SIZE];
        cs_time_format(sum->listed_at, day);
        cs_strbuf_printf(out, "; last listed completely %s", day);
    }
    cs_strbuf_putc(out, '\n');
}

static void put_counts(const struct cs_sync_source *source,
                       struct cs_strbuf *out)
{
    const struct cs_run_summary *sum = &source->summary;
    cs_strbuf_printf(out,
                     "  %" PRIu64 " written, %" PRIu64 " moved, %" PRIu64
                     " removed in %.1f s\n",
                     sum->written, sum->moved, sum->removed,
                     (double)source->elapsed_ms / 1000);
    uint64_t unsure =
        sum->missing > sum->braked ? sum->missing - sum->braked : 0;
    const struct {
        uint64_t n;
        const char *what;
    } rows[] = {
        {sum->deleted, "deleted on the site"},
        {sum->braked, "not deleted, since they are so many; if they are "
                      "right: cs sync --allow-deletions"},
        {sum->failed, "could not be fetched: cs status"},
        {sum->files_fetched, "attachments fetched"},
        {sum->files_failed, "attachments could not be fetched: cs status"},
        {unsure, "gone from the last listing, kept until that is sure"},
        {sum->left, "kept of spaces that are no longer configured or shown"},
        {sum->conflicts, "local edits or foreign files kept"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        if (rows[i].n > 0)
            cs_strbuf_printf(out, "  %" PRIu64 " %s\n", rows[i].n,
                             rows[i].what);
    }
}

static void put_plan(const struct cs_sync_source *source, struct cs_strbuf *out)
{
    cs_strbuf_put(out, source->plan.data, source->plan.len);
    if (source->n_planned > CS_SYNC_PLANNED)
        cs_strbuf_printf(out, "and %" PRIu64 " more\n",
                         source->n_planned - CS_SYNC_PLANNED);
    cs_strbuf_printf(out, "%s: %" PRIu64 " steps; nothing was changed\n",
                     source->config->name, source->n_planned);
}

static void put_summary(const struct cs_sync_source *source,
                        struct cs_strbuf *out)
{
    if (!source->started)
        return;
    if (!landed(source))
        cs_strbuf_printf(out,
                         "%s: failed; the mirror is as it was after the last "
                         "batch\n",
                         source->config->name);
    else if (source->args->dry_run)
        put_plan(source, out);
    else {
        put_proof(source, out);
        put_counts(source, out);
    }
}

static void put_total(const struct cs_sync *sync, struct cs_strbuf *out)
{
    struct cs_run_summary sum = {0};
    size_t good = 0;
    if (sync->n < 2 || sync->args->dry_run)
        return;
    for (size_t i = 0; i < sync->n; i++) {
        const struct cs_run_summary *one = &sync->sources[i].summary;
        if (!landed(&sync->sources[i]))
            continue;
        good++;
        sum.listed += one->listed;
        sum.stored += one->stored;
        sum.indexed += one->indexed;
    }
    bool proof = sum.listed == sum.stored && sum.stored == sum.indexed;
    const char *sign = proof ? " =" : ",";
    cs_strbuf_printf(out,
                     "total of %zu sources: %" PRIu64 " listed%s %" PRIu64
                     " stored%s %" PRIu64 " indexed\n",
                     good, sum.listed, sign, sum.stored, sign, sum.indexed);
}

static enum cs_status print_text(struct cs_sync *sync, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (size_t i = 0; i < sync->n; i++)
        put_summary(&sync->sources[i], &text);
    put_total(sync, &text);
    return sync->app->globals.quiet ? CS_OK
                                    : cs_app_print(sync->app, &text, err);
}

/* ---- for programs ---- */

static void add_counts(struct cs_printer *printer, cJSON *item,
                       const struct cs_sync_source *source)
{
    const struct cs_run_summary *sum = &source->summary;
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"listed", sum->listed},
        {"stored", sum->stored},
        {"indexed", sum->indexed},
        {"written", sum->written},
        {"moved", sum->moved},
        {"removed", sum->removed},
        {"failed", sum->failed},
        {"failed_new", sum->failed_new},
        {"missing", sum->missing},
        {"conflicts", sum->conflicts},
        {"deleted", sum->deleted},
        {"braked", sum->braked},
        {"kept", source->kept},
        {"left", sum->left},
        {"excluded", source->excluded},
        {"files", sum->files},
        {"files_fetched", sum->files_fetched},
        {"files_failed", sum->files_failed},
        {"spaces_complete", source->complete},
        {"spaces_changes", source->changes},
        {"spaces_absent", source->n_absent},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        cs_printer_number(printer, item, rows[i].name, (double)rows[i].value);
    if (source->on_disk >= 0)
        cs_printer_number(printer, item, "on_disk", (double)source->on_disk);
    cs_printer_bool(printer, item, "proof", is_proved(source));
    cs_printer_time(printer, item, "listed_at", sum->listed_at);
}

static void add_source(struct cs_sync *sync, cJSON *sources,
                       struct cs_sync_source *source)
{
    struct cs_printer *printer = &sync->printer;
    cJSON *item = cs_printer_object(printer, sources, NULL);
    cs_printer_text(printer, item, "name", source->config->name);
    cs_printer_text(printer, item, "outcome",
                    source->started ? cs_status_name(source->status)
                                    : "not-started");
    cs_printer_error(printer, item, "error", &source->error);
    add_counts(printer, item, source);
    cs_printer_number(printer, item, "elapsed_ms", (double)source->elapsed_ms);
    cs_printer_number(printer, item, "troubles_total",
                      (double)source->n_troubles);
    cs_printer_adopt(printer, item, "troubles", &source->troubles);
    if (!sync->args->dry_run)
        return;
    cs_printer_number(printer, item, "planned_total",
                      (double)source->n_planned);
    cs_printer_adopt(printer, item, "planned", &source->planned);
}

static enum cs_status print_json(struct cs_sync *sync, enum cs_status outcome,
                                 struct cs_error *err)
{
    struct cs_printer *printer = &sync->printer;
    cJSON *root = printer->root;
    cs_printer_text(printer, root, "outcome", cs_status_name(outcome));
    cs_printer_text(printer, root, "root", cs_config_root(sync->app->config));
    cs_printer_text(printer, root, "log", cs_log_path(sync->app->log));
    cs_printer_bool(printer, root, "dry_run", sync->args->dry_run);
    cJSON *sources = cs_printer_array(printer, root, "sources");
    for (size_t i = 0; i < sync->n; i++)
        add_source(sync, sources, &sync->sources[i]);
    return cs_printer_finish(printer, sync->app, err);
}

enum cs_status cs_sync_print(struct cs_sync *sync, enum cs_status outcome,
                             struct cs_error *err)
{
    return sync->args->json ? print_json(sync, outcome, err)
                            : print_text(sync, err);
}
