/*
 * test_dc_paging.c - pages that are cut, empty, repeated, spoilt.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/dc_paging.h"
#include "tests/lib/canned.h"

#define P          "/confluence/rest/api/content?spaceKey=ENG&"
#define S          "/confluence/rest/api/content/scan?spaceKey=ENG&limit=4"
#define ROW(id)    "{\"id\":\"" id "\"}"
#define PAGE(rows) "{\"results\":[" rows "],\"_links\":{}}"
#define MORE(rows, next)                                                       \
    "{\"results\":[" rows "],\"_links\":{\"next\":\"" next "\"}}"
#define NEXT(n) "/rest/api/content?limit=4&start=" n

/* Read it all; the ids are written one after the other. */
static enum cs_status read_all(struct canned *canned,
                               const struct cs_dc_listing *listing, char *ids,
                               size_t size, struct cs_error *err)
{
    struct cs_http *http = canned_client(canned, "/confluence");
    struct cs_dc_paging *paging = NULL;
    struct cs_json rows;
    bool more = true;
    assert_ok(cs_dc_paging_open(http, listing, &paging, err), err);
    enum cs_status status = CS_OK;
    ids[0] = '\0';
    while (!status && more) {
        struct cs_json row = {.node = NULL};
        status = cs_dc_paging_next(paging, &rows, &more, err);
        while (!status && more && cs_json_next(&rows, &row)) {
            const char *id = "?";
            assert_int_equal(
                cs_json_text(&row, "id", CS_JSON_REQUIRED, &id, NULL), 0);
            (void)snprintf(ids + strlen(ids), size - strlen(ids), "%s ", id);
        }
    }
    cs_dc_paging_free(paging);
    cs_http_free(http);
    return status;
}

struct expected {
    enum cs_status status;
    const char *ids, *message;
    unsigned requests;
};

static void check(const struct canned_answer *answers, size_t n, bool by_cursor,
                  const struct expected *expected)
{
    struct canned canned;
    struct cs_error err = CS_ERROR_INIT;
    char ids[256];
    const struct cs_dc_listing listing = {
        .path = by_cursor ? "/rest/api/content/scan?spaceKey=ENG"
                          : "/rest/api/content?spaceKey=ENG",
        .small = "/rest/api/content?small=1",
        .context = "/confluence",
        .limit = 4,
        .by_cursor = by_cursor};
    canned_open(&canned, answers, n);
    enum cs_status status = read_all(&canned, &listing, ids, sizeof(ids), &err);
    assert_int_equal(status, expected->status);
    assert_string_equal(ids, expected->ids);
    if (expected->message && !strstr(err.message, expected->message))
        fail_msg("%s", err.message);
    if (expected->requests)
        assert_int_equal(canned_count(&canned, "GET "), expected->requests);
    canned_close(&canned);
}

/* T5: the server cuts to two rows and links on by the four asked for. */
static void test_t5_silent_cap(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = P "start=0&limit=4",
         .body = MORE(ROW("1") "," ROW("2"), NEXT("4"))},
        {.uri = P "start=2&limit=4",
         .body = MORE(ROW("3") "," ROW("4"), NEXT("6"))},
        {.uri = P "start=4&limit=4", .body = PAGE(ROW("5"))},
    };
    check(answers, CS_ARRAY_LEN(answers), false,
          &(struct expected){CS_OK, "1 2 3 4 5 ", NULL, 3});
}

/* Rows hidden after the cut: no end, an overlap is no repetition, and what a
 * full page covered is not asked for again row by row. */
static void test_t5_hidden_rows(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = P "start=0&limit=4",
         .body = MORE(ROW("1") "," ROW("2") "," ROW("3"), NEXT("4"))},
        {.uri = P "start=3&limit=4",
         .body =
             MORE(ROW("4") "," ROW("5") "," ROW("6") "," ROW("7"), NEXT("7"))},
        {.uri = P "start=7&limit=4", .body = MORE("", NEXT("11"))},
        {.uri = P "start=11&limit=4", .body = MORE(ROW("8"), NEXT("15"))},
        {.uri = P "start=15&limit=4", .body = PAGE(ROW("9"))},
    };
    check(answers, CS_ARRAY_LEN(answers), false,
          &(struct expected){CS_OK, "1 2 3 4 5 6 7 8 9 ", NULL, 5});
}

/* A page with all its rows hidden, on a server that cut the limit and says so:
 * its next address would pass over rows. */
static void test_t5_hidden_page_that_was_cut(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = P "start=0&limit=4",
         .body = "{\"results\":[],\"limit\":2,\"_links\":{\"next\":"
                 "\"" NEXT("4") "\"}}"},
        {.uri = P "start=2&limit=4",
         .body = "{\"results\":[" ROW("1") "," ROW(
             "2") "],\"limit\":2,"
                  "\"_links\":{\"next\":\"" NEXT("6") "\"}}"},
        {.uri = P "start=4&limit=4", .body = PAGE(ROW("3"))},
    };
    check(answers, CS_ARRAY_LEN(answers), false,
          &(struct expected){CS_OK, "1 2 3 ", NULL, 3});
}

/* The same on a server that does not say so: a full page did. */
static void test_t5_hidden_page_after_a_cut(void **state)
{
    (void)state;
    static char many[2048];
    struct canned_answer answers[] = {
        {.uri = "/confluence/rest/api/content?start=0&limit=100", .body = many},
        {.uri = "/confluence/rest/api/content?start=30&limit=100",
         .body = MORE("", NEXT("130"))},
        {.uri = "/confluence/rest/api/content?start=60&limit=100",
         .body = PAGE(ROW("last"))},
    };
    const struct cs_dc_listing listing = {
        .path = "/rest/api/content", .context = "/confluence", .limit = 100};
    struct canned canned;
    struct cs_error err = CS_ERROR_INIT;
    char ids[512];
    (void)snprintf(many, sizeof(many), "{\"results\":[" ROW("a"));
    for (int i = 1; i < 30; i++)
        (void)snprintf(many + strlen(many), sizeof(many) - strlen(many),
                       ",{\"id\":\"%d\"}", i);
    (void)snprintf(
        many + strlen(many), sizeof(many) - strlen(many),
        "],\"limit\":100,\"_links\":{\"next\":\"" NEXT("100") "\"}}");
    canned_open(&canned, answers, CS_ARRAY_LEN(answers));
    assert_ok(read_all(&canned, &listing, ids, sizeof(ids), &err), &err);
    assert_non_null(strstr(ids, "29 last"));
    canned_close(&canned);
}

static void test_t5_overlap(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = P "start=0&limit=4",
         .body = MORE(ROW("1") "," ROW("4"), NEXT("4"))},
        {.uri = P "start=2&limit=4", .body = PAGE(ROW("4") "," ROW("5"))},
    };
    check(answers, CS_ARRAY_LEN(answers), false,
          &(struct expected){CS_OK, "1 4 4 5 ", NULL, 2});
}

/* T8: a page that comes again, a start that does not advance, a cursor that
 * was there before: errors, and never an end. */
static void test_t8_repetition(void **state)
{
    (void)state;
    static const struct canned_answer again[] = {
        {.uri = P "*",
         .body =
             MORE(ROW("1") "," ROW("2") "," ROW("3") "," ROW("4"), NEXT("4"))},
    };
    static const struct canned_answer one[] = {
        {.uri = P "start=0*",
         .body =
             MORE(ROW("1") "," ROW("2") "," ROW("3") "," ROW("4"), NEXT("4"))},
        {.uri = P "start=4*", .body = PAGE(ROW("2") "," ROW("5"))},
    };
    static const struct canned_answer stuck[] = {
        {.uri = P "*", .body = MORE("", NEXT("0"))},
    };
    static const struct canned_answer capped[] = {
        {.uri = P "start=0*", .body = MORE(ROW("1"), NEXT("4"))},
        {.uri = P "*", .body = MORE(ROW("1"), NEXT("8"))},
    };
    check(again, 1, false,
          &(struct expected){CS_ERR_PROTOCOL, "1 2 3 4 ", "lists 1 again", 2});
    check(one, 2, false,
          &(struct expected){CS_ERR_PROTOCOL, "1 2 3 4 ", "lists 2 again", 2});
    check(stuck, 1, false,
          &(struct expected){CS_ERR_PROTOCOL, "", "does not advance", 1});
    check(capped, 2, false,
          &(struct expected){CS_ERR_PROTOCOL, "1 1 ", "lists 1 again", 3});
}

/* The next address of a scan names neither space nor expansions. */
static void test_scan(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = S,
         .body = MORE(ROW("1"), "/rest/api/content/scan?limit=4&"
                                "cursor=content%3Afalse%3A1")},
        {.uri = S "&cursor=content%3Afalse%3A1",
         .body = MORE("", "http://elsewhere/confluence/rest/api/content/scan?"
                          "cursor=content%3Afalse%3A2")},
        {.uri = S "&cursor=content%3Afalse%3A2",
         .body = "{\"results\":[" ROW("2") "],\"nextCursor\":\"c:3\"}"},
        {.uri = S "&cursor=c%3A3", .body = PAGE(ROW("3"))},
    };
    check(answers, CS_ARRAY_LEN(answers), true,
          &(struct expected){CS_OK, "1 2 3 ", NULL, 4});
}

/* A cursor without an address leads on, until it comes again. */
static void test_scan_by_cursor_alone(void **state)
{
    (void)state;
#define ALONE(rows, cursor)                                                    \
    "{\"results\":[" rows "],\"nextCursor\":\"" cursor                         \
    "\",\"_links\":{\"self\":\"/x\"}}"
    static const struct canned_answer answers[] = {
        {.uri = S "&cursor=c%3A1", .body = ALONE(ROW("2"), "c:2")},
        {.uri = S "&cursor=c%3A2", .body = ALONE("", "c:2")},
        {.uri = S, .body = ALONE(ROW("1"), "c:1")},
    };
    check(answers, CS_ARRAY_LEN(answers), true,
          &(struct expected){CS_OK, "1 2 ", NULL, 3});
}

static void test_t8_scan_repetition(void **state)
{
    (void)state;
    static const struct canned_answer same[] = {
        {.uri = S "&cursor=c", .body = MORE("", "/scan?cursor=c")},
        {.uri = S, .body = MORE("", "/scan?cursor=c")},
    };
    static const struct canned_answer rows[] = {
        {.uri = S "&cursor=c", .body = PAGE(ROW("1"))},
        {.uri = S, .body = MORE(ROW("1"), "/scan?cursor=c")},
    };
    check(same, 2, true,
          &(struct expected){CS_ERR_PROTOCOL, "", "same cursor twice", 2});
    check(rows, 2, true,
          &(struct expected){CS_ERR_PROTOCOL, "1 ", "lists 1 again", 2});
}

/* T13, T14: a row that spoils its page is passed in small pieces, and had in
 * the small way. */
static void test_t14_spoilt_page(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = P "start=0&limit=4", .status = 404},
        {.uri = P "start=0&limit=1", .body = MORE(ROW("1"), NEXT("1"))},
        {.uri = P "start=1&limit=2", .status = 500},
        {.uri = P "start=1&limit=1", .status = 500},
        {.uri = "/confluence/rest/api/content?small=1&start=1&limit=1",
         .body = MORE(ROW("2"), NEXT("2"))},
        {.uri = P "start=2&limit=2",
         .body = MORE(ROW("3") "," ROW("4"), NEXT("4"))},
        {.uri = P "start=4&limit=4", .body = PAGE(ROW("5"))},
    };
    check(answers, CS_ARRAY_LEN(answers), false,
          &(struct expected){CS_OK, "1 2 3 4 5 ", NULL, 0});
}

/* T4: what fails in any size is an error, not an end. */
static void test_t4_failure(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = P "start=0&limit=4",
         .body =
             MORE(ROW("1") "," ROW("2") "," ROW("3") "," ROW("4"), NEXT("4"))},
        {.uri = "*", .status = 500},
    };
    static const struct canned_answer none[] = {{.uri = "*", .status = 404}};
    static const struct canned_answer odd[] = {{.uri = "*", .body = "{}"}};
    check(answers, 2, false,
          &(struct expected){CS_ERR_NETWORK, "1 2 3 4 ", "HTTP 500", 0});
    check(none, 1, false,
          &(struct expected){CS_ERR_NOT_FOUND, "", "HTTP 404", 3});
    check(odd, 1, false, &(struct expected){CS_ERR_PROTOCOL, "", "results", 1});
}

static void test_next_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *next, *path;
    } rows[] = {
        {"/rest/api/x?a=1", "/rest/api/x?a=1"},
        {"/confluence/rest/api/x?a=%2F", "/rest/api/x?a=%2F"},
        {"https://other.example/confluence/rest/api/x?a", "/rest/api/x?a"},
        {"http://h:8090/rest/api/x", "/rest/api/x"},
        {"/confluences/rest", "/confluences/rest"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(999);
        cs_dc_put_next("/confluence", rows[i].next, &out);
        assert_string_equal(out.data, rows[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_t5_silent_cap),
        cmocka_unit_test(test_t5_hidden_rows),
        cmocka_unit_test(test_t5_hidden_page_that_was_cut),
        cmocka_unit_test(test_t5_hidden_page_after_a_cut),
        cmocka_unit_test(test_t5_overlap),
        cmocka_unit_test(test_t8_repetition),
        cmocka_unit_test(test_scan),
        cmocka_unit_test(test_scan_by_cursor_alone),
        cmocka_unit_test(test_t8_scan_repetition),
        cmocka_unit_test(test_t14_spoilt_page),
        cmocka_unit_test(test_t4_failure),
        cmocka_unit_test(test_next_addresses),
    };
    return cmocka_run_group_tests_name("dc_paging", tests, NULL, NULL);
}
