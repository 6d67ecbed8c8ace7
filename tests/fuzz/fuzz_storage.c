/*
 * fuzz_storage.c - storage format to Markdown, whatever the bytes.
 *
 * Reader and writer together: every input must convert or fail cleanly. The
 * Markdown must be valid UTF-8 without control characters, end with one line
 * end, and be read by another parser; its places and parts must lie in it, in
 * order, places in each other only where body.h says so; and a second run must
 * give the same bytes.
 */
#include "connectors/confluence/storage_format.h"
#include "src/text.h"
#include "tests/lib/gfm.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool fine)
{
    if (!fine)
        abort();
}

static void check_text(const struct cs_body *body)
{
    const char *text = body->markdown;
    check(cs_text_valid(text, body->len));
    check(text[body->len] == '\0' && strlen(text) == body->len);
    check(body->len == 0 || text[body->len - 1] == '\n');
    check(body->len < 2 || text[body->len - 2] != '\n' || text[0] == '`');
    for (size_t i = 0; i < body->len; i++)
        check((unsigned char)text[i] >= ' ' || strchr("\n\t\r", text[i]));
}

/* An ordinary place holds no other; a block place holds all that begin in
 * it. */
static void check_places(const struct cs_body *body)
{
    size_t at = 0, block_end = 0;
    for (size_t i = 0; i < body->n_places; i++) {
        const struct cs_place *place = &body->places[i];
        size_t end = place->at + place->len;
        check(place->at >= at && end >= place->at && end <= body->len);
        check(place->form < CS_PLACE_FORMS && place->ref.kind < CS_REF_KINDS);
        check(place->at >= block_end || end <= block_end);
        if (cs_place_is_block(place->form))
            block_end = end > block_end ? end : block_end;
        at = cs_place_is_block(place->form) ? place->at : end;
    }
}

/* Whole lines at the left margin. */
static void check_parts(const struct cs_body *body)
{
    for (size_t i = 0; i < body->n_parts; i++) {
        const struct cs_part *part = &body->parts[i];
        check(part->at <= body->len && part->len <= body->len - part->at);
        check(part->at == 0 || body->markdown[part->at - 1] == '\n');
        check(part->len == 0 ||
              body->markdown[part->at + part->len - 1] == '\n');
        check(part->name != NULL);
    }
}

static void check_rendering(const struct cs_body *body)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)512 << 20);
    cs_body_render(body, cs_resolve_canonical, NULL, &out);
    check(!cs_strbuf_status(&out, NULL));
    check(cs_text_valid(out.data, out.len));
    cmark_node *root = gfm_parse(out.data, out.len);
    check(root != NULL);
    cmark_node_free(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct cs_storage_options options = {
        .space_key = "ENG", .site_url = "https://example.net/wiki"};
    struct cs_body body[2];
    enum cs_status status[2];
    struct cs_arena *arenas[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        arenas[i] = cs_arena_new((size_t)256 << 20);
        check(arenas[i] != NULL);
        status[i] = cs_storage_convert(arenas[i], (const char *)data, size,
                                       &options, &body[i], NULL, NULL);
    }
    check(status[0] == status[1]);
    if (!status[0]) {
        check_text(&body[0]);
        check_places(&body[0]);
        check_parts(&body[0]);
        check_rendering(&body[0]);
        check(body[0].len == body[1].len &&
              memcmp(body[0].markdown, body[1].markdown, body[0].len) == 0);
    }
    cs_arena_free(arenas[0]);
    cs_arena_free(arenas[1]);
    return 0;
}
