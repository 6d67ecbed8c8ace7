/*
 * find.c - the Shift-And method, with tokens for letters.
 *
 * For each term one machine word says which of its beginnings end at the
 * current token. A phrase is looked for by its first 64 tokens.
 */
#include "index/search/find.h"

enum { PHRASE_MAX = 64 };

struct needle {
    const char **tokens;
    size_t *lens;
    size_t n;
    bool prefix; /* the last token may go on */
};

struct cs_needles {
    struct needle *needles;
    size_t n;
    bool first_byte[256]; /* of any token of any needle */
};

struct collector {
    struct cs_arena *arena;
    struct needle *needle;
};

static bool count_token(void *payload, const struct cs_token *token)
{
    size_t *n = payload;
    (void)token;
    return ++*n < PHRASE_MAX;
}

static bool keep_token(void *payload, const struct cs_token *token)
{
    struct collector *c = payload;
    struct needle *needle = c->needle;
    needle->tokens[needle->n] =
        cs_arena_strndup(c->arena, token->text, token->len);
    needle->lens[needle->n++] = token->len;
    return needle->n < PHRASE_MAX;
}

static enum cs_status make_needle(struct cs_arena *arena,
                                  struct cs_tokenizer *tokenizer,
                                  const struct cs_query_term *term,
                                  struct needle *needle, struct cs_error *err)
{
    size_t len = strlen(term->text), n = 0;
    enum cs_status status =
        cs_tokenizer_run(tokenizer, term->text, len, count_token, &n, err);
    if (status)
        return status;
    needle->prefix = term->prefix;
    needle->tokens = cs_arena_array(arena, n, sizeof(*needle->tokens));
    needle->lens = cs_arena_array(arena, n, sizeof(*needle->lens));
    if (!needle->tokens || !needle->lens)
        return cs_arena_status(arena, err);
    struct collector collector = {arena, needle};
    status = cs_tokenizer_run(tokenizer, term->text, len, keep_token,
                              &collector, err);
    return status ? status : cs_arena_status(arena, err);
}

enum cs_status cs_needles_make(struct cs_arena *arena,
                               struct cs_tokenizer *tokenizer,
                               const struct cs_search_query *query,
                               struct cs_needles **ret, struct cs_error *err)
{
    size_t n = cs_search_query_wanted(query);
    struct cs_needles *made = cs_arena_alloc(arena, sizeof(*made));
    if (made)
        made->needles = cs_arena_array(arena, n, sizeof(*made->needles));
    enum cs_status status = cs_arena_status(arena, err);
    for (size_t i = 0; i < query->n_terms && !status; i++) {
        if (query->terms[i].excluded)
            continue;
        struct needle *needle = &made->needles[made->n++];
        status = make_needle(arena, tokenizer, &query->terms[i], needle, err);
        for (size_t j = 0; j < needle->n && !status; j++)
            made->first_byte[(unsigned char)needle->tokens[j][0]] = true;
    }
    if (!status)
        *ret = made;
    return status;
}

struct search {
    const struct cs_needles *needles;
    uint64_t state[CS_QUERY_MAX_TERMS];
    bool active; /* some state is not zero */
    size_t starts[PHRASE_MAX];
    size_t n_tokens;
    struct cs_found *found;
    size_t n_found;
};

/* Bit j: the token can be the j-th of the needle. */
static uint64_t mask_of(const struct needle *needle,
                        const struct cs_token *token)
{
    uint64_t mask = 0;
    for (size_t j = 0; j < needle->n; j++) {
        size_t len = needle->lens[j];
        bool open = needle->prefix && j + 1 == needle->n;
        if ((open ? token->len >= len : token->len == len) &&
            memcmp(token->text, needle->tokens[j], len) == 0)
            mask |= (uint64_t)1 << j;
    }
    return mask;
}

static void step(struct search *search, size_t i, const struct cs_token *token)
{
    const struct needle *needle = &search->needles->needles[i];
    uint64_t state = search->state[i];
    state = ((state << 1) | 1) & mask_of(needle, token);
    search->state[i] = state;
    search->active |= state != 0;
    if (!(state >> (needle->n - 1) & 1) || search->n_found == CS_FOUND_MAX)
        return;
    size_t first = search->n_tokens - (needle->n - 1);
    search->found[search->n_found++] = (struct cs_found){
        search->starts[first % PHRASE_MAX], token->end, (unsigned)i};
}

static bool see_token(void *payload, const struct cs_token *token)
{
    struct search *search = payload;
    const struct cs_needles *needles = search->needles;
    search->starts[search->n_tokens % PHRASE_MAX] = token->at;
    if (token->len > 0 && needles->first_byte[(unsigned char)token->text[0]]) {
        search->active = false;
        for (size_t i = 0; i < needles->n; i++)
            step(search, i, token);
    } else if (search->active) {
        memset(search->state, 0, sizeof(search->state));
        search->active = false;
    }
    search->n_tokens++;
    return search->n_found < CS_FOUND_MAX;
}

enum cs_status cs_needles_find(const struct cs_needles *needles,
                               struct cs_arena *arena,
                               struct cs_tokenizer *tokenizer, const char *text,
                               size_t len, struct cs_found **ret, size_t *ret_n,
                               struct cs_error *err)
{
    struct search search = {.needles = needles};
    search.found = cs_arena_array(arena, CS_FOUND_MAX, sizeof(*search.found));
    if (!search.found)
        return cs_arena_status(arena, err);
    enum cs_status status =
        needles->n == 0
            ? CS_OK
            : cs_tokenizer_run(tokenizer, text, len, see_token, &search, err);
    if (status)
        return status;
    *ret = search.found;
    *ret_n = search.n_found;
    return CS_OK;
}
