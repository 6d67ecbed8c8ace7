/*
 * plan.c - the predicates, and the values bound to them.
 */
#include "index/search/plan.h"

#include "src/document.h"
#include "src/suggest.h"
#include "src/text.h"

#include <stdlib.h>

enum {
    SQL_MAX = 64 << 10,
    NAME_MAX_BYTES = 4096,
    SPACES_SUGGESTED_FROM = 1000
};

/* More than terms and filters can need. */
#define VALUES_MAX 512

struct value {
    const char *text; /* NULL: the number */
    int64_t number;
};

struct cs_search_plan {
    struct cs_arena *arena;
    struct cs_db *db;
    struct cs_tokenizer *tokenizer;
    struct cs_search_query *query;
    const struct cs_search_request *request;

    struct cs_strbuf where; /* " AND ..." for each predicate, on document d */
    struct value values[VALUES_MAX];
    size_t n_values;
    const char *match;
    bool has_function;
};

static void bind(struct cs_search_plan *plan, const char *text, int64_t number)
{
    if (plan->n_values < VALUES_MAX)
        plan->values[plan->n_values++] = (struct value){text, number};
}

/* "cs_named(name, wanted)": every word of `wanted` begins a word of `name`, in
 * the same order and next to each other. Both are folded as the index folds. */
static bool append_token(void *payload, const struct cs_token *token)
{
    struct cs_strbuf *out = payload;
    cs_strbuf_putc(out, ' ');
    cs_strbuf_put(out, token->text, token->len);
    return true;
}

static enum cs_status put_folded(struct cs_tokenizer *tokenizer,
                                 const char *name, struct cs_strbuf *out)
{
    enum cs_status status = cs_tokenizer_run(tokenizer, name, strlen(name),
                                             append_token, out, NULL);
    return status ? status : cs_strbuf_status(out, NULL);
}

static void sql_named(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    struct cs_tokenizer *tokenizer = sqlite3_user_data(context);
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(NAME_MAX_BYTES);
    struct cs_strbuf wanted CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_QUERY_MAX_BYTES);
    const char *first = (const char *)sqlite3_value_text(argv[0]);
    const char *second = (const char *)sqlite3_value_text(argv[1]);
    (void)argc;
    bool found = first && second && !put_folded(tokenizer, first, &name) &&
                 !put_folded(tokenizer, second, &wanted) && wanted.len > 0 &&
                 strstr(name.data, wanted.data) != NULL;
    sqlite3_result_int(context, found);
}

static enum cs_status need_function(struct cs_search_plan *plan,
                                    struct cs_error *err)
{
    if (plan->has_function)
        return CS_OK;
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    if (sqlite3_create_function_v2(cs_db_handle(plan->db), "cs_named", 2, flags,
                                   plan->tokenizer, sql_named, NULL, NULL,
                                   NULL) != SQLITE_OK)
        return cs_db_error(plan->db, "search", err);
    plan->has_function = true;
    return CS_OK;
}

void cs_search_plan_clear(struct cs_search_plan *plan)
{
    if (!plan)
        return;
    if (plan->has_function)
        (void)sqlite3_create_function_v2(cs_db_handle(plan->db), "cs_named", 2,
                                         SQLITE_UTF8, NULL, NULL, NULL, NULL,
                                         NULL);
    cs_strbuf_clear(&plan->where);
}

/* One alternative of a filter: the space keys, labels ... that it lists. */
struct alternatives {
    enum cs_query_field field;
    bool excluded;
    size_t n;
};

static const char *const predicates[CS_QUERY_FIELDS] = {
    [CS_QUERY_SPACE] = "d.container IN (SELECT id FROM container"
                       " WHERE key = ? COLLATE NOCASE)",
    [CS_QUERY_LABEL] = "EXISTS (SELECT 1 FROM label l"
                       " WHERE l.document = d.id"
                       " AND l.name = ? COLLATE NOCASE)",
    [CS_QUERY_AUTHOR] = "(d.source, d.author) IN"
                        " (SELECT source, vendor_id FROM person"
                        " WHERE cs_named(name, ?1) OR vendor_id = ?1)",
    [CS_QUERY_TYPE] = "d.kind = ?",
};

static void put_predicate(struct cs_search_plan *plan,
                          enum cs_query_field field, const char *value)
{
    bind(plan, value, 0);
    for (const char *c = predicates[field]; *c; c++) {
        if (*c != '?') {
            cs_strbuf_putc(&plan->where, *c);
            continue;
        }
        cs_strbuf_printf(&plan->where, "?%zu", plan->n_values);
        if (c[1] == '1')
            c++;
    }
}

/* Spaces and types of one document are one, so several mean any of them; of
 * labels and authors all must hold. */
static bool are_alternatives(enum cs_query_field field)
{
    return field == CS_QUERY_SPACE || field == CS_QUERY_TYPE;
}

static void put_filters_of(struct cs_search_plan *plan,
                           enum cs_query_field field, bool excluded)
{
    const struct cs_search_query *query = plan->query;
    bool any = !excluded && are_alternatives(field);
    size_t n = 0;
    for (size_t i = 0; i < query->n_filters; i++) {
        const struct cs_query_filter *filter = &query->filters[i];
        if (filter->field != field || filter->excluded != excluded)
            continue;
        cs_strbuf_puts(&plan->where, n && any ? " OR " : " AND (");
        put_predicate(plan, field, filter->value);
        if (!any) /* what is not known is not excluded */
            cs_strbuf_puts(&plan->where, excluded ? ") IS NOT TRUE" : ")");
        n++;
    }
    if (n && any)
        cs_strbuf_putc(&plan->where, ')');
}

static void put_request_filters(struct cs_search_plan *plan)
{
    const struct cs_search_request *request = plan->request;
    for (size_t i = 0; i < request->n_spaces; i++) {
        cs_strbuf_puts(&plan->where, i ? " OR " : " AND (");
        put_predicate(plan, CS_QUERY_SPACE, request->spaces[i]);
    }
    if (request->n_spaces)
        cs_strbuf_putc(&plan->where, ')');
    const char *values[CS_QUERY_FIELDS] = {
        [CS_QUERY_LABEL] = request->label,
        [CS_QUERY_AUTHOR] = request->author,
        [CS_QUERY_TYPE] = request->type,
    };
    for (size_t i = 0; i < CS_QUERY_FIELDS; i++) {
        if (!values[i])
            continue;
        cs_strbuf_puts(&plan->where, " AND ");
        put_predicate(plan, (enum cs_query_field)i, values[i]);
    }
    if (request->since_ms) {
        bind(plan, NULL, request->since_ms);
        cs_strbuf_printf(&plan->where, " AND d.updated >= ?%zu",
                         plan->n_values);
    }
}

static const char *nearest_space(struct cs_search_plan *plan, const char *key)
{
    struct cs_query rows CS_CLEANUP(cs_query_close) = {0};
    const char **keys =
        cs_arena_array(plan->arena, SPACES_SUGGESTED_FROM, sizeof(*keys));
    size_t n = 0;
    bool row = true;
    if (!keys ||
        cs_db_query(plan->db, &rows, NULL,
                    "SELECT DISTINCT key FROM container ORDER BY key", ""))
        return NULL;
    while (n < SPACES_SUGGESTED_FROM && !cs_query_next(&rows, &row, NULL) &&
           row) {
        keys[n] = cs_arena_strdup(plan->arena, cs_query_text(&rows, 0));
        if (keys[n])
            n++;
    }
    return cs_suggest_nearest(key, keys, n);
}

/* A filter that names nothing known finds nothing: say why. */
static enum cs_status check_space(struct cs_search_plan *plan, const char *key,
                                  struct cs_error *err)
{
    int64_t known = 0;
    enum cs_status status = cs_db_int(
        plan->db, &known, err,
        "SELECT 1 FROM container WHERE key = ? COLLATE NOCASE", "s", key);
    if (status || known)
        return status;
    const char *nearest = nearest_space(plan, key);
    cs_search_query_warn(plan->query, plan->arena,
                         nearest ? "there is no space '%s' in the mirror; did "
                                   "you mean %s?"
                                 : "there is no space '%s' in the mirror%s",
                         key, nearest ? nearest : "");
    return CS_OK;
}

static enum cs_status check_author(struct cs_search_plan *plan,
                                   const char *name, struct cs_error *err)
{
    int64_t known = 0;
    enum cs_status status = need_function(plan, err);
    if (!status)
        status = cs_db_int(plan->db, &known, err,
                           "SELECT 1 FROM person WHERE cs_named(name, ?1)"
                           " OR vendor_id = ?1",
                           "s", name);
    if (!status && !known)
        cs_search_query_warn(plan->query, plan->arena,
                             "nobody in the mirror is called '%s'", name);
    return status;
}

static enum cs_status check_filters(struct cs_search_plan *plan,
                                    struct cs_error *err)
{
    const struct cs_search_request *request = plan->request;
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < request->n_spaces && !status; i++)
        status = check_space(plan, request->spaces[i], err);
    if (!status && request->author)
        status = check_author(plan, request->author, err);
    for (size_t i = 0; i < plan->query->n_filters && !status; i++) {
        const struct cs_query_filter *filter = &plan->query->filters[i];
        if (filter->field == CS_QUERY_SPACE)
            status = check_space(plan, filter->value, err);
        else if (filter->field == CS_QUERY_AUTHOR)
            status = check_author(plan, filter->value, err);
    }
    return status;
}

static enum cs_status check_request(const struct cs_search_request *request,
                                    struct cs_error *err)
{
    if (request->n_spaces > CS_QUERY_MAX_TERMS)
        return cs_error_set(err, CS_ERR_USAGE,
                            "more than %d spaces to search in",
                            CS_QUERY_MAX_TERMS);
    if (!request->type || cs_item_kind_from(request->type) == CS_ITEM_PAGE ||
        cs_item_kind_from(request->type) == CS_ITEM_BLOG_POST)
        return CS_OK;
    cs_error_set(err, CS_ERR_USAGE, "there is no type '%s'", request->type);
    cs_error_hint(err, "use page or blogpost");
    return CS_ERR_USAGE;
}

enum cs_status cs_search_plan_make(struct cs_arena *arena, struct cs_db *db,
                                   struct cs_tokenizer *tokenizer,
                                   const struct cs_search_request *request,
                                   struct cs_search_query *query,
                                   struct cs_search_plan **ret,
                                   struct cs_error *err)
{
    struct cs_strbuf match CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SQL_MAX);
    enum cs_status status = check_request(request, err);
    if (status)
        return status;
    struct cs_search_plan *plan = cs_arena_alloc(arena, sizeof(*plan));
    if (!plan)
        return cs_arena_status(arena, err);
    plan->arena = arena;
    plan->db = db;
    plan->tokenizer = tokenizer;
    plan->query = query;
    plan->request = request;
    cs_strbuf_init(&plan->where, SQL_MAX);
    cs_search_query_put_match(query, &match);
    plan->match = cs_arena_strdup(arena, match.data);
    bind(plan, plan->match, 0);
    for (size_t i = 0; i < CS_QUERY_FIELDS; i++) {
        put_filters_of(plan, (enum cs_query_field)i, false);
        put_filters_of(plan, (enum cs_query_field)i, true);
    }
    put_request_filters(plan);
    status = check_filters(plan, err);
    if (!status)
        status = cs_strbuf_status(&match, err);
    if (!status)
        status = cs_strbuf_status(&plan->where, err);
    if (!status)
        status = cs_arena_status(arena, err);
    if (status)
        cs_search_plan_clear(plan);
    else
        *ret = plan;
    return status;
}

bool cs_search_plan_is_empty(const struct cs_search_plan *plan)
{
    return plan->query->n_terms == 0 && plan->where.len == 0;
}

/* CROSS JOIN keeps the order: SQLite must not read documents first and ask
 * MATCH about each. Without words to be found, fts_docsize has a row for each
 * document in the index, so the listing covers what a search would. */
static void put_from(const struct cs_search_plan *plan, struct cs_strbuf *sql)
{
    if (cs_search_query_wanted(plan->query))
        cs_strbuf_puts(sql, " FROM fts CROSS JOIN document d"
                            " ON d.id = fts.rowid WHERE fts MATCH ?1");
    else if (plan->query->n_terms)
        cs_strbuf_puts(sql, " FROM fts_docsize s CROSS JOIN document d"
                            " ON d.id = s.id WHERE d.id NOT IN"
                            " (SELECT rowid FROM fts WHERE fts MATCH ?1)");
    else
        cs_strbuf_puts(sql, " FROM fts_docsize s CROSS JOIN document d"
                            " ON d.id = s.id WHERE ?1 = ''");
    cs_strbuf_put(sql, plan->where.data, plan->where.len);
}

/* The statement is made for this one search, so it is not in the cache. */
static enum cs_status start(struct cs_search_plan *plan,
                            const struct cs_strbuf *sql,
                            struct cs_query *ret_query, struct cs_error *err)
{
    enum cs_status status = cs_strbuf_status(sql, err);
    if (status)
        return status;
    struct cs_query query = {.db = plan->db, .owned = true};
    int code = sqlite3_prepare_v2(cs_db_handle(plan->db), sql->data, -1,
                                  &query.stmt, NULL);
    for (size_t i = 0; i < plan->n_values && code == SQLITE_OK; i++) {
        const struct value *value = &plan->values[i];
        code = value->text
                   ? sqlite3_bind_text(query.stmt, (int)i + 1, value->text, -1,
                                       SQLITE_STATIC)
                   : sqlite3_bind_int64(query.stmt, (int)i + 1, value->number);
    }
    if (code != SQLITE_OK) {
        status = cs_db_error(plan->db, "search", err);
        cs_query_close(&query);
        return status;
    }
    *ret_query = query;
    return CS_OK;
}

enum cs_status cs_search_plan_count(struct cs_search_plan *plan,
                                    int64_t *ret_total, struct cs_error *err)
{
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(SQL_MAX);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    cs_strbuf_puts(&sql, "SELECT count(*)");
    put_from(plan, &sql);
    enum cs_status status = start(plan, &sql, &query, err);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status)
        *ret_total = cs_query_int(&query, 0);
    return status;
}

enum cs_status cs_search_plan_page(struct cs_search_plan *plan,
                                   struct cs_query *ret_query,
                                   struct cs_error *err)
{
    static const char *const orders[CS_SEARCH_SORTS] = {
        [CS_SEARCH_RELEVANCE] = "2, d.id",
        [CS_SEARCH_UPDATED] = "d.updated DESC, d.id",
        [CS_SEARCH_TITLE] = "d.title COLLATE NOCASE, d.id",
    };
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(SQL_MAX);
    const struct cs_search_request *request = plan->request;
    bool words = cs_search_query_wanted(plan->query) > 0;
    enum cs_search_sort sort = request->sort;
    if (sort >= CS_SEARCH_SORTS || (sort == CS_SEARCH_RELEVANCE && !words))
        sort = CS_SEARCH_UPDATED;
    int64_t limit =
        request->limit > 0 ? request->limit : CS_SEARCH_LIMIT_DEFAULT;
    if (limit > CS_SEARCH_LIMIT_MAX)
        limit = CS_SEARCH_LIMIT_MAX;
    cs_strbuf_puts(&sql, words ? "SELECT d.id, rank" : "SELECT d.id, 0.0");
    put_from(plan, &sql);
    cs_strbuf_printf(&sql, " ORDER BY %s LIMIT %lld OFFSET %lld", orders[sort],
                     (long long)limit,
                     (long long)(request->offset > 0 ? request->offset : 0));
    return start(plan, &sql, ret_query, err);
}
