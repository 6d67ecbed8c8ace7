/*
 * dc_paging.h - listings of Data Center, which are paged by start or by cursor.
 *
 * A server cuts the limit without a word, hides rows from an account after it
 * has cut a page, and writes a next address that may skip rows. So, by start:
 *
 *   - there is more as long as there is a next address, and no longer
 *   - the next start is this one plus the rows received (or plus the most rows
 *     that any page of this listing had: a page covers at least so many); the
 *     start in the next address counts only after a page without rows, and
 *     there the limit that the answer says was granted, if it is less
 *   - a row that came before, and not because pages overlap, ends the listing
 *     as an error, as does a start that does not advance
 *
 * By cursor the same question is asked again with the cursor of the next
 * address, whatever host or context it names; one that came before is an error.
 * A cursor without a next address is tried once.
 *
 * A page that fails because of one of its rows (5xx, 404 by an ancestor that
 * is a draft) is asked for again in smaller pieces, at last with `small`.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_DC_PAGING_H
#define CS_CONNECTORS_CONFLUENCE_DC_PAGING_H

#include "connectors/answer.h"

struct cs_dc_paging;

struct cs_dc_listing {
    const char *path;  /* "/rest/api/content?spaceKey=ENG&type=page"; copied */
    const char *small; /* to ask for a single row that `path` fails on, or NULL;
                          copied */
    const char *context; /* path of the root: "/confluence", ""; borrowed */
    unsigned limit;      /* rows to ask for */
    bool by_cursor;
    bool loose; /* an order that shifts: rows may come again, and a page that
                   brings no other ends the listing */
};

/* Start a listing; its first request is queued at once. The caller frees `ret`
 * with cs_dc_paging_free(). */
enum cs_status cs_dc_paging_open(struct cs_http *http,
                                 const struct cs_dc_listing *listing,
                                 struct cs_dc_paging **ret,
                                 struct cs_error *err);

/* The rows of the next page, borrowed until the next call. `ret_more` is false
 * after the last page; `ret_rows` is untouched then. */
enum cs_status cs_dc_paging_next(struct cs_dc_paging *paging,
                                 struct cs_json *ret_rows, bool *ret_more,
                                 struct cs_error *err);

/* Hand each row to `row` until there are no more, one fails, or one sets
 * `stop`. A row that is not as it must be is blamed on its answer. */
typedef enum cs_status cs_dc_row_fn(void *payload, const struct cs_json *row,
                                    bool *stop, struct cs_error *err);
enum cs_status cs_dc_paging_each(struct cs_dc_paging *paging, cs_dc_row_fn *row,
                                 void *payload, struct cs_error *err);

/* The HTTP status of the last answer, 0 when there was none; pages handed
 * out. */
long cs_dc_paging_http_status(const struct cs_dc_paging *paging);
unsigned cs_dc_paging_pages(const struct cs_dc_paging *paging);

/* Drop the listing, wherever it is. NULL is legal. */
void cs_dc_paging_free(struct cs_dc_paging *paging);

CS_DEFINE_CLEANUP(struct cs_dc_paging *, cs_dc_paging_cleanup,
                  cs_dc_paging_free);

/* Append where `next` leads below the root: scheme, host and `context` in
 * front of it are left out, the rest stays byte for byte. */
void cs_dc_put_next(const char *context, const char *next,
                    struct cs_strbuf *out);

#endif
