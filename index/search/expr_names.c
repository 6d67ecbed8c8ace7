/*
 * expr_names.c - the names of fields and orders, as people type them.
 */
#include "index/search/expr_parts.h"

#include "index/words/fields.h"
#include "src/suggest.h"
#include "src/text.h"

#include <strings.h>

#define BIT(field) (1U << CS_FIELD_##field)
#define TEXT       CS_EXPR_FIELD_WORDS
#define FILTER     CS_EXPR_FIELD_FILTER
#define SORT       CS_EXPR_FIELD_SORT

/* As typed before the colon; small and capital letters are alike. The first
 * name of a field is the one that is shown. */
static const struct cs_expr_field_row fields[] = {
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
    /* No page tells its language. */
    {.name = "lang", .kind = FILTER, .filter = CS_EXPR_LANG, .quiet = true},
    {.name = "text", .kind = TEXT, .quiet = true},
    {.name = "headings", .kind = TEXT, .fields = BIT(HEADINGS), .quiet = true},
    {.name = "comments", .kind = TEXT, .fields = BIT(COMMENTS), .quiet = true},
    {.name = "labels", .kind = FILTER, .filter = CS_EXPR_LABEL, .quiet = true},
    {.name = "tag", .kind = FILTER, .filter = CS_EXPR_LABEL, .quiet = true},
    {.name = "modified",
     .kind = FILTER,
     .filter = CS_EXPR_UPDATED,
     .quiet = true},
    {.name = "lastmodified",
     .kind = FILTER,
     .filter = CS_EXPR_UPDATED,
     .quiet = true},
    {.name = "creator",
     .kind = FILTER,
     .filter = CS_EXPR_AUTHOR,
     .quiet = true},
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

const char *cs_expr_field(size_t n)
{
    return n < CS_ARRAY_LEN(fields) && !fields[n].quiet ? fields[n].name : NULL;
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

size_t cs_expr_name_len(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && n <= CS_EXPR_NAME_MAX &&
           (cs_ascii_is_alnum(text[n]) || text[n] == '_') &&
           !cs_ascii_is_digit(text[n]))
        n++;
    return n < len && text[n] == ':' ? n : 0;
}

const struct cs_expr_field_row *cs_expr_find_field(const char *text, size_t len)
{
    size_t n = cs_expr_name_len(text, len);
    for (size_t i = 0; n && i < CS_ARRAY_LEN(fields); i++)
        if (same(fields[i].name, text, n))
            return &fields[i];
    return NULL;
}

bool cs_expr_plain_colon(const char *text, size_t len)
{
    if (len < 2)
        return true;
    return text[1] == ':' || (text[1] == '/' && len > 2 && text[2] == '/') ||
           text[1] == '|' || text[1] == ')';
}

size_t cs_expr_field_len(const char *text, size_t len)
{
    const struct cs_expr_field_row *field = cs_expr_find_field(text, len);
    if (!field)
        return 0;
    size_t n = cs_expr_name_len(text, len);
    return cs_expr_plain_colon(text + n, len - n) ? 0 : n + 1;
}

const char *cs_expr_nearest_field(const char *name)
{
    const char *names[CS_ARRAY_LEN(fields)];
    for (size_t i = 0; i < CS_ARRAY_LEN(fields); i++)
        names[i] = fields[i].name;
    return cs_suggest_nearest(name, names, CS_ARRAY_LEN(fields));
}
