/*
 * The Data Center flavour: the same site behind `/rest/api`, with its own
 * paging (`start`, `limit`, silent caps, cursors of scan), its own people and
 * its own ways to refuse.
 */
#ifndef FAKE_DC_H
#define FAKE_DC_H

#include "tests/fake/rest.h"

enum fk_dc_next {
    FK_DC_RELATIVE, /* /rest/api/... */
    FK_DC_ABSOLUTE, /* https://host/context/rest/api/... */
    FK_DC_CONTEXT   /* /context/rest/api/... */
};

/* How this Data Center behaves; set by the options and by orders. */
struct fk_dc {
    const char *context;  /* "" or "/confluence" */
    double version;       /* 8.05 is 8.5: major + minor / 100 */
    enum fk_dc_next next; /* how next links are written */
    bool exact_step;      /* next steps by the rows given, not asked for */
    bool scan_next_full;  /* next of scan repeats the filters */
    bool no_scan;
    bool media_redirect; /* downloads are on another host */
    bool no_admin;       /* the caller may not list the trash */
    long cap_body;       /* rows with bodies, with expansions, without */
    long cap_expand;
    long cap_plain;
    long lock_after; /* failed logins until the CAPTCHA; 0 = never */
    atomic_long failed_logins;
};

extern const struct fk_route fk_dc_routes[];
extern const size_t fk_dc_route_count;

/* One answer of a listing by start and limit. Hits that the caller may not
 * see are left out after the cut. */
void fk_dc_list(struct fk_request *req, const struct fk_hit *hits, size_t count,
                long default_limit);

/* The same by the cursor of scan ("content:false:360456"); hits by id. */
void fk_dc_scan(struct fk_request *req, const struct fk_hit *hits,
                size_t count);

/* A list of things that are no content: whatever `write` makes of item i. */
void fk_dc_rows(struct fk_request *req, size_t count, long default_limit,
                void (*write)(struct fk_request *req, size_t i,
                              const void *ctx),
                const void *ctx);

/* Answer with an error made of what the writers left in the status. */
bool fk_dc_failed(struct fk_request *req);

/* Storage of Cloud names people by account id; here it is the userKey. */
void fk_dc_localise(const struct fk_site *site, struct fk_body *body);

/* Replace a body by this storage text, in the site's flavour. */
void fk_dc_set_body(const struct fk_site *site, struct fk_body *body,
                    const char *text);

/* Whether the credential of the request is good; else the answer is set. */
bool fk_dc_authorized(struct fk_request *req, bool basic, bool basic_fits,
                      bool bearer_fits);

/* dc_content.c; arg is the kind of child */
void fk_dc_content_list(struct fk_request *req);
void fk_dc_content_scan(struct fk_request *req);
void fk_dc_content_get(struct fk_request *req);
void fk_dc_content_search(struct fk_request *req);
void fk_dc_content_labels(struct fk_request *req);
void fk_dc_comments(struct fk_request *req);
void fk_dc_files(struct fk_request *req);
void fk_dc_child_pages(struct fk_request *req);

/* dc_site.c */
void fk_dc_spaces(struct fk_request *req);
void fk_dc_space(struct fk_request *req);
void fk_dc_space_content(struct fk_request *req);
void fk_dc_trash(struct fk_request *req);
void fk_dc_user(struct fk_request *req);
void fk_dc_users(struct fk_request *req);
void fk_dc_current_user(struct fk_request *req);
void fk_dc_information(struct fk_request *req);
void fk_dc_access_mode(struct fk_request *req);
void fk_dc_download(struct fk_request *req);
void fk_dc_unlock(struct fk_request *req);

#endif
