/*
 * test_claim.c - whose a file is, by its head.
 */
#include "tests/lib/sandbox.h"
#include "tests/lib/test.h"

#include "index/store/claim.h"

#include <sys/stat.h>
#include <unistd.h>

static void test_what_a_file_claims(void **state)
{
    struct sandbox *box = *state;
    static const struct {
        const char *name, *text, *id, *source;
    } rows[] = {
        {"ours", "---\nid: \"7\"\nsource: \"wiki\"\n---\n\ntext\n", "7",
         "wiki"},
        {"open", "---\nid: \"7\"\nsource: \"wiki\"\n", "", ""},
        {"late", "text\n---\nid: \"7\"\n---\n", "", ""},
        {"odd", "---\nid: \"7\\\"\"\nsource: wiki\n---\n", "", ""},
        {"empty", "", "", ""},
    };
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    assert_ok(cs_dir_open(box->root, &dir, &err), &err);
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_claim claim;
        sandbox_write(box, rows[i].name, rows[i].text);
        assert_ok(cs_claim_read(dir, rows[i].name, &claim, &err), &err);
        assert_string_equal(claim.id, rows[i].id);
        assert_string_equal(claim.source, rows[i].source);
    }
}

/* Neither is it followed, nor does it end a run. */
static void test_what_is_no_file_claims_nothing(void **state)
{
    struct sandbox *box = *state;
    static const char *const names[] = {"link", "pipe", "folder", "none",
                                        "ours/below"};
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    char path[128], long_name[300];
    struct cs_claim claim;
    assert_ok(cs_dir_open(box->root, &dir, &err), &err);
    sandbox_write(box, "ours", "---\nid: \"7\"\nsource: \"wiki\"\n---\n");
    (void)snprintf(path, sizeof(path), "%s/link", box->root);
    assert_int_equal(symlink("ours", path), 0);
    (void)snprintf(path, sizeof(path), "%s/pipe", box->root);
    assert_int_equal(mkfifo(path, 0600), 0);
    (void)snprintf(path, sizeof(path), "%s/folder", box->root);
    assert_int_equal(mkdir(path, 0700), 0);
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        memset(&claim, 'x', sizeof(claim));
        assert_ok(cs_claim_read(dir, names[i], &claim, &err), &err);
        assert_string_equal(claim.id, "");
        assert_string_equal(claim.source, "");
    }
    memset(long_name, 'n', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    assert_int_equal(cs_claim_read(dir, long_name, &claim, &err), CS_ERR_IO);
    assert_non_null(strstr(err.message, "/nnn"));
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_a_file_claims),
        TEST(test_what_is_no_file_claims_nothing),
    };
    return cmocka_run_group_tests_name("claim", tests, NULL, NULL);
}
