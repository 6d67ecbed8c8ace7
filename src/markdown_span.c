/*
 * markdown_span.c - writing the pieces and delimiters of a line.
 */
#include "src/markdown_line.h"

const struct cs_markdown_mark cs_markdown_marks[CS_MARKS] = {
    [CS_MARK_STRONG] = {"**", "<strong>", "</strong>"},
    [CS_MARK_EM] = {"*", "<em>", "</em>"},
    [CS_MARK_STRIKE] = {"~~", "<del>", "</del>"},
    [CS_MARK_UNDERLINE] = {NULL, "<u>", "</u>"},
    [CS_MARK_SUB] = {NULL, "<sub>", "</sub>"},
    [CS_MARK_SUP] = {NULL, "<sup>", "</sup>"},
    [CS_MARK_KBD] = {NULL, "<kbd>", "</kbd>"},
};

bool cs_markdown_is_code(const struct cs_node *leaf)
{
    return leaf->marks & CS_MARK_BIT(CS_MARK_CODE);
}

char cs_markdown_delimiter(const struct cs_markdown_token *token)
{
    if (token->kind > CS_MARKDOWN_CLOSE || token->span == CS_MARKDOWN_LINK ||
        token->html || !cs_markdown_marks[token->span].delimiter)
        return '\0';
    return cs_markdown_marks[token->span].delimiter[0];
}

bool cs_markdown_is_sized(const struct cs_node *leaf)
{
    return leaf->kind == CS_NODE_IMAGE && (leaf->width || leaf->height);
}

/* The first byte of what token `i` writes, as far as escaping cares. */
static char first_byte(const struct cs_markdown_writer *w, size_t i,
                       enum cs_markdown_mode mode)
{
    const struct cs_markdown_line *line = w->line;
    if (i >= line->n_tokens)
        return ' ';
    const struct cs_markdown_token *token = &line->tokens[i];
    const struct cs_markdown_piece *piece = &line->pieces[token->piece];
    switch (token->kind) {
    case CS_MARKDOWN_OPEN:
    case CS_MARKDOWN_CLOSE:
        if (token->span == CS_MARKDOWN_LINK)
            return token->kind == CS_MARKDOWN_OPEN ? '[' : ']';
        return cs_markdown_delimiter(token) ? cs_markdown_delimiter(token)
                                            : '<';
    case CS_MARKDOWN_GAP:
        if (piece->gap == CS_MARKDOWN_GAP_SPACE || mode == CS_MARKDOWN_HEADING)
            return ' ';
        return mode == CS_MARKDOWN_BLOCK ? '\n' : '<';
    case CS_MARKDOWN_PIECE: break;
    }
    if (piece->leaf->kind == CS_NODE_ANCHOR ||
        cs_markdown_is_sized(piece->leaf))
        return '<';
    if (piece->leaf->kind == CS_NODE_FOOTNOTE)
        return '[';
    if (piece->leaf->kind != CS_NODE_TEXT)
        return '!';
    if (cs_markdown_is_code(piece->leaf))
        return '`';
    bool is_url = piece->len > 4 && (memcmp(piece->text, "http", 4) == 0 ||
                                     memcmp(piece->text, "ftp:", 4) == 0);
    return is_url ? '<' : piece->text[0]; /* which may begin with a bracket */
}

/* The first byte beyond token `i` and all delimiters that close after it: up
 * to there a bare URL would reach. */
static char byte_beyond(const struct cs_markdown_writer *w, size_t i,
                        enum cs_markdown_mode mode)
{
    const struct cs_markdown_token *tokens = w->line->tokens;
    do {
        i++;
    } while (i < w->line->n_tokens && tokens[i].kind == CS_MARKDOWN_CLOSE &&
             cs_markdown_delimiter(&tokens[i]));
    if (i < w->line->n_tokens && tokens[i].kind == CS_MARKDOWN_PIECE)
        return 'x';
    char byte = first_byte(w, i, mode);
    return byte == '\n' ? '\\' : byte;
}

static void put_gap(struct cs_markdown_writer *w, enum cs_markdown_gap gap,
                    enum cs_markdown_mode mode)
{
    if (gap == CS_MARKDOWN_GAP_SPACE || mode == CS_MARKDOWN_HEADING) {
        cs_strbuf_putc(w->out, ' ');
    } else if (mode == CS_MARKDOWN_BLOCK) {
        cs_strbuf_putc(w->out, '\\');
        cs_markdown_newline(w);
        cs_markdown_begin(w);
    } else {
        cs_strbuf_puts(w->out, "<br>");
    }
}

static void put_span(struct cs_markdown_writer *w,
                     const struct cs_markdown_token *token,
                     enum cs_markdown_mode mode)
{
    bool html = mode == CS_MARKDOWN_HTML,
         opens = token->kind == CS_MARKDOWN_OPEN;
    if (token->span != CS_MARKDOWN_LINK) {
        const struct cs_markdown_mark *row = &cs_markdown_marks[token->span];
        if (html || !cs_markdown_delimiter(token))
            cs_strbuf_puts(w->out, opens ? row->open : row->close);
        else
            cs_strbuf_puts(w->out, row->delimiter);
        return;
    }
    const struct cs_target *link = w->line->pieces[token->piece].leaf->link;
    if (opens) {
        cs_strbuf_puts(w->out, html ? "<a href=\"" : "[");
        if (html) {
            cs_markdown_put_target(w, link, CS_PLACE_HTML_ATTR);
            cs_strbuf_puts(w->out, "\">");
        }
    } else if (html) {
        cs_strbuf_puts(w->out, "</a>");
    } else {
        cs_strbuf_puts(w->out, "](");
        cs_markdown_put_target(w, link, CS_PLACE_DESTINATION);
        cs_strbuf_putc(w->out, ')');
    }
}

/* The code in the scratch buffer as a code span. */
static void put_code_span(struct cs_markdown_writer *w,
                          enum cs_markdown_mode mode)
{
    const struct cs_strbuf *code = w->line->scratch;
    if (mode == CS_MARKDOWN_HTML) {
        cs_strbuf_puts(w->out, "<code>");
        cs_markdown_put_html_text(w->out, code->data, code->len);
        cs_strbuf_puts(w->out, "</code>");
        return;
    }
    size_t fence = cs_markdown_longest_run(code->data, code->len, '`') + 1;
    bool pad =
        code->len && (code->data[0] == '`' || code->data[code->len - 1] == '`');
    cs_strbuf_fill(w->out, '`', fence);
    cs_strbuf_fill(w->out, ' ', pad);
    for (size_t n = 0; n < code->len; n++) {
        if (code->data[n] == '|' && mode == CS_MARKDOWN_CELL)
            cs_strbuf_putc(w->out, '\\');
        cs_strbuf_putc(w->out, code->data[n]);
    }
    cs_strbuf_fill(w->out, ' ', pad);
    cs_strbuf_fill(w->out, '`', fence);
}

/* "[`a]: b`](c)" would define a reference: there a bracket counts even in a
 * code span. */
static void put_code_tag(struct cs_markdown_writer *w,
                         enum cs_markdown_mode mode)
{
    const struct cs_strbuf *code = w->line->scratch;
    struct cs_markdown_context context = {
        .mode = mode, .in_link = true, .next = '<', .beyond = '<'};
    cs_strbuf_puts(w->out, "<code>");
    cs_markdown_put_text(w->out, code->data, code->len, &context);
    cs_strbuf_puts(w->out, "</code>");
}

/* All pieces joined from `i` on. */
static void put_code(struct cs_markdown_writer *w, size_t i,
                     enum cs_markdown_mode mode)
{
    struct cs_markdown_line *line = w->line;
    cs_strbuf_reset(line->scratch);
    for (size_t at = i; at < line->n_pieces; at++) {
        const struct cs_markdown_piece *piece = &line->pieces[at];
        if (at > i && !piece->joined)
            break;
        if (at > i && piece->gap)
            cs_strbuf_putc(line->scratch, ' ');
        cs_markdown_put_plain(line->scratch, piece->text, piece->len);
    }
    const struct cs_strbuf *code = line->scratch;
    if (mode != CS_MARKDOWN_HTML && line->pieces[i].leaf->link && code->len &&
        memmem(code->data, code->len, "]:", 2))
        put_code_tag(w, mode);
    else
        put_code_span(w, mode);
}

/* "$`x^2`$": GitHub's form that no other rule can touch. */
static void put_formula(struct cs_markdown_writer *w,
                        const struct cs_markdown_piece *piece,
                        enum cs_markdown_mode mode)
{
    cs_strbuf_reset(w->line->scratch);
    cs_markdown_put_plain(w->line->scratch, piece->text, piece->len);
    cs_strbuf_putc(w->out, '$');
    put_code_span(w, mode);
    cs_strbuf_putc(w->out, '$');
}

static void put_img(struct cs_markdown_writer *w,
                    const struct cs_markdown_piece *piece)
{
    const struct cs_node *leaf = piece->leaf;
    cs_strbuf_puts(w->out, "<img src=\"");
    cs_markdown_put_target(w, &leaf->target, CS_PLACE_HTML_ATTR);
    cs_strbuf_puts(w->out, "\" alt=\"");
    cs_markdown_put_html_text(w->out, piece->text, piece->len);
    cs_strbuf_putc(w->out, '"');
    if (leaf->width)
        cs_strbuf_printf(w->out, " width=\"%u\"", leaf->width);
    if (leaf->height)
        cs_strbuf_printf(w->out, " height=\"%u\"", leaf->height);
    cs_strbuf_putc(w->out, '>');
}

static void put_image(struct cs_markdown_writer *w,
                      const struct cs_markdown_piece *piece,
                      enum cs_markdown_mode mode)
{
    const struct cs_target *target = &piece->leaf->target;
    if (mode == CS_MARKDOWN_HTML || cs_markdown_is_sized(piece->leaf)) {
        put_img(w, piece);
        return;
    }
    struct cs_markdown_context context = {
        .mode = mode, .in_link = true, .next = ']'};
    cs_strbuf_puts(w->out, "![");
    cs_markdown_put_text(w->out, piece->text, piece->len, &context);
    cs_strbuf_puts(w->out, "](");
    cs_markdown_put_target(w, target, CS_PLACE_DESTINATION);
    cs_strbuf_putc(w->out, ')');
}

static void put_name(struct cs_markdown_writer *w,
                     const struct cs_markdown_piece *piece,
                     enum cs_markdown_mode mode)
{
    enum cs_place_form form =
        mode == CS_MARKDOWN_HTML ? CS_PLACE_HTML_TEXT : CS_PLACE_TEXT;
    size_t at = w->out->len;
    cs_strbuf_reset(w->line->scratch);
    cs_markdown_put_plain(w->line->scratch, piece->text, piece->len);
    cs_place_escape(w->out, form, w->line->scratch->data,
                    w->line->scratch->len);
    cs_markdown_place(w, at, form, piece->leaf->ref);
}

static void put_anchor(struct cs_markdown_writer *w,
                       const struct cs_markdown_piece *piece)
{
    cs_strbuf_puts(w->out, "<a id=\"");
    cs_markdown_put_html_text(w->out, piece->text, piece->len);
    cs_strbuf_puts(w->out, "\"></a>");
}

static void put_piece(struct cs_markdown_writer *w, size_t i, size_t token,
                      struct cs_markdown_context *context)
{
    const struct cs_markdown_piece *piece = &w->line->pieces[i];
    switch (piece->leaf->kind) {
    case CS_NODE_IMAGE: put_image(w, piece, context->mode); return;
    case CS_NODE_NAME: put_name(w, piece, context->mode); return;
    case CS_NODE_FORMULA: put_formula(w, piece, context->mode); return;
    case CS_NODE_ANCHOR: put_anchor(w, piece); return;
    case CS_NODE_FOOTNOTE:
        cs_markdown_put_reference(w, piece->leaf,
                                  context->mode == CS_MARKDOWN_HTML);
        return;
    default: break;
    }
    if (cs_markdown_is_code(piece->leaf)) {
        if (!piece->joined)
            put_code(w, i, context->mode);
    } else if (context->mode == CS_MARKDOWN_HTML) {
        cs_markdown_put_html_text(w->out, piece->text, piece->len);
    } else {
        context->in_link = piece->leaf->link != NULL;
        context->next = first_byte(w, token + 1, context->mode);
        context->beyond = byte_beyond(w, token, context->mode);
        cs_markdown_put_text(w->out, piece->text, piece->len, context);
    }
}

/* A link that says nothing but its URL, which fits between "<" and ">". */
static bool is_bare_url(const struct cs_markdown_line *line, size_t i)
{
    const struct cs_markdown_token *token = &line->tokens[i];
    if (token->kind != CS_MARKDOWN_OPEN || token->span != CS_MARKDOWN_LINK ||
        i + 2 >= line->n_tokens || token->partner != i + 2)
        return false;
    const struct cs_markdown_piece *piece = &line->pieces[token->piece];
    const char *url = piece->leaf->link->url;
    if (!url || piece->leaf->kind != CS_NODE_TEXT ||
        cs_markdown_is_code(piece->leaf) || strlen(url) != piece->len ||
        memcmp(url, piece->text, piece->len) != 0)
        return false;
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return false;
    for (size_t n = 0; n < piece->len; n++)
        if ((unsigned char)url[n] <= ' ' || strchr("<>|\\", url[n]) ||
            (url[n] == '&' && cs_markdown_is_entity(url + n, piece->len - n)))
            return false;
    return true;
}

static bool has_strikes(const struct cs_markdown_line *line)
{
    for (size_t i = 0; i < line->n_pieces; i++)
        if (line->pieces[i].leaf->marks & CS_MARK_BIT(CS_MARK_STRIKE))
            return true;
    return false;
}

void cs_markdown_put_tokens(struct cs_markdown_writer *w,
                            enum cs_markdown_mode mode)
{
    const struct cs_markdown_line *line = w->line;
    struct cs_markdown_context context = {.mode = mode,
                                          .strikes = has_strikes(line),
                                          .line_start =
                                              mode == CS_MARKDOWN_BLOCK,
                                          .first_line = true};
    for (size_t i = 0; i < line->n_tokens; i++) {
        const struct cs_markdown_token *token = &line->tokens[i];
        if (mode != CS_MARKDOWN_HTML && is_bare_url(line, i)) {
            const struct cs_markdown_piece *piece = &line->pieces[token->piece];
            cs_strbuf_putc(w->out, '<');
            cs_strbuf_put(w->out, piece->text, piece->len);
            cs_strbuf_putc(w->out, '>');
            i += 2;
            context.line_start = false;
            continue;
        }
        switch (token->kind) {
        case CS_MARKDOWN_OPEN:
        case CS_MARKDOWN_CLOSE: put_span(w, token, mode); break;
        case CS_MARKDOWN_PIECE: put_piece(w, token->piece, i, &context); break;
        case CS_MARKDOWN_GAP:
            put_gap(w, line->pieces[token->piece].gap, mode);
            break;
        }
        context.line_start =
            token->kind == CS_MARKDOWN_GAP && mode == CS_MARKDOWN_BLOCK &&
            line->pieces[token->piece].gap == CS_MARKDOWN_GAP_BREAK;
        if (context.line_start)
            context.first_line = false;
    }
}
