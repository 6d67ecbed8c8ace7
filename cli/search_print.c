/*
 * search_print.c - the table of printers, and those that print a line a hit.
 */
#include "cli/search_print.h"

#include "src/path.h"
#include "src/text.h"

void cs_search_put_path(const struct cs_search_view *view,
                        const struct cs_search_hit *hit, struct cs_strbuf *out)
{
    if (hit->path && hit->path[0] != '/')
        cs_path_join(out, cs_config_root(view->app->config), hit->path);
    else if (hit->path)
        cs_strbuf_puts(out, hit->path);
}

/* One column: every control character becomes a blank, so that columns and
 * lines are what they seem. */
static void put_column(const char *text, struct cs_strbuf *out)
{
    size_t len = text ? strlen(text) : 0;
    for (size_t at = 0; at < len;) {
        uint32_t rune;
        size_t n = cs_text_decode(text + at, len - at, &rune);
        if (rune == 0xfffd)
            cs_text_encode(out, rune);
        else if (cs_rune_is_unsafe(rune) || rune == 0x2028 || rune == 0x2029)
            cs_strbuf_putc(out, ' ');
        else
            cs_strbuf_put(out, text + at, n);
        at += n;
    }
}

static char end_of(const struct cs_search_view *view)
{
    return view->output->nul ? '\0' : '\n';
}

/* These columns stay as they are, for ever. */
static void put_row(const struct cs_search_view *view,
                    const struct cs_search_hit *hit, struct cs_strbuf *out)
{
    const struct cs_snippet *snippet =
        hit->n_snippets > 0 ? &hit->snippets[0] : NULL;
    char updated[CS_TIME_TEXT_SIZE] = "", line[24] = "";
    if (hit->updated != 0)
        cs_time_format(hit->updated, updated);
    if (snippet && snippet->lines[0] > 0)
        (void)snprintf(line, sizeof(line), "%zu", snippet->lines[0]);
    const char *columns[] = {
        hit->id,
        updated,
        hit->space,
        hit->title,
        hit->url,
        line,
        snippet ? snippet->text : NULL,
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(columns); i++) {
        cs_strbuf_puts(out, i > 0 ? "\t" : "");
        put_column(columns[i], out);
    }
    cs_strbuf_putc(out, end_of(view));
}

static void put_id(const struct cs_search_view *view,
                   const struct cs_search_hit *hit, struct cs_strbuf *out)
{
    put_column(hit->id, out);
    cs_strbuf_putc(out, end_of(view));
}

/* A page without an address is left out. */
static void put_url(const struct cs_search_view *view,
                    const struct cs_search_hit *hit, struct cs_strbuf *out)
{
    if (!hit->url)
        return;
    put_column(hit->url, out);
    cs_strbuf_putc(out, end_of(view));
}

static enum cs_status print_each(const struct cs_search_view *view,
                                 void (*put)(const struct cs_search_view *view,
                                             const struct cs_search_hit *hit,
                                             struct cs_strbuf *out),
                                 struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (size_t i = 0; i < view->result->n; i++)
        put(view, &view->result->hits[i], &text);
    return cs_app_print(view->app, &text, err);
}

static enum cs_status print_pipe(const struct cs_search_view *view,
                                 struct cs_error *err)
{
    return print_each(view, put_row, err);
}

static enum cs_status print_ids(const struct cs_search_view *view,
                                struct cs_error *err)
{
    return print_each(view, put_id, err);
}

static enum cs_status print_urls(const struct cs_search_view *view,
                                 struct cs_error *err)
{
    return print_each(view, put_url, err);
}

static enum cs_status print_count(const struct cs_search_view *view,
                                  struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(64);
    cs_strbuf_printf(&text, "%lld\n", (long long)view->result->total);
    if (!view->result->exact_total)
        cs_log_write(view->app->log, CS_LOG_WARNING,
                     "there are more than that");
    return cs_app_print(view->app, &text, err);
}

/* Columns for people, tabs for programs: name, value, number. */
static enum cs_status print_facets(const struct cs_search_view *view,
                                   struct cs_error *err)
{
    struct cs_table table CS_CLEANUP(cs_table_clear);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_table_init(&table);
    table.right[2] = true;
    for (size_t i = 0; i < view->result->n_facets; i++) {
        const struct cs_search_facet *facet = &view->result->facets[i];
        for (size_t j = 0; j < facet->n; j++) {
            if (!cs_search_wants_facet(view->output, facet->name))
                continue;
            cs_table_cell(&table, "%s", facet->name);
            cs_table_cell(&table, "%s", facet->counts[j].value);
            cs_table_cell(&table, "%lld", (long long)facet->counts[j].n);
            cs_table_end_row(&table);
            put_column(facet->name, &text);
            cs_strbuf_putc(&text, '\t');
            put_column(facet->counts[j].value, &text);
            cs_strbuf_printf(&text, "\t%lld", (long long)facet->counts[j].n);
            cs_strbuf_putc(&text, end_of(view));
        }
    }
    if (view->app->out_terminal.tty) {
        cs_strbuf_reset(&text);
        cs_table_put(&table, 0, &text);
    }
    return cs_app_print(view->app, &text, err);
}

/* Those that an option asks for, in the order in which they are looked at. */
enum { JSON, NDJSON, FORMAT, IDS, URLS, COUNT, FACETS, PRINTERS };
static const struct cs_search_printer printers[PRINTERS] = {
    [JSON] = {.option = "--json",
              .needs_snippets = true,
              .print = cs_search_print_json},
    [NDJSON] = {.option = "--ndjson",
                .needs_snippets = true,
                .print = cs_search_print_ndjson},
    [FORMAT] = {.option = "--format",
                .people = true,
                .needs_snippets = true,
                .print = cs_search_print_format},
    [IDS] = {.option = "--ids", .people = true, .print = print_ids},
    [URLS] = {.option = "--urls", .people = true, .print = print_urls},
    [COUNT] = {.option = "--count",
               .people = true,
               .only_sums = true,
               .print = print_count},
    [FACETS] = {.option = "--facets",
                .people = true,
                .needs_facets = true,
                .only_sums = true,
                .print = print_facets},
};
static const struct cs_search_printer for_people = {.people = true,
                                                    .needs_snippets = true,
                                                    .needs_facets = true,
                                                    .print =
                                                        cs_search_print_people},
                                      for_pipes = {.people = true,
                                                   .needs_snippets = true,
                                                   .print = print_pipe};

static const char *const facet_names[] = {"space", "type", "author",
                                          "label", "year", "status"};

bool cs_search_wants_facet(const struct cs_search_output *output,
                           const char *name)
{
    for (size_t i = 0; i < output->facets.n; i++)
        if (cs_str_equal(output->facets.items[i], name) ||
            cs_str_equal(output->facets.items[i], "all"))
            return true;
    return output->facets.n == 0;
}

static enum cs_status check_facets(const struct cs_search_output *output,
                                   struct cs_error *err)
{
    for (size_t i = 0; i < output->facets.n; i++) {
        const char *name = output->facets.items[i];
        bool known = cs_str_equal(name, "all");
        for (size_t j = 0; j < CS_ARRAY_LEN(facet_names) && !known; j++)
            known = cs_str_equal(name, facet_names[j]);
        if (known)
            continue;
        (void)cs_error_set(err, CS_ERR_USAGE, "--facets: no facet \"%.40s\"",
                           name);
        cs_error_hint(err, "write space, type, author, label, year, status, "
                           "or all");
        return CS_ERR_USAGE;
    }
    return CS_OK;
}

static enum cs_status check_schema(const struct cs_search_output *output,
                                   struct cs_error *err)
{
    if (output->schema == 0 || output->schema == CS_SEARCH_SCHEMA)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_BAD_SCHEMA,
                       "there is no schema version %lld",
                       (long long)output->schema);
    cs_error_hint(err, "this program writes version %d", CS_SEARCH_SCHEMA);
    return CS_ERR_BAD_SCHEMA;
}

static enum cs_status refuse_both(const char *one, const char *other,
                                  struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_USAGE, "%s and %s exclude each other", one,
                       other);
    cs_error_hint(err, "write one of them");
    return CS_ERR_USAGE;
}

enum cs_status cs_search_printer_find(const struct cs_app *app,
                                      const struct cs_search_output *output,
                                      const struct cs_search_printer **ret,
                                      struct cs_error *err)
{
    const bool asked[PRINTERS] = {
        [JSON] = output->json,           [NDJSON] = output->ndjson,
        [FORMAT] = output->format,       [IDS] = output->ids,
        [URLS] = output->urls,           [COUNT] = output->count,
        [FACETS] = output->facets.n > 0,
    };
    const char *always = cs_color_name(CS_COLOR_ALWAYS);
    bool people =
        app->out_terminal.tty || cs_str_equal(app->globals.color, always);
    const struct cs_search_printer *found = NULL;
    enum cs_status status = check_schema(output, err);
    if (!status)
        status = check_facets(output, err);
    for (size_t i = 0; !status && i < PRINTERS; i++) {
        if (!asked[i] || (i == FACETS && found && !found->people))
            continue; /* JSON has room for facets */
        if (found)
            status = refuse_both(found->option, printers[i].option, err);
        else
            found = &printers[i];
    }
    if (!found)
        found = people && !output->nul ? &for_people : &for_pipes;
    if (!status)
        *ret = found;
    return status;
}

enum cs_status cs_search_print(const struct cs_search_printer *printer,
                               const struct cs_search_view *view,
                               struct cs_error *err)
{
    const struct cs_search_result *result = view->result;
    if (printer->people)
        cs_search_tell(view);
    enum cs_status status = printer->print(view, err);
    if (status)
        return status;
    if (result->partial) {
        (void)cs_error_set(err, CS_ERR_PARTIAL,
                           "time was up before all had been searched");
        cs_error_hint(err, "narrow it: a space, or a longer plain part");
        return CS_ERR_PARTIAL;
    }
    if (result->n > 0 || view->output->ok_empty)
        return CS_OK;
    if (view->request->text)
        (void)cs_error_set(err, CS_ERR_NOT_FOUND, "nothing found for: %.200s",
                           view->request->text);
    else
        (void)cs_error_set(err, CS_ERR_NOT_FOUND, "nothing found");
    cs_error_hint(err, view->request->cursor ? "that was all"
                                             : "try fewer or other words");
    return CS_ERR_NOT_FOUND;
}
