/*
 * entry.c - full-text entries in step with the rows they are made of.
 *
 * The full-text table has external content: to take an entry out, FTS5 needs
 * the old text, which the view search_text still shows as long as no row has
 * changed. Hence: remove, change, put. What was removed is only noted then,
 * with its old text, in temp.to_index.
 *
 * Entries are written together before the commit, in the order of their rows,
 * by statements of one row each: FTS5 writes out what it has gathered whenever
 * a row number goes down, or another statement of the transaction needs a
 * savepoint, and each time costs a segment. One whose text came back as it was
 * is left alone. Behind the entries come the vectors.
 */
#include "index/fulltext.h"
#include "index/store/internal.h"
#include "index/words/lexicon.h"
#include "index/words/vector_write.h"

#define PARAMETERS "?,?,?,?,?,?"
#define TYPES      "ssssss"
_Static_assert(sizeof(TYPES) - 1 == CS_FIELDS, "one for each column");

/* Whatever was removed first is what stands in the index. */
enum cs_status cs_entry_remove(struct cs_store *store, int64_t document,
                               struct cs_error *err)
{
    enum cs_status status = cs_db_run(
        store->db, err, "UPDATE temp.to_index SET put = 0 WHERE id = ?", "i",
        document);
    if (status || cs_db_changes(store->db) > 0)
        return status;
    return cs_db_run(
        store->db, err,
        "INSERT INTO temp.to_index(id, put, held, " CS_FULLTEXT_COLUMNS ")"
        " SELECT id, 0, 1, " CS_FULLTEXT_COLUMNS " FROM search_text"
        " WHERE id = ?",
        "i", document);
}

enum cs_status cs_entry_put(struct cs_store *store, int64_t document,
                            struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT INTO temp.to_index(id, put, held) VALUES(?, 1, 0)"
                     " ON CONFLICT DO UPDATE SET put = 1",
                     "i", document);
}

/* A text of one document, borrowed from a row. */
struct entry {
    bool there;
    const char *columns[CS_FIELDS];
};

/* Read a row of texts; without one, none is there. */
static enum cs_status read_entry(struct cs_query *row, struct entry *ret,
                                 struct cs_error *err)
{
    enum cs_status status = cs_query_next(row, &ret->there, err);
    for (int i = 0; i < CS_FIELDS; i++) {
        const char *text = !status && ret->there ? cs_query_text(row, i) : NULL;
        ret->columns[i] = text ? text : "";
    }
    return status;
}

static bool is_same(const struct entry *a, const struct entry *b)
{
    for (int i = 0; i < CS_FIELDS; i++)
        if (strcmp(a->columns[i], b->columns[i]) != 0)
            return false;
    return a->there == b->there;
}

static enum cs_status write_entry(struct cs_store *store, const char *sql,
                                  int64_t document, const struct entry *entry,
                                  struct cs_error *err)
{
    const char *const *columns = entry->columns;
    return entry->there ? cs_db_run(store->db, err, sql, "i" TYPES, document,
                                    columns[0], columns[1], columns[2],
                                    columns[3], columns[4], columns[5])
                        : CS_OK;
}

static enum cs_status replace(struct cs_store *store, int64_t document,
                              const struct entry *old, const struct entry *new,
                              struct cs_error *err)
{
    if (is_same(old, new))
        return CS_OK;
    enum cs_status status = cs_vectors_touch(store->db, document, err);
    cs_tally_document(store->watch.tally, -1);
    cs_fts_watch_entry(&store->watch);
    if (!status)
        status = write_entry(store,
                             "INSERT INTO fts(fts, rowid, " CS_FULLTEXT_COLUMNS
                             ") VALUES('delete',?," PARAMETERS ")",
                             document, old, err);
    cs_tally_document(store->watch.tally, 1);
    cs_fts_watch_entry(&store->watch);
    return status ? status
                  : write_entry(store,
                                "INSERT INTO fts(rowid, " CS_FULLTEXT_COLUMNS
                                ") VALUES(?," PARAMETERS ")",
                                document, new, err);
}

/* Two queries: a view that is joined to would be made in full. */
static enum cs_status index_now(struct cs_store *store, int64_t document,
                                struct cs_error *err)
{
    struct cs_query before CS_CLEANUP(cs_query_close) = {0};
    struct cs_query after CS_CLEANUP(cs_query_close) = {0};
    struct entry old, new;
    int64_t put = 0;
    enum cs_status status =
        cs_db_query(store->db, &before, err,
                    "SELECT " CS_FULLTEXT_COLUMNS " FROM temp.to_index"
                    " WHERE id = ? AND held",
                    "i", document);
    if (!status)
        status = read_entry(&before, &old, err);
    if (!status)
        status = cs_db_int(store->db, &put, err,
                           "SELECT put FROM temp.to_index WHERE id = ?", "i",
                           document);
    if (!status)
        status = cs_db_query(store->db, &after, err,
                             "SELECT " CS_FULLTEXT_COLUMNS " FROM search_text"
                             " WHERE id = ? AND ?",
                             "ii", document, put);
    if (!status)
        status = read_entry(&after, &new, err);
    return status ? status : replace(store, document, &old, &new, err);
}

/* While entries are written, their words are counted. */
static enum cs_status write_entries(struct cs_store *store,
                                    struct cs_error *err)
{
    struct cs_error ignored = CS_ERROR_INIT;
    cs_tally_clear(store->watch.tally);
    enum cs_status status = cs_fts_watch(store->db, &store->watch, err);
    if (!status)
        status = cs_walk_rows(
            store, "SELECT id FROM temp.to_index WHERE ? ORDER BY id", 1,
            index_now, err);
    (void)cs_fts_watch(store->db, NULL, &ignored);
    return status ? status
                  : cs_lexicon_write(store->db, store->watch.tally, err);
}

enum cs_status cs_entry_write(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status = write_entries(store, err);
    if (!status)
        status = cs_vectors_write(store->db, err);
    return status ? status
                  : cs_db_run(store->db, err, "DELETE FROM temp.to_index", "");
}
