/*
 * test_concurrent.c - four readers over a writer of 5,000 changes: no reader
 * ever fails, and none ever sees half of a batch.
 *
 * Readers are processes of their own, as they are in life. What each looks at
 * in one read transaction must agree: texts and full-text entries one for one,
 * and word for word; as many new texts as whole batches have.
 */
#include "tests/lib/test.h"

#include "index/reader.h"
#include "index/search/search.h"
#include "index/stats.h"
#include "index/upkeep/fulltext.h"
#include "tests/lib/script.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES = 2500, BATCH = 500, READERS = 4, NAME = 24 };

static volatile sig_atomic_t stop;

static void on_stop(int number)
{
    (void)number;
    stop = 1;
}

/* A failure of a reader, on the way to standard error and the exit status. */
static int failed(const char *what, const struct cs_error *err)
{
    (void)fprintf(stderr, "reader: %s: %s\n", what, err->message);
    return 1;
}

struct glimpse {
    int64_t texts, entries, new_texts, new_entries;
};

static enum cs_status look(struct cs_db *db, struct glimpse *ret,
                           struct cs_error *err)
{
    static const char *const sql[] = {
        "SELECT count(*) FROM body",
        "SELECT count(*) FROM fts_docsize",
        "SELECT count(*) FROM body WHERE markdown LIKE '%second%'",
        "SELECT count(*) FROM fts WHERE fts MATCH 'second'",
    };
    int64_t *const into[] = {&ret->texts, &ret->entries, &ret->new_texts,
                             &ret->new_entries};
    enum cs_status status = cs_db_run(db, err, "BEGIN", "");
    for (size_t i = 0; i < CS_ARRAY_LEN(sql) && !status; i++)
        status = cs_db_int(db, into[i], err, sql[i], "");
    enum cs_status ended = cs_db_run(db, status ? NULL : err, "COMMIT", "");
    return status ? status : ended;
}

static int judge(const struct glimpse *seen)
{
    bool whole = seen->new_texts % BATCH == 0 || seen->new_texts == PAGES;
    if (seen->texts == seen->entries && seen->new_texts == seen->new_entries &&
        whole)
        return 0;
    (void)fprintf(stderr,
                  "reader: %lld texts, %lld entries, %lld and %lld new\n",
                  (long long)seen->texts, (long long)seen->entries,
                  (long long)seen->new_texts, (long long)seen->new_entries);
    return 1;
}

/* What the commands do: search, get, status. */
static int use(struct cs_index *index, int turn)
{
    static const char *const words[] = {"first", "second", "page",
                                        "\"page 7\""};
    struct cs_search_result *result CS_CLEANUP(cs_search_result_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    struct cs_reader_document document;
    struct cs_stats stats;
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_search_request request = {
        .text = words[turn % (int)CS_ARRAY_LEN(words)], .snippets = true};
    if (cs_search_run(index, &request, &result, &err) != CS_OK)
        return failed("search", &err);
    if (cs_stats_read(index, arena, &stats, &err) != CS_OK)
        return failed("status", &err);
    for (size_t i = 0; i < result->n; i++) {
        cs_strbuf_reset(&text);
        if (cs_reader_find(index, arena, result->hits[i].id, &document, &err) ||
            cs_reader_markdown(index, document.document, &text, &err))
            return failed("get", &err);
        if (!strstr(text.data, "words of page"))
            return failed("a text in pieces", &err);
    }
    return 0;
}

static int read_on(const struct sandbox *box)
{
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_READ};
    int bad = 0, turns = 0;
    for (; !bad && !stop; turns++) {
        struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
        struct cs_error err = CS_ERROR_INIT;
        struct glimpse seen = {0};
        if (cs_index_open(&options, &index, &err) != CS_OK)
            return failed("open", &err);
        if (look(cs_index_db(index), &seen, &err) != CS_OK)
            return failed("look", &err);
        bad = judge(&seen) || use(index, turns);
        (void)usleep(2000); /* leave some of two processors to the writer */
    }
    return bad ? 1 : turns > 0 ? 0 : 2;
}

static void start_readers(const struct sandbox *box, pid_t readers[READERS])
{
    for (int i = 0; i < READERS; i++) {
        readers[i] = fork();
        assert_true(readers[i] >= 0);
        if (readers[i] == 0) {
            (void)signal(SIGTERM, on_stop);
            _exit(read_on(box));
        }
    }
}

static void end_readers(const pid_t readers[READERS])
{
    for (int i = 0; i < READERS; i++)
        (void)kill(readers[i], SIGTERM);
    for (int i = 0; i < READERS; i++) {
        int status = 0;
        assert_int_equal(waitpid(readers[i], &status, 0), readers[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

struct site {
    struct script_page pages[PAGES];
    char ids[PAGES][NAME], titles[PAGES][NAME], texts[2][PAGES][48];
};

static struct site *make_site(void)
{
    struct site *site = test_malloc(sizeof(*site));
    for (int i = 0; i < PAGES; i++) {
        (void)snprintf(site->ids[i], NAME, "%d", i + 1);
        (void)snprintf(site->titles[i], NAME, "Page %d", i + 1);
        (void)snprintf(site->texts[0][i], 48, "first words of page %d", i + 1);
        (void)snprintf(site->texts[1][i], 48, "second words of page %d", i + 1);
    }
    return site;
}

static void edit(struct site *site, int version)
{
    for (int i = 0; i < PAGES; i++)
        site->pages[i] = (struct script_page)SCRIPT_PAGE(
            site->ids[i], site->titles[i], i ? "1" : NULL,
            site->texts[version - 1][i], version, NULL, NULL);
}

static void test_readers_see_whole_batches(void **state)
{
    struct sandbox *box = *state;
    struct site *site = make_site();
    pid_t readers[READERS];
    const struct script_page home = SCRIPT_PAGE(
        "1", "Page 1", NULL, "first words of page 1", 1, NULL, NULL);
    (void)script_run(box, &home, 1); /* so that there is an index */
    start_readers(box, readers);
    edit(site, 1);
    (void)script_run(box, site->pages, PAGES);
    edit(site, 2);
    struct cs_run_summary summary = script_run(box, site->pages, PAGES);
    end_readers(readers);
    assert_int_equal(summary.indexed, PAGES);
    test_free(site);
}

/* The index that answers is the old one until the new one is complete. */
static void test_readers_go_on_while_it_is_built_anew(void **state)
{
    struct sandbox *box = *state;
    struct site *site = make_site();
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    pid_t readers[READERS];
    edit(site, 2);
    (void)script_run(box, site->pages, PAGES);
    start_readers(box, readers);
    assert_ok(cs_index_open(&options, &index, &err), &err);
    for (int i = 0; i < 3; i++)
        assert_ok(cs_fulltext_rebuild(cs_index_db(index), &err), &err);
    end_readers(readers);
    test_free(site);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_readers_see_whole_batches),
        TEST(test_readers_go_on_while_it_is_built_anew),
    };
    return cmocka_run_group_tests_name("concurrent", tests, NULL, NULL);
}
