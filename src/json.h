/*
 * json.h - reading JSON that a stranger wrote.
 *
 * cJSON parses; this module adds the limits (size, nesting) and getters that
 * name the whole path when something is not as it should be:
 * "results[3].version.number: expected a number".
 *
 *     struct cs_json root, row, version;
 *     cs_json_parse(text, len, &doc, err);
 *     root = cs_json_root(doc);
 *     cs_json_object(&root, "version", CS_JSON_REQUIRED, &version, err);
 *     cs_json_int(&version, "number", CS_JSON_REQUIRED, &n, err);
 *
 * A struct cs_json is a position: a node and the way to it. It is a value on
 * the stack that points to its parent's, so a parent must outlive its
 * children. What it points into belongs to the parsed document.
 */
#ifndef CS_SRC_JSON_H
#define CS_SRC_JSON_H

#include "src/error.h"

#include <cjson/cJSON.h>

#define CS_JSON_MAX_DEPTH 64
#define CS_JSON_MAX_SIZE  ((size_t)256 << 20)

struct cs_json {
    const cJSON *node;        /* NULL: absent */
    const struct cs_json *up; /* NULL at the root */
    const char *key;          /* within an object */
    size_t index;             /* within an array, when key is NULL */
};

/* REQUIRED: absent or null is an error. OPTIONAL: absent or null is the
 * fallback. A value of another type is an error in both cases. */
enum cs_json_need { CS_JSON_REQUIRED, CS_JSON_OPTIONAL };

/* Parse one JSON text. CS_ERR_PARSE, CS_ERR_LIMIT (nested deeper than
 * CS_JSON_MAX_DEPTH, longer than CS_JSON_MAX_SIZE). Invalid UTF-8 becomes
 * U+FFFD. The caller frees `ret` with cs_json_free(). */
enum cs_status cs_json_parse(const char *text, size_t len, cJSON **ret,
                             struct cs_error *err);

/* NULL is legal. */
void cs_json_free(cJSON *doc);

struct cs_json cs_json_root(const cJSON *doc);

/* True when the position holds an array; false when absent. */
bool cs_json_is_array(const struct cs_json *at);

/* Members of an object by exact name. An absent object or array is a position
 * with a NULL node, whose members are absent too. Strings are borrowed from
 * the document. With OPTIONAL, an absent value gives NULL, `fallback`, or a
 * position without a node. All fail with CS_ERR_PARSE. */
enum cs_status cs_json_text(const struct cs_json *at, const char *key,
                            enum cs_json_need need, const char **ret,
                            struct cs_error *err);
enum cs_status cs_json_int(const struct cs_json *at, const char *key,
                           enum cs_json_need need, int64_t fallback,
                           int64_t *ret, struct cs_error *err);
enum cs_status cs_json_bool(const struct cs_json *at, const char *key,
                            enum cs_json_need need, bool fallback, bool *ret,
                            struct cs_error *err);
enum cs_status cs_json_object(const struct cs_json *at, const char *key,
                              enum cs_json_need need, struct cs_json *ret,
                              struct cs_error *err);
enum cs_status cs_json_array(const struct cs_json *at, const char *key,
                             enum cs_json_need need, struct cs_json *ret,
                             struct cs_error *err);

/* Walk an array: start with `item` zeroed; each call moves it to the next
 * element. False at the end. */
bool cs_json_next(const struct cs_json *array, struct cs_json *item);

/* Set `err` to CS_ERR_PARSE with "path: expected what". */
enum cs_status cs_json_expected(const struct cs_json *at, const char *what,
                                struct cs_error *err);

static inline CS_UNUSED void cs_json_cleanup(cJSON **doc)
{
    cs_json_free(*doc);
}

#endif
