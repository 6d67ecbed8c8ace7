/*
 * test_search.c - what is found, by words, phrases and operators; what is told
 * of a hit.
 */
#include "tests/lib/test.h"

#include "tests/index/search_rig.h"

static void add_wiki(struct rig *rig)
{
    sample_person(rig->index, "u1", "Ada Lovelace");
    sample_person(rig->index, "u2", "J\xc3\xbcrgen M\xc3\xbcller");
    static const struct sample_page pages[] = {
        {.id = "1",
         .title = "Runbook",
         .markdown = "How to restart the gateway.\n",
         .author = "u1",
         .label = "runbook",
         .updated = 3000},
        {.id = "2",
         .title = "Gateway",
         .markdown = "The gateway takes requests. Restart the service.\n",
         .author = "u2",
         .updated = 5000},
        {.id = "3",
         .title = "Caf\xc3\xa9 menu",
         .space = "OPS",
         .markdown = "Soup of the day\n",
         .updated = 4000},
        {.id = "4",
         .title = "Release day",
         .kind = "blogpost",
         .space = "OPS",
         .markdown = "A gateway was released.\n",
         .author = "u1",
         .updated = 9000},
    };
    rig_add(rig, pages, CS_ARRAY_LEN(pages));
}

static void test_words_and_phrases(void **state)
{
    struct rig *rig = *state;
    add_wiki(rig);
    assert_string_equal(rig_find(rig, "restart gateway"), "2 1 | 4");
    assert_string_equal(rig_find(rig, "\"restart the gateway\""), "1");
    assert_string_equal(rig_find(rig, "gate*"), "2 4 1");
    assert_string_equal(rig_find(rig, "gateway -restart"), "4");
    assert_string_equal(rig_find(rig, "gateway -\"restart the\""), "4");
    assert_string_equal(rig_find(rig, "cafe"), "3");
    assert_string_equal(rig_find(rig, "CAF\xc3\x89 soup"), "3");
    assert_string_equal(rig_find(rig, "nothing of the kind"), "");
    assert_int_equal(rig->result->total, 0);
    assert_string_equal(rig_find(rig, "-restart"), "4 3");
    assert_string_equal(rig_find(rig, "soup OR released"), "4 3");
    assert_string_equal(rig_find(rig, "(soup OR released) gateway"), "4");
    assert_string_equal(rig_find(rig, "title:gateway"), "2");
    assert_string_equal(rig_find(rig, "runbook"), "1");
    assert_string_equal(rig_find(rig, "day NEAR/2 soup"), "3");
    assert_string_equal(rig_find(rig, "day NEAR/1 soup"), "");
    assert_string_equal(rig_find(rig, "soup ADJ/2 day"), "3");
    assert_string_equal(rig_find(rig, "day ADJ/2 soup"), "");
    assert_string_equal(rig_find(rig, "\"takes service\"~3"), "2");
    assert_string_equal(rig_find(rig, "\"takes service\"~2"), "");
}

static void test_families_and_the_very_word(void **state)
{
    struct rig *rig = *state;
    add_wiki(rig);
    assert_string_equal(rig_find(rig, "restarting"), "1 2");
    assert_string_equal(rig_find(rig, "=restarting"), "");
    assert_string_equal(rig_find(rig, "=restart"), "1 2");
    assert_string_equal(rig_find(rig, "release"), "4");
    assert_string_equal(rig_find(rig, "\"release\""), "4");
    assert_string_equal(rig_find(rig, "=service"), "2");
    assert_string_equal(rig_find(rig, "services"), "2");
}

static void test_stop_words_need_not_be_there(void **state)
{
    struct rig *rig = *state;
    add_wiki(rig);
    assert_string_equal(rig_find(rig, "was the soup"), "3");
    assert_int_equal(rig->result->tier, CS_SEARCH_EXACT);
    assert_string_equal(rig_find(rig, "the"), "3 1 2");
    assert_string_equal(rig_find(rig, "how to"), "1");
    assert_string_equal(rig_find(rig, "\"was\" soup"), "| 4");
}

static void test_some_of_the_words(void **state)
{
    struct rig *rig = *state;
    add_wiki(rig);
    assert_string_equal(rig_find(rig, "soup gateway"), "| 3 2 4 1");
    assert_int_equal(rig->result->tier, CS_SEARCH_RELAXED);
    assert_int_equal(rig->result->total, 4);
    assert_int_equal(rig->result->hits[0].n_missing, 1);
    assert_string_equal(rig->result->hits[0].missing[0], "gateway");
    assert_string_equal(rig_find(rig, "soup AND gateway OR zzz"), "");
    assert_string_equal(rig_find(rig, "soup AND gateway"), "");
    assert_string_equal(rig_find(rig, "restart AND gateway"), "2 1");
    assert_string_equal(rig_find(rig, "+soup gateway"), "| 3");
    assert_string_equal(
        rig_find(rig, "how do we restart the gateway without requests"),
        "| 2 1 4");
    assert_int_equal(rig->result->hits[0].n_missing, 1);
    assert_string_equal(rig->result->hits[0].missing[0], "without");
}

static void test_corrections(void **state)
{
    struct rig *rig = *state;
    add_wiki(rig);
    assert_string_equal(rig_find(rig, "gatewya"), "2 4 1");
    assert_int_equal(rig->result->tier, CS_SEARCH_CORRECTED);
    assert_int_equal(rig->result->n_corrections, 1);
    assert_string_equal(rig->result->corrections[0].from, "gatewya");
    assert_string_equal(rig->result->corrections[0].to, "gateway");
    assert_true(rig->result->corrections[0].applied);
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "gatewya",
                                                .mode = CS_SEARCH_LITERAL}),
        "");
    assert_string_equal(rig_find(rig, "=gatewya"), "");
    assert_string_equal(rig_find(rig, "\"gatewya\""), "");
    assert_int_equal(rig->result->n_corrections, 0);
    assert_string_equal(rig_find(rig, "gatewya~"), "2 4 1");
}

static void test_patterns(void **state)
{
    struct rig *rig = *state;
    add_wiki(rig);
    assert_string_equal(rig_find(rig, "/gate\\w+ (takes|was)/"), "4 2");
    assert_string_equal(rig_find(rig, "gateway /rest.rt/"), "2 1");
    assert_string_equal(rig_find(rig, "gateway -/rest.rt/"), "4");
    assert_string_equal(rig_find(rig, "/rest.rt/ space:OPS"), "");
    assert_string_equal(rig_find(rig, "-/rest.rt/"), "4 3");
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "day$",
                                                .mode = CS_SEARCH_REGEX}),
        "3");
    struct cs_error err = CS_ERROR_INIT;
    struct cs_search_result *result = NULL;
    const struct cs_search_request broken = {.text = "a(b",
                                             .mode = CS_SEARCH_REGEX};
    assert_int_equal(cs_search_run(rig->index, &broken, &result, &err),
                     CS_ERR_USAGE);
}

/* What is nowhere as it was typed is looked for by its parts, and said to be
 * so; a name with a number in it is not. */
static void test_apart(void **state)
{
    struct rig *rig = *state;
    rig_page(rig, "1", "Budget", "Each retry has a budget.\n");
    rig_page(rig, "2", "\u8a2d\u8a08\u306e\u9032\u3081\u65b9",
             "\u8a2d\u8a08\u306f\u77ed\u3044\u4f1a\u8b70\u3067\u3059\u3002\n");
    rig_page(rig, "3", "Codes", "PAY-1042 and others.\n");
    rig_index(rig);
    assert_string_equal(rig_find(rig, "retryBudget"), "| 1");
    assert_int_equal(rig->result->tier, CS_SEARCH_RELAXED);
    assert_string_equal(rig_find(rig, "getRetryBudget"), "| 1");
    assert_int_equal(rig->result->hits[0].n_missing, 1);
    assert_string_equal(rig->result->hits[0].missing[0], "get");
    assert_string_equal(
        rig_find(rig, "\u8a2d\u8a08\u306b\u3064\u3044\u3066\u6559\u3048\u3066"),
        "| 2");
    assert_int_equal(rig->result->hits[0].n_missing, 0);
    assert_string_equal(rig_find(rig, "PAY-1043"), "");
    assert_string_equal(rig_find(rig, "\"retryBudget\""), "");
    assert_string_equal(rig_find(rig, "-retryBudget PAY"), "3");
}

/* Of seventy words that begin so, in 1, 2, ... 70 pages, the rarest six are
 * left out. */
static void test_many_words_begin_so(void **state)
{
    struct rig *rig = *state;
    static const char letters[] = "bcdfghkmnp";
    for (int i = 0; i < 70; i++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        char id[16];
        for (int j = i; j < 70; j++)
            cs_strbuf_printf(&text, "zq%c%cx ", letters[j / 10],
                             letters[j % 10]);
        (void)snprintf(id, sizeof(id), "%d", 100 + i);
        rig_page(rig, id, "Page", text.data);
    }
    rig_page(rig, "5", "Rare", "zqbgx"); /* the fifth of them */
    rig_page(rig, "6", "Less so", "zqbmx");
    rig_index(rig);
    const struct cs_search_result *result =
        rig_run(rig, (struct cs_search_request){.text = "zq*", .limit = 100});
    assert_int_equal(result->n_warnings, 1);
    assert_string_equal(result->warnings[0],
                        "zq*: only the 64 most frequent of the words that "
                        "begin so are looked for");
    assert_int_equal(result->total, 71);
    for (size_t i = 0; i < result->n; i++)
        assert_string_not_equal(strchr(result->hits[i].id, ':'), ":5");
}

static void test_nothing_to_search_for(void **state)
{
    struct rig *rig = *state;
    add_wiki(rig);
    assert_string_equal(rig_find(rig, "!!!"), "");
    assert_true(rig->result->n_warnings > 0);
    assert_string_equal(rig_find(rig, ""), "");
    assert_int_equal(rig->result->n_warnings, 1);
    assert_string_equal(rig->result->warnings[0],
                        "there is nothing to search for");
    struct cs_error err = CS_ERROR_INIT;
    struct cs_search_result *result = NULL;
    const struct cs_search_request strict = {.text = "", .strict = true};
    assert_int_equal(cs_search_run(rig->index, &strict, &result, &err),
                     CS_ERR_USAGE);
}

static void test_a_page_by_its_name(void **state)
{
    struct rig *rig = *state;
    add_wiki(rig);
    (void)sample_page(
        rig->index,
        &(struct sample_page){.id = "65601",
                              .title = "Known",
                              .markdown = "Nothing to see.",
                              .url = "https://wiki.example/pages/65601/Known"});
    (void)sample_page(rig->index,
                      &(struct sample_page){.id = "5",
                                            .title = "Ticket 65601",
                                            .markdown = "About 65601."});
    rig_index(rig);
    assert_string_equal(rig_find(rig, "65601"), "65601 5");
    assert_int_equal(rig->result->total, 2);
    assert_string_equal(rig_find(rig, "confluence:65601"), "65601");
    assert_string_equal(rig_find(rig, "https://wiki.example/pages/65601/Known"),
                        "65601");
    assert_string_equal(
        rig_ids(rig,
                (struct cs_search_request){
                    .text = "65601",
                    .types = {(const char *const[]){"blogpost"}, 1}}),
        "");
}

static void test_hit_has_all(void **state)
{
    struct rig *rig = *state;
    sample_person(rig->index, "u1", "Ada Lovelace");
    rig_page(rig, "1", "Top", "x");
    rig_page(rig, "2", "Middle", "x");
    (void)sample_page(
        rig->index, &(struct sample_page){.id = "65601",
                                          .title = "Runbook",
                                          .markdown = "# How\n\nRestart it.\n",
                                          .updated = 7000,
                                          .author = "u1",
                                          .label = "ops",
                                          .url = "https://wiki.example/r",
                                          .on_disk = true});
    sample_exec(rig->index,
                "UPDATE document SET parent = '1' WHERE vendor_id = '2';"
                "UPDATE document SET parent = '2' WHERE vendor_id = '65601'");
    rig_index(rig);
    const struct cs_search_result *result = rig_run(
        rig, (struct cs_search_request){.text = "restart", .snippets = true});
    assert_int_equal(result->n, 1);
    const struct cs_search_hit *hit = &result->hits[0];
    assert_string_equal(hit->id, "confluence:65601");
    assert_string_equal(hit->source, "confluence");
    assert_string_equal(hit->kind, "page");
    assert_string_equal(hit->status, "current");
    assert_string_equal(hit->title, "Runbook");
    assert_int_equal(hit->n_trail, 2);
    assert_string_equal(hit->trail[0], "Top");
    assert_string_equal(hit->trail[1], "Middle");
    assert_string_equal(hit->path, "confluence/ENG/Runbook.md");
    assert_string_equal(hit->url, "https://wiki.example/r");
    assert_string_equal(hit->space, "ENG");
    assert_string_equal(hit->author, "Ada Lovelace");
    assert_int_equal(hit->n_labels, 1);
    assert_string_equal(hit->labels[0], "ops");
    assert_int_equal(hit->updated, 7000);
    assert_true(hit->score > 0);
    assert_int_equal(hit->n_snippets, 1);
    assert_string_equal(hit->snippets[0].text, "Restart it.");
    assert_string_equal(hit->snippets[0].heading, "How");
    assert_string_equal(hit->anchor_url, "https://wiki.example/r#Runbook-How");
    assert_string_equal(result->expression, "restart");
    assert_int_equal(result->documents, 3);
    assert_true(result->generation > 0);
    assert_true(result->exact_total);
    assert_null(result->next_cursor);
}

static void test_similar(void **state)
{
    struct rig *rig = *state;
    struct cs_error err = CS_ERROR_INIT;
    rig_page(rig, "1", "Backups", "Nightly snapshots of the billing database");
    rig_page(rig, "2", "Restore", "Take the snapshots of billing database");
    rig_page(rig, "3", "Menu", "Soup of the day and a salad");
    rig_page(rig, "4", "Invoices", "The billing team writes them");
    rig_index(rig);
    struct cs_search_result *result CS_CLEANUP(cs_search_result_cleanup) = NULL;
    assert_ok(cs_search_similar(rig->index, 1, NULL, &result, &err), &err);
    assert_int_equal(result->n, 2);
    assert_string_equal(result->hits[0].id, "confluence:2");
    assert_string_equal(result->hits[1].id, "confluence:4");
    assert_int_equal(
        cs_search_similar(rig->index, 99, NULL, &rig->result, &err),
        CS_ERR_NOT_FOUND);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_words_and_phrases),
        TEST(test_families_and_the_very_word),
        TEST(test_stop_words_need_not_be_there),
        TEST(test_some_of_the_words),
        TEST(test_corrections),
        TEST(test_patterns),
        TEST(test_apart),
        TEST(test_many_words_begin_so),
        TEST(test_nothing_to_search_for),
        TEST(test_a_page_by_its_name),
        TEST(test_hit_has_all),
        TEST(test_similar),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
