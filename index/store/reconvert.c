/*
 * reconvert.c - unpack, convert, put; source by source.
 */
#include "index/store/reconvert.h"

#include "index/store/internal.h"
#include "index/store/render.h"

#include <stdlib.h>

/* What a stored source may unpack to; more was never fetched. */
#define SOURCE_MAX ((unsigned long long)256 << 20)

struct work {
    const struct cs_reconvert_options *options;
    struct cs_reconvert_summary *summary;
    struct cs_store *store;
    struct cs_arena *arena; /* of one document */
    uint64_t total;
};

/* Unpack into memory of its own, to be freed by the caller. */
static enum cs_status unpack(const void *packed, size_t packed_len,
                             char **ret_text, size_t *ret_len,
                             struct cs_error *err)
{
    unsigned long long size = ZSTD_getFrameContentSize(packed, packed_len);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > SOURCE_MAX)
        return cs_error_set(err, CS_ERR_CORRUPT,
                            "the stored source cannot be unpacked");
    char *text = malloc((size_t)size + 1);
    if (!text)
        return cs_error_no_memory(err);
    size_t n = ZSTD_decompress(text, (size_t)size, packed, packed_len);
    if (ZSTD_isError(n) || n != size) {
        free(text);
        return cs_error_set(err, CS_ERR_CORRUPT,
                            "the stored source cannot be unpacked: %s",
                            ZSTD_isError(n) ? ZSTD_getErrorName(n) : "length");
    }
    text[n] = '\0';
    *ret_text = text;
    *ret_len = n;
    return CS_OK;
}

static enum cs_status put_again(struct work *work,
                                const struct cs_stored_source *source,
                                int64_t version,
                                const struct cs_conversion_note *note,
                                const struct cs_body *body,
                                struct cs_error *err)
{
    struct cs_sink *sink = cs_store_sink(work->store);
    const struct cs_document doc = {
        .id = source->id,
        .version = version,
        .aspects = CS_ASPECT_TEXT,
        .text = {.body = *body,
                 .source = source->text,
                 .source_len = source->len,
                 .source_format = source->format,
                 .note = *note},
    };
    return sink->ops->put(sink, &doc, err);
}

/* Put it, look at the file that would come of it, and take it back. */
static enum cs_status compare(struct work *work, int64_t document,
                              const struct cs_stored_source *source,
                              int64_t version,
                              const struct cs_conversion_note *note,
                              const struct cs_body *body, struct cs_error *err)
{
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = put_again(work, source, version, note, body, err);
    if (!status)
        status = cs_render_file(work->store->index, document, &bytes, err);
    if (!status)
        status = cs_db_query(work->store->db, &query, err,
                             "SELECT file_hash, path FROM document"
                             " WHERE id = ?",
                             "i", document);
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

static enum cs_status convert_one(struct work *work, int64_t document,
                                  const struct cs_stored_source *source,
                                  int64_t version, struct cs_error *err)
{
    const struct cs_reconvert_options *options = work->options;
    struct cs_body body = {0};
    struct cs_conversion_note note = {0};
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = options->convert(options->payload, source,
                                             work->arena, &body, &note, &why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        work->summary->failed++;
        if (options->failed)
            options->failed(options->payload, source->id, &why);
        return CS_OK;
    }
    work->summary->converted++;
    if (options->dry_run)
        return compare(work, document, source, version, &note, &body, err);
    return put_again(work, source, version, &note, &body, err);
}

static enum cs_status load_and_convert(struct work *work, int64_t document,
                                       struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_arena *arena = work->arena;
    bool row = false;
    enum cs_status status = cs_db_query(
        work->store->db, &query, err,
        "SELECT d.vendor_id, s.type, s.base_url, c.key, b.source_format,"
        " d.body_version, b.source FROM body b"
        " JOIN document d ON d.id = b.document"
        " JOIN source s ON s.id = d.source"
        " JOIN container c ON c.id = d.container WHERE b.document = ?",
        "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    struct cs_stored_source source = {
        .id = cs_arena_strdup(arena, cs_query_text(&query, 0)),
        .type = cs_arena_strdup(arena, cs_query_text(&query, 1)),
        .base_url = cs_arena_strdup(arena, cs_query_text(&query, 2)),
        .container_key = cs_arena_strdup(arena, cs_query_text(&query, 3)),
        .format = cs_arena_strdup(arena, cs_query_text(&query, 4)),
    };
    int64_t version = cs_query_int(&query, 5);
    size_t packed_len;
    const void *packed = cs_query_blob(&query, 6, &packed_len);
    char *text = NULL;
    status = cs_arena_status(arena, err);
    if (!status)
        status = unpack(packed, packed_len, &text, &source.len, err);
    cs_query_close(&query);
    source.text = text;
    if (!status)
        status = convert_one(work, document, &source, version, err);
    free(text);
    return status;
}

static enum cs_status count_texts(struct work *work, struct cs_error *err)
{
    int64_t n = 0;
    enum cs_status status =
        cs_db_int(work->store->db, &n, err, "SELECT count(*) FROM body", "");
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
    struct cs_store_counts before = store->counts;
    struct work work = {options, &summary, store, arena, 0};
    enum cs_status status =
        arena ? all_sources(&work, err) : cs_error_no_memory(err);
    summary.written += store->counts.written - before.written;
    summary.moved = store->counts.moved - before.moved;
    *ret_summary = summary;
    if (!status && summary.failed)
        status = cs_error_set(err, CS_ERR_PARTIAL,
                              "%llu texts could not be converted",
                              (unsigned long long)summary.failed);
    return status;
}
