/*
 * expr_field.c - field:value: which fields there are, and what they take.
 */
#include "index/search/expr_parts.h"

#include "index/words/fields.h"
#include "src/document.h"
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

/* `list`: commas part values. `single`: a page has one of them at most, so that
 * `space:A space:B` can only mean either. */
static const struct filter_traits {
    bool list, single, time, named;
} traits[CS_EXPR_FILTERS] = {
    [CS_EXPR_SPACE] = {.list = true, .single = true},
    [CS_EXPR_AUTHOR] = {.list = true, .single = true},
    [CS_EXPR_EDITOR] = {.list = true, .single = true},
    [CS_EXPR_LABEL] = {.list = true},
    [CS_EXPR_TYPE] = {.list = true, .single = true, .named = true},
    [CS_EXPR_SOURCE] = {.list = true, .single = true},
    [CS_EXPR_LANG] = {.list = true, .single = true},
    [CS_EXPR_STATUS] = {.list = true, .single = true, .named = true},
    [CS_EXPR_UPDATED] = {.list = true, .time = true},
    [CS_EXPR_CREATED] = {.list = true, .time = true},
    [CS_EXPR_ID] = {.list = true, .single = true},
    [CS_EXPR_HAS] = {.list = true, .named = true},
    [CS_EXPR_IS] = {.named = true},
};

/* Values that are names, other words for them, and the filter they belong to.
 * More types and states: src/document.h. */
static const struct {
    enum cs_expr_filter typed_in;
    const char *typed;
    enum cs_expr_filter filter;
    const char *value;
} values[] = {
    {CS_EXPR_TYPE, "blog", CS_EXPR_TYPE, "blogpost"},
    {CS_EXPR_TYPE, "post", CS_EXPR_TYPE, "blogpost"},
    {CS_EXPR_HAS, "attachment", CS_EXPR_HAS, "attachment"},
    {CS_EXPR_HAS, "attachments", CS_EXPR_HAS, "attachment"},
    {CS_EXPR_HAS, "code", CS_EXPR_HAS, "code"},
    {CS_EXPR_HAS, "comment", CS_EXPR_HAS, "comment"},
    {CS_EXPR_HAS, "comments", CS_EXPR_HAS, "comment"},
    {CS_EXPR_HAS, "label", CS_EXPR_HAS, "label"},
    {CS_EXPR_HAS, "labels", CS_EXPR_HAS, "label"},
    {CS_EXPR_HAS, "child", CS_EXPR_HAS, "child"},
    {CS_EXPR_HAS, "children", CS_EXPR_HAS, "child"},
    {CS_EXPR_IS, "deprecated", CS_EXPR_IS, "deprecated"},
    {CS_EXPR_IS, "personal", CS_EXPR_IS, "personal"},
    {CS_EXPR_IS, "archived", CS_EXPR_STATUS, "archived"},
    {CS_EXPR_IS, "current", CS_EXPR_STATUS, "current"},
    {CS_EXPR_IS, "page", CS_EXPR_TYPE, "page"},
    {CS_EXPR_IS, "blog", CS_EXPR_TYPE, "blogpost"},
    {CS_EXPR_IS, "blogpost", CS_EXPR_TYPE, "blogpost"},
};

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

bool cs_expr_filter_is_time(enum cs_expr_filter filter)
{
    return traits[filter].time;
}

bool cs_expr_filter_is_single(enum cs_expr_filter filter)
{
    return traits[filter].single;
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
    if (n < 2 || (!value && next != '"' && next != '('))
        return;
    memcpy(name, p->text + p->at, n);
    for (size_t i = 0; i < CS_ARRAY_LEN(fields); i++)
        names[i] = fields[i].name;
    const char *near = cs_suggest_nearest(name, names, CS_ARRAY_LEN(fields));
    cs_expr_warn(
        p->expr, p->arena, "there is no field '%s'%s%s%s: read as text", name,
        near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

/* A name from the table, or NULL. */
static const char *find_value(enum cs_expr_filter typed_in, const char *text,
                              enum cs_expr_filter *ret_filter)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(values); i++)
        if (values[i].typed_in == typed_in &&
            cs_ascii_casecmp(values[i].typed, text) == 0) {
            *ret_filter = values[i].filter;
            return values[i].value;
        }
    enum cs_item_kind kind = cs_item_kind_from(text);
    enum cs_item_status status = cs_item_status_from(text);
    if (typed_in == CS_EXPR_TYPE && kind < CS_ITEM_KINDS)
        return cs_item_kind_name(kind);
    if (typed_in == CS_EXPR_STATUS && status < CS_ITEM_STATUSES)
        return cs_item_status_name(status);
    return NULL;
}

/* "<7d" reads as "younger" to some. */
static void hint_at_age(struct cs_expr_parser *p, enum cs_expr_filter filter,
                        const char *text)
{
    const char *age = text + strspn(text, "<>=");
    if (age == text || !cs_ascii_is_digit(*age) || strlen(age) > 6)
        return;
    size_t digits = strspn(age, "0123456789");
    if (strlen(age) - digits != 1)
        return;
    const char *name = cs_expr_filter_name(filter);
    if (*text == '<')
        cs_expr_hint(p->expr, p->arena,
                     "%s:%s is a time before %s ago; since then: %s:%s", name,
                     text, age, name, age);
    else
        cs_expr_hint(p->expr, p->arena,
                     "%s:%s is a time after %s ago; before that: %s:..%s", name,
                     text, age, name, age);
}

/* Values hold no quote, so that they can be shown in quotes. */
static char *copy_value(struct cs_expr_parser *p, const char *text)
{
    char *copy = cs_arena_strdup(p->arena, text);
    for (char *c = copy; c && *c; c++)
        if (*c == '"')
            *c = ' ';
    return copy;
}

struct cs_expr_part *cs_expr_value_part(struct cs_expr_parser *p,
                                        enum cs_expr_filter filter,
                                        struct cs_expr_piece piece,
                                        const char *text, bool prefix)
{
    struct cs_expr_value value = {.prefix = prefix};
    value.text = traits[filter].named ? find_value(filter, text, &filter)
                                      : copy_value(p, text);
    if (!value.text || !value.text[strspn(value.text, " ")])
        return NULL;
    if (traits[filter].named || traits[filter].time)
        value.prefix = false;
    if (traits[filter].time) {
        if (!cs_expr_time_range(text, p->now_ms, &value.from_ms, &value.to_ms))
            return NULL;
        hint_at_age(p, filter, text);
    }
    if (!cs_expr_leaf_fits(p))
        return NULL;
    struct cs_expr_value *copy = cs_arena_alloc(p->arena, sizeof(*copy));
    struct cs_expr_part *part =
        cs_expr_part_new(p, CS_EXPR_FILTER, piece.at, piece.end);
    if (!copy || !part)
        return NULL;
    *copy = value;
    part->node.filter = filter;
    part->node.values = part->last_value = copy;
    return part;
}

void cs_expr_values_join(struct cs_expr_part *part, struct cs_expr_part *more)
{
    part->last_value->next = more->node.values;
    part->last_value = more->last_value;
    if (more->node.end > part->node.end)
        part->node.end = more->node.end;
}

void cs_expr_warn_value(struct cs_expr_parser *p, enum cs_expr_filter filter,
                        const char *value, const char *then)
{
    const char *name = cs_expr_filter_name(filter);
    if (p->noted & 1U << CS_EXPR_NOTE_LEAVES)
        return;
    if (traits[filter].time)
        cs_expr_warn(p->expr, p->arena,
                     "%s:%.80s is no time (2025, 2025-03-31, 7d, yesterday, "
                     "2025-03..2025-05): %s",
                     name, value, then);
    else
        cs_expr_warn(p->expr, p->arena, "there is no %s:%.80s: %s", name, value,
                     then);
}

/* One value of a list: in quotes or not, with a star behind it or not. False:
 * there is none here. */
static bool read_item(struct cs_expr_parser *p, enum cs_expr_filter filter,
                      struct cs_expr_part **ret, bool *ret_bad)
{
    bool quoted = p->at < p->len && cs_expr_quote_at(p, p->at) > 0;
    struct cs_expr_piece piece =
        quoted ? cs_expr_read_quoted(p)
               : cs_expr_read_word(p, traits[filter].list);
    bool prefix = quoted && cs_expr_take_stars(p);
    while (!quoted && piece.end > piece.at &&
           strchr(",;", p->text[piece.end - 1]))
        piece.end--;
    for (; !quoted && piece.end > piece.at && p->text[piece.end - 1] == '*';
         piece.end--)
        prefix = true;
    if (piece.end == piece.at)
        return false;
    const char *text =
        cs_arena_strndup(p->arena, p->text + piece.at, piece.end - piece.at);
    if (!text)
        return false;
    *ret = cs_expr_value_part(p, filter, piece, text, prefix);
    if (!*ret && !(p->noted & 1U << CS_EXPR_NOTE_LEAVES)) {
        *ret_bad = true;
        cs_expr_warn_value(p, filter, text, "read as text");
    }
    return true;
}

/* Values between commas. NULL and `*ret_bad`: not one of them is any. */
static struct cs_expr_part *read_values(struct cs_expr_parser *p,
                                        enum cs_expr_filter filter,
                                        bool *ret_bad)
{
    struct cs_expr_part *part = NULL, *more = NULL;
    for (;;) {
        if (read_item(p, filter, &more, ret_bad) && more) {
            if (part)
                cs_expr_values_join(part, more);
            else
                part = more;
        }
        more = NULL;
        if (!traits[filter].list || p->at == p->len || p->text[p->at] != ',')
            return part;
        p->at++;
    }
}

static struct cs_expr_part *read_filter(struct cs_expr_parser *p,
                                        enum cs_expr_filter filter,
                                        size_t start)
{
    static const struct cs_expr_scope everywhere = {0};
    bool bad = false;
    size_t at = p->at;
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
        cs_expr_warn(
            p->expr, p->arena,
            "there is no sort:%.*s (relevance, updated, created, "
            "title): ignored",
            (int)(piece.end - piece.at > 40 ? 40 : piece.end - piece.at), text);
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
