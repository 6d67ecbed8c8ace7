/*
 * test_pack.c - what is kept compressed comes back, or is said to be damaged.
 */
#include "tests/lib/test.h"

#include "index/store/internal.h"
#include "tests/index/sample.h"

enum { TEXT_MAX = 100000 };

/* Some markup of `len` bytes. */
static void put_markup(struct cs_strbuf *out, size_t len)
{
    cs_strbuf_reset(out);
    for (unsigned i = 0; out->len < len; i++)
        cs_strbuf_printf(out, "<p>%u</p>", i * 7919U);
    cs_strbuf_truncate(out, len);
}

static enum cs_status unpack(const struct cs_strbuf *packed, size_t len,
                             struct cs_strbuf *out)
{
    struct cs_error err = CS_ERROR_INIT;
    return cs_unpack(packed->data, len, out, &err);
}

static struct cs_store *open_store(struct cs_index *index)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_store *store;
    assert_ok(cs_store_open(index, &store, &err), &err);
    return store;
}

static void pack(struct cs_store *store, const struct cs_strbuf *text,
                 struct cs_strbuf *packed)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_pack(store, text->data, text->len, packed, &err), &err);
}

static void test_it_comes_back(void **state)
{
    static const size_t lengths[] = {0, 1, 100, TEXT_MAX};
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = open_store(index);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * TEXT_MAX);
    struct cs_strbuf packed CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * TEXT_MAX);
    struct cs_strbuf back CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * TEXT_MAX);
    for (size_t i = 0; i < CS_ARRAY_LEN(lengths); i++) {
        cs_strbuf_puts(&text, "");
        put_markup(&text, lengths[i]);
        pack(store, &text, &packed);
        assert_int_equal(unpack(&packed, packed.len, &back), CS_OK);
        assert_int_equal(back.len, lengths[i]);
        assert_memory_equal(back.data, text.data, lengths[i]);
    }
    assert_true(packed.len < TEXT_MAX / 2);
}

/* Cut anywhere or with a byte changed it is damaged, or still the same: not all
 * bits of a header matter. */
static void test_damage_is_told(void **state)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = open_store(index);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(TEXT_MAX);
    struct cs_strbuf packed CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(TEXT_MAX);
    struct cs_strbuf back CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(TEXT_MAX);
    put_markup(&text, 3000);
    pack(store, &text, &packed);
    for (size_t len = 0; len < packed.len; len++)
        assert_int_equal(unpack(&packed, len, &back), CS_ERR_CORRUPT);
    size_t told = 0;
    for (size_t i = 0; i < packed.len; i++) {
        packed.data[i] ^= 0x20;
        enum cs_status status = unpack(&packed, packed.len, &back);
        assert_true(status == CS_OK || status == CS_ERR_CORRUPT ||
                    status == CS_ERR_LIMIT);
        told += status != CS_OK;
        packed.data[i] ^= 0x20;
    }
    assert_true(told > 0);
    assert_int_equal(unpack(&text, text.len, &back), CS_ERR_CORRUPT);
}

/* What is larger than its reader takes is refused before it is unpacked. */
static void test_a_limit_is_a_limit(void **state)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = open_store(index);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(TEXT_MAX);
    struct cs_strbuf packed CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(TEXT_MAX);
    struct cs_strbuf back CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(2000);
    struct cs_strbuf tight CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(10);
    struct cs_error err = CS_ERROR_INIT;
    put_markup(&text, 3000);
    pack(store, &text, &packed);
    assert_int_equal(unpack(&packed, packed.len, &back), CS_ERR_LIMIT);
    assert_int_equal(cs_pack(store, text.data, text.len, &tight, &err),
                     CS_ERR_LIMIT);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_it_comes_back),
        TEST(test_damage_is_told),
        TEST(test_a_limit_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
