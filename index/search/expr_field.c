/*
 * expr_field.c - field:value, as it stands in a query.
 */
#include "index/search/expr_parts.h"

#include "src/text.h"

/* What looks like a field and is none: say so, for the text is searched for. */
static void warn_unknown(struct cs_expr_parser *p, size_t n)
{
    char name[CS_EXPR_NAME_MAX + 2] = "";
    size_t at = p->at + n;
    char next = at + 1 < p->len ? p->text[at + 1] : ' ';
    bool value = cs_ascii_is_alnum(next) && !cs_ascii_is_digit(next);
    if (n < 2 || (!value && next != '"' && next != '(') ||
        p->unknown++ >= CS_EXPR_NOTES_MAX)
        return;
    memcpy(name, p->text + p->at, n);
    const char *near = cs_expr_nearest_field(name);
    cs_expr_warn(
        p->expr, p->arena, "there is no field '%s'%s%s%s: read as text", name,
        near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

/* One value of a list: in quotes or not, with a star behind it or not. */
static void read_item(struct cs_expr_parser *p, enum cs_expr_filter filter,
                      struct cs_expr_part **ret, bool *ret_bad)
{
    bool quoted = p->at < p->len && cs_expr_quote_at(p, p->at) > 0;
    struct cs_expr_piece piece =
        quoted ? cs_expr_read_quoted(p)
               : cs_expr_read_word(p, cs_expr_filter_is_list(filter));
    bool prefix = quoted && cs_expr_take_stars(p);
    while (!quoted && piece.end > piece.at &&
           strchr(",;", p->text[piece.end - 1]))
        piece.end--;
    for (; !quoted && piece.end > piece.at && p->text[piece.end - 1] == '*';
         piece.end--)
        prefix = true;
    if (piece.end == piece.at)
        return;
    const char *text =
        cs_arena_strndup(p->arena, p->text + piece.at, piece.end - piece.at);
    if (!text)
        return;
    *ret = cs_expr_value_part(p, filter, piece, text, prefix);
    if (!*ret && !(p->noted & 1U << CS_EXPR_NOTE_LEAVES)) {
        *ret_bad = true;
        cs_expr_warn_value(p, filter, text, "read as text");
    }
}

/* Behind a value: a comma and one more? Where commas may be part of a value,
 * only between quotes. */
static bool take_comma(struct cs_expr_parser *p, enum cs_expr_filter filter,
                       bool quoted)
{
    size_t next = p->at + 1;
    if (p->at == p->len || p->text[p->at] != ',' ||
        !(cs_expr_filter_is_list(filter) ||
          (quoted && next < p->len && cs_expr_quote_at(p, next))))
        return false;
    p->at = next;
    return true;
}

/* NULL and `*ret_bad`: not one of the values is any. */
static struct cs_expr_part *read_values(struct cs_expr_parser *p,
                                        enum cs_expr_filter filter,
                                        bool *ret_bad)
{
    struct cs_expr_part *part = NULL;
    bool quoted;
    do {
        struct cs_expr_part *more = NULL;
        quoted = p->at < p->len && cs_expr_quote_at(p, p->at) > 0;
        read_item(p, filter, &more, ret_bad);
        if (part && more)
            cs_expr_values_join(part, more);
        else if (more)
            part = more;
    } while (take_comma(p, filter, quoted));
    return part;
}

static struct cs_expr_part *read_filter(struct cs_expr_parser *p,
                                        enum cs_expr_filter filter,
                                        size_t start)
{
    static const struct cs_expr_scope everywhere = {0};
    bool bad = false;
    size_t at = p->at;
    unsigned ignored = p->ignored;
    struct cs_expr_part *part = read_values(p, filter, &bad);
    if (part) {
        part->node.at = start;
        return part;
    }
    if (!bad && p->at > at) { /* commas, or an empty quote */
        cs_expr_warn(p->expr, p->arena, "%s: has no value: ignored",
                     cs_expr_filter_name(filter));
        return NULL;
    }
    p->at = start;
    p->ignored = ignored;
    return cs_expr_word(p, &everywhere, cs_expr_read_word(p, false));
}

/* `title:a,b` is `title:a OR title:b`; `title:1,000` is a number. */
static struct cs_expr_part *read_words(struct cs_expr_parser *p,
                                       const struct cs_expr_scope *scope)
{
    struct cs_expr_list list = {0};
    bool word = !strchr("\"\\/", p->text[p->at]) &&
                !cs_expr_quote_at(p, p->at) && p->depth < CS_EXPR_DEPTH_MAX;
    if (!word)
        return cs_expr_read_leaf(p, scope);
    struct cs_expr_piece all = cs_expr_read_word(p, false), piece = all;
    for (size_t at = all.at; at < all.end; at++) {
        if (p->text[at] != ',' || at + 1 == all.end || at == piece.at ||
            !(cs_ascii_is_alnum(p->text[at + 1]) ||
              (unsigned char)p->text[at + 1] >= 0x80) ||
            (cs_ascii_is_digit(p->text[at - 1]) &&
             cs_ascii_is_digit(p->text[at + 1])))
            continue;
        piece.end = at;
        cs_expr_add(&list, cs_expr_word(p, scope, piece));
        piece.at = at + 1;
    }
    piece.end = all.end;
    cs_expr_add(&list, cs_expr_word(p, scope, piece));
    return cs_expr_join(p, CS_EXPR_OR, &list);
}

static void read_sort(struct cs_expr_parser *p)
{
    struct cs_expr_piece piece = cs_expr_read_word(p, false);
    const char *text = p->text + piece.at;
    enum cs_expr_sort sort = cs_expr_sort_from(text, piece.end - piece.at);
    if (sort)
        p->expr->sort = sort;
    else
        cs_expr_warn(p->expr, p->arena,
                     "there is no sort:%.*s (relevance, updated, created, "
                     "title): ignored",
                     cs_expr_shown(text, piece.end - piece.at), text);
}

bool cs_expr_read_field(struct cs_expr_parser *p,
                        const struct cs_expr_scope *scope,
                        struct cs_expr_part **ret)
{
    const char *text = p->text + p->at;
    size_t start = p->at, left = p->len - p->at,
           n = cs_expr_name_len(text, left);
    const struct cs_expr_field_row *field =
        n ? cs_expr_find_field(text, left) : NULL;
    if (!n || cs_expr_plain_colon(text + n, left - n))
        return false;
    if (!field) {
        warn_unknown(p, n);
        return false;
    }
    if (cs_expr_blank_at(p, p->at + n + 1)) {
        cs_expr_warn(p->expr, p->arena,
                     "'%s:' has a blank behind it: read as text", field->name);
        return false;
    }
    struct cs_expr_scope inner = {.exact = scope->exact,
                                  .fields = field->fields,
                                  .filtered =
                                      field->kind == CS_EXPR_FIELD_FILTER,
                                  .filter = field->filter};
    p->at += n + 1;
    *ret = NULL;
    if (field->kind == CS_EXPR_FIELD_WORDS && p->text[p->at] == '=' &&
        cs_expr_is_mark(p->text + p->at, p->len - p->at)) {
        inner.exact = true;
        p->at++;
    }
    if (field->kind == CS_EXPR_FIELD_SORT)
        read_sort(p);
    else if (p->text[p->at] == '(' && p->depth < CS_EXPR_DEPTH_MAX)
        *ret = cs_expr_parse_group(p, &inner);
    else if (field->kind == CS_EXPR_FIELD_FILTER)
        *ret = read_filter(p, field->filter, start);
    else
        *ret = read_words(p, &inner);
    return true;
}
