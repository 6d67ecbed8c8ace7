/*
 * test_cloud_download.c - bytes of attachments, through the media host.
 */
#include "tests/connectors/cloud_tape.h"

#define CALL "/wiki/rest/api/content/1/child/attachment/"

/* A site that redirects to itself, below /file/. */
struct site {
    struct http_server *server;
    struct fake_clock clock;
    char url[64], target[128];
    char log[4096];
    unsigned status; /* of the download call, 0: 302 */
    bool scope;      /* who we are is answered */
    unsigned cut;    /* answers that end in the middle */
    bool page;       /* a login page instead of the file */
};

static void serve(void *payload, const struct http_server_request *request,
                  struct http_server_reply *reply)
{
    static const char bytes[] = "0123456789";
    struct site *site = payload;
    size_t len = strlen(site->log);
    (void)snprintf(site->log + len, sizeof(site->log) - len, "%s %s\n",
                   request->uri, request->range ? request->range : "");
    if (strstr(request->uri, "user/current")) {
        reply->status = site->scope ? 200 : 401;
        reply->body = "{\"accountId\":\"u1\",\"displayName\":\"Ada\"}";
    } else if (strncmp(request->uri, "/file/", 6) != 0) {
        reply->status = site->status ? site->status : 302;
        (void)snprintf(site->target, sizeof(site->target), "%s/file/x",
                       site->url);
        reply->headers[0].name = "Location";
        reply->headers[0].value = site->target;
    } else if (site->page) {
        reply->content_type = "text/html";
        reply->body = "<html>in</html>";
    } else if (request->range && strcmp(request->range, "bytes=10-") == 0) {
        reply->status = 416;
    } else {
        size_t from = request->range ? (size_t)request->range[6] - '0' : 0;
        reply->content_type = "application/octet-stream";
        reply->body = bytes + from;
        if (request->range) {
            reply->status = 206;
            reply->headers[0].name = "Content-Range";
            reply->headers[0].value =
                from == 4 ? "bytes 4-9/10" : "bytes 5-9/10";
        }
        reply->action = site->cut ? HTTP_SERVER_TRUNCATE : HTTP_SERVER_ANSWER;
        site->cut -= site->cut > 0;
    }
}

struct files {
    const struct cs_file_want *wants;
    size_t n;
    char text[1024];
    char bytes[64];
};

static void put(struct files *files, const char *word, const char *id,
                long long number)
{
    size_t len = strlen(files->text);
    (void)snprintf(files->text + len, sizeof(files->text) - len, "%s %s %lld\n",
                   word, id, number);
}

static enum cs_status on_next_file(void *payload, struct cs_arena *arena,
                                   size_t max, struct cs_file_want *ret_wants,
                                   size_t *ret_n, struct cs_error *err)
{
    struct files *files = payload;
    (void)arena, (void)err;
    *ret_n = 0;
    while (files->n > 0 && *ret_n < max) {
        ret_wants[(*ret_n)++] = *files->wants++;
        files->n--;
    }
    return CS_OK;
}

static enum cs_status on_write(void *payload, const char *id, int64_t at,
                               const void *data, size_t len,
                               struct cs_error *err)
{
    struct files *files = payload;
    (void)id;
    if ((size_t)at + len > sizeof(files->bytes) - 1)
        return cs_error_set(err, CS_ERR_IO, "full");
    memcpy(files->bytes + at, data, len);
    return CS_OK;
}

static enum cs_status on_end(void *payload, const char *id, int64_t size,
                             struct cs_error *err)
{
    (void)err;
    put(payload, "end", id, size);
    return CS_OK;
}

static enum cs_status on_file_failed(void *payload, const char *id,
                                     const struct cs_error *why,
                                     struct cs_error *err)
{
    (void)err;
    put(payload, "failed", id, (long long)why->status);
    return CS_OK;
}

static enum cs_status download(struct site *site, struct files *files,
                               const struct cs_file_want *wants, size_t n,
                               struct cs_error *err)
{
    const struct cs_download_io io = {.next = on_next_file,
                                      .write = on_write,
                                      .end = on_end,
                                      .failed = on_file_failed,
                                      .payload = files};
    const struct cs_connector *connector = cs_connector_find("confluence");
    void *client = NULL;
    fake_clock_init(&site->clock);
    site->server = http_server_start(serve, site);
    (void)snprintf(site->url, sizeof(site->url), "http://127.0.0.1:%u",
                   http_server_port(site->server));
    const struct cs_source_config config = {.name = "confluence",
                                            .base_url = site->url,
                                            .deployment = CS_DEPLOYMENT_CLOUD,
                                            .username = "ada",
                                            .api_token = "s3cret",
                                            .jobs = 2};
    const struct cs_connector_env env = {.clock = &site->clock.clock};
    *files = (struct files){.wants = wants, .n = n};
    assert_ok(connector->open(&config, &env, &client, err), err);
    enum cs_status status = connector->download(client, &io, err);
    connector->close(client);
    http_server_stop(site->server);
    return status;
}

static const struct cs_file_want ten = {
    .id = "att1", .document_id = "1", .name = "a", .size = 10, .version = 3};

static void test_whole_and_by_version(void **state)
{
    (void)state;
    struct site site = {.cut = 1};
    struct files files;
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_file_want wants[] = {ten};
    assert_ok(download(&site, &files, wants, 1, &err), &err);
    assert_string_equal(files.text, "end att1 10\n");
    assert_string_equal(files.bytes, "0123456789");
    assert_non_null(strstr(site.log, CALL "att1/download?version=3"));
    assert_non_null(strstr(site.log, "bytes=5-"));
}

static void test_resumed(void **state)
{
    (void)state;
    struct cs_file_want wants[] = {ten, ten, ten};
    struct site site = {.cut = 0};
    struct files files;
    struct cs_error err = CS_ERROR_INIT;
    wants[0].have = 4;
    wants[1].have = 10; /* nothing is missing but the end */
    wants[1].id = "att2";
    wants[2].have = 11; /* too much: anew */
    wants[2].id = "att3";
    assert_ok(download(&site, &files, wants, 3, &err), &err);
    assert_non_null(strstr(files.text, "end att1 10\n"));
    assert_non_null(strstr(files.text, "end att2 10\n"));
    assert_non_null(strstr(files.text, "end att3 10\n"));
    assert_non_null(strstr(site.log, "bytes=4-"));
    assert_null(strstr(site.log, "att2"));
}

/* More was kept than there is: the server says so, and it starts anew. */
static void test_range_beyond_the_end(void **state)
{
    (void)state;
    struct cs_file_want wants[] = {ten};
    struct site site = {.cut = 0};
    struct files files;
    struct cs_error err = CS_ERROR_INIT;
    wants[0].size = -1;
    wants[0].have = 10;
    assert_ok(download(&site, &files, wants, 1, &err), &err);
    assert_string_equal(files.text, "end att1 10\n");
    assert_string_equal(files.bytes, "0123456789");
}

/* T18: another size than listed is another file. T30: nor is a login page. */
static void test_t18_t30_what_is_not_the_file(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct cs_file_want wants[] = {ten};
        struct site site = {.page = i == 1 || i == 2};
        struct files files;
        struct cs_error err = CS_ERROR_INIT;
        char expected[32];
        if (i == 0)
            wants[0].size = 9;
        if (i == 1)
            wants[0].size = -1;
        if (i == 3)
            wants[0].size = 11;
        assert_ok(download(&site, &files, wants, 1, &err), &err);
        (void)snprintf(expected, sizeof(expected), "failed att1 %d\n",
                       (int)CS_ERR_PROTOCOL);
        assert_string_equal(files.text, expected);
        assert_string_equal(files.bytes, "");
    }
}

/* A file that is gone, or may not be read, fails alone. */
static void test_failures_of_one_file(void **state)
{
    (void)state;
    static const struct {
        unsigned status;
        enum cs_status expected;
    } rows[] = {{404, CS_ERR_NOT_FOUND},
                {403, CS_ERR_FORBIDDEN},
                {500, CS_ERR_NETWORK}};
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        const struct cs_file_want wants[] = {ten};
        struct site site = {.status = rows[i].status};
        struct files files;
        struct cs_error err = CS_ERROR_INIT;
        char expected[32];
        assert_ok(download(&site, &files, wants, 1, &err), &err);
        (void)snprintf(expected, sizeof(expected), "failed att1 %d\n",
                       (int)rows[i].expected);
        assert_string_equal(files.text, expected);
    }
}

/* A 401 here means a missing scope, while the credential is still good. */
static void test_a_token_without_the_scope(void **state)
{
    (void)state;
    for (int good = 0; good < 2; good++) {
        const struct cs_file_want wants[] = {ten};
        struct site site = {.status = 401, .scope = good};
        struct files files;
        struct cs_error err = CS_ERROR_INIT;
        assert_int_equal(download(&site, &files, wants, 1, &err),
                         good ? CS_ERR_FORBIDDEN : CS_ERR_AUTH);
        assert_string_equal(files.text, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_and_by_version),
        cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_range_beyond_the_end),
        cmocka_unit_test(test_t18_t30_what_is_not_the_file),
        cmocka_unit_test(test_failures_of_one_file),
        cmocka_unit_test(test_a_token_without_the_scope),
    };
    return cmocka_run_group_tests_name("cloud_download", tests, NULL, NULL);
}
