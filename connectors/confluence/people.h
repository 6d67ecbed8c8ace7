/*
 * people.h - names of the people that documents mention.
 *
 * Documents know people by account id. Each unknown id is asked for once a run,
 * in bulk, before the documents that mention it are handed over. Who has left
 * keeps the name; who has none is called by the id.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_PEOPLE_H
#define CS_CONNECTORS_CONFLUENCE_PEOPLE_H

#include "connectors/connector.h"
#include "src/http.h"

struct cs_people;

/* NULL when there is no memory. The caller frees it with cs_people_free(). */
struct cs_people *cs_people_new(struct cs_http *http);
void cs_people_free(struct cs_people *people);

/* Note that `id` (NULL is legal) is mentioned. Fails only without memory. */
enum cs_status cs_people_note(struct cs_people *people, const char *id,
                              struct cs_error *err);

/* Ask for all that were noted and not asked for before, and hand them to
 * `io->person`. A site that does not tell names (4xx) is not asked again in
 * this run, and that is no failure. */
enum cs_status cs_people_resolve(struct cs_people *people,
                                 const struct cs_fetch_io *io,
                                 struct cs_error *err);

#endif
