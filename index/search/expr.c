/*
 * expr.c - a query in, two trees out.
 *
 * The text is made harmless first: invalid bytes and control characters become
 * blanks, one for each byte, so that places in it are places in what was typed.
 */
#include "index/search/expr_parts.h"

#include "src/text.h"

/* The text with blanks for what cannot be shown. */
static char *clean(struct cs_expr_parser *p, const char *text, size_t len)
{
    char *copy = cs_arena_strndup(p->arena, text, len);
    for (size_t i = 0; copy && i < len;) {
        uint32_t rune;
        size_t n = cs_text_decode(copy + i, len - i, &rune);
        bool invalid = n == 1 && (unsigned char)copy[i] >= 0x80;
        if (invalid || rune < 0x20 || rune == 0x7f)
            copy[i] = ' ';
        if (copy[i] == '"')
            p->quotes_end = i + 1;
        i += n;
    }
    return copy;
}

/* Words between blanks, all of them wanted. */
static struct cs_expr_part *parse_literal(struct cs_expr_parser *p)
{
    static const struct cs_expr_scope everywhere = {0};
    struct cs_expr_list words = {0};
    for (cs_expr_skip_blanks(p); p->at < p->len; cs_expr_skip_blanks(p)) {
        struct cs_expr_piece piece = {p->at, p->at};
        while (p->at < p->len && !cs_expr_blank_at(p, p->at))
            p->at++;
        piece.end = p->at;
        cs_expr_add(&words, cs_expr_literal(p, &everywhere, piece));
    }
    return cs_expr_join(p, CS_EXPR_AND, &words);
}

static struct cs_expr_part *parse_pattern(struct cs_expr_parser *p)
{
    if (!p->len)
        return NULL;
    struct cs_expr_part *part = cs_expr_part_new(p, CS_EXPR_REGEX, 0, p->len);
    if (part)
        part->node.text = p->text;
    return part;
}

/* The whole language; a ")" too many must not end it. */
static struct cs_expr_part *parse_query(struct cs_expr_parser *p)
{
    static const struct cs_expr_scope everywhere = {0};
    return cs_expr_parse_or(p, &everywhere);
}

enum cs_status cs_expr_parse(struct cs_arena *arena,
                             const struct cs_clock *clock,
                             enum cs_expr_mode mode, const char *text,
                             size_t len, struct cs_expr *ret,
                             struct cs_error *err)
{
    static struct cs_expr_part *(*const parse[])(struct cs_expr_parser *) = {
        [CS_EXPR_QUERY] = parse_query,
        [CS_EXPR_LITERAL] = parse_literal,
        [CS_EXPR_PATTERN] = parse_pattern,
    };
    *ret = (struct cs_expr){0};
    struct cs_expr_parser p = {
        .arena = arena, .expr = ret, .now_ms = cs_clock_now(clock)};
    if (len > CS_EXPR_BYTES_MAX) {
        cs_expr_note(&p, CS_EXPR_NOTE_CUT);
        len = cs_text_cut(text, CS_EXPR_BYTES_MAX + 1, CS_EXPR_BYTES_MAX);
    }
    p.text = clean(&p, len ? text : "", len);
    if (!p.text)
        return cs_arena_status(arena, err);
    p.len = len;
    cs_expr_shape(&p, parse[mode](&p));
    return cs_arena_status(arena, err);
}
