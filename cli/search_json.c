/*
 * search_json.c - an answer as one JSON object, or as lines of JSON.
 *
 * Both hold the same members: lines are a header, the hits and a trailer.
 */
#include "cli/search_print.h"

#include "index/words/fields.h"
#include "src/text.h"

static void add_texts(struct cs_printer *printer, cJSON *object,
                      const char *name, const char *const *texts, size_t n)
{
    cJSON *array = cs_printer_array(printer, object, name);
    for (size_t i = 0; i < n; i++)
        cs_printer_text(printer, array, NULL, texts[i]);
}

static void add_query(struct cs_printer *printer, cJSON *object,
                      const struct cs_search_view *view)
{
    const struct cs_search_result *result = view->result;
    cJSON *query = cs_printer_object(printer, object, "query");
    cs_printer_text(printer, query, "text", view->request->text);
    cs_printer_text(printer, query, "expression", result->expression);
    add_texts(printer, query, "warnings", result->warnings, result->n_warnings);
    add_texts(printer, query, "hints", result->hints, result->n_hints);
    cJSON *list = cs_printer_array(printer, query, "corrections");
    for (size_t i = 0; i < result->n_corrections; i++) {
        cJSON *item = cs_printer_object(printer, list, NULL);
        cs_printer_text(printer, item, "from", result->corrections[i].from);
        cs_printer_text(printer, item, "to", result->corrections[i].to);
        cs_printer_bool(printer, item, "applied",
                        result->corrections[i].applied);
    }
}

static void add_index(struct cs_printer *printer, cJSON *object,
                      const struct cs_search_view *view)
{
    const struct cs_search_result *result = view->result;
    cJSON *index = cs_printer_object(printer, object, "index");
    cs_printer_number(printer, index, "generation", (double)result->generation);
    cs_printer_time(printer, index, "synced_at", result->synced_at);
    cs_printer_bool(printer, index, "stale", view->stale);
    cs_printer_number(printer, index, "docs", (double)result->documents);
    cs_printer_bool(printer, index, "changed", result->index_changed);
}

/* How many there are, and how they were found. */
static void add_counts(struct cs_printer *printer, cJSON *object,
                       const struct cs_search_view *view)
{
    const struct cs_search_result *result = view->result;
    cs_printer_number(printer, object, "total", (double)result->total);
    cs_printer_bool(printer, object, "exact_total", result->exact_total);
    cs_printer_number(printer, object, "offset", (double)(view->first - 1));
    cs_printer_text(printer, object, "tier", cs_search_tier_name(result->tier));
    cs_printer_bool(printer, object, "partial", result->partial);
    cs_printer_bool(printer, object, "narrowed", result->narrowed);
    int64_t elapsed_ms = result->elapsed_us / 1000;
    cs_printer_number(printer, object, "elapsed_ms", (double)elapsed_ms);
    cs_printer_number(printer, object, "took_us", (double)result->elapsed_us);
    cs_printer_text(printer, object, "next_cursor", view->cursor);
}

static void add_facets(struct cs_printer *printer, cJSON *object,
                       const struct cs_search_view *view)
{
    cJSON *facets = cs_printer_object(printer, object, "facets");
    for (size_t i = 0; i < view->result->n_facets; i++) {
        const struct cs_search_facet *facet = &view->result->facets[i];
        if (!view->request->facets ||
            !cs_search_wants_facet(view->output, facet->name))
            continue;
        cJSON *list = cs_printer_array(printer, facets, facet->name);
        for (size_t j = 0; j < facet->n; j++) {
            cJSON *item = cs_printer_object(printer, list, NULL);
            cs_printer_text(printer, item, "value", facet->counts[j].value);
            cs_printer_number(printer, item, "count",
                              (double)facet->counts[j].n);
        }
    }
}

/* Where it stands, and what of it was found. */
static void add_snippet(struct cs_printer *printer, cJSON *object,
                        const struct cs_snippet *snippet)
{
    cs_printer_text(printer, object, "field", cs_field_name(snippet->field));
    if (snippet->heading) {
        cJSON *section = cs_printer_object(printer, object, "section");
        cs_printer_text(printer, section, "heading", snippet->heading);
        cs_printer_number(printer, section, "level", (double)snippet->level);
        cs_printer_text(printer, section, "anchor", snippet->anchor);
    } else {
        cs_printer_text(printer, object, "section", NULL);
    }
    cJSON *lines = cs_printer_array(printer, object, "lines");
    cs_printer_number(printer, lines, NULL, (double)snippet->lines[0]);
    cs_printer_number(printer, lines, NULL, (double)snippet->lines[1]);
    cs_printer_text(printer, object, "snippet",
                    snippet->text ? snippet->text : "");
    cs_printer_bool(printer, object, "truncated", snippet->truncated);
    cJSON *marks = cs_printer_array(printer, object, "matches");
    for (size_t i = 0; i < snippet->n_marks; i++) {
        cJSON *pair = cs_printer_array(printer, marks, NULL);
        cs_printer_number(printer, pair, NULL, (double)snippet->marks[i].at);
        cs_printer_number(printer, pair, NULL, (double)snippet->marks[i].len);
    }
}

static void add_snippets(struct cs_printer *printer, cJSON *item,
                         const struct cs_search_hit *hit)
{
    static const struct cs_snippet none = {.text = ""};
    const struct cs_snippet *best = hit->n_snippets ? hit->snippets : &none;
    cs_printer_number(printer, item, "line", (double)best->lines[0]);
    add_snippet(printer, item, best);
    cJSON *more = cs_printer_array(printer, item, "more");
    for (size_t i = 1; i < hit->n_snippets; i++)
        add_snippet(printer, cs_printer_object(printer, more, NULL),
                    &hit->snippets[i]);
}

static void add_document(struct cs_printer *printer, cJSON *item,
                         const struct cs_search_view *view,
                         const struct cs_search_hit *hit)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_search_put_path(view, hit, &path);
    printer->failed |= path.status != CS_OK;
    const struct {
        const char *name, *value;
    } texts[] = {
        {"id", hit->id},
        {"source", hit->source},
        {"type", hit->kind},
        {"status", hit->status},
        {"space", hit->space},
        {"space_name", hit->space_name},
        {"title", hit->title},
        {"path", hit->path ? path.data : NULL},
        {"url", hit->url},
        {"anchor_url", hit->anchor_url ? hit->anchor_url : hit->url},
        {"author", hit->author},
        {"editor", hit->editor},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++)
        cs_printer_text(printer, item, texts[i].name, texts[i].value);
    add_texts(printer, item, "trail", hit->trail, hit->n_trail);
    cs_printer_time(printer, item, "created", hit->created);
    cs_printer_time(printer, item, "updated", hit->updated);
    cs_printer_number(printer, item, "version", (double)hit->version);
    add_texts(printer, item, "labels", hit->labels, hit->n_labels);
}

static void add_parts(struct cs_printer *printer, cJSON *item,
                      const struct cs_search_parts *parts)
{
    cJSON *object = cs_printer_object(printer, item, "score_parts");
    cs_printer_number(printer, object, "text", parts->text);
    cs_printer_number(printer, object, "proximity", parts->proximity);
    cs_printer_number(printer, object, "exact", parts->exact);
    cs_printer_number(printer, object, "prior", parts->prior);
    cs_printer_number(printer, object, "recency", parts->recency);
}

static void add_hit(struct cs_printer *printer, cJSON *item,
                    const struct cs_search_view *view, size_t i)
{
    const struct cs_search_hit *hit = &view->result->hits[i];
    cs_printer_number(printer, item, "rank", (double)(view->first + i));
    add_document(printer, item, view, hit);
    cs_printer_number(printer, item, "score", hit->score);
    if (view->output->explain)
        add_parts(printer, item, &hit->parts);
    cs_printer_text(printer, item, "tier", cs_search_tier_name(hit->tier));
    add_texts(printer, item, "missing", hit->missing, hit->n_missing);
    add_snippets(printer, item, hit);
    add_texts(printer, item, "duplicates", hit->duplicates, hit->n_duplicates);
}

enum cs_status cs_search_print_json(const struct cs_search_view *view,
                                    struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    cs_printer_start(&printer, view->verb);
    add_query(&printer, printer.root, view);
    add_index(&printer, printer.root, view);
    add_counts(&printer, printer.root, view);
    add_facets(&printer, printer.root, view);
    cJSON *hits = cs_printer_array(&printer, printer.root, "hits");
    for (size_t i = 0; i < view->result->n; i++)
        add_hit(&printer, cs_printer_object(&printer, hits, NULL), view, i);
    return cs_printer_finish(&printer, view->app, err);
}

typedef void fill_fn(struct cs_printer *printer,
                     const struct cs_search_view *view, size_t i);

static void fill_header(struct cs_printer *printer,
                        const struct cs_search_view *view, CS_UNUSED size_t i)
{
    add_query(printer, printer->root, view);
    add_index(printer, printer->root, view);
}

static void fill_hit(struct cs_printer *printer,
                     const struct cs_search_view *view, size_t i)
{
    add_hit(printer, printer->root, view, i);
}

static void fill_trailer(struct cs_printer *printer,
                         const struct cs_search_view *view, CS_UNUSED size_t i)
{
    add_counts(printer, printer->root, view);
    add_facets(printer, printer->root, view);
    cs_printer_number(printer, printer->root, "n", (double)view->result->n);
}

static enum cs_status put_record(const struct cs_search_view *view,
                                 const char *record, fill_fn *fill, size_t i,
                                 struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    cs_printer_start(&printer, view->verb);
    cs_printer_text(&printer, printer.root, "record", record);
    fill(&printer, view, i);
    return cs_printer_put(&printer, out, err);
}

enum cs_status cs_search_print_ndjson(const struct cs_search_view *view,
                                      struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status =
        put_record(view, "header", fill_header, 0, &text, err);
    for (size_t i = 0; !status && i < view->result->n; i++)
        status = put_record(view, "hit", fill_hit, i, &text, err);
    if (!status)
        status = put_record(view, "trailer", fill_trailer, 0, &text, err);
    return status ? status : cs_app_print(view->app, &text, err);
}
