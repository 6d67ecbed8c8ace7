/*
 * test_vector.c - vectors: their bytes, and their reader.
 */
#include "tests/lib/test.h"

#include "index/words/vector_block.h"
#include "tests/index/sample.h"

/* ---- counts in one byte ---- */

static void test_small_counts_are_exact(void **state)
{
    (void)state;
    for (unsigned n = 0; n <= 24; n++)
        assert_true(cs_vector_length(cs_vector_length_code(n)) == n);
}

static void test_a_code_is_near_its_counts_and_never_falls(void **state)
{
    uint8_t last = 0;
    (void)state;
    for (uint64_t n = 1; n < 16000000; n += 1 + n / 1000) {
        uint8_t code = cs_vector_length_code(n);
        double error = cs_vector_length(code) / (double)n - 1;
        assert_true(code >= last && code <= last + 1);
        assert_true(error < 0.0401 && error > -0.0401);
        assert_int_equal(
            cs_vector_length_code((uint64_t)cs_vector_length(code)), code);
        last = code;
    }
    assert_int_equal(cs_vector_length_code(UINT64_MAX), 255);
    assert_int_equal(cs_vector_length_code(1ULL << 40), 255);
}

static void test_labels_that_say_so(void **state)
{
    (void)state;
    assert_true(cs_vector_is_deprecated("deprecated"));
    assert_true(cs_vector_is_deprecated("Deprecated"));
    assert_true(cs_vector_is_deprecated("veraltet"));
    assert_false(cs_vector_is_deprecated("deprecated-soon"));
    assert_false(cs_vector_is_deprecated(""));
}

/* ---- the reader ---- */

static struct cs_vectors *open_reader(struct cs_index *index)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_vectors *vectors;
    assert_ok(cs_vectors_open(cs_index_db(index), &vectors, &err), &err);
    return vectors;
}

static void put_vector(struct cs_index *index, int64_t document, uint8_t title)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_vector_block block;
    int64_t number = cs_vector_block_of(document);
    struct cs_db *db = cs_index_db(index);
    assert_ok(cs_vector_block_read(db, number, &block, &err), &err);
    block.vectors[cs_vector_place(document)] =
        (struct cs_vector){.flags = CS_VECTOR_PRESENT, .len = {title}};
    block.facts[cs_vector_place(document)] =
        (struct cs_vector_facts){.generation = title, .minute = 1439};
    assert_ok(cs_vector_block_write(db, number, &block, &err), &err);
}

static const int64_t far_apart[] = {
    INT64_MIN,    -1025,         -1,       1, 1023, 1024, 70000,
    123456789012, 1234567890123, INT64_MAX};

static void test_any_row_may_have_one(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    for (size_t i = 0; i < CS_ARRAY_LEN(far_apart); i++)
        put_vector(index, far_apart[i], (uint8_t)(i + 1));
    struct cs_vectors *vectors CS_CLEANUP(cs_vectors_cleanup) =
        open_reader(index);
    for (size_t i = CS_ARRAY_LEN(far_apart); i-- > 0;) {
        const struct cs_vector *vector = cs_vectors_get(vectors, far_apart[i]);
        assert_non_null(vector);
        assert_int_equal(vector->len[0], i + 1);
        assert_int_equal(cs_vectors_get(vectors, far_apart[i])->len[0], i + 1);
        assert_int_equal(cs_vectors_facts(vectors, far_apart[i])->generation,
                         i + 1);
    }
    assert_null(cs_vectors_get(vectors, 0));
    assert_null(cs_vectors_get(vectors, 2));
    assert_null(cs_vectors_get(vectors, 5000));
    assert_null(cs_vectors_get(vectors, 99999999));
    assert_null(cs_vectors_get(vectors, INT64_MAX - 2000));
    assert_int_equal(cs_vectors_status(vectors, &err), CS_OK);
}

struct seen {
    size_t n, most;
};

static bool see(void *payload, int64_t document, const struct cs_vector *vector)
{
    struct seen *seen = payload;
    assert_int_equal(document, far_apart[seen->n]);
    assert_int_equal(vector->len[0], seen->n + 1);
    return ++seen->n < seen->most;
}

static void test_all_are_visited_in_order(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    for (size_t i = CS_ARRAY_LEN(far_apart); i-- > 0;)
        put_vector(index, far_apart[i], (uint8_t)(i + 1));
    struct cs_vectors *vectors CS_CLEANUP(cs_vectors_cleanup) =
        open_reader(index);
    struct seen seen = {0, 1000};
    assert_ok(cs_vectors_each(vectors, see, &seen, &err), &err);
    assert_int_equal(seen.n, CS_ARRAY_LEN(far_apart));
    seen = (struct seen){0, 3};
    assert_ok(cs_vectors_each(vectors, see, &seen, &err), &err);
    assert_int_equal(seen.n, 3);
}

/* Rows are stepped through where documents are asked for in order, and the
 * first of a block is taken alone; whatever the order, the answers are the
 * same. */
static void test_any_order_will_do(void **state)
{
    static const int held[] = {0, 1, 2, 5, 6, 20, 21, 24};
    static const int orders[][10] = {
        {0, 1, 2, 3, 4, 5, 6, 20, 21, 24},
        {24, 21, 20, 6, 5, 4, 3, 2, 1, 0},
        {0, 2, 1, 6, 5, 3, 24, 21, 4, 20},
        {0, 4, 5, 3, 19, 22, 23, 24, 25, 1},
        {2, 4, 6, 8, 10, 20, 22, 24, 26, 0},
    };
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    for (size_t i = 0; i < CS_ARRAY_LEN(held); i++)
        for (int place = 0; place < 2; place++)
            put_vector(index, held[i] * CS_VECTOR_BLOCK + place,
                       (uint8_t)(held[i] + 1 + place));
    for (size_t i = 0; i < CS_ARRAY_LEN(orders); i++) {
        struct cs_vectors *vectors CS_CLEANUP(cs_vectors_cleanup) =
            open_reader(index);
        for (size_t k = 0; k < CS_ARRAY_LEN(orders[i]); k++) {
            int block = orders[i][k];
            bool here = false;
            for (size_t h = 0; h < CS_ARRAY_LEN(held); h++)
                here |= held[h] == block;
            for (int ask = 0; ask < 4; ask++) {
                const struct cs_vector *vector = cs_vectors_get(
                    vectors, (int64_t)block * CS_VECTOR_BLOCK + ask % 2);
                assert_int_equal(vector ? vector->len[0] : 0,
                                 here ? block + 1 + ask % 2 : 0);
            }
        }
        assert_int_equal(cs_vectors_status(vectors, &err), CS_OK);
    }
}

static void test_a_failure_is_kept(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    put_vector(index, 1, 1);
    sample_exec(index, "INSERT INTO vector VALUES(2, x'0102')");
    struct cs_vectors *vectors CS_CLEANUP(cs_vectors_cleanup) =
        open_reader(index);
    const struct cs_vector *first = cs_vectors_get(vectors, 1);
    assert_ptr_not_equal(cs_vectors_get(vectors, 1), first); /* in its block */
    assert_null(cs_vectors_get(vectors, 2 * CS_VECTOR_BLOCK));
    assert_int_equal(cs_vectors_status(vectors, &err), CS_ERR_CORRUPT);
    assert_null(cs_vectors_get(vectors, CS_VECTOR_BLOCK));
    assert_int_equal(cs_vectors_status(vectors, &err), CS_ERR_CORRUPT);
    assert_int_equal(cs_vectors_get(vectors, 1)->len[0], first->len[0]);
    assert_int_equal(first->len[0], 1); /* what is loaded stays */
}

/* Facts that cannot be read are zeros, and the failure is told. */
static void test_facts_may_fail_alone(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    put_vector(index, 1, 1);
    put_vector(index, CS_VECTOR_BLOCK, 2);
    sample_exec(index, "UPDATE vector_facts SET docs = x'01' WHERE block = 1");
    struct cs_vectors *vectors CS_CLEANUP(cs_vectors_cleanup) =
        open_reader(index);
    assert_int_equal(cs_vectors_updated(vectors, 1, cs_vectors_get(vectors, 1)),
                     1439);
    assert_non_null(cs_vectors_get(vectors, CS_VECTOR_BLOCK));
    assert_int_equal(cs_vectors_facts(vectors, CS_VECTOR_BLOCK)->generation, 0);
    assert_int_equal(cs_vectors_status(vectors, &err), CS_ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_counts_are_exact),
        cmocka_unit_test(test_a_code_is_near_its_counts_and_never_falls),
        cmocka_unit_test(test_labels_that_say_so),
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)
        TEST(test_any_row_may_have_one),
        TEST(test_all_are_visited_in_order),
        TEST(test_any_order_will_do),
        TEST(test_a_failure_is_kept),
        TEST(test_facts_may_fail_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
