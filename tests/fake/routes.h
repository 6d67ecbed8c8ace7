/*
 * The table of routes: which paths exist, which parameters each takes, and
 * which handler answers. A new call of the vendor is one row in routes.c and
 * one handler here.
 */
#ifndef FAKE_ROUTES_H
#define FAKE_ROUTES_H

#include "tests/fake/http.h"

#include <stdio.h>

enum fk_rule_type {
    FK_RULE_TEXT,
    FK_RULE_INT,   /* min..max */
    FK_RULE_BOOL,  /* true or false */
    FK_RULE_ENUM,  /* one word of `words` */
    FK_RULE_ENUMS, /* comma-separated or repeated words of `words` */
    FK_RULE_IDS,   /* up to `max` numbers */
    FK_RULE_TEXTS, /* up to `max` texts */
    FK_RULE_CURSOR
};

struct fk_rule {
    const char *name; /* NULL ends the list */
    enum fk_rule_type type;
    const char *words; /* "a|b|c" */
    long min;
    long max;
};

struct fk_route {
    const char *method;
    const char *pattern; /* {id} a number, {att} att + number, {x} anything */
    void (*handler)(struct fk_request *req);
    const struct fk_rule *rules;
    int arg; /* for handlers that serve several routes */
};

extern const struct fk_route fk_route_table[];
extern const size_t fk_route_count;

/* Print the table: method, path, parameter, type, words, min and max,
 * separated by tabs; one line without parameter opens each route. */
void fk_routes_print(FILE *out);

/* spaces.c */
void fk_spaces_list(struct fk_request *req);
void fk_spaces_get(struct fk_request *req);

/* pages.c; arg is the kind */
void fk_pages_list(struct fk_request *req);
void fk_pages_in_space(struct fk_request *req);
void fk_pages_with_label(struct fk_request *req);
void fk_pages_get(struct fk_request *req);
void fk_pages_versions(struct fk_request *req);

/* tree.c; arg is the kind */
void fk_tree_ancestors(struct fk_request *req);
void fk_tree_children(struct fk_request *req);
void fk_tree_descendants(struct fk_request *req);
void fk_tree_node(struct fk_request *req);
void fk_tree_types(struct fk_request *req);

/* labels.c; arg is the kind */
void fk_labels_list(struct fk_request *req);
void fk_labels_of_content(struct fk_request *req);
void fk_labels_of_space(struct fk_request *req);
void fk_labels_of_space_content(struct fk_request *req);

/* attachments.c; arg is the kind */
void fk_attachments_list(struct fk_request *req);
void fk_attachments_of(struct fk_request *req);
void fk_attachments_with_label(struct fk_request *req);
void fk_attachments_labels(struct fk_request *req);
void fk_attachments_get(struct fk_request *req);
void fk_attachments_download(struct fk_request *req);
void fk_attachments_browser(struct fk_request *req);
void fk_attachments_media(struct fk_request *req);

/* Answer 302 to the media port. */
void fk_attachments_redirect(struct fk_request *req,
                             const struct fk_attachment *a);

/* Answer with the bytes of a file, or the range of them asked for. */
void fk_attachments_send(struct fk_request *req, const struct fk_attachment *a);

/* comments.c; arg is 1 for inline comments, + 2 for those of blog posts */
void fk_comments_list(struct fk_request *req);
void fk_comments_of(struct fk_request *req);
void fk_comments_children(struct fk_request *req);
void fk_comments_get(struct fk_request *req);
void fk_comments_of_attachment(struct fk_request *req);

/* people.c */
void fk_people_bulk(struct fk_request *req);
void fk_people_current(struct fk_request *req);
void fk_people_tenant(struct fk_request *req);
void fk_people_user(struct fk_request *req);
void fk_people_users(struct fk_request *req);
void fk_people_system(struct fk_request *req);
void fk_people_resources(struct fk_request *req);

/* shared by handlers: JSON of one version, one label list, one body */
void fk_write_version(struct fk_buf *out, const struct fk_version *version);
void fk_write_label(struct fk_request *req, const struct fk_item *item,
                    const void *ctx);
void fk_write_body(struct fk_buf *out, const struct fk_body *body,
                   const char *format);

/* The include-labels block of one thing: at most 50 labels and their links. */
void fk_write_labels(struct fk_request *req, const uint64_t *labels,
                     size_t count);

/* The content of the path's {id} if it is of this kind and visible; else NULL
 * after a 404 was set. Trashed content is found only when `trashed`. */
struct fk_content *fk_request_content(struct fk_request *req, enum fk_kind kind,
                                      bool trashed);

/* The space of the path's {id}, or NULL after a 404. */
struct fk_space *fk_request_space(struct fk_request *req);

#endif
