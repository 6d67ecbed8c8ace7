/*
 * address.h - references as addresses that a browser opens.
 *
 * A reference whose target is not mirrored (another space, an attachment that
 * was not fetched) still leads somewhere: to the site itself.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_ADDRESS_H
#define CS_CONNECTORS_CONFLUENCE_ADDRESS_H

#include "src/arena.h"
#include "src/body.h"

/* The page that references are written on. */
struct cs_address_page {
    const char *wiki;  /* "https://acme.atlassian.net/wiki" */
    const char *space; /* key */
    const char *id;
};

/* The address of `ref` on `page`, without anchor, in the arena. NULL when there
 * is none (an anchor of the same page), or no memory (sticky in the arena). */
const char *cs_address_of(struct cs_arena *arena,
                          const struct cs_address_page *page,
                          const struct cs_ref *ref);

/* Give each place of `body` that has no address the one it has on `page`; the
 * places are copied into the arena. */
enum cs_status cs_address_body(struct cs_arena *arena,
                               const struct cs_address_page *page,
                               struct cs_body *body, struct cs_error *err);

#endif
