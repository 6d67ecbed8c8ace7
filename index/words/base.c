/*
 * base.c - the base written, a row when a chunk is full.
 */
#include "index/words/base.h"

void cs_base_writer_init(struct cs_base_writer *writer, struct cs_db *db)
{
    writer->db = db;
    writer->id = 0;
    writer->chunk.terms_len = writer->chunk.dfs_len = 0;
    writer->chunk.first_len = 0;
    cs_strbuf_init(&writer->bytes, CS_CHUNK_MAX);
}

void cs_base_writer_clear(struct cs_base_writer *writer)
{
    cs_strbuf_clear(&writer->bytes);
}

enum cs_status cs_base_begin(struct cs_base_writer *writer,
                             struct cs_error *err)
{
    return cs_db_int(writer->db, &writer->id, err,
                     "SELECT coalesce(max(id), 0) FROM lexicon", "");
}

static enum cs_status end_row(struct cs_base_writer *writer,
                              struct cs_error *err)
{
    cs_strbuf_reset(&writer->bytes);
    cs_chunk_end(&writer->chunk, &writer->bytes);
    enum cs_status status = cs_strbuf_status(&writer->bytes, err);
    if (status)
        return status;
    writer->id++;
    return cs_db_run(writer->db, err,
                     "INSERT INTO lexicon(id, first, terms) VALUES(?,?,?)",
                     "isb", writer->id, writer->first,
                     (const void *)writer->bytes.data, writer->bytes.len);
}

enum cs_status cs_base_add(struct cs_base_writer *writer, const char *term,
                           size_t len, int64_t df, struct cs_error *err)
{
    if (writer->chunk.terms_len > 0) {
        if (cs_chunk_add(&writer->chunk, term, len, df))
            return CS_OK;
        enum cs_status status = end_row(writer, err);
        if (status)
            return status;
    }
    (void)cs_chunk_add(&writer->chunk, term, len, df);
    memcpy(writer->first, term, len);
    writer->first[len] = '\0';
    return CS_OK;
}

enum cs_status cs_base_end(struct cs_base_writer *writer, struct cs_error *err)
{
    return writer->chunk.terms_len > 0 ? end_row(writer, err) : CS_OK;
}
