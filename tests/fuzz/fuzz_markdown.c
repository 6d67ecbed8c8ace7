/*
 * fuzz_markdown.c - what the writer writes is what another parser reads.
 *
 * The input is a recipe for a paragraph: pieces of text, each with its marks,
 * breaks and links. It is written and read again with libcmark-gfm, and the
 * rendered result must show the same characters, each with the same marks: no
 * asterisk left over, none swallowed. Characters that carry no mark of their
 * own (white space) are not compared.
 */
#include "src/markdown.h"
#include "src/text.h"
#include "tests/lib/gfm.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Characters that delimiters and escapes are about, and some that are not. */
/* clang-format off */
static const char words[][14] = {
    "a", "b c", " ", "*", "**", "_", "~", "~~", "`", "[", "]", "(", ")", "!",
    "<", ">", "&", "\\", "#", "-", "1.", ".", "\"", ":", "|", "=", "+", "$",
    "^", "&lt;", "x_y", "a@b.c", "\xea\xb0\x80", "\xe3\x80\x82",
    "\xe2\x80\x9c", "\xc2\xa0", "http://e.org", "www.e.org"};
/* clang-format on */

struct drawing {
    struct cs_strbuf text;  /* visible characters */
    struct cs_strbuf marks; /* one byte for each of their bytes */
};

static void draw(struct drawing *to, const char *text, size_t len,
                 unsigned marks)
{
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        size_t n = cs_text_decode(text + i, len - i, &rune);
        if (!cs_rune_is_space(rune)) {
            cs_strbuf_put(&to->text, text + i, n);
            cs_strbuf_fill(&to->marks, (char)('0' + marks), n);
        }
        i += n;
    }
}

/* Strong 1, emphasis 2, strike 4, code 8. Links that the parser finds by
 * itself are no mark. */
static unsigned drawn_marks(unsigned marks)
{
    return (marks & CS_MARK_BIT(CS_MARK_STRONG) ? 1u : 0) |
           (marks & CS_MARK_BIT(CS_MARK_EM) ? 2u : 0) |
           (marks & CS_MARK_BIT(CS_MARK_STRIKE) ? 4u : 0) |
           (marks & CS_MARK_BIT(CS_MARK_CODE) ? 8u : 0);
}

static unsigned node_mark(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_STRONG: return 1;
    case CMARK_NODE_EMPH: return 2;
    default:
        return strcmp(cmark_node_get_type_string(node), "strikethrough") == 0
                   ? 4
                   : 0;
    }
}

/* The writer's own tags stand for marks as well. */
static unsigned html_mark(const char *tag)
{
    static const struct {
        const char *open, *close;
        unsigned mark;
    } rows[] = {{"<strong>", "</strong>", 1},
                {"<em>", "</em>", 2},
                {"<del>", "</del>", 4},
                {"<code>", "</code>", 8}};
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        if (strcmp(tag, rows[i].open) == 0 || strcmp(tag, rows[i].close) == 0)
            return rows[i].mark;
    return 0;
}

static void draw_tree(struct drawing *to, cmark_node *root)
{
    unsigned marks = 0;
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event;
         (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        const char *literal = cmark_node_get_literal(node);
        unsigned own = node_mark(node);
        if (cmark_node_get_type(node) == CMARK_NODE_HTML_INLINE && literal)
            marks = html_mark(literal) ? marks ^ html_mark(literal) : marks;
        else if (event == CMARK_EVENT_ENTER && literal)
            draw(to, literal, strlen(literal),
                 marks |
                     (cmark_node_get_type(node) == CMARK_NODE_CODE ? 8 : 0));
        marks = event == CMARK_EVENT_EXIT ? marks & ~own : marks | own;
    }
    cmark_iter_free(iter);
}

/* Two bytes a leaf: which word, which marks. */
static void build(struct cs_arena *arena, struct cs_node *root,
                  const uint8_t *data, size_t size, struct drawing *want)
{
    static const struct cs_target target = {.url = "https://example.org/"};
    static const unsigned marks[] = {
        CS_MARK_BIT(CS_MARK_STRONG), CS_MARK_BIT(CS_MARK_EM),
        CS_MARK_BIT(CS_MARK_STRIKE), CS_MARK_BIT(CS_MARK_CODE)};
    struct cs_node *line = cs_node_add(arena, root, CS_NODE_PARAGRAPH);
    for (size_t i = 0; i + 1 < size; i += 2) {
        if (data[i] >= 0xf8) {
            (void)cs_node_add_text(arena, line, CS_NODE_BREAK, NULL, 0);
            continue;
        }
        const char *word = words[data[i] % CS_ARRAY_LEN(words)];
        size_t len = strlen(word);
        struct cs_node *leaf =
            cs_node_add_text(arena, line, CS_NODE_TEXT, word, len);
        for (size_t n = 0; n < CS_ARRAY_LEN(marks); n++)
            if (data[i + 1] >> n & 1)
                leaf->marks |= (uint16_t)marks[n];
        if (data[i + 1] & 0x10)
            leaf->link = &target;
        draw(want, word, len, drawn_marks(leaf->marks));
    }
}

static void init(struct drawing *drawing)
{
    cs_strbuf_init(&drawing->text, (size_t)1 << 20);
    cs_strbuf_init(&drawing->marks, (size_t)1 << 20);
}

static void clear(struct drawing *drawing)
{
    cs_strbuf_clear(&drawing->text);
    cs_strbuf_clear(&drawing->marks);
}

static bool is_same(const struct cs_strbuf *a, const struct cs_strbuf *b)
{
    return a->len == b->len && (!a->len || !memcmp(a->data, b->data, a->len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_arena *arena = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    struct drawing want, got;
    struct cs_body body;
    init(&want);
    init(&got);
    build(arena, root, data, size < 40 ? size : 40, &want);
    if (cs_markdown_write(arena, root, &body, NULL))
        abort();
    cmark_node *tree = gfm_parse(body.markdown, body.len);
    draw_tree(&got, tree);
    if (!is_same(&want.text, &got.text) || !is_same(&want.marks, &got.marks)) {
        (void)fprintf(stderr, "%s\n%s\n%s\n%s\n%s\n", body.markdown,
                      want.text.data, want.marks.data, got.text.data,
                      got.marks.data);
        abort();
    }
    cmark_node_free(tree);
    clear(&want);
    clear(&got);
    cs_arena_free(arena);
    return 0;
}
