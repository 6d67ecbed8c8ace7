/*
 * vector_block.c - see vector_block.h.
 */
#include "index/words/vector_block.h"

#include <endian.h>

_Static_assert(CS_VECTOR_PART_SIZE <= 4040,
               "a row fits a page of the file, less our checksum");
_Static_assert(sizeof(struct cs_vector_block) ==
                   CS_VECTOR_PARTS * CS_VECTOR_PART_SIZE,
               "no gaps");

/* From the bytes of the file to numbers, or back. */
static void put_in_order(enum cs_vector_part part, void *bytes, size_t n)
{
    struct cs_vector *vectors = bytes;
    struct cs_vector_facts *facts = bytes;
    if (__BYTE_ORDER == __LITTLE_ENDIAN)
        return;
    for (size_t i = 0; i < n; i++) {
        if (part == CS_VECTOR_RANK) {
            vectors[i].day = le16toh(vectors[i].day);
            continue;
        }
        facts[i].generation = le32toh(facts[i].generation);
        facts[i].container = le16toh(facts[i].container);
        facts[i].author = le16toh(facts[i].author);
        facts[i].minute = le16toh(facts[i].minute);
    }
}

static void *part_of(struct cs_vector_block *block, enum cs_vector_part part)
{
    return part == CS_VECTOR_RANK ? (void *)block->vectors
                                  : (void *)block->facts;
}

enum cs_status cs_vector_block_get(struct cs_query *row, int column,
                                   enum cs_vector_part part, int64_t number,
                                   size_t first, size_t n, void *ret,
                                   struct cs_error *err)
{
    size_t len;
    const char *docs = cs_query_blob(row, column, &len);
    if (len != CS_VECTOR_PART_SIZE) {
        cs_error_set(err, CS_ERR_CORRUPT,
                     "block %lld of the vectors is damaged", (long long)number);
        cs_error_hint(err, "run `cs maintenance check`");
        return CS_ERR_CORRUPT;
    }
    memcpy(ret, docs + first * CS_VECTOR_SIZE, n * CS_VECTOR_SIZE);
    put_in_order(part, ret, n);
    return CS_OK;
}

static enum cs_status read_part(struct cs_db *db, int64_t number,
                                enum cs_vector_part part,
                                struct cs_vector_block *ret,
                                struct cs_error *err)
{
    static const char *const sql[] = {
        "SELECT docs FROM vector WHERE block = ?",
        "SELECT docs FROM vector_facts WHERE block = ?"};
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(db, &query, err, sql[part], "i", number);
    if (!status)
        status = cs_query_next(&query, &row, err);
    return status || !row
               ? status
               : cs_vector_block_get(&query, 0, part, number, 0,
                                     CS_VECTOR_BLOCK, part_of(ret, part), err);
}

enum cs_status cs_vector_block_read(struct cs_db *db, int64_t number,
                                    struct cs_vector_block *ret,
                                    struct cs_error *err)
{
    memset(ret, 0, sizeof(*ret));
    enum cs_status status = read_part(db, number, CS_VECTOR_RANK, ret, err);
    return status ? status : read_part(db, number, CS_VECTOR_FACTS, ret, err);
}

static bool is_empty(const struct cs_vector_block *block)
{
    for (size_t i = 0; i < CS_VECTOR_BLOCK; i++)
        if (block->vectors[i].flags)
            return false;
    return true;
}

/* A row of the same length leaves its page alone when it stays the same. */
#define WRITE(table)                                                           \
    "INSERT INTO " table "(docs, block) VALUES(?1, ?2)"                        \
    " ON CONFLICT(block) DO UPDATE SET docs = excluded.docs"

enum cs_status cs_vector_block_write(struct cs_db *db, int64_t number,
                                     const struct cs_vector_block *block,
                                     struct cs_error *err)
{
    static const char *const write[] = {WRITE("vector"), WRITE("vector_facts")};
    static const char *const drop[] = {
        "DELETE FROM vector WHERE block = ?",
        "DELETE FROM vector_facts WHERE block = ?"};
    struct cs_vector_block bytes = *block;
    bool empty = is_empty(block);
    enum cs_status status = CS_OK;
    for (unsigned i = 0; i < CS_VECTOR_PARTS && !status; i++) {
        enum cs_vector_part part = (enum cs_vector_part)i;
        void *docs = part_of(&bytes, part);
        put_in_order(part, docs, CS_VECTOR_BLOCK);
        status = empty ? cs_db_run(db, err, drop[i], "i", number)
                       : cs_db_run(db, err, write[i], "bi", docs,
                                   (size_t)CS_VECTOR_PART_SIZE, number);
    }
    return status;
}
