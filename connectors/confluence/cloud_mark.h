/*
 * cloud_mark.h - how far a feed was read, as a text.
 *
 * A feed is read newest first down to what is known already. Its order is that
 * of the site's clock, and entries can show up a little late, so each reading
 * overlaps the one before by an hour; the mark remembers what it has seen in
 * that hour, so that a feed in which nothing happened gives nothing.
 *
 * The text is "1 <floor> <key> <key>...": the time in milliseconds above which
 * entries must be looked at, and the keys of those already seen there.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLOUD_MARK_H
#define CS_CONNECTORS_CONFLUENCE_CLOUD_MARK_H

#include "src/strbuf.h"

#define CS_CLOUD_MARK_KEYS 500
#define CS_CLOUD_MARK_MAX  ((size_t)16 << 10) /* bytes of the text */

struct cs_cloud_mark {
    int64_t floor; /* 0: nothing was read yet */
    uint64_t keys[CS_CLOUD_MARK_KEYS];
    size_t n;
};

/* One entry while a feed is read. */
struct cs_cloud_seen {
    int64_t time;
    uint64_t key;
};

/* The mark of the reading before, and what this one has met. */
struct cs_cloud_reading {
    struct cs_cloud_mark before;
    struct cs_cloud_seen seen[CS_CLOUD_MARK_KEYS]; /* the first ones */
    size_t n;
    int64_t newest;
};

/* Read a text made by cs_cloud_mark_put(); NULL and what can not be read give
 * an empty mark. */
void cs_cloud_reading_begin(struct cs_cloud_reading *reading, const char *text);

enum cs_cloud_news {
    CS_CLOUD_NEWS_FRESH, /* look at it */
    CS_CLOUD_NEWS_KNOWN, /* seen the last time */
    CS_CLOUD_NEWS_END    /* older than what must be looked at */
};

/* Judge one entry; `identity` tells one state of it from another. A time of 0
 * is unknown, and the entry fresh. */
enum cs_cloud_news cs_cloud_reading_take(struct cs_cloud_reading *reading,
                                         int64_t time, const char *identity);

/* Append the new mark. */
void cs_cloud_reading_put(const struct cs_cloud_reading *reading,
                          struct cs_strbuf *out);

#endif
