/*
 * cmd_convert.c - one page of storage format to Markdown, without a mirror.
 */
#include "cli/commands.h"

#include "cli/printer.h"
#include "connectors/confluence/storage_format.h"
#include "src/arena.h"
#include "src/file.h"
#include "src/text.h"

#include <errno.h>
#include <unistd.h>

#define INPUT_MAX ((size_t)32 << 20)
/* Tree and Markdown of the largest input. */
#define WORK_MAX ((size_t)2 << 30)

struct convert_args {
    const char *from;
    bool report;
};

static enum cs_status read_input(const struct cs_app *app,
                                 struct cs_strbuf *ret, struct cs_error *err)
{
    for (;;) {
        if (!cs_strbuf_reserve(ret, (size_t)64 << 10))
            return cs_strbuf_status(ret, err);
        ssize_t n = read(STDIN_FILENO, ret->data + ret->len, (size_t)64 << 10);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            return cs_error_errno(err, errno, "standard input");
        if (*app->cancel)
            return cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
        if (n > 0)
            ret->len += (size_t)n;
    }
    ret->data[ret->len] = '\0';
    return CS_OK;
}

static enum cs_status load(const struct cs_app *app, const char *path,
                           struct cs_strbuf *ret, struct cs_error *err)
{
    enum cs_status status =
        path ? cs_file_read(path, ret, err) : read_input(app, ret, err);
    if (status == CS_ERR_LIMIT) {
        (void)cs_error_set(err, status, "%s is larger than %zu MB",
                           path ? path : "standard input", INPUT_MAX >> 20);
        cs_error_hint(err, "convert it in parts");
    }
    /* The document that is not there is input, not the answer. */
    return status == CS_ERR_NOT_FOUND ? CS_ERR_IO : status;
}

static void add_rows(struct cs_printer *printer,
                     const struct cs_conversion_note *note)
{
    cJSON *rows = cs_printer_array(printer, printer->root, "rows");
    for (size_t i = 0; i < note->n_rows; i++) {
        const struct cs_outcome_row *row = &note->rows[i];
        cJSON *object = cs_printer_object(printer, rows, NULL);
        cs_printer_text(printer, object, "kind", row->kind);
        cs_printer_text(printer, object, "name", row->name);
        cs_printer_text(printer, object, "outcome",
                        cs_outcome_name(row->outcome));
        cs_printer_number(printer, object, "count", row->count);
    }
}

static enum cs_status print_note(struct cs_app *app,
                                 const struct cs_conversion_note *note,
                                 struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    cs_printer_start(&printer, "convert");
    cs_printer_number(&printer, printer.root, "degraded", note->degraded);
    cs_printer_number(&printer, printer.root, "kept_raw", note->kept_raw);
    cs_printer_number(&printer, printer.root, "dropped", note->dropped);
    cs_printer_bool(&printer, printer.root, "recovered", note->recovered);
    add_rows(&printer, note);
    return cs_printer_finish_to(&printer, app->err, err);
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    const struct convert_args *options = args;
    const struct cs_storage_options plain = {0};
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new(WORK_MAX);
    struct cs_strbuf input CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(INPUT_MAX);
    struct cs_strbuf output CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(WORK_MAX);
    struct cs_body body;
    struct cs_conversion_note note = {0};
    if (!arena)
        return cs_error_no_memory(err);
    if (options->from && !cs_str_equal(options->from, "storage")) {
        (void)cs_error_set(err, CS_ERR_USAGE, "--from: no format \"%.40s\"",
                           options->from);
        cs_error_hint(err, "write --from storage");
        return CS_ERR_USAGE;
    }
    enum cs_status status =
        load(app, n_words > 0 ? words[0] : NULL, &input, err);
    if (status == CS_OK)
        status = cs_storage_convert(arena, input.data, input.len, &plain, &body,
                                    &note, err);
    if (status != CS_OK)
        return status;
    cs_body_render(&body, cs_resolve_canonical, NULL, &output);
    status = cs_app_print(app, &output, err);
    if (status == CS_OK && options->report)
        status = print_note(app, &note, err);
    return status;
}

#define ARG(member) offsetof(struct convert_args, member)

static const struct cs_option options[] = {
    {0, "from", CS_OPTION_TEXT, ARG(from), "FORMAT",
     "format of the input: storage", 0, 0},
    {0, "report", CS_OPTION_FLAG, ARG(report), NULL,
     "what became of each construct, as JSON on standard error", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_convert = {
    .name = "convert",
    .summary = "Convert a page in storage format to Markdown",
    .synopsis = "[OPTION...] [FILE]",
    .example = "cs convert page.xhtml",
    .about = "Without FILE, standard input is read. At most 32 MB. Links to\n"
             "other pages become references such as cs:page/ENG/Runbook.",
    .options = options,
    .args_size = sizeof(struct convert_args),
    .max_words = 1,
    .run = run,
};
