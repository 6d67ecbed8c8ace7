/*
 * comments.c - the comments of a document: one text beside its own.
 *
 * Comments are looked at more often than they change, so the same ones again
 * cost no write.
 */
#include "index/store/internal.h"

#include "index/store/links.h"

static enum cs_status is_stored(struct cs_store *store, int64_t document,
                                const struct cs_document *doc,
                                const struct cs_strbuf *packed, bool *ret_same,
                                struct cs_error *err)
{
    int64_t same = 0;
    enum cs_status status =
        cs_db_int(store->db, &same, err,
                  "SELECT 1 FROM comments WHERE document = ? AND n = ?"
                  " AND source_format = ? AND source = ?",
                  "iisb", document, (int64_t)doc->n_comments,
                  doc->comments.source_format, packed->data, packed->len);
    *ret_same = same != 0;
    return status;
}

enum cs_status cs_comments_known(struct cs_store *store, int64_t document,
                                 const struct cs_document *doc, bool *ret_known,
                                 struct cs_error *err)
{
    struct cs_strbuf packed CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SIZE_MAX / 2);
    const struct cs_text *text = &doc->comments;
    int64_t any = 0;
    if (store->converting) {
        *ret_known = false;
        return CS_OK;
    }
    if (text->body.len) {
        enum cs_status status =
            cs_pack(store, text->source, text->source_len, &packed, err);
        return status
                   ? status
                   : is_stored(store, document, doc, &packed, ret_known, err);
    }
    enum cs_status status =
        cs_db_int(store->db, &any, err,
                  "SELECT 1 FROM comments WHERE document = ?", "i", document);
    *ret_known = !any;
    return status;
}

static enum cs_status put_text(struct cs_store *store, int64_t document,
                               const struct cs_document *doc,
                               const char *markdown, struct cs_error *err)
{
    struct cs_strbuf packed CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SIZE_MAX / 2);
    const struct cs_text *text = &doc->comments;
    enum cs_status status =
        cs_pack(store, text->source, text->source_len, &packed, err);
    if (status)
        return status;
    return cs_db_run(store->db, err,
                     "INSERT INTO comments(document, n, markdown, source,"
                     " source_format) VALUES(?,?,?,?,?)"
                     " ON CONFLICT(document) DO UPDATE SET n = excluded.n,"
                     " markdown = excluded.markdown,"
                     " source = excluded.source,"
                     " source_format = excluded.source_format",
                     "iisbs", document, (int64_t)doc->n_comments, markdown,
                     packed.data, packed.len, text->source_format);
}

enum cs_status cs_comments_put(struct cs_store *store, int64_t document,
                               const struct cs_document *doc,
                               struct cs_error *err)
{
    struct cs_strbuf markdown CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const struct cs_text *text = &doc->comments;
    enum cs_status status = cs_links_store(store, document, CS_ASPECT_COMMENTS,
                                           &text->body, &markdown, err);
    store->batch_bytes += markdown.len + text->source_len;
    if (status)
        return status;
    if (text->body.len)
        return put_text(store, document, doc, markdown.data, err);
    return cs_db_run(store->db, err, "DELETE FROM comments WHERE document = ?",
                     "i", document);
}
