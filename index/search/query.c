/*
 * query.c - one pass over the text, one term or filter at a time.
 */
#include "index/search/query.h"

#include "src/document.h"
#include "src/text.h"

#include <stdarg.h>

static const char *const field_names[CS_QUERY_FIELDS] = {
    [CS_QUERY_SPACE] = "space",
    [CS_QUERY_LABEL] = "label",
    [CS_QUERY_AUTHOR] = "author",
    [CS_QUERY_TYPE] = "type",
};

/* Operators elsewhere: people who type them should know. */
static const char *const operator_words[] = {"AND", "OR", "NOT", "NEAR"};

struct parser {
    struct cs_arena *arena;
    struct cs_tokenizer *tokenizer;
    struct cs_search_query *query;
    const char *text;
    size_t len, at;
    bool dropped_terms;
};

/* A piece of the text. */
struct piece {
    size_t at, end;
    bool quoted;
};

const char *cs_query_field_name(enum cs_query_field field)
{
    return field < CS_QUERY_FIELDS ? field_names[field] : "";
}

void cs_search_query_warn(struct cs_search_query *query, struct cs_arena *arena,
                          const char *fmt, ...)
{
    char text[512];
    va_list args;
    if (query->n_warnings == CS_QUERY_MAX_WARNINGS)
        return;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    size_t len = n < 0 ? 0 : strlen(text);
    if (n >= (int)sizeof(text)) /* keep it valid where it was cut */
        len = cs_text_cut(text, len, len - 8);
    query->warnings[query->n_warnings] = cs_arena_strndup(arena, text, len);
    if (query->warnings[query->n_warnings])
        query->n_warnings++;
}

static size_t rune_at(const struct parser *p, size_t at, uint32_t *ret_rune)
{
    if (at < p->len)
        return cs_text_decode(p->text + at, p->len - at, ret_rune);
    *ret_rune = ' ';
    return 0;
}

static bool is_space_at(const struct parser *p, size_t at)
{
    uint32_t rune;
    (void)rune_at(p, at, &rune);
    return cs_rune_is_space(rune) || rune < 0x20;
}

/* The ASCII quote, and those that word processors make of it. Returns its
 * bytes, 0 when there is none. */
static size_t quote_at(const struct parser *p, size_t at)
{
    uint32_t rune;
    size_t n = rune_at(p, at, &rune);
    bool quote =
        rune == '"' || rune == 0x201c || rune == 0x201d || rune == 0x201e;
    return quote ? n : 0;
}

static void skip_spaces(struct parser *p)
{
    while (p->at < p->len && is_space_at(p, p->at)) {
        uint32_t rune;
        p->at += rune_at(p, p->at, &rune);
    }
}

/* After an opening quote: up to the closing one or the end. */
static struct piece read_quoted(struct parser *p)
{
    struct piece piece = {p->at, p->len, true};
    while (p->at < p->len) {
        uint32_t rune;
        size_t quote = quote_at(p, p->at);
        if (quote) {
            piece.end = p->at;
            p->at += quote;
            return piece;
        }
        p->at += rune_at(p, p->at, &rune);
    }
    cs_search_query_warn(p->query, p->arena,
                         "a quote is not closed: the phrase goes to the end");
    return piece;
}

static struct piece read_word(struct parser *p)
{
    struct piece piece = {p->at, p->at, false};
    while (p->at < p->len && !is_space_at(p, p->at) && !quote_at(p, p->at)) {
        uint32_t rune;
        p->at += rune_at(p, p->at, &rune);
    }
    piece.end = p->at;
    return piece;
}

static struct piece read_value(struct parser *p)
{
    size_t quote = quote_at(p, p->at);
    p->at += quote;
    return quote ? read_quoted(p) : read_word(p);
}

/* "field:" with a value behind it: move over the colon. */
static bool read_field(struct parser *p, enum cs_query_field *ret_field)
{
    for (size_t i = 0; i < CS_QUERY_FIELDS; i++) {
        size_t n = strlen(field_names[i]);
        char name[16] = "";
        if (p->len - p->at <= n + 1 || p->text[p->at + n] != ':' ||
            is_space_at(p, p->at + n + 1))
            continue;
        memcpy(name, p->text + p->at, n);
        if (cs_ascii_casecmp(name, field_names[i]) != 0)
            continue;
        p->at += n + 1;
        *ret_field = (enum cs_query_field)i;
        return true;
    }
    return false;
}

static bool is_known_type(const char *value)
{
    enum cs_item_kind kind = cs_item_kind_from(value);
    return kind == CS_ITEM_PAGE || kind == CS_ITEM_BLOG_POST;
}

static void warn_of_operator(struct parser *p, const char *word)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(operator_words); i++)
        if (strcmp(word, operator_words[i]) == 0)
            cs_search_query_warn(p->query, p->arena,
                                 "%s is searched for like any other word",
                                 word);
}

static void add_term(struct parser *p, const struct cs_query_term *term)
{
    struct cs_search_query *query = p->query;
    if (query->n_terms < CS_QUERY_MAX_TERMS)
        query->terms[query->n_terms++] = *term;
    else
        p->dropped_terms = true;
}

/* '*' behind the piece: of a word its own end, of a phrase what follows. */
static bool take_stars(struct parser *p, struct piece *piece)
{
    bool found = false;
    if (piece->quoted) {
        for (; p->at < p->len && p->text[p->at] == '*'; p->at++)
            found = true;
        return found;
    }
    for (; piece->end > piece->at && p->text[piece->end - 1] == '*';
         piece->end--)
        found = true;
    return found;
}

static enum cs_status take_term(struct parser *p, struct piece piece,
                                bool excluded, struct cs_error *err)
{
    size_t whole = piece.end - piece.at;
    bool prefix = take_stars(p, &piece), any = false;
    size_t len = piece.end - piece.at;
    const char *text = cs_arena_strndup(p->arena, p->text + piece.at, len);
    if (!text)
        return cs_arena_status(p->arena, err);
    enum cs_status status =
        cs_tokenizer_finds_any(p->tokenizer, text, len, &any, err);
    if (status)
        return status;
    if (!any) {
        cs_search_query_warn(p->query, p->arena,
                             "'%.*s' holds no letter or digit to search for",
                             (int)whole, p->text + piece.at);
        return CS_OK;
    }
    if (!piece.quoted)
        warn_of_operator(p, text);
    add_term(p, &(struct cs_query_term){text, piece.quoted, prefix, excluded});
    return CS_OK;
}

static enum cs_status take_filter(struct parser *p, enum cs_query_field field,
                                  size_t start, bool excluded,
                                  struct cs_error *err)
{
    struct cs_search_query *query = p->query;
    struct piece piece = read_value(p);
    const char *value =
        cs_arena_strndup(p->arena, p->text + piece.at, piece.end - piece.at);
    if (!value)
        return cs_arena_status(p->arena, err);
    if (field == CS_QUERY_TYPE && !is_known_type(value)) {
        cs_search_query_warn(p->query, p->arena,
                             "there is no type '%s' (page, blogpost): searched "
                             "for as text",
                             value);
        return take_term(p, (struct piece){start, piece.end, false}, excluded,
                         err);
    }
    if (query->n_filters < CS_QUERY_MAX_TERMS)
        query->filters[query->n_filters++] =
            (struct cs_query_filter){field, value, excluded};
    else
        p->dropped_terms = true;
    return CS_OK;
}

/* '-' excludes what it stands before; "--x" and "a - b" are text. */
static bool take_minus(struct parser *p)
{
    if (p->text[p->at] != '-' || is_space_at(p, p->at + 1) ||
        p->text[p->at + 1] == '-')
        return false;
    p->at++;
    return true;
}

static enum cs_status take_next(struct parser *p, struct cs_error *err)
{
    bool excluded = take_minus(p);
    size_t start = p->at;
    enum cs_query_field field;
    if (read_field(p, &field))
        return take_filter(p, field, start, excluded, err);
    size_t quote = quote_at(p, p->at);
    p->at += quote;
    return take_term(p, quote ? read_quoted(p) : read_word(p), excluded, err);
}

/* The text as it is parsed: valid, without NULs, within the limit. */
static void put_clean(struct parser *p, const char *text, size_t len,
                      struct cs_strbuf *out)
{
    size_t cut = len > CS_QUERY_MAX_BYTES
                     ? cs_text_cut(text, len, CS_QUERY_MAX_BYTES)
                     : len;
    cs_text_put_valid(out, text, cut);
    for (size_t i = 0; i < out->len; i++)
        if (out->data[i] == '\0')
            out->data[i] = ' ';
    if (cut < len)
        cs_search_query_warn(p->query, p->arena,
                             "the query is cut after %zu bytes", cut);
}

enum cs_status cs_search_query_parse(struct cs_arena *arena,
                                     struct cs_tokenizer *tokenizer,
                                     const char *text, size_t len,
                                     struct cs_search_query *ret,
                                     struct cs_error *err)
{
    struct cs_strbuf clean CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(3 * CS_QUERY_MAX_BYTES);
    *ret = (struct cs_search_query){0};
    struct parser p = {.arena = arena, .tokenizer = tokenizer, .query = ret};
    put_clean(&p, text, len, &clean);
    p.text = clean.data;
    p.len = clean.len;
    enum cs_status status = cs_strbuf_status(&clean, err);
    for (skip_spaces(&p); !status && p.at < p.len; skip_spaces(&p))
        status = take_next(&p, err);
    if (p.dropped_terms)
        cs_search_query_warn(ret, arena, "only the first %d terms count",
                             CS_QUERY_MAX_TERMS);
    return status ? status : cs_arena_status(arena, err);
}

size_t cs_search_query_excluded(const struct cs_search_query *query)
{
    size_t n = 0;
    for (size_t i = 0; i < query->n_terms; i++)
        n += query->terms[i].excluded;
    return n;
}

size_t cs_search_query_wanted(const struct cs_search_query *query)
{
    return query->n_terms - cs_search_query_excluded(query);
}

struct forms {
    struct cs_strbuf *out;
    bool wholes; /* of all parts, as alternatives; else the parts */
    const char *end;
    size_t n, at, stop; /* parts, and the bytes that they are of */
};

static bool put_form(void *payload, const struct cs_word *word)
{
    struct forms *forms = payload;
    if (word->whole != forms->wholes)
        return true;
    if (forms->wholes) {
        if (word->at <= forms->at && word->end >= forms->stop)
            cs_strbuf_printf(forms->out, " OR \"%.*s%s", (int)word->len,
                             word->text, forms->end);
        return true;
    }
    if (forms->n++ == 0)
        forms->at = word->at;
    else
        cs_strbuf_putc(forms->out, ' ');
    cs_strbuf_put(forms->out, word->text, word->len);
    forms->stop = word->end;
    return true;
}

/* As a string of the tokens side by side; a compound alone as its wholes,
 * too. */
static void put_string(const struct cs_query_term *term, struct cs_strbuf *out)
{
    const char *end = term->prefix ? "\"*" : "\"";
    size_t len = strlen(term->text), start = out->len;
    struct forms forms = {.out = out, .end = end};
    cs_strbuf_putc(out, '"');
    (void)cs_words_split(term->text, len, put_form, &forms);
    cs_strbuf_puts(out, end);
    size_t parts = out->len;
    forms.wholes = !term->phrase;
    if (forms.wholes)
        (void)cs_words_split(term->text, len, put_form, &forms);
    if (out->len > parts) {
        cs_strbuf_splice(out, start, 0, "(", 1);
        cs_strbuf_putc(out, ')');
    }
}

static void put_terms(const struct cs_search_query *query, bool excluded,
                      const char *between, struct cs_strbuf *out)
{
    const char *before = "(";
    for (size_t i = 0; i < query->n_terms; i++) {
        if (query->terms[i].excluded != excluded)
            continue;
        cs_strbuf_puts(out, before);
        put_string(&query->terms[i], out);
        before = between;
    }
    cs_strbuf_putc(out, ')');
}

void cs_search_query_put_match(const struct cs_search_query *query,
                               struct cs_strbuf *out)
{
    size_t wanted = cs_search_query_wanted(query);
    size_t excluded = query->n_terms - wanted;
    if (wanted)
        put_terms(query, false, " AND ", out);
    if (wanted && excluded)
        cs_strbuf_puts(out, " NOT ");
    if (excluded)
        put_terms(query, true, " OR ", out);
}
