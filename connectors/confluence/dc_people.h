/*
 * dc_people.h - names of the people that documents mention.
 *
 * Answers name most of them beside their key. Who is known by a mention alone
 * is asked for, once a run, before the documents that mention them are handed
 * over. Who is unknown to the site is called by the key.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_DC_PEOPLE_H
#define CS_CONNECTORS_CONFLUENCE_DC_PEOPLE_H

#include "connectors/connector.h"
#include "src/http.h"

struct cs_dc_people;

/* NULL when there is no memory. The caller frees it with cs_dc_people_free().
 */
struct cs_dc_people *cs_dc_people_new(struct cs_http *http);
void cs_dc_people_free(struct cs_dc_people *people);

/* Note that `id` is mentioned, and that they are called `name`. NULL is legal
 * for both. Fails only without memory. */
enum cs_status cs_dc_people_note(struct cs_dc_people *people, const char *id,
                                 const char *name, struct cs_error *err);

/* Hand all that were noted, and not handed over before, to `io->person`. A site
 * that does not tell names (403) is not asked again in this run, and that is no
 * failure. */
enum cs_status cs_dc_people_resolve(struct cs_dc_people *people,
                                    const struct cs_fetch_io *io,
                                    struct cs_error *err);

#endif
