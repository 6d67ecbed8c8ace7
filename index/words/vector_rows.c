/*
 * vector_rows.c - see vector_rows.h.
 */
#include "index/words/vector_rows.h"

enum { MS_PER_MINUTE = 60000 };

/* A document that links often counts once. */
#define COLUMNS                                                                \
    "SELECT d.id, d.kind = 'blogpost', d.status = 'archived',"                 \
    " coalesce(substr(c.key, 1, 1) = '~', 0), d.container, a.id, d.updated,"   \
    " (SELECT count(*) FROM (SELECT DISTINCT l.document FROM link l"           \
    "   WHERE l.target = d.id AND l.document <> d.id)),"                       \
    " (SELECT group_concat(l.name, char(10)) FROM label l"                     \
    "   WHERE l.document = d.id), f.sz"                                        \
    " FROM fts_docsize f CROSS JOIN document d ON d.id = f.id"                 \
    " LEFT JOIN container c ON c.id = d.container"                             \
    " LEFT JOIN author a ON a.source = d.source AND a.vendor_id = d.author"

/* The next number of those that FTS5 keeps of a row, one a column: seven bits
 * a byte, the highest first. */
static uint64_t next_size(const uint8_t **at, const uint8_t *end)
{
    uint64_t value = 0;
    while (*at < end) {
        uint8_t byte = *(*at)++;
        value = value << 7 | (byte & 0x7f);
        if (!(byte & 0x80))
            break;
    }
    return value;
}

static bool has_deprecated(const char *labels)
{
    char name[64];
    for (size_t len; labels && *labels; labels += len + (labels[len] != '\0')) {
        len = strcspn(labels, "\n");
        if (len >= sizeof(name))
            continue;
        memcpy(name, labels, len);
        name[len] = '\0';
        if (cs_vector_is_deprecated(name))
            return true;
    }
    return false;
}

static uint16_t small_number(int64_t row)
{
    return row > 0 && row <= UINT16_MAX ? (uint16_t)row : 0;
}

/* As many as there are in 65,536 days. */
static uint32_t minutes(int64_t ms)
{
    const int64_t last = 65536 * (int64_t)CS_VECTOR_MINUTES_PER_DAY - 1;
    int64_t value = ms / MS_PER_MINUTE;
    return (uint32_t)(value < 0 ? 0 : value > last ? last : value);
}

static void read_row(struct cs_query *row, struct cs_vector_row *ret_row)
{
    size_t len;
    const uint8_t *at = cs_query_blob(row, 9, &len), *end = at ? at + len : at;
    uint32_t updated = minutes(cs_query_int(row, 6));
    struct cs_vector *ret = &ret_row->vector;
    *ret = (struct cs_vector){
        .flags = CS_VECTOR_PRESENT,
        .links = cs_vector_length_code((uint64_t)cs_query_int(row, 7)),
        .day = (uint16_t)(updated / CS_VECTOR_MINUTES_PER_DAY),
    };
    ret_row->facts = (struct cs_vector_facts){
        .container = small_number(cs_query_int(row, 4)),
        .author = small_number(cs_query_int(row, 5)),
        .minute = (uint16_t)(updated % CS_VECTOR_MINUTES_PER_DAY),
    };
    static const uint8_t flags[] = {CS_VECTOR_BLOGPOST, CS_VECTOR_ARCHIVED,
                                    CS_VECTOR_PERSONAL};
    for (int i = 0; i < (int)CS_ARRAY_LEN(flags); i++)
        if (cs_query_int(row, i + 1))
            ret->flags |= flags[i];
    if (has_deprecated(cs_query_text(row, 8)))
        ret->flags |= CS_VECTOR_DEPRECATED;
    for (size_t i = 0; i < CS_FIELDS; i++)
        ret->len[i] = cs_vector_length_code(next_size(&at, end));
}

enum cs_status cs_vector_read(struct cs_db *db, int64_t document,
                              struct cs_vector_row *ret, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(db, &query, err, COLUMNS " WHERE f.id = ?", "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    if (row)
        read_row(&query, ret);
    else
        *ret = (struct cs_vector_row){0};
    return CS_OK;
}

struct reading {
    cs_vector_row_fn *visit;
    void *payload;
};

static enum cs_status visit_row(void *payload, struct cs_query *row,
                                struct cs_error *err)
{
    struct reading *reading = payload;
    struct cs_vector_row made;
    read_row(row, &made);
    return reading->visit(reading->payload, cs_query_int(row, 0), &made, err);
}

enum cs_status cs_vector_read_all(struct cs_db *db, cs_vector_row_fn *visit,
                                  void *payload, struct cs_error *err)
{
    struct reading reading = {visit, payload};
    return cs_db_each(db, visit_row, &reading, err, COLUMNS " ORDER BY f.id",
                      "");
}

enum cs_status cs_vector_number_authors(struct cs_db *db, struct cs_error *err)
{
    return cs_db_run(db, err,
                     "INSERT OR IGNORE INTO author(source, vendor_id)"
                     " SELECT source, author FROM document"
                     " WHERE author IS NOT NULL ORDER BY id",
                     "");
}
