/*
 * vector_block.c - see vector_block.h.
 */
#include "index/words/vector_block.h"

#include <endian.h>

_Static_assert(CS_VECTOR_BLOCK *CS_VECTOR_SIZE <= 4040,
               "a row fits a page of the file, less our checksum");
_Static_assert(sizeof(struct cs_vector_block) ==
                   CS_VECTOR_BLOCK * CS_VECTOR_SIZE,
               "no gaps");

/* From the bytes of the file to numbers, or back. */
static void put_in_order(struct cs_vector_block *block)
{
    if (__BYTE_ORDER == __LITTLE_ENDIAN)
        return;
    for (size_t i = 0; i < CS_VECTOR_BLOCK; i++) {
        struct cs_vector *vector = &block->vectors[i];
        vector->container = le16toh(vector->container);
        vector->author = le16toh(vector->author);
        vector->updated = le32toh(vector->updated);
        vector->generation = le32toh(vector->generation);
    }
}

enum cs_status cs_vector_block_get(struct cs_query *row, int column,
                                   int64_t number, struct cs_vector_block *ret,
                                   struct cs_error *err)
{
    size_t len;
    const void *docs = cs_query_blob(row, column, &len);
    if (len != sizeof(*ret)) {
        cs_error_set(err, CS_ERR_CORRUPT,
                     "block %lld of the vectors is damaged", (long long)number);
        cs_error_hint(err, "run `cs maintenance check`");
        return CS_ERR_CORRUPT;
    }
    memcpy(ret, docs, sizeof(*ret));
    put_in_order(ret);
    return CS_OK;
}

enum cs_status cs_vector_block_read(struct cs_db *db, int64_t number,
                                    struct cs_vector_block *ret, bool *ret_held,
                                    struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(db, &query, err, "SELECT docs FROM vector WHERE block = ?",
                    "i", number);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    *ret_held = row;
    if (row)
        return cs_vector_block_get(&query, 0, number, ret, err);
    memset(ret, 0, sizeof(*ret));
    return CS_OK;
}

static bool is_empty(const struct cs_vector_block *block)
{
    for (size_t i = 0; i < CS_VECTOR_BLOCK; i++)
        if (block->vectors[i].flags)
            return false;
    return true;
}

enum cs_status cs_vector_block_write(struct cs_db *db, int64_t number,
                                     const struct cs_vector_block *block,
                                     bool held, struct cs_error *err)
{
    struct cs_vector_block bytes;
    if (is_empty(block))
        return held ? cs_db_run(db, err, "DELETE FROM vector WHERE block = ?",
                                "i", number)
                    : CS_OK;
    bytes = *block;
    put_in_order(&bytes);
    /* An update of the same length leaves pages alone that stay the same. */
    return cs_db_run(db, err,
                     held ? "UPDATE vector SET docs = ?1 WHERE block = ?2"
                          : "INSERT INTO vector(docs, block) VALUES(?1, ?2)",
                     "bi", &bytes, sizeof(bytes), number);
}
