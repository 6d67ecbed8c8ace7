/*
 * test_paging.c - every trap that a list of pages can set.
 */
#include "tests/lib/test.h"

#include "connectors/paging.h"
#include "tests/lib/canned.h"

#define ROW(id)    "{\"id\":\"" id "\"}"
#define NEXT(path) ",\"_links\":{\"next\":\"" path "\"}}"
#define PAGE(rows) "{\"results\":[" rows "]"
#define JSON_END   "}"

struct rig {
    struct canned canned;
    struct cs_http *http;
    struct cs_paging_site site;
    struct cs_paging *paging;
    char ids[128]; /* all ids met, each with a blank */
    struct cs_error err;
};

static void open_rig(struct rig *rig, const struct canned_answer *answers,
                     size_t n, const char *base_path, const char *path)
{
    *rig = (struct rig){.paging = NULL};
    canned_open(&rig->canned, answers, n);
    rig->http = canned_client(&rig->canned, base_path);
    rig->site = (struct cs_paging_site){
        .http = rig->http, .base_path = base_path, .context = "/wiki"};
    assert_ok(cs_paging_open(&rig->site, path, 0, &rig->paging, &rig->err),
              &rig->err);
}

static void close_rig(struct rig *rig)
{
    cs_paging_free(rig->paging);
    cs_http_free(rig->http);
    canned_close(&rig->canned);
}

/* Read to the end, collecting ids. */
static enum cs_status drain(struct rig *rig)
{
    struct cs_json rows;
    bool more = true;
    enum cs_status status = CS_OK;
    while (!status && more) {
        struct cs_json row = {.node = NULL};
        status = cs_paging_next(rig->paging, &rows, &more, &rig->err);
        while (!status && more && cs_json_next(&rows, &row)) {
            const char *id;
            status = cs_json_text(&row, "id", CS_JSON_REQUIRED, &id, &rig->err);
            size_t len = strlen(rig->ids);
            if (!status)
                (void)snprintf(rig->ids + len, sizeof(rig->ids) - len, "%s ",
                               id);
        }
        status = cs_paging_blame(rig->paging, status, &rig->err);
    }
    return status;
}

/* The whole listing gives these ids. */
static void gives(const struct canned_answer *answers, size_t n,
                  const char *base_path, const char *ids)
{
    struct rig rig;
    open_rig(&rig, answers, n, base_path, "/wiki/list?limit=2");
    assert_ok(drain(&rig), &rig.err);
    assert_string_equal(rig.ids, ids);
    close_rig(&rig);
}

static struct cs_error fails(const struct canned_answer *answers, size_t n,
                             enum cs_status expected)
{
    struct rig rig;
    open_rig(&rig, answers, n, "", "/wiki/list?limit=2");
    assert_int_equal(drain(&rig), expected);
    assert_int_equal(rig.err.status, expected);
    struct cs_error err = rig.err;
    close_rig(&rig);
    return err;
}

static void test_t6_cursor_goes_back_byte_for_byte(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1") "," ROW("2"))
             NEXT("/wiki/list?cursor=eyJ9Cg==&limit=2&x=%2F+~")},
        {.uri = "/wiki/list?cursor=eyJ9Cg==&limit=2&x=%2F+~",
         .body = PAGE(ROW("3")) JSON_END},
    };
    gives(answers, CS_ARRAY_LEN(answers), "", "1 2 3 ");
}

static void test_t8_empty_page_is_not_the_end(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2", .body = PAGE("") NEXT("/wiki/list?c=1")},
        {.uri = "/wiki/list?c=1", .body = PAGE("") NEXT("/wiki/list?c=2")},
        {.uri = "/wiki/list?c=2", .body = PAGE(ROW("9")) JSON_END},
    };
    gives(answers, CS_ARRAY_LEN(answers), "", "9 ");
}

static void test_link_header(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) JSON_END,
         .link = "</wiki/list?c=1&ids=1,2;3>; rel=\"next\", "
                 "<https://acme.test/wiki>; rel=\"base\""},
        {.uri = "/wiki/list?c=1&ids=1,2;3",
         .body = PAGE(ROW("2")) ",\"_links\":{\"base\":\"https://x\"}}",
         .link = "<https://acme.test/wiki>; rel=\"base\""},
    };
    gives(answers, CS_ARRAY_LEN(answers), "", "1 2 ");
}

static void test_t20_gateway(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/ex/confluence/7/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1")},
        {.uri = "/ex/confluence/7/wiki/list?c=1",
         .body = PAGE(ROW("2")) NEXT("/ex/confluence/7/wiki/list?c=2")},
        {.uri = "/ex/confluence/7/wiki/list?c=2",
         .body =
             PAGE(ROW("3")) NEXT("https://acme.atlassian.net/wiki/list?c=3")},
        {.uri = "/ex/confluence/7/wiki/list?c=3",
         .body = PAGE(ROW("4")) JSON_END},
    };
    gives(answers, CS_ARRAY_LEN(answers), "/ex/confluence/7", "1 2 3 4 ");
}

static void test_t7_next_without_context(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/rest/api/search?cursor=a")},
        {.uri = "/wiki/rest/api/search?cursor=a",
         .body = PAGE(ROW("2")) NEXT("")},
    };
    gives(answers, CS_ARRAY_LEN(answers), "", "1 2 ");
}

static void test_t8_repeated_cursor(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1")},
        {.uri = "/wiki/list?c=1",
         .body = PAGE(ROW("2")) NEXT("/wiki/list?c=2")},
        {.uri = "/wiki/list?c=2",
         .body = PAGE(ROW("3")) NEXT("/wiki/list?c=1")},
    };
    struct cs_error err =
        fails(answers, CS_ARRAY_LEN(answers), CS_ERR_PROTOCOL);
    assert_non_null(strstr(err.message, "the same cursor twice"));
}

static void test_t4_error_is_no_empty_list(void **state)
{
    (void)state;
    static const struct canned_answer broken[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1")},
        {.uri = "/wiki/list?c=1", .status = 500},
    };
    (void)fails(broken, CS_ARRAY_LEN(broken), CS_ERR_NETWORK);
    static const struct canned_answer gone[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1")},
    };
    (void)fails(gone, CS_ARRAY_LEN(gone), CS_ERR_NOT_FOUND);
    static const struct canned_answer refused[] = {
        {.uri = "/wiki/list?limit=2", .status = 400}};
    (void)fails(refused, CS_ARRAY_LEN(refused), CS_ERR_PROTOCOL);
}

static void test_answers_that_are_no_list(void **state)
{
    (void)state;
    static const struct {
        const char *body, *message;
    } rows[] = {
        {"{}", "results: expected an array"},
        {"[]", "results: expected an array"},
        {"{\"results\":{}}", "results: expected an array"},
        {"{\"results\":[],\"_links\":7}", "_links: expected an object"},
        {"{\"results\":[],\"_links\":{\"next\":7}}",
         "_links.next: expected a string"},
        {"{\"results\":[{\"id\":7}]}", "results[0].id: expected a string"},
        {"{\"results\":[", "no JSON"},
        {"hello", "no JSON"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct canned_answer answer = {.uri = "/wiki/list?limit=2",
                                       .body = rows[i].body};
        struct cs_error err = fails(&answer, 1, CS_ERR_PROTOCOL);
        if (!strstr(err.message, rows[i].message))
            fail_msg("%s gives: %s", rows[i].body, err.message);
        assert_non_null(strstr(err.message, "/wiki/list: "));
    }
}

static void test_hostile_next(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE("") NEXT("/wiki/a b\\r\\nHost: evil")}};
    (void)fails(answers, CS_ARRAY_LEN(answers), CS_ERR_PROTOCOL);
    /* Another host's path is looked up on ours. */
    static const struct canned_answer other[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE("") NEXT("http://169.254.169.254/wiki/x")},
        {.uri = "/wiki/x", .body = PAGE(ROW("1")) JSON_END},
    };
    gives(other, CS_ARRAY_LEN(other), "", "1 ");
}

/* A server that chokes on a page is asked for less from the same cursor. */
static void test_half_of_the_limit(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1==&limit=8&x=limit=8")},
        {.uri = "/wiki/list?c=1==&limit=8&x=limit=8", .status = 500},
        {.uri = "/wiki/list?c=1==&limit=4&x=limit=8", .status = 504},
        {.uri = "/wiki/list?c=1==&limit=2&x=limit=8",
         .body = PAGE(ROW("2")) JSON_END},
    };
    gives(answers, CS_ARRAY_LEN(answers), "", "1 2 ");
    static const struct canned_answer first[] = {
        {.uri = "/wiki/list?limit=2", .status = 502},
        {.uri = "/wiki/list?limit=1",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1&limit=1")},
        {.uri = "/wiki/list?c=1&limit=1", .body = PAGE(ROW("2")) JSON_END},
    };
    gives(first, CS_ARRAY_LEN(first), "", "1 2 ");
}

/* T6: a server may take no cursor with another limit. Then all begins anew,
 * with the smaller one; the cursors of the first pass may come again. */
static void test_t6_cursor_of_another_limit(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1&limit=2")},
        {.uri = "/wiki/list?c=1&limit=2", .status = 500, .times = 3},
        {.uri = "/wiki/list?c=1&limit=1", .status = 400},
        {.uri = "/wiki/list?limit=1",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1&limit=2")},
        {.uri = "/wiki/list?c=1&limit=2", .body = PAGE(ROW("2")) JSON_END},
    };
    gives(answers, CS_ARRAY_LEN(answers), "", "1 1 2 ");
}

/* One row that fails alone fails the listing, and a refusal is never taken for
 * a matter of the limit. */
static void test_t4_no_half_is_left(void **state)
{
    (void)state;
    static const struct canned_answer choking[] = {
        {.uri = "/wiki/list?*", .status = 500},
    };
    static const struct canned_answer refused[] = {
        {.uri = "/wiki/list?*", .status = 400},
    };
    (void)fails(choking, 1, CS_ERR_NETWORK);
    (void)fails(refused, 1, CS_ERR_PROTOCOL);
    struct rig rig;
    open_rig(&rig, refused, 1, "", "/wiki/list?limit=2");
    (void)drain(&rig);
    assert_int_equal(canned_count(&rig.canned, "GET "), 1);
    close_rig(&rig);
}

/* Who may leave early does not pay for the next page. */
static void test_lazy_pages(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1")},
        {.uri = "/wiki/list?c=1", .body = PAGE(ROW("2")) JSON_END},
    };
    struct rig rig;
    struct cs_json rows;
    bool more;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers), "", "/wiki/list?limit=2");
    cs_paging_lazy(rig.paging);
    assert_ok(cs_paging_next(rig.paging, &rows, &more, &rig.err), &rig.err);
    assert_ok(cs_http_wait(rig.http, 0, &rig.err), &rig.err);
    assert_int_equal(canned_count(&rig.canned, "GET "), 1);
    assert_ok(drain(&rig), &rig.err);
    assert_string_equal(rig.ids, "2 ");
    close_rig(&rig);
}

static void test_next_page_is_under_way(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1")},
        {.uri = "/wiki/list?c=1", .body = PAGE(ROW("2")) JSON_END},
    };
    struct rig rig;
    struct cs_json rows;
    bool more;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers), "", "/wiki/list?limit=2");
    assert_ok(cs_paging_next(rig.paging, &rows, &more, &rig.err), &rig.err);
    struct cs_http_stats stats;
    cs_http_stats(rig.http, &stats);
    assert_int_equal(stats.requests, 2);
    close_rig(&rig); /* and dropping it in mid-air is fine */
}

static void test_kept_pages_stay(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/list?limit=2",
         .body = PAGE(ROW("1")) NEXT("/wiki/list?c=1")},
        {.uri = "/wiki/list?c=1", .body = PAGE(ROW("2")) JSON_END},
    };
    struct rig rig;
    struct cs_json first, second, row = {.node = NULL};
    const char *id;
    bool more;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers), "", "/wiki/list?limit=2");
    cs_paging_keep(rig.paging);
    assert_ok(cs_paging_next(rig.paging, &first, &more, &rig.err), &rig.err);
    assert_ok(cs_paging_next(rig.paging, &second, &more, &rig.err), &rig.err);
    assert_true(cs_json_next(&first, &row));
    assert_ok(cs_json_text(&row, "id", CS_JSON_REQUIRED, &id, &rig.err),
              &rig.err);
    assert_string_equal(id, "1");
    assert_true(cs_paging_size(rig.paging) > 40);
    close_rig(&rig);
}

static void test_link_header_forms(void **state)
{
    (void)state;
    static const struct {
        const char *link, *next;
    } rows[] = {
        {"", NULL},
        {"</a>; rel=\"prev\"", NULL},
        {"</a>; rel=next", "/a"},
        {"</a>; rel=\"prev\", </b>; rel=\"next\"", "/b"},
        {"</a>; title=\"x\"; rel=\"next\"; y=1", "/a"},
        {"</a>; rel=\"nextish\"", NULL},
        {"</a", NULL},
        {"</a>, </b>; rel=\"next\"", "/b"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
        bool found = cs_paging_link_next(rows[i].link, &out);
        assert_int_equal(found, rows[i].next != NULL);
        if (found)
            assert_string_equal(out.data, rows[i].next);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_t6_cursor_goes_back_byte_for_byte),
        cmocka_unit_test(test_t8_empty_page_is_not_the_end),
        cmocka_unit_test(test_link_header),
        cmocka_unit_test(test_t20_gateway),
        cmocka_unit_test(test_t7_next_without_context),
        cmocka_unit_test(test_t8_repeated_cursor),
        cmocka_unit_test(test_t4_error_is_no_empty_list),
        cmocka_unit_test(test_answers_that_are_no_list),
        cmocka_unit_test(test_hostile_next),
        cmocka_unit_test(test_half_of_the_limit),
        cmocka_unit_test(test_t6_cursor_of_another_limit),
        cmocka_unit_test(test_t4_no_half_is_left),
        cmocka_unit_test(test_lazy_pages),
        cmocka_unit_test(test_next_page_is_under_way),
        cmocka_unit_test(test_kept_pages_stay),
        cmocka_unit_test(test_link_header_forms),
    };
    return cmocka_run_group_tests_name("paging", tests, NULL, NULL);
}
