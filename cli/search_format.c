/*
 * search_format.c - a template is a list of pieces, literal or a field.
 */
#include "cli/search_format.h"

#include "cli/search_field.h"
#include "src/text.h"

#include <stdlib.h>

enum { FILTERS_MAX = 4, TRIM_MAX = 10000 };

struct piece {
    struct piece *next;
    const char *literal;
    size_t len;
    const struct cs_search_field *field; /* NULL: it is literal */
    const struct cs_filter *filters[FILTERS_MAX];
    size_t numbers[FILTERS_MAX], n_filters;
};

struct cs_format {
    struct piece *first;
};

static bool is_name(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}

static enum cs_status refuse(const char *what, const char *text, size_t len,
                             const struct cs_strbuf *names,
                             struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_USAGE, "--format: there is no %s \"%.*s\"",
                       what, (int)(len < 40 ? len : 40), text);
    cs_error_hint(err, "there are:%s", names->data);
    return CS_ERR_USAGE;
}

static enum cs_status refuse_field(const char *text, size_t len,
                                   struct cs_error *err)
{
    struct cs_strbuf names CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    for (const struct cs_search_field *row = cs_search_fields; row->name; row++)
        cs_strbuf_printf(&names, " %s", row->name);
    return refuse("field", text, len, &names, err);
}

static enum cs_status refuse_filter(const char *text, size_t len,
                                    struct cs_error *err)
{
    struct cs_strbuf names CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    for (const struct cs_filter *row = cs_search_filters; row->name; row++)
        cs_strbuf_printf(&names, " %s%s", row->name, row->number ? ":N" : "");
    return refuse("filter", text, len, &names, err);
}

/* The N of "trim:N"; false when there is none, or too much of it. */
static bool read_number(const char *text, const char *end, size_t *ret)
{
    char *stop = NULL;
    if (!cs_ascii_is_digit(*text))
        return false;
    *ret = strtoul(text, &stop, 10);
    return stop == end && *ret <= TRIM_MAX;
}

static enum cs_status parse_filter(struct piece *piece, const char *text,
                                   size_t len, struct cs_error *err)
{
    const char *colon = memchr(text, ':', len);
    size_t name = colon ? (size_t)(colon - text) : len, number = 0;
    const struct cs_filter *row = cs_search_filters;
    while (row->name && !is_name(row->name, text, name))
        row++;
    if (!row->name || row->number != (colon != NULL) ||
        (colon && !read_number(colon + 1, text + len, &number)))
        return refuse_filter(text, len, err);
    if (row->for_time && piece->field->kind != CS_VALUE_TIME) {
        (void)cs_error_set(err, CS_ERR_USAGE, "--format: %s is no time",
                           piece->field->name);
        cs_error_hint(err, "%s is for created and updated", row->name);
        return CS_ERR_USAGE;
    }
    if (piece->n_filters == FILTERS_MAX)
        return cs_error_set(err, CS_ERR_USAGE,
                            "--format: more than %d filters for %s",
                            FILTERS_MAX, piece->field->name);
    piece->numbers[piece->n_filters] = number;
    piece->filters[piece->n_filters++] = row;
    return CS_OK;
}

/* What stands between the braces: a field, and filters each behind a "|". */
static enum cs_status parse_field(struct piece *piece, const char *text,
                                  size_t len, struct cs_error *err)
{
    const char *bar = memchr(text, '|', len), *end = text + len;
    size_t name = bar ? (size_t)(bar - text) : len;
    enum cs_status status = CS_OK;
    const struct cs_search_field *row = cs_search_fields;
    while (row->name && !is_name(row->name, text, name))
        row++;
    if (!row->name)
        return refuse_field(text, name, err);
    piece->field = row;
    while (!status && bar) {
        const char *from = bar + 1;
        bar = memchr(from, '|', (size_t)(end - from));
        status =
            parse_filter(piece, from, (size_t)((bar ? bar : end) - from), err);
    }
    return status;
}

/* Copy literal text up to a field, escapes resolved; returns where it ends. */
static const char *take_literal(const char *at, struct cs_strbuf *out)
{
    static const char letters[] = "tnr0e\\", signs[] = "\t\n\r\0\x1b\\";
    for (; *at && (*at != '{' || at[1] == '{'); at++) {
        const char *letter =
            *at == '\\' && at[1] ? strchr(letters, at[1]) : NULL;
        cs_strbuf_putc(out, letter ? signs[letter - letters] : *at);
        at += letter || (*at == '{' && at[1] == '{');
    }
    return at;
}

/* Read one piece, and go behind it. */
static enum cs_status parse_piece(struct cs_arena *arena, struct piece *piece,
                                  const char **at, struct cs_error *err)
{
    struct cs_strbuf literal CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)1 << 20);
    const char *text = *at, *end = take_literal(text, &literal);
    const char *close = end == text ? strchr(text, '}') : NULL;
    if (close) {
        *at = close + 1;
        return parse_field(piece, text + 1, (size_t)(close - text - 1), err);
    }
    if (end == text) {
        (void)cs_error_set(err, CS_ERR_USAGE, "--format: a { stays open");
        cs_error_hint(err, "write {{ for the brace itself");
        return CS_ERR_USAGE;
    }
    char *copy = cs_arena_take(arena, literal.len + 1);
    if (!copy)
        return cs_arena_status(arena, err);
    memcpy(copy, literal.data, literal.len + 1);
    piece->literal = copy;
    piece->len = literal.len;
    *at = end;
    return cs_strbuf_status(&literal, err);
}

enum cs_status cs_format_parse(struct cs_arena *arena, const char *text,
                               const struct cs_format **ret,
                               struct cs_error *err)
{
    struct cs_format *format = cs_arena_alloc(arena, sizeof(*format));
    if (!format)
        return cs_arena_status(arena, err);
    struct piece **last = &format->first;
    enum cs_status status = CS_OK;
    while (!status && *text) {
        struct piece *piece = cs_arena_alloc(arena, sizeof(*piece));
        if (!piece)
            return cs_arena_status(arena, err);
        status = parse_piece(arena, piece, &text, err);
        *last = piece;
        last = &piece->next;
    }
    if (!status)
        *ret = format;
    return status;
}

static void put_piece(const struct piece *piece,
                      const struct cs_search_view *view, size_t i,
                      struct cs_strbuf *out)
{
    struct cs_strbuf made CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_flow flow = {.view = view, .text = &text};
    cs_search_field_read(piece->field, view, i, &made, &flow.value);
    cs_value_put(&flow.value, &text);
    for (size_t j = 0; j < piece->n_filters; j++)
        piece->filters[j]->run(&flow, piece->numbers[j]);
    cs_strbuf_add_failure(out, &made);
    cs_strbuf_add_failure(out, &text);
    if (flow.safe)
        cs_strbuf_put(out, text.data, text.len);
    else
        cs_text_put_safe(out, text.data, text.len, false);
}

void cs_format_put(const struct cs_format *format,
                   const struct cs_search_view *view, size_t i,
                   struct cs_strbuf *out)
{
    for (const struct piece *at = format->first; at; at = at->next) {
        if (at->field)
            put_piece(at, view, i, out);
        else
            cs_strbuf_put(out, at->literal, at->len);
    }
}

enum cs_status cs_search_print_format(const struct cs_search_view *view,
                                      struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (size_t i = 0; i < view->result->n; i++) {
        cs_format_put(view->format, view, i, &text);
        cs_strbuf_putc(&text, view->output->nul ? '\0' : '\n');
    }
    return cs_app_print(view->app, &text, err);
}
