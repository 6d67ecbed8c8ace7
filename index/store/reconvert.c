/*
 * reconvert.c - unpack, convert, put; source by source.
 */
#include "index/store/reconvert.h"

#include "index/store/internal.h"
#include "index/store/render.h"

/* What a stored source may unpack to; more was never fetched. */
#define SOURCE_MAX ((size_t)256 << 20)

struct work {
    const struct cs_reconvert_options *options;
    struct cs_reconvert_summary *summary;
    struct cs_store *store;
    struct cs_arena *arena; /* of one document */
    uint64_t total;
};

/* A document as it will be put again. */
struct again {
    int64_t row;
    struct cs_stored_source about; /* without format and text */
    struct cs_document doc;
    struct cs_strbuf text, comments; /* their sources */
};

static enum cs_status put_again(struct work *work, const struct again *again,
                                struct cs_error *err)
{
    struct cs_sink *sink = cs_store_sink(work->store);
    return sink->ops->put(sink, &again->doc, err);
}

/* Put it, look at the file that would come of it, and take it back. */
static enum cs_status compare(struct work *work, const struct again *again,
                              struct cs_error *err)
{
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = put_again(work, again, err);
    if (!status)
        status = cs_render_file(work->store->index, again->row, &bytes, err);
    if (!status)
        status = cs_db_query(work->store->db, &query, err,
                             "SELECT file_hash, path FROM document"
                             " WHERE id = ?",
                             "i", again->row);
    if (!status)
        status = cs_query_next(&query, &row, err);
    size_t len = 0;
    const void *old = row ? cs_query_blob(&query, 0, &len) : NULL;
    struct cs_hash hash = cs_hash_of(bytes.data, bytes.len);
    if (!status && (len != CS_HASH_SIZE || memcmp(old, hash.bytes, len) != 0)) {
        work->summary->written++;
        if (work->options->changed)
            work->options->changed(work->options->payload,
                                   cs_query_text(&query, 1));
    }
    cs_query_close(&query);
    cs_batch_abort(work->store);
    return status;
}

/* Convert one text; one that cannot be stays as it is. */
static enum cs_status convert_text(struct work *work, struct again *again,
                                   enum cs_aspect aspect,
                                   const struct cs_strbuf *source,
                                   struct cs_text *text, struct cs_error *err)
{
    const struct cs_reconvert_options *options = work->options;
    struct cs_stored_source stored = again->about;
    struct cs_error why = CS_ERROR_INIT;
    stored.format = text->source_format;
    stored.text = text->source = source->data;
    stored.len = text->source_len = source->len;
    enum cs_status status = options->convert(
        options->payload, &stored, work->arena, &text->body, &text->note, &why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        work->summary->failed++;
        if (options->failed)
            options->failed(options->payload, stored.id, &why);
        return CS_OK;
    }
    work->summary->converted++;
    again->doc.aspects |= (unsigned)aspect;
    return CS_OK;
}

static enum cs_status convert_all(struct work *work, struct again *again,
                                  struct cs_error *err)
{
    struct cs_document *doc = &again->doc;
    enum cs_status status = convert_text(work, again, CS_ASPECT_TEXT,
                                         &again->text, &doc->text, err);
    if (!status && doc->comments.source_format)
        status = convert_text(work, again, CS_ASPECT_COMMENTS, &again->comments,
                              &doc->comments, err);
    if (status || !doc->aspects)
        return status;
    return work->options->dry_run ? compare(work, again, err)
                                  : put_again(work, again, err);
}

static enum cs_status unpack(struct cs_query *query, int column,
                             struct cs_strbuf *out, struct cs_error *err)
{
    size_t len;
    const void *packed = cs_query_blob(query, column, &len);
    return packed ? cs_unpack(packed, len, out, err) : CS_OK;
}

static enum cs_status read_again(struct cs_arena *arena, struct cs_query *query,
                                 struct again *again, struct cs_error *err)
{
    const char *id = cs_arena_strdup(arena, cs_query_text(query, 0));
    again->about = (struct cs_stored_source){
        .id = id,
        .type = cs_arena_strdup(arena, cs_query_text(query, 1)),
        .base_url = cs_arena_strdup(arena, cs_query_text(query, 2)),
        .container_key = cs_arena_strdup(arena, cs_query_text(query, 3)),
    };
    struct cs_document *doc = &again->doc;
    doc->id = id;
    doc->version = cs_query_int(query, 4);
    doc->text.source_format = cs_arena_strdup(arena, cs_query_text(query, 5));
    doc->comments.source_format =
        cs_arena_strdup(arena, cs_query_text(query, 7));
    doc->n_comments = (unsigned)cs_query_int(query, 9);
    enum cs_status status = cs_arena_status(arena, err);
    if (!status)
        status = unpack(query, 6, &again->text, err);
    return status ? status : unpack(query, 8, &again->comments, err);
}

static enum cs_status load_and_convert(struct work *work, int64_t document,
                                       struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct again again = {.row = document,
                          .text = CS_STRBUF_INIT(SOURCE_MAX),
                          .comments = CS_STRBUF_INIT(SOURCE_MAX)};
    bool row = false;
    enum cs_status status = cs_db_query(
        work->store->db, &query, err,
        "SELECT d.vendor_id, s.type, s.base_url, c.key, d.body_version,"
        " b.source_format, b.source, m.source_format, m.source, m.n"
        " FROM body b JOIN document d ON d.id = b.document"
        " JOIN source s ON s.id = d.source"
        " JOIN container c ON c.id = d.container"
        " LEFT JOIN comments m ON m.document = d.id WHERE b.document = ?",
        "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && row)
        status = read_again(work->arena, &query, &again, err);
    cs_query_close(&query);
    if (!status && row)
        status = convert_all(work, &again, err);
    cs_strbuf_clear(&again.text);
    cs_strbuf_clear(&again.comments);
    return status;
}

static enum cs_status count_texts(struct work *work, struct cs_error *err)
{
    int64_t n = 0;
    enum cs_status status = cs_db_int(work->store->db, &n, err,
                                      "SELECT (SELECT count(*) FROM body)"
                                      " + (SELECT count(*) FROM comments)",
                                      "");
    work->total = (uint64_t)n;
    return status;
}

/* The next text of the source behind `*row`, which is 0 behind the last. */
static enum cs_status next_text(struct work *work, int64_t source, int64_t *row,
                                struct cs_error *err)
{
    int64_t after = *row;
    *row = 0;
    return cs_db_int(work->store->db, row, err,
                     "SELECT d.id FROM document d"
                     " JOIN body b ON b.document = d.id"
                     " WHERE d.source = ? AND d.id > ? ORDER BY d.id LIMIT 1",
                     "ii", source, after);
}

static enum cs_status reconvert_source(struct work *work, int64_t source,
                                       struct cs_error *err)
{
    const volatile sig_atomic_t *cancel = work->options->cancel;
    int64_t row = 0;
    uint64_t done = 0;
    enum cs_status status = cs_batch_use_source(work->store, source, err);
    while (!status) {
        status = next_text(work, source, &row, err);
        if (status || !row)
            break;
        cs_arena_clear(work->arena);
        status = load_and_convert(work, row, err);
        done = work->summary->converted + work->summary->failed;
        if (work->options->progress)
            work->options->progress(work->options->payload, done, work->total);
        if (!status && cancel && *cancel)
            status = cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
    }
    return status;
}

static enum cs_status all_sources(struct work *work, struct cs_error *err)
{
    struct cs_sink *sink = cs_store_sink(work->store);
    int64_t source = 0;
    enum cs_status status = count_texts(work, err);
    while (!status) {
        int64_t after = source;
        source = 0;
        status =
            cs_db_int(work->store->db, &source, err,
                      "SELECT min(id) FROM source WHERE id > ?", "i", after);
        if (status || !source)
            break;
        status = reconvert_source(work, source, err);
        struct cs_error why = CS_ERROR_INIT;
        enum cs_status committed = sink->ops->commit(sink, &why);
        if (committed && !status) {
            *err = why;
            status = committed;
        }
    }
    return status;
}

enum cs_status cs_store_reconvert(struct cs_store *store,
                                  const struct cs_reconvert_options *options,
                                  struct cs_reconvert_summary *ret_summary,
                                  struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_reconvert_summary summary = {0};
    uint64_t written = store->counts.written, moved = store->counts.moved;
    struct work work = {options, &summary, store, arena, 0};
    store->converting = true;
    enum cs_status status =
        arena ? all_sources(&work, err) : cs_error_no_memory(err);
    store->converting = false;
    summary.written += store->counts.written - written;
    summary.moved = store->counts.moved - moved;
    *ret_summary = summary;
    if (status || !summary.failed)
        return status;
    cs_error_set(err, CS_ERR_PARTIAL, "%llu text%s could not be converted",
                 (unsigned long long)summary.failed,
                 summary.failed == 1 ? "" : "s");
    cs_error_hint(err, "they stay as they were, the warnings say why");
    return CS_ERR_PARTIAL;
}
