/*
 * storage_inline.c - what stands in a line: spans, emoticons, dates, formulas.
 */
#include "connectors/confluence/storage_reader.h"

#include "src/text.h"

#include <stdlib.h>

/* Colours and fonts say nothing in Markdown, but a line through the text and
 * bold or italic type do. */
void cs_storage_read_span(struct cs_storage_reader *r, const struct cs_xml *xml,
                          unsigned arg)
{
    static const struct {
        const char *style;
        enum cs_mark mark;
    } rows[] = {
        {"line-through", CS_MARK_STRIKE},
        {"font-weight: bold", CS_MARK_STRONG},
        {"font-style: italic", CS_MARK_EM},
    };
    (void)arg;
    const char *style = cs_xml_get(xml, "style");
    uint16_t marks = r->marks;
    for (size_t i = 0; style && i < CS_ARRAY_LEN(rows); i++)
        if (strstr(style, rows[i].style))
            r->marks |= (uint16_t)CS_MARK_BIT(rows[i].mark);
    cs_storage_read_children(r, xml);
    r->marks = marks;
}

/* Emoticons */

struct face {
    const char *name, *text;
};

static const struct face faces[] = {
    {"blue-star", "\xe2\xad\x90"},
    {"broken-heart", "\xf0\x9f\x92\x94"},
    {"cheeky", "\xf0\x9f\x98\x9b"},
    {"cross", "\xe2\x9d\x8c"},
    {"green-star", "\xe2\xad\x90"},
    {"heart", "\xe2\x9d\xa4"},
    {"information", "\xe2\x84\xb9"},
    {"laugh", "\xf0\x9f\x98\x83"},
    {"light-off", "\xf0\x9f\x92\xa1"},
    {"light-on", "\xf0\x9f\x92\xa1"},
    {"minus", "\xe2\x9e\x96"},
    {"plus", "\xe2\x9e\x95"},
    {"question", "\xe2\x9d\x93"},
    {"red-star", "\xe2\xad\x90"},
    {"sad", "\xf0\x9f\x99\x81"},
    {"smile", "\xf0\x9f\x99\x82"},
    {"thumbs-down", "\xf0\x9f\x91\x8e"},
    {"thumbs-up", "\xf0\x9f\x91\x8d"},
    {"tick", "\xe2\x9c\x85"},
    {"warning", "\xe2\x9a\xa0"},
    {"wink", "\xf0\x9f\x98\x89"},
    {"yellow-star", "\xe2\xad\x90"},
};

static int compare_face(const void *name, const void *row)
{
    return strcmp(name, ((const struct face *)row)->name);
}

/* "1f468-200d-1f4bb" as text; NULL when it is no list of code points, as for
 * emoji of the site's own. */
static const char *decode_id(struct cs_arena *arena, const char *id)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(64);
    while (id && *id) {
        char *end;
        unsigned long rune = strtoul(id, &end, 16);
        if (end == id || end - id > 6 || rune < 0x21 || rune > 0x10ffff ||
            (*end && *end != '-'))
            return NULL;
        cs_text_encode(&out, (uint32_t)rune);
        id = *end ? end + 1 : end;
    }
    return out.len || out.status ? cs_arena_strbuf(arena, &out) : NULL;
}

static const char *emoticon_text(struct cs_arena *arena,
                                 const struct cs_xml *xml)
{
    const char *fallback = cs_xml_get(xml, "ac:emoji-fallback");
    const char *short_name = cs_xml_get(xml, "ac:emoji-shortname");
    const char *name = cs_xml_get(xml, "ac:name");
    if (fallback && (unsigned char)fallback[0] >= 0x80)
        return fallback;
    const char *text = decode_id(arena, cs_xml_get(xml, "ac:emoji-id"));
    if (text)
        return text;
    if (short_name && *short_name)
        return short_name;
    if (fallback && *fallback)
        return fallback;
    if (!name || !*name)
        return NULL;
    const struct face *face = bsearch(name, faces, CS_ARRAY_LEN(faces),
                                      sizeof(faces[0]), compare_face);
    return face ? face->text : cs_arena_printf(arena, ":%s:", name);
}

void cs_storage_read_emoticon(struct cs_storage_reader *r,
                              const struct cs_xml *xml, unsigned arg)
{
    (void)arg;
    cs_storage_add_word(r, emoticon_text(r->arena, xml), 0);
}

/* Others */

void cs_storage_read_time(struct cs_storage_reader *r, const struct cs_xml *xml,
                          unsigned arg)
{
    (void)arg;
    const char *text = cs_xml_text(r->arena, xml, NULL);
    if (!text || cs_node_is_blank(text, strlen(text)))
        text = cs_xml_get(xml, "datetime");
    cs_storage_add_word(r, text, 0);
}

/* MathML: its TeX where that is given, else the characters of the formula. */
void cs_storage_read_math(struct cs_storage_reader *r, const struct cs_xml *xml,
                          unsigned arg)
{
    (void)arg;
    const struct cs_xml *semantics = cs_xml_child(xml, "semantics");
    const struct cs_xml *tex =
        cs_xml_child(semantics ? semantics : xml, "annotation");
    size_t len = 0;
    const char *text = cs_xml_text(r->arena, tex ? tex : xml, &len);
    if (!text || cs_node_is_blank(text, len))
        return;
    struct cs_node *leaf =
        cs_storage_add_leaf(r, tex ? CS_NODE_FORMULA : CS_NODE_TEXT, text, len);
    if (leaf)
        leaf->apart = true;
}

/* A variable of a template: "{name}". */
void cs_storage_read_variable(struct cs_storage_reader *r,
                              const struct cs_xml *xml, unsigned arg)
{
    (void)arg;
    const char *name = cs_xml_get(xml, "at:name");
    if (name)
        cs_storage_add_word(r, cs_arena_printf(r->arena, "{%s}", name), 0);
}
