/*
 * cmd_maintenance.c - is the mirror what its index says? If not, mend it.
 *
 * The checks are index/upkeep/check.h; this file chooses them and shows what
 * they find.
 */
#include "cli/commands.h"

#include "cli/printer.h"
#include "cli/task.h"
#include "index/upkeep/check.h"
#include "src/text.h"

#include <inttypes.h>

struct maintenance_args {
    bool dry_run, json;
};

/* What the callback needs. */
struct report {
    struct cs_strbuf text;
    struct cs_printer printer;
    cJSON *findings;
    bool dry_run, json;
};

/* "check" looks and touches nothing, like --dry-run. */
static bool only_looks(const struct maintenance_args *args, int n_words,
                       char **words)
{
    for (int i = 0; i < n_words; i++) {
        if (cs_str_equal(words[i], "check"))
            return true;
    }
    return args->dry_run;
}

static unsigned needs_of(const void *args, int n_words, char **words)
{
    if (n_words > 0 && cs_task_find(words[0]))
        return CS_NEED_WRITER;
    return only_looks(args, n_words, words) ? CS_NEED_INDEX : CS_NEED_WRITER;
}

static const char *what_comes_of_it(const struct report *report,
                                    const struct cs_finding *finding)
{
    if (finding->fixed)
        return "done";
    if (!finding->fixable)
        return "left alone";
    return report->dry_run ? "would be done" : "not done";
}

static void put_finding(struct report *report, const struct cs_finding *finding)
{
    struct cs_strbuf raw CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const char *what = finding->path     ? finding->path
                       : finding->id     ? finding->id
                       : finding->source ? finding->source
                                         : "";
    cs_strbuf_printf(&raw, "%s: %s%s%s", finding->check, what,
                     what[0] != '\0' ? ": " : "", finding->message);
    if (finding->action)
        cs_strbuf_printf(&raw, "; %s: %s", finding->action,
                         what_comes_of_it(report, finding));
    cs_text_put_safe(&report->text, raw.data, raw.len, false);
    cs_strbuf_putc(&report->text, '\n');
}

static void add_finding(struct report *report, const struct cs_finding *finding)
{
    struct cs_printer *printer = &report->printer;
    cJSON *item = cs_printer_object(printer, report->findings, NULL);
    const struct {
        const char *name, *value;
    } texts[] = {
        {"check", finding->check},
        {"severity",
         finding->severity == CS_CHECK_PROBLEM ? "problem" : "note"},
        {"source", finding->source},
        {"path", finding->path},
        {"id", finding->id},
        {"message", finding->message},
        {"action", finding->action},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++)
        cs_printer_text(printer, item, texts[i].name, texts[i].value);
    cs_printer_bool(printer, item, "fixable", finding->fixable);
    cs_printer_bool(printer, item, "fixed", finding->fixed);
}

static void on_finding(void *payload, const struct cs_finding *finding)
{
    struct report *report = payload;
    if (report->json)
        add_finding(report, finding);
    else
        put_finding(report, finding);
}

/* The words that name checks; "check" alone means all of them. */
static size_t choose(int n_words, char **words, const char **only)
{
    size_t n = 0;
    for (int i = 0; i < n_words; i++) {
        if (!cs_str_equal(words[i], "check"))
            only[n++] = words[i];
    }
    return n;
}

static enum cs_status run_checks(struct cs_app *app, struct report *report,
                                 int n_words, char **words,
                                 struct cs_check_summary *ret,
                                 struct cs_error *err)
{
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    const char *only[CS_OPTION_LIST_MAX];
    if (n_words > CS_OPTION_LIST_MAX) {
        (void)cs_error_set(err, CS_ERR_USAGE, "too many tasks");
        cs_error_hint(err, "without any, all are done");
        return CS_ERR_USAGE;
    }
    struct cs_check_options options = {
        .mode = report->dry_run ? CS_CHECK_DRY_RUN : CS_CHECK_FIX,
        .only = only,
        .n_only = choose(n_words, words, only),
        .found = on_finding,
        .payload = report,
    };
    enum cs_status status = CS_OK;
    if (!report->dry_run)
        status = cs_store_open(app->index, &store, err);
    options.store = store;
    return status == CS_OK ? cs_check_run(app->index, &options, ret, err)
                           : status;
}

static enum cs_status print_report(struct cs_app *app, struct report *report,
                                   const struct cs_check_summary *summary,
                                   struct cs_error *err)
{
    struct cs_printer *printer = &report->printer;
    if (!report->json) {
        cs_strbuf_printf(&report->text,
                         "%" PRIu64 " mended, %" PRIu64 " left, %" PRIu64
                         " notes\n",
                         summary->fixed, summary->problems, summary->notes);
        return cs_app_print(app, &report->text, err);
    }
    cs_printer_bool(printer, printer->root, "dry_run", report->dry_run);
    cs_printer_number(printer, printer->root, "fixed", (double)summary->fixed);
    cs_printer_number(printer, printer->root, "problems",
                      (double)summary->problems);
    cs_printer_number(printer, printer->root, "notes", (double)summary->notes);
    cs_printer_adopt(printer, printer->root, "findings", &report->findings);
    return cs_printer_finish(printer, app, err);
}

static enum cs_status judge(const struct report *report,
                            const struct cs_check_summary *summary,
                            struct cs_error *err)
{
    if (summary->problems == 0)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_PARTIAL, "%" PRIu64 " findings remain",
                       summary->problems);
    cs_error_hint(err, report->dry_run ? "run cs maintenance to mend what can "
                                         "be mended"
                                       : "run cs sync, then cs maintenance");
    return CS_ERR_PARTIAL;
}

/* A failure of a task is told after what it did. */
static enum cs_status run_task(struct cs_app *app, const struct cs_task *task,
                               const struct maintenance_args *args,
                               struct cs_error *err)
{
    struct cs_error print_error = CS_ERROR_INIT;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    cs_printer_start(&printer, "maintenance");
    enum cs_status status =
        task->run(app, args->dry_run, args->json, &text, &printer, err);
    enum cs_status printed =
        args->json ? cs_printer_finish(&printer, app, &print_error)
                   : cs_app_print(app, &text, &print_error);
    if (status == CS_OK && printed != CS_OK) {
        *err = print_error;
        status = printed;
    }
    return status;
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    const struct maintenance_args *options = args;
    const struct cs_task *task = n_words > 0 ? cs_task_find(words[0]) : NULL;
    if (task && n_words == 1)
        return run_task(app, task, options, err);
    if (task) {
        (void)cs_error_set(err, CS_ERR_USAGE, "%s stands alone", task->name);
        cs_error_hint(err, "write: cs maintenance %s", task->name);
        return CS_ERR_USAGE;
    }
    struct cs_check_summary summary = {0};
    struct report report = {.dry_run = only_looks(options, n_words, words),
                            .json = options->json};
    cs_strbuf_init(&report.text, CS_STRBUF_DEFAULT_MAX);
    cs_printer_start(&report.printer, "maintenance");
    report.findings = cJSON_CreateArray();
    enum cs_status status =
        run_checks(app, &report, n_words, words, &summary, err);
    if (status == CS_OK)
        status = print_report(app, &report, &summary, err);
    if (status == CS_OK)
        status = judge(&report, &summary, err);
    cJSON_Delete(report.findings);
    cs_printer_clear(&report.printer);
    cs_strbuf_clear(&report.text);
    return status;
}

#define ARG(member) offsetof(struct maintenance_args, member)

static const struct cs_option options[] = {
    {'n', "dry-run", CS_OPTION_FLAG, ARG(dry_run), NULL,
     "say what would be done, change nothing", 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_maintenance = {
    .name = "maintenance",
    .summary = "Compare the mirror with its index, and mend it",
    .synopsis = "[OPTION...] [check] [TASK...]",
    .example = "cs maintenance --dry-run",
    .about = "Tasks: intents, database, index-integrity, index-entries,\n"
             "missing-files, changed-files, stage-files, leftover-files,\n"
             "foreign-files, completeness; without any, all of them. With\n"
             "check nothing is changed. The status is 3 when findings remain.\n"
             "Alone: reconvert makes all texts anew from the stored sources.",
    .needs_of = needs_of,
    .options = options,
    .args_size = sizeof(struct maintenance_args),
    .max_words = -1,
    .run = run,
};
