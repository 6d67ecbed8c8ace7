/*
 * test_lexicon.c - the lexicon against a naive map of terms, through random
 * batches; chunks and runs that are damaged.
 */
#include "tests/lib/test.h"

#include "index/words/chunk.h"
#include "index/words/lexicon.h"
#include "index/words/runs.h"
#include "tests/index/lexicon_sample.h"
#include "tests/lib/sandbox.h"

enum { VOCABULARY = 3000, DOCUMENTS = 120, WORDS = 60 };

/* What the lexicon should be: a df for each number of a term. */
struct model {
    struct cs_db *db;
    struct cs_tally *tally;
    int64_t df[VOCABULARY];
    unsigned words[DOCUMENTS][WORDS];
    bool there[DOCUMENTS];
    unsigned random;
};

static unsigned next_random(struct model *m, unsigned below)
{
    m->random = m->random * 1664525u + 1013904223u;
    return (m->random >> 8) % below;
}

/* Terms of all lengths, of which some are the beginning of others. */
static void name_of(unsigned i, char term[64])
{
    (void)snprintf(term, 64, "%.*s%x", (int)(i % 7), "prefixq", i * 37);
}

static void count_document(struct model *m, unsigned document, int sign)
{
    bool seen[VOCABULARY] = {false};
    cs_tally_document(m->tally, sign);
    for (size_t i = 0; i < WORDS; i++) {
        char term[64];
        unsigned word = m->words[document][i];
        name_of(word, term);
        cs_tally_add(m->tally, term, strlen(term));
        if (!seen[word])
            m->df[word] += sign;
        seen[word] = true;
    }
    m->there[document] = sign > 0;
}

static void change_document(struct model *m, unsigned document)
{
    bool was_there = m->there[document];
    if (was_there)
        count_document(m, document, -1);
    if (was_there && next_random(m, 3) == 0)
        return;
    unsigned from = next_random(m, VOCABULARY);
    for (size_t i = 0; i < WORDS; i++)
        if (!was_there || next_random(m, 4) == 0)
            m->words[document][i] =
                i % 3 ? next_random(m, VOCABULARY)
                      : (from + (unsigned)i) % VOCABULARY % 40;
    count_document(m, document, 1);
}

struct walked {
    size_t n;
    char last[64];
    bool in_order;
};

static bool visit(void *payload, const char *term, size_t len, int64_t df)
{
    struct walked *w = payload;
    w->in_order = w->in_order && df > 0 &&
                  cs_term_compare(w->last, strlen(w->last), term, len) < 0;
    memcpy(w->last, term, len);
    w->last[len] = '\0';
    w->n++;
    return true;
}

static void compare(const struct model *m)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    struct walked all = {.in_order = true};
    size_t there = 0;
    assert_ok(cs_lexicon_open(m->db, &lexicon, &err), &err);
    for (unsigned i = 0; i < VOCABULARY; i++) {
        char term[64];
        int64_t df = -1;
        name_of(i, term);
        assert_ok(cs_lexicon_df(lexicon, term, strlen(term), &df, &err), &err);
        assert_int_equal(df, m->df[i]);
        there += df > 0;
    }
    assert_ok(cs_lexicon_walk(lexicon, "", 0, visit, &all, &err), &err);
    assert_true(all.in_order);
    assert_int_equal(all.n, there);
}

static int64_t rows(struct cs_db *db, const char *sql)
{
    struct cs_error err = CS_ERROR_INIT;
    int64_t n = 0;
    assert_ok(cs_db_int(db, &n, &err, sql, ""), &err);
    return n;
}

static void random_batch(struct model *m)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_begin(m->db, &err), &err);
    for (unsigned n = 1 + next_random(m, 8); n > 0; n--)
        change_document(m, next_random(m, DOCUMENTS));
    assert_ok(cs_lexicon_write(m->db, m->tally, &err), &err);
    assert_true(cs_tally_is_empty(m->tally));
    if (next_random(m, 12) == 0)
        assert_ok(cs_lexicon_fold(m->db, next_random(m, 2) * 20, &err), &err);
    assert_ok(cs_db_commit(m->db, &err), &err);
}

static void test_equals_a_map_through_random_batches(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct sandbox *box = *state;
    static struct model m;
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/lexicon.db", box->root);
    m = (struct model){.tally = cs_tally_new(), .random = 11};
    m.db = lexicon_sample_open(path);
    for (unsigned step = 0; step < 150; step++) {
        random_batch(&m);
        if (step % 5 == 0)
            compare(&m);
        if (step % 40 == 0) { /* from another connection */
            cs_db_close(m.db);
            assert_ok(cs_db_open(path, CS_DB_WRITE, &m.db, &err), &err);
            compare(&m);
        }
    }
    assert_ok(cs_lexicon_fold(m.db, 0, &err), &err);
    compare(&m);
    assert_int_equal(rows(m.db, "SELECT count(*) FROM lexicon_delta"), 0);
    for (unsigned i = 0; i < DOCUMENTS; i++)
        if (m.there[i])
            count_document(&m, i, -1);
    assert_ok(cs_lexicon_write(m.db, m.tally, &err), &err);
    assert_ok(cs_lexicon_fold(m.db, 0, &err), &err);
    compare(&m);
    assert_int_equal(rows(m.db, "SELECT count(*) FROM lexicon"), 0);
    cs_tally_free(m.tally);
    cs_db_close(m.db);
}

static void test_what_comes_and_goes_leaves_nothing(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_tally *tally CS_CLEANUP(cs_tally_cleanup) = cs_tally_new();
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) =
        lexicon_sample_open(":memory:");
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        cs_tally_document(tally, sign);
        cs_tally_add(tally, "same", 4);
        cs_tally_add(tally, "same", 4);
        cs_tally_add(tally, sign > 0 ? "new" : "old", 3);
    }
    const struct cs_tally_change *changes = NULL;
    size_t n = 0;
    assert_ok(cs_tally_changes(tally, &changes, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_memory_equal(changes[0].term, "new", 3);
    assert_int_equal(changes[0].df, 1);
    assert_int_equal(changes[1].df, -1);
    cs_tally_clear(tally);
    assert_true(cs_tally_is_empty(tally));
    assert_ok(cs_lexicon_write(db, tally, &err), &err);
    assert_int_equal(rows(db, "SELECT count(*) FROM lexicon_delta"), 0);
}

static void test_runs_of_a_tier_become_one(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_tally *tally CS_CLEANUP(cs_tally_cleanup) = cs_tally_new();
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) =
        lexicon_sample_open(":memory:");
    (void)state;
    for (int i = 0; i < 8 * 8 + 3; i++) {
        cs_tally_document(tally, 1);
        cs_tally_add(tally, "deploy", 6);
        assert_ok(cs_lexicon_write(db, tally, &err), &err);
    }
    assert_int_equal(rows(db, "SELECT count(*) FROM lexicon_delta"), 4);
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    int64_t df = 0;
    assert_ok(cs_lexicon_open(db, &lexicon, &err), &err);
    assert_ok(cs_lexicon_df(lexicon, "deploy", 6, &df, &err), &err);
    assert_int_equal(df, 67);
    assert_ok(cs_lexicon_df(lexicon, "deplo", 5, &df, &err), &err);
    assert_int_equal(df, 0);
}

/* A run may say that a term left more documents than it stands in. */
static void test_below_zero_is_left_out(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_tally *tally CS_CLEANUP(cs_tally_cleanup) = cs_tally_new();
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) =
        lexicon_sample_open(":memory:");
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    int64_t df = 7;
    (void)state;
    cs_tally_document(tally, 1);
    cs_tally_add(tally, "held", 4);
    cs_tally_document(tally, -1);
    cs_tally_add(tally, "never", 5);
    assert_ok(cs_lexicon_write(db, tally, &err), &err);
    assert_ok(cs_lexicon_fold(db, 0, &err), &err);
    assert_int_equal(rows(db, "SELECT count(*) FROM lexicon_delta"), 0);
    assert_ok(cs_lexicon_open(db, &lexicon, &err), &err);
    assert_ok(cs_lexicon_df(lexicon, "never", 5, &df, &err), &err);
    assert_int_equal(df, 0);
    assert_ok(cs_lexicon_df(lexicon, "held", 4, &df, &err), &err);
    assert_int_equal(df, 1);
}

static bool count_bytes(void *payload, const char *terms, size_t len)
{
    size_t *sum = payload;
    assert_true(len > 0 && terms[len - 1] == '\n');
    *sum += len;
    return true;
}

static bool want_p(void *payload, const char *shared, size_t len)
{
    (void)payload;
    return len == 0 || shared[0] == 'p';
}

static void test_rows_fit_a_page_and_are_passed_by(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_tally *tally CS_CLEANUP(cs_tally_cleanup) = cs_tally_new();
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) =
        lexicon_sample_open(":memory:");
    size_t all = 0, some = 0;
    (void)state;
    cs_tally_document(tally, 1);
    for (int i = 0; i < 40000; i++) {
        char term[32];
        int len = snprintf(term, sizeof(term), "%c%d", 'a' + i % 26, i);
        cs_tally_add(tally, term, (size_t)len);
    }
    assert_ok(cs_lexicon_write(db, tally, &err), &err);
    assert_ok(cs_lexicon_fold(db, 0, &err), &err);
    assert_true(rows(db, "SELECT max(length(first) + length(terms))"
                         " FROM lexicon") < 4040);
    assert_true(rows(db, "SELECT min(length(terms)) FROM"
                         " (SELECT terms FROM lexicon ORDER BY id"
                         "  LIMIT (SELECT count(*) - 1 FROM lexicon))") > 3900);
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    assert_ok(cs_lexicon_open(db, &lexicon, &err), &err);
    assert_ok(cs_lexicon_chunks(lexicon, count_bytes, &all, &err), &err);
    assert_ok(cs_lexicon_some(lexicon, want_p, count_bytes, &some, &err), &err);
    assert_true(some > 0 && some < all / 2);
}

/* Every prefix and every changed byte of a chunk: read, or refused. */
static void test_damaged_chunks_are_refused_or_read(void **state)
{
    static struct cs_chunk_writer writer;
    struct cs_strbuf good CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        char term[16];
        int len = snprintf(term, sizeof(term), "term%02u", i);
        assert_true(cs_chunk_add(&writer, term, (size_t)len,
                                 (int64_t)i * i * i * i * (i % 2 ? 1 : -1)));
    }
    cs_chunk_end(&writer, &good);
    for (size_t at = 0; at < good.len; at++)
        for (int change = 0; change < 256; change += 15) {
            size_t len = change ? good.len : at; /* 0: cut it there */
            uint8_t *bytes = malloc(len + 1);
            struct cs_chunk chunk;
            memcpy(bytes, good.data, len);
            if (change)
                bytes[at] ^= (uint8_t)change;
            struct cs_chunk_cursor cursor;
            bool more = true;
            int64_t df;
            if (cs_chunk_open(bytes, len, &chunk)) {
                cs_chunk_seek(&chunk, "term07", 6, &cursor);
                while (more && cs_chunk_next(&cursor, &more))
                    assert_true(!more || cursor.len > 0);
                (void)cs_chunk_find(&chunk, "term11", 6, &df, &more);
            }
            if (cs_chunk_open_terms(bytes, len, &chunk)) {
                assert_true(chunk.len > 0);
                assert_int_equal(chunk.terms[chunk.len - 1], '\n');
            }
            free(bytes);
        }
}

static void test_damaged_rows_are_corrupt(void **state)
{
    static const char *const damages[] = {
        "UPDATE lexicon SET terms = x''",
        "UPDATE lexicon SET terms = x'0461620a0a02'",
        "UPDATE lexicon SET terms = substr(terms, 1, 10)",
        "UPDATE lexicon_delta SET terms = x'ff'",
        "UPDATE lexicon_delta SET terms = substr(terms, 3)",
        "UPDATE lexicon_delta SET terms = x'0704620a610a0202'",
    };
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(damages); i++) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_db *db CS_CLEANUP(cs_db_cleanup) =
            lexicon_sample_open(":memory:");
        lexicon_sample_add(db, "alpha", 3);
        lexicon_sample_add(db, "beta", 2);
        assert_ok(cs_lexicon_fold(db, 0, &err), &err);
        lexicon_sample_add(db, "gamma", 1);
        assert_ok(cs_db_exec(db, damages[i], &err), &err);
        struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
        struct walked all = {.in_order = true};
        assert_ok(cs_lexicon_open(db, &lexicon, &err), &err);
        assert_int_equal(cs_lexicon_walk(lexicon, "", 0, visit, &all, &err),
                         CS_ERR_CORRUPT);
        assert_int_equal(cs_lexicon_fold(db, 0, &err), CS_ERR_CORRUPT);
    }
}

struct difference {
    char text[256];
};

static bool note(void *payload, const char *term, size_t len, int64_t df,
                 int64_t fts_df)
{
    struct difference *d = payload;
    size_t at = strlen(d->text);
    (void)snprintf(d->text + at, sizeof(d->text) - at, "%.*s %d/%d;", (int)len,
                   term, (int)df, (int)fts_df);
    return true;
}

static void test_built_from_and_compared_with_the_index(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) =
        lexicon_sample_open(":memory:");
    struct difference d = {""};
    (void)state;
    assert_ok(cs_db_exec(db,
                         "CREATE VIRTUAL TABLE t USING fts5(a, b);"
                         "INSERT INTO t VALUES('alpha beta beta', 'alpha'),"
                         "('alpha', 'delta')",
                         &err),
              &err);
    lexicon_sample_add(db, "junk", 3);
    assert_ok(cs_lexicon_build(db, "t", &err), &err);
    assert_ok(cs_lexicon_compare(db, "t", note, &d, &err), &err);
    assert_string_equal(d.text, "");
    lexicon_sample_add(db, "alpha", 1);
    lexicon_sample_add(db, "delta", -1);
    lexicon_sample_add(db, "zeta", 2);
    assert_ok(cs_lexicon_compare(db, "t", note, &d, &err), &err);
    assert_string_equal(d.text, "alpha 3/2;delta 0/1;zeta 2/0;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_equals_a_map_through_random_batches, sandbox_setup,
            sandbox_teardown),
        cmocka_unit_test(test_what_comes_and_goes_leaves_nothing),
        cmocka_unit_test(test_runs_of_a_tier_become_one),
        cmocka_unit_test(test_below_zero_is_left_out),
        cmocka_unit_test(test_rows_fit_a_page_and_are_passed_by),
        cmocka_unit_test(test_damaged_chunks_are_refused_or_read),
        cmocka_unit_test(test_damaged_rows_are_corrupt),
        cmocka_unit_test(test_built_from_and_compared_with_the_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
