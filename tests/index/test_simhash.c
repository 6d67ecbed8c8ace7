/*
 * test_simhash.c - fingerprints: what changes them little, and what a lot; and
 * groups of texts that are near.
 */
#include "tests/lib/test.h"

#include "index/words/fingerprint.h"
#include "index/words/simhash.h"
#include "tests/index/sample.h"

enum { WORDS = 1000 };

/* Words that nobody wrote: `seed` gives others, `skip` leaves that one out. */
static const char *make_text(struct cs_strbuf *out, unsigned seed, int skip)
{
    uint64_t state = seed;
    cs_strbuf_reset(out);
    for (int i = 0; i < WORDS; i++) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        if (i != skip)
            cs_strbuf_printf(out, "w%llu ",
                             (unsigned long long)(state >> 33) % 5000);
    }
    return out->data;
}

static uint64_t simhash_of(const char *text)
{
    uint64_t value = 0;
    assert_true(cs_simhash(text, strlen(text), &value));
    return value;
}

static void test_short_texts_have_none(void **state)
{
    uint64_t value = 7;
    const char *few = "a b c d e f g h i j k l m n o p q r s";
    (void)state;
    assert_false(cs_simhash("", 0, &value));
    assert_false(cs_simhash(few, strlen(few), &value));
    assert_int_equal(value, 7);
    assert_true(
        cs_simhash("a b c d e f g h i j k l m n o p q r s t", 39, &value));
}

static void test_the_same_words_are_the_same(void **state)
{
    (void)state;
    assert_int_equal(
        simhash_of("The pump is off. Turn it on again, then wait for a minute"
                   " and look whether the light is green. Call Ada if not."),
        simhash_of("the PUMP is off; turn it on, again!\n\nThen wait for a"
                   " minute and look\nwhether the light is green: call ada"
                   " if not"));
}

static void test_the_bits_stay_what_they_are(void **state)
{
    (void)state;
    assert_true(simhash_of("a b c d e f g h i j k l m n o p q r s t u v") ==
                0x2016810d8004ac41);
}

static void test_a_word_less_is_near_and_another_text_is_not(void **state)
{
    struct cs_strbuf one CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_strbuf two CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    unsigned near = 0;
    (void)state;
    for (unsigned i = 1; i <= 100; i++) {
        uint64_t whole = simhash_of(make_text(&one, i, -1));
        near += cs_simhash_near(whole,
                                simhash_of(make_text(&two, i, (int)(3 * i))));
        assert_true(cs_simhash_distance(
                        whole, simhash_of(make_text(&two, i + 100, -1))) > 10);
    }
    assert_true(near >= 85);
}

static void test_near_is_three_bits(void **state)
{
    (void)state;
    assert_true(cs_simhash_near(0, 0));
    assert_true(cs_simhash_near(0x7, 0));
    assert_true(cs_simhash_near(UINT64_MAX, UINT64_MAX ^ 0x8000000100000001));
    assert_false(cs_simhash_near(0xf, 0));
    assert_int_equal(cs_simhash_distance(0, UINT64_MAX), 64);
}

/* ---- groups ---- */

static enum cs_status put_group(void *payload,
                                const struct cs_fingerprint_group *group,
                                struct cs_error *err)
{
    struct cs_strbuf *out = payload;
    (void)err;
    for (size_t i = 0; i < group->n; i++)
        cs_strbuf_printf(out, "%s%lld", i ? " " : "",
                         (long long)group->documents[i]);
    cs_strbuf_putc(out, '\n');
    return CS_OK;
}

static struct cs_db *open_fingerprints(void)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db;
    assert_ok(cs_db_open(":memory:", CS_DB_WRITE, &db, &err), &err);
    assert_ok(cs_db_exec(db,
                         "CREATE TABLE fingerprint(document INTEGER PRIMARY"
                         " KEY, simhash INTEGER NOT NULL) STRICT",
                         &err),
              &err);
    return db;
}

static void put_simhash(struct cs_db *db, int64_t document, uint64_t simhash)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_run(db, &err, "INSERT INTO fingerprint VALUES(?,?)", "ii",
                        document, (int64_t)simhash),
              &err);
}

static const char *groups(struct cs_db *db, struct cs_strbuf *out)
{
    struct cs_error err = CS_ERROR_INIT;
    cs_strbuf_reset(out);
    cs_strbuf_puts(out, "");
    assert_ok(cs_fingerprint_groups(db, put_group, out, &err), &err);
    return out->data;
}

static void test_groups(void **state)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) = open_fingerprints();
    (void)state;
    assert_string_equal(groups(db, &out), "");
    put_simhash(db, 5, 0);
    assert_string_equal(groups(db, &out), "");
    put_simhash(db, 9, 0xff00ff00ff00ff00);
    put_simhash(db, 2, 0x8000000100010000); /* three from 5 */
    put_simhash(db, 3, 0x8000000100010007); /* three from 2, six from 5 */
    put_simhash(db, 7, 0xff00ff00ff00ff00);
    put_simhash(db, 8, 0xff00ff00ff00ff00);
    put_simhash(db, 4, 0x00f0000000000000);
    assert_string_equal(groups(db, &out), "2 3 5\n7 8 9\n");
}

/* What banding finds is what comparing each with each finds. */
static void test_nothing_near_is_overlooked(void **state)
{
    enum { N = 400 };
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) = open_fingerprints();
    uint64_t all[N], seed = 42;
    size_t group[N], pairs = 0;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        all[i] = i % 4 ? all[i - 1] : seed ^ seed << 29;
        for (uint64_t bits = (seed >> 40) % 6; i % 4 && bits; bits--)
            all[i] ^= 1ULL << ((seed >> 7 * bits) % 64);
        group[i] = i;
        put_simhash(db, (int64_t)i, all[i]);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            if (cs_simhash_near(all[i], all[j]) && group[i] != group[j]) {
                size_t from = group[i], to = group[j];
                pairs++;
                for (size_t k = 0; k < N; k++)
                    if (group[k] == from)
                        group[k] = to;
            }
    assert_true(pairs > 50);
    size_t joined = 0;
    for (const char *at = groups(db, &out); *at; at++)
        joined += *at == ' ';
    assert_int_equal(joined, pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_texts_have_none),
        cmocka_unit_test(test_the_same_words_are_the_same),
        cmocka_unit_test(test_the_bits_stay_what_they_are),
        cmocka_unit_test(test_a_word_less_is_near_and_another_text_is_not),
        cmocka_unit_test(test_near_is_three_bits),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_nothing_near_is_overlooked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
