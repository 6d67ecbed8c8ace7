/*
 * gather.c - what each document has of the plan's phrases.
 *
 * Single tokens are read by postings.h. The first document of an expression of
 * the other phrases gives FTS5's API, which walks each of them (xQueryPhrase).
 */
#include "index/search/gather.h"

#include "index/search/fts_walk.h"
#include "index/search/stream.h"
#include "index/search/window.h"

#include <math.h>
#include <stdlib.h>

enum {
    MATCH_MAX = 4 << 20,
    /* Of one phrase in one field: beyond, the score hardly changes. */
    PLACES_MAX = 64,
};

struct reading {
    struct cs_gather *gather;
    struct cs_segments *segments; /* NULL: FTS5 reads single tokens too */
    size_t group, phrase;
    uint64_t bit;                       /* of the group */
    unsigned fields;                    /* that it asks for */
    float weight;                       /* of the phrase */
    bool keep;                          /* positions */
    bool brief;                         /* the first one will do */
    bool whole;                         /* all are needed */
    bool read;                          /* all is done */
    const struct cs_match_place *order; /* of the tree's phrases */
    size_t n_order;
    struct cs_window *window; /* instead of the board, where it is one */
    enum cs_status status;
    struct cs_error *err;
};

static float idf_of(const struct cs_gather *gather, int64_t df)
{
    double n = (double)gather->plan->documents;
    double d = (double)df < n ? (double)df : n;
    return (float)log(1 + (n - d + 0.5) / (d + 0.5));
}

static void fold(const struct cs_gather *gather, struct cs_board_entry *entry)
{
    const float k1 = 1.8F;
    if (entry->group && entry->tf > 0) {
        size_t group = entry->group - 1u;
        if (!(gather->plan->unscored >> group & 1))
            entry->text +=
                gather->idf[group] * (entry->tf * (k1 + 1) / (entry->tf + k1));
    }
    entry->tf = 0;
}

void cs_gather_fold(const struct cs_gather *gather,
                    struct cs_board_entry *entry)
{
    fold(gather, entry);
    entry->group = 0;
}

/* Of a word that is nearly everywhere the best field will do. That of most
 * words comes first; those that weigh more are next to it. */
static void read_best(struct cs_fts_place *place)
{
    if (place->at.field != CS_FIELD_BODY)
        return;
    cs_fts_place_next_field(place);
    if (place->at.field != CS_FIELD_TITLE &&
        place->at.field != CS_FIELD_HEADINGS)
        place->at.field = CS_FIELD_BODY;
}

/* What one place in a field is worth. */
static inline float weight_in(const struct reading *r, unsigned field,
                              struct cs_board_entry *entry)
{
    if (field >= CS_FIELDS || !(r->fields >> field & 1))
        return 0;
    if (field == CS_FIELD_TITLE)
        entry->titles |= r->bit;
    return r->gather->weights->of[field][entry->vector->len[field]];
}

static inline void add_weight(const struct reading *r, float sum,
                              struct cs_board_entry *entry)
{
    if (sum > 0)
        entry->mask |= r->bit;
    entry->tf += sum * r->weight;
}

/* Positions of one phrase in one document, from the first one on. */
static void read_places(struct reading *r, struct cs_fts_place *place,
                        struct cs_board_entry *entry)
{
    struct cs_board *board = r->gather->board;
    float sum = 0, each = 0;
    int last = -1, n = 0;
    if (r->keep)
        cs_board_begin(board, r->group, r->phrase);
    if (r->brief)
        read_best(place);
    while (place->at.field >= 0) {
        if (place->at.field != last) {
            last = place->at.field;
            each = weight_in(r, (unsigned)last, entry);
            n = 0;
        }
        sum += each;
        if (r->keep && each > 0)
            cs_board_add(board, CS_PLACE(last, place->at.token));
        if (r->brief && each > 0)
            break;
        if (each <= 0 || (++n == PLACES_MAX && !r->whole))
            cs_fts_place_next_field(place);
        else
            cs_fts_place_next(place);
    }
    if (r->keep && !cs_board_end(board, entry))
        r->status = cs_error_no_memory(r->err);
    add_weight(r, sum, entry);
}

/* The field that read_best() comes to. */
static unsigned best_field(struct cs_places places)
{
    const unsigned char *at = places.bytes, *end = at + places.size;
    const unsigned char *next = cs_place_field(at, end);
    unsigned field = end - next > 1 ? next[1] : CS_FIELDS;
    bool better =
        next == at || field == CS_FIELD_TITLE || field == CS_FIELD_HEADINGS;
    return better ? field : CS_FIELD_BODY;
}

/* As read_places(), by the bytes of a token, where no position is asked for. */
static float count_places(const struct reading *r, struct cs_places places,
                          struct cs_board_entry *entry)
{
    const unsigned char *at = places.bytes, *end = at + places.size;
    unsigned field = 0;
    float sum = 0;
    while (at < end) {
        unsigned n = 0;
        if (*at == 1 && end - at < 2)
            break; /* damaged */
        if (*at == 1) {
            field = at[1];
            at += 2;
        }
        for (; at < end && *at != 1; n++)
            at = cs_place_skip(at, end);
        sum += weight_in(r, field, entry) *
               (float)(n < PLACES_MAX ? n : PLACES_MAX);
    }
    return sum;
}

void cs_gather_admit(struct cs_gather *gather, int64_t document,
                     const struct cs_vector *vector,
                     struct cs_board_entry *entry)
{
    if (entry->state != CS_BOARD_NEW)
        return;
    bool in = vector && cs_predicate_holds(gather->predicate, document, vector);
    entry->vector = vector;
    entry->state = in ? CS_BOARD_IN : CS_BOARD_OUT;
}

/* The group comes to a document. */
static void begin_entry(struct reading *r, int64_t document,
                        struct cs_board_entry *entry)
{
    struct cs_gather *gather = r->gather;
    fold(gather, entry);
    entry->group = (uint8_t)(r->group + 1);
    gather->df[r->group]++;
    if (entry->state == CS_BOARD_NEW)
        cs_gather_admit(gather, document,
                        cs_vectors_get(gather->vectors, document), entry);
}

/* The entry of the current document; NULL when it is out, or on failure. */
static struct cs_board_entry *enter(struct reading *r, int64_t document)
{
    struct cs_board_entry *entry =
        r->window ? cs_window_at(r->window, document)
                  : cs_board_at(r->gather->board, document);
    if (!entry) {
        r->status = cs_error_no_memory(r->err);
        return NULL;
    }
    if (entry->group != r->group + 1)
        begin_entry(r, document, entry);
    return entry->state == CS_BOARD_IN ? entry : NULL;
}

static void begin_group(struct reading *r, size_t group)
{
    const struct cs_plan *plan = r->gather->plan;
    uint64_t bit = (uint64_t)1 << group;
    bool scored = !(plan->unscored & bit);
    uint64_t others = ~(plan->unscored | bit);
    if (plan->n_groups < 64)
        others &= ((uint64_t)1 << plan->n_groups) - 1;
    bool common = plan->groups[group].df > plan->documents / 2;
    r->group = group;
    r->bit = bit;
    r->fields = plan->groups[group].fields;
    r->whole = (plan->near & bit) != 0;
    r->brief = !r->whole && (common || !scored) &&
               plan->groups[group].fields == CS_TERMS_FIELDS_ALL;
    r->keep = r->whole || (scored && others && !r->brief);
}

static void begin_phrase(struct reading *r, size_t phrase)
{
    r->phrase = phrase;
    r->weight = (float)r->gather->plan->groups[r->group].phrases[phrase].weight;
}

/* ---- single tokens ---- */

static void open_stream(struct reading *r, size_t phrase, struct cs_stream *ret)
{
    const struct cs_gather *gather = r->gather;
    r->status = cs_stream_open(
        gather->db, r->segments,
        gather->plan->groups[r->group].phrases[phrase].text, ret, r->err);
}

static void keep_places(struct reading *r, struct cs_places places,
                        struct cs_board_entry *entry)
{
    struct cs_fts_place place = {0};
    cs_place_first(&place.at, places);
    read_places(r, &place, entry);
}

static void read_posting(struct reading *r, const struct cs_posting *posting)
{
    struct cs_board_entry *entry = enter(r, posting->document);
    if (!entry)
        return;
    if (r->keep)
        keep_places(r, posting->places, entry);
    else
        add_weight(r,
                   r->brief ? weight_in(r, best_field(posting->places), entry)
                            : count_places(r, posting->places, entry),
                   entry);
}

static void next(struct reading *r, struct cs_stream *stream)
{
    if (!r->status)
        r->status = cs_stream_next(stream, r->err);
}

static void read_token(struct reading *r, size_t phrase)
{
    struct cs_stream stream CS_CLEANUP(cs_stream_close) = {0};
    begin_phrase(r, phrase);
    for (open_stream(r, phrase, &stream);
         !r->status && stream.now.document != 0; next(r, &stream))
        read_posting(r, &stream.now);
}

/* Window by window, take what each phrase has of it. */
static void read_windows(struct reading *r, struct cs_stream *streams, size_t n,
                         cs_board_fn *visit, void *payload)
{
    struct cs_window *window = r->window;
    int64_t first;
    while (!r->status && (first = cs_streams_first(streams, n)) != 0) {
        cs_window_move(window, first);
        for (size_t i = 0; i < n && !r->status; i++) {
            begin_phrase(r, i);
            for (; !r->status && cs_window_has(window, streams[i].now.document);
                 next(r, &streams[i]))
                read_posting(r, &streams[i].now);
        }
        if (!r->status && !cs_window_each(window, visit, payload))
            break;
    }
}

/* The phrases of the only group, all of them tokens. */
static void read_word(struct reading *r, cs_board_fn *visit, void *payload)
{
    size_t n = r->gather->plan->groups[0].n_phrases;
    struct cs_stream *streams = calloc(n + 1, sizeof(*streams));
    r->window = cs_window_new();
    if (!streams || !r->window)
        r->status = cs_error_no_memory(r->err);
    begin_group(r, 0);
    for (size_t i = 0; i < n && !r->status; i++)
        open_stream(r, i, &streams[i]);
    read_windows(r, streams, n, visit, payload);
    for (size_t i = 0; streams && i < n; i++)
        cs_stream_close(&streams[i]);
    free(streams);
    free(r->window);
}

/* ---- phrases, by FTS5 ---- */

/* A callback of FTS5 fails with this; what it was is in the reading. */
static int code_of(const struct reading *r)
{
    return r->status ? SQLITE_ABORT : SQLITE_OK;
}

static void read_phrase(struct reading *r, const Fts5ExtensionApi *api,
                        Fts5Context *fts, int number,
                        struct cs_board_entry *entry)
{
    struct cs_fts_place place;
    cs_fts_place_first(&place, api, fts, number);
    read_places(r, &place, entry);
}

static int see_row(const Fts5ExtensionApi *api, Fts5Context *fts, void *payload)
{
    struct reading *r = payload;
    struct cs_board_entry *entry = enter(r, api->xRowid(fts));
    if (entry)
        read_phrase(r, api, fts, 0, entry);
    return code_of(r);
}

/* A phrase; `*number` is that of FTS5's next one. */
static int read_one(struct reading *r, size_t phrase,
                    const Fts5ExtensionApi *api, Fts5Context *fts, int *number)
{
    const struct cs_term_group *group = &r->gather->plan->groups[r->group];
    if (r->segments && cs_term_is_single(&group->phrases[phrase])) {
        read_token(r, phrase);
        return code_of(r);
    }
    begin_phrase(r, phrase);
    return api ? api->xQueryPhrase(fts, (*number)++, r, see_row) : SQLITE_OK;
}

/* All groups. `api` is NULL where no document has one of the phrases. */
static int read_groups(struct reading *r, const Fts5ExtensionApi *api,
                       Fts5Context *fts)
{
    struct cs_gather *gather = r->gather;
    const struct cs_plan *plan = gather->plan;
    int number = 0, code = SQLITE_OK;
    for (size_t g = 0; g < plan->n_groups && !code; g++) {
        begin_group(r, g);
        for (size_t p = 0; p < plan->groups[g].n_phrases && !code; p++)
            code = read_one(r, p, api, fts, &number);
        gather->idf[g] = idf_of(gather, gather->df[g]);
    }
    return code;
}

static int see_first(void *payload, const Fts5ExtensionApi *api,
                     Fts5Context *fts, bool *ret_done)
{
    struct reading *r = payload;
    r->read = *ret_done = true;
    return read_groups(r, api, fts);
}

static int see_document(void *payload, const Fts5ExtensionApi *api,
                        Fts5Context *fts, bool *ret_done)
{
    struct reading *r = payload;
    int64_t document = api->xRowid(fts);
    *ret_done = false;
    for (size_t i = 0; i < r->n_order && !r->status; i++) {
        Fts5PhraseIter iter;
        int field, token;
        api->xPhraseFirst(fts, (int)i, &iter, &field, &token);
        if (field < 0)
            continue;
        begin_group(r, r->order[i].group);
        begin_phrase(r, r->order[i].phrase);
        struct cs_board_entry *entry = enter(r, document);
        if (!entry)
            break;
        read_phrase(r, api, fts, (int)i, entry);
    }
    return code_of(r);
}

/* Run what was made ready: all of the reading, if there is a text to MATCH. */
static enum cs_status run(struct reading *r, const struct cs_strbuf *match,
                          cs_fts_visit_fn *visit)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_strbuf_status(match, r->err);
    if (status || !match->len)
        return status;
    status = cs_fts_walk(r->gather->db, match->data, visit, r, &why);
    return r->status ? r->status : cs_error_pass(r->err, status, &why);
}

/* What was borrowed from vectors and rows must have been there. */
static enum cs_status finish(struct reading *r, enum cs_status status)
{
    free(r->segments);
    if (!status)
        status = cs_vectors_status(r->gather->vectors, r->err);
    return status ? status : cs_predicate_status(r->gather->predicate, r->err);
}

enum cs_status cs_gather_any(struct cs_gather *gather, struct cs_error *err)
{
    struct cs_strbuf match CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(MATCH_MAX);
    struct reading r = {.gather = gather, .err = err};
    enum cs_status status = cs_segments_read(gather->db, &r.segments, err);
    if (status)
        return status;
    cs_match_put_any(gather->plan, r.segments != NULL, &match);
    status = run(&r, &match, see_first);
    if (!status && !r.read) { /* no phrase, or in no document */
        (void)read_groups(&r, NULL, NULL);
        status = r.status;
    }
    return finish(&r, status);
}

static bool is_one_word(const struct cs_plan *plan)
{
    const struct cs_term_group *group = &plan->groups[0];
    size_t p = 0;
    while (p < group->n_phrases && cs_term_is_single(&group->phrases[p]))
        p++;
    return plan->n_groups == 1 && p == group->n_phrases;
}

enum cs_status cs_gather_each(struct cs_gather *gather, cs_board_fn *visit,
                              void *payload, bool *ret_done,
                              struct cs_error *err)
{
    struct reading r = {.gather = gather, .err = err};
    *ret_done = false;
    if (!is_one_word(gather->plan))
        return CS_OK;
    enum cs_status status = cs_segments_read(gather->db, &r.segments, err);
    *ret_done = !status && r.segments;
    if (*ret_done) {
        gather->idf[0] = 1;
        read_word(&r, visit, payload);
        gather->idf[0] = idf_of(gather, gather->df[0]);
        status = r.status;
    }
    return finish(&r, status);
}

enum cs_status cs_gather_tree(struct cs_gather *gather, bool *ret_done,
                              struct cs_error *err)
{
    struct cs_strbuf match CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(MATCH_MAX);
    struct cs_match_place order[CS_MATCH_PHRASES_MAX];
    struct reading r = {.gather = gather, .order = order, .err = err};
    *ret_done = cs_match_put_tree(gather->plan, &match, order, &r.n_order);
    if (!*ret_done)
        return CS_OK;
    for (size_t g = 0; g < gather->plan->n_groups; g++)
        gather->idf[g] = idf_of(gather, gather->plan->groups[g].df);
    return finish(&r, run(&r, &match, see_document));
}
