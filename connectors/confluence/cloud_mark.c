/*
 * cloud_mark.c - floor and keys.
 */
#include "connectors/confluence/cloud_mark.h"

#include "src/hash.h"

#include <inttypes.h>
#include <stdlib.h>

#define OVERLAP_MS INT64_C(3600000)

static uint64_t key_of(const char *identity)
{
    struct cs_hash hash = cs_hash_of(identity, strlen(identity));
    uint64_t key = 0;
    for (size_t i = 0; i < sizeof(key); i++)
        key = key << 8 | hash.bytes[i];
    return key;
}

void cs_cloud_reading_begin(struct cs_cloud_reading *reading, const char *text)
{
    *reading = (struct cs_cloud_reading){.n = 0};
    struct cs_cloud_mark *mark = &reading->before;
    char *end;
    if (!text || strncmp(text, "1 ", 2) != 0)
        return;
    mark->floor = strtoll(text + 2, &end, 10);
    while (*end == ' ' && mark->n < CS_CLOUD_MARK_KEYS)
        mark->keys[mark->n++] = strtoull(end + 1, &end, 16);
    if (*end || mark->floor < 0)
        *mark = (struct cs_cloud_mark){.floor = 0};
}

enum cs_cloud_news cs_cloud_reading_take(struct cs_cloud_reading *reading,
                                         int64_t time, const char *identity)
{
    const struct cs_cloud_mark *before = &reading->before;
    if (time && time < before->floor)
        return CS_CLOUD_NEWS_END;
    uint64_t key = key_of(identity);
    if (time > reading->newest)
        reading->newest = time;
    if (reading->n < CS_CLOUD_MARK_KEYS)
        reading->seen[reading->n++] =
            (struct cs_cloud_seen){.time = time, .key = key};
    for (size_t i = 0; i < before->n; i++) {
        if (before->keys[i] == key)
            return CS_CLOUD_NEWS_KNOWN;
    }
    return CS_CLOUD_NEWS_FRESH;
}

/* Where the next reading ends: an hour before the newest, and never below what
 * the keys can cover. */
static int64_t find_floor(const struct cs_cloud_reading *reading)
{
    int64_t floor = reading->newest - OVERLAP_MS;
    if (reading->n == CS_CLOUD_MARK_KEYS) {
        int64_t last = reading->seen[reading->n - 1].time;
        if (last > floor)
            floor = last;
    }
    return floor > reading->before.floor ? floor : reading->before.floor;
}

void cs_cloud_reading_put(const struct cs_cloud_reading *reading,
                          struct cs_strbuf *out)
{
    int64_t floor = find_floor(reading);
    cs_strbuf_printf(out, "1 %" PRId64, floor);
    for (size_t i = 0; i < reading->n; i++) {
        if (reading->seen[i].time >= floor)
            cs_strbuf_printf(out, " %" PRIx64, reading->seen[i].key);
    }
}
