/*
 * test_check_vectors.c - the check of vectors, and the list of pages that say
 * the same.
 */
#include "tests/lib/test.h"

#include "index/upkeep/check.h"
#include "index/words/vector.h"
#include "tests/index/sample.h"

#define POEM_REST                                                              \
    "Turn it on again, then wait for a minute and look "                       \
    "whether the light is green. If it is not, call Ada, and write down what " \
    "you saw, when you saw it, and who else was there with you. She will "     \
    "come with the other key and look at the valve behind the tank.\n"
#define POEM "The pump is off. " POEM_REST

static struct cs_index *open_pages(struct sandbox *box)
{
    static const struct sample_page pages[] = {
        {.id = "1", .title = "Pump", .markdown = POEM, .updated = 1000},
        {.id = "2", .title = "Short", .markdown = "Nothing here.\n"},
        {.id = "3", .title = "Old pump", .markdown = POEM, .updated = 500},
        {.id = "4",
         .title = "Pump!",
         .markdown = "# The\n\n**pump** is off. " POEM_REST,
         .updated = 1000},
        {.id = "5", .title = "Brief", .markdown = "Nothing here.\n"},
    };
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index = sample_open(box);
    for (size_t i = 0; i < CS_ARRAY_LEN(pages); i++)
        (void)sample_page(index, &pages[i]);
    assert_ok(cs_vectors_build(cs_index_db(index), &err), &err);
    return index;
}

static void write_down(void *payload, const struct cs_finding *finding)
{
    cs_strbuf_printf(payload, "%s: %s%s\n", finding->id ? finding->id : "-",
                     finding->message, finding->fixed ? " [fixed]" : "");
}

static struct cs_store *open_store(struct cs_index *index)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_store *store = NULL;
    assert_ok(cs_store_open(index, &store, &err), &err);
    return store;
}

static const char *run_with(struct cs_index *index, struct cs_store *store,
                            const char *task, enum cs_check_mode mode,
                            struct cs_strbuf *out)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_check_summary summary;
    const struct cs_check_options options = {.mode = mode,
                                             .store = store,
                                             .only = &task,
                                             .n_only = 1,
                                             .found = write_down,
                                             .payload = out};
    cs_strbuf_reset(out);
    cs_strbuf_puts(out, "");
    assert_ok(cs_check_run(index, &options, &summary, &err), &err);
    return out->data;
}
#define RUN(task, mode) run_with(index, store, task, mode, &out)

static void test_vectors_that_do_not_fit_are_built_anew(void **state)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_pages(*state);
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = open_store(index);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    assert_string_equal(RUN("vectors", CS_CHECK_DRY_RUN), "");
    sample_exec(index, "UPDATE document SET status = 'archived' WHERE id = 2;"
                       "DELETE FROM state WHERE name = 'vectors'");
    assert_string_equal(RUN("vectors", CS_CHECK_DRY_RUN),
                        "confluence:2: what search knows of it does not fit:"
                        " kind, status or labels\n"
                        "-: the totals are not their sums\n");
}

static void test_a_damaged_block_is_one_finding(void **state)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_pages(*state);
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = open_store(index);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    sample_exec(index, "UPDATE vector SET docs = x'00'");
    assert_string_equal(RUN("vectors", CS_CHECK_FIX),
                        "-: a block of them is damaged [fixed]\n");
    assert_string_equal(RUN("vectors", CS_CHECK_DRY_RUN), "");
}

static void test_pages_that_say_the_same(void **state)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_pages(*state);
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = open_store(index);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    assert_string_equal(
        RUN("duplicates", CS_CHECK_DRY_RUN),
        "confluence:1: \"Pump\" is the newest of 3 that say the same or nearly"
        " so\n"
        "confluence:4: \"Pump!\" says nearly the same as confluence:1, which"
        " is as new\n"
        "confluence:3: \"Old pump\" says the same as confluence:1, which is"
        " newer\n");
    sample_exec(index, "UPDATE document SET missing = 1 WHERE id IN (3, 4)");
    assert_string_equal(RUN("duplicates", CS_CHECK_DRY_RUN), "");
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_vectors_that_do_not_fit_are_built_anew),
        TEST(test_a_damaged_block_is_one_finding),
        TEST(test_pages_that_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
