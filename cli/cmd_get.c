/*
 * cmd_get.c - read a document, or a part of it, from the mirror.
 *
 * The part is written behind the name: ":10-20" for lines, counted as in the
 * file, or "#heading" for one section. A name that is found as it stands is
 * never taken apart.
 */
#include "cli/commands.h"

#include "cli/part.h"
#include "cli/printer.h"
#include "index/reader.h"
#include "src/text.h"

#include <stdlib.h>

struct get_args {
    bool json;
};

/* A document, and the part of it that was asked for. */
struct found {
    struct cs_reader_document document;
    struct cs_strbuf markdown;
    struct cs_part part;
    size_t head; /* lines of the file above the Markdown */
};

/* Look the name up as it stands; then without what stands behind the last '#'
 * or ':'. The failure that counts is the first. */
static enum cs_status find(struct cs_app *app, struct cs_arena *arena,
                           const char *name, struct found *ret,
                           const char **ret_part, struct cs_error *err)
{
    static const char marks[] = {'#', ':'};
    enum cs_status status =
        cs_reader_find(app->index, arena, name, &ret->document, err);
    *ret_part = "";
    for (size_t i = 0; status == CS_ERR_NOT_FOUND && i < sizeof(marks); i++) {
        struct cs_error again = CS_ERROR_INIT;
        const char *mark = strrchr(name, marks[i]);
        if (!mark || (*mark == ':' && !cs_part_is_lines(mark)))
            continue;
        const char *bare = cs_arena_strndup(arena, name, (size_t)(mark - name));
        if (!bare)
            return cs_arena_status(arena, err);
        enum cs_status second =
            cs_reader_find(app->index, arena, bare, &ret->document, &again);
        if (second == CS_ERR_NOT_FOUND)
            continue;
        if (second != CS_OK)
            *err = again;
        *ret_part = mark;
        status = second;
    }
    if (status == CS_ERR_NOT_FOUND && err->hint[0] == '\0')
        cs_error_hint(err, "cs search finds ids and paths");
    return status;
}

static enum cs_status load(struct cs_app *app, struct cs_arena *arena,
                           const char *name, struct found *ret,
                           struct cs_error *err)
{
    const char *part = "";
    enum cs_status status = find(app, arena, name, ret, &part, err);
    if (status == CS_OK)
        status = cs_reader_markdown(app->index, ret->document.document,
                                    &ret->markdown, err);
    if (status == CS_OK)
        status =
            cs_reader_head_lines(app->index, &ret->document, &ret->head, err);
    if (status == CS_OK)
        status = cs_part_find(ret->markdown.data, ret->markdown.len, ret->head,
                              part, &ret->part, err);
    return status;
}

static void add_document(struct cs_printer *printer, cJSON *object,
                         const struct cs_reader_document *document)
{
    const struct {
        const char *name, *value;
    } texts[] = {
        {"id", document->id},         {"type", document->kind},
        {"status", document->status}, {"title", document->title},
        {"space", document->space},   {"path", document->path},
        {"url", document->url},       {"author", document->author},
        {"editor", document->editor},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++)
        cs_printer_text(printer, object, texts[i].name, texts[i].value);
    cs_printer_number(printer, object, "version", (double)document->version);
    cs_printer_time(printer, object, "created", document->created);
    cs_printer_time(printer, object, "updated", document->updated);
    cJSON *labels = cs_printer_array(printer, object, "labels");
    for (size_t i = 0; i < document->n_labels; i++)
        cs_printer_text(printer, labels, NULL, document->labels[i]);
}

static enum cs_status print_json(struct cs_app *app, const struct found *found,
                                 struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const struct cs_part *part = &found->part;
    cs_strbuf_put(&text, found->markdown.data + part->at, part->len);
    enum cs_status status = cs_strbuf_status(&text, err);
    if (status != CS_OK)
        return status;
    cs_printer_start(&printer, "get");
    add_document(&printer, printer.root, &found->document);
    cJSON *lines = cs_printer_array(&printer, printer.root, "lines");
    cs_printer_number(&printer, lines, NULL, (double)part->first);
    cs_printer_number(&printer, lines, NULL, (double)part->last);
    cs_printer_text(&printer, printer.root, "markdown", text.data);
    return cs_printer_finish(&printer, app, err);
}

/* A terminal gets the text without control characters, a pipe as it is. */
static enum cs_status print_markdown(struct cs_app *app,
                                     const struct found *found,
                                     struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const char *from = found->markdown.data + found->part.at;
    if (app->out_terminal.tty)
        cs_text_put_safe(&text, from, found->part.len, true);
    else
        cs_strbuf_put(&text, from, found->part.len);
    return cs_app_print(app, &text, err);
}

static enum cs_status run(struct cs_app *app, const void *args,
                          CS_UNUSED int n_words, char **words,
                          struct cs_error *err)
{
    const struct get_args *options = args;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)16 << 20);
    struct found found = {0};
    if (!arena)
        return cs_error_no_memory(err);
    cs_strbuf_init(&found.markdown, CS_STRBUF_DEFAULT_MAX);
    enum cs_status status = load(app, arena, words[0], &found, err);
    if (status == CS_OK)
        status = options->json ? print_json(app, &found, err)
                               : print_markdown(app, &found, err);
    cs_strbuf_clear(&found.markdown);
    return status;
}

static const struct cs_option options[] = {
    {0, "json", CS_OPTION_FLAG, offsetof(struct get_args, json), NULL,
     "text and metadata as one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_get = {
    .name = "get",
    .summary = "Read a document from the mirror",
    .synopsis = "[OPTION...] ID[:L1-L2 | #HEADING]",
    .example = "cs get confluence:65601#limits",
    .about = "ID is an id such as confluence:65601, its bare number, the URL\n"
             "of the page, or a path in the mirror. Lines count as in the\n"
             "file.",
    .needs = CS_NEED_INDEX,
    .options = options,
    .args_size = sizeof(struct get_args),
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
