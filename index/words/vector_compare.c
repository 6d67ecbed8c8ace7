/*
 * vector_compare.c - see vector_compare.h.
 */
#include "index/words/vector_compare.h"

#include "index/words/fingerprint.h"
#include "index/words/vector_block.h"
#include "index/words/vector_rows.h"

struct comparing {
    struct cs_db *db;
    struct cs_vectors *vectors;
    cs_vector_differ_fn *visit;
    void *payload;
    int64_t generation;
    struct cs_vector_totals entries, stored;
};

static const char *difference(const struct comparing *comparing,
                              const struct cs_vector_row *want,
                              const struct cs_vector *have,
                              const struct cs_vector_facts *facts)
{
    if (!have)
        return "it has no vector";
    if (facts->generation > comparing->generation)
        return "its vector is of a generation to come";
    if (!facts->generation)
        return "its vector is of no generation";
    const struct {
        bool differs;
        const char *what;
    } fields[] = {
        {memcmp(have->len, want->vector.len, sizeof(have->len)) != 0,
         "lengths"},
        {have->flags != want->vector.flags, "kind, status or labels"},
        {have->links != want->vector.links, "links"},
        {facts->container != want->facts.container, "space"},
        {facts->author != want->facts.author, "author"},
        {have->day != want->vector.day || facts->minute != want->facts.minute,
         "time"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(fields); i++)
        if (fields[i].differs)
            return fields[i].what;
    return NULL;
}

static enum cs_status compare_row(void *payload, int64_t document,
                                  const struct cs_vector_row *row,
                                  struct cs_error *err)
{
    struct comparing *comparing = payload;
    const struct cs_vector *have = cs_vectors_get(comparing->vectors, document);
    const struct cs_vector_facts *facts =
        cs_vectors_facts(comparing->vectors, document);
    enum cs_status status = cs_vectors_status(comparing->vectors, err);
    comparing->entries.documents++;
    const char *what = status ? NULL : difference(comparing, row, have, facts);
    return what ? comparing->visit(comparing->payload, document, what, err)
                : status;
}

static bool add_stored(void *payload, int64_t document,
                       const struct cs_vector *vector)
{
    struct cs_vector_totals *totals = payload;
    (void)document;
    totals->documents++;
    for (size_t i = 0; i < CS_FIELDS; i++)
        totals->tokens[i] += (int64_t)cs_vector_length(vector->len[i]);
    return true;
}

static enum cs_status compare_totals(struct comparing *comparing,
                                     struct cs_error *err)
{
    struct cs_vector_totals totals;
    enum cs_status status = cs_vectors_each(comparing->vectors, add_stored,
                                            &comparing->stored, err);
    if (!status)
        status = cs_vectors_totals(comparing->db, &totals, err);
    if (status)
        return status;
    const char *what = NULL;
    if (comparing->stored.documents > comparing->entries.documents)
        what = "there are vectors without an entry";
    else if (memcmp(&totals, &comparing->stored, sizeof(totals)) != 0)
        what = "the totals are not their sums";
    return what ? comparing->visit(comparing->payload, 0, what, err) : CS_OK;
}

/* Lengths of other rows are not for the reader to stumble over. */
static enum cs_status find_damage(struct comparing *comparing, bool *ret_any,
                                  struct cs_error *err)
{
    int64_t n = 0;
    enum cs_status status =
        cs_db_int(comparing->db, &n, err,
                  "SELECT (SELECT count(*) FROM vector"
                  "   WHERE length(docs) <> ?1) + (SELECT count(*)"
                  "   FROM vector_facts WHERE length(docs) <> ?1)",
                  "i", (int64_t)CS_VECTOR_PART_SIZE);
    *ret_any = n > 0;
    return status || !n ? status
                        : comparing->visit(comparing->payload, 0,
                                           "a block of them is damaged", err);
}

static enum cs_status compare_all(struct comparing *comparing,
                                  struct cs_error *err)
{
    bool damaged;
    enum cs_status status = find_damage(comparing, &damaged, err);
    if (status || damaged)
        return status;
    status = cs_vectors_generation(comparing->db, &comparing->generation, err);
    if (!status)
        status = cs_vector_read_all(comparing->db, compare_row, comparing, err);
    if (!status)
        status = compare_totals(comparing, err);
    return status ? status
                  : cs_fingerprint_compare(comparing->db, comparing->visit,
                                           comparing->payload, err);
}

enum cs_status cs_vectors_compare(struct cs_db *db, cs_vector_differ_fn *visit,
                                  void *payload, struct cs_error *err)
{
    struct comparing comparing = {.db = db, .visit = visit, .payload = payload};
    enum cs_status status = cs_vectors_open(db, &comparing.vectors, err);
    if (!status)
        status = compare_all(&comparing, err);
    cs_vectors_close(comparing.vectors);
    return status;
}
