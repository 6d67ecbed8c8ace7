/*
 * cloud_parents.h - what no listing shows: folders, whiteboards, databases and
 * embeds.
 *
 * Pages may hang below them. They are known as the parent of something, or from
 * a search (folders that hold nothing are left out), and are asked for with one
 * call each, once a listing. One that can not be read is left out, and what
 * hangs below it hangs at the top of the space.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLOUD_PARENTS_H
#define CS_CONNECTORS_CONFLUENCE_CLOUD_PARENTS_H

#include "connectors/confluence/cloud.h"

struct cs_cloud_parents {
    struct cs_cloud *cloud;
    struct cs_idset asked;  /* every parent without text met so far */
    struct cs_idset broken; /* of those, the ones that can not be read */
};

void cs_cloud_parents_init(struct cs_cloud_parents *parents,
                           struct cs_cloud *cloud);
void cs_cloud_parents_clear(struct cs_cloud_parents *parents);

/* Climb from the parents of the first `n` of `rows` to those already known, and
 * tell `out` what is new. */
enum cs_status cs_cloud_parents_climb(struct cs_cloud_parents *parents,
                                      const struct cs_json *rows, size_t n,
                                      const struct cs_list_out *out,
                                      struct cs_error *err);

/* Search for whiteboards, databases and embeds in a space, and tell those that
 * are new with all above them. A search that is refused or fails finds nothing,
 * and is no failure. */
enum cs_status cs_cloud_parents_search(struct cs_cloud_parents *parents,
                                       const char *space_key,
                                       const struct cs_list_out *out,
                                       struct cs_error *err);

/* The parent as it may be told: `id`, or NULL for one that is broken. */
const char *cs_cloud_parents_known(const struct cs_cloud_parents *parents,
                                   const char *id);

#endif
