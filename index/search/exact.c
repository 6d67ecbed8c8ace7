/*
 * exact.c - what the index cannot tell of the first few: whether a name stands
 * in the text just as it was typed, and whether the title is the query.
 */
#include "index/search/search_parts.h"

#include "index/reader.h"
#include "index/words/split.h"

#include <ctype.h>

#define HELD       1.5 /* a name as typed, among other words */
#define HELD_ALONE 4.0 /* when it is all that was asked for */

enum { NAME_MAX_BYTES = 2048, TITLE_WORDS = 64 };

/* ---- a document by its name ---- */

static bool looks_named(const char *text, size_t len)
{
    if (len == 0 || len > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < len; i++)
        if (isspace((unsigned char)text[i]))
            return false;
    if (strspn(text, "0123456789") == len || strstr(text, "://"))
        return true;
    const char *colon = strchr(text, ':');
    return colon && colon[1] && colon > text &&
           strspn(colon + 1, "0123456789") == len - (size_t)(colon + 1 - text);
}

enum cs_status cs_search_named(struct cs_search *run, struct cs_error *err)
{
    const char *text = run->request->text ? run->request->text : "";
    struct cs_reader_document found;
    while (isspace((unsigned char)*text))
        text++;
    size_t len = strlen(text);
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    const char *name = cs_arena_strndup(run->arena, text, len);
    if (!name)
        return cs_arena_status(run->arena, err);
    if (run->request->mode == CS_SEARCH_REGEX || !looks_named(name, len) ||
        cs_reader_find(run->index, run->arena, name, &found, NULL))
        return CS_OK;
    const struct cs_vector *vector =
        cs_vectors_get(run->vectors, found.document);
    if (vector && cs_predicate_holds(run->predicate, found.document, vector))
        run->first = found.document;
    return CS_OK;
}

/* ---- names as they were typed ---- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Bytes of `text` that `form` takes up where it begins there; 0: it does not.
 * Backslashes before punctuation are Markdown's. */
static size_t match_at(const char *text, const char *end, const char *form)
{
    const char *at = text;
    for (; *form; form++) {
        if (at < end && *at == '\\' && at + 1 < end &&
            ispunct((unsigned char)at[1]) && *form != '\\')
            at++;
        if (at == end || *at != *form)
            return 0;
        at++;
    }
    return (size_t)(at - text);
}

static bool holds_form(const char *text, size_t len, const char *form)
{
    const char *end = text + len, *at = text;
    bool open = !is_word(form[0]);
    while (at < end && (at = memchr(at, form[0], (size_t)(end - at)))) {
        size_t n = match_at(at, end, form);
        if (n && (open || at == text || !is_word(at[-1])) &&
            (at + n == end || !is_word(at[n]) || !is_word(at[n - 1])))
            return true;
        at++;
    }
    return false;
}

struct title {
    char words[TITLE_WORDS][CS_WORD_MAX];
    size_t lens[TITLE_WORDS];
    size_t n;
};

static bool keep_word(void *payload, const struct cs_word *word)
{
    struct title *title = payload;
    if (word->whole)
        return true;
    if (title->n == TITLE_WORDS)
        return false;
    memcpy(title->words[title->n], word->text, word->len);
    title->lens[title->n++] = word->len;
    return true;
}

/* Is the title the words of the query, in this order? */
struct comparison {
    const struct title *title;
    size_t at;
    bool same;
};

static void compare_leaves(struct comparison *comparison,
                           const struct cs_expr_node *node)
{
    for (size_t i = 0; i < node->n_tokens && comparison->same; i++) {
        const struct cs_expr_token *token = &node->tokens[i];
        const struct title *title = comparison->title;
        if (token->whole)
            continue;
        comparison->same =
            comparison->at < title->n &&
            title->lens[comparison->at] == token->len &&
            memcmp(title->words[comparison->at], token->text, token->len) == 0;
        comparison->at++;
    }
    for (const struct cs_expr_node *child = node->first;
         child && comparison->same; child = child->next)
        compare_leaves(comparison, child);
}

static bool is_query(const struct cs_search *run, const char *text)
{
    struct title title = {.n = 0};
    struct comparison comparison = {&title, 0, true};
    (void)cs_words_split(text, strlen(text), keep_word, &title);
    compare_leaves(&comparison, run->expr.root);
    return comparison.same && comparison.at == title.n;
}

/* The share of the query's names that stand in the texts of a row. */
static double held(const struct cs_search *run, struct cs_query *row)
{
    size_t n = 0, n_held = 0;
    for (size_t g = 0; g < run->plan->n_groups; g++) {
        const struct cs_term_group *group = &run->plan->groups[g];
        bool holds = false;
        if (!group->written || run->plan->unscored >> g & 1)
            continue;
        for (int column = 0; column < 3 && !holds; column++) {
            size_t len;
            const char *text = cs_query_blob(row, column, &len);
            holds = text && holds_form(text, len, group->word);
        }
        n++;
        n_held += holds;
    }
    return n ? (double)n_held / (double)n : 0;
}

static enum cs_status look_at(struct cs_search *run, struct cs_rank_hit *hit,
                              bool texts, double gain, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        texts ? cs_db_query(run->db, &query, err,
                            "SELECT d.title, b.markdown, c.markdown"
                            " FROM document d"
                            " LEFT JOIN body b ON b.document = d.id"
                            " LEFT JOIN comments c ON c.document = d.id"
                            " WHERE d.id = ?",
                            "i", hit->document)
              : cs_db_query(run->db, &query, err,
                            "SELECT title FROM document WHERE id = ?", "i",
                            hit->document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    if (hit->title && !is_query(run, cs_query_text(&query, 0))) {
        hit->title = false;
        hit->parts.exact = 1;
    }
    if (texts)
        hit->parts.exact *= 1 + (gain - 1) * held(run, &query);
    hit->score = cs_rank_score(&hit->parts);
    return CS_OK;
}

enum cs_status cs_search_exact(struct cs_search *run, struct cs_error *err)
{
    struct cs_rank *rank = &run->rank;
    size_t n = rank->n < CS_SEARCH_WINDOW ? rank->n : CS_SEARCH_WINDOW;
    size_t scored = 0;
    bool texts = false;
    enum cs_status status = CS_OK;
    if (rank->by_date || !run->expr.root)
        return CS_OK;
    for (size_t g = 0; g < run->plan->n_groups; g++) {
        bool counts = !(run->plan->unscored >> g & 1);
        scored += counts;
        texts |= counts && run->plan->groups[g].written;
    }
    for (size_t i = 0; i < n && !status; i++)
        if (texts || rank->hits[i].title)
            status = look_at(run, &rank->hits[i], texts,
                             scored == 1 ? HELD_ALONE : HELD, err);
    if (!status)
        cs_rank_sort(rank, rank->hits, n);
    return status;
}
