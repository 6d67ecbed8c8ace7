/*
 * xml_tree.c - reading the tree that xml.c has built.
 */
#include "src/xml.h"

const char *cs_xml_flaw_name(enum cs_xml_flaw flaw)
{
    static const char *const names[CS_XML_FLAWS] = {
        [CS_XML_UNCLOSED_TAG] = "unclosed tag",
        [CS_XML_STRAY_END_TAG] = "stray end tag",
        [CS_XML_BAD_ATTRIBUTE] = "bad attribute",
        [CS_XML_BARE_CHARACTER] = "bare character",
        [CS_XML_FORBIDDEN_CHARACTER] = "forbidden character",
        [CS_XML_BAD_ENCODING] = "bad encoding",
        [CS_XML_UNCLOSED_SECTION] = "unclosed section",
        [CS_XML_MALFORMED] = "malformed markup",
        [CS_XML_TOO_DEEP] = "deep nesting",
        [CS_XML_LOST_TEXT] = "lost text",
    };
    return names[flaw];
}

bool cs_xml_is(const struct cs_xml *node, const char *name)
{
    return node->name && strcmp(node->name->text, name) == 0;
}

const char *cs_xml_get(const struct cs_xml *element, const char *name)
{
    if (!element->name)
        return NULL;
    for (size_t i = 0; i < element->n_attrs; i++)
        if (strcmp(element->attrs[i].name->text, name) == 0)
            return element->attrs[i].value;
    return NULL;
}

const struct cs_xml *cs_xml_child(const struct cs_xml *element,
                                  const char *name)
{
    for (const struct cs_xml *at = element->first; at; at = at->next)
        if (cs_xml_is(at, name))
            return at;
    return NULL;
}

static size_t text_below(const struct cs_xml *node, char *out)
{
    size_t len = 0;
    for (const struct cs_xml *at = node->first; at; at = at->next) {
        if (at->name) {
            len += text_below(at, out ? out + len : NULL);
        } else {
            if (out)
                memcpy(out + len, at->text, at->len);
            len += at->len;
        }
    }
    return len;
}

const char *cs_xml_text(struct cs_arena *arena, const struct cs_xml *element,
                        size_t *ret_len)
{
    size_t len = text_below(element, NULL);
    char *text = cs_arena_alloc(arena, len + 1);
    if (!text)
        return NULL;
    (void)text_below(element, text);
    if (ret_len)
        *ret_len = len;
    return text;
}
