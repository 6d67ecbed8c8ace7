/*
 * test_board.c - entries by row id, and their positions.
 */
#include "tests/lib/test.h"

#include "index/search/board.h"

static struct cs_board *new_board(void)
{
    struct cs_board *board = cs_board_new();
    assert_non_null(board);
    return board;
}

static const int64_t rows[] = {0, 1, 15, 16, 17, 300, 99999, 100000};

static void touch_all(struct cs_board *board)
{
    for (size_t i = CS_ARRAY_LEN(rows); i-- > 0;) {
        struct cs_board_entry *entry = cs_board_at(board, rows[i]);
        assert_non_null(entry);
        assert_int_equal(entry->state, CS_BOARD_NEW);
        entry->state = CS_BOARD_IN;
        entry->mask = i + 1;
    }
}

static void test_entries_stay(void **state)
{
    struct cs_board *board CS_CLEANUP(cs_board_cleanup) = new_board();
    (void)state;
    assert_null(cs_board_find(board, 1));
    touch_all(board);
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_board_entry *entry = cs_board_find(board, rows[i]);
        assert_non_null(entry);
        assert_int_equal(entry->mask, i + 1);
        assert_ptr_equal(cs_board_at(board, rows[i]), entry);
    }
    assert_null(cs_board_find(board, 2));
    assert_null(cs_board_find(board, 12345678));
    assert_null(cs_board_find(board, -1));
    assert_null(cs_board_find(board, INT64_MIN));
    assert_null(cs_board_at(board, -1));
    assert_null(cs_board_at(board, INT64_MAX));
}

static bool see(void *payload, int64_t document, struct cs_board_entry *entry)
{
    size_t *n = payload;
    assert_int_equal(document, rows[*n]);
    assert_int_equal(entry->mask, *n + 1);
    return ++*n < 5;
}

static void test_all_in_order(void **state)
{
    struct cs_board *board CS_CLEANUP(cs_board_cleanup) = new_board();
    size_t n = 0;
    (void)state;
    touch_all(board);
    (void)cs_board_at(board, 40); /* made, and not looked at */
    cs_board_each(board, see, &n);
    assert_int_equal(n, 5);
    cs_board_clear(board);
    n = 0;
    cs_board_each(board, see, &n);
    assert_int_equal(n, 0);
    touch_all(board);
    cs_board_each(board, see, &n);
    assert_int_equal(n, 5);
}

static void test_positions(void **state)
{
    struct cs_board *board CS_CLEANUP(cs_board_cleanup) = new_board();
    struct cs_board_entry *entry = cs_board_at(board, 7);
    (void)state;
    assert_non_null(entry);
    assert_int_equal(entry->places, 0);
    for (uint32_t phrase = 0; phrase < 2; phrase++) {
        cs_board_begin(board, 3, phrase);
        for (uint32_t i = 0; i < 5000; i++)
            cs_board_add(board, CS_PLACE(phrase, i));
        cs_board_end(board, entry);
    }
    struct cs_board_record record = cs_board_record(board, entry->places);
    assert_int_equal(record.group, 3);
    assert_int_equal(record.phrase, 1);
    assert_int_equal(record.n, 5000);
    assert_int_equal(CS_PLACE_TOKEN(record.places[4999]), 4999);
    assert_int_equal(CS_PLACE_FIELD(record.places[0]), 1);
    record = cs_board_record(board, record.older);
    assert_int_equal(record.phrase, 0);
    assert_int_equal(record.older, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_stay),
        cmocka_unit_test(test_all_in_order),
        cmocka_unit_test(test_positions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
