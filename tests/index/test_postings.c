/*
 * test_postings.c - what is read of FTS5's tables is what FTS5 says.
 *
 * Small leaves, so that doclists and lists of places lie on many of them; many
 * segments, so that the newest must be taken; and then every byte damaged.
 */
#include "tests/lib/test.h"

#include "index/fulltext.h"
#include "index/search/postings.h"
#include "index/words/fts.h"

enum { DOCUMENTS = 300, ROUNDS = 12 };

static const char *const words[] = {"alpha",    "beta", "gamma", "delta",
                                    "alphabet", "al",   "omega", "rare"};

/* Numbers that look random; the same in each run (Vigna's splitmix64). */
static uint64_t test_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int setup(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    *state = NULL;
    if (cs_db_open(":memory:", CS_DB_WRITE, &db, &err) ||
        cs_fts_register(db, &err) ||
        cs_db_exec(db,
                   "CREATE VIRTUAL TABLE fts USING fts5(" CS_FULLTEXT_COLUMNS
                   ", tokenize='cs');"
                   "INSERT INTO fts(fts, rank) VALUES('pgsz', 64);"
                   "INSERT INTO fts(fts, rank) VALUES('automerge', 0);"
                   "INSERT INTO fts(fts, rank) VALUES('crisismerge', 1999);"
                   "CREATE VIRTUAL TABLE seen USING"
                   " fts5vocab(fts, 'instance')",
                   &err))
        return -1;
    *state = db;
    return 0;
}

static int teardown(void **state)
{
    cs_db_close(*state);
    return 0;
}

static void put_words(struct cs_strbuf *out, uint64_t *seed, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t roll = test_random(seed) % 100;
        size_t word = roll < 70   ? 0
                      : roll < 99 ? 1 + roll % (CS_ARRAY_LEN(words) - 2)
                                  : CS_ARRAY_LEN(words) - 1;
        cs_strbuf_printf(out, "%s ", words[word]);
    }
}

static void put_document(struct cs_db *db, int64_t id, uint64_t *seed)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf title CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_strbuf body CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    put_words(&title, seed, test_random(seed) % 4);
    put_words(&body, seed, test_random(seed) % 300);
    assert_ok(cs_db_run(db, &err, "DELETE FROM fts WHERE rowid = ?", "i", id),
              &err);
    if (test_random(seed) % 8 > 0)
        assert_ok(cs_db_run(db, &err,
                            "INSERT INTO fts(rowid, title, headings, body,"
                            " code, labels, comments)"
                            " VALUES(?, ?, '', ?, '', ?, '')",
                            "isss", id, title.data, body.data, title.data),
                  &err);
}

/* Documents near each other and far apart, changed again and again. */
static void fill(struct cs_db *db, uint64_t seed)
{
    struct cs_error err = CS_ERROR_INIT;
    for (size_t round = 0; round < ROUNDS; round++) {
        assert_ok(cs_db_begin(db, &err), &err);
        for (size_t i = 0; i < DOCUMENTS / (round + 1); i++) {
            int64_t id = (int64_t)(1 + test_random(&seed) % DOCUMENTS);
            put_document(db, id % 7 ? id : id << 30, &seed);
        }
        assert_ok(cs_db_commit(db, &err), &err);
    }
}

/* All places of two tokens by FTS5's own account, each once. */
static enum cs_status begin_expected(struct cs_db *db, struct cs_query *ret,
                                     const char *one, const char *other,
                                     struct cs_error *err)
{
    return cs_db_query(db, ret, err,
                       "SELECT DISTINCT doc, col, offset FROM seen"
                       " WHERE term IN (?, ?) ORDER BY doc, "
                       "CASE col WHEN 'body' THEN 0 WHEN 'title' THEN 1"
                       " WHEN 'headings' THEN 2 WHEN 'code' THEN 3"
                       " WHEN 'labels' THEN 4 ELSE 5 END, offset",
                       "ss", one, other);
}

static size_t compare_document(struct cs_query *expected,
                               const struct cs_posting *posting)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_place_walk walk;
    size_t n = 0;
    bool row = false;
    cs_place_first(&walk, posting->places);
    for (; walk.field >= 0; cs_place_next(&walk), n++) {
        assert_ok(cs_query_next(expected, &row, &err), &err);
        assert_true(row);
        assert_int_equal(cs_query_int(expected, 0), posting->document);
        assert_string_equal(cs_query_text(expected, 1),
                            cs_field_name((enum cs_field)walk.field));
        assert_int_equal(cs_query_int(expected, 2), walk.token);
    }
    assert_true(n > 0);
    return n;
}

/* Two tokens: as FTS5 joins synonyms. `postings` may have been used for others
 * before. */
static void compare(struct cs_db *db, struct cs_postings *postings,
                    const char *one, const char *other)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_query expected CS_CLEANUP(cs_query_close) = {0};
    struct cs_posting posting = {0};
    int64_t last = 0;
    bool row = true;
    cs_postings_clear(postings);
    assert_ok(begin_expected(db, &expected, one, other, &err), &err);
    assert_ok(cs_postings_add(postings, one, strlen(one), &err), &err);
    assert_ok(cs_postings_add(postings, other, strlen(other), &err), &err);
    for (;;) {
        assert_ok(cs_postings_next(postings, &posting, &err), &err);
        if (posting.document == 0)
            break;
        assert_true(posting.document > last);
        last = posting.document;
        (void)compare_document(&expected, &posting);
    }
    assert_ok(cs_query_next(&expected, &row, &err), &err);
    assert_false(row);
}

static void compare_all(struct cs_db *db)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_segments *segments = NULL;
    assert_ok(cs_segments_read(db, &segments, &err), &err);
    assert_non_null(segments);
    struct cs_postings *postings = cs_postings_new(db, segments);
    assert_non_null(postings);
    for (size_t i = 0; i < CS_ARRAY_LEN(words); i++) {
        compare(db, postings, words[i], "nosuchword");
        compare(db, postings, words[i], words[(i + 1) % CS_ARRAY_LEN(words)]);
    }
    compare(db, postings, "nosuchword", "alph"); /* the begin of others */
    compare(db, postings, "alphabets", "0");
    cs_postings_free(postings);
    free(segments);
}

static void test_as_fts5(void **state)
{
    static const char *const steps[] = {
        "INSERT INTO fts(fts, rank) VALUES('merge', -20)",
        "INSERT INTO fts(fts, rank) VALUES('merge', 20)",
        "INSERT INTO fts(fts) VALUES('optimize')",
        "DELETE FROM fts WHERE rowid % 3 = 0",
        "DELETE FROM fts",
    };
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = *state;
    compare_all(db);
    fill(db, 1);
    compare_all(db);
    for (size_t i = 0; i < CS_ARRAY_LEN(steps); i++) {
        assert_ok(cs_db_exec(db, steps[i], &err), &err);
        compare_all(db);
    }
}

/* What FTS5 still has in memory, and a layout that is not known, are its. */
static void test_left_to_fts5(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = *state;
    struct cs_segments *segments = NULL;
    assert_ok(cs_db_begin(db, &err), &err);
    assert_ok(cs_db_exec(db, "INSERT INTO fts(title) VALUES('alpha')", &err),
              &err);
    assert_ok(cs_segments_read(db, &segments, &err), &err);
    assert_null(segments);
    cs_db_rollback(db);
    assert_ok(
        cs_db_exec(db, "UPDATE fts_config SET v = 5 WHERE k = 'version'", &err),
        &err);
    assert_ok(cs_segments_read(db, &segments, &err), &err);
    assert_null(segments);
}

/* Read all documents of a word; it ends, with an answer or as damaged. */
static enum cs_status read_word(struct cs_db *db,
                                const struct cs_segments *segments,
                                const char *word, struct cs_error *err)
{
    struct cs_postings *postings CS_CLEANUP(cs_postings_cleanup) =
        cs_postings_new(db, segments);
    struct cs_posting posting = {.document = 1};
    struct cs_place_walk walk;
    enum cs_status status = cs_postings_add(postings, word, strlen(word), err);
    while (!status && posting.document) {
        status = cs_postings_next(postings, &posting, err);
        if (status || !posting.document)
            break;
        cs_place_first(&walk, posting.places);
        while (walk.field >= 0)
            cs_place_next(&walk);
    }
    return status;
}

static void read_damaged(struct cs_db *db)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_segments *segments = NULL;
    enum cs_status status = cs_segments_read(db, &segments, &err);
    for (size_t i = 0; segments && i < CS_ARRAY_LEN(words); i++) {
        status = read_word(db, segments, words[i], &err);
        assert_true(status == CS_OK || status == CS_ERR_CORRUPT);
    }
    assert_true(status == CS_OK || status == CS_ERR_CORRUPT);
    free(segments);
}

static void test_damage(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = *state;
    uint64_t seed = 2;
    int64_t rows = 0;
    fill(db, seed);
    assert_ok(
        cs_db_exec(db, "CREATE TABLE kept AS SELECT * FROM fts_data", &err),
        &err);
    assert_ok(cs_db_int(db, &rows, &err, "SELECT count(*) FROM kept", ""),
              &err);
    for (size_t i = 0; i < 300; i++) {
        assert_ok(cs_db_run(db, &err,
                            "UPDATE fts_data SET block = CAST("
                            " substr(block, 1, ?2 % length(block)) ||"
                            " CASE ?3 % 4 WHEN 0 THEN x'' ELSE ?4 END ||"
                            " CASE ?3 % 4 WHEN 1 THEN x''"
                            "  ELSE substr(block, ?2 % length(block) + 2) END"
                            " AS BLOB) WHERE id = (SELECT id FROM kept"
                            "  LIMIT 1 OFFSET ?1)",
                            "iiib",
                            (int64_t)(test_random(&seed) % (uint64_t)rows),
                            (int64_t)(test_random(&seed) % 200),
                            (int64_t)(test_random(&seed) % 100),
                            &(unsigned char){(unsigned char)test_random(&seed)},
                            (size_t)1),
                  &err);
        read_damaged(db);
        if (i % 5 == 4)
            assert_ok(cs_db_exec(db,
                                 "INSERT OR REPLACE INTO fts_data"
                                 " SELECT * FROM kept",
                                 &err),
                      &err);
    }
}

static void test_merged_places(void **state)
{
    static const unsigned char one[] = {2, 5, 1, 1, 2, 0x81, 0x05},
                               two[] = {3, 4, 1, 1, 2, 1, 4, 9};
    static const struct {
        int field, token;
    } expected[] = {{0, 0}, {0, 1}, {0, 3}, {1, 0}, {1, 131}, {4, 7}};
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    struct cs_place_walk walk;
    (void)state;
    cs_places_merge((struct cs_places){one, sizeof(one)},
                    (struct cs_places){two, sizeof(two)}, &out);
    cs_place_first(
        &walk, (struct cs_places){(const unsigned char *)out.data, out.len});
    for (size_t i = 0; i < CS_ARRAY_LEN(expected); i++) {
        assert_int_equal(walk.field, expected[i].field);
        assert_int_equal(walk.token, expected[i].token);
        cs_place_next(&walk);
    }
    assert_true(walk.field < 0);
    cs_place_first(
        &walk, (struct cs_places){(const unsigned char *)out.data, out.len});
    cs_place_next_field(&walk);
    assert_int_equal(walk.field, 1);
    cs_place_next_field(&walk);
    assert_int_equal(walk.field, 4);
    assert_int_equal(walk.token, 7);
}

/* A 1 that ends a number of two bytes begins no field. */
static void test_next_field(void **state)
{
    static const unsigned char bytes[] = {2, 0x81, 1, 3, 1, 4, 9},
                               none[] = {2, 0x81, 1};
    struct cs_place_walk walk;
    (void)state;
    cs_place_first(&walk, (struct cs_places){bytes, sizeof(bytes)});
    cs_place_next_field(&walk);
    assert_int_equal(walk.field, 4);
    assert_int_equal(walk.token, 7);
    cs_place_first(&walk, (struct cs_places){none, sizeof(none)});
    cs_place_next_field(&walk);
    assert_true(walk.field < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_as_fts5, setup, teardown),
        cmocka_unit_test_setup_teardown(test_left_to_fts5, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
        cmocka_unit_test(test_merged_places),
        cmocka_unit_test(test_next_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
