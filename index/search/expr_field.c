/*
 * expr_field.c - field:value: which fields there are, and what they take.
 */
#include "index/search/expr_parts.h"

#include "index/words/fields.h"
#include "src/suggest.h"
#include "src/text.h"

#include <strings.h>

#define BIT(field) (1U << CS_FIELD_##field)

enum field_kind { TEXT, FILTER, SORT };

/* As typed before the colon; small and capital letters are alike. The first
 * name of a field is the one that is shown. */
static const struct field {
    const char *name;
    enum field_kind kind;
    unsigned fields;
    enum cs_expr_filter filter;
    bool alias;
} fields[] = {
    {.name = "title", .kind = TEXT, .fields = BIT(TITLE)},
    {.name = "heading", .kind = TEXT, .fields = BIT(HEADINGS)},
    {.name = "body", .kind = TEXT, .fields = BIT(BODY)},
    {.name = "code", .kind = TEXT, .fields = BIT(CODE)},
    {.name = "comment", .kind = TEXT, .fields = BIT(COMMENTS)},
    {.name = "space", .kind = FILTER, .filter = CS_EXPR_SPACE},
    {.name = "author", .kind = FILTER, .filter = CS_EXPR_AUTHOR},
    {.name = "editor", .kind = FILTER, .filter = CS_EXPR_EDITOR},
    {.name = "label", .kind = FILTER, .filter = CS_EXPR_LABEL},
    {.name = "type", .kind = FILTER, .filter = CS_EXPR_TYPE},
    {.name = "source", .kind = FILTER, .filter = CS_EXPR_SOURCE},
    {.name = "lang", .kind = FILTER, .filter = CS_EXPR_LANG},
    {.name = "status", .kind = FILTER, .filter = CS_EXPR_STATUS},
    {.name = "updated", .kind = FILTER, .filter = CS_EXPR_UPDATED},
    {.name = "created", .kind = FILTER, .filter = CS_EXPR_CREATED},
    {.name = "id", .kind = FILTER, .filter = CS_EXPR_ID},
    {.name = "url", .kind = FILTER, .filter = CS_EXPR_URL},
    {.name = "path", .kind = FILTER, .filter = CS_EXPR_PATH},
    {.name = "link", .kind = FILTER, .filter = CS_EXPR_LINK},
    {.name = "in", .kind = FILTER, .filter = CS_EXPR_IN},
    {.name = "near", .kind = FILTER, .filter = CS_EXPR_NEAR_TO},
    {.name = "has", .kind = FILTER, .filter = CS_EXPR_HAS},
    {.name = "is", .kind = FILTER, .filter = CS_EXPR_IS},
    {.name = "sort", .kind = SORT},
    {.name = "text", .kind = TEXT, .alias = true},
    {.name = "headings", .kind = TEXT, .fields = BIT(HEADINGS), .alias = true},
    {.name = "comments", .kind = TEXT, .fields = BIT(COMMENTS), .alias = true},
    {.name = "labels", .kind = FILTER, .filter = CS_EXPR_LABEL, .alias = true},
    {.name = "tag", .kind = FILTER, .filter = CS_EXPR_LABEL, .alias = true},
    {.name = "modified",
     .kind = FILTER,
     .filter = CS_EXPR_UPDATED,
     .alias = true},
    {.name = "lastmodified",
     .kind = FILTER,
     .filter = CS_EXPR_UPDATED,
     .alias = true},
    {.name = "creator",
     .kind = FILTER,
     .filter = CS_EXPR_AUTHOR,
     .alias = true},
};

enum { NAME_MAX_LEN = 16 };

static const struct {
    const char *typed;
    enum cs_expr_sort sort;
} sorts[] = {
    {"relevance", CS_EXPR_SORT_RELEVANCE},
    {"updated", CS_EXPR_SORT_UPDATED},
    {"created", CS_EXPR_SORT_CREATED},
    {"title", CS_EXPR_SORT_TITLE},
    {"modified", CS_EXPR_SORT_UPDATED},
    {"lastmodified", CS_EXPR_SORT_UPDATED},
    {"date", CS_EXPR_SORT_UPDATED},
};

static bool same(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && strncasecmp(name, text, len) == 0;
}

const char *cs_expr_filter_name(enum cs_expr_filter filter)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(fields); i++)
        if (fields[i].kind == FILTER && fields[i].filter == filter)
            return fields[i].name;
    return "";
}

const char *cs_expr_text_field_name(unsigned bit)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(fields); i++)
        if (fields[i].kind == TEXT && fields[i].fields == bit)
            return fields[i].name;
    return "";
}

const char *cs_expr_field(size_t n, bool *ret_text)
{
    if (n >= CS_ARRAY_LEN(fields) || fields[n].alias)
        return NULL;
    *ret_text = fields[n].kind == TEXT;
    return fields[n].name;
}

const char *cs_expr_sort_name(enum cs_expr_sort sort)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(sorts); i++)
        if (sorts[i].sort == sort)
            return sorts[i].typed;
    return "";
}

enum cs_expr_sort cs_expr_sort_from(const char *name, size_t len)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(sorts); i++)
        if (same(sorts[i].typed, name, len))
            return sorts[i].sort;
    return CS_EXPR_SORT_NONE;
}

/* The letters before a colon; 0 when there is no colon behind them. */
static size_t name_len(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && n <= NAME_MAX_LEN &&
           (cs_ascii_is_alnum(text[n]) || text[n] == '_') &&
           !cs_ascii_is_digit(text[n]))
        n++;
    return n < len && text[n] == ':' ? n : 0;
}

static const struct field *find_field(const char *text, size_t len)
{
    size_t n = name_len(text, len);
    for (size_t i = 0; n && i < CS_ARRAY_LEN(fields); i++)
        if (same(fields[i].name, text, n))
            return &fields[i];
    return NULL;
}

/* Behind the colon of an address or a qualified name: `http://`, `std::string`,
 * `10:30`, `C:\`. */
static bool is_plain_colon(const char *text, size_t len)
{
    if (len < 2)
        return true;
    return text[1] == ':' || (text[1] == '/' && len > 2 && text[2] == '/') ||
           text[1] == '|' || text[1] == ')';
}

size_t cs_expr_field_len(const char *text, size_t len)
{
    const struct field *field = find_field(text, len);
    if (!field)
        return 0;
    size_t n = name_len(text, len);
    return is_plain_colon(text + n, len - n) ? 0 : n + 1;
}

/* What looks like a field and is none: say so, for the text is searched for. */
static void warn_unknown(struct cs_expr_parser *p, size_t n)
{
    const char *names[CS_ARRAY_LEN(fields)];
    char name[NAME_MAX_LEN + 2] = "";
    size_t at = p->at + n;
    char next = at + 1 < p->len ? p->text[at + 1] : ' ';
    bool value = cs_ascii_is_alnum(next) && !cs_ascii_is_digit(next);
    if (n < 2 || (!value && next != '"' && next != '(') ||
        p->unknown++ >= CS_EXPR_NOTES_MAX)
        return;
    memcpy(name, p->text + p->at, n);
    for (size_t i = 0; i < CS_ARRAY_LEN(fields); i++)
        names[i] = fields[i].name;
    const char *near = cs_suggest_nearest(name, names, CS_ARRAY_LEN(fields));
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
    size_t start = p->at, left = p->len - p->at, n = name_len(text, left);
    const struct field *field = n ? find_field(text, left) : NULL;
    if (!n || is_plain_colon(text + n, left - n))
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
                                  .filtered = field->kind == FILTER,
                                  .filter = field->filter};
    p->at += n + 1;
    *ret = NULL;
    if (field->kind == TEXT && p->text[p->at] == '=' &&
        cs_expr_is_mark(p->text + p->at, p->len - p->at)) {
        inner.exact = true;
        p->at++;
    }
    if (field->kind == SORT)
        read_sort(p);
    else if (p->text[p->at] == '(' && p->depth < CS_EXPR_DEPTH_MAX)
        *ret = cs_expr_parse_group(p, &inner);
    else if (field->kind == FILTER)
        *ret = read_filter(p, field->filter, start);
    else
        *ret = read_words(p, &inner);
    return true;
}
