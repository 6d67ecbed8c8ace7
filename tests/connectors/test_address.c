/*
 * test_address.c - where a reference leads when its target is not mirrored.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/address.h"

static const struct {
    struct cs_ref ref;
    const char *address; /* below the wiki; NULL: none */
} rows[] = {
    {{.kind = CS_REF_PAGE, .title = "Run & book"},
     "/display/ENG/Run%20%26%20book"},
    {{.kind = CS_REF_PAGE, .space = "OPS", .title = "A/B"},
     "/display/OPS/A%2FB"},
    {{.kind = CS_REF_PAGE, .id = "12"}, "/pages/viewpage.action?pageId=12"},
    {{.kind = CS_REF_CONTENT, .id = "12"}, "/pages/viewpage.action?pageId=12"},
    {{.kind = CS_REF_BLOG_POST, .title = "News", .day = "2026/05/06"},
     "/display/ENG/2026/05/06/News"},
    {{.kind = CS_REF_ATTACHMENT, .file = "a b.png"},
     "/download/attachments/7/a%20b.png"},
    {{.kind = CS_REF_ATTACHMENT, .id = "12", .file = "x"},
     "/download/attachments/12/x"},
    {{.kind = CS_REF_ATTACHMENT, .title = "Images", .file = "x"},
     "/display/ENG/Images"},
    {{.kind = CS_REF_SPACE, .space = "~ada"}, "/spaces/~ada"},
    {{.kind = CS_REF_USER, .id = "5b:1"}, "/people/5b%3A1"},
    {{.kind = CS_REF_SELF, .anchor = "x"}, NULL},
};

static const struct cs_address_page page = {
    .wiki = "https://acme.example/wiki", .space = "ENG", .id = "7"};

static void test_addresses(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        const char *address = cs_address_of(arena, &page, &rows[i].ref);
        if (!rows[i].address) {
            assert_null(address);
            continue;
        }
        assert_non_null(address);
        assert_string_equal(address + strlen(page.wiki), rows[i].address);
    }
}

static void test_an_address_of_its_own_stays(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const struct cs_place places[] = {
        {.ref = {.kind = CS_REF_PAGE, .id = "1", .url = "https://x/1"}},
        {.ref = {.kind = CS_REF_SPACE, .space = "OPS"}},
    };
    struct cs_body body = {
        .markdown = "", .places = places, .n_places = CS_ARRAY_LEN(places)};
    assert_ok(cs_address_body(arena, &page, &body, &err), &err);
    assert_string_equal(body.places[0].ref.url, "https://x/1");
    assert_string_equal(body.places[1].ref.url,
                        "https://acme.example/wiki/spaces/OPS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_an_address_of_its_own_stays),
    };
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
