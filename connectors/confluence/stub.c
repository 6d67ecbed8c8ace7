/*
 * stub.c - the source is "<kind> <url>".
 */
#include "connectors/confluence/stub.h"

#include "src/markdown.h"

static enum cs_status write_body(struct cs_arena *arena, enum cs_item_kind kind,
                                 const char *url, struct cs_body *ret,
                                 struct cs_error *err)
{
    static const char open[] = "open it in Confluence";
    struct cs_node *document = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    struct cs_node *line = cs_node_add(arena, document, CS_NODE_PARAGRAPH);
    const char *name = cs_item_kind_name(kind);
    const char *article = strchr("aeiou", name[0]) ? "an" : "a";
    const char *text = cs_arena_printf(arena, "This is %s %s%s", article, name,
                                       url ? ": " : ".");
    if (text)
        (void)cs_node_add_text(arena, line, CS_NODE_TEXT, text, strlen(text));
    if (url) {
        struct cs_target *target = cs_arena_alloc(arena, sizeof(*target));
        struct cs_node *link =
            cs_node_add_text(arena, line, CS_NODE_TEXT, open, sizeof(open) - 1);
        if (target && link) {
            target->url = url;
            link->link = target;
        }
    }
    enum cs_status status = cs_arena_status(arena, err);
    return status ? status : cs_markdown_write(arena, document, ret, err);
}

enum cs_status cs_stub_text(struct cs_arena *arena, enum cs_item_kind kind,
                            const char *url, struct cs_text *ret,
                            struct cs_error *err)
{
    struct cs_text text = {.source_format = CS_FORMAT_STUB};
    text.source = cs_arena_printf(arena, "%s %s", cs_item_kind_name(kind),
                                  url ? url : "");
    enum cs_status status = cs_arena_status(arena, err);
    if (status)
        return status;
    text.source_len = strlen(text.source);
    status = cs_stub_convert(arena, NULL, text.source, text.source_len,
                             &text.body, &text.note, err);
    if (status)
        return status;
    *ret = text;
    return CS_OK;
}

enum cs_status cs_stub_convert(struct cs_arena *arena,
                               const struct cs_address_page *page,
                               const char *source, size_t len,
                               struct cs_body *ret_body,
                               struct cs_conversion_note *ret_note,
                               struct cs_error *err)
{
    char *text = cs_arena_strndup(arena, source, len);
    (void)page;
    if (!text)
        return cs_arena_status(arena, err);
    char *url = strchr(text, ' ');
    if (url)
        *url++ = '\0';
    enum cs_item_kind kind = cs_item_kind_from(text);
    if (!url || kind == CS_ITEM_KINDS)
        return cs_error_set(err, CS_ERR_PARSE, "no text of a stub");
    enum cs_status status =
        write_body(arena, kind, *url ? url : NULL, ret_body, err);
    if (!status && ret_note)
        *ret_note = (struct cs_conversion_note){.n_rows = 0};
    return status;
}
