/*
 * vector_write.c - vectors written: a few, or all anew.
 *
 * Documents come in the order of their rows, so that one block is held at a
 * time, written when the next one is needed.
 */
#include "index/words/vector_write.h"

#include "index/state.h"
#include "index/words/fingerprint.h"
#include "index/words/vector_block.h"
#include "index/words/vector_rows.h"
#include "src/strbuf.h"

#include <stdlib.h>

/* "ON CONFLICT" keeps to itself what the statement that fires it would have
 * done with a conflict of its own. */
#define LIST "INSERT INTO to_vector(id) "
#define ONCE " ON CONFLICT DO NOTHING;"

static const char watch[] =
    "CREATE TEMP TABLE to_vector(id INTEGER PRIMARY KEY,"
    " text INTEGER NOT NULL DEFAULT 0);"

    "CREATE TEMP TRIGGER vector_document AFTER UPDATE OF"
    "  kind, status, container, author, updated ON main.document"
    " WHEN (OLD.kind, OLD.status, OLD.container, OLD.author, OLD.updated)"
    "  IS NOT (NEW.kind, NEW.status, NEW.container, NEW.author, NEW.updated)"
    " BEGIN " LIST "VALUES(NEW.id)" ONCE " END;"
    "CREATE TEMP TRIGGER vector_document_gone AFTER DELETE ON main.document"
    " BEGIN " LIST "VALUES(OLD.id)" ONCE " END;"

    "CREATE TEMP TRIGGER vector_label AFTER INSERT ON main.label"
    " BEGIN " LIST "VALUES(NEW.document)" ONCE " END;"
    "CREATE TEMP TRIGGER vector_label_other AFTER UPDATE ON main.label"
    " BEGIN " LIST "VALUES(OLD.document), (NEW.document)" ONCE " END;"
    "CREATE TEMP TRIGGER vector_label_gone AFTER DELETE ON main.label"
    " BEGIN " LIST "VALUES(OLD.document)" ONCE " END;"

    "CREATE TEMP TRIGGER vector_link AFTER INSERT ON main.link"
    " WHEN NEW.target <> NEW.document"
    " BEGIN " LIST "VALUES(NEW.target)" ONCE " END;"
    "CREATE TEMP TRIGGER vector_link_other AFTER UPDATE OF target ON main.link"
    " WHEN OLD.target IS NOT NEW.target"
    " BEGIN " LIST "SELECT OLD.target WHERE OLD.target IS NOT NULL" ONCE //
        LIST "SELECT NEW.target WHERE NEW.target IS NOT NULL" ONCE " END;"
    "CREATE TEMP TRIGGER vector_link_gone AFTER DELETE ON main.link"
    " WHEN OLD.target <> OLD.document"
    " BEGIN " LIST "VALUES(OLD.target)" ONCE " END;"

    "CREATE TEMP TRIGGER vector_container AFTER UPDATE OF key ON main.container"
    " WHEN OLD.key IS NOT NEW.key"
    " BEGIN " LIST "SELECT id FROM document WHERE container = NEW.id" //
    ONCE " END;";

enum cs_status cs_vectors_watch(struct cs_db *db, struct cs_error *err)
{
    return cs_db_exec(db, watch, err);
}

enum cs_status cs_vectors_touch(struct cs_db *db, int64_t document,
                                struct cs_error *err)
{
    return cs_db_run(db, err,
                     "INSERT INTO temp.to_vector(id, text) VALUES(?, 1)"
                     " ON CONFLICT DO UPDATE SET text = 1",
                     "i", document);
}

/* The block being written, and what was written so far. */
struct pen {
    struct cs_db *db;
    bool anew;     /* blocks start empty; those passed by are dropped */
    bool open;     /* a block is held */
    int64_t block; /* its number */
    struct cs_vector_block old, new;
    int64_t generation; /* of this commit */
    struct cs_vector_totals totals;
    bool changed;
};

static void add_totals(struct cs_vector_totals *totals,
                       const struct cs_vector *vector, int sign)
{
    if (!vector->flags)
        return;
    totals->documents += sign;
    for (size_t i = 0; i < CS_FIELDS; i++)
        totals->tokens[i] += sign * (int64_t)cs_vector_length(vector->len[i]);
}

static enum cs_status put_down(struct pen *pen, struct cs_error *err)
{
    bool same = memcmp(&pen->old, &pen->new, sizeof(pen->old)) == 0;
    if (!pen->open || (same && !pen->anew))
        return CS_OK;
    for (size_t i = 0; i < CS_VECTOR_BLOCK; i++) {
        if (!pen->anew)
            add_totals(&pen->totals, &pen->old.vectors[i], -1);
        add_totals(&pen->totals, &pen->new.vectors[i], 1);
    }
    pen->changed |= !same;
    return same ? CS_OK
                : cs_vector_block_write(pen->db, pen->block, &pen->new, err);
}

/* A damaged block is as good as none when all are built anew. */
static enum cs_status read_old(struct pen *pen, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status =
        cs_vector_block_read(pen->db, pen->block, &pen->old, &why);
    if (status == CS_ERR_CORRUPT && pen->anew) {
        memset(&pen->old, 0, sizeof(pen->old));
        return CS_OK;
    }
    return cs_error_pass(err, status, &why);
}

/* Drop the blocks between two numbers. */
static enum cs_status drop(struct cs_db *db, int64_t after, int64_t before,
                           struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(db, err, "DELETE FROM vector WHERE block > ? AND block < ?",
                  "ii", after, before);
    return status ? status
                  : cs_db_run(db, err,
                              "DELETE FROM vector_facts"
                              " WHERE block > ? AND block < ?",
                              "ii", after, before);
}

/* Blocks between the one that was put down and `next` have no documents. */
static enum cs_status drop_between(struct pen *pen, int64_t next,
                                   struct cs_error *err)
{
    return drop(pen->db, pen->open ? pen->block : INT64_MIN, next, err);
}

static enum cs_status take_up(struct pen *pen, int64_t block,
                              struct cs_error *err)
{
    enum cs_status status = put_down(pen, err);
    if (!status && pen->anew)
        status = drop_between(pen, block, err);
    if (status)
        return status;
    pen->block = block;
    pen->open = false; /* until it is read */
    status = read_old(pen, err);
    if (status)
        return status;
    pen->open = true;
    if (pen->anew)
        memset(&pen->new, 0, sizeof(pen->new));
    else
        pen->new = pen->old;
    return CS_OK;
}

/* Write one; a `fresh` text is of this generation, another keeps its own. */
static enum cs_status write_one(struct pen *pen, int64_t document,
                                const struct cs_vector_row *row, bool fresh,
                                struct cs_error *err)
{
    int64_t block = cs_vector_block_of(document);
    enum cs_status status = CS_OK;
    if (!pen->open || pen->block != block)
        status = take_up(pen, block, err);
    if (status)
        return status;
    size_t place = cs_vector_place(document);
    uint32_t old = pen->old.facts[place].generation;
    bool keeps =
        !fresh && pen->old.vectors[place].flags && old && old < pen->generation;
    pen->new.vectors[place] = row->vector;
    pen->new.facts[place] = row->facts;
    if (row->vector.flags)
        pen->new.facts[place].generation =
            keeps ? old : (uint32_t)pen->generation;
    return CS_OK;
}

static enum cs_status finish(struct pen *pen, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(400);
    enum cs_status status = put_down(pen, err);
    if (status || !pen->changed)
        return status;
    cs_strbuf_printf(&text, "%lld", (long long)pen->totals.documents);
    for (size_t i = 0; i < CS_FIELDS; i++)
        cs_strbuf_printf(&text, " %lld", (long long)pen->totals.tokens[i]);
    status = cs_strbuf_status(&text, err);
    if (!status)
        status = cs_state_set_text(pen->db, "vectors", text.data, err);
    return status
               ? status
               : cs_state_set_int(pen->db, "generation", pen->generation, err);
}

static enum cs_status start(struct cs_db *db, bool anew, struct pen **ret,
                            struct cs_error *err)
{
    struct pen *pen = calloc(1, sizeof(*pen));
    if (!pen)
        return cs_error_no_memory(err);
    pen->db = db;
    pen->anew = anew;
    *ret = pen;
    enum cs_status status = cs_vectors_generation(db, &pen->generation, err);
    pen->generation++;
    if (!status && !anew)
        status = cs_vectors_totals(db, &pen->totals, err);
    return status;
}

/* ---- a few ---- */

static enum cs_status write_listed(void *payload, struct cs_query *row,
                                   struct cs_error *err)
{
    struct pen *pen = payload;
    struct cs_vector_row made;
    int64_t document = cs_query_int(row, 0);
    bool fresh = cs_query_int(row, 1) != 0;
    enum cs_status status = cs_vector_read(pen->db, document, &made, err);
    if (!status && fresh)
        status = cs_fingerprint_write(pen->db, document, err);
    return status ? status : write_one(pen, document, &made, fresh, err);
}

static enum cs_status write_list(struct cs_db *db, struct pen *pen,
                                 struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(db, err,
                  "INSERT OR IGNORE INTO author(source, vendor_id)"
                  " SELECT d.source, d.author FROM temp.to_vector v"
                  " CROSS JOIN document d ON d.id = v.id"
                  " WHERE d.author IS NOT NULL ORDER BY v.id",
                  "");
    if (!status)
        status =
            cs_db_each(db, write_listed, pen, err,
                       "SELECT id, text FROM temp.to_vector ORDER BY id", "");
    if (!status)
        status = finish(pen, err);
    return status ? status
                  : cs_db_run(db, err, "DELETE FROM temp.to_vector", "");
}

enum cs_status cs_vectors_write(struct cs_db *db, struct cs_error *err)
{
    struct pen *pen = NULL;
    int64_t any = 0;
    enum cs_status status =
        cs_db_int(db, &any, err, "SELECT 1 FROM temp.to_vector LIMIT 1", "");
    if (status || !any)
        return status;
    status = start(db, false, &pen, err);
    if (!status)
        status = write_list(db, pen, err);
    free(pen);
    return status;
}

/* ---- all of them ---- */

static enum cs_status write_row(void *payload, int64_t document,
                                const struct cs_vector_row *row,
                                struct cs_error *err)
{
    return write_one(payload, document, row, false, err);
}

static enum cs_status write_all(struct cs_db *db, struct pen *pen,
                                struct cs_error *err)
{
    enum cs_status status = cs_vector_number_authors(db, err);
    if (!status)
        status = cs_vector_read_all(db, write_row, pen, err);
    pen->changed = true;
    if (!status)
        status = finish(pen, err);
    if (!status)
        status = drop(db, pen->open ? pen->block : INT64_MIN, INT64_MAX, err);
    return status;
}

enum cs_status cs_vectors_build(struct cs_db *db, struct cs_error *err)
{
    struct pen *pen = NULL;
    enum cs_status status = start(db, true, &pen, err);
    if (!status)
        status = write_all(db, pen, err);
    if (!status)
        status = cs_fingerprint_fill(db, err);
    free(pen);
    return status;
}
