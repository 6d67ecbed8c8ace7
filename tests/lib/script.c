/*
 * script.c - the scripted source, and looking at what became of it.
 */
#include "tests/lib/script.h"

#include "tests/lib/test.h"

#include "index/store/store.h"
#include "src/dir.h"

struct script {
    const struct script_page *pages;
    size_t n;
};

static const struct cs_container space = {"10", "ENG", "Engineering", "1",
                                          NULL};

/* The page's Markdown; the range of its link goes to `place`. */
static size_t write_markdown(const struct script_page *page, char *buf,
                             size_t size, struct cs_place *place)
{
    int n = snprintf(buf, size, "%s\n", page->text);
    if (cs_place_is_block(page->form)) {
        place->at = (size_t)n + 1;
        n = snprintf(buf, size, "%s\n\n*see there*\n", page->text);
        place->len = (size_t)n - place->at;
    } else if (page->link_title) {
        n = snprintf(buf, size, "%s [see]()\n", page->text);
        place->at = (size_t)n - 2;
    }
    return (size_t)n;
}

static enum cs_status put_page(struct cs_sink *sink,
                               const struct script_page *page,
                               struct cs_error *err)
{
    char markdown[1024];
    struct cs_place place = {.form = page->form};
    place.ref = (struct cs_ref){.kind = CS_REF_PAGE,
                                .title = page->link_title,
                                .query = page->query,
                                .url = "http://wiki/missing"};
    size_t n = write_markdown(page, markdown, sizeof(markdown), &place);
    bool placed = page->link_title || cs_place_is_block(page->form);
    const struct cs_part part = {
        .kind = page->excerpt ? CS_PART_EXCERPT : CS_PART_PROPERTIES,
        .name = page->excerpt ? page->excerpt : page->properties,
        .len = strlen(page->text) + 1,
    };
    const struct cs_document doc = {
        .id = page->id,
        .version = page->version,
        .aspects = CS_ASPECT_TEXT,
        .text = {.body = {.markdown = markdown,
                          .len = n,
                          .places = &place,
                          .n_places = placed,
                          .parts = &part,
                          .n_parts = part.name != NULL},
                 .source = "<p/>",
                 .source_len = 4,
                 .source_format = "storage"},
    };
    return sink->ops->put(sink, &doc, err);
}

static enum cs_status list(struct cs_sink *sink, const struct script *script,
                           struct cs_list_summary *summary,
                           struct cs_error *err)
{
    enum cs_status status =
        sink->ops->list_begin(sink, &space, CS_LIST_COMPLETE, err);
    for (size_t i = 0; i < script->n && !status; i++) {
        const struct script_page *page = &script->pages[i];
        const struct cs_item item = {
            .id = page->id,
            .kind = page->text ? CS_ITEM_PAGE : CS_ITEM_FOLDER,
            .title = page->title,
            .parent_id = page->parent,
            .version = page->version,
            .created = 1700000000000 + (int64_t)i,
            .updated = 1710000000000 + page->version,
        };
        status = sink->ops->list_add(sink, &item, err);
        if (!status && page->label)
            status = sink->ops->list_label(sink, page->id, page->label, err);
    }
    return status ? status : sink->ops->list_end(sink, true, summary, err);
}

static enum cs_status fetch(struct cs_sink *sink, const struct script *script,
                            struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_want wants[3];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = CS_OK;
    status = sink->ops->fetch_begin(sink, &space, err);
    while (n == CS_ARRAY_LEN(wants) && !status) {
        status =
            sink->ops->wanted(sink, arena, CS_ARRAY_LEN(wants), wants, &n, err);
        for (size_t i = 0; i < n && !status; i++)
            for (size_t k = 0; k < script->n && !status; k++)
                if (strcmp(script->pages[k].id, wants[i].id) == 0)
                    status = put_page(sink, &script->pages[k], err);
    }
    return status;
}

enum cs_status script_try(struct sandbox *box, const struct script_page *pages,
                          size_t n, struct cs_run_summary *ret_summary,
                          struct cs_error *err)
{
    const struct script script = {pages, n};
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    const struct cs_source_info info = {"wiki", "script", "http://wiki", NULL};
    const struct cs_run_options run = {.aspects = CS_ASPECT_TEXT};
    struct cs_list_summary listed = {0};
    enum cs_status status = cs_index_open(&options, &index, err);
    if (!status)
        status = cs_store_open(index, &store, err);
    if (status)
        return status;
    struct cs_sink *sink = cs_store_sink(store);
    status = sink->ops->begin(sink, &info, &run, err);
    if (!status)
        status = list(sink, &script, &listed, err);
    if (!status)
        status = fetch(sink, &script, err);
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status ended =
        sink->ops->end(sink, status, ret_summary, status ? &why : err);
    return status ? status : ended;
}

static struct cs_index *open_to_read(struct sandbox *box)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_READ};
    assert_ok(cs_index_open(&options, &index, &err), &err);
    return index;
}

void script_check(struct sandbox *box)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_to_read(box);
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    assert_ok(cs_dir_open(box->root, &dir, &err), &err);
    assert_ok(cs_db_query(cs_index_db(index), &query, &err,
                          "SELECT 'wiki/' || file_path, file_hash"
                          " FROM document WHERE file_path IS NOT NULL",
                          ""),
              &err);
    for (;;) {
        struct cs_hash hash;
        size_t len;
        assert_ok(cs_query_next(&query, &row, &err), &err);
        if (!row)
            break;
        const char *name = cs_query_text(&query, 0);
        assert_ok(cs_dir_hash(dir, name, &hash, &err), &err);
        const void *want = cs_query_blob(&query, 1, &len);
        if (len != CS_HASH_SIZE || memcmp(want, hash.bytes, len) != 0)
            fail_msg("%s is not what its row says", name);
    }
    cs_query_close(&query);
    int64_t wrong = 0;
    assert_ok(cs_db_int(cs_index_db(index), &wrong, &err,
                        "SELECT (SELECT count(*) FROM intent) + (SELECT"
                        " count(*) FROM (SELECT id FROM fts_docsize EXCEPT"
                        "  SELECT document FROM body))",
                        ""),
              &err);
    assert_int_equal(wrong, 0);
}

struct cs_run_summary script_run(struct sandbox *box,
                                 const struct script_page *pages, size_t n)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_run_summary summary = {0};
    assert_ok(script_try(box, pages, n, &summary, &err), &err);
    script_check(box);
    return summary;
}

int64_t script_count(struct sandbox *box, const char *sql)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_to_read(box);
    int64_t n = -1;
    assert_ok(cs_db_int(cs_index_db(index), &n, &err, sql, ""), &err);
    return n;
}

static void dump_rows(struct cs_db *db, const char *sql, struct cs_strbuf *out)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    assert_ok(cs_db_query(db, &query, &err, sql, ""), &err);
    for (;;) {
        assert_ok(cs_query_next(&query, &row, &err), &err);
        if (!row)
            break;
        for (int i = 0; i < sqlite3_column_count(query.stmt); i++) {
            const char *text = cs_query_text(&query, i);
            cs_strbuf_printf(out, "%s|", text ? text : "-");
        }
        cs_strbuf_putc(out, '\n');
    }
}

void script_dump(struct sandbox *box, struct cs_strbuf *out)
{
    static const char *const tables[] = {
        "PRAGMA integrity_check",
        "SELECT vendor_id, key, name, home, folder, listed_count"
        " FROM container ORDER BY 1",
        "SELECT vendor_id, kind, status, title, parent, version, created,"
        " updated, path, suffixed, file_path, hex(file_hash), body_version,"
        " missing IS NULL, failure FROM document ORDER BY 1",
        "SELECT d.vendor_id, b.markdown, hex(b.source) FROM body b"
        " JOIN document d ON d.id = b.document ORDER BY 1",
        "SELECT d.vendor_id, l.name FROM label l"
        " JOIN document d ON d.id = l.document ORDER BY 1, 2",
        "SELECT d.vendor_id, l.ord, l.at, l.len, l.kind, l.title,"
        " t.vendor_id FROM link l JOIN document d ON d.id = l.document"
        " LEFT JOIN document t ON t.id = l.target ORDER BY 1, 2",
        "SELECT count(*) FROM intent",
        "SELECT d.vendor_id FROM fts_docsize f"
        " JOIN document d ON d.id = f.id ORDER BY 1",
    };
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = open_to_read(box);
    for (size_t i = 0; i < CS_ARRAY_LEN(tables); i++)
        dump_rows(cs_index_db(index), tables[i], out);
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_strbuf_status(out, &err), &err);
}
