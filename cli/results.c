/*
 * results.c - lines, JSON and the last sentence.
 */
#include "cli/results.h"

#include "src/text.h"

#include <inttypes.h>

void cs_results_start(struct cs_results *results, struct cs_app *app,
                      bool dry_run, bool json)
{
    *results = (struct cs_results){.app = app,
                                   .dry_run = dry_run,
                                   .json = json,
                                   .findings = cJSON_CreateArray(),
                                   .actions = cJSON_CreateArray()};
    cs_strbuf_init(&results->text, (size_t)256 << 20);
    cs_printer_start(&results->printer, "maintenance");
}

void cs_results_clear(struct cs_results *results)
{
    cJSON_Delete(results->findings);
    cJSON_Delete(results->actions);
    cs_printer_clear(&results->printer);
    cs_strbuf_clear(&results->text);
}

static const char *what_comes_of_it(const struct cs_results *results,
                                    const struct cs_finding *finding)
{
    if (finding->fixed)
        return ": done";
    if (!finding->fixable)
        return "";
    return results->dry_run ? ": would be done" : ": not done";
}

static void put_line(struct cs_results *results,
                     const struct cs_finding *finding)
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
        cs_strbuf_printf(&raw, "; %s", finding->action);
    if (finding->action && finding->bytes > 0) {
        cs_strbuf_puts(&raw, " (");
        cs_size_put(finding->bytes, &raw);
        cs_strbuf_putc(&raw, ')');
    }
    if (finding->action)
        cs_strbuf_puts(&raw, what_comes_of_it(results, finding));
    cs_text_put_safe(&results->text, raw.data, raw.len, false);
    cs_strbuf_add_failure(&results->text, &raw);
    cs_strbuf_putc(&results->text, '\n');
}

static void add_texts(struct cs_printer *printer, cJSON *item,
                      const char *const names[][2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        cs_printer_text(printer, item, names[i][0], names[i][1]);
}

static void add_finding(struct cs_results *results,
                        const struct cs_finding *finding)
{
    struct cs_printer *printer = &results->printer;
    cJSON *item = cs_printer_object(printer, results->findings, NULL);
    const char *const texts[][2] = {
        {"check", finding->check},
        {"severity",
         finding->severity == CS_CHECK_PROBLEM ? "problem" : "note"},
        {"source", finding->source},
        {"path", finding->path},
        {"id", finding->id},
        {"message", finding->message},
        {"action", finding->action},
    };
    add_texts(printer, item, texts, CS_ARRAY_LEN(texts));
    cs_printer_bool(printer, item, "fixable", finding->fixable);
    cs_printer_bool(printer, item, "fixed", finding->fixed);
}

static void add_action(struct cs_results *results,
                       const struct cs_finding *finding)
{
    struct cs_printer *printer = &results->printer;
    cJSON *item = cs_printer_object(printer, results->actions, NULL);
    const char *const texts[][2] = {
        {"task", finding->check},    {"path", finding->path},
        {"id", finding->id},         {"reason", finding->message},
        {"action", finding->action},
    };
    add_texts(printer, item, texts, CS_ARRAY_LEN(texts));
    cs_printer_number(printer, item, "bytes", (double)finding->bytes);
    cs_printer_bool(printer, item, "done", finding->fixed);
}

void cs_results_add(void *payload, const struct cs_finding *finding)
{
    struct cs_results *results = payload;
    cs_check_count(&results->summary, finding);
    if (!results->json) {
        put_line(results, finding);
        return;
    }
    if (finding->severity != CS_CHECK_CHORE)
        add_finding(results, finding);
    if (finding->fixable)
        add_action(results, finding);
}

void cs_results_act(struct cs_results *results, const char *task,
                    const char *path, const char *reason, const char *action,
                    int64_t bytes)
{
    const struct cs_finding finding = {.check = task,
                                       .severity = CS_CHECK_CHORE,
                                       .path = path,
                                       .message = reason,
                                       .action = action,
                                       .bytes = bytes,
                                       .fixable = true,
                                       .fixed = !results->dry_run};
    cs_results_add(results, &finding);
}

/* "1 finding", "3 findings"; what stands before it ends with "; ". */
static void put_count(struct cs_strbuf *out, uint64_t n, const char *noun,
                      const char *rest)
{
    if (n == 0)
        return;
    if (out->len > 0)
        cs_strbuf_puts(out, "; ");
    cs_strbuf_printf(out, "%" PRIu64 " %s%s%s", n, noun, n == 1 ? "" : "s",
                     rest);
}

static void put_summary(const struct cs_results *results, struct cs_strbuf *out)
{
    const struct cs_check_summary *sum = &results->summary;
    put_count(out, sum->fixed, "finding", " mended");
    put_count(out, sum->fixable, "finding",
              results->dry_run ? " would be mended" : " not mended");
    put_count(out, sum->problems - sum->fixable, "finding",
              " left to be looked at");
    put_count(out, sum->due, "action",
              results->dry_run ? " would be taken" : " not taken");
    put_count(out, sum->done, "action", " taken");
    if (out->len == 0)
        cs_strbuf_puts(out, "nothing to do");
    put_count(out, sum->notes, "note", "");
    if (results->next)
        cs_strbuf_printf(out, "; %s", results->next);
    cs_strbuf_putc(out, '\n');
}

static enum cs_status print_json(struct cs_results *results,
                                 struct cs_error *err)
{
    struct cs_printer *printer = &results->printer;
    const struct cs_check_summary *sum = &results->summary;
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {
        {"fixed", sum->fixed}, {"problems", sum->problems},
        {"notes", sum->notes}, {"due", sum->due},
        {"done", sum->done},
    };
    cs_printer_bool(printer, printer->root, "dry_run", results->dry_run);
    for (size_t i = 0; i < CS_ARRAY_LEN(counts); i++)
        cs_printer_number(printer, printer->root, counts[i].name,
                          (double)counts[i].value);
    cs_printer_adopt(printer, printer->root, "findings", &results->findings);
    cs_printer_adopt(printer, printer->root, "actions", &results->actions);
    return cs_printer_finish(printer, results->app, err);
}

enum cs_status cs_results_print(struct cs_results *results,
                                struct cs_error *err)
{
    struct cs_strbuf last CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    if (results->json)
        return print_json(results, err);
    if (results->sentence[0] != '\0')
        cs_strbuf_printf(&last, "%s\n", results->sentence);
    else
        put_summary(results, &last);
    cs_strbuf_put(&results->text, last.data, last.len);
    enum cs_status status = cs_strbuf_status(&last, err);
    return status ? status : cs_app_print(results->app, &results->text, err);
}

enum cs_status cs_results_judge(const struct cs_results *results,
                                struct cs_error *err)
{
    uint64_t n = results->summary.problems;
    if (n == 0)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_PARTIAL, "%" PRIu64 " finding%s", n,
                       n == 1 ? " remains" : "s remain");
    cs_error_hint(err, results->dry_run && results->summary.fixable
                           ? "run cs maintenance to mend what can be mended"
                           : "each line says what to do about it");
    return CS_ERR_PARTIAL;
}
