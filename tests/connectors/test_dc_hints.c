/*
 * test_dc_hints.c - feeds of comments and attachments, and their marks.
 */
#include "tests/connectors/dc_rig.h"

#include "connectors/confluence/dc.h"

#define NOW INT64_C(1800000000000)
#define FEED(type, more)                                                       \
    DC "/content/search?cql=type%20%3D%20" type                                \
       "%20and%20space%20in%20%28%22ENG%22%2C%20%22a%5C%22b%22%29" more        \
       "&expand=container&start="
#define SINCE(hours)                                                           \
    "%20and%20lastmodified%20%3E%3D%20now%28%22-" hours "h%22%29"
#define ON(id) "{\"id\":\"c" id "\",\"container\":{\"id\":\"" id "\"}}"

/* The engine's side: it writes down what it is told. */
struct told {
    char text[1024];
    char marks[2][32];
};

static void add(struct told *told, const char *what, const char *id,
                unsigned aspects)
{
    size_t len = strlen(told->text);
    (void)snprintf(told->text + len, sizeof(told->text) - len, "%s %s %u;",
                   what, id ? id : "all", aspects);
}

static enum cs_status on_hint(void *payload, const char *id, unsigned aspects,
                              struct cs_error *err)
{
    (void)err;
    add(payload, "hint", id, aspects);
    return CS_OK;
}

static enum cs_status on_suspect(void *payload, const char *id,
                                 struct cs_error *err)
{
    (void)err;
    add(payload, "suspect", id, 0);
    return CS_OK;
}

/* Marks by the first letter behind "dc-": comments, attachments; the trash has
 * none here. */
static char *mark_of(struct told *told, const char *name)
{
    assert_true(strncmp(name, "dc-", 3) == 0);
    return name[3] == 't' ? NULL : told->marks[name[3] == 'a'];
}

static enum cs_status on_cursor(void *payload, const char *name,
                                struct cs_arena *arena, const char **ret,
                                struct cs_error *err)
{
    const char *mark = mark_of(payload, name);
    (void)arena, (void)err;
    *ret = mark && *mark ? mark : NULL;
    return CS_OK;
}

static enum cs_status on_set_cursor(void *payload, const char *name,
                                    const char *text, struct cs_error *err)
{
    char *mark = mark_of(payload, name);
    (void)err;
    assert_non_null(mark);
    (void)snprintf(mark, 32, "%s", text);
    return CS_OK;
}

static const struct cs_container spaces[] = {{.id = "9", .key = "ENG"},
                                             {.id = "8", .key = "a\"b"}};

static enum cs_status ask(const struct canned_answer *answers, size_t n,
                          uint64_t documents, struct told *told)
{
    struct rig rig;
    char base[128];
    struct cs_dc *dc = NULL;
    struct cs_error err = CS_ERROR_INIT;
    open_dc(&rig, base, answers, n);
    rig.canned.clock.wall_ms = NOW;
    struct cs_connector_env env = {.clock = &rig.canned.clock.clock};
    const struct cs_hint_io io = {.hint = on_hint,
                                  .suspect = on_suspect,
                                  .cursor = on_cursor,
                                  .set_cursor = on_set_cursor,
                                  .payload = told,
                                  .aspects = CS_ASPECT_COMMENTS |
                                             CS_ASPECT_ATTACHMENTS,
                                  .documents = documents};
    assert_ok(cs_dc_open(&rig.config, &env, &dc, &err), &err);
    told->text[0] = '\0';
    enum cs_status status = cs_dc_hints(dc, spaces, 2, &io, &err);
    cs_dc_close(dc);
    close_rig(&rig);
    return status;
}

/* The first time to the end, later from the mark on, by hours rounded up. */
static void test_marks(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = FEED("comment", "") "0&limit=200",
         .body = DC_MORE(ON("1") "," ON("2"), "/x?start=200")},
        {.uri = FEED("comment", "") "2&limit=200", .body = DC_LIST(ON("3"))},
        {.uri = FEED("attachment", SINCE("27")) "*", .body = DC_LIST(ON("4"))},
        {.uri = DC "/space/ENG/trash?*", .body = DC_LIST("{\"id\":\"5\"}")},
        {.uri = DC "/space/a%22b/trash?*", .status = 403},
    };
    struct told told = {.marks = {"", "1799994600000"}}; /* 1 h 30 min ago */
    assert_int_equal(ask(answers, CS_ARRAY_LEN(answers), 100, &told), CS_OK);
    assert_string_equal(told.text, "hint 1 4;hint 2 4;hint 3 4;hint 4 8;"
                                   "suspect 5 0;");
    assert_string_equal(told.marks[0], "1800000000000");
    assert_string_equal(told.marks[1], "1800000000000");
}

/* A mark of long ago is given in days. */
static void test_old_mark(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri =
             FEED("attachment",
                  "%20and%20lastmodified%20%3E%3D%20now%28%22-102d%22%29") "*",
         .body = DC_LIST(ON("4"))},
        {.uri = DC "/content/search?*", .body = DC_LIST("")},
    };
    struct told told = {.marks = {"", "1791300000000"}}; /* 100 d 16 h 40 min */
    assert_int_equal(ask(answers, CS_ARRAY_LEN(answers), 100, &told), CS_OK);
    assert_string_equal(told.text, "hint 4 8;");
}

/* A feed that costs more than asking each page is left. */
static void test_long_feed(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = FEED("comment", "") "0&*",
         .body = DC_MORE(ON("1"), "?start=9")},
        {.uri = FEED("comment", "") "1&*",
         .body = DC_MORE(ON("2"), "?start=9")},
        {.uri = FEED("comment", "") "2&*", .body = DC_LIST(ON("7"))},
        {.uri = DC "/content/search?*", .body = DC_LIST("")},
    };
    struct told told = {.marks = {""}};
    assert_int_equal(ask(answers, CS_ARRAY_LEN(answers), 1, &told), CS_OK);
    assert_string_equal(told.text, "hint 1 4;hint 2 4;hint all 4;");
    assert_string_equal(told.marks[0], "1800000000000");
}

/* T12: a search that refuses: each page once, and no more after that. */
static void test_t12_no_feed(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = DC "/content/search?*", .status = 400}};
    struct told told = {.marks = {"", "1799994600000"}};
    assert_int_equal(ask(answers, 1, 100, &told), CS_OK);
    assert_string_equal(told.text, "hint all 4;");
}

/* T4: a feed that fails keeps its mark. */
static void test_t4_failing_feed(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = DC "/content/search?*", .status = 500}};
    struct told told = {.marks = {"1799994600000"}};
    assert_int_equal(ask(answers, 1, 100, &told), CS_ERR_NETWORK);
    assert_string_equal(told.marks[0], "1799994600000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_old_mark),
        cmocka_unit_test(test_long_feed),
        cmocka_unit_test(test_t12_no_feed),
        cmocka_unit_test(test_t4_failing_feed),
    };
    return cmocka_run_group_tests_name("dc_hints", tests, NULL, NULL);
}
