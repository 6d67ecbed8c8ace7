/*
 * test_library.c - libraries that are loaded late, and those that are missing.
 */
#include "src/library.h"

#include "tests/lib/test.h"

#include <curl/curl.h>
#include <libxml/parser.h>

static void loads_what_is_used(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_library_curl(&err), &err);
    assert_ok(cs_library_curl(&err), &err);
    assert_ok(cs_library_pcre2(&err), &err);
    assert_ok(cs_library_pcre2(&err), &err);
    assert_ok(cs_library_xml(&err), &err);
    assert_ok(cs_library_xml(&err), &err);
    assert_ok(cs_library_zstd(&err), &err);
    assert_ok(cs_library_zstd(&err), &err);
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    xmlParserCtxt *ctxt = xmlNewParserCtxt();
    assert_non_null(ctxt);
    xmlFreeParserCtxt(ctxt);
    curl_easy_cleanup(easy);
}

/* Options carry an object, a long or an offset: all arrive. */
static void options_keep_their_types(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    char tag, *told = NULL;
    assert_ok(cs_library_curl(&err), &err);
    CURL *easy = curl_easy_init();
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_PORT, 80L), CURLE_OK);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_PORT, 70000L),
                     CURLE_BAD_FUNCTION_ARGUMENT);
    assert_int_equal(
        curl_easy_setopt(easy, CURLOPT_MAX_RECV_SPEED_LARGE, (curl_off_t)-1),
        CURLE_BAD_FUNCTION_ARGUMENT);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_PRIVATE, &tag), CURLE_OK);
    assert_int_equal(curl_easy_getinfo(easy, CURLINFO_PRIVATE, &told),
                     CURLE_OK);
    assert_ptr_equal(told, &tag);
    curl_easy_cleanup(easy);
}

static void says_what_is_missing(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    void (*pointer)(void) = NULL;
    bool loaded = false;
    const struct cs_library_slot slot = {"no_such_function", &pointer};
    assert_int_equal(
        cs_library_load("libnot-there.so.7", &slot, 1, &loaded, &err),
        CS_ERR_CONFIG);
    assert_non_null(strstr(err.message, "libnot-there.so.7"));
    assert_non_null(strstr(err.hint, "libnot-there.so.7"));
    assert_int_equal(cs_library_load("libc.so.6", &slot, 1, &loaded, &err),
                     CS_ERR_CONFIG);
    assert_non_null(strstr(err.message, "no_such_function"));
    assert_null(pointer);
    assert_false(loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_what_is_used),
        cmocka_unit_test(options_keep_their_types),
        cmocka_unit_test(says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
