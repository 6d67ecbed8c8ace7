/*
 * test_window.c - entries by their place behind the first document.
 */
#include "tests/lib/test.h"

#include "index/search/window.h"

#include <stdlib.h>

static const int64_t first = 1000;
static const size_t places[] = {0, 1, 63, 64, 65, 300, CS_WINDOW - 1};

static void touch(struct cs_window *window, size_t place)
{
    struct cs_board_entry *entry =
        cs_window_at(window, window->first + (int64_t)place);
    assert_int_equal(entry->state, CS_BOARD_NEW);
    assert_int_equal(entry->mask, 0);
    entry->state = CS_BOARD_IN;
    entry->mask = place + 1;
}

static bool see(void *payload, int64_t document, struct cs_board_entry *entry)
{
    size_t *n = payload;
    assert_int_equal(document, first + (int64_t)places[*n]);
    assert_int_equal(entry->mask, places[*n] + 1);
    return ++*n != 5;
}

static void test_edges(void **state)
{
    struct cs_window *window = cs_window_new();
    (void)state;
    cs_window_move(window, first);
    assert_false(cs_window_has(window, 0)); /* there are no more */
    assert_false(cs_window_has(window, first - 1));
    assert_true(cs_window_has(window, first));
    assert_true(cs_window_has(window, first + CS_WINDOW - 1));
    assert_false(cs_window_has(window, first + CS_WINDOW));
    assert_false(cs_window_has(window, INT64_MAX));
    free(window);
}

static void test_in_order_and_ended(void **state)
{
    struct cs_window *window = cs_window_new();
    size_t n = 0;
    (void)state;
    cs_window_move(window, first);
    for (size_t i = CS_ARRAY_LEN(places); i-- > 0;)
        touch(window, places[i]);
    assert_false(cs_window_each(window, see, &n));
    assert_int_equal(n, 5);
    cs_window_at(window, first)->mask++;
    assert_int_equal(cs_window_at(window, first)->mask, 2);
    free(window);
}

/* Nothing is left of where the window stood before. */
static void test_moved(void **state)
{
    struct cs_window *window = cs_window_new();
    size_t n = 0;
    (void)state;
    cs_window_move(window, INT64_MAX - 100);
    for (size_t i = 0; i < 4; i++)
        touch(window, places[i]);
    assert_true(cs_window_has(window, INT64_MAX));
    cs_window_move(window, first);
    assert_true(cs_window_each(window, see, &n));
    assert_int_equal(n, 0);
    for (size_t i = 0; i < 4; i++)
        touch(window, places[i]);
    assert_true(cs_window_each(window, see, &n));
    assert_int_equal(n, 4);
    free(window);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_in_order_and_ended),
        cmocka_unit_test(test_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
