/*
 * sample.c - see sample.h.
 */
#include "tests/lib/test.h"

#include "index/fulltext.h"
#include "index/store/render.h"
#include "src/file.h"
#include "src/hash.h"
#include "src/path.h"
#include "tests/index/sample.h"

struct cs_index *sample_open(struct sandbox *box)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    struct cs_index *index = NULL;
    assert_ok(cs_index_open(&options, &index, &err), &err);
    sample_source(index, "confluence", "https://wiki.example");
    sample_space(index, "confluence", "ENG");
    sample_space(index, "confluence", "OPS");
    return index;
}

void sample_exec(struct cs_index *index, const char *sql)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_exec(cs_index_db(index), sql, &err), &err);
}

void sample_source(struct cs_index *index, const char *name, const char *url)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_run(cs_index_db(index), &err,
                        "INSERT INTO source(name, type, base_url, folder)"
                        " VALUES(?1, 'confluence', ?2, ?1)",
                        "ss", name, url),
              &err);
}

void sample_space(struct cs_index *index, const char *source, const char *key)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_run(cs_index_db(index), &err,
                        "INSERT INTO container(source, vendor_id, key, name,"
                        " folder) SELECT id, ?2, ?2, 'Space ' || ?2, ?2"
                        " FROM source WHERE name = ?1",
                        "ss", source, key),
              &err);
}

void sample_person(struct cs_index *index, const char *id, const char *name)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_run(cs_index_db(index), &err,
                        "INSERT INTO person(source, vendor_id, name)"
                        " VALUES(1, ?, ?)",
                        "ss", id, name),
              &err);
}

static void write_file(struct cs_index *index, int64_t row)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = cs_index_db(index);
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool found = false;
    assert_ok(cs_db_query(db, &query, &err,
                          "SELECT s.folder, d.path FROM document d"
                          " JOIN source s ON s.id = d.source WHERE d.id = ?",
                          "i", row),
              &err);
    assert_ok(cs_query_next(&query, &found, &err), &err);
    cs_index_put_folder(index, cs_query_text(&query, 0), &path);
    cs_strbuf_putc(&path, '/');
    cs_strbuf_puts(&path, cs_query_text(&query, 1));
    assert_ok(cs_render_file(index, row, &bytes, &err), &err);
    char *folder = strndup(path.data, cs_path_dirname_len(path.data));
    assert_ok(cs_file_make_dirs(folder, &err), &err);
    free(folder);
    assert_ok(cs_file_write(path.data, bytes.data, bytes.len, &err), &err);
    struct cs_hash hash = cs_hash_of(bytes.data, bytes.len);
    assert_ok(cs_db_run(db, &err,
                        "UPDATE document SET file_path = path, file_hash = ?"
                        " WHERE id = ?",
                        "bi", hash.bytes, (size_t)CS_HASH_SIZE, row),
              &err);
}

int64_t sample_page(struct cs_index *index, const struct sample_page *page)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = cs_index_db(index);
    const char *source = page->source ? page->source : "confluence";
    const char *space = page->space ? page->space : "ENG";
    assert_ok(cs_db_run(db, &err,
                        "INSERT INTO document(source, container, vendor_id,"
                        " kind, status, title, version, body_version, created,"
                        " updated, author, url, path)"
                        " SELECT s.id, c.id, ?3, ?4, 'current', ?5, 1, 1,"
                        " 1000, ?6, ?7, ?8, c.folder || '/' || ?5 || '.md'"
                        " FROM source s JOIN container c ON c.source = s.id"
                        " WHERE s.name = ?1 AND c.key = ?2",
                        "sssssiss", source, space, page->id,
                        page->kind ? page->kind : "page", page->title,
                        page->updated ? page->updated : (int64_t)2000,
                        page->author, page->url),
              &err);
    int64_t row = 0;
    assert_ok(cs_db_int(db, &row, &err, "SELECT last_insert_rowid()", ""),
              &err);
    assert_ok(cs_db_run(db, &err,
                        "INSERT INTO body VALUES(?, ?, x'', 'storage',"
                        " 0, 0, 0, 0)",
                        "is", row, page->markdown ? page->markdown : ""),
              &err);
    if (page->label)
        assert_ok(cs_db_run(db, &err, "INSERT INTO label VALUES(?, ?)", "is",
                            row, page->label),
                  &err);
    assert_ok(cs_db_run(db, &err,
                        "INSERT INTO fts(rowid, " CS_FULLTEXT_COLUMNS ")"
                        " SELECT * FROM search_text"
                        " WHERE id = ?",
                        "i", row),
              &err);
    if (page->on_disk)
        write_file(index, row);
    return row;
}
