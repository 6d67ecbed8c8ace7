/*
 * reconvert.h - the whole mirror converted anew from its stored sources.
 *
 * After the converter has learned something, the texts are made again without
 * the network: in the batches and transactions of a sync, so that a run that
 * is cut off leaves some texts old and some new, and nothing in between. Only
 * files that come out different are written.
 */
#ifndef CS_INDEX_STORE_RECONVERT_H
#define CS_INDEX_STORE_RECONVERT_H

#include "index/store/store.h"

#include <signal.h>

/* A source as it was fetched. Borrowed for the call. */
struct cs_stored_source {
    const char *id;            /* vendor's id of the document */
    const char *type;          /* the connector it came through */
    const char *base_url;      /* of its site */
    const char *container_key; /* of its space */
    const char *format;        /* "storage", "comments" */
    const char *text;
    size_t len;
};

/* Convert one; the body lives in `arena`. A failure other than
 * CS_ERR_NO_MEMORY is told and leaves the document as it is. */
typedef enum cs_status cs_reconvert_fn(void *payload,
                                       const struct cs_stored_source *source,
                                       struct cs_arena *arena,
                                       struct cs_body *ret_body,
                                       struct cs_conversion_note *ret_note,
                                       struct cs_error *err);

struct cs_reconvert_options {
    cs_reconvert_fn *convert;
    /* These may be NULL. */
    void (*progress)(void *payload, uint64_t done, uint64_t total);
    void (*failed)(void *payload, const char *id, const struct cs_error *why);
    /* With dry_run: this file would come out different. */
    void (*changed)(void *payload, const char *path);
    void *payload;
    bool dry_run; /* convert, compare, and leave everything as it is */
    const volatile sig_atomic_t *cancel; /* may be NULL */
};

struct cs_reconvert_summary {
    uint64_t converted, failed; /* texts, and comments of a document */
    uint64_t written, moved;    /* files */
};

/* Convert every text of every source. CS_ERR_CANCELLED ends it after the
 * document at hand, with what was done committed; CS_ERR_PARTIAL when some
 * documents failed. `*ret_summary` is always filled. */
enum cs_status cs_store_reconvert(struct cs_store *store,
                                  const struct cs_reconvert_options *options,
                                  struct cs_reconvert_summary *ret_summary,
                                  struct cs_error *err);

#endif
