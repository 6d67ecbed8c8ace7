/*
 * expr_leaf.c - words, phrases and patterns, and their tokens.
 */
#include "index/search/expr_parts.h"

#include "index/words/split.h"
#include "src/text.h"

/* Tokens are walked twice: to count them, and to copy them. */
struct tokens {
    struct cs_expr_token *list;
    char *text;
    size_t n, bytes;
};

static bool count_token(void *payload, const struct cs_word *word)
{
    struct tokens *tokens = payload;
    tokens->n++;
    tokens->bytes += word->len;
    return true;
}

static bool copy_token(void *payload, const struct cs_word *word)
{
    struct tokens *tokens = payload;
    memcpy(tokens->text, word->text, word->len);
    tokens->list[tokens->n++] = (struct cs_expr_token){tokens->text, word->len,
                                                       word->whole, word->pair};
    tokens->text += word->len;
    return true;
}

static void set_tokens(struct cs_expr_parser *p, struct cs_expr_node *node,
                       size_t len)
{
    struct tokens tokens = {0};
    (void)cs_words_split(node->text, len, count_token, &tokens);
    if (!tokens.n)
        return;
    struct cs_expr_token *list =
        cs_arena_array(p->arena, tokens.n, sizeof(*list));
    char *text = cs_arena_take(p->arena, tokens.bytes);
    if (!list || !text)
        return;
    tokens = (struct tokens){.list = list, .text = text};
    (void)cs_words_split(node->text, len, copy_token, &tokens);
    node->tokens = list;
    node->n_tokens = tokens.n;
}

/* What is opened in a word and not closed: no letter is lost, and what is
 * printed closes nothing else. */
static void drop_open(char *text, size_t len)
{
    size_t closed = 0;
    while (len--) {
        closed += text[len] == ')';
        if (text[len] == '(' && !closed--) {
            text[len] = ',';
            closed = 0;
        }
    }
}

static void warn_empty(struct cs_expr_parser *p, struct cs_expr_piece piece)
{
    const char *text = p->text + piece.at;
    if (p->empty++ < CS_EXPR_NOTES_MAX)
        cs_expr_warn(p->expr, p->arena,
                     "'%.*s' holds no letter or digit to search for",
                     cs_expr_shown(text, piece.end - piece.at), text);
}

/* No need to look for tokens in it. */
static bool is_punctuation(const struct cs_expr_parser *p,
                           struct cs_expr_piece piece)
{
    for (size_t i = piece.at; i < piece.end; i++)
        if (cs_ascii_is_alnum(p->text[i]) || (unsigned char)p->text[i] >= 0x80)
            return false;
    return true;
}

/* A leaf of words; NULL, with a warning, when nothing can be searched for. */
static struct cs_expr_part *make(struct cs_expr_parser *p,
                                 const struct cs_expr_scope *scope,
                                 enum cs_expr_kind kind,
                                 struct cs_expr_piece piece)
{
    size_t len = piece.end - piece.at;
    bool empty = kind != CS_EXPR_REGEX && is_punctuation(p, piece);
    if (len && empty)
        warn_empty(p, piece);
    if (!len || empty || !cs_expr_leaf_fits(p))
        return NULL;
    struct cs_expr_part *part = cs_expr_part_new(p, kind, piece.at, piece.end);
    if (!part)
        return NULL;
    char *text = cs_arena_strndup(p->arena, p->text + piece.at, len);
    if (text && kind == CS_EXPR_WORD)
        drop_open(text, len);
    part->node.text = text;
    part->node.fields = scope->fields;
    part->node.exact = scope->exact && kind != CS_EXPR_REGEX;
    if (part->node.text && kind != CS_EXPR_REGEX)
        set_tokens(p, &part->node, len);
    if (kind == CS_EXPR_REGEX || part->node.n_tokens)
        return part;
    p->leaves--;
    warn_empty(p, piece);
    return NULL;
}

/* The value of a filter whose parentheses we are in. */
static struct cs_expr_part *make_value(struct cs_expr_parser *p,
                                       const struct cs_expr_scope *scope,
                                       struct cs_expr_piece piece, bool prefix)
{
    const char *text =
        cs_arena_strndup(p->arena, p->text + piece.at, piece.end - piece.at);
    if (!text || !*text)
        return NULL;
    struct cs_expr_part *part =
        cs_expr_value_part(p, scope->filter, piece, text, prefix);
    if (!part)
        cs_expr_warn_value(p, scope->filter, text, "ignored");
    return part;
}

struct cs_expr_part *cs_expr_literal(struct cs_expr_parser *p,
                                     const struct cs_expr_scope *scope,
                                     struct cs_expr_piece piece)
{
    if (scope->filtered)
        return make_value(p, scope, piece, false);
    return make(p, scope, CS_EXPR_WORD, piece);
}

static bool ends_in(const struct cs_expr_parser *p, struct cs_expr_piece piece,
                    const char *chars)
{
    return piece.end > piece.at && strchr(chars, p->text[piece.end - 1]);
}

/* Punctuation of the sentence around a word, unless there is nothing else. */
static void cut_punctuation(const struct cs_expr_parser *p,
                            struct cs_expr_piece *piece)
{
    struct cs_expr_piece cut = *piece;
    while (ends_in(p, cut, ",;:!?.("))
        cut.end--;
    if (cut.end > cut.at)
        *piece = cut;
}

struct marks {
    bool prefix;
    bool fuzzy;
    unsigned distance; /* 0: by length */
};

static void cut_stars(const struct cs_expr_parser *p,
                      struct cs_expr_piece *piece, struct marks *marks)
{
    for (; ends_in(p, *piece, "*"); piece->end--)
        marks->prefix = true;
}

/* "~", "~1", "~2"; more is too far for a typo. */
static void cut_tilde(const struct cs_expr_parser *p,
                      struct cs_expr_piece *piece, struct marks *marks)
{
    size_t digit = ends_in(p, *piece, "12") ? 1 : 0;
    size_t tilde = piece->end - digit;
    if (tilde <= piece->at + 1 || p->text[tilde - 1] != '~')
        return;
    marks->fuzzy = true;
    if (digit)
        marks->distance = (unsigned)(p->text[tilde] - '0');
    piece->end = tilde - 1;
}

/* Letters from which on a second typo is likely. */
enum { LONG_WORD = 9 };

static unsigned distance_by_length(const char *text)
{
    size_t letters = 0;
    for (; *text; text++)
        letters += ((unsigned char)*text & 0xc0) != 0x80;
    return letters < LONG_WORD ? 1 : 2;
}

/* A star that is not at the end is no operator here; people expect one. */
static void hint_at_star(struct cs_expr_parser *p, const char *text)
{
    const char *star = strchr(text, '*');
    size_t len = strlen(text);
    if (!star || len > 40 || strchr(text, '/') || !cs_ascii_is_alnum(star[1]))
        return;
    if (star == text)
        cs_expr_hint(p->expr, p->arena,
                     "a * counts at the end of a word only; anywhere: /%s/",
                     text + 1);
    else if (cs_ascii_is_alnum(star[-1]))
        cs_expr_hint(p->expr, p->arena,
                     "a * counts at the end of a word only; inside: "
                     "/%.*s\\w*%s/",
                     (int)(star - text), text, star + 1);
}

struct cs_expr_part *cs_expr_word(struct cs_expr_parser *p,
                                  const struct cs_expr_scope *scope,
                                  struct cs_expr_piece piece)
{
    struct marks marks = {0};
    if (ends_in(p, piece, "\\")) { /* what is before it is no mark */
        piece.end--;
        return cs_expr_literal(p, scope, piece);
    }
    struct cs_expr_piece whole = piece;
    cut_punctuation(p, &piece);
    cut_stars(p, &piece, &marks);
    if (!marks.prefix)
        cut_tilde(p, &piece, &marks);
    cut_punctuation(p, &piece);
    while (marks.prefix && ends_in(p, piece, "*")) {
        cut_stars(p, &piece, &marks);
        cut_punctuation(p, &piece);
    }
    if (piece.end == piece.at)
        return cs_expr_literal(p, scope, whole);
    if (scope->filtered)
        return make_value(p, scope, piece, marks.prefix);
    struct cs_expr_part *part = make(p, scope, CS_EXPR_WORD, piece);
    if (!part)
        return NULL;
    part->node.end = whole.end;
    part->node.prefix = marks.prefix;
    if (marks.fuzzy)
        part->node.fuzzy = marks.distance ? marks.distance
                                          : distance_by_length(part->node.text);
    if (!marks.prefix)
        hint_at_star(p, part->node.text);
    return part;
}

/* "~5" behind a phrase. */
static unsigned read_phrase_slop(struct cs_expr_parser *p)
{
    unsigned slop = 0;
    size_t at = p->at + 1;
    if (at >= p->len || p->text[p->at] != '~' ||
        !cs_ascii_is_digit(p->text[at]))
        return 0;
    for (; at < p->len && cs_ascii_is_digit(p->text[at]); at++)
        if (slop <= CS_EXPR_SLOP_MAX)
            slop = slop * 10 + (unsigned)(p->text[at] - '0');
    p->at = at;
    if (slop <= CS_EXPR_SLOP_MAX)
        return slop;
    cs_expr_note(p, CS_EXPR_NOTE_SLOP);
    return CS_EXPR_SLOP_MAX;
}

struct cs_expr_part *cs_expr_phrase(struct cs_expr_parser *p,
                                    const struct cs_expr_scope *scope,
                                    struct cs_expr_piece piece)
{
    bool prefix = cs_expr_take_stars(p);
    unsigned slop = read_phrase_slop(p);
    while (piece.at < piece.end && p->text[piece.at] == ' ')
        piece.at++;
    while (piece.at < piece.end && p->text[piece.end - 1] == ' ')
        piece.end--;
    if (scope->filtered)
        return make_value(p, scope, piece, prefix);
    struct cs_expr_part *part = make(p, scope, CS_EXPR_PHRASE, piece);
    if (!part)
        return NULL;
    part->node.exact = true;
    part->node.prefix = prefix;
    part->node.slop = slop;
    return part;
}

size_t cs_expr_pattern_len(const char *text, size_t len)
{
    size_t at = 1;
    for (; at < len && text[at] != '/'; at++)
        if (text[at] == '\\' && at + 1 < len)
            at++;
    return at < len ? at : len;
}

/* Behind the slash that may end a pattern: its flags, then a border. */
static bool read_flags(const struct cs_expr_parser *p, size_t *at,
                       unsigned *ret_flags)
{
    static const char names[] = "isx"; /* enum cs_regex_flag, by bits */
    const char *found;
    unsigned flags = 0;
    for (; *at < p->len && (found = strchr(names, p->text[*at])); (*at)++)
        flags |= 1U << (found - names);
    *ret_flags = flags;
    return *at == p->len || p->text[*at] == ')' || p->text[*at] == '|' ||
           cs_expr_blank_at(p, *at);
}

/* The next bare slash decides: `/etc/ssl/certs` is a path, `a /b /c` are
 * options. */
static struct cs_expr_part *read_regex(struct cs_expr_parser *p,
                                       const struct cs_expr_scope *scope)
{
    unsigned flags;
    if (p->at + 1 == p->len || cs_expr_blank_at(p, p->at + 1))
        return NULL;
    size_t end = p->at + cs_expr_pattern_len(p->text + p->at, p->len - p->at);
    size_t at = end + 1;
    if (end == p->len || end == p->at + 1 || p->text[end - 1] == ' ' ||
        !read_flags(p, &at, &flags))
        return NULL;
    struct cs_expr_piece piece = {p->at + 1, end};
    struct cs_expr_part *part = make(p, scope, CS_EXPR_REGEX, piece);
    p->at = at;
    if (part)
        part->node.regex_flags = flags;
    return part;
}

/* A backslash before a word: whatever it is, it is a word. */
static struct cs_expr_part *read_escaped(struct cs_expr_parser *p,
                                         const struct cs_expr_scope *scope)
{
    size_t open = 0;
    struct cs_expr_piece piece = {++p->at, p->at};
    for (; p->at < p->len && !cs_expr_blank_at(p, p->at); p->at++) {
        if (p->text[p->at] == ')' && !open)
            break;
        open += p->text[p->at] == '(';
        open -= p->text[p->at] == ')';
    }
    piece.end = p->at;
    return cs_expr_word(p, scope, piece);
}

struct cs_expr_part *cs_expr_read_leaf(struct cs_expr_parser *p,
                                       const struct cs_expr_scope *scope)
{
    struct cs_expr_part *part;
    if (cs_expr_quote_at(p, p->at))
        return cs_expr_phrase(p, scope, cs_expr_read_quoted(p));
    if (p->text[p->at] == '\\')
        return read_escaped(p, scope);
    if (p->text[p->at] == '/' && !scope->filtered) {
        size_t at = p->at;
        part = read_regex(p, scope);
        if (part || p->at > at)
            return part;
    }
    return cs_expr_word(p, scope, cs_expr_read_word(p, false));
}
