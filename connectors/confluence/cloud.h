/*
 * cloud.h - the client of Confluence Cloud's REST API, version 2.
 *
 * Listings bring ids and versions without texts (cloud_list.c); labels come
 * per label, not per page, while that is the cheaper way (cloud_labels.c);
 * texts are asked for by id, many ids a request and many requests in flight
 * (cloud_fetch.c, cloud_batch.c). cloud_item.c turns rows into records. What
 * changed comes from listings by time (cloud_changes.c, cloud_hints.c), and
 * what seems to be gone is asked for by itself (cloud_probe.c).
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLOUD_H
#define CS_CONNECTORS_CONFLUENCE_CLOUD_H

#include "connectors/confluence/people.h"
#include "connectors/confluence/site.h"
#include "connectors/connector.h"
#include "connectors/idset.h"
#include "connectors/paging.h"

#define CS_CLOUD_BATCH_MAX 50

/* A label as /labels lists it. */
struct cs_cloud_label {
    const char *id;
    const char *name; /* with "prefix:" in front where it is not global */
};

/* Global labels of the whole site, asked for at most once a run. */
enum cs_site_labels {
    CS_SITE_LABELS_UNKNOWN,
    CS_SITE_LABELS_KNOWN,
    CS_SITE_LABELS_NONE /* refused, or too many to be of use */
};

struct cs_cloud {
    const struct cs_source_config *config;
    const struct cs_connector_env *env;
    struct cs_site site;
    struct cs_credential *credential;
    struct cs_http *http;
    struct cs_paging_site paging; /* how next addresses are followed */
    struct cs_people *people;
    unsigned batch_size;  /* texts per request at present */
    bool rooted;          /* the credential was good at this root */
    unsigned no_scope;    /* aspects that the credential may not read */
    unsigned told_scope;  /* those that the user was told */
    struct cs_arena *run; /* what lives as long as the client */
    enum cs_site_labels site_labels_state;
    struct cs_cloud_label *site_labels;
    size_t n_site_labels;
    struct cs_idset closed, open; /* ancestors, by who may read them */
};

/* One client for one source. No network yet. */
enum cs_status cs_cloud_open(const struct cs_source_config *config,
                             const struct cs_connector_env *env,
                             struct cs_cloud **ret, struct cs_error *err);
/* Takes a struct cs_cloud; NULL is legal. */
void cs_cloud_close(void *self);

/* A client for any root, with or without the credential; and the one that all
 * requests use, for what cloud->site says is the root. */
enum cs_status cs_cloud_http(const struct cs_cloud *cloud, const char *base_url,
                             const struct cs_credential *credential,
                             struct cs_http **ret, struct cs_error *err);
enum cs_status cs_cloud_connect(struct cs_cloud *cloud, struct cs_error *err);

/* The slots of the table in cloud.c, one a file or a part of one; `self` is the
 * client. See connector.h. */
enum cs_status cs_cloud_check(void *self, struct cs_identity *ret_identity,
                              struct cs_error *err);
enum cs_status cs_cloud_containers(void *self, const char *only,
                                   cs_container_fn *found, void *payload,
                                   cs_missing_fn *missing,
                                   struct cs_error *err);
enum cs_status cs_cloud_list(void *self, const struct cs_container *container,
                             const struct cs_list_out *out, bool *ret_labels,
                             struct cs_error *err);
enum cs_status cs_cloud_changes(void *self,
                                const struct cs_container *container,
                                int64_t since, const struct cs_list_out *out,
                                struct cs_error *err);
enum cs_status cs_cloud_hints(void *self, const struct cs_container *containers,
                              size_t n, const struct cs_hint_io *io,
                              struct cs_error *err);
enum cs_status cs_cloud_probe(void *self, const struct cs_want *wants, size_t n,
                              cs_verdict_fn *verdict, void *payload,
                              struct cs_error *err);
enum cs_status cs_cloud_fetch(void *self, const struct cs_container *container,
                              const struct cs_fetch_io *io,
                              struct cs_error *err);
enum cs_status cs_cloud_download(void *self, const struct cs_download_io *io,
                                 struct cs_error *err);

/* Turn one row of /pages or /blogposts, or the answer of /folders/{id}, into
 * an item. Strings are borrowed from the row or made in `arena`. `ret_skip`
 * tells that its status is none we mirror (a draft, something in the trash).
 * CS_ERR_PARSE for a row that is not as it must be. */
enum cs_status cs_cloud_item(const struct cs_site *site,
                             const struct cs_json *row, enum cs_item_kind kind,
                             struct cs_arena *arena, struct cs_item *ret,
                             bool *ret_skip, struct cs_error *err);

/* The kinds of parents that have no text, by the word in parentType; the name
 * of the collection to ask ("folders"), or NULL for pages and what is unknown.
 */
const char *cs_cloud_parent_collection(const char *parent_type,
                                       enum cs_item_kind *ret_kind);

/* The collection of a kind ("pages"); true for pages and blog posts, which are
 * listed and have a text of their own. */
const char *cs_cloud_collection(enum cs_item_kind kind);
bool cs_cloud_has_text(enum cs_item_kind kind);

/* A time as text; folders have it as milliseconds since 1970. Unreadable times
 * are unknown times: 0. */
int64_t cs_cloud_time(const struct cs_json *row, const char *key);

/* The time of the version in a row, 0 unknown. */
int64_t cs_cloud_version_time(const struct cs_json *row);

/* "Absolute" address for people of a `webui` link, or NULL. In `arena`. */
const char *cs_cloud_web_url(const struct cs_site *site,
                             const struct cs_json *row, struct cs_arena *arena);

/* What a listing has seen; folders not counted. The ids of archived pages are
 * kept only where labels are wanted. */
struct cs_cloud_listed {
    struct cs_idset ids;
    size_t n_pages, n_blog_posts;
    const char **archived;
    size_t n_archived, cap_archived;
};

/* Labels of everything in a container, told to `out` for the ids in `listed`.
 * `*ret_all` is false when each document had better bring its own: there are
 * too many labels for this way, or the site refuses it. */
enum cs_status cs_cloud_list_labels(struct cs_cloud *cloud,
                                    const struct cs_container *container,
                                    const struct cs_cloud_listed *listed,
                                    const struct cs_list_out *out,
                                    bool *ret_all, struct cs_error *err);

/* Read the labels of one listing of labels, to its end, into an array in
 * `arena`; at most `max`, more give `*ret_too_many`. */
enum cs_status cs_cloud_read_labels(struct cs_paging *paging, size_t max,
                                    struct cs_arena *arena,
                                    struct cs_cloud_label **ret, size_t *ret_n,
                                    bool *ret_too_many, struct cs_error *err);

/* True for a failure that is about this request alone (4xx but 429), given
 * the HTTP status of the answer. */
bool cs_cloud_refused(long http_status);

#endif
