/*
 * predicate_resolve.c - from what was typed to numbers and sets.
 */
#include "index/search/predicate_parts.h"

#include "src/document.h"
#include "src/path.h"
#include "src/suggest.h"

#include <strings.h>

enum { SPACES_SUGGESTED_FROM = 500 };

typedef enum cs_status resolve_fn(struct cs_predicate_maker *maker,
                                  const struct cs_expr_node *filter,
                                  struct cs_test *test, struct cs_error *err);

static enum cs_status make_numbers(struct cs_predicate_maker *maker,
                                   struct cs_rows *rows, struct cs_error *err)
{
    rows->bits =
        cs_arena_array(maker->arena, CS_TEST_NUMBERS / 64, sizeof(*rows->bits));
    rows->n = CS_TEST_NUMBERS;
    return rows->bits ? CS_OK : cs_arena_status(maker->arena, err);
}

static bool fits_key(const struct cs_expr_value *value, const char *key)
{
    return value->prefix
               ? strncasecmp(key, value->text, strlen(value->text)) == 0
               : strcasecmp(key, value->text) == 0;
}

static void warn_of_space(struct cs_predicate_maker *maker, const char *key,
                          const char *const *keys, size_t n)
{
    const char *nearest = cs_suggest_nearest(key, keys, n);
    if (nearest)
        cs_expr_warn(maker->expr, maker->arena,
                     "there is no space '%.60s' in the mirror; did you mean "
                     "%s?",
                     key, nearest);
    else
        cs_expr_warn(maker->expr, maker->arena,
                     "there is no space '%.60s' in the mirror", key);
}

/* Containers are few: all are read once. */
static enum cs_status resolve_space(struct cs_predicate_maker *maker,
                                    const struct cs_expr_node *filter,
                                    struct cs_test *test, struct cs_error *err)
{
    struct cs_query rows CS_CLEANUP(cs_query_close) = {0};
    const char *keys[SPACES_SUGGESTED_FROM];
    size_t n = 0;
    uint64_t found = 0;
    bool row = true;
    enum cs_status status = make_numbers(maker, &test->containers, err);
    if (!status)
        status = cs_db_query(maker->db, &rows, err,
                             "SELECT id, key FROM container ORDER BY key", "");
    while (!status && row) {
        status = cs_query_next(&rows, &row, err);
        if (status || !row)
            break;
        const char *key = cs_query_text(&rows, 1);
        size_t i = 0;
        for (const struct cs_expr_value *value = filter->values; value;
             value = value->next, i++)
            if (fits_key(value, key)) {
                cs_rows_add(&test->containers, cs_query_int(&rows, 0));
                found |= (uint64_t)1 << (i % 64);
            }
        if (n < SPACES_SUGGESTED_FROM)
            keys[n++] = cs_arena_strdup(maker->arena, key);
    }
    size_t i = 0;
    for (const struct cs_expr_value *value = filter->values; value && !status;
         value = value->next, i++)
        if (!(found >> (i % 64) & 1))
            warn_of_space(maker, value->text, keys, n);
    return status;
}

static enum cs_status resolve_source(struct cs_predicate_maker *maker,
                                     const struct cs_expr_node *filter,
                                     struct cs_test *test, struct cs_error *err)
{
    enum cs_status status = make_numbers(maker, &test->containers, err);
    for (const struct cs_expr_value *value = filter->values; value && !status;
         value = value->next) {
        struct cs_query rows CS_CLEANUP(cs_query_close) = {0};
        int64_t known = 0;
        status =
            cs_db_int(maker->db, &known, err,
                      "SELECT 1 FROM source WHERE name = ?", "s", value->text);
        if (!status && !known)
            cs_expr_warn(maker->expr, maker->arena,
                         "there is no source '%.60s'", value->text);
        if (!status)
            status = cs_db_query(maker->db, &rows, err,
                                 "SELECT c.id FROM container c JOIN source s"
                                 " ON s.id = c.source WHERE s.name = ?",
                                 "s", value->text);
        if (!status)
            status = cs_rows_take(&test->containers, &rows, err);
    }
    return status;
}

static enum cs_status resolve_type(struct cs_predicate_maker *maker,
                                   const struct cs_expr_node *filter,
                                   struct cs_test *test, struct cs_error *err)
{
    (void)err;
    for (const struct cs_expr_value *value = filter->values; value;
         value = value->next) {
        enum cs_item_kind kind = cs_item_kind_from(value->text);
        test->flags = test->flags_2 = CS_VECTOR_BLOGPOST;
        test->flags_set_2 = CS_VECTOR_BLOGPOST;
        test->by_flags |= kind == CS_ITEM_PAGE;
        test->by_flags_too |= kind == CS_ITEM_BLOG_POST;
        if (kind != CS_ITEM_PAGE && kind != CS_ITEM_BLOG_POST)
            cs_expr_warn(maker->expr, maker->arena,
                         "there is no type '%.60s'; use page or blogpost",
                         value->text);
    }
    return CS_OK;
}

static enum cs_status resolve_status(struct cs_predicate_maker *maker,
                                     const struct cs_expr_node *filter,
                                     struct cs_test *test, struct cs_error *err)
{
    (void)err;
    for (const struct cs_expr_value *value = filter->values; value;
         value = value->next) {
        bool current = strcasecmp(value->text, "current") == 0;
        bool archived = strcasecmp(value->text, "archived") == 0;
        test->flags = test->flags_2 = CS_VECTOR_ARCHIVED;
        test->flags_set_2 = CS_VECTOR_ARCHIVED;
        test->by_flags |= current;
        test->by_flags_too |= archived;
        if (!current && !archived)
            cs_expr_warn(maker->expr, maker->arena,
                         "there is no status '%.60s'; use current or archived",
                         value->text);
    }
    return CS_OK;
}

static enum cs_status resolve_is(struct cs_predicate_maker *maker,
                                 const struct cs_expr_node *filter,
                                 struct cs_test *test, struct cs_error *err)
{
    (void)err;
    for (const struct cs_expr_value *value = filter->values; value;
         value = value->next) {
        bool deprecated = strcasecmp(value->text, "deprecated") == 0;
        bool personal = strcasecmp(value->text, "personal") == 0;
        if (deprecated)
            test->flags = test->flags_set = CS_VECTOR_DEPRECATED;
        if (personal)
            test->flags_2 = test->flags_set_2 = CS_VECTOR_PERSONAL;
        test->by_flags |= deprecated;
        test->by_flags_too |= personal;
        if (!deprecated && !personal)
            cs_expr_warn(maker->expr, maker->arena,
                         "is:%.60s is not known; use deprecated or personal",
                         value->text);
    }
    return CS_OK;
}

static enum cs_status resolve_updated(struct cs_predicate_maker *maker,
                                      const struct cs_expr_node *filter,
                                      struct cs_test *test,
                                      struct cs_error *err)
{
    (void)maker;
    (void)err;
    test->times = filter->values;
    return CS_OK;
}

static enum cs_status resolve_lang(struct cs_predicate_maker *maker,
                                   const struct cs_expr_node *filter,
                                   struct cs_test *test, struct cs_error *err)
{
    (void)filter;
    (void)err;
    test->always = true;
    test->negated = false;
    cs_expr_warn(maker->expr, maker->arena,
                 "the language of a page is not known; lang: was left out");
    return CS_OK;
}

/* ---- sets of documents ---- */

/* One value of a filter that needs rows. */
typedef enum cs_status value_fn(struct cs_predicate_maker *maker,
                                const struct cs_expr_value *value,
                                struct cs_rows *rows, struct cs_error *err);

static enum cs_status take(struct cs_predicate_maker *maker,
                           struct cs_rows *rows, struct cs_error *err,
                           const char *sql, const char *types, const char *text)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(maker->db, &query, err, sql, types, text);
    return status ? status : cs_rows_take(rows, &query, err);
}

static enum cs_status label_rows(struct cs_predicate_maker *maker,
                                 const struct cs_expr_value *value,
                                 struct cs_rows *rows, struct cs_error *err)
{
    if (value->prefix)
        return take(maker, rows, err,
                    "SELECT document FROM label"
                    " WHERE substr(name, 1, length(?1)) = ?1 COLLATE NOCASE",
                    "s", value->text);
    return take(maker, rows, err,
                "SELECT document FROM label WHERE name IN (?1, lower(?1))", "s",
                value->text);
}

static enum cs_status created_rows(struct cs_predicate_maker *maker,
                                   const struct cs_expr_value *value,
                                   struct cs_rows *rows, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(
        maker->db, &query, err,
        "SELECT id FROM document WHERE created >= ? AND created < ?", "ii",
        value->from_ms, value->to_ms);
    return status ? status : cs_rows_take(rows, &query, err);
}

static enum cs_status id_rows(struct cs_predicate_maker *maker,
                              const struct cs_expr_value *value,
                              struct cs_rows *rows, struct cs_error *err)
{
    return take(maker, rows, err,
                "SELECT d.id FROM source s JOIN document d ON d.source = s.id"
                " AND d.vendor_id = CASE"
                "  WHEN substr(?1, 1, length(s.name) + 1) = s.name || ':'"
                "  THEN substr(?1, length(s.name) + 2) ELSE ?1 END",
                "s", value->text);
}

static enum cs_status url_rows(struct cs_predicate_maker *maker,
                               const struct cs_expr_value *value,
                               struct cs_rows *rows, struct cs_error *err)
{
    enum cs_status status =
        take(maker, rows, err,
             "SELECT id FROM document WHERE substr(url, 1, length(?1)) = ?1",
             "s", value->text);
    return status || value->prefix
               ? status
               : cs_predicate_named(maker, value->text, rows, err);
}

static enum cs_status path_rows(struct cs_predicate_maker *maker,
                                const struct cs_expr_value *value,
                                struct cs_rows *rows, struct cs_error *err)
{
    size_t len = strlen(value->text);
    while (len > 1 && value->text[len - 1] == '/')
        len--;
    const char *path = cs_arena_strndup(maker->arena, value->text, len);
    if (!path)
        return cs_arena_status(maker->arena, err);
    return take(maker, rows, err,
                "WITH place(id, path, below) AS (SELECT d.id, d.file_path,"
                "  s.folder || '/' || d.file_path FROM document d"
                "  JOIN source s ON s.id = d.source"
                "  WHERE d.file_path IS NOT NULL)"
                " SELECT id FROM place WHERE path = ?1 OR below = ?1"
                " OR substr(path, 1, length(?1) + 1) = ?1 || '/'"
                " OR substr(below, 1, length(?1) + 1) = ?1 || '/'",
                "s", path);
}

static enum cs_status link_rows(struct cs_predicate_maker *maker,
                                const struct cs_expr_value *value,
                                struct cs_rows *rows, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_rows targets;
    bool row = true;
    enum cs_status status =
        cs_rows_make(maker->db, maker->arena, &targets, err);
    if (!status)
        status = cs_predicate_named(maker, value->text, &targets, err);
    if (!status)
        status = cs_db_query(maker->db, &query, err,
                             "SELECT target, document FROM link"
                             " WHERE target IS NOT NULL",
                             "");
    while (!status && row) {
        status = cs_query_next(&query, &row, err);
        if (!status && row && cs_rows_have(&targets, cs_query_int(&query, 0)) &&
            cs_query_int(&query, 0) != cs_query_int(&query, 1))
            cs_rows_add(rows, cs_query_int(&query, 1));
    }
    return status;
}

static enum cs_status in_rows(struct cs_predicate_maker *maker,
                              const struct cs_expr_value *value,
                              struct cs_rows *rows, struct cs_error *err)
{
    return cs_predicate_below(maker, value->text, rows, err);
}

static enum cs_status near_rows(struct cs_predicate_maker *maker,
                                const struct cs_expr_value *value,
                                struct cs_rows *rows, struct cs_error *err)
{
    return cs_predicate_near_to(maker, value->text, rows, err);
}

static enum cs_status resolve_rows(struct cs_predicate_maker *maker,
                                   const struct cs_expr_node *filter,
                                   struct cs_test *test, struct cs_error *err)
{
    static value_fn *const fns[CS_EXPR_FILTERS] = {
        [CS_EXPR_LABEL] = label_rows, [CS_EXPR_CREATED] = created_rows,
        [CS_EXPR_ID] = id_rows,       [CS_EXPR_URL] = url_rows,
        [CS_EXPR_PATH] = path_rows,   [CS_EXPR_LINK] = link_rows,
        [CS_EXPR_IN] = in_rows,       [CS_EXPR_NEAR_TO] = near_rows,
    };
    enum cs_status status =
        cs_rows_make(maker->db, maker->arena, &test->documents, err);
    for (const struct cs_expr_value *value = filter->values; value && !status;
         value = value->next)
        status = fns[filter->filter](maker, value, &test->documents, err);
    return status;
}

static enum cs_status resolve_has(struct cs_predicate_maker *maker,
                                  const struct cs_expr_node *filter,
                                  struct cs_test *test, struct cs_error *err)
{
    enum cs_status status =
        cs_rows_make(maker->db, maker->arena, &test->documents, err);
    for (const struct cs_expr_value *value = filter->values; value && !status;
         value = value->next) {
        if (strcasecmp(value->text, "code") == 0)
            test->fields |= 1u << CS_FIELD_CODE;
        else if (strcasecmp(value->text, "comment") == 0)
            test->fields |= 1u << CS_FIELD_COMMENTS;
        else if (strcasecmp(value->text, "label") == 0)
            test->fields |= 1u << CS_FIELD_LABELS;
        else if (strcasecmp(value->text, "attachment") == 0)
            status = take(maker, &test->documents, err,
                          "SELECT document FROM attachment WHERE ?1 <> ''", "s",
                          value->text);
        else if (strcasecmp(value->text, "child") == 0)
            status = cs_predicate_parents(maker, &test->documents, err);
        else
            cs_expr_warn(maker->expr, maker->arena,
                         "has:%.60s is not known; use attachment, code, "
                         "comment, label or child",
                         value->text);
    }
    return status;
}

enum cs_status cs_predicate_resolve(struct cs_predicate_maker *maker,
                                    const struct cs_expr_node *filter,
                                    struct cs_test *test, struct cs_error *err)
{
    static resolve_fn *const fns[CS_EXPR_FILTERS] = {
        [CS_EXPR_SPACE] = resolve_space,
        [CS_EXPR_AUTHOR] = cs_predicate_people,
        [CS_EXPR_EDITOR] = cs_predicate_people,
        [CS_EXPR_LABEL] = resolve_rows,
        [CS_EXPR_TYPE] = resolve_type,
        [CS_EXPR_SOURCE] = resolve_source,
        [CS_EXPR_LANG] = resolve_lang,
        [CS_EXPR_STATUS] = resolve_status,
        [CS_EXPR_UPDATED] = resolve_updated,
        [CS_EXPR_CREATED] = resolve_rows,
        [CS_EXPR_ID] = resolve_rows,
        [CS_EXPR_URL] = resolve_rows,
        [CS_EXPR_PATH] = resolve_rows,
        [CS_EXPR_LINK] = resolve_rows,
        [CS_EXPR_IN] = resolve_rows,
        [CS_EXPR_NEAR_TO] = resolve_rows,
        [CS_EXPR_HAS] = resolve_has,
        [CS_EXPR_IS] = resolve_is,
    };
    enum cs_status status = fns[filter->filter](maker, filter, test, err);
    return status ? status : cs_arena_status(maker->arena, err);
}
