/*
 * stats.c - a few queries, in one read transaction.
 */
#include "index/stats.h"

#include "src/path.h"

#include <sys/stat.h>

struct reading {
    struct cs_index *index;
    struct cs_db *db;
    struct cs_arena *arena;
};

static const char *copy(struct reading *reading, struct cs_query *query,
                        int column)
{
    return cs_arena_strdup(reading->arena, cs_query_text(query, column));
}

/* Room for as many rows as `sql` counts. */
static enum cs_status room(struct reading *reading, const char *sql,
                           size_t size, void **ret, size_t *ret_max,
                           struct cs_error *err)
{
    int64_t count = 0;
    enum cs_status status = cs_db_int(reading->db, &count, err, sql, "");
    if (status)
        return status;
    *ret_max = (size_t)count;
    *ret = count ? cs_arena_array(reading->arena, *ret_max, size) : NULL;
    return cs_arena_status(reading->arena, err);
}

static enum cs_status read_failures(struct reading *reading, int64_t row,
                                    struct cs_stats_source *source,
                                    struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool more = true;
    struct cs_stats_failure *failures = cs_arena_array(
        reading->arena, CS_STATS_FAILURES_MAX, sizeof(*failures));
    if (!failures)
        return cs_arena_status(reading->arena, err);
    enum cs_status status =
        cs_db_query(reading->db, &query, err,
                    "SELECT s.name || ':' || d.vendor_id, d.title, d.failure,"
                    " d.failed FROM document d JOIN source s"
                    " ON s.id = d.source WHERE d.source = ?"
                    " AND d.failure IS NOT NULL ORDER BY d.failed, d.id"
                    " LIMIT ?",
                    "ii", row, (int64_t)CS_STATS_FAILURES_MAX);
    while (!status && source->n_failures < CS_STATS_FAILURES_MAX) {
        status = cs_query_next(&query, &more, err);
        if (status || !more)
            break;
        failures[source->n_failures++] = (struct cs_stats_failure){
            .id = copy(reading, &query, 0),
            .title = copy(reading, &query, 1),
            .reason = copy(reading, &query, 2),
            .since = cs_query_int(&query, 3),
        };
    }
    source->failures = failures;
    return status;
}

/* What the proof is about: listed, in a space that is configured and shown. */
#define THERE "missing IS NULL AND c.left IS NULL AND c.gone IS NULL"

static enum cs_status count_documents(struct reading *reading, int64_t row,
                                      struct cs_stats_source *source,
                                      struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool more = false;
    enum cs_status status = cs_db_query(
        reading->db, &query, err,
        "SELECT count(*), total(" THERE " AND body_version IS version),"
        " total(" THERE " AND body_version IS version"
        "  AND EXISTS (SELECT 1 FROM fts_docsize f WHERE f.id = d.id)),"
        " total(" THERE " AND body_version IS NOT version"
        "  AND failure IS NULL),"
        " total(failure IS NOT NULL),"
        " total(missing IS NOT NULL)"
        " FROM document d JOIN container c ON c.id = d.container"
        " WHERE d.source = ? AND kind <> 'folder'",
        "i", row);
    if (!status)
        status = cs_query_next(&query, &more, err);
    if (status || !more)
        return status;
    source->documents = cs_query_int(&query, 0);
    source->stored = cs_query_int(&query, 1);
    source->indexed = cs_query_int(&query, 2);
    source->pending = cs_query_int(&query, 3);
    source->failed = cs_query_int(&query, 4);
    source->missing = cs_query_int(&query, 5);
    return CS_OK;
}

enum cs_status cs_stats_on_disk(struct cs_index *index, const char *source,
                                int64_t *ret, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    int64_t n = 0;
    bool more = true;
    enum cs_status status = cs_db_query(
        cs_index_db(index), &query, err,
        "SELECT s.folder, d.file_path FROM source s"
        " CROSS JOIN container c ON c.source = s.id"
        " CROSS JOIN document d ON d.container = c.id"
        " WHERE s.name = ? AND body_version IS version AND kind <> 'folder'"
        " AND file_path IS NOT NULL AND " THERE,
        "s", source);
    while (!status) {
        struct stat st;
        status = cs_query_next(&query, &more, err);
        if (status || !more)
            break;
        cs_strbuf_truncate(&path, 0);
        cs_index_put_folder(index, cs_query_text(&query, 0), &path);
        cs_strbuf_printf(&path, "/%s", cs_query_text(&query, 1));
        n += !path.status && lstat(path.data, &st) == 0 && S_ISREG(st.st_mode);
    }
    if (!status)
        *ret = n;
    return status;
}

enum cs_status cs_stats_last_success(struct cs_index *index, int64_t *ret,
                                     struct cs_error *err)
{
    return cs_db_int(cs_index_db(index), ret, err,
                     "SELECT min(coalesce(last_success, 0)) FROM source", "");
}

static enum cs_status count_others(struct reading *reading, int64_t row,
                                   struct cs_stats_source *source,
                                   struct cs_error *err)
{
    const struct {
        int64_t *ret;
        const char *sql;
    } counts[] = {
        {&source->left, "SELECT count(*) FROM document WHERE source = ?"
                        " AND kind <> 'folder' AND container IN (SELECT id"
                        " FROM container WHERE coalesce(left, gone)"
                        " IS NOT NULL)"},
        {&source->deleted, "SELECT count(*) FROM tombstone WHERE source = ?"},
        {&source->files, "SELECT count(*) FROM attachment WHERE source = ?"
                         " AND held_version IS NOT NULL"},
        {&source->files_pending,
         "SELECT count(*) FROM attachment WHERE source = ?"
         " AND wanted AND held_version IS NOT version"},
        {&source->files_failed, "SELECT count(*) FROM attachment"
                                " WHERE source = ? AND failure IS NOT NULL"},
    };
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(counts) && !status; i++)
        status =
            cs_db_int(reading->db, counts[i].ret, err, counts[i].sql, "i", row);
    return status;
}

static enum cs_status read_source(struct reading *reading,
                                  struct cs_query *query,
                                  struct cs_stats_source *source,
                                  struct cs_error *err)
{
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    int64_t row = cs_query_int(query, 0);
    cs_index_put_folder(reading->index, cs_query_text(query, 4), &folder);
    *source = (struct cs_stats_source){
        .name = copy(reading, query, 1),
        .type = copy(reading, query, 2),
        .base_url = copy(reading, query, 3),
        .folder = cs_arena_strdup(reading->arena, folder.data),
        .last_start = cs_query_int(query, 5),
        .last_success = cs_query_int(query, 6),
        .last_outcome = copy(reading, query, 7),
        .listed = cs_query_int(query, 8),
        .listed_at = cs_query_int(query, 9),
    };
    enum cs_status status = cs_strbuf_status(&folder, err);
    if (!status)
        status = count_documents(reading, row, source, err);
    if (!status)
        status = count_others(reading, row, source, err);
    if (!status)
        status = cs_stats_on_disk(reading->index, source->name,
                                  &source->on_disk, err);
    return status ? status : read_failures(reading, row, source, err);
}

static enum cs_status read_sources(struct reading *reading,
                                   struct cs_stats *stats, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    void *sources = NULL;
    size_t max = 0;
    bool more = true;
    enum cs_status status =
        room(reading, "SELECT count(*) FROM source",
             sizeof(struct cs_stats_source), &sources, &max, err);
    if (!status)
        status = cs_db_query(
            reading->db, &query, err,
            "SELECT s.id, s.name, s.type, s.base_url, s.folder, s.last_start,"
            " s.last_success, s.last_outcome, sum(c.listed_count),"
            " min(c.listed) FROM source s"
            " LEFT JOIN container c ON c.source = s.id"
            "  AND c.left IS NULL AND c.gone IS NULL"
            " GROUP BY s.id ORDER BY s.name",
            "");
    stats->sources = sources;
    while (!status && stats->n_sources < max) {
        status = cs_query_next(&query, &more, err);
        if (status || !more)
            break;
        struct cs_stats_source *source =
            (struct cs_stats_source *)sources + stats->n_sources++;
        status = read_source(reading, &query, source, err);
        stats->documents += source->documents;
    }
    return status;
}

static enum cs_status read_spaces(struct reading *reading,
                                  struct cs_stats *stats, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    void *rows = NULL;
    size_t max = 0;
    bool more = true;
    enum cs_status status =
        room(reading, "SELECT count(*) FROM container",
             sizeof(struct cs_stats_space), &rows, &max, err);
    struct cs_stats_space *spaces = rows;
    if (!status)
        status = cs_db_query(
            reading->db, &query, err,
            "SELECT s.name, c.key, c.name, c.url, c.listed, c.left, c.gone,"
            " c.gone_why,"
            " (SELECT count(*) FROM document d WHERE d.container = c.id"
            "   AND d.kind <> 'folder')"
            " FROM container c JOIN source s ON s.id = c.source"
            " ORDER BY s.name, c.key",
            "");
    while (!status && stats->n_spaces < max) {
        status = cs_query_next(&query, &more, err);
        if (status || !more)
            break;
        spaces[stats->n_spaces++] = (struct cs_stats_space){
            .source = copy(reading, &query, 0),
            .key = copy(reading, &query, 1),
            .name = copy(reading, &query, 2),
            .url = copy(reading, &query, 3),
            .listed = cs_query_int(&query, 4),
            .left = cs_query_int(&query, 5),
            .gone = cs_query_int(&query, 6),
            .gone_why = copy(reading, &query, 7),
            .documents = cs_query_int(&query, 8),
        };
    }
    stats->spaces = spaces;
    return status;
}

static int64_t size_of(const char *path, const char *suffix)
{
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct stat st;
    cs_strbuf_printf(&name, "%s%s", path, suffix);
    return !name.status && stat(name.data, &st) == 0 ? (int64_t)st.st_size : 0;
}

enum cs_status cs_stats_read(struct cs_index *index, struct cs_arena *arena,
                             struct cs_stats *ret, struct cs_error *err)
{
    struct reading reading = {index, cs_index_db(index), arena};
    struct cs_stats stats = {0};
    enum cs_status status = cs_db_run(reading.db, err, "SAVEPOINT stats", "");
    if (status)
        return status;
    status = read_sources(&reading, &stats, err);
    if (!status)
        status = read_spaces(&reading, &stats, err);
    if (!status)
        status = cs_db_int(reading.db, &stats.intents, err,
                           "SELECT count(*) FROM intent", "");
    enum cs_status released =
        cs_db_run(reading.db, status ? NULL : err, "RELEASE stats", "");
    if (!status)
        status = released;
    if (!status)
        status = cs_arena_status(arena, err);
    if (status)
        return status;
    stats.database_bytes = size_of(cs_index_path(index), "") +
                           size_of(cs_index_path(index), "-wal");
    *ret = stats;
    return CS_OK;
}
