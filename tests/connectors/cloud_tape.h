/*
 * cloud_tape.h - the Cloud client without an engine: what it tells is written
 * on a tape, a line each, and cursors are kept.
 */
#ifndef CS_TESTS_CONNECTORS_CLOUD_TAPE_H
#define CS_TESTS_CONNECTORS_CLOUD_TAPE_H

#include "tests/lib/test.h"

#include "connectors/registry.h"
#include "tests/lib/canned.h"

#define V2         "/wiki/api/v2"
#define LIST(rows) "{\"results\":[" rows "]}"
#define MORE(rows, next)                                                       \
    "{\"results\":[" rows "],\"_links\":{\"next\":\"" next "\"}}"
#define ME                                                                     \
    {                                                                          \
        .uri = "/wiki/rest/api/user/current",                                  \
        .body = "{\"type\":\"known\",\"accountId\":\"u1\","                    \
                "\"displayName\":\"Ada\"}"                                     \
    }

struct tape {
    struct canned canned;
    struct cs_source_config config;
    struct cs_connector_env env;
    const struct cs_connector *connector;
    void *client;
    struct cs_strbuf text;
    struct {
        char name[32];
        struct cs_strbuf text;
    } cursors[8];
    size_t n_cursors;
    uint64_t documents;
    const struct cs_want *wants; /* of run_fetch() */
    size_t n_wants;
    struct cs_error err;
};

static inline void open_tape(struct tape *tape,
                             const struct canned_answer *answers, size_t n)
{
    *tape = (struct tape){.documents = 100};
    canned_open(&tape->canned, answers, n);
    cs_strbuf_init(&tape->text, 1 << 20);
    tape->config = (struct cs_source_config){.name = "confluence",
                                             .type = "confluence",
                                             .base_url = tape->canned.url,
                                             .deployment = CS_DEPLOYMENT_CLOUD,
                                             .username = "ada",
                                             .api_token = "s3cret",
                                             .jobs = 2};
    tape->env = (struct cs_connector_env){.clock = &tape->canned.clock.clock};
    tape->connector = cs_connector_find("confluence");
    assert_ok(tape->connector->open(&tape->config, &tape->env, &tape->client,
                                    &tape->err),
              &tape->err);
}

static inline void close_tape(struct tape *tape)
{
    tape->connector->close(tape->client);
    for (size_t i = 0; i < tape->n_cursors; i++)
        cs_strbuf_clear(&tape->cursors[i].text);
    cs_strbuf_clear(&tape->text);
    canned_close(&tape->canned);
}

/* What is on the tape, which is empty then; valid until the next call. */
static inline const char *rewind_tape(struct tape *tape)
{
    static char text[8192];
    (void)snprintf(text, sizeof(text), "%s", tape->text.data);
    cs_strbuf_reset(&tape->text);
    return text;
}

static inline enum cs_status on_item(void *payload, const struct cs_item *item,
                                     struct cs_error *err)
{
    struct tape *tape = payload;
    cs_strbuf_printf(&tape->text, "%s %s v%lld <%s\n",
                     cs_item_kind_name(item->kind), item->id,
                     (long long)item->version,
                     item->parent_id ? item->parent_id : "");
    return cs_strbuf_status(&tape->text, err);
}

static inline enum cs_status on_label(void *payload, const char *id,
                                      const char *label, struct cs_error *err)
{
    (void)payload, (void)id, (void)label, (void)err;
    return CS_OK;
}

static inline enum cs_status on_hint(void *payload, const char *id,
                                     unsigned aspects, struct cs_error *err)
{
    struct tape *tape = payload;
    cs_strbuf_printf(&tape->text, "hint %s %u\n", id ? id : "*", aspects);
    return cs_strbuf_status(&tape->text, err);
}

static inline enum cs_status on_suspect(void *payload, const char *id,
                                        struct cs_error *err)
{
    struct tape *tape = payload;
    cs_strbuf_printf(&tape->text, "suspect %s\n", id);
    return cs_strbuf_status(&tape->text, err);
}

static inline struct cs_strbuf *find_cursor(struct tape *tape, const char *name)
{
    size_t i = 0;
    while (i < tape->n_cursors && strcmp(tape->cursors[i].name, name) != 0)
        i++;
    assert_true(i < CS_ARRAY_LEN(tape->cursors));
    if (i == tape->n_cursors) {
        tape->n_cursors++;
        (void)snprintf(tape->cursors[i].name, sizeof(tape->cursors[i].name),
                       "%s", name);
        cs_strbuf_init(&tape->cursors[i].text, 1 << 20);
    }
    return &tape->cursors[i].text;
}

static inline enum cs_status on_cursor(void *payload, const char *name,
                                       struct cs_arena *arena,
                                       const char **ret_text,
                                       struct cs_error *err)
{
    const struct cs_strbuf *text = find_cursor(payload, name);
    if (text->len)
        *ret_text = cs_arena_strdup(arena, text->data);
    return cs_arena_status(arena, err);
}

static inline enum cs_status on_set_cursor(void *payload, const char *name,
                                           const char *value,
                                           struct cs_error *err)
{
    struct cs_strbuf *text = find_cursor(payload, name);
    cs_strbuf_reset(text);
    cs_strbuf_puts(text, value);
    return cs_strbuf_status(text, err);
}

static inline enum cs_status on_verdict(void *payload, const char *id,
                                        const struct cs_verdict *verdict,
                                        struct cs_error *err)
{
    static const char *const names[] = {"unknown", "here", "trashed", "gone",
                                        "forbidden"};
    struct tape *tape = payload;
    cs_strbuf_printf(&tape->text, "%s %s %ld %s\n", id,
                     names[verdict->presence], verdict->http_status,
                     verdict->container_id ? verdict->container_id : "");
    return cs_strbuf_status(&tape->text, err);
}

static inline enum cs_status on_next(void *payload, struct cs_arena *arena,
                                     size_t max, struct cs_want *ret_wants,
                                     size_t *ret_n, struct cs_error *err)
{
    struct tape *tape = payload;
    size_t n = tape->n_wants < max ? tape->n_wants : max;
    (void)arena, (void)err;
    for (size_t i = 0; i < n; i++)
        ret_wants[i] = *tape->wants++;
    tape->n_wants -= n;
    *ret_n = n;
    return CS_OK;
}

static inline enum cs_status on_person(void *payload,
                                       const struct cs_person *person,
                                       struct cs_error *err)
{
    struct tape *tape = payload;
    cs_strbuf_printf(&tape->text, "person %s %s\n", person->id, person->name);
    return cs_strbuf_status(&tape->text, err);
}

static inline void put_markdown(struct tape *tape, const struct cs_text *text)
{
    cs_body_render(&text->body, cs_resolve_canonical, NULL, &tape->text);
}

static inline enum cs_status on_document(void *payload,
                                         const struct cs_document *doc,
                                         struct cs_error *err)
{
    struct tape *tape = payload;
    cs_strbuf_printf(&tape->text, "document %s %u%s\n", doc->id, doc->aspects,
                     doc->restricted ? " restricted" : "");
    if (doc->aspects & CS_ASPECT_TEXT)
        put_markdown(tape, &doc->text);
    for (size_t i = 0; i < doc->n_labels; i++)
        cs_strbuf_printf(&tape->text, "label %s\n", doc->labels[i]);
    if (doc->aspects & CS_ASPECT_COMMENTS)
        put_markdown(tape, &doc->comments);
    for (size_t i = 0; i < doc->n_attachments; i++)
        cs_strbuf_printf(&tape->text, "file %s %s %lld v%lld %s\n",
                         doc->attachments[i].id, doc->attachments[i].name,
                         (long long)doc->attachments[i].size,
                         (long long)doc->attachments[i].version,
                         strstr(doc->attachments[i].url, "/wiki"));
    return cs_strbuf_status(&tape->text, err);
}

static inline enum cs_status on_failed(void *payload, const char *id,
                                       const struct cs_error *why,
                                       struct cs_error *err)
{
    struct tape *tape = payload;
    cs_strbuf_printf(&tape->text, "failed %s %d\n", id, (int)why->status);
    return cs_strbuf_status(&tape->text, err);
}

static inline void on_lacking(void *payload, const char *part,
                              const struct cs_error *why)
{
    struct tape *tape = payload;
    cs_strbuf_printf(&tape->text, "lacking %s: %s\n", part, why->hint);
}

static inline enum cs_status run_fetch(struct tape *tape,
                                       const struct cs_want *wants, size_t n)
{
    static const struct cs_container space = {.id = "9", .key = "ENG"};
    const struct cs_fetch_io io = {.next = on_next,
                                   .person = on_person,
                                   .document = on_document,
                                   .failed = on_failed,
                                   .lacking = on_lacking,
                                   .payload = tape};
    tape->wants = wants;
    tape->n_wants = n;
    cs_error_clear(&tape->err);
    return tape->connector->fetch(tape->client, &space, &io, &tape->err);
}

static inline enum cs_status run_hints(struct tape *tape)
{
    static const struct cs_container space = {.id = "9", .key = "ENG"};
    const struct cs_hint_io io = {.hint = on_hint,
                                  .suspect = on_suspect,
                                  .cursor = on_cursor,
                                  .set_cursor = on_set_cursor,
                                  .payload = tape,
                                  .aspects = ~0U,
                                  .documents = tape->documents};
    cs_error_clear(&tape->err);
    return tape->connector->hints(tape->client, &space, 1, &io, &tape->err);
}

static inline enum cs_status run_list(struct tape *tape)
{
    static const struct cs_container space = {.id = "9", .key = "ENG"};
    const struct cs_list_out out = {
        .item = on_item, .label = on_label, .payload = tape};
    bool labels;
    cs_error_clear(&tape->err);
    return tape->connector->list(tape->client, &space, &out, &labels,
                                 &tape->err);
}

static inline enum cs_status run_changes(struct tape *tape, int64_t since)
{
    static const struct cs_container space = {.id = "9", .key = "ENG"};
    const struct cs_list_out out = {
        .item = on_item, .label = on_label, .payload = tape};
    cs_error_clear(&tape->err);
    return tape->connector->changes(tape->client, &space, since, &out,
                                    &tape->err);
}

static inline enum cs_status run_probe(struct tape *tape,
                                       const struct cs_want *wants, size_t n)
{
    cs_error_clear(&tape->err);
    return tape->connector->probe(tape->client, wants, n, on_verdict, tape,
                                  &tape->err);
}

#endif
