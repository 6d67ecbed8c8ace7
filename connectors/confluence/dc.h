/*
 * dc.h - the client of Confluence Data Center and Server.
 *
 * Its REST API is one, below any path of any host. Complete listings go by the
 * content itself (dc_list.c); the search index, which lags and cuts seconds
 * off, only hints at what changed (dc_changes.c, dc_hints.c), with a day of
 * overlap. Texts are asked for by id, many a request where the search answers
 * and one by one where not (dc_fetch.c). dc_item.c turns rows into records.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_DC_H
#define CS_CONNECTORS_CONFLUENCE_DC_H

#include "connectors/confluence/dc_paging.h"
#include "connectors/confluence/dc_people.h"
#include "connectors/confluence/dc_site.h"
#include "connectors/connector.h"
#include "connectors/idset.h"

/* Servers cut rows with expansions to this many, and rows with texts to that
 * many. */
#define CS_DC_LIST_LIMIT 200
#define CS_DC_BATCH_MAX  50

struct cs_dc {
    const struct cs_source_config *config;
    const struct cs_connector_env *env;
    struct cs_site site;
    struct cs_credential *credential;
    struct cs_http *http;
    struct cs_dc_people *people;
    int64_t skew_ms;     /* of the server's clock against ours */
    unsigned batch_size; /* texts a request at present */
    unsigned batch_max;  /* rows that the server gives at most */
    unsigned refusals;   /* of batches, one after the other */
    bool no_batches;     /* the search does not answer for ids */
};

/* One client for one source. No network yet. */
enum cs_status cs_dc_open(const struct cs_source_config *config,
                          const struct cs_connector_env *env,
                          struct cs_dc **ret, struct cs_error *err);
/* Takes a struct cs_dc; NULL is legal. */
void cs_dc_close(void *self);

/* Ask the root who we are. `ret_cloud` tells that it is a Cloud site that
 * answered, or that nothing of a Data Center is there; the identity is
 * untouched then. One request, to the configured address only. */
enum cs_status cs_dc_ask(struct cs_dc *dc, struct cs_identity *ret_identity,
                         bool *ret_cloud, struct cs_error *err);

/* The slots of the table in dc.c, one a file or a part of one; `self` is the
 * client. See connector.h. */
enum cs_status cs_dc_check(void *self, struct cs_identity *ret_identity,
                           struct cs_error *err);
enum cs_status cs_dc_containers(void *self, const char *only,
                                cs_container_fn *found, void *payload,
                                cs_missing_fn *missing, struct cs_error *err);
enum cs_status cs_dc_list(void *self, const struct cs_container *container,
                          const struct cs_list_out *out, bool *ret_labels,
                          struct cs_error *err);
enum cs_status cs_dc_changes(void *self, const struct cs_container *container,
                             int64_t since, const struct cs_list_out *out,
                             struct cs_error *err);
enum cs_status cs_dc_hints(void *self, const struct cs_container *containers,
                           size_t n, const struct cs_hint_io *io,
                           struct cs_error *err);
enum cs_status cs_dc_probe(void *self, const struct cs_want *wants, size_t n,
                           cs_verdict_fn *verdict, void *payload,
                           struct cs_error *err);
enum cs_status cs_dc_fetch(void *self, const struct cs_container *container,
                           const struct cs_fetch_io *io, struct cs_error *err);
enum cs_status cs_dc_download(void *self, const struct cs_download_io *io,
                              struct cs_error *err);

/* Open a listing of `path`, with `small` as in struct cs_dc_listing, or NULL.
 */
enum cs_status cs_dc_list_open(struct cs_dc *dc, const char *path,
                               const char *small, bool loose,
                               struct cs_dc_paging **ret, struct cs_error *err);
/* The same by cursor. */
enum cs_status cs_dc_scan_open(struct cs_dc *dc, const char *path,
                               struct cs_dc_paging **ret, struct cs_error *err);

/* True for a failure that is about this request alone (4xx but 401, 403 and
 * 429), given the HTTP status of the answer: the server has no such call. */
bool cs_dc_unsupported(long http_status);

/* The time by the server's clock, as far as it is known. */
int64_t cs_dc_now(const struct cs_dc *dc);

/* The hours that a search must look back to find what happened since: rounded
 * up, and a day more. Source: CQL dates are read in a zone that is unknown, and
 * the index lags behind. */
int64_t cs_dc_hours_since(const struct cs_dc *dc, int64_t since);

/* Append the clause for it. */
void cs_dc_put_since(struct cs_strbuf *out, int64_t hours);

/* Append the address of a search; a text quoted as CQL wants it. */
void cs_dc_put_search(struct cs_strbuf *out, const char *cql,
                      const char *expand);
void cs_dc_put_quoted(struct cs_strbuf *out, const char *text);

/* An id that may be text or a number; NULL when there is none. In `arena` where
 * it is a number. */
const char *cs_dc_id(const struct cs_json *row, const char *key,
                     struct cs_arena *arena);

/* "Absolute" address for people of a `webui` link, or NULL. In `arena`. */
const char *cs_dc_web_url(const struct cs_site *site, const struct cs_json *row,
                          struct cs_arena *arena);

#endif
