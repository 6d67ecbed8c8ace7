/*
 * body.c - filling in places, and the escaping that each form asks for.
 */
#include "src/body.h"

#include "src/text.h"

static const char *const kind_names[CS_REF_KINDS] = {
    [CS_REF_PAGE] = "page",       [CS_REF_BLOG_POST] = "blog",
    [CS_REF_CONTENT] = "content", [CS_REF_ATTACHMENT] = "attachment",
    [CS_REF_SPACE] = "space",     [CS_REF_USER] = "user",
    [CS_REF_SELF] = "self",
};

const char *cs_ref_kind_name(enum cs_ref_kind kind)
{
    return (size_t)kind < CS_REF_KINDS ? kind_names[kind] : "unknown";
}

enum cs_ref_kind cs_ref_kind_from(const char *name)
{
    for (size_t i = 0; name && i < CS_REF_KINDS; i++)
        if (strcmp(name, kind_names[i]) == 0)
            return (enum cs_ref_kind)i;
    return CS_REF_KINDS;
}

/* "&name;" and "&#1;" would be read as the character that they stand for. */
static bool begins_entity(const char *text, size_t len)
{
    size_t i = len > 1 && text[1] == '#' ? 2 : 1, start = i;
    while (i < len && cs_ascii_is_alnum(text[i]))
        i++;
    return i > start && i < len && text[i] == ';';
}

/* A destination is written bare, with the bytes that would end or change it
 * percent-encoded; what is percent-encoded already stays. */
static void escape_destination(struct cs_strbuf *out, const char *text,
                               size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '&' && begins_entity(text + i, len - i))
            cs_strbuf_puts(out, "&amp;");
        else if (c <= ' ' || c == 0x7f || strchr("<>()[]\\`\"|*~", c))
            cs_strbuf_printf(out, "%%%02X", c);
        else
            cs_strbuf_putc(out, (char)c);
    }
}

/* The text is short and stands inside a line, so every character that could
 * start markup there is escaped, whatever surrounds it. */
static void escape_text(struct cs_strbuf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c && strchr("\\`*_[]<>&|~$", c))
            cs_strbuf_putc(out, '\\');
        cs_strbuf_putc(out, c == '\n' || c == '\r' ? ' ' : c);
    }
}

static void escape_html(struct cs_strbuf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        switch (text[i]) {
        case '&': cs_strbuf_puts(out, "&amp;"); break;
        case '<': cs_strbuf_puts(out, "&lt;"); break;
        case '>': cs_strbuf_puts(out, "&gt;"); break;
        case '"': cs_strbuf_puts(out, "&quot;"); break;
        default: cs_strbuf_putc(out, text[i]);
        }
    }
}

/* A block is Markdown already. */
static void escape_nothing(struct cs_strbuf *out, const char *text, size_t len)
{
    cs_strbuf_put(out, text, len);
}

bool cs_place_is_block(enum cs_place_form form)
{
    return form >= CS_PLACE_INCLUDE && form < CS_PLACE_FORMS;
}

typedef void escape_fn(struct cs_strbuf *out, const char *text, size_t len);

static escape_fn *const escapes[CS_PLACE_FORMS] = {
    [CS_PLACE_DESTINATION] = escape_destination,
    [CS_PLACE_TEXT] = escape_text,
    [CS_PLACE_HTML_ATTR] = escape_html,
    [CS_PLACE_HTML_TEXT] = escape_html,
    [CS_PLACE_INCLUDE] = escape_nothing,
    [CS_PLACE_EXCERPT] = escape_nothing,
    [CS_PLACE_CHILDREN] = escape_nothing,
    [CS_PLACE_LABELLED] = escape_nothing,
    [CS_PLACE_REPORT] = escape_nothing,
};

void cs_place_escape(struct cs_strbuf *out, enum cs_place_form form,
                     const char *text, size_t len)
{
    escapes[form](out, text, len);
}

void cs_body_render(const struct cs_body *body, cs_resolve_fn *resolve,
                    void *payload, struct cs_strbuf *out)
{
    struct cs_strbuf answer CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(out->max);
    size_t done = 0;
    for (size_t i = 0; i < body->n_places; i++) {
        const struct cs_place *place = &body->places[i];
        if (place->at < done) /* inside a block that was filled in */
            continue;
        cs_strbuf_put(out, body->markdown + done, place->at - done);
        done = place->at;
        cs_strbuf_reset(&answer);
        bool found = resolve(payload, place, &answer);
        cs_strbuf_add_failure(out, &answer);
        if (!found)
            continue;
        cs_place_escape(out, place->form, answer.data, answer.len);
        done += place->len;
    }
    cs_strbuf_put(out, body->markdown + done, body->len - done);
}

/* One segment of a "cs:" reference: unreserved characters of RFC 3986 and
 * everything beyond ASCII stay readable. */
static void put_segment(struct cs_strbuf *out, char before, const char *text)
{
    if (!text)
        return;
    cs_strbuf_putc(out, before);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x80 || cs_ascii_is_alnum((char)c) || strchr("-._~:", c))
            cs_strbuf_putc(out, (char)c);
        else
            cs_strbuf_printf(out, "%%%02X", c);
    }
}

bool cs_resolve_canonical(void *payload, const struct cs_place *place,
                          struct cs_strbuf *out)
{
    (void)payload;
    const struct cs_ref *ref = &place->ref;
    if (place->form == CS_PLACE_TEXT || place->form == CS_PLACE_HTML_TEXT ||
        cs_place_is_block(place->form))
        return false;
    if (ref->kind != CS_REF_SELF) {
        cs_strbuf_printf(out, "cs:%s", cs_ref_kind_name(ref->kind));
        put_segment(out, '/', ref->space);
        put_segment(out, '/', ref->day);
        put_segment(out, '/', ref->id);
        put_segment(out, '/', ref->title);
        put_segment(out, '/', ref->file);
    }
    put_segment(out, '#', ref->anchor);
    return true;
}
