/*
 * test_cloud_batch.c - how many texts are asked for at a time: fewer after a
 * failure, more again when all is well.
 */
#include "tests/connectors/cloud_tape.h"

#define IDS(n)                                                                 \
    V2 "/pages?body-format=storage&status=current&status=archived&limit=" n    \
       "&id="
#define BODY(id)                                                               \
    "{\"id\":\"" id "\",\"version\":{\"number\":1},\"body\":{\"storage\":"     \
    "{\"value\":\"<p>x</p>\"}}}"
#define WANT(number)                                                           \
    {                                                                          \
        .id = number, .version = 1, .aspects = CS_ASPECT_TEXT                  \
    }
#define PEOPLE                                                                 \
    {                                                                          \
        .uri = V2 "/users-bulk", .body = LIST("")                              \
    }

static void test_shrinks_and_grows(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        PEOPLE,
        {.uri = IDS("4") "1,2,3,4", .status = 502},
        {.uri = IDS("2") "1,2", .body = LIST(BODY("1") "," BODY("2"))},
        {.uri = IDS("2") "3,4", .status = 500},
        {.uri = IDS("1") "3", .body = LIST(BODY("3"))},
        {.uri = IDS("1") "4", .body = LIST(BODY("4"))},
        {.uri = IDS("*")},
    };
    static const struct cs_want four[] = {WANT("1"), WANT("2"), WANT("3"),
                                          WANT("4")};
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers) - 1);
    assert_ok(run_fetch(&tape, four, 4), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "document 1 1\nx\ndocument 2 1\nx\n"
                        "document 3 1\nx\ndocument 4 1\nx\n");
    /* The last thing that happened were two good answers to one id each. */
    static const struct cs_want rest[] = {WANT("5"), WANT("6"), WANT("7"),
                                          WANT("8"), WANT("9")};
    (void)run_fetch(&tape, rest, 5);
    assert_int_equal(canned_count(&tape.canned, "id=5,6,7,8,9"), 0);
    assert_int_equal(canned_count(&tape.canned, "id=5,6,7,8"), 1);
    close_tape(&tape);
}

static void test_grows_back_to_all(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        PEOPLE,
        {.uri = IDS("2") "1,2", .status = 500},
        {.uri = IDS("1") "1", .body = LIST(BODY("1"))},
        {.uri = IDS("1") "2", .body = LIST(BODY("2"))},
        {.uri = IDS("4") "*", .body = LIST(BODY("1"))},
    };
    static const struct cs_want two[] = {WANT("1"), WANT("2")};
    struct cs_want many[50];
    struct tape tape;
    for (size_t i = 0; i < CS_ARRAY_LEN(many); i++)
        many[i] = (struct cs_want)WANT("1");
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_fetch(&tape, two, 2), &tape.err);
    for (int i = 0; i < 6; i++)
        assert_ok(run_fetch(&tape, many, 4), &tape.err);
    (void)run_fetch(&tape, many, 50);
    assert_int_equal(canned_count(&tape.canned, "limit=50&"), 1);
    close_tape(&tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shrinks_and_grows),
        cmocka_unit_test(test_grows_back_to_all),
    };
    return cmocka_run_group_tests_name("cloud_batch", tests, NULL, NULL);
}
