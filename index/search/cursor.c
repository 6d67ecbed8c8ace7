/*
 * cursor.c - numbers in hexadecimal, with a point between them.
 */
#include "index/search/cursor.h"

#include "src/arena.h"

#include <inttypes.h>

enum { NUMBERS = 7 };

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3;
    return (hash ^ 0xff) * 0x100000001b3;
}

static uint64_t hash_list(uint64_t hash, const struct cs_search_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        hash = hash_bytes(hash, list->values[i], strlen(list->values[i]));
    return hash_bytes(hash, &list->n, sizeof(list->n));
}

uint64_t cs_cursor_of(const struct cs_search_request *request,
                      enum cs_search_sort sort)
{
    const char *text = request->text ? request->text : "";
    const int64_t numbers[] = {request->mode, sort, request->no_collapse,
                               request->since_ms, request->after_generation};
    uint64_t hash = 0xcbf29ce484222325;
    hash = hash_bytes(hash, text, strlen(text));
    hash = hash_list(hash, &request->spaces);
    hash = hash_list(hash, &request->labels);
    hash = hash_list(hash, &request->authors);
    hash = hash_list(hash, &request->types);
    hash = hash_list(hash, &request->sources);
    return hash_bytes(hash, numbers, sizeof(numbers));
}

const char *cs_cursor_print(struct cs_arena *arena,
                            const struct cs_cursor *cursor)
{
    uint64_t score;
    memcpy(&score, &cursor->score, sizeof(score));
    return cs_arena_printf(arena,
                           "%" PRIx64 ".%" PRIx64 ".%" PRIx64 ".%" PRIx64
                           ".%" PRIx64 ".%" PRIx64 ".%x",
                           cursor->search, (uint64_t)cursor->generation,
                           (uint64_t)cursor->now_ms, (uint64_t)cursor->offset,
                           (uint64_t)cursor->document, score,
                           (unsigned)cursor->tier);
}

/* Up to sixteen digits and the mark behind them. */
static bool read_number(const char **text, char mark, uint64_t *ret)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = *text, *digit;
    uint64_t number = 0;
    while (*at && at - *text < 16 && (digit = strchr(digits, *at))) {
        number = number << 4 | (uint64_t)(digit - digits);
        at++;
    }
    if (at == *text || *at != mark)
        return false;
    *text = mark ? at + 1 : at;
    *ret = number;
    return true;
}

enum cs_status cs_cursor_parse(const char *text, uint64_t search,
                               struct cs_cursor *ret, struct cs_error *err)
{
    uint64_t numbers[NUMBERS];
    const char *at = text;
    for (int i = 0; i < NUMBERS; i++)
        if (!read_number(&at, i + 1 < NUMBERS ? '.' : '\0', &numbers[i]))
            return cs_error_set(err, CS_ERR_USAGE, "this is no cursor: %.80s",
                                text);
    if (numbers[0] != search) {
        cs_error_set(err, CS_ERR_USAGE, "the cursor is from another search");
        cs_error_hint(err, "leave it out to begin anew");
        return CS_ERR_USAGE;
    }
    struct cs_cursor cursor = {
        .search = numbers[0],
        .generation = (int64_t)numbers[1],
        .now_ms = (int64_t)numbers[2],
        .offset = (int64_t)numbers[3],
        .document = (int64_t)numbers[4],
        .tier = (enum cs_search_tier)numbers[6],
    };
    memcpy(&cursor.score, &numbers[5], sizeof(cursor.score));
    if (cursor.offset < 0 || cursor.offset > INT32_MAX ||
        numbers[6] >= CS_SEARCH_TIERS)
        return cs_error_set(err, CS_ERR_USAGE, "this is no cursor: %.80s",
                            text);
    *ret = cursor;
    return CS_OK;
}
