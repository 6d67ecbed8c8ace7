/*
 * test_pipeline.c - the line of batches: its order, its length, its failures.
 */
#include "connectors/pipeline.h"
#include "tests/lib/test.h"

enum { BATCH = 3 };

/* Documents "1" to "<n>", in batches of three; what happens is written down. */
struct toy {
    struct cs_pipeline line;
    struct cs_strbuf log;
    size_t n, next, ahead, open;
    size_t bad_from, bad_to; /* documents that the server chokes on */
    size_t breaks_at;        /* completing that document's batch fails */
    size_t bytes;            /* of each converted text */
};

struct toy_batch {
    struct toy *toy;
    size_t first, n;
    struct cs_document docs[BATCH];
    struct cs_error why;
};

static size_t ahead(const struct cs_pipeline *line)
{
    const struct toy *toy = line->self;
    return toy->ahead;
}

static size_t size(const struct cs_pipeline *line)
{
    (void)line;
    return BATCH;
}

static enum cs_status open_batch(struct cs_pipeline *line,
                                 struct cs_pipeline_batch *from,
                                 struct cs_error *err)
{
    struct toy *toy = line->self;
    struct toy_batch *batch = cs_arena_alloc(from->arena, sizeof(*batch));
    if (!batch)
        return cs_arena_status(from->arena, err);
    from->own = batch;
    batch->toy = toy;
    batch->first = toy->next - from->n;
    batch->n = from->n;
    for (size_t i = 0; i < from->n; i++)
        batch->docs[i].id = from->wants[i].id;
    toy->open++;
    cs_strbuf_printf(&toy->log, "open %zu\n", batch->first + 1);
    return CS_OK;
}

static enum cs_status complete(struct cs_pipeline *line, void *own,
                               struct cs_error *err)
{
    const struct toy *toy = line->self;
    const struct toy_batch *batch = own;
    if (toy->breaks_at > batch->first &&
        toy->breaks_at <= batch->first + batch->n)
        return cs_error_set(err, CS_ERR_AUTH, "who are you");
    return CS_OK;
}

static enum cs_status convert(struct cs_pipeline *line, void *own, size_t i,
                              struct cs_error *err)
{
    const struct toy *toy = line->self;
    (void)own, (void)i;
    if (toy->bytes && !cs_arena_take(line->scratch, toy->bytes))
        return cs_arena_status(line->scratch, err);
    return CS_OK;
}

static enum cs_status people(struct cs_pipeline *line, struct cs_error *err)
{
    struct toy *toy = line->self;
    (void)err;
    cs_strbuf_puts(&toy->log, "people\n");
    return CS_OK;
}

static struct cs_pipeline_end end_of(const void *own, size_t i)
{
    struct toy_batch *batch = (struct toy_batch *)(uintptr_t)own;
    size_t number = batch->first + i + 1;
    bool bad = number >= batch->toy->bad_from && number <= batch->toy->bad_to;
    if (bad)
        (void)cs_error_set(&batch->why, CS_ERR_NETWORK, "HTTP 500");
    return (struct cs_pipeline_end){.id = batch->docs[i].id,
                                    .doc = &batch->docs[i],
                                    .why = bad ? &batch->why : NULL,
                                    .choked = bad};
}

static void drop(void *own)
{
    struct toy_batch *batch = own;
    if (!batch)
        return;
    batch->toy->open--;
    cs_strbuf_printf(&batch->toy->log, "drop %zu\n", batch->first + 1);
}

static enum cs_status on_next(void *payload, struct cs_arena *arena, size_t max,
                              struct cs_want *ret_wants, size_t *ret_n,
                              struct cs_error *err)
{
    struct toy *toy = payload;
    size_t n = 0;
    for (; n < max && toy->next < toy->n; n++)
        ret_wants[n].id = cs_arena_printf(arena, "%zu", ++toy->next);
    *ret_n = n;
    return cs_arena_status(arena, err);
}

static enum cs_status on_document(void *payload, const struct cs_document *doc,
                                  struct cs_error *err)
{
    struct toy *toy = payload;
    (void)err;
    cs_strbuf_printf(&toy->log, "document %s\n", doc->id);
    return CS_OK;
}

static enum cs_status on_failed(void *payload, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err)
{
    struct toy *toy = payload;
    (void)err;
    cs_strbuf_printf(&toy->log, "failed %s: %s\n", id, why->message);
    return CS_OK;
}

static enum cs_status run(struct toy *toy, struct cs_error *err)
{
    const struct cs_http_options options = {.base_url = "http://127.0.0.1:1",
                                            .clock = cs_clock_system(),
                                            .allow_http = true};
    const struct cs_fetch_io io = {.next = on_next,
                                   .document = on_document,
                                   .failed = on_failed,
                                   .payload = toy};
    struct cs_http *http = NULL;
    assert_ok(cs_http_new(&options, &http, err), err);
    toy->line = (struct cs_pipeline){.self = toy,
                                     .http = http,
                                     .io = &io,
                                     .ahead = ahead,
                                     .size = size,
                                     .open = open_batch,
                                     .complete = complete,
                                     .convert = convert,
                                     .people = people,
                                     .end = end_of,
                                     .drop = drop};
    cs_strbuf_init(&toy->log, 1 << 16);
    enum cs_status status = cs_pipeline_run(&toy->line, err);
    cs_http_free(http);
    assert_int_equal(toy->open, 0);
    return status;
}

static void test_in_order_and_ahead(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct toy toy = {.n = 7, .ahead = 2};
    assert_ok(run(&toy, &err), &err);
    assert_string_equal(toy.log.data, "open 1\nopen 4\npeople\n"
                                      "document 1\ndocument 2\ndocument 3\n"
                                      "drop 1\nopen 7\npeople\n"
                                      "document 4\ndocument 5\ndocument 6\n"
                                      "drop 4\npeople\ndocument 7\ndrop 7\n");
    cs_strbuf_clear(&toy.log);
}

static void test_nothing_wanted(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct toy toy = {.n = 0, .ahead = 2};
    assert_ok(run(&toy, &err), &err);
    assert_int_equal(toy.log.len, 0);
    cs_strbuf_clear(&toy.log);
}

static void test_one_fails_the_others_go_on(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct toy toy = {.n = 3, .ahead = 1, .bad_from = 2, .bad_to = 2};
    assert_ok(run(&toy, &err), &err);
    assert_non_null(
        strstr(toy.log.data, "document 1\nfailed 2: HTTP 500\ndocument 3\n"));
    cs_strbuf_clear(&toy.log);
}

/* What fails one after the other is the server, not the documents. */
static void test_a_server_that_chokes(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct toy toy = {.n = 60, .ahead = 3, .bad_from = 2, .bad_to = 60};
    assert_int_equal(run(&toy, &err), CS_ERR_NETWORK);
    assert_string_equal(
        err.message, "25 documents in a row failed, the last with: HTTP 500");
    assert_non_null(strstr(toy.log.data, "failed 26:"));
    assert_null(strstr(toy.log.data, "failed 27:"));
    cs_strbuf_clear(&toy.log);
}

static void test_a_failure_of_the_source(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct toy toy = {.n = 12, .ahead = 4, .breaks_at = 5};
    assert_int_equal(run(&toy, &err), CS_ERR_AUTH);
    assert_non_null(strstr(toy.log.data, "document 3\n"));
    assert_null(strstr(toy.log.data, "document 4\n"));
    cs_strbuf_clear(&toy.log);
}

/* Texts are handed over as soon as they fill the scratch memory. */
static void test_large_texts_do_not_pile_up(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct toy toy = {.n = 3, .ahead = 1, .bytes = (size_t)5 << 20};
    assert_ok(run(&toy, &err), &err);
    assert_string_equal(toy.log.data, "open 1\npeople\ndocument 1\ndocument 2\n"
                                      "people\ndocument 3\ndrop 1\n");
    cs_strbuf_clear(&toy.log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order_and_ahead),
        cmocka_unit_test(test_nothing_wanted),
        cmocka_unit_test(test_one_fails_the_others_go_on),
        cmocka_unit_test(test_a_server_that_chokes),
        cmocka_unit_test(test_a_failure_of_the_source),
        cmocka_unit_test(test_large_texts_do_not_pile_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
