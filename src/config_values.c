/*
 * config_values.c - from the words of a value to a member of a struct.
 */
#include "src/config_values.h"

#include "src/clock.h"
#include "src/path.h"
#include "src/text.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>

#define PARSE_ARGS                                                             \
    CS_UNUSED const struct cs_key *key, const struct cs_key_words *words,      \
        CS_UNUSED const struct cs_key_context *context, CS_UNUSED void *slot,  \
        CS_UNUSED void *record, struct cs_error *err

/* Why a value is refused; a secret is never repeated. */
static enum cs_status refuse(const struct cs_key *key, const char *word,
                             const char *wanted, struct cs_error *err)
{
    if (key->secret)
        return cs_error_set(err, CS_ERR_CONFIG, "is not %s", wanted);
    return cs_error_set(err, CS_ERR_CONFIG, "\"%.100s\" is not %s", word,
                        wanted);
}

static enum cs_status store_text(const struct cs_key_context *context,
                                 const char *text, void *slot,
                                 struct cs_error *err)
{
    char *copy = cs_arena_strdup(context->arena, text);
    if (!copy)
        return cs_arena_status(context->arena, err);
    *(const char **)slot = copy;
    return CS_OK;
}

static enum cs_status parse_text(PARSE_ARGS)
{
    const char *word = words->words[0];
    if (word[0] == '\0') {
        *(const char **)slot = NULL;
        return CS_OK;
    }
    for (const char *c = word; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return cs_error_set(err, CS_ERR_CONFIG,
                                "holds a control character");
    }
    return store_text(context, word, slot, err);
}

static enum cs_status parse_path(PARSE_ARGS)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    const char *word = words->words[0];
    if (word[0] == '\0')
        return refuse(key, word, "a path", err);
    if (word[0] == '~')
        cs_path_put_expanded(&path, word, context->home);
    else if (word[0] == '/')
        cs_strbuf_puts(&path, word);
    else
        cs_path_join(&path, context->base_dir, word);
    if (path.status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (path.data[0] != '/')
        return refuse(key, word, "an absolute path", err);
    while (path.len > 1 && path.data[path.len - 1] == '/')
        cs_strbuf_truncate(&path, path.len - 1);
    if (cs_strbuf_status(&path, NULL) != CS_OK)
        return cs_error_set(err, CS_ERR_CONFIG, "the path is too long");
    return store_text(context, path.data, slot, err);
}

static enum cs_status parse_bool(PARSE_ARGS)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < CS_ARRAY_LEN(yes); i++) {
        if (cs_ascii_casecmp(words->words[0], yes[i]) == 0) {
            *(bool *)slot = true;
            return CS_OK;
        }
        if (cs_ascii_casecmp(words->words[0], no[i]) == 0) {
            *(bool *)slot = false;
            return CS_OK;
        }
    }
    return refuse(key, words->words[0], "yes or no", err);
}

/* A whole number at the start of `text`; `*ret_rest` is what follows it, after
 * blanks. False when there is none or it is out of range. */
static bool read_whole(const char *text, int64_t min, int64_t max,
                       int64_t *ret_value, const char **ret_rest)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (!cs_ascii_is_digit(text[0]) || errno != 0 || value < min || value > max)
        return false;
    while (*end == ' ')
        end++;
    *ret_value = value;
    *ret_rest = end;
    return true;
}

static enum cs_status parse_number(PARSE_ARGS)
{
    int64_t value;
    const char *rest;
    if (!read_whole(words->words[0], key->min, key->max, &value, &rest) ||
        *rest != '\0') {
        char wanted[64];
        (void)snprintf(wanted, sizeof(wanted), "a number from %lld to %lld",
                       (long long)key->min, (long long)key->max);
        return refuse(key, words->words[0], wanted, err);
    }
    *(unsigned *)slot = (unsigned)value;
    return CS_OK;
}

static enum cs_status parse_rate(PARSE_ARGS)
{
    const char *word = words->words[0];
    char *end;
    double value = strtod(word, &end);
    if (!cs_ascii_is_digit(word[0]) || *end != '\0' || !isfinite(value) ||
        value > (double)key->max)
        return refuse(key, word, "a number of requests a second, or 0", err);
    *(double *)slot = value;
    return CS_OK;
}

static enum cs_status parse_size(PARSE_ARGS)
{
    static const struct {
        const char *name;
        int64_t bytes;
    } units[] = {
        {"B", 1},
        {"kB", 1000},
        {"MB", 1000 * 1000},
        {"GB", 1000 * 1000 * 1000},
        {"KiB", 1 << 10},
        {"MiB", 1 << 20},
        {"GiB", 1 << 30},
    };
    int64_t value;
    const char *unit;
    if (!read_whole(words->words[0], 0, INT64_MAX, &value, &unit))
        unit = "";
    for (size_t i = 0; *unit && i < CS_ARRAY_LEN(units); i++) {
        if (cs_ascii_casecmp(unit, units[i].name) != 0)
            continue;
        if (value > key->max / units[i].bytes)
            break;
        *(int64_t *)slot = value * units[i].bytes;
        return CS_OK;
    }
    return refuse(key, words->words[0], "a size such as \"20 MB\"", err);
}

static enum cs_status parse_duration(PARSE_ARGS)
{
    const char *word = words->words[0];
    bool automatic = cs_str_equal(key->fallback, "auto");
    int64_t value = 0;
    if (automatic ? cs_str_equal(word, "auto") : cs_str_equal(word, "0")) {
        *(int64_t *)slot = 0;
        return CS_OK;
    }
    if (cs_duration_parse(word, &value, NULL) != CS_OK || value <= 0)
        return refuse(key, word,
                      automatic ? "a time such as \"24h\", or auto"
                                : "a time such as \"30d\", or 0",
                      err);
    *(int64_t *)slot = value;
    return CS_OK;
}

static enum cs_status parse_choice(PARSE_ARGS)
{
    char wanted[128] = "one of:";
    for (unsigned i = 0; key->choices[i]; i++) {
        if (cs_ascii_casecmp(words->words[0], key->choices[i]) == 0) {
            memcpy(slot, &i, sizeof(i));
            return CS_OK;
        }
        size_t len = strlen(wanted);
        (void)snprintf(wanted + len, sizeof(wanted) - len, "%s %s",
                       i > 0 ? "," : "", key->choices[i]);
    }
    return refuse(key, words->words[0], wanted, err);
}

/* The words that are not empty, copied. */
static enum cs_status copy_words(const struct cs_key_context *context,
                                 const struct cs_key_words *words,
                                 const char ***ret, size_t *ret_n,
                                 struct cs_error *err)
{
    const char **items =
        cs_arena_array(context->arena, words->n + 1, sizeof(*items));
    size_t n = 0;
    for (size_t i = 0; items && i < words->n; i++)
        if (words->words[i][0] != '\0')
            items[n++] = cs_arena_strdup(context->arena, words->words[i]);
    *ret = items;
    *ret_n = n;
    return cs_arena_status(context->arena, err);
}

/* "*" anywhere, or no word at all, means everything: an empty list. */
static enum cs_status parse_list(PARSE_ARGS)
{
    struct cs_source_config *source = record;
    const char **items;
    size_t n;
    enum cs_status status = copy_words(context, words, &items, &n, err);
    if (status)
        return status;
    for (size_t i = 0; i < n; i++)
        if (cs_str_equal(items[i], "*"))
            n = 0;
    source->spaces = items;
    source->n_spaces = n;
    return CS_OK;
}

static enum cs_status parse_patterns(PARSE_ARGS)
{
    const char **items;
    size_t n;
    enum cs_status status = copy_words(context, words, &items, &n, err);
    if (!status)
        *(struct cs_patterns *)slot = (struct cs_patterns){items, n};
    return status;
}

bool cs_patterns_match(const struct cs_patterns *patterns, const char *text)
{
    for (size_t i = 0; i < patterns->n; i++) {
        if (fnmatch(patterns->items[i], text, FNM_CASEFOLD) == 0)
            return true;
    }
    return false;
}

/* A share with a percent sign, a number, or both, in any order. */
static enum cs_status parse_brake(PARSE_ARGS)
{
    struct cs_source_config *source = record;
    for (size_t i = 0; i < words->n; i++) {
        int64_t value = 0;
        const char *rest;
        if (!read_whole(words->words[i], 0, 1000000000, &value, &rest))
            rest = "?";
        if (cs_str_equal(rest, "%") && value <= 100)
            source->deletion_brake_percent = (unsigned)value;
        else if (*rest == '\0')
            source->deletion_brake_count = (unsigned)value;
        else
            return refuse(key, words->words[i],
                          "a share such as \"10 %\" or a number such as 20",
                          err);
    }
    return CS_OK;
}

const struct cs_key_type cs_key_text = {"text", false, parse_text};
const struct cs_key_type cs_key_path = {"path", false, parse_path};
const struct cs_key_type cs_key_bool = {"yes or no", false, parse_bool};
const struct cs_key_type cs_key_number = {"number", false, parse_number};
const struct cs_key_type cs_key_rate = {"number", false, parse_rate};
const struct cs_key_type cs_key_size = {"size", false, parse_size};
const struct cs_key_type cs_key_duration = {"time", false, parse_duration};
const struct cs_key_type cs_key_choice = {"choice", false, parse_choice};
const struct cs_key_type cs_key_list = {"list", true, parse_list};
const struct cs_key_type cs_key_patterns = {"list", true, parse_patterns};
const struct cs_key_type cs_key_brake = {"list", true, parse_brake};

const char *cs_key_type_name(const struct cs_key *key)
{
    return key->type->name;
}

bool cs_key_is_list(const struct cs_key *key)
{
    return key->type->list;
}

enum cs_status cs_key_parse(const struct cs_key *key,
                            const struct cs_key_words *words,
                            const struct cs_key_context *context, void *record,
                            struct cs_error *err)
{
    if (words->n == 0 && !key->type->list)
        return CS_OK;
    enum cs_status status = key->type->parse(
        key, words, context, (char *)record + key->offset, record, err);
    if (status != CS_ERR_CONFIG)
        return status;
    (void)cs_error_prefix(err, "%s", key->name);
    cs_error_hint(err, "see cs help keys");
    return status;
}

enum cs_status cs_key_split(const char *text, struct cs_arena *arena,
                            struct cs_key_words *ret, struct cs_error *err)
{
    size_t n = 1;
    for (const char *c = text; *c; c++)
        n += *c == ',';
    const char **words = cs_arena_array(arena, n, sizeof(*words));
    for (size_t i = 0; words && i < n; i++) {
        size_t len = strcspn(text, ",");
        const char *next = text + len + (text[len] == ',');
        for (; len > 0 && cs_ascii_is_space(text[0]); len--)
            text++;
        while (len > 0 && cs_ascii_is_space(text[len - 1]))
            len--;
        words[i] = cs_arena_strndup(arena, text, len);
        text = next;
    }
    *ret = (struct cs_key_words){words, n, true};
    return cs_arena_status(arena, err);
}
