/*
 * fill.c - filling in: destinations and names here, blocks by their makers.
 *
 * A frame is one text being filled in. Included texts are frames on top of the
 * one that includes them; all of them are written into the same file, so links
 * are relative to that file whatever text they come from. The frames below
 * tell a cycle: a text that is already being filled in is not opened again.
 */
#include "index/store/fill.h"

#include "index/store/linked.h"
#include "index/store/report.h"
#include "src/path.h"
#include "src/text.h"

/* One file being made. */
struct filling {
    struct cs_index *index;
    struct cs_arena *arena;
    const char *path;      /* of the file */
    size_t bytes;          /* that blocks took so far */
    enum cs_status status; /* the first failure of a query; ends the filling */
    struct cs_error *err;
};

struct frame {
    struct filling *filling;
    const struct frame *below;
    unsigned depth;
    const struct cs_linked_text *text;
    const struct cs_place *places; /* those in the part being filled in */
    size_t first;                  /* number of its first place in the text */
};

static void put_anchor(const struct cs_ref *ref, struct cs_strbuf *out)
{
    if (ref->anchor && ref->anchor[0])
        cs_strbuf_printf(out, "#%s", ref->anchor);
}

static void put_path(const struct filling *filling, const char *target,
                     struct cs_strbuf *out)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 * CS_PATH_MAX);
    cs_path_relative(&path, filling->path, target);
    cs_path_put_encoded(out, path.data);
    cs_strbuf_add_failure(out, &path);
}

static bool put_destination(const struct frame *frame,
                            const struct cs_place *place,
                            const struct cs_link *link, struct cs_strbuf *out)
{
    const struct cs_ref *ref = &place->ref;
    if (link->target_path && frame->filling->path) {
        put_path(frame->filling, link->target_path, out);
    } else if (ref->url && ref->kind != CS_REF_SELF) {
        cs_strbuf_puts(out, ref->url);
        if (strchr(ref->url, '#'))
            return true;
    } else if (ref->kind != CS_REF_SELF) {
        return cs_resolve_canonical(NULL, place, out);
    }
    put_anchor(ref, out);
    return true;
}

static bool fill_in(void *payload, const struct cs_place *place,
                    struct cs_strbuf *out);

/* Fill in the bytes [at, at + len) of a text. */
static void render_range(struct frame *frame, size_t at, size_t len,
                         struct cs_strbuf *out)
{
    const struct cs_linked_text *text = frame->text;
    size_t first = 0, n = 0;
    while (first < text->n && text->places[first].at < at)
        first++;
    while (first + n < text->n && text->places[first + n].at < at + len)
        n++;
    struct cs_place *places =
        cs_arena_array(frame->filling->arena, n, sizeof(*places));
    if (n && !places)
        return;
    for (size_t i = 0; i < n; i++) {
        places[i] = text->places[first + i];
        places[i].at -= at;
    }
    frame->places = places;
    frame->first = first;
    const struct cs_body body = {.markdown = text->markdown + at,
                                 .len = len,
                                 .places = places,
                                 .n_places = n};
    cs_body_render(&body, fill_in, frame, out);
}

static bool is_open(const struct frame *frame, int64_t document)
{
    for (; frame; frame = frame->below)
        if (frame->text->document == document)
            return true;
    return false;
}

/* A failed query ends the filling; no text yet is no failure. */
static bool failed(struct filling *filling, enum cs_status status)
{
    if (status && status != CS_ERR_NOT_FOUND && !filling->status)
        filling->status = status;
    return status != CS_OK;
}

/* Append a range of another document's text, filled in. */
static void put_range(const struct frame *below,
                      const struct cs_linked_text *text, size_t at, size_t len,
                      unsigned depth, struct cs_strbuf *out)
{
    struct frame frame = {.filling = below->filling,
                          .below = below,
                          .depth = depth,
                          .text = text};
    if (at <= text->len && len <= text->len - at)
        render_range(&frame, at, len, out);
}

static bool load(struct filling *filling, int64_t document,
                 struct cs_linked_text *ret)
{
    return !failed(filling, cs_linked_load(cs_index_db(filling->index),
                                           document, CS_ASPECT_TEXT,
                                           filling->arena, ret, filling->err));
}

/* Append another document's text, or a part of it; false leaves the link. */
static bool put_document(const struct frame *below, int64_t document,
                         const struct cs_place *place, struct cs_strbuf *out)
{
    struct filling *filling = below->filling;
    struct cs_linked_text text;
    if (!document || is_open(below, document) ||
        below->depth >= CS_FILL_DEPTH_MAX)
        return false;
    if (!load(filling, document, &text))
        return false;
    size_t at = 0, len = text.len;
    bool found = true;
    if (place->form == CS_PLACE_EXCERPT &&
        failed(filling,
               cs_linked_find_part(cs_index_db(filling->index), document,
                                   CS_PART_EXCERPT,
                                   place->ref.query ? place->ref.query : "",
                                   &at, &len, &found, filling->err)))
        return false;
    if (!found)
        return false;
    put_range(below, &text, at, len, below->depth + 1, out);
    cs_strbuf_rtrim(out);
    return out->len > 0;
}

/* report.c hands back a document of a list or table. */
static void put_cell(void *payload, int64_t document, size_t at, size_t len,
                     struct cs_strbuf *out)
{
    const struct frame *below = payload;
    struct filling *filling = below->filling;
    struct cs_linked_text text;
    if (is_open(below, document) && below->text->document != document)
        return;
    if (load(filling, document, &text))
        put_range(below, &text, at, len, CS_FILL_DEPTH_MAX, out);
}

static void put_target(void *payload, const char *path, struct cs_strbuf *out)
{
    const struct frame *frame = payload;
    put_path(frame->filling, path, out);
}

static bool put_report(struct frame *frame, const struct cs_place *place,
                       const struct cs_link *link, struct cs_strbuf *out)
{
    struct filling *filling = frame->filling;
    bool named =
        place->ref.title || place->ref.id || place->ref.kind == CS_REF_SPACE;
    const struct cs_report_request request = {
        .db = cs_index_db(filling->index),
        .form = place->form,
        .document = named ? link->target : frame->text->document,
        .asking = frame->text->document,
        .query = place->ref.query ? place->ref.query : "",
        .space = place->ref.space,
        .put_path = put_target,
        .put_part = put_cell,
        .payload = frame,
    };
    bool found = false;
    if (!filling->path || (named && !link->target))
        return false;
    enum cs_status status =
        cs_report_put(&request, filling->arena, out, &found, filling->err);
    return !failed(filling, status) && found;
}

static bool fill_in(void *payload, const struct cs_place *place,
                    struct cs_strbuf *out)
{
    struct frame *frame = payload;
    struct filling *filling = frame->filling;
    size_t i = frame->first + (size_t)(place - frame->places);
    const struct cs_link *link = &frame->text->links[i];
    if (place->form == CS_PLACE_TEXT || place->form == CS_PLACE_HTML_TEXT)
        return cs_linked_put_name(frame->text, i, out);
    if (!cs_place_is_block(place->form))
        return put_destination(frame, place, link, out);
    if (filling->status || filling->bytes > CS_FILL_BYTES_MAX)
        return false;
    bool whole =
        place->form == CS_PLACE_INCLUDE || place->form == CS_PLACE_EXCERPT;
    bool done = whole ? put_document(frame, link->target, place, out)
                      : put_report(frame, place, link, out);
    filling->bytes += out->len;
    if (done) /* the range has lines of its own, and so has what replaces it */
        cs_strbuf_putc(out, '\n');
    return done;
}

/* Append one of the document's own texts. */
static enum cs_status fill_own(struct cs_index *index, int64_t document,
                               enum cs_aspect aspect, struct cs_strbuf *out,
                               struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_linked_text text;
    enum cs_status status =
        cs_linked_load(cs_index_db(index), document, aspect, arena, &text, err);
    if (status)
        return status;
    if (aspect == CS_ASPECT_COMMENTS) /* as in the view search_text */
        cs_strbuf_putc(out, '\n');
    struct filling filling = {
        .index = index, .arena = arena, .path = text.path, .err = err};
    struct frame frame = {.filling = &filling, .text = &text};
    render_range(&frame, 0, text.len, out);
    if (filling.status)
        return filling.status;
    status = cs_arena_status(arena, err);
    return status ? status : cs_strbuf_status(out, err);
}

enum cs_status cs_fill_text(struct cs_index *index, int64_t document,
                            struct cs_strbuf *out, size_t *ret_comments,
                            struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = fill_own(index, document, CS_ASPECT_TEXT, out, err);
    if (status)
        return status;
    if (ret_comments)
        *ret_comments = out->len;
    status = fill_own(index, document, CS_ASPECT_COMMENTS, out, &why);
    if (status == CS_ERR_NOT_FOUND)
        return CS_OK;
    return cs_error_pass(err, status, &why);
}
