/*
 * test_http_stream.c - large answers: pieces, resuming, redirects.
 */
#include "tests/lib/test.h"

#include "src/http.h"
#include "tests/lib/fake_clock.h"
#include "tests/lib/http_server.h"

#define FILE_SIZE 300000

struct rig {
    struct http_server *server, *media;
    struct fake_clock clock;
    struct cs_http *http;
    struct cs_credential *credential;
    char base[64], target[80];
    char *file;
    char range[64];
    unsigned cut;     /* so many answers end in the middle */
    bool no_ranges;   /* the server ignores them */
    bool wrong_range; /* the server answers another one */
    unsigned status;  /* of an answer that is none */
    unsigned n_media; /* requests */
    char seen[8][64]; /* ranges asked for, "" for none */
    char credentials[256];

    char *got;
    size_t len;
    int64_t total;
    unsigned restarts;
    enum cs_status refuse_with;
    enum cs_status outcome;
    long http_status;
    struct cs_error why;
};

static void note(struct rig *rig, const char *word)
{
    size_t len = strlen(rig->credentials);
    (void)snprintf(rig->credentials + len, sizeof(rig->credentials) - len, "%s",
                   word);
}

static void serve_media(void *payload,
                        const struct http_server_request *request,
                        struct http_server_reply *reply)
{
    struct rig *rig = payload;
    size_t from = 0;
    if (rig->n_media < 8)
        (void)snprintf(rig->seen[rig->n_media], sizeof(rig->seen[0]), "%s",
                       request->range ? request->range : "");
    rig->n_media++;
    note(rig, request->authorization ? "media-auth " : "media ");
    reply->content_type = "text/html"; /* a file may be that */
    if (rig->status) {
        reply->status = rig->status;
        reply->body = "<html>no</html>";
        return;
    }
    if (request->range && !rig->no_ranges) {
        from = (size_t)strtoul(request->range + 6, NULL, 10);
        (void)snprintf(rig->range, sizeof(rig->range), "bytes %zu-%d/%d",
                       from + rig->wrong_range, FILE_SIZE - 1, FILE_SIZE);
        reply->headers[0].name = "Content-Range";
        reply->headers[0].value = rig->range;
        reply->status = 206;
    }
    reply->body = rig->file + from;
    reply->body_len = FILE_SIZE - from;
    if (rig->cut) {
        rig->cut--;
        reply->action = HTTP_SERVER_TRUNCATE;
    }
}

static void serve_site(void *payload, const struct http_server_request *request,
                       struct http_server_reply *reply)
{
    struct rig *rig = payload;
    note(rig, request->authorization ? "site-auth " : "site ");
    reply->status = 302;
    reply->headers[0].name = "Location";
    reply->headers[0].value = rig->target;
}

static void open_rig(struct rig *rig)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_credential_spec spec = {.user = "ada", .token = "s3cret"};
    fake_clock_init(&rig->clock);
    rig->file = malloc(FILE_SIZE + 1);
    rig->got = calloc(1, FILE_SIZE + 1);
    assert_non_null(rig->file);
    assert_non_null(rig->got);
    for (size_t i = 0; i < FILE_SIZE; i++)
        rig->file[i] = (char)('a' + i * 7 % 26);
    rig->file[FILE_SIZE] = '\0';
    rig->server = http_server_start(serve_site, rig);
    rig->media = http_server_start(serve_media, rig);
    (void)snprintf(rig->base, sizeof(rig->base), "http://127.0.0.1:%u",
                   http_server_port(rig->server));
    (void)snprintf(rig->target, sizeof(rig->target),
                   "http://127.0.0.1:%u/file?token=x",
                   http_server_port(rig->media));
    assert_ok(cs_credential_load(&spec, &rig->credential, &err), &err);
    struct cs_http_options options = {.base_url = rig->base,
                                      .credential = rig->credential,
                                      .clock = &rig->clock.clock,
                                      .max_body = 1000,
                                      .jobs = 2};
    assert_ok(cs_http_new(&options, &rig->http, &err), &err);
}

static void close_rig(struct rig *rig)
{
    cs_http_free(rig->http);
    cs_credential_free(rig->credential);
    http_server_stop(rig->server);
    http_server_stop(rig->media);
    free(rig->file);
    free(rig->got);
}

static enum cs_status on_data(void *payload, const struct cs_http_piece *piece,
                              struct cs_error *err)
{
    struct rig *rig = payload;
    if (rig->refuse_with)
        return cs_error_set(err, rig->refuse_with, "enough");
    if (piece->at == 0 && rig->len > 0) {
        rig->restarts++;
        rig->len = 0;
    }
    if ((size_t)piece->at != rig->len || rig->len + piece->len > FILE_SIZE)
        return cs_error_set(err, CS_ERR_INTERNAL, "a piece in a wrong place");
    memcpy(rig->got + rig->len, piece->data, piece->len);
    rig->len += piece->len;
    rig->total = piece->total;
    return CS_OK;
}

static enum cs_status on_done(void *payload, enum cs_status status,
                              const struct cs_http_response *response,
                              const struct cs_error *why, struct cs_error *err)
{
    struct rig *rig = payload;
    (void)err;
    rig->outcome = status;
    rig->why = *why;
    rig->http_status = response ? response->status : 0;
    return CS_OK;
}

static void run(struct rig *rig, int64_t from)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_http_request request = {.path = "/download",
                                      .data = on_data,
                                      .from = from,
                                      .done = on_done,
                                      .payload = rig};
    if (from) {
        memcpy(rig->got, rig->file, (size_t)from);
        rig->len = (size_t)from;
    }
    assert_ok(cs_http_submit(rig->http, &request, &err), &err);
    assert_ok(cs_http_wait(rig->http, 0, &err), &err);
}

static void is_whole(struct rig *rig)
{
    if (rig->outcome)
        fail_msg("%s", rig->why.message);
    assert_int_equal(rig->len, FILE_SIZE);
    assert_int_equal(rig->total, FILE_SIZE);
    assert_memory_equal(rig->got, rig->file, FILE_SIZE);
}

/* T19, T27: the media host gets no credential, whatever the site needs. The
 * limit of an answer does not hold for a file, nor is HTML a login page. */
static void test_t19_t27_another_host(void **state)
{
    (void)state;
    struct rig rig = {.len = 0};
    open_rig(&rig);
    run(&rig, 0);
    is_whole(&rig);
    assert_string_equal(rig.credentials, "site-auth media ");
    assert_string_equal(rig.seen[0], "");
    close_rig(&rig);
}

static void test_resuming(void **state)
{
    (void)state;
    struct rig rig = {.len = 0};
    open_rig(&rig);
    run(&rig, 1234);
    is_whole(&rig);
    assert_string_equal(rig.seen[0], "bytes=1234-");
    assert_int_equal(rig.restarts, 0);
    close_rig(&rig);
}

/* What was handed on is not asked for again; each attempt begins at the site,
 * for the address of the media host is good for a moment only. */
static void test_broken_transfers_go_on(void **state)
{
    (void)state;
    struct rig rig = {.cut = 7};
    open_rig(&rig);
    run(&rig, 0);
    is_whole(&rig);
    assert_int_equal(rig.n_media, 8);
    assert_int_equal(rig.restarts, 0);
    assert_string_equal(rig.seen[1], "bytes=150000-");
    assert_string_equal(rig.seen[2], "bytes=225000-");
    assert_non_null(strstr(rig.credentials, "media site-auth media "));
    close_rig(&rig);
}

static void test_a_server_without_ranges(void **state)
{
    (void)state;
    struct rig rig = {.cut = 1, .no_ranges = true};
    open_rig(&rig);
    run(&rig, 100);
    is_whole(&rig);
    assert_int_equal(rig.restarts, 2);
    close_rig(&rig);
}

static void test_another_range_than_asked_for(void **state)
{
    (void)state;
    struct rig rig = {.wrong_range = true};
    open_rig(&rig);
    run(&rig, 100);
    assert_int_equal(rig.outcome, CS_ERR_PROTOCOL);
    assert_int_equal(rig.len, 100);
    assert_int_equal(rig.n_media, 1);
    close_rig(&rig);
}

/* What a server says while it fails is no part of the file. */
static void test_failures_are_not_the_file(void **state)
{
    (void)state;
    static const struct {
        unsigned http_status;
        enum cs_status outcome;
    } rows[] = {{404, CS_OK},
                {416, CS_OK},
                {403, CS_ERR_FORBIDDEN},
                {500, CS_ERR_NETWORK}};
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct rig rig = {.status = rows[i].http_status};
        open_rig(&rig);
        run(&rig, 0);
        assert_int_equal(rig.outcome, rows[i].outcome);
        assert_int_equal(rig.http_status, rows[i].http_status);
        assert_int_equal(rig.len, 0);
        close_rig(&rig);
    }
}

static void test_whoever_takes_it_may_refuse(void **state)
{
    (void)state;
    struct rig rig = {.refuse_with = CS_ERR_IO};
    open_rig(&rig);
    run(&rig, 0);
    assert_int_equal(rig.outcome, CS_ERR_IO);
    assert_string_equal(rig.why.message, "enough");
    assert_int_equal(rig.n_media, 1);
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_t19_t27_another_host),
        cmocka_unit_test(test_resuming),
        cmocka_unit_test(test_broken_transfers_go_on),
        cmocka_unit_test(test_a_server_without_ranges),
        cmocka_unit_test(test_another_range_than_asked_for),
        cmocka_unit_test(test_failures_are_not_the_file),
        cmocka_unit_test(test_whoever_takes_it_may_refuse),
    };
    return cmocka_run_group_tests_name("http_stream", tests, NULL, NULL);
}
