/*
 * doclist.c - leaves of a segment, one after the other.
 *
 * What is read may be damaged: every offset is held against the bytes there
 * are, and row ids must rise.
 */
#include "index/search/doclist.h"

#include "index/search/varint.h"

enum {
    LEAF_HEAD = 4,
    LEAF_MAX = 1 << 20, /* FTS5's pages have 64 KB at most, and a term more */
    JOINED_MAX = 512 << 20,
    PAGE_BITS = 37, /* of a row id of fts_data: the segment is above */
};

enum cs_status cs_doclist_damaged(struct cs_error *err)
{
    cs_error_set(err, CS_ERR_CORRUPT, "the full-text index is damaged");
    cs_error_hint(err, CS_DB_WAY_BACK);
    return CS_ERR_CORRUPT;
}

static const unsigned char *bytes_of(const struct cs_doclist *list)
{
    return (const unsigned char *)list->bytes.data;
}

static size_t u16_at(const struct cs_doclist *list, size_t at)
{
    const unsigned char *bytes = bytes_of(list) + at;
    return (size_t)bytes[0] << 8 | bytes[1];
}

/* The page index of the leaf. */
static size_t content_end(const struct cs_doclist *list)
{
    return u16_at(list, 2);
}

static enum cs_status read_leaf(struct cs_doclist *list, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    size_t len = 0;
    bool row = false;
    enum cs_status status = cs_db_query(
        list->db, &query, err, "SELECT block FROM fts_data WHERE id = ?1", "i",
        (list->segment.id << PAGE_BITS) + list->leaf);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    const char *block = row ? cs_query_blob(&query, 0, &len) : NULL;
    if (!block || len < LEAF_HEAD)
        return cs_doclist_damaged(err);
    cs_strbuf_reset(&list->bytes);
    cs_strbuf_put(&list->bytes, block, len);
    status = cs_strbuf_status(&list->bytes, err);
    if (!status && (content_end(list) > len || content_end(list) < LEAF_HEAD ||
                    u16_at(list, 0) > content_end(list)))
        status = cs_doclist_damaged(err);
    return status;
}

/* Take over the next leaf, on which the doclist goes on. */
static enum cs_status next_leaf(struct cs_doclist *list, struct cs_error *err)
{
    if (list->leaf >= list->segment.last)
        return cs_doclist_damaged(err);
    list->leaf++;
    enum cs_status status = read_leaf(list, err);
    if (status)
        return status;
    uint64_t term = content_end(list);
    const unsigned char *bytes = bytes_of(list);
    list->last = content_end(list) < list->bytes.len;
    if (list->last && !cs_varint_read(bytes + content_end(list),
                                      bytes + list->bytes.len, &term))
        return cs_doclist_damaged(err);
    if (term < LEAF_HEAD || term > content_end(list))
        return cs_doclist_damaged(err);
    list->at = bytes + LEAF_HEAD;
    list->end = bytes + term;
    list->last |= list->leaf == list->segment.last;
    list->first_row = bytes + u16_at(list, 0);
    return CS_OK;
}

/* ---- finding a term ---- */

/* How the terms of a leaf compare with the one that is wanted. */
struct seeking {
    const unsigned char *term;
    size_t len;
    size_t match; /* bytes that the last one had in common with it */
    bool found, beyond;
};

/* A term that keeps `keep` bytes of the one before it. */
static void compare(struct seeking *seeking, size_t keep,
                    const unsigned char *rest, size_t n)
{
    size_t i = 0;
    if (keep > seeking->match)
        return; /* still smaller, at the same byte */
    seeking->beyond = keep < seeking->match;
    if (seeking->beyond)
        return;
    while (i < n && seeking->match < seeking->len &&
           rest[i] == seeking->term[seeking->match]) {
        seeking->match++;
        i++;
    }
    seeking->found = i == n && seeking->match == seeking->len;
    seeking->beyond = !seeking->found && i < n &&
                      (seeking->match == seeking->len ||
                       rest[i] > seeking->term[seeking->match]);
}

/* Read the term at `at`; gives where its doclist begins, 0 for damage. */
static size_t see_term(struct seeking *seeking, const struct cs_doclist *list,
                       size_t at, bool first)
{
    const unsigned char *bytes = bytes_of(list), *now = bytes + at,
                        *end = bytes + content_end(list);
    uint64_t keep = 0, n = 0;
    size_t used;
    if (!first) {
        used = cs_varint_read(now, end, &keep);
        now += used;
        if (!used)
            return 0;
    }
    used = cs_varint_read(now, end, &n);
    now += used;
    if (!used || n > (uint64_t)(end - now))
        return 0;
    compare(seeking, (size_t)keep, now, (size_t)n);
    return (size_t)(now - bytes) + (size_t)n;
}

/* Look for a term on the leaf that must have it. */
static enum cs_status find_term(struct cs_doclist *list,
                                struct seeking *seeking, struct cs_error *err)
{
    const unsigned char *bytes = bytes_of(list),
                        *index = bytes + content_end(list),
                        *end = bytes + list->bytes.len;
    uint64_t at = 0, step = 0;
    size_t used = cs_varint_read(index, end, &step);
    for (bool first = true; used; first = false) {
        at += step;
        if (step < 1 || at < LEAF_HEAD || at >= content_end(list))
            return cs_doclist_damaged(err);
        size_t begin = see_term(seeking, list, (size_t)at, first);
        if (!begin)
            return cs_doclist_damaged(err);
        index += used;
        used = cs_varint_read(index, end, &step);
        if (seeking->beyond)
            return CS_OK;
        if (!seeking->found)
            continue;
        uint64_t stop = used ? at + step : content_end(list);
        if (stop < begin || stop > content_end(list))
            return cs_doclist_damaged(err);
        list->at = bytes + begin;
        list->end = bytes + stop;
        list->last = used || list->leaf == list->segment.last;
        return CS_OK;
    }
    return CS_OK;
}

enum cs_status cs_doclist_open(struct cs_db *db,
                               const struct cs_segment *segment,
                               const unsigned char *term, size_t len,
                               struct cs_doclist *ret, struct cs_error *err)
{
    struct seeking seeking = {.term = term, .len = len};
    int64_t leaf = 0;
    *ret = (struct cs_doclist){
        .db = db,
        .segment = *segment,
        .bytes = CS_STRBUF_INIT(LEAF_MAX),
        .joined = CS_STRBUF_INIT(JOINED_MAX),
    };
    enum cs_status status =
        cs_db_int(db, &leaf, err,
                  "SELECT pgno / 2 FROM fts_idx WHERE segid = ?1 AND "
                  "term <= ?2 ORDER BY term DESC LIMIT 1",
                  "ib", segment->id, term, len);
    if (status)
        return status;
    ret->leaf = leaf > segment->first ? leaf : segment->first;
    status = read_leaf(ret, err);
    if (!status)
        status = find_term(ret, &seeking, err);
    if (status || !seeking.found)
        return status;
    return cs_doclist_next(ret, err);
}

/* ---- documents ---- */

static bool read_number(struct cs_doclist *list, uint64_t *ret)
{
    size_t used = cs_varint_read(list->at, list->end, ret);
    list->at += used;
    return used > 0;
}

/* Places that go on on other leaves. */
static enum cs_status join_places(struct cs_doclist *list, size_t size,
                                  struct cs_error *err)
{
    enum cs_status status = CS_OK;
    cs_strbuf_reset(&list->joined);
    while (!status) {
        size_t there = (size_t)(list->end - list->at),
               wanted = size - list->joined.len;
        size_t n = there < wanted ? there : wanted;
        cs_strbuf_put(&list->joined, (const char *)list->at, n);
        list->at += n;
        if (list->joined.len == size)
            break;
        status = cs_strbuf_status(&list->joined, err);
        if (!status && list->last)
            status = cs_doclist_damaged(err);
        if (!status)
            status = next_leaf(list, err);
    }
    list->places.bytes = (const unsigned char *)list->joined.data;
    return status ? status : cs_strbuf_status(&list->joined, err);
}

/* The row id that comes next; it must be above the one before. */
static bool read_row(struct cs_doclist *list)
{
    bool whole = !list->started || list->at == list->first_row;
    uint64_t number, before = (uint64_t)list->document;
    if (!read_number(list, &number))
        return false;
    uint64_t document = whole ? number : before + number;
    list->document = (int64_t)document;
    list->started = true;
    return document > before && document <= INT64_MAX;
}

enum cs_status cs_doclist_next(struct cs_doclist *list, struct cs_error *err)
{
    uint64_t size;
    enum cs_status status = CS_OK;
    while (!status && list->at == list->end && !list->last)
        status = next_leaf(list, err);
    if (status)
        return status;
    if (list->at == list->end) {
        list->document = 0;
        return CS_OK;
    }
    if (!read_row(list) || !read_number(list, &size))
        return cs_doclist_damaged(err);
    list->places.size = (size_t)(size / 2);
    if (list->places.size > (size_t)(list->end - list->at))
        return join_places(list, list->places.size, err);
    list->places.bytes = list->at;
    list->at += list->places.size;
    return CS_OK;
}

void cs_doclist_clear(struct cs_doclist *list)
{
    cs_strbuf_clear(&list->bytes);
    cs_strbuf_clear(&list->joined);
}
