/*
 * fuzz_storage.c - storage format to Markdown, whatever the bytes.
 *
 * Every input must convert or fail cleanly; Markdown must be valid UTF-8, its
 * places in order and inside the text, and a second run must give the same.
 */
#include "connectors/confluence/storage_format.h"
#include "src/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool fine)
{
    if (!fine)
        abort();
}

static void check_body(const struct cs_body *body)
{
    size_t at = 0;
    check(cs_text_valid(body->markdown, body->len));
    check(body->len == 0 || body->markdown[body->len - 1] == '\n');
    for (size_t i = 0; i < body->n_places; i++) {
        check(body->places[i].at >= at);
        at = body->places[i].at + body->places[i].len;
        check(at <= body->len);
    }
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
        if (!status[i])
            check_body(&body[i]);
    }
    check(status[0] == status[1]);
    if (!status[0])
        check(body[0].len == body[1].len &&
              memcmp(body[0].markdown, body[1].markdown, body[0].len) == 0);
    cs_arena_free(arenas[0]);
    cs_arena_free(arenas[1]);
    return 0;
}
