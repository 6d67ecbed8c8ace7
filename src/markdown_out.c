/*
 * markdown_out.c - what the output remembers besides its bytes: the prefix of
 * its lines, the places and the parts in it.
 */
#include "src/markdown_writer.h"

const struct cs_markdown_alert cs_markdown_alerts[] = {
    [CS_ALERT_NONE] = {NULL, NULL},
    [CS_ALERT_NOTE] = {"NOTE", "Note"},
    [CS_ALERT_TIP] = {"TIP", "Tip"},
    [CS_ALERT_IMPORTANT] = {"IMPORTANT", "Important"},
    [CS_ALERT_WARNING] = {"WARNING", "Warning"},
    [CS_ALERT_CAUTION] = {"CAUTION", "Caution"},
};

void cs_markdown_begin(struct cs_markdown_writer *w)
{
    if (w->fresh)
        cs_strbuf_put(w->out, w->prefix->data, w->prefix->len);
    w->fresh = false;
}

void cs_markdown_newline(struct cs_markdown_writer *w)
{
    if (w->fresh) {
        size_t len = w->prefix->len;
        while (len > 0 && w->prefix->data[len - 1] == ' ')
            len--;
        cs_strbuf_put(w->out, w->prefix->data, len);
    }
    cs_strbuf_putc(w->out, '\n');
    w->fresh = true;
}

void cs_markdown_put_lines(struct cs_markdown_writer *w, const char *text,
                           size_t len)
{
    const char *end = text + len;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t n = (size_t)((stop ? stop : end) - text);
        if (n) {
            cs_markdown_begin(w);
            cs_strbuf_put(w->out, text, n);
        }
        if (!stop)
            break;
        cs_markdown_newline(w);
        text = stop + 1;
    }
}

void cs_markdown_place(struct cs_markdown_writer *w, size_t at,
                       enum cs_place_form form, const struct cs_ref *ref)
{
    void *places = cs_arena_grow(w->arena, w->places, w->n_places,
                                 &w->cap_places, sizeof(*w->places));
    if (!places)
        return;
    w->places = places;
    w->places[w->n_places++] = (struct cs_place){
        .at = at, .len = w->out->len - at, .form = form, .ref = *ref};
}

void cs_markdown_part(struct cs_markdown_writer *w, size_t at,
                      enum cs_part_kind kind, const char *name)
{
    void *parts = cs_arena_grow(w->arena, w->parts, w->n_parts, &w->cap_parts,
                                sizeof(*w->parts));
    if (!parts)
        return;
    w->parts = parts;
    w->parts[w->n_parts++] = (struct cs_part){
        .kind = kind, .name = name, .at = at, .len = w->out->len - at};
}

void cs_markdown_put_reference(struct cs_markdown_writer *w,
                               const struct cs_node *footnote, bool in_html)
{
    void *footnotes = cs_arena_grow(w->arena, w->footnotes, w->n_footnotes,
                                    &w->cap_footnotes, sizeof(*w->footnotes));
    if (!footnotes)
        return;
    w->footnotes = footnotes;
    w->footnotes[w->n_footnotes++] =
        (struct cs_markdown_footnote){footnote, in_html};
    cs_strbuf_printf(w->out, in_html ? "<sup>%zu</sup>" : "[^%zu]",
                     w->n_footnotes);
}

void cs_markdown_put_target(struct cs_markdown_writer *w,
                            const struct cs_target *target,
                            enum cs_place_form form)
{
    if (target->ref)
        cs_markdown_place(w, w->out->len, form, target->ref);
    else if (target->url)
        cs_place_escape(w->out, form, target->url, strlen(target->url));
}
