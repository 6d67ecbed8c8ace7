/*
 * markdown_line.c - one line: from leaves with marks to delimiters.
 *
 * Four steps. (1) Leaves become pieces: trimmed text with the gap (blank or
 * break) in front of each, so that white space can never stand at the inner
 * edge of a delimiter. (2) Pieces become tokens: marks open and close around
 * them, the one that lasts longest outermost, links never split. (3) Each pair
 * of delimiters is tested against CommonMark's flanking rules with what will
 * really stand beside it; a pair that would not work becomes HTML tags. (4)
 * The tokens are written.
 *
 * markdown_span.c does the last. All steps are linear in the number of leaves.
 */
#include "src/markdown_line.h"

#include "src/text.h"

/* Step 1: pieces */

static uint32_t first_rune(const struct cs_markdown_piece *piece)
{
    uint32_t rune = '!';
    if (piece->leaf->kind == CS_NODE_TEXT && !cs_markdown_is_code(piece->leaf))
        (void)cs_text_decode(piece->text, piece->len, &rune);
    return rune;
}

static uint32_t last_rune(const struct cs_markdown_piece *piece)
{
    uint32_t rune = '!';
    if (piece->leaf->kind != CS_NODE_TEXT || cs_markdown_is_code(piece->leaf))
        return rune;
    size_t start = piece->len - 1;
    while (start > 0 && piece->len - start < 4 &&
           ((unsigned char)piece->text[start] & 0xc0) == 0x80)
        start--;
    (void)cs_text_decode(piece->text + start, piece->len - start, &rune);
    return rune;
}

/* The word at the edge of a leaf, whatever is written around it. */
static bool edge_is_word(const struct cs_node *leaf,
                         const struct cs_markdown_piece *piece, bool last)
{
    if (leaf->kind == CS_NODE_NAME || cs_markdown_is_code(leaf))
        return true;
    return cs_rune_is_alnum(last ? last_rune(piece) : first_rune(piece));
}

static struct cs_markdown_piece *add_piece(struct cs_markdown_writer *w,
                                           const struct cs_node *leaf,
                                           const char *text, size_t len)
{
    struct cs_markdown_line *line = w->line;
    struct cs_markdown_piece *pieces =
        cs_arena_grow(w->arena, line->pieces, line->n_pieces, &line->cap_pieces,
                      sizeof(*pieces));
    if (!pieces)
        return NULL;
    line->pieces = pieces;
    struct cs_markdown_piece *piece = &line->pieces[line->n_pieces++];
    *piece = (struct cs_markdown_piece){.leaf = leaf, .text = text, .len = len};
    return piece;
}

static bool same_span(const struct cs_markdown_piece *a,
                      const struct cs_markdown_piece *b)
{
    return a->leaf->marks == b->leaf->marks && a->leaf->link == b->leaf->link;
}

/* The gap in front of a new piece, given what stood between it and the last
 * one. `code_gap`: the white space was inside a code element. */
static void set_gap(struct cs_markdown_line *line,
                    struct cs_markdown_piece *piece, enum cs_markdown_gap gap,
                    bool code_gap)
{
    if (line->n_pieces == 1)
        return; /* none at the begin of a line */
    const struct cs_markdown_piece *before = piece - 1;
    if (gap == CS_MARKDOWN_GAP_NONE &&
        (piece->leaf->apart || before->leaf->apart) &&
        edge_is_word(before->leaf, before, true) &&
        edge_is_word(piece->leaf, piece, false))
        gap = CS_MARKDOWN_GAP_SPACE;
    piece->gap = gap;
    piece->joined = cs_markdown_is_code(piece->leaf) &&
                    cs_markdown_is_code(before->leaf) &&
                    same_span(piece, before) &&
                    (gap == CS_MARKDOWN_GAP_NONE ||
                     (gap == CS_MARKDOWN_GAP_SPACE && code_gap));
}

static void make_pieces(struct cs_markdown_writer *w,
                        const struct cs_node *first)
{
    struct cs_markdown_line *line = w->line;
    enum cs_markdown_gap gap = CS_MARKDOWN_GAP_NONE;
    bool code_gap = false;
    line->n_pieces = 0;
    for (const struct cs_node *leaf = first; leaf; leaf = leaf->next) {
        const char *text = leaf->text;
        size_t len = leaf->len;
        bool space = false, space_after = false;
        if (leaf->kind == CS_NODE_BREAK) {
            gap = CS_MARKDOWN_GAP_BREAK;
            continue;
        }
        if (leaf->kind == CS_NODE_ANCHOR && !leaf->linked)
            continue;
        if (leaf->kind == CS_NODE_TEXT) {
            size_t n = cs_markdown_leading_space(text, len, &space);
            text += n;
            len -= n;
            len -= cs_markdown_trailing_space(text, len, &space_after);
        }
        if (space && gap == CS_MARKDOWN_GAP_NONE) {
            gap = CS_MARKDOWN_GAP_SPACE;
            code_gap = true;
        }
        code_gap = code_gap && (!space || cs_markdown_is_code(leaf));
        if (leaf->kind == CS_NODE_TEXT && len == 0)
            continue;
        struct cs_markdown_piece *piece = add_piece(w, leaf, text, len);
        if (!piece)
            return;
        set_gap(line, piece, gap, code_gap);
        gap = space_after ? CS_MARKDOWN_GAP_SPACE : CS_MARKDOWN_GAP_NONE;
        code_gap = cs_markdown_is_code(leaf);
    }
}

/* The piece goes on with the text of the one before, as if nothing had been
 * between them. */
static bool goes_on(const struct cs_markdown_piece *piece)
{
    const struct cs_markdown_piece *before = piece - 1;
    return piece->gap == CS_MARKDOWN_GAP_NONE &&
           piece->leaf->kind == CS_NODE_TEXT &&
           before->leaf->kind == CS_NODE_TEXT &&
           !cs_markdown_is_code(piece->leaf) && same_span(piece, before);
}

/* One piece of `n` from `piece` on. */
static void join(struct cs_markdown_writer *w, struct cs_markdown_piece *piece,
                 size_t n)
{
    size_t len = 0, done = 0;
    for (size_t i = 0; i < n; i++)
        len += piece[i].len;
    char *text = cs_arena_alloc(w->arena, len + 1);
    for (size_t i = 0; text && i < n; i++) {
        memcpy(text + done, piece[i].text, piece[i].len);
        done += piece[i].len;
    }
    if (text) {
        piece->text = text;
        piece->len = len;
    }
}

/* Markup may be spread over several pieces: "1" and ". a", "&" and "lt;". */
static void join_pieces(struct cs_markdown_writer *w)
{
    struct cs_markdown_line *line = w->line;
    size_t kept = 0;
    for (size_t i = 0, n; i < line->n_pieces; i += n) {
        for (n = 1; i + n < line->n_pieces && goes_on(&line->pieces[i + n]);)
            n++;
        if (n > 1)
            join(w, &line->pieces[i], n);
        if (kept != i)
            line->pieces[kept] = line->pieces[i];
        kept++;
    }
    line->n_pieces = kept;
}

/* Step 2: tokens */

/* A link is underlined by itself. */
static bool has(const struct cs_markdown_piece *piece, unsigned span)
{
    if (span == CS_MARKDOWN_LINK)
        return piece->leaf->link != NULL;
    if (span == CS_MARK_UNDERLINE && piece->leaf->link)
        return false;
    return (piece->leaf->marks & CS_MARK_BIT(span)) != 0;
}

static void set_untils(struct cs_markdown_line *line)
{
    for (size_t i = line->n_pieces; i-- > 0;) {
        struct cs_markdown_piece *piece = &line->pieces[i];
        if (!piece->leaf->marks && !piece->leaf->link)
            continue;
        bool last = i + 1 == line->n_pieces;
        for (unsigned span = 0; span < CS_MARKDOWN_SPANS; span++) {
            if (!has(piece, span))
                continue;
            bool on = !last && has(piece + 1, span) &&
                      (span != CS_MARKDOWN_LINK ||
                       piece->leaf->link == piece[1].leaf->link);
            piece->until[span] = on ? piece[1].until[span] : (uint32_t)(i + 1);
        }
    }
}

static size_t add_token(struct cs_markdown_writer *w,
                        struct cs_markdown_token token)
{
    struct cs_markdown_line *line = w->line;
    struct cs_markdown_token *tokens =
        cs_arena_grow(w->arena, line->tokens, line->n_tokens, &line->cap_tokens,
                      sizeof(*tokens));
    line->failed = !tokens;
    if (line->failed)
        return 0;
    line->tokens = tokens;
    line->tokens[line->n_tokens] = token;
    return line->n_tokens++;
}

/* The spans open at some point, outermost first: indexes of CS_MARKDOWN_OPEN
 * tokens. */
struct open_spans {
    size_t tokens[CS_MARKDOWN_SPANS];
    size_t n;
};

static bool is_open(const struct cs_markdown_line *line,
                    const struct open_spans *open, unsigned span)
{
    for (size_t i = 0; i < open->n; i++)
        if (line->tokens[open->tokens[i]].span == span)
            return true;
    return false;
}

/* How many of the open spans go on in the next piece. A mark that would end
 * inside a link that begins here is closed before it, to be opened in it. */
static size_t count_kept(const struct cs_markdown_line *line,
                         const struct open_spans *open,
                         const struct cs_markdown_piece *piece)
{
    const struct cs_target *link = NULL; /* the one open */
    for (size_t i = 0; i < open->n; i++)
        if (line->tokens[open->tokens[i]].span == CS_MARKDOWN_LINK)
            link = line->pieces[line->tokens[open->tokens[i]].piece].leaf->link;
    bool link_begins = piece && piece->leaf->link && piece->leaf->link != link;
    size_t n = 0;
    for (; piece && n < open->n; n++) {
        unsigned span = line->tokens[open->tokens[n]].span;
        if (!has(piece, span) || (span == CS_MARKDOWN_LINK && link_begins) ||
            (link_begins &&
             piece->until[span] < piece->until[CS_MARKDOWN_LINK]))
            break;
    }
    return piece ? n : 0;
}

static void close_spans(struct cs_markdown_writer *w, struct open_spans *open,
                        size_t keep)
{
    struct cs_markdown_line *line = w->line;
    while (open->n > keep && !line->failed) {
        size_t opener = open->tokens[--open->n];
        size_t closer = add_token(
            w, (struct cs_markdown_token){.kind = CS_MARKDOWN_CLOSE,
                                          .span = line->tokens[opener].span,
                                          .piece = line->tokens[opener].piece,
                                          .partner = opener});
        if (!line->failed)
            line->tokens[opener].partner = closer;
    }
}

/* Open what piece `i` needs: what lasts longest first; a link before marks
 * that last as long. */
static void open_spans(struct cs_markdown_writer *w, struct open_spans *open,
                       size_t i)
{
    const struct cs_markdown_piece *piece = &w->line->pieces[i];
    while ((piece->leaf->marks || piece->leaf->link) && !w->line->failed) {
        unsigned best = CS_MARKDOWN_SPANS;
        for (unsigned n = 0; n < CS_MARKDOWN_SPANS; n++) {
            unsigned span = n == 0 ? CS_MARKDOWN_LINK : n - 1;
            if (has(piece, span) && !is_open(w->line, open, span) &&
                (best == CS_MARKDOWN_SPANS ||
                 piece->until[span] > piece->until[best]))
                best = span;
        }
        if (best == CS_MARKDOWN_SPANS || open->n == CS_MARKDOWN_SPANS)
            return;
        open->tokens[open->n++] = add_token(
            w, (struct cs_markdown_token){
                   .kind = CS_MARKDOWN_OPEN, .span = best, .piece = i});
    }
}

static void make_tokens(struct cs_markdown_writer *w)
{
    struct cs_markdown_line *line = w->line;
    struct open_spans open = {.n = 0};
    line->n_tokens = 0;
    for (size_t i = 0; i < line->n_pieces && !line->failed; i++) {
        const struct cs_markdown_piece *piece = &line->pieces[i];
        close_spans(w, &open, count_kept(line, &open, piece));
        if (piece->gap && !piece->joined)
            (void)add_token(w, (struct cs_markdown_token){
                                   .kind = CS_MARKDOWN_GAP, .piece = i});
        open_spans(w, &open, i);
        (void)add_token(w, (struct cs_markdown_token){.kind = CS_MARKDOWN_PIECE,
                                                      .piece = i});
    }
    close_spans(w, &open, 0);
}

/* Step 3: flanking */

/* True when a bare URL stands at the edge of a text. It may come to stand
 * between "<" and ">". */
static bool is_url_edge(const struct cs_markdown_piece *piece, bool last)
{
    const char *text = piece->text;
    size_t len = piece->len;
    if (piece->leaf->kind != CS_NODE_TEXT || !memchr(text, ':', len))
        return false;
    if (!last)
        return len > 3 &&
               (memcmp(text, "http", 4) == 0 || memcmp(text, "ftp:", 4) == 0);
    while (len > 2 && !cs_ascii_is_space(text[len - 1]))
        if (memcmp(text + --len - 2, "://", 3) == 0)
            return true;
    return false;
}

/* A break is "\\" and a line end, or "<br>" in a cell. */
static bool is_blank_gap(const struct cs_markdown_line *line,
                         enum cs_markdown_gap gap, bool after)
{
    return gap == CS_MARKDOWN_GAP_SPACE || line->mode == CS_MARKDOWN_HEADING ||
           (line->mode == CS_MARKDOWN_BLOCK && !after);
}

/* The character on one side of token `i`, beyond the run of delimiters that
 * it is part of; ' ' at an end. GitHub's parser also looks beyond tildes, so
 * there are two answers: with `skip` that one. Where the character is not
 * sure, the answer is the one that makes the delimiter fail. */
static uint32_t beside(const struct cs_markdown_line *line, size_t i,
                       bool after, bool skip)
{
    char delimiter = cs_markdown_delimiter(&line->tokens[i]);
    bool inner = after == (line->tokens[i].kind == CS_MARKDOWN_OPEN);
    bool skipped = false;
    size_t n = line->n_tokens;
    while (after ? ++i < n : i-- > 0) {
        const struct cs_markdown_token *token = &line->tokens[i];
        const struct cs_markdown_piece *piece = &line->pieces[token->piece];
        if (token->kind == CS_MARKDOWN_GAP)
            return is_blank_gap(line, piece->gap, after) ? ' ' : '!';
        if (token->kind == CS_MARKDOWN_PIECE && is_url_edge(piece, !after))
            return inner ? '!' : 'x';
        if (token->kind == CS_MARKDOWN_PIECE)
            return after ? first_rune(piece) : last_rune(piece);
        char other = cs_markdown_delimiter(token);
        if (other == '~' && skip && delimiter != '~')
            skipped = true;
        else if (other != delimiter || skipped)
            return '!'; /* some ASCII punctuation */
    }
    return ' ';
}

/* CommonMark, "left-flanking delimiter run" for an opener with `inner` after
 * it, and the mirror image for a closer. Both editions of "punctuation" must
 * agree, and a tilde outside helps nobody who skips it. */
static bool flanks(uint32_t outer, uint32_t inner)
{
    if (cs_rune_is_space(inner))
        return false;
    return !cs_rune_is_punct(inner) || cs_rune_is_space(outer) ||
           (cs_rune_is_old_punct(outer) && outer != '~');
}

static bool works(const struct cs_markdown_line *line, size_t i)
{
    bool opens = line->tokens[i].kind == CS_MARKDOWN_OPEN;
    return flanks(beside(line, i, !opens, false),
                  beside(line, i, opens, false)) &&
           flanks(beside(line, i, !opens, true), beside(line, i, opens, true));
}

static void use_html(struct cs_markdown_line *line, size_t i)
{
    line->tokens[i].html = true;
    line->tokens[line->tokens[i].partner].html = true;
}

/* An opener that could close as well would close what is open around it: in
 * "***a* b*c*d**" the third run does. `depth` delimiters are open. */
static bool could_close(const struct cs_markdown_line *line, size_t i,
                        unsigned depth)
{
    bool run_goes_on = i > 0 && line->tokens[i - 1].kind == CS_MARKDOWN_OPEN &&
                       cs_markdown_delimiter(&line->tokens[i - 1]);
    if (depth == 0 || run_goes_on)
        return false;
    uint32_t before = beside(line, i, false, true);
    return !cs_rune_is_space(before) &&
           (!cs_rune_is_old_punct(before) ||
            cs_rune_is_punct(beside(line, i, true, true)));
}

/* One look at every pair; true when one was turned into tags, which changes
 * what stands beside its neighbours. */
static bool turn_some(struct cs_markdown_line *line)
{
    unsigned depth = 0;
    bool turned = false;
    for (size_t i = 0; i < line->n_tokens; i++) {
        struct cs_markdown_token *token = &line->tokens[i];
        char delimiter = cs_markdown_delimiter(token);
        if (!delimiter)
            continue;
        bool opens = token->kind == CS_MARKDOWN_OPEN;
        if (opens && (!works(line, i) || could_close(line, i, depth))) {
            use_html(line, i);
            turned = true;
            continue;
        }
        depth = opens ? depth + 1 : depth - 1;
        if (opens)
            continue;
        bool reads_otherwise = /* "*a***b**" */
            i + 1 < line->n_tokens && token[1].kind == CS_MARKDOWN_OPEN &&
            cs_markdown_delimiter(&token[1]) == delimiter;
        if (!works(line, i))
            use_html(line, i);
        else if (reads_otherwise)
            use_html(line, i + 1);
        turned = turned || token->html || reads_otherwise;
    }
    return turned;
}

/* Until all that is left works. A line that does not settle soon is written
 * in tags altogether. */
static void choose_styles(struct cs_markdown_line *line)
{
    enum { LOOKS_MAX = 8 };
    for (int look = 0; turn_some(line); look++)
        for (size_t i = 0; look == LOOKS_MAX && i < line->n_tokens; i++)
            line->tokens[i].html = true;
}

void cs_markdown_put_line(struct cs_markdown_writer *w,
                          const struct cs_node *line,
                          enum cs_markdown_mode mode)
{
    w->line->mode = mode;
    make_pieces(w, line->first);
    join_pieces(w);
    set_untils(w->line);
    make_tokens(w);
    if (cs_arena_status(w->arena, NULL))
        return;
    if (mode != CS_MARKDOWN_HTML)
        choose_styles(w->line);
    cs_markdown_put_tokens(w, mode);
}
