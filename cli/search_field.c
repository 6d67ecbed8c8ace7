/*
 * search_field.c - fields are members of a hit or made from it; filters turn
 * one text into another.
 */
#include "cli/search_field.h"

#include "src/text.h"
#include "src/url.h"

#include <inttypes.h>
#include <math.h>

static const struct cs_snippet *best_of(const struct cs_search_view *view,
                                        size_t i)
{
    static const struct cs_snippet none = {.text = ""};
    const struct cs_search_hit *hit = &view->result->hits[i];
    return hit->n_snippets > 0 ? &hit->snippets[0] : &none;
}

static void get_rank(const struct cs_search_view *view, size_t i,
                     struct cs_strbuf *scratch, struct cs_value *ret)
{
    (void)scratch;
    ret->number = (double)(view->first + i);
}

static void get_score(const struct cs_search_view *view, size_t i,
                      struct cs_strbuf *scratch, struct cs_value *ret)
{
    (void)scratch;
    ret->number = view->result->hits[i].score;
}

static void get_version(const struct cs_search_view *view, size_t i,
                        struct cs_strbuf *scratch, struct cs_value *ret)
{
    (void)scratch;
    ret->number = (double)view->result->hits[i].version;
}

static void get_line(const struct cs_search_view *view, size_t i,
                     struct cs_strbuf *scratch, struct cs_value *ret)
{
    (void)scratch;
    ret->number = (double)best_of(view, i)->lines[0];
}

static void get_lines(const struct cs_search_view *view, size_t i,
                      struct cs_strbuf *scratch, struct cs_value *ret)
{
    const struct cs_snippet *snippet = best_of(view, i);
    if (snippet->lines[0] > 0)
        cs_strbuf_printf(scratch, "%zu-%zu", snippet->lines[0],
                         snippet->lines[1] > snippet->lines[0]
                             ? snippet->lines[1]
                             : snippet->lines[0]);
    ret->text = scratch->data;
}

static void get_section(const struct cs_search_view *view, size_t i,
                        struct cs_strbuf *scratch, struct cs_value *ret)
{
    (void)scratch;
    ret->text = best_of(view, i)->heading;
}

static void get_snippet(const struct cs_search_view *view, size_t i,
                        struct cs_strbuf *scratch, struct cs_value *ret)
{
    (void)scratch;
    ret->text = best_of(view, i)->text;
}

static void get_path(const struct cs_search_view *view, size_t i,
                     struct cs_strbuf *scratch, struct cs_value *ret)
{
    cs_search_put_path(view, &view->result->hits[i], scratch);
    ret->text = scratch->data;
}

static void get_anchor_url(const struct cs_search_view *view, size_t i,
                           struct cs_strbuf *scratch, struct cs_value *ret)
{
    const struct cs_search_hit *hit = &view->result->hits[i];
    (void)scratch;
    ret->text = hit->anchor_url ? hit->anchor_url : hit->url;
}

static void get_tier(const struct cs_search_view *view, size_t i,
                     struct cs_strbuf *scratch, struct cs_value *ret)
{
    (void)scratch;
    ret->text = cs_search_tier_name(view->result->hits[i].tier);
}

#define AT(member) offsetof(struct cs_search_hit, member)

const struct cs_search_field cs_search_fields[] = {
    {"rank", CS_VALUE_NUMBER, 0, 0, get_rank},
    {"id", CS_VALUE_TEXT, AT(id), 0, NULL},
    {"source", CS_VALUE_TEXT, AT(source), 0, NULL},
    {"type", CS_VALUE_TEXT, AT(kind), 0, NULL},
    {"status", CS_VALUE_TEXT, AT(status), 0, NULL},
    {"space", CS_VALUE_TEXT, AT(space), 0, NULL},
    {"space_name", CS_VALUE_TEXT, AT(space_name), 0, NULL},
    {"title", CS_VALUE_TEXT, AT(title), 0, NULL},
    {"trail", CS_VALUE_LIST, AT(trail), AT(n_trail), NULL},
    {"path", CS_VALUE_TEXT, 0, 0, get_path},
    {"url", CS_VALUE_TEXT, AT(url), 0, NULL},
    {"anchor_url", CS_VALUE_TEXT, 0, 0, get_anchor_url},
    {"author", CS_VALUE_TEXT, AT(author), 0, NULL},
    {"editor", CS_VALUE_TEXT, AT(editor), 0, NULL},
    {"labels", CS_VALUE_LIST, AT(labels), AT(n_labels), NULL},
    {"created", CS_VALUE_TIME, AT(created), 0, NULL},
    {"updated", CS_VALUE_TIME, AT(updated), 0, NULL},
    {"version", CS_VALUE_NUMBER, 0, 0, get_version},
    {"score", CS_VALUE_NUMBER, 0, 0, get_score},
    {"tier", CS_VALUE_TEXT, 0, 0, get_tier},
    {"missing", CS_VALUE_LIST, AT(missing), AT(n_missing), NULL},
    {"duplicates", CS_VALUE_LIST, AT(duplicates), AT(n_duplicates), NULL},
    {"section", CS_VALUE_TEXT, 0, 0, get_section},
    {"line", CS_VALUE_NUMBER, 0, 0, get_line},
    {"lines", CS_VALUE_TEXT, 0, 0, get_lines},
    {"snippet", CS_VALUE_TEXT, 0, 0, get_snippet},
    {0},
};

static void put_json_text(const char *text, struct cs_strbuf *out)
{
    cJSON *item = cJSON_CreateString(text);
    char *json = item ? cJSON_PrintUnformatted(item) : NULL;
    if (json)
        cs_printer_put_escaped(json, out);
    else
        out->status = CS_ERR_NO_MEMORY;
    cJSON_free(json);
    cJSON_Delete(item);
}

static void filter_json(struct cs_flow *flow, CS_UNUSED size_t number)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const struct cs_value *value = &flow->value;
    if (value->kind == CS_VALUE_LIST) {
        cs_strbuf_putc(&out, '[');
        for (size_t i = 0; i < value->n; i++) {
            cs_strbuf_puts(&out, i > 0 ? "," : "");
            put_json_text(value->items[i], &out);
        }
        cs_strbuf_putc(&out, ']');
    } else if (value->kind == CS_VALUE_NUMBER) {
        cs_strbuf_put(&out, flow->text->data, flow->text->len);
    } else {
        put_json_text(flow->text->data, &out);
    }
    cs_strbuf_splice(flow->text, 0, flow->text->len, out.data, out.len);
    cs_strbuf_add_failure(flow->text, &out);
    flow->safe = true;
}

static void filter_url(struct cs_flow *flow, CS_UNUSED size_t number)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_url_put_escaped(flow->text->data, &out);
    cs_strbuf_splice(flow->text, 0, flow->text->len, out.data, out.len);
    cs_strbuf_add_failure(flow->text, &out);
    flow->safe = true;
}

static void filter_date(struct cs_flow *flow, CS_UNUSED size_t number)
{
    char text[CS_TIME_TEXT_SIZE] = "";
    if (flow->value.time != 0)
        cs_time_format_date(flow->value.time, text);
    cs_strbuf_splice(flow->text, 0, flow->text->len, text, strlen(text));
}

static void filter_age(struct cs_flow *flow, CS_UNUSED size_t number)
{
    int64_t age = cs_clock_now(flow->view->app->clock) - flow->value.time;
    cs_strbuf_truncate(flow->text, 0);
    if (flow->value.time != 0)
        cs_duration_format(age > 0 ? age : 0, flow->text);
}

static void filter_trim(struct cs_flow *flow, size_t number)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    struct cs_strbuf *text = flow->text;
    if (number == 0 || cs_text_width(text->data, text->len) <= number)
        return;
    cs_strbuf_truncate(text,
                       cs_text_cut_width(text->data, text->len, number - 1));
    cs_strbuf_rtrim(text);
    cs_strbuf_puts(text, ellipsis);
}

static void change_case(struct cs_flow *flow, bool upper)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_text_put_case(&out, flow->text->data, flow->text->len, upper);
    cs_strbuf_splice(flow->text, 0, flow->text->len, out.data, out.len);
    cs_strbuf_add_failure(flow->text, &out);
}

static void filter_upper(struct cs_flow *flow, CS_UNUSED size_t number)
{
    change_case(flow, true);
}

static void filter_lower(struct cs_flow *flow, CS_UNUSED size_t number)
{
    change_case(flow, false);
}

const struct cs_filter cs_search_filters[] = {
    {"json", false, false, filter_json},
    {"url", false, false, filter_url},
    {"date", false, true, filter_date},
    {"age", false, true, filter_age},
    {"trim", true, false, filter_trim},
    {"upper", false, false, filter_upper},
    {"lower", false, false, filter_lower},
    {0},
};

static void read_member(const struct cs_search_field *field,
                        const struct cs_search_hit *hit, struct cs_value *ret)
{
    const char *base = (const char *)hit;
    if (field->kind == CS_VALUE_TEXT) {
        memcpy(&ret->text, base + field->at, sizeof(ret->text));
    } else if (field->kind == CS_VALUE_TIME) {
        memcpy(&ret->time, base + field->at, sizeof(ret->time));
    } else {
        memcpy(&ret->items, base + field->at, sizeof(ret->items));
        memcpy(&ret->n, base + field->n_at, sizeof(ret->n));
    }
}

void cs_value_put(const struct cs_value *value, struct cs_strbuf *out)
{
    char time[CS_TIME_TEXT_SIZE];
    if (value->kind == CS_VALUE_TEXT && value->text)
        cs_strbuf_puts(out, value->text);
    else if (value->kind == CS_VALUE_NUMBER && fabs(value->number) < 1e15 &&
             value->number == floor(value->number))
        cs_strbuf_printf(out, "%" PRId64, (int64_t)value->number);
    else if (value->kind == CS_VALUE_NUMBER)
        cs_strbuf_printf(out, "%.6g", value->number);
    for (size_t i = 0; value->kind == CS_VALUE_LIST && i < value->n; i++)
        cs_strbuf_printf(out, "%s%s", i > 0 ? ", " : "", value->items[i]);
    if (value->kind != CS_VALUE_TIME || value->time == 0)
        return;
    cs_time_format(value->time, time);
    cs_strbuf_puts(out, time);
}

void cs_search_field_read(const struct cs_search_field *field,
                          const struct cs_search_view *view, size_t i,
                          struct cs_strbuf *scratch, struct cs_value *ret)
{
    *ret = (struct cs_value){.kind = field->kind};
    if (field->get)
        field->get(view, i, scratch, ret);
    else
        read_member(field, &view->result->hits[i], ret);
}
