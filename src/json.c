/*
 * json.c - limits before cJSON sees the text, paths when it is not as expected.
 */
#include "src/json.h"

#include "src/strbuf.h"
#include "src/text.h"

#include <errno.h>
#include <math.h>

/* The deepest nesting of brackets outside strings. cJSON recurses, and its own
 * limit of 1000 is for a stack larger than some. */
static size_t nesting(const char *text, size_t len)
{
    size_t depth = 0, deepest = 0;
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > deepest)
                deepest = depth;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return deepest;
}

static enum cs_status parse_valid(const char *text, size_t len, cJSON **ret,
                                  struct cs_error *err)
{
    const char *end = text;
    errno = 0; /* what cJSON's allocations leave there is all that it tells */
    cJSON *doc = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    if (!doc && errno == ENOMEM)
        return cs_error_no_memory(err);
    if (!doc)
        return cs_error_set(err, CS_ERR_PARSE, "no JSON at byte %zu of %zu",
                            (size_t)(end - text), len);
    while (end < text + len && cs_ascii_is_space(*end))
        end++;
    if (end < text + len) {
        cJSON_Delete(doc);
        return cs_error_set(err, CS_ERR_PARSE,
                            "unexpected text after the JSON at byte %zu",
                            (size_t)(end - text));
    }
    *ret = doc;
    return CS_OK;
}

enum cs_status cs_json_parse(const char *text, size_t len, cJSON **ret,
                             struct cs_error *err)
{
    if (len > CS_JSON_MAX_SIZE)
        return cs_error_set(err, CS_ERR_LIMIT,
                            "JSON of %zu bytes passes the limit of %zu", len,
                            CS_JSON_MAX_SIZE);
    if (nesting(text, len) > CS_JSON_MAX_DEPTH)
        return cs_error_set(err, CS_ERR_LIMIT,
                            "JSON is nested deeper than %d levels",
                            CS_JSON_MAX_DEPTH);
    if (cs_text_valid(text, len))
        return parse_valid(text, len, ret, err);
    struct cs_strbuf valid CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(3 * CS_JSON_MAX_SIZE);
    cs_text_put_valid(&valid, text, len);
    enum cs_status status = cs_strbuf_status(&valid, err);
    return status ? status : parse_valid(valid.data, valid.len, ret, err);
}

void cs_json_free(cJSON *doc)
{
    cJSON_Delete(doc);
}

struct cs_json cs_json_root(const cJSON *doc)
{
    return (struct cs_json){.node = doc};
}

bool cs_json_is_array(const struct cs_json *at)
{
    return at->node && cJSON_IsArray(at->node);
}

/* The root first; the depth of a document bounds the recursion. */
static void put_path(const struct cs_json *at, struct cs_strbuf *out)
{
    if (!at->up)
        return;
    put_path(at->up, out);
    if (at->key)
        cs_strbuf_printf(out, "%s%s", out->len ? "." : "", at->key);
    else
        cs_strbuf_printf(out, "[%zu]", at->index);
}

enum cs_status cs_json_expected(const struct cs_json *at, const char *what,
                                struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(400);
    put_path(at, &path);
    return cs_error_set(err, CS_ERR_PARSE, "%s: expected %s",
                        path.len ? path.data : "the answer", what);
}

static bool is_object(const struct cs_json *at)
{
    return at->node && cJSON_IsObject(at->node);
}

/* The member `key` of `at`. Absent and null both leave a NULL node. */
static struct cs_json member(const struct cs_json *at, const char *key)
{
    struct cs_json found = {.up = at, .key = key};
    if (is_object(at))
        found.node = cJSON_GetObjectItemCaseSensitive(at->node, key);
    if (found.node && cJSON_IsNull(found.node))
        found.node = NULL;
    return found;
}

typedef cJSON_bool is_type_fn(const cJSON *node);

/* Find the member and check its type. `ret->node` is NULL when it is absent
 * and may be. */
static enum cs_status typed(const struct cs_json *at, const char *key,
                            enum cs_json_need need, is_type_fn *is_type,
                            const char *what, struct cs_json *ret,
                            struct cs_error *err)
{
    struct cs_json found = member(at, key);
    if (found.node ? !is_type(found.node) : need == CS_JSON_REQUIRED)
        return cs_json_expected(&found, what, err);
    *ret = found;
    return CS_OK;
}

enum cs_status cs_json_text(const struct cs_json *at, const char *key,
                            enum cs_json_need need, const char **ret,
                            struct cs_error *err)
{
    struct cs_json found = {.node = NULL};
    enum cs_status status =
        typed(at, key, need, cJSON_IsString, "a string", &found, err);
    if (status)
        return status;
    *ret = found.node ? found.node->valuestring : NULL;
    return CS_OK;
}

enum cs_status cs_json_int(const struct cs_json *at, const char *key,
                           enum cs_json_need need, int64_t fallback,
                           int64_t *ret, struct cs_error *err)
{
    struct cs_json found = {.node = NULL};
    enum cs_status status =
        typed(at, key, need, cJSON_IsNumber, "a number", &found, err);
    if (status)
        return status;
    double value = found.node ? found.node->valuedouble : 0;
    /* Beyond 2^53 a double no longer tells neighbours apart. */
    if (found.node && !(fabs(value) <= 9007199254740992.0))
        return cs_json_expected(&found, "a whole number", err);
    *ret = found.node ? (int64_t)value : fallback;
    return CS_OK;
}

enum cs_status cs_json_bool(const struct cs_json *at, const char *key,
                            enum cs_json_need need, bool fallback, bool *ret,
                            struct cs_error *err)
{
    struct cs_json found = {.node = NULL};
    enum cs_status status =
        typed(at, key, need, cJSON_IsBool, "true or false", &found, err);
    if (status)
        return status;
    *ret = found.node ? cJSON_IsTrue(found.node) != 0 : fallback;
    return CS_OK;
}

enum cs_status cs_json_object(const struct cs_json *at, const char *key,
                              enum cs_json_need need, struct cs_json *ret,
                              struct cs_error *err)
{
    return typed(at, key, need, cJSON_IsObject, "an object", ret, err);
}

enum cs_status cs_json_array(const struct cs_json *at, const char *key,
                             enum cs_json_need need, struct cs_json *ret,
                             struct cs_error *err)
{
    return typed(at, key, need, cJSON_IsArray, "an array", ret, err);
}

bool cs_json_next(const struct cs_json *array, struct cs_json *item)
{
    if (!cs_json_is_array(array))
        return false;
    size_t index = item->node ? item->index + 1 : 0;
    const cJSON *node = item->node ? item->node->next : array->node->child;
    *item = (struct cs_json){.node = node, .up = array, .index = index};
    return node != NULL;
}
