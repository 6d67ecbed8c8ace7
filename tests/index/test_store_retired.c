/*
 * test_store_retired.c - tombstones: expired, given back, purged; containers
 * that left.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"
#include "tests/lib/wiki.h"

#include "index/store/removal.h"
#include "src/dir.h"
#include "src/file.h"

#define SECRET "xyzzyplugh"

static const struct wiki_page site[] = {
    {.id = "1", .space = "ENG", .title = "Home", .text = "Welcome"},
    {.id = "2",
     .space = "ENG",
     .title = "Runbook",
     .parent = "1",
     .text = "The password is " SECRET},
    {.id = "3",
     .space = "ENG",
     .title = "On call",
     .parent = "2",
     .text = "Ask Ada"},
    {.id = "6", .space = "OPS", .title = "Shifts", .text = "Who when"},
};

/* What is removed is kept for a day. */
#define SYNC(...)                                                              \
    wiki_sync_later(                                                           \
        box, &wiki,                                                            \
        (struct wiki_run){.options.keep_deleted_ms = 86400000, __VA_ARGS__})

/* A store without a run, as maintenance has it. */
struct bench {
    struct cs_index *index;
    struct cs_store *store;
};

static struct bench open_bench(struct sandbox *box)
{
    struct bench bench = {0};
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    assert_ok(cs_index_open(&options, &bench.index, &err), &err);
    assert_ok(cs_store_open(bench.index, &bench.store, &err), &err);
    return bench;
}

static void close_bench(struct bench *bench)
{
    cs_store_close(bench->store);
    cs_index_close(bench->index);
}

/* Pages 2 is removed; then it lies in a tombstone. */
static void remove_runbook(struct sandbox *box, const struct wiki *wiki)
{
    wiki_find(wiki, "2")->state = WIKI_TRASHED;
    const struct wiki_run run = {.options.keep_deleted_ms = 86400000};
    assert_int_equal(wiki_sync_later(box, wiki, run).removal.removed, 1);
}

static enum cs_status list_item(void *payload,
                                const struct cs_removal_item *item,
                                struct cs_error *err)
{
    struct cs_strbuf *out = payload;
    (void)err;
    cs_strbuf_printf(out, "%s %s %s %s%s\n", item->id, item->title,
                     item->path ? item->path : "-",
                     item->reason ? item->reason : "held",
                     item->tombstone && item->bytes <= 0 ? " empty" : "");
    return CS_OK;
}

static void test_tombstones_expire(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf list CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    uint64_t n = 9;
    WIKI(wiki);
    SYNC();
    remove_runbook(box, &wiki);
    sandbox_write(box, ".cs/trash/0123456789abcdef0123456789abcdef", "stray");
    sandbox_write(box, ".cs/trash/notes", "foreign");
    struct bench bench = open_bench(box);
    int64_t deleted = box->now_ms;
    assert_ok(cs_removal_expire(bench.store, NULL, deleted, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_ok(cs_removal_find_expired(bench.index, "wiki", deleted + 1,
                                      list_item, &list, &err),
              &err);
    assert_string_equal(list.data, "wiki:2 Runbook ENG/Runbook.md trashed\n");
    assert_ok(cs_removal_expire(bench.store, "other", deleted + 1, &n, &err),
              &err);
    assert_int_equal(n, 0);
    assert_ok(cs_removal_expire(bench.store, "wiki", deleted + 1, &n, &err),
              &err);
    assert_int_equal(n, 1);
    close_bench(&bench);
    assert_int_equal(script_count(box, "SELECT count(*) FROM tombstone"), 0);
    assert_false(
        sandbox_exists(box, ".cs/trash/0123456789abcdef0123456789abcdef"));
    assert_true(sandbox_exists(box, ".cs/trash/notes"));
}

static void test_names_are_found(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    static const char *const names[] = {"2", "wiki:2", "ENG/Runbook.md",
                                        "wiki/ENG/Runbook.md"};
    WIKI(wiki);
    SYNC();
    remove_runbook(box, &wiki);
    struct bench bench = open_bench(box);
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        struct cs_strbuf list CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(4096);
        assert_ok(
            cs_removal_find(bench.index, names[i], list_item, &list, &err),
            &err);
        assert_string_equal(list.data,
                            "wiki:2 Runbook ENG/Runbook.md trashed\n");
    }
    struct cs_strbuf list CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    assert_ok(cs_removal_find(bench.index, "3", list_item, &list, &err), &err);
    assert_string_equal(list.data, "wiki:3 On call ENG/On call.md held\n");
    assert_int_equal(cs_removal_find(bench.index, "9", list_item, &list, &err),
                     CS_ERR_NOT_FOUND);
    close_bench(&bench);
}

static const char *restore(struct sandbox *box, const char *name,
                           struct cs_strbuf *path)
{
    struct cs_error err = CS_ERROR_INIT;
    struct bench bench = open_bench(box);
    cs_strbuf_reset(path);
    assert_ok(cs_removal_restore(bench.store, name, path, &err), &err);
    close_bench(&bench);
    return path->data + strlen(box->root) + 1;
}

static void test_restored_copy_is_the_users(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_strbuf was CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    WIKI(wiki);
    SYNC();
    sandbox_read(box, "wiki/ENG/Runbook.md", &was);
    remove_runbook(box, &wiki);
    sandbox_write(box, "wiki/ENG/Runbook (restored).md", "not yours");
    const char *name = restore(box, "2", &path);
    assert_string_equal(name, "wiki/ENG/Runbook (restored 2).md");
    assert_string_equal(sandbox_read(box, name, &buf), was.data);
    assert_string_equal(
        sandbox_read(box, "wiki/ENG/Runbook (restored).md", &buf), "not yours");
    assert_int_equal(script_count(box, "SELECT count(*) FROM tombstone"), 0);
    assert_false(sandbox_exists(box, "wiki/.stage/0.md"));
    SYNC();
    wiki_find(&wiki, "2")->state = WIKI_THERE; /* it comes back */
    SYNC();
    assert_string_equal(sandbox_read(box, name, &buf), was.data);
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook.md"));
}

/* Somebody else's folder would be mixed up with its attachments. */
static void test_restored_beside_a_folder(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    WIKI(wiki);
    SYNC();
    remove_runbook(box, &wiki);
    sandbox_write(box, "wiki/ENG/Runbook (restored).assets/a.png", "mine");
    assert_string_equal(restore(box, "2", &path),
                        "wiki/ENG/Runbook (restored 2).md");
}

static void test_restored_without_its_folder(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "3")->state = WIKI_TRASHED;
    SYNC();
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook"));
    assert_string_equal(restore(box, "wiki:3", &path),
                        "wiki/ENG/On call (restored).md");
}

static void test_restore_brings_attachments(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_error err = CS_ERROR_INIT;
    static const char trash[] = ".cs/trash/00112233445566778899aabbccddeeff";
    WIKI(wiki);
    SYNC();
    remove_runbook(box, &wiki);
    sandbox_write(box, trash, "picture");
    struct bench bench = open_bench(box);
    assert_ok(
        cs_db_exec(
            cs_index_db(bench.index),
            "INSERT INTO tombstone_file(tombstone, vendor_id, name, trash,"
            " hash, size) SELECT id, 'att1', '../net.png',"
            " '00112233445566778899aabbccddeeff', x'00', 7 FROM tombstone",
            &err),
        &err);
    close_bench(&bench);
    restore(box, "2", &path);
    assert_string_equal(
        sandbox_read(box, "wiki/ENG/Runbook (restored).assets/-net.png", &buf),
        "picture");
    assert_false(sandbox_exists(box, trash));
}

/* ---- purge ---- */

struct hunt {
    struct cs_dir *dir;
    size_t found, seen;
};

static enum cs_status look_for_secret(void *payload, const char *name,
                                      enum cs_entry_kind kind,
                                      struct cs_error *err)
{
    struct hunt *hunt = payload;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)64 << 20);
    if (kind != CS_ENTRY_FILE)
        return CS_OK;
    cs_strbuf_printf(&path, "%s/%s", cs_dir_path(hunt->dir), name);
    enum cs_status status = cs_file_read(path.data, &bytes, err);
    hunt->seen++;
    if (!status &&
        memmem(bytes.data, bytes.len, SECRET, strlen(SECRET)) != NULL) {
        print_message("found in %s\n", name);
        hunt->found++;
    }
    return status;
}

static size_t hunt_secret(struct sandbox *box)
{
    struct cs_error err = CS_ERROR_INIT;
    struct hunt hunt = {0};
    assert_ok(cs_dir_open(box->root, &hunt.dir, &err), &err);
    assert_ok(cs_dir_walk(hunt.dir, NULL, look_for_secret, &hunt, &err), &err);
    cs_dir_close(hunt.dir);
    assert_true(hunt.seen >= 4);
    return hunt.found;
}

static void note_copy(void *payload, const char *path)
{
    struct cs_strbuf *out = payload;
    cs_strbuf_puts(out, path);
}

static void purge(struct sandbox *box, const char *name, struct cs_strbuf *kept)
{
    struct cs_error err = CS_ERROR_INIT;
    struct bench bench = open_bench(box);
    assert_ok(cs_removal_purge(bench.store, &name, 1, note_copy, kept, &err),
              &err);
    close_bench(&bench);
}

/* From the mirror to the trash, and back to the user, or nowhere. */
static void test_attachments_of_removed_pages(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    static const struct script_page pages[] = {
        SCRIPT_PAGE("1", "Home", NULL, "Welcome", 1, NULL, NULL),
        {.id = "2",
         .title = "A",
         .text = "a",
         .version = 1,
         .shows = "net.png"},
        {.id = "3",
         .title = "B",
         .text = "b",
         .version = 1,
         .shows = "net.png"},
    };
    static const struct script_file files[] = {
        {.id = "a1",
         .page = "2",
         .name = "net.png",
         .bytes = SECRET,
         .version = 1},
        {.id = "a2",
         .page = "3",
         .name = "net.png",
         .bytes = SECRET,
         .version = 1},
    };
    struct script script = {.pages = pages,
                            .n = 3,
                            .files = files,
                            .n_files = 2,
                            .trashes = true,
                            .options = {.aspects = CS_ASPECT_ATTACHMENTS,
                                        .attachments = CS_ATTACHMENTS_ALL,
                                        .keep_deleted_ms = 1}};
    script_run_all(box, &script);
    assert_true(sandbox_exists(box, "wiki/ENG/A.assets/net.png"));
    script.n = 1;
    script.n_files = 0;
    script_run_all(box, &script);
    assert_false(sandbox_exists(box, "wiki/ENG/A.assets"));
    assert_int_equal(script_count(box, "SELECT count(*) FROM tombstone_file"),
                     2);
    assert_int_equal(
        script_count(box, "SELECT count(DISTINCT trash) FROM tombstone_file"),
        1); /* the same bytes once */
    assert_string_equal(restore(box, "2", &path), "wiki/ENG/A (restored).md");
    assert_string_equal(
        sandbox_read(box, "wiki/ENG/A (restored).assets/net.png", &buf),
        SECRET);
    sandbox_remove(box, "wiki/ENG/A (restored).assets/net.png");
    assert_int_equal(hunt_secret(box), 1); /* the other page's, in the trash */
    struct cs_strbuf kept CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    purge(box, "3", &kept);
    assert_int_equal(hunt_secret(box), 0);
}

static void test_restore_refuses_what_is_not_removed(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_error err = CS_ERROR_INIT;
    WIKI(wiki);
    SYNC();
    struct bench bench = open_bench(box);
    assert_int_equal(cs_removal_restore(bench.store, "2", &path, &err),
                     CS_ERR_NOT_FOUND);
    close_bench(&bench);
    assert_int_equal(path.len, 0);
}

static void test_purge_leaves_no_byte(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf kept CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "2")->text = "Now it is in the vault"; /* an old text */
    wiki_find(&wiki, "2")->version = 2;
    SYNC();
    wiki_find(&wiki, "2")->text = "No, the password is " SECRET;
    wiki_find(&wiki, "2")->version = 3;
    SYNC();
    sandbox_write(box, "wiki/.stage/2.md", SECRET); /* of a killed run */
    assert_true(hunt_secret(box) > 0);
    purge(box, "wiki:2", &kept);
    assert_int_equal(hunt_secret(box), 0);
    assert_string_equal(kept.data, "");
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook.md"));
    assert_int_equal(script_count(box, "SELECT count(*) FROM document WHERE"
                                       " vendor_id = '2'"),
                     0);
    assert_int_equal(script_count(box, "SELECT count(*) FROM tombstone"), 0);
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM event WHERE vendor_id = '2'"
                          " AND detail IS NOT NULL"),
        0);
}

static void test_purge_of_a_removed_page(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf kept CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    WIKI(wiki);
    SYNC();
    sandbox_write(box, "wiki/ENG/Runbook.md", "my notes");
    remove_runbook(box, &wiki);
    purge(box, "2", &kept);
    assert_int_equal(hunt_secret(box), 0);
    assert_non_null(strstr(kept.data, "wiki/ENG/Runbook.md.local-2026"));
    assert_int_equal(script_count(box, "SELECT count(*) FROM tombstone"), 0);
}

static void test_purge_of_an_unknown_name_purges_nothing(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    static const char *const names[] = {"2", "99"};
    WIKI(wiki);
    SYNC();
    struct bench bench = open_bench(box);
    assert_int_equal(cs_removal_purge(bench.store, names, 2, NULL, NULL, &err),
                     CS_ERR_NOT_FOUND);
    close_bench(&bench);
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook.md"));
}

/* ---- containers that left, events ---- */

static void test_prune_of_a_container_that_left(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf list CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    uint64_t n = 0;
    WIKI(wiki);
    SYNC();
    SYNC(.spaces = "ENG", .left = "OPS");
    struct bench bench = open_bench(box);
    assert_ok(cs_removal_find_left(bench.index, list_item, &list, &err), &err);
    assert_string_equal(list.data, "wiki:6 Shifts OPS/Shifts.md left\n");
    assert_ok(cs_removal_prune_left(bench.store, true, &n, &err), &err);
    assert_int_equal(n, 1);
    assert_ok(cs_removal_expire(bench.store, NULL, box->now_ms, &n, &err),
              &err);
    close_bench(&bench);
    assert_false(sandbox_exists(box, "wiki/OPS/Shifts.md"));
    assert_int_equal(
        script_count(box,
                     "SELECT count(*) FROM tombstone WHERE reason = 'left'"),
        1);
    bench = open_bench(box);
    assert_ok(cs_removal_expire(bench.store, NULL, box->now_ms + 1, &n, &err),
              &err);
    close_bench(&bench);
    assert_int_equal(script_count(box, "SELECT count(*) FROM container"), 1);
    SYNC(); /* it is configured again */
    assert_true(sandbox_exists(box, "wiki/OPS/Shifts.md"));
}

static void test_events_are_pruned_but_the_last(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    uint64_t n = 0;
    WIKI(wiki);
    SYNC();
    for (int64_t version = 2; version < 10; version++) {
        wiki_find(&wiki, "2")->version = version;
        SYNC();
    }
    int64_t all = script_count(box, "SELECT count(*) FROM event");
    struct bench bench = open_bench(box);
    assert_ok(cs_removal_prune_events(bench.store, 0, 3, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_ok(
        cs_removal_prune_events(bench.store, box->now_ms + 1, 3, &n, &err),
        &err);
    close_bench(&bench);
    assert_int_equal(all - (int64_t)n,
                     script_count(box, "SELECT count(*) FROM event"));
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM event WHERE vendor_id = '2'"),
        3);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tombstones_expire),
        TEST(test_names_are_found),
        TEST(test_restored_copy_is_the_users),
        TEST(test_restored_beside_a_folder),
        TEST(test_restored_without_its_folder),
        TEST(test_restore_brings_attachments),
        TEST(test_attachments_of_removed_pages),
        TEST(test_restore_refuses_what_is_not_removed),
        TEST(test_purge_leaves_no_byte),
        TEST(test_purge_of_a_removed_page),
        TEST(test_purge_of_an_unknown_name_purges_nothing),
        TEST(test_prune_of_a_container_that_left),
        TEST(test_events_are_pruned_but_the_last),
    };
    return cmocka_run_group_tests_name("retired", tests, NULL, NULL);
}
