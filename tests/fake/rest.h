/*
 * Content as the older REST interface writes it (`/rest/api`): with
 * expansions, `start` and `limit`, and people in full. Cloud still has its
 * search in this shape; a Data Center has nothing else.
 */
#ifndef FAKE_REST_H
#define FAKE_REST_H

#include "tests/fake/cql.h"
#include "tests/fake/routes.h"

/* Whether `name` or something below it is among the expansions asked for;
 * `fallback` holds when there is no such parameter. */
bool fk_rest_expands(const struct fk_request *req, const char *fallback,
                     const char *name);

/* Whether any body is expanded. */
bool fk_rest_expands_body(const struct fk_request *req);

/* Write one thing. `fallback` as above; "none" writes it without anything
 * expanded, as inside another answer. Sets the status to 500 for poisoned
 * content, and on a Data Center to 404 when an expanded ancestor is a draft. */
void fk_rest_content(struct fk_request *req, const struct fk_hit *hit,
                     const char *fallback);

/* Write a time under a key: UTC on Cloud, with an offset on a Data Center. */
void fk_rest_time(struct fk_request *req, const char *key, int64_t ms);

/* Write the person with this account id as a value. */
void fk_rest_person(struct fk_request *req, const char *id);

/* Write a version under a key. */
void fk_rest_version(struct fk_request *req, const char *key,
                     const struct fk_version *v);

/* Write a space as a value. */
void fk_rest_space(struct fk_request *req, const struct fk_space *s,
                   const char *fallback);

/* Write `"_links":{"self":...}` for a path below the base. */
void fk_rest_self(struct fk_request *req, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The part of nested lists (labels and files inside a page) that is shown. */
#define FK_NESTED_LABELS 200
#define FK_NESTED_ROWS   25

/* The parent as a Data Center sees it: the nearest page above. */
const struct fk_content *fk_rest_parent(const struct fk_site *site,
                                        const struct fk_content *c);

/* Where a file is fetched from, below the base. */
void fk_write_download_path(struct fk_buf *out, const struct fk_item *file);

/* The search of Cloud, and restrictions, in both flavours. */
void fk_rest_search(struct fk_request *req);
void fk_rest_content_search(struct fk_request *req);
void fk_rest_restrictions(struct fk_request *req);
void fk_rest_restriction(struct fk_request *req);
void fk_rest_view_restrictions(struct fk_request *req);

#endif
