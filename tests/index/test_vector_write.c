/*
 * test_vector_write.c - vectors are made of what the rows say, and written when
 * that changes.
 */
#include "tests/lib/test.h"

#include "index/words/vector_block.h"
#include "index/words/vector_compare.h"
#include "index/words/vector_write.h"
#include "tests/index/sample.h"

static struct cs_vectors *open_reader(struct cs_index *index)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_vectors *vectors;
    assert_ok(cs_vectors_open(cs_index_db(index), &vectors, &err), &err);
    return vectors;
}

static enum cs_status tell(void *payload, int64_t document, const char *what,
                           struct cs_error *err)
{
    struct cs_strbuf *out = payload;
    (void)err;
    cs_strbuf_printf(out, "%lld %s\n", (long long)document, what);
    return CS_OK;
}

/* What does not fit, a line each; "" when all does. */
static const char *misfits(struct cs_index *index, struct cs_strbuf *out)
{
    struct cs_error err = CS_ERROR_INIT;
    cs_strbuf_reset(out);
    cs_strbuf_puts(out, "");
    assert_ok(cs_vectors_compare(cs_index_db(index), tell, out, &err), &err);
    return out->data;
}

static struct cs_vector read_one(struct cs_index *index, int64_t document)
{
    struct cs_vectors *vectors CS_CLEANUP(cs_vectors_cleanup) =
        open_reader(index);
    const struct cs_vector *vector = cs_vectors_get(vectors, document);
    return vector ? *vector : (struct cs_vector){0};
}

static struct cs_vector_facts read_facts(struct cs_index *index,
                                         int64_t document)
{
    struct cs_vectors *vectors CS_CLEANUP(cs_vectors_cleanup) =
        open_reader(index);
    return *cs_vectors_facts(vectors, document);
}

/* Of the index that open_two() makes. */
enum { FIRST = 2 };

static void build(struct cs_index *index)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_vectors_build(cs_index_db(index), &err), &err);
}

static void write_changes(struct cs_index *index)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    assert_ok(cs_vectors_write(cs_index_db(index), &err), &err);
    assert_string_equal(misfits(index, &out), "");
}

static int64_t generation(struct cs_index *index)
{
    struct cs_error err = CS_ERROR_INIT;
    int64_t value = -1;
    assert_ok(cs_vectors_generation(cs_index_db(index), &value, &err), &err);
    return value;
}

/* Two pages, built and watched. */
static struct cs_index *open_two(struct sandbox *box)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index = sample_open(box);
    sample_page(index,
                &(struct sample_page){.id = "11",
                                      .title = "Restart the pump",
                                      .markdown = "Turn it off and on again.\n",
                                      .author = "ada",
                                      .label = "runbook",
                                      .updated = 60000 * 1500 + 59999});
    sample_page(index, &(struct sample_page){.id = "12",
                                             .title = "News",
                                             .markdown = "Nothing.\n",
                                             .kind = "blogpost",
                                             .space = "OPS"});
    build(index);
    assert_ok(cs_vectors_watch(cs_index_db(index), &err), &err);
    return index;
}

static void test_what_a_vector_says(void **state)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_two(*state);
    struct cs_vector page = read_one(index, 1), post = read_one(index, 2);
    assert_int_equal(page.flags, CS_VECTOR_PRESENT);
    assert_int_equal(page.len[CS_FIELD_TITLE], 3);
    assert_int_equal(page.day, 1);
    assert_int_equal(page.links, 0);
    struct cs_vector_facts facts = read_facts(index, 1);
    assert_int_equal(facts.container, 1);
    assert_int_equal(facts.author, 1);
    assert_int_equal(facts.minute, 60);
    assert_int_equal(facts.generation, FIRST);
    assert_int_equal(post.flags, CS_VECTOR_PRESENT | CS_VECTOR_BLOGPOST);
    assert_int_equal(read_facts(index, 2).container, 2);
    assert_int_equal(read_facts(index, 2).author, 0);
    assert_int_equal(read_one(index, 3).flags, 0);
}

static void test_every_change_is_noticed(void **state)
{
    static const struct {
        const char *sql;
        uint8_t flags; /* of the first page, afterwards */
    } changes[] = {
        {"UPDATE document SET status = 'archived' WHERE id = 1",
         CS_VECTOR_ARCHIVED},
        {"INSERT INTO label VALUES(1, 'obsolete')",
         CS_VECTOR_ARCHIVED | CS_VECTOR_DEPRECATED},
        {"UPDATE document SET status = 'current'", CS_VECTOR_DEPRECATED},
        {"DELETE FROM label WHERE document = 1", 0},
        {"INSERT OR REPLACE INTO label VALUES(1, 'a'), (1, 'veraltet')",
         CS_VECTOR_DEPRECATED},
        {"DELETE FROM label", 0},
        {"UPDATE container SET key = '~ada' WHERE id = 1", CS_VECTOR_PERSONAL},
        {"UPDATE document SET container = 2", 0},
        {"UPDATE document SET updated = updated + 60000, author = 'bo'", 0},
        {"UPDATE document SET kind = 'blogpost'", CS_VECTOR_BLOGPOST},
        {"INSERT INTO document(id, source, container, vendor_id, kind, status,"
         " title, version, created, updated) VALUES(1, 1, 1, '11', 'page',"
         " 'current', 'Pump', 2, 1, 7) ON CONFLICT DO UPDATE SET"
         " kind = excluded.kind, updated = excluded.updated",
         0},
        {"UPDATE document SET container = 70000 WHERE id = 1", 0},
    };
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_two(*state);
    sample_exec(index, "PRAGMA foreign_keys = OFF");
    for (size_t i = 0; i < CS_ARRAY_LEN(changes); i++) {
        int64_t before = generation(index);
        sample_exec(index, changes[i].sql);
        write_changes(index);
        struct cs_vector vector = read_one(index, 1);
        assert_int_equal(vector.flags, CS_VECTOR_PRESENT | changes[i].flags);
        assert_int_equal(read_facts(index, 1).generation,
                         FIRST); /* the same text */
        assert_int_equal(generation(index), before + 1);
    }
    assert_int_equal(read_facts(index, 1).container, 0);
}

#define LINK                                                                   \
    "INSERT INTO link(document, text, ord, at, len, form, kind, target)"       \
    " VALUES"

static void test_links_count_at_their_targets(void **state)
{
    static const struct {
        const char *sql;
        int first, second; /* links to them, afterwards */
    } changes[] = {
        {LINK "(2, 1, 0, 0, 0, 0, 'page', 1)", 1, 0},
        {LINK "(2, 1, 1, 0, 0, 0, 'page', 1)", 1, 0}, /* the same again */
        {LINK "(2, 2, 0, 0, 0, 0, 'page', NULL)", 1, 0},
        {LINK "(1, 1, 0, 0, 0, 0, 'page', 1)", 1, 0}, /* itself */
        {"UPDATE link SET target = 2 WHERE document = 1", 1, 1},
        {"UPDATE link SET target = NULL WHERE document = 2", 0, 1},
        {"UPDATE link SET target = 1 WHERE document = 2 AND ord = 1", 1, 1},
        {"DELETE FROM link WHERE document = 1", 1, 0},
        {"DELETE FROM document WHERE id = 2", 0, 0},
    };
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_two(*state);
    for (size_t i = 0; i < CS_ARRAY_LEN(changes); i++) {
        sample_exec(index, changes[i].sql);
        write_changes(index);
        assert_int_equal(read_one(index, 1).links, changes[i].first);
        assert_int_equal(read_one(index, 2).links, changes[i].second);
    }
}

static void test_a_new_text_is_of_its_generation(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_two(*state);
    struct cs_db *db = cs_index_db(index);
    sample_exec(index, "UPDATE document SET updated = 0 WHERE id = 1");
    assert_ok(cs_vectors_touch(db, 2, &err), &err);
    write_changes(index);
    assert_int_equal(generation(index), FIRST + 1);
    assert_int_equal(read_facts(index, 1).generation, FIRST);
    assert_int_equal(read_facts(index, 2).generation, FIRST + 1);
    build(index); /* of no text one knows more by that */
    assert_int_equal(generation(index), FIRST + 2);
    assert_int_equal(read_facts(index, 1).generation, FIRST);
    assert_int_equal(read_facts(index, 2).generation, FIRST + 1);
}

static void test_what_stays_the_same_is_not_written(void **state)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_two(*state);
    sqlite3 *handle = cs_db_handle(cs_index_db(index));
    sample_exec(index, "DELETE FROM label; INSERT INTO label VALUES(1, 'new');"
                       "UPDATE document SET updated = updated + 1"
                       " WHERE id = 2"); /* a millisecond */
    sample_exec(index, LINK "(1, 1, 0, 0, 0, 0, 'page', 2)");
    sample_exec(index, "DELETE FROM link");
    int before = sqlite3_total_changes(handle);
    write_changes(index);
    assert_int_equal(generation(index), FIRST);
    assert_int_equal(sqlite3_total_changes(handle) - before,
                     2); /* the list emptied */
}

static void test_a_batch_rolled_back_leaves_nothing(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_two(*state);
    struct cs_db *db = cs_index_db(index);
    assert_ok(cs_db_begin(db, &err), &err);
    sample_exec(index, "UPDATE document SET status = 'archived'");
    cs_db_rollback(db);
    write_changes(index);
    assert_int_equal(generation(index), FIRST);
    assert_int_equal(read_one(index, 1).flags, CS_VECTOR_PRESENT);
}

static void test_far_documents_come_and_go(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_two(*state);
    struct cs_db *db = cs_index_db(index);
    int64_t blocks = 0;
    sample_exec(index, "PRAGMA foreign_keys = OFF;"
                       "UPDATE document SET id = 5000000000000 WHERE id = 2;"
                       "UPDATE body SET document = 5000000000000"
                       " WHERE document = 2;"
                       "UPDATE fts_docsize SET id = 5000000000000"
                       " WHERE id = 2");
    assert_ok(cs_vectors_touch(db, 2, &err), &err);
    assert_ok(cs_vectors_touch(db, 5000000000000, &err), &err);
    write_changes(index);
    assert_int_equal(read_one(index, 2).flags, 0);
    assert_int_not_equal(read_one(index, 5000000000000).flags, 0);
    sample_exec(index, "DELETE FROM document WHERE id > 2");
    write_changes(index);
    assert_ok(cs_db_int(db, &blocks, &err, "SELECT count(*) FROM vector", ""),
              &err);
    assert_int_equal(blocks, 1);
}

static void test_all_that_differs_is_told_and_built_anew(void **state)
{
    static const struct {
        const char *sql, *told;
    } damages[] = {
        {"DELETE FROM vector", "1 it has no vector\n2 it has no vector\n"
                               "0 the totals are not their sums\n"},
        {"UPDATE vector SET docs = x'00'", "0 a block of them is damaged\n"},
        {"UPDATE vector_facts SET docs = x'00'",
         "0 a block of them is damaged\n"},
        {"DELETE FROM vector_facts", "1 its vector is of no generation\n"
                                     "2 its vector is of no generation\n"},
        {"INSERT INTO vector SELECT block + 9, docs FROM vector",
         "0 there are vectors without an entry\n"},
        {"INSERT INTO vector SELECT -9, docs FROM vector",
         "0 there are vectors without an entry\n"},
        {"DELETE FROM state WHERE name = 'vectors'",
         "0 the totals are not their sums\n"},
        {"UPDATE label SET name = 'deprecated'", "1 kind, status or labels\n"},
        {"UPDATE document SET updated = 99 WHERE id = 1", "1 time\n"},
        {"UPDATE document SET author = NULL WHERE id = 1", "1 author\n"},
        {"UPDATE document SET container = 2", "1 space\n"},
        {"DELETE FROM fts_docsize WHERE id = 2",
         "0 there are vectors without an entry\n"},
        {"UPDATE state SET value = 0 WHERE name = 'generation'",
         "1 its vector is of a generation to come\n"},
        {"INSERT INTO fingerprint VALUES(1, 1)", "1 fingerprint\n"},
    };
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_two(*state);
    sample_exec(index, "DROP TRIGGER vector_document");
    for (size_t i = 0; i < CS_ARRAY_LEN(damages); i++) {
        sample_exec(index, damages[i].sql);
        assert_string_equal(misfits(index, &out), damages[i].told);
        sample_exec(index, "DELETE FROM fingerprint");
        build(index);
        assert_string_equal(misfits(index, &out), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)
        TEST(test_what_a_vector_says),
        TEST(test_every_change_is_noticed),
        TEST(test_links_count_at_their_targets),
        TEST(test_a_new_text_is_of_its_generation),
        TEST(test_what_stays_the_same_is_not_written),
        TEST(test_a_batch_rolled_back_leaves_nothing),
        TEST(test_far_documents_come_and_go),
        TEST(test_all_that_differs_is_told_and_built_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
