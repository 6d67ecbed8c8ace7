/*
 * gather.c - what each document has of the plan's phrases.
 *
 * Single tokens are read by postings.h. The first document of an expression of
 * the other phrases gives FTS5's API, which walks each of them (xQueryPhrase).
 */
#include "index/search/gather.h"

#include "index/search/fts_walk.h"
#include "index/search/postings.h"
#include "index/words/fts.h"

#include <math.h>

enum {
    MATCH_MAX = 4 << 20,
    /* Of one phrase in one field: beyond, the score hardly changes. */
    PLACES_MAX = 64,
};

struct reading {
    struct cs_gather *gather;
    struct cs_postings *postings; /* NULL: FTS5 reads single tokens too */
    size_t group, phrase;
    bool keep;                          /* positions */
    bool brief;                         /* the first one will do */
    bool whole;                         /* all are needed */
    bool read;                          /* all is done */
    const struct cs_match_place *order; /* of the tree's phrases */
    size_t n_order;
    cs_board_fn *visit; /* instead of the board, with its payload */
    void *payload;
    struct cs_board_entry alone; /* of the document that is being read */
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

/* Where a phrase stands in a document, as FTS5 says or by its bytes. */
struct place {
    const Fts5ExtensionApi *api; /* NULL: by its bytes */
    Fts5Context *fts;
    Fts5PhraseIter iter;
    struct cs_place_walk at;
};

static void next_place(struct place *place)
{
    if (place->api)
        place->api->xPhraseNext(place->fts, &place->iter, &place->at.field,
                                &place->at.token);
    else
        cs_place_next(&place->at);
}

static void next_field(struct place *place)
{
    if (!place->api) {
        cs_place_next_field(&place->at);
        return;
    }
    place->api->xPhraseNextColumn(place->fts, &place->iter, &place->at.field);
    place->at.token = 0; /* of which FTS5 counts on */
    if (place->at.field >= 0)
        next_place(place);
}

/* Of a word that is nearly everywhere the best field will do. That of most
 * words comes first; those that weigh more are next to it. */
static void read_best(struct place *place)
{
    if (place->at.field != CS_FIELD_BODY)
        return;
    next_field(place);
    if (place->at.field != CS_FIELD_TITLE &&
        place->at.field != CS_FIELD_HEADINGS)
        place->at.field = CS_FIELD_BODY;
}

/* What one place in a field is worth. */
static float weight_in(const struct reading *r, unsigned field,
                       struct cs_board_entry *entry)
{
    const struct cs_gather *gather = r->gather;
    const unsigned wanted = gather->plan->groups[r->group].fields;
    if (field >= CS_FIELDS || !(wanted >> field & 1))
        return 0;
    if (field == CS_FIELD_TITLE)
        entry->titles |= (uint64_t)1 << r->group;
    return gather->weights->of[field][entry->vector->len[field]];
}

static void add_weight(const struct reading *r, float sum,
                       struct cs_board_entry *entry)
{
    const struct cs_term_group *group = &r->gather->plan->groups[r->group];
    if (sum > 0)
        entry->mask |= (uint64_t)1 << r->group;
    entry->tf += sum * (float)group->phrases[r->phrase].weight;
}

/* Positions of one phrase in one document, from the first one on. */
static void read_places(struct reading *r, struct place *place,
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
            next_field(place);
        else
            next_place(place);
    }
    if (r->keep && !cs_board_end(board, entry))
        r->status = cs_error_no_memory(r->err);
    add_weight(r, sum, entry);
}

/* The field that read_best() comes to. */
static unsigned best_field(struct cs_places places)
{
    const unsigned char *at = places.bytes, *end = at + places.size;
    if (at < end && *at == 1)
        return end - at > 1 ? at[1] : CS_FIELDS;
    while (end - at > 1 && (*at != 1))
        at = cs_place_skip(at, end);
    bool better =
        end - at > 1 && (at[1] == CS_FIELD_TITLE || at[1] == CS_FIELD_HEADINGS);
    return better ? at[1] : CS_FIELD_BODY;
}

/* As read_places(), by the bytes of a token, where no position is asked for. */
static void count_places(struct reading *r, struct cs_places places,
                         struct cs_board_entry *entry)
{
    const unsigned char *at = places.bytes, *end = at + places.size;
    float sum = 0, each = 0;
    bool another = true;
    for (unsigned field = 0, n = 0; at < end; n++) {
        if (*at == 1 && end - at > 1) {
            field = at[1];
            at += 2;
            another = true;
        }
        if (another) {
            each = weight_in(r, field, entry);
            n = 0;
            another = false;
        }
        sum += n < PLACES_MAX ? each : 0;
        at = cs_place_skip(at, end);
    }
    add_weight(r, sum, entry);
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

/* The entry of the current document; NULL when it is out, or on failure. */
static struct cs_board_entry *enter(struct reading *r, int64_t document)
{
    struct cs_gather *gather = r->gather;
    struct cs_board_entry *entry =
        r->visit ? &r->alone : cs_board_at(gather->board, document);
    if (!entry) {
        r->status = cs_error_no_memory(r->err);
        return NULL;
    }
    if (r->visit)
        *entry = (struct cs_board_entry){0};
    if (entry->group != r->group + 1) {
        fold(gather, entry);
        entry->group = (uint8_t)(r->group + 1);
        gather->df[r->group]++;
    }
    if (entry->state == CS_BOARD_NEW)
        cs_gather_admit(gather, document,
                        cs_vectors_get(gather->vectors, document), entry);
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
    r->whole = (plan->near & bit) != 0;
    r->brief = !r->whole && (common || !scored) &&
               plan->groups[group].fields == CS_TERMS_FIELDS_ALL;
    r->keep = r->whole || (scored && others && !r->brief);
}

/* ---- single tokens ---- */

/* A token, and what may stand for it. */
static void add_phrase(struct reading *r, size_t phrase)
{
    const char *token = r->gather->plan->groups[r->group].phrases[phrase].text;
    while (!r->status) {
        size_t len = strcspn(token, (const char[]){CS_FTS_OR, '\0'});
        if (len)
            r->status = cs_postings_add(r->postings, token, len,
                                        (unsigned)phrase, r->err);
        if (!token[len])
            return;
        token += len + 1;
    }
}

/* A document is done with; false: no more are wanted. */
static bool leave(struct reading *r, int64_t document,
                  struct cs_board_entry *entry)
{
    return !r->visit || !entry || r->visit(r->payload, document, entry);
}

static void read_posting(struct reading *r, const struct cs_posting *posting,
                         struct cs_board_entry *entry)
{
    struct place place = {0};
    r->phrase = posting->tag;
    if (r->brief) {
        add_weight(r, weight_in(r, best_field(posting->places), entry), entry);
    } else if (r->keep) {
        cs_place_first(&place.at, posting->places);
        read_places(r, &place, entry);
    } else {
        count_places(r, posting->places, entry);
    }
}

/* All phrases of the group that are single tokens, document by document. */
static void read_tokens(struct reading *r)
{
    const struct cs_term_group *group = &r->gather->plan->groups[r->group];
    struct cs_board_entry *entry = NULL;
    struct cs_posting posting;
    int64_t document = 0;
    cs_postings_clear(r->postings);
    for (size_t p = 0; p < group->n_phrases && !r->status; p++)
        if (cs_term_is_single(&group->phrases[p]))
            add_phrase(r, p);
    while (!r->status) {
        r->status = cs_postings_next(r->postings, &posting, r->err);
        if (r->status || posting.document == 0)
            break;
        if (posting.document != document) {
            if (!leave(r, document, entry))
                return;
            document = posting.document;
            entry = enter(r, document);
        }
        if (!entry)
            continue;
        read_posting(r, &posting, entry);
    }
    if (!r->status)
        (void)leave(r, document, entry);
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
    struct place place = {.api = api, .fts = fts};
    api->xPhraseFirst(fts, number, &place.iter, &place.at.field,
                      &place.at.token);
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

/* All groups. `api` is NULL where no document has one of the phrases. */
static int read_groups(struct reading *r, const Fts5ExtensionApi *api,
                       Fts5Context *fts)
{
    struct cs_gather *gather = r->gather;
    const struct cs_plan *plan = gather->plan;
    int number = 0, code = SQLITE_OK;
    for (size_t g = 0; g < plan->n_groups && !code; g++) {
        const struct cs_term_group *group = &plan->groups[g];
        begin_group(r, g);
        if (r->postings)
            read_tokens(r);
        code = code_of(r);
        for (size_t p = 0; p < group->n_phrases && !code; p++) {
            if (!api || (r->postings && cs_term_is_single(&group->phrases[p])))
                continue;
            r->phrase = p;
            code = api->xQueryPhrase(fts, number++, r, see_row);
        }
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
        r->phrase = r->order[i].phrase;
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
    cs_postings_close(r->postings);
    if (!status)
        status = cs_vectors_status(r->gather->vectors, r->err);
    return status ? status : cs_predicate_status(r->gather->predicate, r->err);
}

enum cs_status cs_gather_any(struct cs_gather *gather, struct cs_error *err)
{
    struct cs_strbuf match CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(MATCH_MAX);
    struct reading r = {.gather = gather, .err = err};
    enum cs_status status = cs_postings_open(gather->db, &r.postings, err);
    if (status)
        return status;
    cs_match_put_any(gather->plan, r.postings != NULL, &match);
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
    struct reading r = {
        .gather = gather, .visit = visit, .payload = payload, .err = err};
    *ret_done = false;
    if (!is_one_word(gather->plan))
        return CS_OK;
    enum cs_status status = cs_postings_open(gather->db, &r.postings, err);
    *ret_done = !status && r.postings;
    if (*ret_done) {
        gather->idf[0] = 1;
        (void)read_groups(&r, NULL, NULL);
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
