/*
 * record.c - the rows of a document and of the people in it.
 *
 * The full-text entry is taken out before the rows change and put in after
 * (entry.c).
 */
#include "index/store/internal.h"

#include "index/store/attachment.h"
#include "index/store/links.h"

enum cs_status cs_record_put_person(struct cs_store *store,
                                    const struct cs_person *person,
                                    struct cs_error *err)
{
    int64_t known = 0;
    enum cs_status status = cs_db_int(
        store->db, &known, err,
        "SELECT 1 + (name IS ?) FROM person WHERE source = ? AND vendor_id = ?",
        "sis", person->name, store->source, person->id);
    if (status || known == 2)
        return status;
    status = cs_db_run(store->db, err,
                       "INSERT INTO person(source, vendor_id, name)"
                       " VALUES(?,?,?)"
                       " ON CONFLICT DO UPDATE SET name = excluded.name",
                       "iss", store->source, person->id, person->name);
    if (status || !known) /* a new person is in no text yet */
        return status;
    status = cs_db_run(store->db, err,
                       "INSERT OR IGNORE INTO temp.dirty SELECT id"
                       " FROM document WHERE source = ?1"
                       " AND (author = ?2 OR editor = ?2)",
                       "is", store->source, person->id);
    if (status)
        return status;
    status = cs_db_run(store->db, err,
                       "INSERT OR REPLACE INTO temp.fresh_person VALUES(?)",
                       "s", person->id);
    if (!status)
        status = cs_walk_rows(store,
                              "SELECT DISTINCT l.document"
                              " FROM temp.fresh_person f"
                              " JOIN link l ON l.ref_id = f.id"
                              "  AND l.kind = 'user'"
                              " JOIN document d ON d.id = l.document"
                              " WHERE d.source = ?",
                              store->source, cs_links_refresh, err);
    if (!status)
        status = cs_db_run(store->db, err, "DELETE FROM temp.fresh_person", "");
    return status;
}

static bool has_label(const struct cs_document *doc, const char *name)
{
    for (size_t i = 0; i < doc->n_labels; i++)
        if (strcmp(doc->labels[i], name) == 0)
            return true;
    return false;
}

struct labels {
    struct cs_store *store;
    const struct cs_document *doc;
    int64_t document;
};

static enum cs_status drop_label(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    const struct labels *labels = payload;
    const char *name = cs_query_text(row, 0);
    return has_label(labels->doc, name)
               ? CS_OK
               : cs_db_run(labels->store->db, err,
                           "DELETE FROM label WHERE document = ? AND name = ?",
                           "is", labels->document, name);
}

/* Those that stay are not touched. */
static enum cs_status put_labels(struct cs_store *store, int64_t document,
                                 const struct cs_document *doc,
                                 struct cs_error *err)
{
    struct labels labels = {store, doc, document};
    enum cs_status status =
        cs_db_each(store->db, drop_label, &labels, err,
                   "SELECT name FROM label WHERE document = ?", "i", document);
    for (size_t i = 0; i < doc->n_labels && !status; i++)
        status =
            cs_db_run(store->db, err, "INSERT OR IGNORE INTO label VALUES(?,?)",
                      "is", document, doc->labels[i]);
    return status;
}

static enum cs_status put_body(struct cs_store *store, int64_t document,
                               const struct cs_text *text, const char *markdown,
                               struct cs_error *err)
{
    struct cs_strbuf packed CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SIZE_MAX / 2);
    enum cs_status status =
        cs_pack(store, text->source, text->source_len, &packed, err);
    if (status)
        return status;
    return cs_db_run(store->db, err,
                     "INSERT INTO body(document, markdown, source,"
                     " source_format, degraded, kept_raw, dropped,"
                     " recovered) VALUES(?,?,?,?,?,?,?,?)"
                     " ON CONFLICT(document) DO UPDATE SET"
                     " markdown = excluded.markdown,"
                     " source = excluded.source,"
                     " source_format = excluded.source_format,"
                     " degraded = excluded.degraded,"
                     " kept_raw = excluded.kept_raw,"
                     " dropped = excluded.dropped,"
                     " recovered = excluded.recovered",
                     "isbsiiii", document, markdown, packed.data, packed.len,
                     text->source_format, (int64_t)text->note.degraded,
                     (int64_t)text->note.kept_raw, (int64_t)text->note.dropped,
                     (int64_t)text->note.recovered);
}

/* How the conversion went, construct by construct. */
static enum cs_status put_outcomes(struct cs_store *store, int64_t document,
                                   const struct cs_conversion_note *note,
                                   struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(store->db, err, "DELETE FROM conversion WHERE document = ?",
                  "i", document);
    for (size_t i = 0; i < note->n_rows && !status; i++) {
        const struct cs_outcome_row *row = &note->rows[i];
        status = cs_db_run(store->db, err,
                           "INSERT INTO conversion(document, kind, name,"
                           " outcome, n) VALUES(?,?,?,?,?) ON CONFLICT"
                           " DO UPDATE SET n = n + excluded.n",
                           "isssi", document, row->kind, row->name,
                           cs_outcome_name(row->outcome), (int64_t)row->count);
    }
    return status;
}

/* The version that came may be newer than the one that was listed. */
static enum cs_status put_version(struct cs_store *store, int64_t document,
                                  int64_t version, struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "UPDATE document SET body_version = ?2,"
                     " version = max(version, ?2),"
                     " failure = NULL, failed = NULL WHERE id = ?1",
                     "ii", document, version);
}

static enum cs_status put_text(struct cs_store *store, int64_t document,
                               const struct cs_document *doc,
                               struct cs_error *err)
{
    struct cs_strbuf markdown CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const struct cs_text *text = &doc->text;
    enum cs_status status = cs_links_store(store, document, CS_ASPECT_TEXT,
                                           &text->body, &markdown, err);
    if (!status)
        status = put_body(store, document, text, markdown.data, err);
    if (!status)
        status = put_outcomes(store, document, &text->note, err);
    if (!status)
        status = put_version(store, document, doc->version, err);
    store->batch_bytes += markdown.len + text->source_len;
    return status;
}

static enum cs_status note_fetched(struct cs_store *store, int64_t document,
                                   int64_t version, struct cs_error *err)
{
    char detail[40];
    (void)snprintf(detail, sizeof(detail), "version %lld", (long long)version);
    return cs_event_note(store, document, "fetched", detail, err);
}

enum {
    INDEXED_ASPECTS = CS_ASPECT_TEXT | CS_ASPECT_LABELS | CS_ASPECT_COMMENTS
};

enum cs_status cs_record_put(struct cs_store *store,
                             const struct cs_document *doc,
                             struct cs_error *err)
{
    int64_t document = 0;
    enum cs_status status =
        cs_db_int(store->db, &document, err,
                  "SELECT id FROM document WHERE source = ? AND vendor_id = ?",
                  "is", store->source, doc->id);
    if (!status && !document)
        status =
            cs_error_set(err, CS_ERR_INTERNAL,
                         "a text came for %s, which was never listed", doc->id);
    unsigned aspects = doc->aspects;
    bool known = false;
    if (!status && (aspects & CS_ASPECT_COMMENTS))
        status = cs_comments_known(store, document, doc, &known, err);
    if (known)
        aspects &= ~(unsigned)CS_ASPECT_COMMENTS;
    bool indexed = (aspects & INDEXED_ASPECTS) != 0;
    if (!status && indexed)
        status = cs_entry_remove(store, document, err);
    if (!status && (aspects & CS_ASPECT_TEXT))
        status = put_text(store, document, doc, err);
    if (!status && (aspects & CS_ASPECT_COMMENTS))
        status = cs_comments_put(store, document, doc, err);
    if (!status && (doc->aspects & CS_ASPECT_TEXT))
        status = note_fetched(store, document, doc->version, err);
    if (!status && (aspects & CS_ASPECT_LABELS))
        status = put_labels(store, document, doc, err);
    if (!status && (aspects & CS_ASPECT_ATTACHMENTS))
        status = cs_attachments_put(store, document, doc, err);
    if (!status)
        status = cs_watch_looked(store, document, doc->aspects, err);
    if (!status && !(aspects & CS_ASPECT_ATTACHMENTS) &&
        (aspects & (CS_ASPECT_TEXT | CS_ASPECT_COMMENTS)))
        status = cs_attachments_miss(store, document, err);
    if (!status && indexed)
        status = cs_entry_put(store, document, err);
    return status ? status : cs_touch_document(store, document, err);
}
