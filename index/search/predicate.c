/*
 * predicate.c - the tree of filters and its evaluation.
 */
#include "index/search/predicate.h"

#include "index/search/predicate_parts.h"
#include "index/search/search.h"
#include "src/document.h"

struct rule {
    const struct cs_expr_node *node;
    struct cs_test *test; /* FILTER */
    struct rule *first, *next;
};

struct cs_predicate {
    struct cs_db *db;
    struct cs_vectors *vectors;
    struct rule *rules; /* all must hold */
    enum cs_status status;
    struct cs_error error;
};

/* ---- making ---- */

static enum cs_status make_rule(struct cs_predicate_maker *maker,
                                const struct cs_expr_node *node,
                                struct rule **ret, struct cs_error *err)
{
    struct rule *rule = cs_arena_alloc(maker->arena, sizeof(*rule));
    if (!rule)
        return cs_arena_status(maker->arena, err);
    rule->node = node;
    enum cs_status status = CS_OK;
    struct rule **slot = &rule->first;
    for (const struct cs_expr_node *child = node->first; child && !status;
         child = child->next) {
        status = make_rule(maker, child, slot, err);
        if (!status)
            slot = &(*slot)->next;
    }
    if (!status && node->kind == CS_EXPR_FILTER) {
        rule->test = cs_arena_alloc(maker->arena, sizeof(*rule->test));
        if (!rule->test)
            return cs_arena_status(maker->arena, err);
        rule->test->negated = node->negated;
        status = cs_predicate_resolve(maker, node, rule->test, err);
    }
    *ret = rule;
    return status;
}

/* A list of the request as if it had been typed. */
static enum cs_status add_list(struct cs_predicate_maker *maker,
                               enum cs_expr_filter filter,
                               const struct cs_search_list *list,
                               struct rule ***slot, struct cs_error *err)
{
    if (list->n == 0)
        return CS_OK;
    struct cs_expr_node *node = cs_arena_alloc(maker->arena, sizeof(*node));
    struct cs_expr_value *values =
        cs_arena_array(maker->arena, list->n, sizeof(*values));
    if (!node || !values)
        return cs_arena_status(maker->arena, err);
    for (size_t i = 0; i < list->n; i++) {
        values[i].text = cs_arena_strdup(maker->arena, list->values[i]);
        if (i > 0)
            values[i - 1].next = &values[i];
    }
    node->kind = CS_EXPR_FILTER;
    node->filter = filter;
    node->values = values;
    enum cs_status status = make_rule(maker, node, *slot, err);
    if (!status)
        *slot = &(**slot)->next;
    return status;
}

static enum cs_status add_limits(struct cs_predicate_maker *maker,
                                 const struct cs_search_request *request,
                                 struct rule ***slot, struct cs_error *err)
{
    static const struct cs_expr_node limits = {.kind = CS_EXPR_FILTER};
    if (!request->since_ms && !request->after_generation)
        return CS_OK;
    for (int i = 0; i < 2; i++) {
        if (i == 0 ? !request->since_ms : !request->after_generation)
            continue;
        struct rule *rule = cs_arena_alloc(maker->arena, sizeof(*rule));
        if (rule)
            rule->test = cs_arena_alloc(maker->arena, sizeof(*rule->test));
        if (!rule || !rule->test)
            return cs_arena_status(maker->arena, err);
        rule->node = &limits;
        rule->test->from_ms = request->since_ms;
        rule->test->to_ms = i == 0 ? INT64_MAX : 0;
        rule->test->after_generation = i == 1 ? request->after_generation : 0;
        **slot = rule;
        *slot = &rule->next;
    }
    return CS_OK;
}

static enum cs_status check_types(const struct cs_search_list *types,
                                  struct cs_error *err)
{
    for (size_t i = 0; i < types->n; i++) {
        enum cs_item_kind kind = cs_item_kind_from(types->values[i]);
        if (kind == CS_ITEM_PAGE || kind == CS_ITEM_BLOG_POST)
            continue;
        cs_error_set(err, CS_ERR_USAGE, "there is no type '%.60s'",
                     types->values[i]);
        cs_error_hint(err, "use page or blogpost");
        return CS_ERR_USAGE;
    }
    return CS_OK;
}

enum cs_status cs_predicate_make(
    struct cs_index *index, struct cs_vectors *vectors, struct cs_arena *arena,
    const struct cs_search_request *request, struct cs_expr *expr,
    struct cs_predicate **ret, struct cs_error *err)
{
    struct cs_predicate_maker maker = {index, cs_index_db(index), arena, expr};
    const struct {
        enum cs_expr_filter filter;
        const struct cs_search_list *list;
    } lists[] = {
        {CS_EXPR_SPACE, &request->spaces},   {CS_EXPR_LABEL, &request->labels},
        {CS_EXPR_AUTHOR, &request->authors}, {CS_EXPR_TYPE, &request->types},
        {CS_EXPR_SOURCE, &request->sources},
    };
    struct cs_predicate *predicate = cs_arena_alloc(arena, sizeof(*predicate));
    if (!predicate)
        return cs_arena_status(arena, err);
    predicate->db = maker.db;
    predicate->vectors = vectors;
    struct rule **slot = &predicate->rules;
    enum cs_status status = check_types(&request->types, err);
    if (!status)
        status = add_limits(&maker, request, &slot, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(lists) && !status; i++)
        status = add_list(&maker, lists[i].filter, lists[i].list, &slot, err);
    if (!status && expr->filters)
        status = make_rule(&maker, expr->filters, slot, err);
    if (!status)
        *ret = predicate;
    return status;
}

bool cs_predicate_is_empty(const struct cs_predicate *predicate)
{
    return predicate->rules == NULL;
}

/* ---- asking ---- */

/* The vector knows the day, its facts the minute; at the border of that the row
 * decides. */
static int64_t exact_time(struct cs_predicate *predicate, int64_t document)
{
    int64_t updated = 0;
    enum cs_status status =
        cs_db_int(predicate->db, &updated, &predicate->error,
                  "SELECT updated FROM document WHERE id = ?", "i", document);
    if (status && !predicate->status)
        predicate->status = status;
    return updated;
}

static bool is_in(struct cs_predicate *predicate, int64_t document,
                  const struct cs_vector *vector, int64_t from, int64_t to)
{
    const int64_t minute = 60000, day = minute * CS_VECTOR_MINUTES_PER_DAY;
    int64_t updated = vector->day * day;
    if (updated + day <= from || updated >= to)
        return false;
    if (updated >= from && updated + day <= to)
        return true;
    updated = minute * cs_vectors_updated(predicate->vectors, document, vector);
    if (updated + minute <= from || updated >= to)
        return false;
    if (updated >= from && updated + minute <= to)
        return true;
    updated = exact_time(predicate, document);
    return updated >= from && updated < to;
}

/* Containers and authors with large numbers are not in the vector. */
static int64_t container_of(struct cs_predicate *predicate, int64_t document)
{
    int64_t container =
        cs_vectors_facts(predicate->vectors, document)->container;
    if (container)
        return container;
    enum cs_status status =
        cs_db_int(predicate->db, &container, &predicate->error,
                  "SELECT container FROM document WHERE id = ?", "i", document);
    if (status && !predicate->status)
        predicate->status = status;
    return container;
}

static bool has_author(struct cs_predicate *predicate,
                       const struct cs_test *test, int64_t document)
{
    uint16_t author = cs_vectors_facts(predicate->vectors, document)->author;
    return author && cs_rows_have(&test->authors, author);
}

static bool suits(struct cs_predicate *predicate, const struct cs_test *test,
                  int64_t document, const struct cs_vector *vector)
{
    if (test->always)
        return !test->negated;
    if (test->documents.n && cs_rows_have(&test->documents, document))
        return true;
    if (test->containers.n &&
        cs_rows_have(&test->containers, container_of(predicate, document)))
        return true;
    if (test->authors.n && has_author(predicate, test, document))
        return true;
    if (test->by_flags && (vector->flags & test->flags) == test->flags_set)
        return true;
    if (test->by_flags_too &&
        (vector->flags & test->flags_2) == test->flags_set_2)
        return true;
    for (unsigned f = 0; f < CS_FIELDS; f++)
        if (test->fields >> f & 1 && vector->len[f])
            return true;
    if (test->to_ms &&
        is_in(predicate, document, vector, test->from_ms, test->to_ms))
        return true;
    for (const struct cs_expr_value *value = test->times; value;
         value = value->next)
        if (is_in(predicate, document, vector, value->from_ms, value->to_ms))
            return true;
    return test->after_generation &&
           cs_vectors_facts(predicate->vectors, document)->generation >
               test->after_generation;
}

static bool rule_holds(struct cs_predicate *predicate, const struct rule *rule,
                       int64_t document, const struct cs_vector *vector)
{
    if (rule->test)
        return suits(predicate, rule->test, document, vector) !=
               rule->test->negated;
    bool any = rule->node->kind == CS_EXPR_OR;
    for (const struct rule *child = rule->first; child; child = child->next)
        if (rule_holds(predicate, child, document, vector) == any)
            return any;
    return !any;
}

bool cs_predicate_holds(struct cs_predicate *predicate, int64_t document,
                        const struct cs_vector *vector)
{
    for (const struct rule *rule = predicate->rules; rule; rule = rule->next)
        if (!rule_holds(predicate, rule, document, vector))
            return false;
    return true;
}

enum cs_status cs_predicate_status(const struct cs_predicate *predicate,
                                   struct cs_error *err)
{
    return cs_error_pass(err, predicate->status, &predicate->error);
}
