/*
 * similar.c - count the words of a page, weigh them, take the best.
 */
#include "index/search/similar.h"

#include "index/words/split.h"

#include <math.h>
#include <stdlib.h>

enum {
    SLOTS = 1 << 14, /* of distinct words; a page has hundreds */
    BYTES_MAX = 256 << 10,
    TITLE_WORTH = 3, /* occurrences */
    LETTERS_MIN = 3,
    CANDIDATES = 200, /* that are looked up in the lexicon */
};

struct word {
    const char *text;
    uint32_t len, n;
    double worth;
};

struct words {
    struct cs_arena *arena;
    struct word *slots;
    size_t n;
    uint32_t each;
};

static uint64_t hash(const char *text, size_t len)
{
    uint64_t value = 0xcbf29ce484222325;
    for (size_t i = 0; i < len; i++)
        value = (value ^ (unsigned char)text[i]) * 0x100000001b3;
    return value ^ value >> 29;
}

static bool add_word(void *payload, const struct cs_word *word)
{
    struct words *words = payload;
    if (word->len < LETTERS_MIN || cs_terms_is_stop(word->text, word->len))
        return true;
    size_t at = hash(word->text, word->len) % SLOTS;
    while (words->slots[at].text &&
           (words->slots[at].len != word->len ||
            memcmp(words->slots[at].text, word->text, word->len) != 0))
        at = (at + 1) % SLOTS;
    struct word *slot = &words->slots[at];
    if (!slot->text) {
        if (words->n >= SLOTS / 2)
            return false;
        slot->text = cs_arena_strndup(words->arena, word->text, word->len);
        slot->len = (uint32_t)word->len;
        words->n += slot->text != NULL;
    }
    slot->n += words->each;
    return slot->text != NULL;
}

static int worth_more(const void *left, const void *right)
{
    const struct word *a = left, *b = right;
    if (a->worth < b->worth || a->worth > b->worth)
        return a->worth > b->worth ? -1 : 1;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return a->text && b->text ? strcmp(a->text, b->text)
                              : (b->text != NULL) - (a->text != NULL);
}

static enum cs_status count_words(struct cs_db *db, int64_t document,
                                  struct words *words, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT d.title, b.markdown FROM document d"
                    " LEFT JOIN body b ON b.document = d.id WHERE d.id = ?",
                    "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && !row)
        status = cs_error_set(err, CS_ERR_NOT_FOUND, "no such document");
    for (int column = 0; column < 2 && !status; column++) {
        size_t len;
        const char *text = cs_query_blob(&query, column, &len);
        words->each = column == 0 ? TITLE_WORTH : 1;
        if (text)
            (void)cs_words_split(text, len < BYTES_MAX ? len : BYTES_MAX,
                                 add_word, words);
    }
    return status ? status : cs_arena_status(words->arena, err);
}

/* tf * idf; of the most frequent ones only, and those that others have. */
static enum cs_status weigh(struct cs_lexicon *lexicon, int64_t documents,
                            struct words *words, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    qsort(words->slots, SLOTS, sizeof(*words->slots), worth_more);
    for (size_t i = 0; i < words->n && !status; i++) {
        struct word *word = &words->slots[i];
        int64_t df = 0;
        if (i < CANDIDATES)
            status = cs_lexicon_df(lexicon, word->text, word->len, &df, err);
        word->worth =
            df > 1 ? log(1 + word->n) * log(1 + (double)documents / (double)df)
                   : 0;
    }
    qsort(words->slots, words->n, sizeof(*words->slots), worth_more);
    return status;
}

enum cs_status cs_similar_plan(struct cs_db *db, struct cs_lexicon *lexicon,
                               struct cs_arena *arena, int64_t document,
                               int64_t documents, struct cs_plan **ret,
                               struct cs_error *err)
{
    struct words words = {.arena = arena};
    struct cs_plan *plan = cs_arena_alloc(arena, sizeof(*plan));
    words.slots = cs_arena_array(arena, SLOTS, sizeof(*words.slots));
    if (!plan || !words.slots)
        return cs_arena_status(arena, err);
    enum cs_status status = count_words(db, document, &words, err);
    if (!status)
        status = weigh(lexicon, documents, &words, err);
    plan->documents = documents;
    plan->mode = CS_PLAN_LOOSE;
    plan->root = cs_arena_alloc(arena, sizeof(*plan->root));
    if (!plan->root)
        return cs_arena_status(arena, err);
    plan->root->kind = CS_PLAN_AND;
    struct cs_plan_node **slot = &plan->root->first;
    for (size_t i = 0;
         i < words.n && plan->n_groups < CS_SIMILAR_TERMS && !status; i++) {
        if (words.slots[i].worth <= 0)
            break;
        *slot = cs_arena_alloc(arena, sizeof(**slot));
        if (!*slot)
            return cs_arena_status(arena, err);
        **slot = (struct cs_plan_node){.kind = CS_PLAN_GROUP,
                                       .number = plan->n_groups};
        slot = &(*slot)->next;
        status = cs_terms_make_token(lexicon, arena, words.slots[i].text, 1.0,
                                     &plan->groups[plan->n_groups], err);
        plan->words |= CS_PLAN_BIT(plan->n_groups++);
    }
    if (!status)
        *ret = plan;
    return status;
}
