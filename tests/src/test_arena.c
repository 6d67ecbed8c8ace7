/*
 * test_arena.c - alignment, zeroed memory, the ceiling, and starting anew.
 */
#include "tests/lib/test.h"

#include "src/arena.h"

static void test_memory_is_aligned_and_zero(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    for (size_t size = 0; size < 200; size++) {
        unsigned char *memory = cs_arena_alloc(arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
}

static void test_memory_is_zero_after_a_clear(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    for (int round = 0; round < 3; round++) {
        unsigned char *memory = cs_arena_alloc(arena, 5000);
        for (size_t i = 0; i < 5000; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, 5000);
        assert_int_equal(cs_arena_used(arena), 5000);
        cs_arena_clear(arena);
        assert_int_equal(cs_arena_used(arena), 0);
    }
}

static void test_blocks_do_not_overlap(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    char *blocks[500];
    (void)state;
    for (size_t i = 0; i < 500; i++) {
        blocks[i] = cs_arena_alloc(arena, i * 7 + 1);
        memset(blocks[i], (int)(i % 251), i * 7 + 1);
    }
    for (size_t i = 0; i < 500; i++)
        for (size_t n = 0; n < i * 7 + 1; n++)
            assert_int_equal((unsigned char)blocks[i][n], i % 251);
}

static void test_ceiling_is_sticky(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(1000);
    struct cs_error err = CS_ERROR_INIT;
    (void)state;
    assert_non_null(cs_arena_alloc(arena, 600));
    assert_int_equal(cs_arena_status(arena, &err), CS_OK);
    assert_null(cs_arena_alloc(arena, 600));
    assert_null(cs_arena_alloc(arena, 1));
    assert_null(cs_arena_strdup(arena, "x"));
    assert_null(cs_arena_printf(arena, "%d", 1));
    assert_int_equal(cs_arena_status(arena, &err), CS_ERR_LIMIT);
    cs_arena_clear(arena);
    assert_int_equal(cs_arena_status(arena, &err), CS_OK);
    assert_non_null(cs_arena_alloc(arena, 1000));
}

static void test_sizes_that_overflow(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    assert_null(cs_arena_array(arena, SIZE_MAX / 2, 3));
    assert_int_equal(cs_arena_status(arena, NULL), CS_ERR_LIMIT);
    cs_arena_clear(arena);
    assert_null(cs_arena_alloc(arena, SIZE_MAX));
    cs_arena_clear(arena);
    assert_non_null(cs_arena_array(arena, 0, 8));
}

static void test_strings(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    assert_string_equal(cs_arena_strdup(arena, "abc"), "abc");
    assert_string_equal(cs_arena_strndup(arena, "abc", 2), "ab");
    assert_string_equal(cs_arena_printf(arena, "%s-%d", "x", 5), "x-5");
    assert_null(cs_arena_strdup(arena, NULL));
    assert_null(cs_arena_strndup(arena, NULL, 3));
}

/* Larger than any chunk: gets memory of its own, and is not kept. */
static void test_huge_block(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    for (int round = 0; round < 2; round++) {
        char *huge = cs_arena_alloc(arena, (size_t)5 << 20);
        assert_non_null(huge);
        huge[((size_t)5 << 20) - 1] = 'x';
        assert_non_null(cs_arena_alloc(arena, 10));
        cs_arena_clear(arena);
    }
}

static void test_nothing_is_legal(void **state)
{
    (void)state;
    cs_arena_free(NULL);
    assert_null(cs_arena_alloc(NULL, 1));
    assert_int_equal(cs_arena_status(NULL, NULL), CS_ERR_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_aligned_and_zero),
        cmocka_unit_test(test_memory_is_zero_after_a_clear),
        cmocka_unit_test(test_blocks_do_not_overlap),
        cmocka_unit_test(test_ceiling_is_sticky),
        cmocka_unit_test(test_sizes_that_overflow),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_huge_block),
        cmocka_unit_test(test_nothing_is_legal),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
