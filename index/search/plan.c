/*
 * plan.c - the tree of a query, with what is left out of it.
 */
#include "index/search/plan.h"

enum {
    QUESTION_WORDS = 5,    /* so many, and not all of them are expected */
    JOINED_WORDS = 5,      /* "get user by id" is looked for in one, too */
    POSTINGS_MAX = 150000, /* of a question: what all of them take to read */
};

struct planner {
    struct cs_lexicon *lexicon;
    struct cs_arena *arena;
    struct cs_expr *expr;
    struct cs_plan *plan;
    struct cs_terms_options options;
    size_t spare; /* groups beyond one for each leaf */
    bool negative;
};

static enum cs_status build(struct planner *planner,
                            const struct cs_expr_node *node,
                            struct cs_plan_node **ret, struct cs_error *err);

static struct cs_plan_node *new_node(struct planner *planner,
                                     enum cs_plan_kind kind)
{
    struct cs_plan_node *node = cs_arena_alloc(planner->arena, sizeof(*node));
    if (node)
        node->kind = kind;
    return node;
}

static enum cs_status add_group(struct planner *planner,
                                const struct cs_term_group *group,
                                struct cs_plan_node **ret, struct cs_error *err)
{
    struct cs_plan *plan = planner->plan;
    struct cs_plan_node *node = new_node(planner, CS_PLAN_GROUP);
    if (!node || plan->n_groups == CS_PLAN_GROUPS_MAX)
        return node ? cs_error_set(err, CS_ERR_LIMIT, "too many words")
                    : cs_arena_status(planner->arena, err);
    node->number = plan->n_groups++;
    plan->groups[node->number] = *group;
    if (planner->negative)
        plan->unscored |= CS_PLAN_BIT(node->number);
    *ret = node;
    return CS_OK;
}

/* "a b c"~5: its words, close together. */
static enum cs_status build_loose_phrase(struct planner *planner,
                                         const struct cs_expr_node *leaf,
                                         struct cs_plan_node **ret,
                                         struct cs_error *err)
{
    struct cs_plan_node *near = new_node(planner, CS_PLAN_NEAR), *last = NULL;
    enum cs_status status = cs_arena_status(planner->arena, err);
    for (size_t i = 0; i < leaf->n_tokens && !status; i++) {
        struct cs_term_group group;
        struct cs_plan_node *child = NULL;
        if (leaf->tokens[i].whole)
            continue;
        const char *token = cs_arena_strndup(
            planner->arena, leaf->tokens[i].text, leaf->tokens[i].len);
        status = token ? cs_terms_make_token(planner->lexicon, planner->arena,
                                             token, 1.0, &group, err)
                       : cs_arena_status(planner->arena, err);
        if (status)
            break;
        group.fields = leaf->fields ? leaf->fields : CS_TERMS_FIELDS_ALL;
        status = add_group(planner, &group, &child, err);
        if (!child)
            break;
        planner->plan->near |= CS_PLAN_BIT(child->number);
        *(last ? &last->next : &near->first) = child;
        last = child;
    }
    if (status)
        return status;
    near->slop = leaf->slop;
    near->ordered = leaf->ordered;
    planner->spare -= leaf->n_tokens;
    *ret = near;
    return CS_OK;
}

static void warn_narrowed(struct planner *planner,
                          const struct cs_expr_node *leaf,
                          const struct cs_term_group *group)
{
    planner->plan->narrowed = true;
    cs_expr_warn(planner->expr, planner->arena,
                 "%.60s*: only the %zu most frequent of the words that begin "
                 "so are looked for",
                 leaf->text, group->n_phrases);
}

static enum cs_status build_leaf(struct planner *planner,
                                 const struct cs_expr_node *leaf,
                                 struct cs_plan_node **ret,
                                 struct cs_error *err)
{
    struct cs_term_group group;
    if (leaf->kind == CS_EXPR_PHRASE && leaf->slop > 0 && leaf->n_tokens > 1 &&
        leaf->n_tokens <= planner->spare)
        return build_loose_phrase(planner, leaf, ret, err);
    struct cs_terms_options options = planner->options;
    options.corrections &= !planner->negative;
    enum cs_status status = cs_terms_make(planner->lexicon, planner->arena,
                                          leaf, &options, &group, err);
    if (!status && group.narrowed)
        warn_narrowed(planner, leaf, &group);
    return status ? status : add_group(planner, &group, ret, err);
}

static enum cs_status build_children(struct planner *planner,
                                     const struct cs_expr_node *node,
                                     struct cs_plan_node *parent,
                                     struct cs_error *err)
{
    struct cs_plan_node *last = NULL;
    enum cs_status status = CS_OK;
    for (const struct cs_expr_node *child = node->first; child && !status;
         child = child->next) {
        struct cs_plan_node *made = NULL;
        status = build(planner, child, &made, err);
        if (!made)
            break;
        *(last ? &last->next : &parent->first) = made;
        last = made;
        if (child->required && made->kind == CS_PLAN_GROUP &&
            parent->kind == CS_PLAN_AND)
            planner->plan->required |= CS_PLAN_BIT(made->number);
    }
    return status;
}

static enum cs_status build_near(struct planner *planner,
                                 const struct cs_expr_node *node,
                                 struct cs_plan_node *near,
                                 struct cs_error *err)
{
    near->slop = node->slop;
    near->ordered = node->ordered;
    size_t spare = planner->spare;
    planner->spare = 0; /* children are groups */
    enum cs_status status = build_children(planner, node, near, err);
    planner->spare = spare;
    for (struct cs_plan_node *child = near->first; child && !status;
         child = child->next)
        planner->plan->near |= CS_PLAN_BIT(child->number);
    return status;
}

static enum cs_status build(struct planner *planner,
                            const struct cs_expr_node *node,
                            struct cs_plan_node **ret, struct cs_error *err)
{
    static const enum cs_plan_kind kinds[CS_EXPR_KINDS] = {
        [CS_EXPR_AND] = CS_PLAN_AND,       [CS_EXPR_OR] = CS_PLAN_OR,
        [CS_EXPR_NOT] = CS_PLAN_NOT,       [CS_EXPR_NEAR] = CS_PLAN_NEAR,
        [CS_EXPR_REGEX] = CS_PLAN_PATTERN,
    };
    if (node->kind == CS_EXPR_WORD || node->kind == CS_EXPR_PHRASE)
        return build_leaf(planner, node, ret, err);
    struct cs_plan_node *made = new_node(planner, kinds[node->kind]);
    if (!made)
        return cs_arena_status(planner->arena, err);
    *ret = made;
    if (node->kind == CS_EXPR_REGEX) {
        made->leaf = node;
        made->number = planner->plan->n_patterns++;
        return CS_OK;
    }
    if (node->kind == CS_EXPR_NEAR)
        return build_near(planner, node, made, err);
    bool negative = planner->negative;
    planner->negative ^= node->kind == CS_EXPR_NOT;
    enum cs_status status = build_children(planner, node, made, err);
    planner->negative = negative;
    return status;
}

/* ---- questions ---- */

/* A word, a phrase, or an AND of them, without fields. */
static bool is_list(const struct cs_expr_node *root)
{
    if (!root || root->kind != CS_EXPR_AND)
        return root && !root->fields && !root->slop &&
               (root->kind == CS_EXPR_WORD || root->kind == CS_EXPR_PHRASE);
    for (const struct cs_expr_node *node = root->first; node; node = node->next)
        if ((node->kind != CS_EXPR_WORD && node->kind != CS_EXPR_PHRASE) ||
            node->fields || node->slop)
            return false;
    return true;
}

/* Take a group out of the tree; it is then neither read nor asked for. */
static void leave_out(struct cs_plan *plan, size_t group)
{
    struct cs_plan_node **slot = &plan->root->first;
    while (*slot && (*slot)->number != group)
        slot = &(*slot)->next;
    if (*slot)
        *slot = (*slot)->next;
    plan->groups[group].n_phrases = 0;
    plan->groups[group].df = 0;
    plan->unscored |= CS_PLAN_BIT(group);
}

static void leave_out_stops(struct cs_plan *plan)
{
    size_t telling = 0;
    for (size_t g = 0; g < plan->n_groups; g++)
        telling += !plan->groups[g].stop;
    for (size_t g = 0; g < plan->n_groups && telling; g++)
        if (plan->groups[g].stop)
            leave_out(plan, g);
}

/* The most common word that may go, if two rarer ones remain. */
static bool most_common(const struct cs_plan *plan, int64_t above,
                        size_t *ret_group)
{
    size_t rarer = 0;
    int64_t most = above;
    bool found = false;
    for (size_t g = 0; g < plan->n_groups; g++) {
        const struct cs_term_group *group = &plan->groups[g];
        rarer += group->n_phrases && group->df <= above;
        if (group->df <= most || plan->required >> g & 1)
            continue;
        most = group->df;
        *ret_group = g;
        found = true;
    }
    return found && rarer >= 2;
}

static int64_t n_postings(const struct cs_plan *plan)
{
    int64_t n = 0;
    for (size_t g = 0; g < plan->n_groups; g++)
        n += plan->groups[g].df;
    return n;
}

/* Words that most pages have tell little and cost most: where all of them are
 * too much to read, they go first. */
static void leave_out_common(struct planner *planner)
{
    struct cs_plan *plan = planner->plan;
    size_t group = 0;
    while (n_postings(plan) > POSTINGS_MAX &&
           most_common(plan, plan->documents / 10, &group)) {
        cs_expr_hint(planner->expr, planner->arena,
                     "\"%.60s\" is on so many pages that it was left out; "
                     "+%.60s asks for it",
                     plan->groups[group].word, plan->groups[group].word);
        leave_out(plan, group);
    }
}

/* "get user by id" may be written as one word. */
static enum cs_status add_joined(struct planner *planner, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_term_group group;
    size_t n = 0;
    for (const struct cs_expr_node *node = planner->expr->root->first; node;
         node = node->next, n++) {
        if (n == JOINED_WORDS || node->n_tokens != 1 || node->exact ||
            node->prefix || node->fuzzy)
            return CS_OK;
        cs_strbuf_put(&text, node->tokens[0].text, node->tokens[0].len);
    }
    const char *joined = cs_arena_strdup(planner->arena, text.data);
    if (!joined)
        return cs_arena_status(planner->arena, err);
    enum cs_status status = cs_terms_make_token(
        planner->lexicon, planner->arena, joined, 1.0, &group, err);
    if (status || group.n_phrases == 0 ||
        planner->plan->n_groups == CS_PLAN_GROUPS_MAX)
        return status;
    struct cs_plan_node *either = new_node(planner, CS_PLAN_OR), *one = NULL;
    if (!either)
        return cs_arena_status(planner->arena, err);
    status = add_group(planner, &group, &one, err);
    if (status)
        return status;
    either->first = planner->plan->root;
    either->first->next = one;
    planner->plan->root = either;
    return CS_OK;
}

static bool asks_for_new(const struct cs_plan *plan)
{
    static const char *const words[] = {"latest", "current", "newest",
                                        "recent", "now",     "today"};
    for (size_t g = 0; g < plan->n_groups; g++)
        for (size_t i = 0; i < CS_ARRAY_LEN(words); i++)
            if (strcmp(plan->groups[g].word, words[i]) == 0)
                return true;
    return false;
}

/* A list of words: which of them are read, and how many must be there. */
static enum cs_status weigh(struct planner *planner, bool loose,
                            struct cs_error *err)
{
    struct cs_plan *plan = planner->plan;
    size_t n_words = plan->n_groups;
    for (size_t g = 0; g < n_words; g++)
        plan->title_words += plan->groups[g].n_tokens;
    plan->wants_new = asks_for_new(plan);
    plan->words = 1;
    if (plan->root->kind != CS_PLAN_AND || planner->expr->conjunction)
        return CS_OK;
    plan->words = 0;
    for (const struct cs_expr_node *node = planner->expr->root->first; node;
         node = node->next)
        if (node->kind == CS_EXPR_PHRASE)
            loose = false;
    size_t g = 0;
    for (const struct cs_expr_node *node = planner->expr->root->first; node;
         node = node->next, g++)
        if (node->kind == CS_EXPR_PHRASE)
            plan->required |= CS_PLAN_BIT(g);
    leave_out_stops(plan);
    plan->mode = loose || planner->expr->n_words >= QUESTION_WORDS
                     ? CS_PLAN_LOOSE
                     : CS_PLAN_TIERED;
    if (plan->mode == CS_PLAN_LOOSE)
        leave_out_common(planner);
    for (g = 0; g < n_words; g++)
        if (!(plan->unscored >> g & 1))
            plan->words |= CS_PLAN_BIT(g);
    return add_joined(planner, err);
}

/* Does it hold where no word is and no pattern fits? */
static bool holds_for_none(const struct cs_plan_node *node)
{
    bool all = true, any = false;
    for (const struct cs_plan_node *child = node->first; child;
         child = child->next) {
        bool holds = holds_for_none(child);
        all &= holds;
        any |= holds;
    }
    return node->kind == CS_PLAN_NOT
               ? !all
               : node->first && (node->kind == CS_PLAN_OR ? any : all);
}

enum cs_status cs_plan_make(struct cs_lexicon *lexicon, struct cs_arena *arena,
                            struct cs_expr *expr,
                            const struct cs_plan_options *options,
                            struct cs_plan **ret, struct cs_error *err)
{
    struct cs_plan *plan = cs_arena_alloc(arena, sizeof(*plan));
    if (!plan)
        return cs_arena_status(arena, err);
    struct planner planner = {
        .lexicon = lexicon,
        .arena = arena,
        .expr = expr,
        .plan = plan,
        .options = {.corrections = !options->literal,
                    .families = true,
                    .documents = options->documents},
        .spare = expr->n_leaves < CS_PLAN_GROUPS_MAX - 1
                     ? CS_PLAN_GROUPS_MAX - 1 - expr->n_leaves
                     : 0,
    };
    plan->documents = options->documents;
    enum cs_status status = CS_OK;
    if (expr->root)
        status = build(&planner, expr->root, &plan->root, err);
    if (!status && is_list(expr->root))
        status = weigh(&planner, options->loose, err);
    if (status)
        return status;
    plan->complement = plan->root && holds_for_none(plan->root);
    *ret = plan;
    return CS_OK;
}
