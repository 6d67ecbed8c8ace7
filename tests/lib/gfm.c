/*
 * gfm.c - parsing, describing and rendering with libcmark-gfm.
 */
#include "tests/lib/gfm.h"

#include "src/text.h"
#include "src/xml_entities.h"

#include <cmark-gfm-core-extensions.h>
#include <stdlib.h>

static cmark_parser *new_parser(void)
{
    static const char *const names[] = {"table", "strikethrough", "autolink",
                                        "tasklist"};
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_FOOTNOTES);
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        cmark_parser_attach_syntax_extension(
            parser, cmark_find_syntax_extension(names[i]));
    return parser;
}

cmark_node *gfm_parse(const char *text, size_t len)
{
    cmark_parser *parser = new_parser();
    cmark_parser_feed(parser, text, len);
    cmark_node *root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void describe_list(struct cs_strbuf *out, cmark_node *node)
{
    cs_strbuf_printf(out, " start=%d", cmark_node_get_list_start(node));
    if (cmark_node_get_list_type(node) == CMARK_ORDERED_LIST)
        cs_strbuf_puts(out, " ordered");
    if (cmark_node_get_list_tight(node))
        cs_strbuf_puts(out, " tight");
}

static void describe_table(struct cs_strbuf *out, cmark_node *node)
{
    uint16_t columns = cmark_gfm_extensions_get_table_columns(node);
    uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(node);
    cs_strbuf_printf(out, " columns=%u ", columns);
    for (uint16_t i = 0; alignments && i < columns; i++)
        cs_strbuf_putc(out, alignments[i] ? (char)alignments[i] : '-');
}

static void describe_node(struct cs_strbuf *out, cmark_node *node)
{
    const char *type = cmark_node_get_type_string(node);
    cs_strbuf_printf(out, "\n(%s", type);
    if (cmark_node_get_type(node) == CMARK_NODE_HEADING)
        cs_strbuf_printf(out, " %d", cmark_node_get_heading_level(node));
    else if (cmark_node_get_type(node) == CMARK_NODE_LIST)
        describe_list(out, node);
    else if (cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK)
        cs_strbuf_printf(out, " %s", or_empty(cmark_node_get_fence_info(node)));
    else if (strcmp(type, "table") == 0)
        describe_table(out, node);
    else if (strcmp(type, "tasklist") == 0)
        cs_strbuf_puts(out, cmark_gfm_extensions_get_tasklist_item_checked(node)
                                ? " x"
                                : " o");
    if (cmark_node_get_url(node))
        cs_strbuf_printf(out, " %s", cmark_node_get_url(node));
    const char *literal = or_empty(cmark_node_get_literal(node));
    if (cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK)
        literal += strspn(literal, " "); /* blanks there say nothing */
    cs_strbuf_printf(out, " %s", literal);
}

void gfm_describe(struct cs_strbuf *out, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event;
         (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT)
            cs_strbuf_puts(out, or_empty(cmark_node_get_literal(node)));
        else if (type == CMARK_NODE_SOFTBREAK)
            cs_strbuf_putc(out, ' ');
        else if (event == CMARK_EVENT_EXIT)
            cs_strbuf_putc(out, ')');
        else
            describe_node(out, node);
    }
    cmark_iter_free(iter);
}

void gfm_render_html(struct cs_strbuf *out, const char *text, size_t len)
{
    cmark_parser *parser = new_parser();
    cmark_parser_feed(parser, text, len);
    cmark_node *root = cmark_parser_finish(parser);
    char *html = cmark_render_html(root, CMARK_OPT_UNSAFE,
                                   cmark_parser_get_syntax_extensions(parser));
    cs_strbuf_puts(out, html);
    free(html);
    cmark_node_free(root);
    cmark_parser_free(parser);
}

/* Bytes of the tag or comment that begins at `html`. */
static size_t tag_len(const char *html, size_t len)
{
    if (len > 3 && memcmp(html, "<!--", 4) == 0) {
        const char *end = memmem(html, len, "-->", 3);
        return end ? (size_t)(end - html) + 3 : len;
    }
    char quote = '\0';
    for (size_t i = 1; i < len; i++) {
        if (!quote && html[i] == '>')
            return i + 1;
        if (!quote && strchr("\"'", html[i]))
            quote = html[i];
        else if (html[i] == quote)
            quote = '\0';
    }
    return len;
}

/* The character behind "&...;" at `text`, and its bytes; 0 for none. */
static size_t decode_entity(const char *text, size_t len,
                            struct cs_strbuf *ret_text)
{
    char name[16];
    size_t n = 1;
    while (n < len && n < sizeof(name) && text[n] != ';' && text[n] != '&')
        n++;
    if (n >= len || text[n] != ';')
        return 0;
    memcpy(name, text + 1, n - 1);
    name[n - 1] = '\0';
    if (name[0] == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        cs_text_encode(ret_text,
                       (uint32_t)strtoul(name + 1 + hex, NULL, hex ? 16 : 10));
        return n + 1;
    }
    const char *known = cs_xml_entity(name);
    if (!known)
        return 0;
    cs_strbuf_puts(ret_text, known);
    return n + 1;
}

void gfm_visible(struct cs_strbuf *out, const char *html, size_t len)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_GFM_MAX);
    for (size_t i = 0, n; i < len; i += n) {
        n = html[i] == '<' ? tag_len(html + i, len - i) : 0;
        if (html[i] == '&')
            n = decode_entity(html + i, len - i, &text);
        if (n == 0) {
            cs_strbuf_putc(&text, html[i]);
            n = 1;
        }
    }
    for (size_t i = 0, n; i < text.len; i += n) {
        uint32_t rune;
        n = cs_text_decode(text.data + i, text.len - i, &rune);
        if (rune > ' ' && !cs_rune_is_space(rune) &&
            !cs_rune_is_zero_width(rune) && (rune < 0x7f || rune > 0x9f))
            cs_strbuf_put(out, text.data + i, n);
    }
}
