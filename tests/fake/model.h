/*
 * What the fake site consists of: spaces, pages, folders, labels,
 * attachments, comments and people, all in memory.
 *
 * Everything that appears in a listing begins with a `struct fk_item`, so one
 * sorted collection (`fk_set`) and one paging routine serve them all. Handlers
 * read under the site's read lock; the control surface changes things under
 * the write lock and calls fk_set_touch().
 */
#ifndef FAKE_MODEL_H
#define FAKE_MODEL_H

#include "tests/fake/buf.h"

#include <pthread.h>
#include <stdatomic.h>

/* The vendor leaves out the position of some pages. */
#define FK_NO_POSITION (-1)

enum fk_kind {
    FK_PAGE,
    FK_BLOGPOST,
    FK_FOLDER,
    FK_WHITEBOARD,
    FK_DATABASE,
    FK_EMBED,
    FK_KINDS
};

enum fk_order {
    FK_BY_ID,
    FK_BY_CREATED,
    FK_BY_MODIFIED,
    FK_BY_TITLE,
    FK_BY_KEY,
    FK_BY_POSITION,
    FK_BY_OWNER,
    FK_ORDERS
};

struct fk_version {
    int number;
    int64_t created; /* ms since 1970 */
    char *author;
    char *message;
    bool minor;
};

/* The head of every listed object. */
struct fk_item {
    uint64_t id;
    uint64_t owner;  /* parent page, commented page, ...; 0 = none */
    int64_t created; /* ms since 1970 */
    char *title;
    char *key;      /* space key; NULL elsewhere */
    char *status;   /* current, archived, trashed, ... */
    int position;   /* FK_NO_POSITION = null */
    bool hidden;    /* no permission: behaves as if absent */
    bool forbidden; /* hidden, and asked for by itself it is a 403 */
    struct fk_version version;
};

struct fk_body {
    char *json; /* the body already escaped for JSON, without quotes */
    size_t len;
};

/* A page's earlier version, kept when the control surface edits it. */
struct fk_old {
    struct fk_old *next;
    struct fk_version version;
    struct fk_body body;
    char *title;
};

struct fk_space {
    struct fk_item item; /* title is the name */
    char *type;
    char *author;
    char *description;
    uint64_t home;
};

struct fk_content {
    struct fk_item item; /* owner is the parent */
    enum fk_kind kind;
    struct fk_space *space;
    struct fk_body body;
    struct fk_old *old;
    char *author;
    char *subtype; /* "live" or NULL */
    char *embed_url;
    uint64_t *labels;
    size_t label_count;
    char *readers; /* "id,id": who alone may read it; NULL = everybody */
    char *reader_groups;
    char *writers; /* the same for editing */
    int poison;    /* 1 = batches with bodies fail, 2 = every batch fails */
    atomic_bool
        stale; /* the next answer with a body shows the version before */
};

struct fk_label {
    struct fk_item item; /* title is the name */
    char *prefix;
};

struct fk_attachment {
    struct fk_item item; /* owner is the page; the id is written att<id> */
    char *media_type;
    char *file_id;
    char *comment;
    char *data;
    size_t size;
    struct fk_attachment *before; /* the version before, or NULL */
};

struct fk_comment {
    struct fk_item item; /* owner is the page, or the parent comment */
    bool is_inline;
    uint64_t content;
    uint64_t parent;
    struct fk_body body;
    char *resolution;
    char *resolver; /* who resolved or reopened it last, or NULL */
    int64_t resolved;
    char *marker;
    char *selection;
};

struct fk_user {
    char *id;
    char *key;      /* Data Center: 32 hex digits */
    char *username; /* Data Center */
    char *name;
    char *email;
    char *status;
    char *zone;
};

struct fk_set {
    struct fk_item **items; /* ascending by id */
    size_t count;
    size_t cap;
    struct fk_item **views[FK_ORDERS]; /* made when first asked for */
};

struct fk_dc;

struct fk_site {
    struct fk_set spaces;
    struct fk_set content;
    struct fk_set labels;
    struct fk_set attachments;
    struct fk_set comments;
    struct fk_user *users;
    size_t user_count;
    char *base;  /* what _links.base says */
    char *media; /* how the media port is called; NULL = by the options */
    char *cloud_id;
    char *account; /* accountId of the caller */
    uint64_t next_id;
    bool any_hidden;
    struct fk_dc *dc; /* how a Data Center behaves; dc.h */
    bool datacenter;
    int offset_minutes; /* of the server's clock, shown by Data Center */
    size_t nested_rows; /* of lists inside a page; 0 = the vendor's */
    atomic_long search_lag_ms;
    pthread_rwlock_t lock;
    pthread_mutex_t view_lock;
};

void fk_site_init(struct fk_site *site);
void fk_site_clear(struct fk_site *site);

/* Put an item into a set, which owns it from now on. The id must be new. */
void fk_set_add(struct fk_set *set, struct fk_item *item);

/* Take an item out and forget it; the caller frees it. */
void fk_set_remove(struct fk_set *set, struct fk_item *item);

/* Drop the sorted views after a change of times, titles or owners. */
void fk_set_touch(struct fk_set *set);

/* Find by id, or NULL. */
struct fk_item *fk_set_find(const struct fk_set *set, uint64_t id);

/* All items ascending in one order, borrowed until the next change. */
struct fk_item **fk_set_view(struct fk_site *site, struct fk_set *set,
                             enum fk_order order);

/* The items with this owner, ascending by id; borrowed likewise. */
struct fk_item **fk_set_owned(struct fk_site *site, struct fk_set *set,
                              uint64_t owner, size_t *ret_count);

/* Compare by an order, ties by id. */
int fk_item_compare(const struct fk_item *a, const struct fk_item *b,
                    enum fk_order order);

/* Typed look-ups; NULL when there is no such thing. */
struct fk_space *fk_site_space(const struct fk_site *site, uint64_t id);
struct fk_space *fk_site_space_by_key(const struct fk_site *site,
                                      const char *key);
struct fk_content *fk_site_content(const struct fk_site *site, uint64_t id);
struct fk_user *fk_site_user(const struct fk_site *site, const char *id);

/* The label of this prefix and name, made when missing. */
struct fk_label *fk_site_label(struct fk_site *site, const char *prefix,
                               const char *name);

/* Add a label to content, or take it away. */
void fk_content_add_label(struct fk_content *c, uint64_t label);
void fk_content_drop_label(struct fk_content *c, uint64_t label);
bool fk_content_has_label(const struct fk_content *c, uint64_t label);

/* Whether the caller may see it: it, its space and its ancestors are not
 * hidden. */
bool fk_content_visible(const struct fk_site *site, const struct fk_content *c);

/* Not in any ordinary listing: trashed, deleted, draft, historical. */
bool fk_status_gone(const char *status);

/* Whether asking for it must answer 403 instead of 404: something on the way
 * up is hidden and forbidden. */
bool fk_content_forbidden(const struct fk_site *site,
                          const struct fk_content *c);

/* The person whose userKey or user name this is (Data Center), or NULL. */
struct fk_user *fk_site_person(const struct fk_site *site, const char *name);

/* Make up the user names and keys that the site does not give. */
void fk_site_name_users(struct fk_site *site);

/* Names of kinds as the vendor writes them, both ways. */
const char *fk_kind_name(enum fk_kind kind);
bool fk_kind_parse(const char *name, enum fk_kind *ret_kind);

/* Replace a body by this storage text. */
void fk_body_set(struct fk_body *body, const char *text, size_t n);

/* Free an item of the given set type with all it owns. */
void fk_space_free(struct fk_space *s);
void fk_content_free(struct fk_content *c);
void fk_attachment_free(struct fk_attachment *a);
void fk_comment_free(struct fk_comment *c);

/* An id nobody has used yet. */
uint64_t fk_site_new_id(struct fk_site *site);

#endif
