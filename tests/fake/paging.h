/*
 * Paged listings: cursors, the Link header, and the vendor's odd habits
 * (an empty page in the middle, a cursor that is not the last parameter).
 */
#ifndef FAKE_PAGING_H
#define FAKE_PAGING_H

#include "tests/fake/http.h"

struct fk_listing {
    struct fk_item **items; /* ascending in `order` */
    size_t count;
    enum fk_order order;
    bool descending;
    long default_limit; /* 25 when 0 */
    bool empty_page;    /* the second answer has no rows but a next */
    const char *cql;    /* of a search of v1, whose frame is another */
    long cap;           /* rows an answer at most, silently; 0 = the limit */

    /* Whether this item belongs in the listing; NULL = all do. */
    bool (*match)(const struct fk_request *req, const struct fk_item *item,
                  const void *ctx);
    /* Write the item as one JSON value. */
    void (*write)(struct fk_request *req, const struct fk_item *item,
                  const void *ctx);
    const void *ctx;
};

/* Answer with one page of a listing. Sets 400 for a cursor that is not ours,
 * was re-encoded or cut, or came with another limit or another filter. */
void fk_list(struct fk_request *req, const struct fk_listing *listing);

/* Read the sort parameter ("-modified-date") into order and direction. */
void fk_list_sort(const struct fk_request *req, const char *fallback,
                  struct fk_listing *listing);

/* Sort a borrowed slice into an order; the caller frees the copy. */
struct fk_item **fk_list_sorted(struct fk_item **items, size_t count,
                                enum fk_order order);

/* Refuse a `cursor` value that could not have come from a next link. True
 * when it is well-formed or absent. */
bool fk_cursor_plausible(const struct fk_request *req);

#endif
