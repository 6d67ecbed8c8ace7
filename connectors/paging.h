/*
 * paging.h - a listing of many answers as one iterator.
 *
 *     cs_paging_open(&site, path, 0, &paging, err);
 *     while (!(status = cs_paging_next(paging, &rows, &more, err)) && more)
 *         for each row of `rows` ...
 *     cs_paging_free(paging);
 *
 * An answer is {"results": [...], "_links": {"next": "..."}}; the next address
 * may come in a Link header instead. Rules that cost others data:
 *
 *   - a listing ends when there is no next address, never at a short or empty
 *     page; an error is an error and never an empty list
 *   - path and query of the next address go back byte for byte, below the
 *     configured address: the host in it may be another one
 *   - a next address that was seen before ends the listing as an error
 *
 *   - a server that chokes on a page (500, 502, 504) is asked for half of it
 *     from the same cursor, down to one row; where it takes no cursor with
 *     another limit the listing starts anew, so rows may come twice
 *
 * While the caller works on one page the next one is under way.
 */
#ifndef CS_CONNECTORS_PAGING_H
#define CS_CONNECTORS_PAGING_H

#include "connectors/answer.h"

struct cs_paging;

/* Where next addresses are followed; borrowed. */
struct cs_paging_site {
    struct cs_http *http;
    const char *base_path; /* path of the client's base URL, "" for none */
    const char *context;   /* that every path begins with: "/wiki" */
};

/* Start a listing at `path`. The first request is queued at once, so several
 * listings that are opened together run together. With `max_attempts` the limit
 * is left alone. The caller frees `ret` with cs_paging_free(). */
enum cs_status cs_paging_open(const struct cs_paging_site *site,
                              const char *path, unsigned max_attempts,
                              struct cs_paging **ret, struct cs_error *err);

/* The rows of the next page; `ret_more` is false after the last page, and
 * `ret_rows` is untouched then. Rows are borrowed until the next call, or with
 * cs_paging_keep() until the paging is freed. */
enum cs_status cs_paging_next(struct cs_paging *paging,
                              struct cs_json *ret_rows, bool *ret_more,
                              struct cs_error *err);
void cs_paging_keep(struct cs_paging *paging);

/* Ask for a page only when it is wanted: for listings that are left early. */
void cs_paging_lazy(struct cs_paging *paging);

/* Hand each row of each page to `fn`, until there are no more, one fails, or
 * one sets `stop`. A row that is not as it must be is blamed on its answer. */
typedef enum cs_status cs_paging_row_fn(void *payload,
                                        const struct cs_json *row, bool *stop,
                                        struct cs_error *err);
enum cs_status cs_paging_each(struct cs_paging *paging, cs_paging_row_fn *fn,
                              void *payload, struct cs_error *err);

/* The HTTP status of the last answer, 0 when there was none; the bytes of all
 * answers so far. */
long cs_paging_http_status(const struct cs_paging *paging);
size_t cs_paging_size(const struct cs_paging *paging);

/* As cs_answer_blame(), for a row of the page handed out last. */
enum cs_status cs_paging_blame(const struct cs_paging *paging,
                               enum cs_status status, struct cs_error *err);

/* Drop the listing, wherever it is. NULL is legal. */
void cs_paging_free(struct cs_paging *paging);

CS_DEFINE_CLEANUP(struct cs_paging *, cs_paging_cleanup, cs_paging_free);

/* The target of the first rel="next" in a Link header (RFC 8288), appended to
 * `out`. False when there is none. */
bool cs_paging_link_next(const char *link, struct cs_strbuf *out);

#endif
