/*
 * cmd_search.c - find documents; three faces of one answer.
 *
 * For a terminal: title, place and snippet. For a pipe: one line a hit, columns
 * apart by tabs. With --json: one object.
 */
#include "cli/commands.h"

#include "cli/printer.h"
#include "index/search/search.h"
#include "src/path.h"
#include "src/text.h"

#define INDENT 4

struct search_args {
    bool json;
    int64_t limit;
    struct cs_option_list spaces;
    const char *label, *author, *type, *since, *sort;
};

static enum cs_status read_since(const struct cs_app *app, const char *text,
                                 int64_t *ret_ms, struct cs_error *err)
{
    int64_t ms = 0;
    if (!text)
        return CS_OK;
    if (cs_duration_parse(text, &ms, NULL) == CS_OK)
        *ret_ms = cs_clock_now(app->clock) - ms;
    else if (cs_time_parse(text, &ms, err) == CS_OK)
        *ret_ms = ms;
    else
        return CS_ERR_USAGE; /* the option's type has refused it before */
    return CS_OK;
}

static enum cs_status read_sort(const char *text, enum cs_search_sort *ret,
                                struct cs_error *err)
{
    if (!text)
        return CS_OK;
    *ret = cs_search_sort_from(text);
    if (*ret != CS_SEARCH_SORTS)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "--sort: no order \"%.40s\"", text);
    cs_error_hint(err, "write relevance, updated, created or title");
    return CS_ERR_USAGE;
}

/* Append "<root>/<path>", or the path alone where it is absolute. */
static void put_path(const struct cs_app *app, const char *path,
                     struct cs_strbuf *out)
{
    if (path && path[0] != '/')
        cs_path_join(out, cs_config_root(app->config), path);
    else if (path)
        cs_strbuf_puts(out, path);
}

/* Bytes [from, to) of a snippet, its marks in colour. */
static void put_marked(const struct cs_app *app,
                       const struct cs_snippet *snippet, size_t from, size_t to,
                       struct cs_strbuf *out)
{
    const struct cs_terminal *terminal = &app->out_terminal;
    size_t at = from;
    for (size_t i = 0; i < snippet->n_marks && at < to; i++) {
        size_t start = snippet->marks[i].at;
        size_t end = start + snippet->marks[i].len;
        if (end <= at || start >= to)
            continue;
        start = start > at ? start : at;
        end = end < to ? end : to;
        cs_strbuf_put(out, snippet->text + at, start - at);
        cs_strbuf_puts(out, cs_terminal_style(terminal, CS_STYLE_MATCH));
        cs_strbuf_put(out, snippet->text + start, end - start);
        cs_strbuf_puts(out, cs_terminal_style(terminal, CS_STYLE_NONE));
        at = end;
    }
    cs_strbuf_put(out, snippet->text + at, to - at);
}

static void put_snippet(const struct cs_app *app,
                        const struct cs_snippet *snippet, struct cs_strbuf *out)
{
    size_t len = snippet->text ? strlen(snippet->text) : 0;
    size_t columns = app->out_terminal.width - INDENT;
    for (size_t at = 0; at < len;) {
        size_t end =
            at + cs_terminal_fit(snippet->text + at, len - at, columns);
        cs_strbuf_fill(out, ' ', INDENT);
        put_marked(app, snippet, at, end, out);
        cs_strbuf_putc(out, '\n');
        while (end < len && snippet->text[end] == ' ')
            end++;
        at = end;
    }
}

static void put_hit(const struct cs_app *app, const struct cs_search_hit *hit,
                    size_t rank, struct cs_strbuf *out)
{
    const struct cs_terminal *terminal = &app->out_terminal;
    int64_t age = cs_clock_now(app->clock) - hit->updated;
    cs_strbuf_printf(out, "%3zu ", rank);
    cs_terminal_put(terminal, CS_STYLE_TITLE, hit->title, out);
    if (hit->updated != 0) {
        cs_strbuf_printf(out, "  %s",
                         cs_terminal_style(terminal, CS_STYLE_FAINT));
        cs_duration_format(age > 0 ? age : 0, out);
        cs_strbuf_printf(out, " ago%s",
                         cs_terminal_style(terminal, CS_STYLE_NONE));
    }
    cs_strbuf_putc(out, '\n');
    cs_strbuf_fill(out, ' ', INDENT);
    cs_terminal_put(terminal, CS_STYLE_FAINT, hit->path ? hit->path : hit->id,
                    out);
    if (hit->n_snippets > 0 && hit->snippets[0].lines[0] > 0)
        cs_strbuf_printf(out, ":%zu", hit->snippets[0].lines[0]);
    cs_strbuf_putc(out, '\n');
    for (size_t i = 0; i < hit->n_snippets && i < 1; i++)
        put_snippet(app, &hit->snippets[i], out);
}

/* The answer for a terminal; count and time go to standard error. */
static enum cs_status print_people(struct cs_app *app,
                                   const struct cs_search_result *result,
                                   struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (size_t i = 0; i < result->n; i++)
        put_hit(app, &result->hits[i], i + 1, &text);
    enum cs_status status = cs_app_print(app, &text, err);
    if (status == CS_OK && result->n > 0 && !app->globals.quiet)
        (void)fprintf(app->err, "%zu of %lld hits in %lld ms\n", result->n,
                      (long long)result->total,
                      (long long)(result->elapsed_us / 1000));
    return status;
}

static enum cs_status print_columns(struct cs_app *app,
                                    const struct cs_search_result *result,
                                    struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (size_t i = 0; i < result->n; i++) {
        struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(2 * CS_PATH_MAX);
        const struct cs_search_hit *hit = &result->hits[i];
        put_path(app, hit->path, &path);
        const char *columns[] = {hit->id, hit->title, path.data,
                                 hit->url ? hit->url : ""};
        for (size_t j = 0; j < CS_ARRAY_LEN(columns); j++) {
            cs_strbuf_puts(&text, j > 0 ? "\t" : "");
            cs_text_put_safe(&text, columns[j], strlen(columns[j]), false);
        }
        cs_strbuf_putc(&text, '\n');
    }
    return cs_app_print(app, &text, err);
}

static void add_hit(struct cs_app *app, struct cs_printer *printer, cJSON *hits,
                    const struct cs_search_hit *hit, size_t rank)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    static const struct cs_snippet none = {.text = ""};
    const struct cs_snippet *snippet =
        hit->n_snippets > 0 ? &hit->snippets[0] : &none;
    cJSON *item = cs_printer_object(printer, hits, NULL);
    put_path(app, hit->path, &path);
    cs_printer_number(printer, item, "rank", (double)rank);
    cs_printer_text(printer, item, "id", hit->id);
    cs_printer_text(printer, item, "type", hit->kind);
    cs_printer_text(printer, item, "space", hit->space);
    cs_printer_text(printer, item, "title", hit->title);
    cs_printer_text(printer, item, "path", hit->path ? path.data : NULL);
    cs_printer_text(printer, item, "url", hit->url);
    cs_printer_time(printer, item, "updated", hit->updated);
    cs_printer_number(printer, item, "score", hit->score);
    cs_printer_number(printer, item, "line", (double)snippet->lines[0]);
    cs_printer_text(printer, item, "snippet",
                    snippet->text ? snippet->text : "");
    cJSON *marks = cs_printer_array(printer, item, "matches");
    for (size_t i = 0; i < snippet->n_marks; i++) {
        cJSON *pair = cs_printer_array(printer, marks, NULL);
        cs_printer_number(printer, pair, NULL, (double)snippet->marks[i].at);
        cs_printer_number(printer, pair, NULL, (double)snippet->marks[i].len);
    }
}

static enum cs_status print_json(struct cs_app *app,
                                 const struct cs_search_request *request,
                                 const struct cs_search_result *result,
                                 struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    cs_printer_start(&printer, "search");
    cJSON *query = cs_printer_object(&printer, printer.root, "query");
    cs_printer_text(&printer, query, "text", request->text);
    cJSON *warnings = cs_printer_array(&printer, query, "warnings");
    for (size_t i = 0; i < result->n_warnings; i++)
        cs_printer_text(&printer, warnings, NULL, result->warnings[i]);
    cs_printer_number(&printer, printer.root, "total", (double)result->total);
    cs_printer_number(&printer, printer.root, "elapsed_ms",
                      (double)result->elapsed_us / 1000);
    cJSON *hits = cs_printer_array(&printer, printer.root, "hits");
    for (size_t i = 0; i < result->n; i++)
        add_hit(app, &printer, hits, &result->hits[i], i + 1);
    return cs_printer_finish(&printer, app, err);
}

static enum cs_status print_result(struct cs_app *app, bool json,
                                   const struct cs_search_request *request,
                                   const struct cs_search_result *result,
                                   struct cs_error *err)
{
    for (size_t i = 0; i < result->n_warnings && !json; i++)
        cs_log_write(app->log, CS_LOG_WARNING, "%s", result->warnings[i]);
    enum cs_status status = json ? print_json(app, request, result, err)
                            : app->out_terminal.tty
                                ? print_people(app, result, err)
                                : print_columns(app, result, err);
    if (status != CS_OK || result->n > 0)
        return status;
    (void)cs_error_set(err, CS_ERR_NOT_FOUND, "nothing found for: %.200s",
                       request->text);
    cs_error_hint(err, "try fewer or other words");
    return CS_ERR_NOT_FOUND;
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    const struct search_args *options = args;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_search_result *result CS_CLEANUP(cs_search_result_cleanup) = NULL;
    for (int i = 0; i < n_words; i++)
        cs_strbuf_printf(&text, "%s%s", i > 0 ? " " : "", words[i]);
    struct cs_search_request request = {
        .spaces = {options->spaces.items, options->spaces.n},
        .labels = {&options->label, options->label ? 1 : 0},
        .authors = {&options->author, options->author ? 1 : 0},
        .types = {&options->type, options->type ? 1 : 0},
        .limit = options->limit,
        .snippets = options->json || app->out_terminal.tty,
    };
    enum cs_status status = cs_strbuf_status(&text, err);
    request.text = text.data;
    if (status == CS_OK)
        status = read_since(app, options->since, &request.since_ms, err);
    if (status == CS_OK)
        status = read_sort(options->sort, &request.sort, err);
    if (status == CS_OK)
        status = cs_search_run(app->index, &request, &result, err);
    if (status != CS_OK)
        return status;
    return print_result(app, options->json, &request, result, err);
}

#define ARG(member) offsetof(struct search_args, member)

static const struct cs_option options[] = {
    {'n', "limit", CS_OPTION_NUMBER, ARG(limit), "N",
     "at most N hits (default 10)", 1, CS_SEARCH_LIMIT_MAX},
    {0, "space", CS_OPTION_LIST, ARG(spaces), "KEY",
     "in this space; may be repeated", 0, 0},
    {0, "label", CS_OPTION_TEXT, ARG(label), "NAME", "with this label", 0, 0},
    {0, "author", CS_OPTION_TEXT, ARG(author), "NAME", "made by this person", 0,
     0},
    {0, "type", CS_OPTION_TEXT, ARG(type), "TYPE", "page or blogpost", 0, 0},
    {0, "since", CS_OPTION_TIME, ARG(since), "TIME",
     "changed in the last 2w, or since 2026-05-06", 0, 0},
    {0, "sort", CS_OPTION_TEXT, ARG(sort), "ORDER",
     "relevance, updated, created or title", 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_search = {
    .name = "search",
    .summary = "Find documents in the mirror",
    .synopsis = "[OPTION...] QUERY...",
    .example = "cs search '\"connection pool\" timeout -draft' --space OPS",
    .about =
        "All words must occur. \"A phrase\", prefix*, -without; space:KEY,\n"
        "label:NAME, author:NAME, type:page. In a pipe, a hit is one line:\n"
        "id, title, path, URL, apart by tabs. Without a hit the status is 1.",
    .needs = CS_NEED_INDEX,
    .options = options,
    .args_size = sizeof(struct search_args),
    .min_words = 1,
    .max_words = -1,
    .run = run,
};
