/*
 * comments.c - the array, its order, and its JSON.
 */
#include "connectors/confluence/comments.h"

#include "connectors/confluence/storage_comments.h"
#include "src/json.h"

#include <stdlib.h>

/* Ids are numbers, and grow with time. */
static int compare_ids(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len != b_len)
        return a_len < b_len ? -1 : 1;
    return strcmp(a, b);
}

static int compare_comments(const void *a, const void *b)
{
    const struct cs_comment *x = a, *y = b;
    if (x->created != y->created)
        return x->created < y->created ? -1 : 1;
    return compare_ids(x->id, y->id);
}

/* ---- to JSON ---- */

static bool put_text(cJSON *row, const char *key, const char *text)
{
    return !text || cJSON_AddStringToObject(row, key, text);
}

static bool put_time(cJSON *row, const char *key, int64_t ms)
{
    return !ms || cJSON_AddNumberToObject(row, key, (double)ms);
}

static bool put_flag(cJSON *row, const char *key, bool flag)
{
    return !flag || cJSON_AddTrueToObject(row, key);
}

static bool put_comment(cJSON *array, const struct cs_comment *comment)
{
    cJSON *row = cJSON_CreateObject();
    if (!row || !cJSON_AddItemToArray(array, row)) {
        cJSON_Delete(row);
        return false;
    }
    return put_text(row, "id", comment->id) &&
           put_text(row, "parent", comment->parent_id) &&
           put_text(row, "author", comment->author_id) &&
           put_time(row, "created", comment->created) &&
           put_time(row, "updated", comment->updated) &&
           put_flag(row, "edited", comment->edited) &&
           put_flag(row, "inline", comment->is_inline) &&
           put_text(row, "resolution", comment->resolution) &&
           put_text(row, "selection", comment->selection) &&
           put_text(row, "body", comment->body);
}

static const char *pack(struct cs_arena *arena,
                        const struct cs_comment *comments, size_t n)
{
    cJSON *array = cJSON_CreateArray();
    bool good = array != NULL;
    for (size_t i = 0; i < n && good; i++)
        good = put_comment(array, &comments[i]);
    char *text = good ? cJSON_PrintUnformatted(array) : NULL;
    const char *copy = cs_arena_strdup(arena, text);
    cJSON_free(text);
    cJSON_Delete(array);
    return copy;
}

enum cs_status cs_comments_text(struct cs_arena *arena,
                                const struct cs_address_page *page,
                                struct cs_comment *comments, size_t n,
                                struct cs_text *ret, struct cs_error *err)
{
    struct cs_text text = {.source = "", .source_format = CS_FORMAT_COMMENTS};
    text.body.markdown = "";
    if (n > 0) {
        qsort(comments, n, sizeof(*comments), compare_comments);
        text.source = pack(arena, comments, n);
        if (!text.source)
            return cs_error_no_memory(err);
        text.source_len = strlen(text.source);
        enum cs_status status =
            cs_comments_convert(arena, page, text.source, text.source_len,
                                &text.body, &text.note, err);
        if (status)
            return status;
    }
    *ret = text;
    return CS_OK;
}

/* ---- from JSON ---- */

static enum cs_status read_comment(const struct cs_json *row,
                                   struct cs_comment *ret, struct cs_error *err)
{
    const struct {
        const char *key;
        const char **value;
    } texts[] = {
        {"parent", &ret->parent_id},
        {"author", &ret->author_id},
        {"resolution", &ret->resolution},
        {"selection", &ret->selection},
        {"body", &ret->body},
    };
    enum cs_status status =
        cs_json_text(row, "id", CS_JSON_REQUIRED, &ret->id, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(texts) && !status; i++)
        status = cs_json_text(row, texts[i].key, CS_JSON_OPTIONAL,
                              texts[i].value, err);
    if (!status)
        status = cs_json_int(row, "created", CS_JSON_OPTIONAL, 0, &ret->created,
                             err);
    if (!status)
        status = cs_json_int(row, "updated", CS_JSON_OPTIONAL, 0, &ret->updated,
                             err);
    if (!status)
        status = cs_json_bool(row, "edited", CS_JSON_OPTIONAL, false,
                              &ret->edited, err);
    if (!status)
        status = cs_json_bool(row, "inline", CS_JSON_OPTIONAL, false,
                              &ret->is_inline, err);
    return status;
}

static enum cs_status read_comments(struct cs_arena *arena, const cJSON *doc,
                                    struct cs_comment **ret, size_t *ret_n,
                                    struct cs_error *err)
{
    struct cs_json root = cs_json_root(doc), row = {.node = NULL};
    if (!cs_json_is_array(&root))
        return cs_json_expected(&root, "an array of comments", err);
    size_t n = (size_t)cJSON_GetArraySize(doc), i = 0;
    struct cs_comment *comments =
        cs_arena_array(arena, n + 1, sizeof(*comments));
    if (!comments)
        return cs_arena_status(arena, err);
    enum cs_status status = CS_OK;
    while (!status && cs_json_next(&root, &row))
        status = read_comment(&row, &comments[i++], err);
    *ret = comments;
    *ret_n = n;
    return status;
}

enum cs_status cs_comments_convert(struct cs_arena *arena,
                                   const struct cs_address_page *page,
                                   const char *source, size_t len,
                                   struct cs_body *ret_body,
                                   struct cs_conversion_note *ret_note,
                                   struct cs_error *err)
{
    const struct cs_storage_options options = {.space_key = page->space,
                                               .site_url = page->wiki};
    cJSON *doc CS_CLEANUP(cs_json_cleanup) = NULL;
    struct cs_comment *comments = NULL;
    size_t n = 0;
    enum cs_status status = cs_json_parse(source, len, &doc, err);
    if (!status)
        status = read_comments(arena, doc, &comments, &n, err);
    if (!status)
        status = cs_storage_convert_comments(arena, comments, n, &options,
                                             ret_body, ret_note, err);
    return status ? status : cs_address_body(arena, page, ret_body, err);
}
