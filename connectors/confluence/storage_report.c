/*
 * storage_report.c - what became of the constructs of a page.
 *
 * While a page is read, an outcome that was met lately is counted where it
 * stands, and any other becomes a row at the end of a list, so that counting
 * costs next to nothing; at the end equal rows become one.
 */
#include "connectors/confluence/storage_reader.h"

#include "src/text.h"

#include <stdlib.h>

enum { ROWS_MAX = 1000, NAME_BYTES_MAX = 100, PROBES = 4 };
/* "(others)" of three kinds. */
enum { ROWS_OF_OTHERS = 3 * CS_OUTCOMES };

void cs_storage_set_outcome(struct cs_storage_reader *r,
                            enum cs_outcome outcome)
{
    if (r->outcome && outcome > *r->outcome)
        *r->outcome = outcome;
}

void cs_storage_count(struct cs_storage_reader *r, const char *kind,
                      const char *name, enum cs_outcome outcome)
{
    size_t hash = (uintptr_t)name / 8 * 31 + outcome, slot = 0;
    for (size_t i = 0; i < PROBES; i++) {
        slot = (hash + i) % CS_ARRAY_LEN(r->recent);
        if (r->recent[slot] == 0)
            break;
        struct cs_outcome_row *row = &r->outcomes[r->recent[slot] - 1];
        if (row->name == name && row->outcome == outcome && row->kind == kind) {
            row->count++;
            return;
        }
    }
    struct cs_outcome_row *rows = cs_arena_grow(
        r->arena, r->outcomes, r->n_outcomes, &r->cap_outcomes, sizeof(*rows));
    if (!rows)
        return;
    r->outcomes = rows;
    r->outcomes[r->n_outcomes++] =
        (struct cs_outcome_row){kind, name, outcome, 1};
    r->recent[slot] = r->n_outcomes;
}

void cs_storage_count_flaws(struct cs_storage_reader *r,
                            const struct cs_xml_result *source)
{
    static const enum cs_outcome outcomes[CS_XML_FLAWS] = {
        [CS_XML_UNCLOSED_TAG] = CS_OUTCOME_DEGRADED,
        [CS_XML_STRAY_END_TAG] = CS_OUTCOME_DEGRADED,
        [CS_XML_BAD_ATTRIBUTE] = CS_OUTCOME_DEGRADED,
        [CS_XML_BARE_CHARACTER] = CS_OUTCOME_RENDERED,
        [CS_XML_FORBIDDEN_CHARACTER] = CS_OUTCOME_RENDERED,
        [CS_XML_BAD_ENCODING] = CS_OUTCOME_DEGRADED,
        [CS_XML_UNCLOSED_SECTION] = CS_OUTCOME_DEGRADED,
        [CS_XML_MALFORMED] = CS_OUTCOME_DEGRADED,
        [CS_XML_TOO_DEEP] = CS_OUTCOME_DEGRADED,
        [CS_XML_LOST_TEXT] = CS_OUTCOME_DROPPED,
    };
    for (int i = 0; i < CS_XML_FLAWS; i++) {
        if (!source->flaws[i])
            continue;
        size_t n = r->n_outcomes;
        cs_storage_count(r, "recovery", cs_xml_flaw_name((enum cs_xml_flaw)i),
                         outcomes[i]);
        if (r->n_outcomes > n)
            r->outcomes[n].count = source->flaws[i];
    }
}

static int compare(const void *left, const void *right)
{
    const struct cs_outcome_row *a = left, *b = right;
    int order = strcmp(a->kind, b->kind);
    if (!order)
        order = strcmp(a->name, b->name);
    return order ? order : (int)a->outcome - (int)b->outcome;
}

static size_t sort_and_merge(struct cs_outcome_row *rows, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(rows, n, sizeof(*rows), compare);
    for (size_t i = 0; i < n; i++) {
        if (kept && compare(&rows[kept - 1], &rows[i]) == 0)
            rows[kept - 1].count += rows[i].count;
        else
            rows[kept++] = rows[i];
    }
    return kept;
}

static const char *cut_name(struct cs_arena *arena, const char *name)
{
    size_t len = strlen(name);
    if (len <= NAME_BYTES_MAX)
        return name;
    for (len = NAME_BYTES_MAX; ((unsigned char)name[len] & 0xc0) == 0x80;)
        len--;
    const char *cut = cs_arena_strndup(arena, name, len);
    return cut ? cut : "";
}

/* A page with endless names of its own gets its last ones counted together. */
static size_t fold(struct cs_outcome_row *rows, size_t n)
{
    if (n <= ROWS_MAX)
        return n;
    for (size_t i = ROWS_MAX - ROWS_OF_OTHERS; i < n; i++)
        rows[i].name = "(others)";
    return sort_and_merge(rows, n);
}

struct cs_conversion_note cs_storage_sum_up(struct cs_storage_reader *r)
{
    struct cs_conversion_note note = {.rows = r->outcomes};
    unsigned sums[CS_OUTCOMES] = {0};
    for (size_t i = 0; i < r->n_outcomes; i++)
        r->outcomes[i].name = cut_name(r->arena, r->outcomes[i].name);
    note.n_rows = sort_and_merge(r->outcomes, r->n_outcomes);
    note.n_rows = fold(r->outcomes, note.n_rows);
    for (size_t i = 0; i < note.n_rows; i++)
        sums[note.rows[i].outcome] += note.rows[i].count;
    note.degraded = sums[CS_OUTCOME_DEGRADED];
    note.kept_raw = sums[CS_OUTCOME_KEPT_RAW];
    note.dropped = sums[CS_OUTCOME_DROPPED];
    return note;
}
