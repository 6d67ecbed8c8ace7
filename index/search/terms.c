/*
 * terms.c - tokens of a leaf, looked up in the lexicon.
 *
 * A phrase with a token that no document has is dropped at once.
 */
#include "index/search/terms.h"

#include "index/search/expand.h"
#include "index/words/split.h"
#include "index/words/stem.h"
#include "index/words/typo.h"

enum { SIMILAR_MAX = 16, RARE_DF = 4 };

static const double weight_member = 0.85; /* of a family, not as typed */
static const double weight_parts = 0.5;   /* of a compound, apart */
static const double weight_joined = 0.8;  /* sign-up: signup */

struct leaf {
    struct cs_lexicon *lexicon;
    struct cs_arena *arena;
    const struct cs_expr_node *node;
    const struct cs_terms_options *options;
    struct cs_term_group *group;
    const struct cs_expr_token **parts, **wholes;
    size_t n_parts, n_wholes;
};

/* Words that are in nearly every English text; sorted. */
static const char *const stops[] = {
    "a",    "about", "after", "all",   "also", "am",    "an",    "and",
    "any",  "are",   "as",    "at",    "be",   "been",  "but",   "by",
    "can",  "could", "did",   "do",    "does", "for",   "from",  "had",
    "has",  "have",  "how",   "i",     "if",   "in",    "into",  "is",
    "it",   "its",   "me",    "my",    "no",   "not",   "of",    "on",
    "or",   "our",   "so",    "such",  "than", "that",  "the",   "their",
    "them", "then",  "there", "these", "they", "this",  "those", "to",
    "was",  "we",    "were",  "what",  "when", "where", "which", "who",
    "why",  "will",  "with",  "would", "you",  "your",
};

bool cs_terms_is_stop(const char *token, size_t len)
{
    size_t from = 0, to = CS_ARRAY_LEN(stops);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strncmp(stops[middle], token, len);
        if (order == 0 && stops[middle][len] == '\0')
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

static size_t n_characters(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

static bool has_digit(const char *text)
{
    return text[strcspn(text, "0123456789")] != '\0';
}

static enum cs_status df_of(const struct leaf *leaf,
                            const struct cs_expr_token *token, int64_t *ret_df,
                            struct cs_error *err)
{
    return cs_lexicon_df(leaf->lexicon, token->text, token->len, ret_df, err);
}

static enum cs_status start(struct leaf *leaf, struct cs_error *err)
{
    const struct cs_expr_node *node = leaf->node;
    leaf->parts =
        cs_arena_array(leaf->arena, node->n_tokens + 1, sizeof(*leaf->parts));
    leaf->wholes =
        cs_arena_array(leaf->arena, node->n_tokens + 1, sizeof(*leaf->wholes));
    if (!leaf->parts || !leaf->wholes)
        return cs_arena_status(leaf->arena, err);
    for (size_t i = 0; i < node->n_tokens; i++)
        if (node->tokens[i].whole)
            leaf->wholes[leaf->n_wholes++] = &node->tokens[i];
        else
            leaf->parts[leaf->n_parts++] = &node->tokens[i];
    leaf->group->n_tokens = leaf->n_parts;

    /* Of a run of Chinese the index has the last character alone; where the
     * query ends, the run may go on. */
    const struct cs_expr_token *last =
        leaf->n_parts > 1 ? leaf->parts[leaf->n_parts - 1] : NULL;
    const struct cs_expr_token *before =
        last ? leaf->parts[leaf->n_parts - 2] : NULL;
    if (last && cs_word_is_pair(last->text, last->len) &&
        n_characters(last->text, last->len) == 1 &&
        cs_word_is_pair(before->text, before->len) &&
        n_characters(before->text, before->len) == 2)
        leaf->n_parts--;
    return CS_OK;
}

/* The phrase of all parts, whose last token may be replaced by `last`. */
static enum cs_status add_parts(struct leaf *leaf, double weight,
                                const char *last, int64_t last_df,
                                struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < leaf->n_parts && least > 0; i++) {
        const struct cs_expr_token *token = leaf->parts[i];
        bool replaced = last && i + 1 == leaf->n_parts;
        int64_t df = last_df;
        enum cs_status status = replaced ? CS_OK : df_of(leaf, token, &df, err);
        if (status)
            return status;
        least = df < least ? df : least;
        cs_strbuf_puts(&text, i ? " " : "");
        if (replaced)
            cs_strbuf_puts(&text, last);
        else
            cs_strbuf_put(&text, token->text, token->len);
    }
    if (leaf->n_parts == 0 || least == 0)
        return CS_OK;
    return cs_expand_add(leaf->arena, leaf->group, text.data, leaf->n_parts,
                         weight, least, err);
}

static enum cs_status add_family(struct leaf *leaf, const char *word,
                                 struct cs_error *err)
{
    struct cs_family *family;
    size_t n;
    size_t max =
        leaf->options->families && !leaf->node->exact ? CS_TERMS_FAMILY_MAX : 1;
    enum cs_status status =
        cs_stem_family(leaf->lexicon, leaf->arena, word, max, &family, &n, err);
    for (size_t i = 0; i < n && !status; i++)
        if (family[i].df > 0)
            status =
                cs_expand_add(leaf->arena, leaf->group, family[i].term, 1,
                              i == 0 ? 1.0 : weight_member, family[i].df, err);
    return status;
}

/* Wholes first; the parts side by side find the other spellings. Where the
 * whole is a name with digits or dots, common parts are not worth it. */
static enum cs_status add_compound(struct leaf *leaf, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    int64_t whole_df = 0;
    for (size_t i = 0; i < leaf->n_wholes && !status; i++) {
        int64_t df = 0;
        status = df_of(leaf, leaf->wholes[i], &df, err);
        if (!status && df > 0)
            status = cs_expand_add(leaf->arena, leaf->group,
                                   cs_arena_strndup(leaf->arena,
                                                    leaf->wholes[i]->text,
                                                    leaf->wholes[i]->len),
                                   1, 1.0, df, err);
        whole_df += df;
    }
    if (status || (leaf->n_parts == 1 && whole_df > 0))
        return status;
    return add_parts(leaf, leaf->n_wholes ? weight_parts : 1.0, NULL, 0, err);
}

/* sign-up is written signup, too. */
static enum cs_status add_joined(struct leaf *leaf, struct cs_error *err)
{
    char joined[2 * CS_WORD_MAX + 1];
    int64_t df = 0;
    const struct cs_expr_token *a = leaf->parts[0], *b = leaf->parts[1];
    if (leaf->n_parts != 2 || leaf->n_wholes || a->len + b->len > CS_WORD_MAX ||
        cs_word_is_pair(a->text, a->len))
        return CS_OK;
    (void)snprintf(joined, sizeof(joined), "%.*s%.*s", (int)a->len, a->text,
                   (int)b->len, b->text);
    enum cs_status status =
        cs_lexicon_df(leaf->lexicon, joined, a->len + b->len, &df, err);
    if (status || df == 0)
        return status;
    return cs_expand_add(leaf->arena, leaf->group, joined, 1, weight_joined, df,
                         err);
}

static enum cs_status add_prefix(struct leaf *leaf, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    if (leaf->n_parts == 1 && !leaf->n_wholes)
        return cs_expand_prefix(leaf->lexicon, leaf->arena,
                                leaf->parts[0]->text, leaf->parts[0]->len,
                                leaf->group, err);
    for (size_t i = 0; i < leaf->n_wholes && !status; i++)
        status =
            cs_expand_prefix(leaf->lexicon, leaf->arena, leaf->wholes[i]->text,
                             leaf->wholes[i]->len, leaf->group, err);
    if (status || leaf->n_parts == 0)
        return status;
    const struct cs_expr_token *last = leaf->parts[leaf->n_parts - 1];
    const char *any = NULL;
    int64_t df = 0;
    status = cs_expand_any(leaf->lexicon, leaf->arena, last->text, last->len,
                           leaf->group, &any, &df, err);
    if (status || !any)
        return status;
    return add_parts(leaf, leaf->n_wholes ? weight_parts : 1.0, any, df, err);
}

static enum cs_status add_similar(struct leaf *leaf, const char *word,
                                  struct cs_error *err)
{
    struct cs_typo *typos;
    size_t n;
    enum cs_status status =
        cs_typo_similar(leaf->lexicon, leaf->arena, word, leaf->node->fuzzy,
                        SIMILAR_MAX, &typos, &n, err);
    for (size_t i = 0; i < n && !status; i++) {
        double weight = typos[i].distance == 0   ? 1.0
                        : typos[i].distance == 1 ? 0.8
                                                 : 0.6;
        status = cs_expand_add(leaf->arena, leaf->group, typos[i].term, 1,
                               weight, typos[i].df, err);
    }
    return status;
}

/* A word that is in no document is looked for as it was meant, and one that
 * hardly any has gets a proposal. */
static enum cs_status correct(struct leaf *leaf, const char *word,
                              struct cs_error *err)
{
    struct cs_term_group *group = leaf->group;
    const char *better = NULL;
    int64_t df = 0;
    if (!leaf->options->corrections || leaf->node->exact || has_digit(word) ||
        group->df > RARE_DF || cs_word_is_pair(word, strlen(word)))
        return CS_OK;
    enum cs_status status =
        cs_typo_correct(leaf->lexicon, leaf->arena, word, 0, &better, &df, err);
    if (status || !better || strcmp(better, word) == 0)
        return status;
    group->correction = better;
    if (group->n_phrases)
        return CS_OK;
    group->corrected = true;
    if (!strchr(better, ' '))
        return add_family(leaf, better, err);
    return cs_expand_add(leaf->arena, group, better, 2, 1.0, df, err);
}

static enum cs_status add_word(struct leaf *leaf, struct cs_error *err)
{
    const char *word = cs_arena_strndup(leaf->arena, leaf->parts[0]->text,
                                        leaf->parts[0]->len);
    if (!word)
        return cs_arena_status(leaf->arena, err);
    size_t len = strlen(word);
    leaf->group->stop = !leaf->node->exact && !leaf->node->required &&
                        !leaf->node->fields && cs_terms_is_stop(word, len);
    if (cs_word_is_pair(word, len) && n_characters(word, len) == 1)
        return cs_expand_prefix(leaf->lexicon, leaf->arena, word, len,
                                leaf->group, err);
    if (leaf->node->fuzzy)
        return add_similar(leaf, word, err);
    enum cs_status status = add_family(leaf, word, err);
    return status ? status : correct(leaf, word, err);
}

static enum cs_status add_leaf(struct leaf *leaf, struct cs_error *err)
{
    const struct cs_expr_node *node = leaf->node;
    if (leaf->n_parts == 0)
        return add_compound(leaf, err);
    if (node->prefix)
        return add_prefix(leaf, err);
    if (node->kind == CS_EXPR_PHRASE && strpbrk(node->text, " \t\n"))
        return add_parts(leaf, 1.0, NULL, 0, err);
    if (leaf->n_parts == 1 && !leaf->n_wholes)
        return add_word(leaf, err);
    enum cs_status status = add_compound(leaf, err);
    if (!status && node->kind == CS_EXPR_WORD && !node->exact)
        status = add_joined(leaf, err);
    return status;
}

static bool is_written(const struct leaf *leaf)
{
    if (leaf->node->prefix || leaf->node->fuzzy || leaf->group->corrected)
        return false;
    return leaf->n_wholes > 0 || has_digit(leaf->node->text);
}

enum cs_status cs_terms_make(struct cs_lexicon *lexicon, struct cs_arena *arena,
                             const struct cs_expr_node *node,
                             const struct cs_terms_options *options,
                             struct cs_term_group *ret, struct cs_error *err)
{
    struct leaf leaf = {.lexicon = lexicon,
                        .arena = arena,
                        .node = node,
                        .options = options,
                        .group = ret};
    *ret = (struct cs_term_group){
        .word = node->text,
        .fields = node->fields ? node->fields : CS_TERMS_FIELDS_ALL,
    };
    enum cs_status status = start(&leaf, err);
    if (!status)
        status = add_leaf(&leaf, err);
    ret->written = is_written(&leaf);
    return status ? status : cs_arena_status(arena, err);
}

enum cs_status cs_terms_make_token(struct cs_lexicon *lexicon,
                                   struct cs_arena *arena, const char *token,
                                   double weight, struct cs_term_group *ret,
                                   struct cs_error *err)
{
    int64_t df = 0;
    *ret = (struct cs_term_group){
        .word = token, .fields = CS_TERMS_FIELDS_ALL, .n_tokens = 1};
    enum cs_status status =
        cs_lexicon_df(lexicon, token, strlen(token), &df, err);
    if (!status && df > 0)
        status = cs_expand_add(arena, ret, token, 1, weight, df, err);
    return status;
}
