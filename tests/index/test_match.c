/*
 * test_match.c - a rare word beside a common one: FTS5 follows the tree.
 *
 * Pages 0 to 4599 have the word "common"; few enough others that walking all
 * of its postings would be a waste.
 */
#include "tests/lib/test.h"

#include "tests/index/search_rig.h"

static int setup(void **state)
{
    int failed = rig_setup(state);
    if (failed)
        return failed;
    struct rig *rig = *state;
    sample_exec(
        rig->index,
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL"
        "  SELECT i + 1 FROM n WHERE i < 4599)"
        " INSERT INTO document(source, container, vendor_id, kind,"
        "  status, title, version, body_version, created, updated, path)"
        " SELECT 1, 1, i, 'page', 'current',"
        "  iif(i % 1500 = 8, 'Quagga ', 'Page ') || i, 1, 1, 1000, 2000,"
        "  'ENG/' || i || '.md' FROM n");
    sample_exec(rig->index, "INSERT INTO body SELECT id, 'common'"
                            "  || iif(id % 1500 = 8, ' zebra', '')"
                            "  || iif(id % 3000 = 8, ' crossing', ''),"
                            "  x'', 'storage', 0, 0, 0, 0 FROM document");
    rig_index(rig);
    return 0;
}

static int by_number(const void *a, const void *b)
{
    const int *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* The numbers of the hits, smallest first. */
static void find(struct rig *rig, const char *query, char ret[200])
{
    const struct cs_search_result *result =
        rig_run(rig, (struct cs_search_request){.text = query, .limit = 20});
    int numbers[20] = {0};
    size_t len = 0;
    for (size_t i = 0; i < result->n; i++)
        numbers[i] = (int)strtol(strchr(result->hits[i].id, ':') + 1, NULL, 10);
    qsort(numbers, result->n, sizeof(*numbers), by_number);
    ret[0] = '\0';
    for (size_t i = 0; i < result->n; i++)
        len += (size_t)snprintf(ret + len, 200 - len, "%s%d", i ? " " : "",
                                numbers[i]);
}

static void test_the_tree_is_followed(void **state)
{
    static const struct {
        const char *query, *ids;
    } cases[] = {
        {"common AND zebra", "7 1507 3007 4507"},
        {"zebra AND common", "7 1507 3007 4507"},
        {"common AND zeb*", "7 1507 3007 4507"},
        {"common AND zebra AND NOT crossing", "1507 4507"},
        {"common AND zebra AND NOT (crossing OR quagga)", "1507 4507"},
        {"common AND (zebra OR crossing)", "7 1507 3007 4507"},
        {"common AND (zebra OR title:quagga)",
         "7 8 1507 1508 3007 3008 4507 4508"},
        {"common AND title:quagga", "8 1508 3008 4508"},
        {"common AND \"zebra crossing\"", "7 3007"},
        {"common AND \"crossing zebra\"", ""},
        {"common AND (zebra NEAR/2 crossing)", "7 3007"},
        {"common AND (zebra OR \"crossing zebra\")", "7 1507 3007 4507"},
        {"common AND title:quagga AND (page OR NOT title:quagga)", ""},
        {"common AND zebra AND (crossing OR (common NOT quagga))",
         "7 1507 3007 4507"},
        {"common AND NOT (zebra NEAR/2 crossing) AND zebra", "1507 4507"},
        {"common AND (zebra OR (crossing AND =nosuchword))",
         "7 1507 3007 4507"},
        {"common AND zebra AND (=nosuchword OR =neither)", ""},
        {"zebra AND (crossing OR NOT common)", "7 3007"},
    };
    char ids[200];
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        find(*state, cases[i].query, ids);
        if (strcmp(ids, cases[i].ids) != 0)
            fail_msg("%s: %s, not %s", cases[i].query, ids, cases[i].ids);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_tree_is_followed, setup,
                                        rig_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
