/*
 * connector.h - what a connector is.
 *
 * One vtable a source type, one line each in registry.c. A connector knows its
 * vendor's API and its format; it knows nothing of files, of the index, or of
 * what the mirror already holds. The engine (engine.h) asks it for containers
 * and listings, decides with the sink what must be fetched, and has it fetched.
 *
 * How to add one: docs/HACKING.md, "Add a connector".
 */
#ifndef CS_CONNECTORS_CONNECTOR_H
#define CS_CONNECTORS_CONNECTOR_H

#include "src/clock.h"
#include "src/config.h"
#include "src/http.h"
#include "src/sink.h"

#include <signal.h>

/* What the process gives a connector; borrowed for its life. */
struct cs_connector_env {
    const struct cs_clock *clock;
    const volatile sig_atomic_t *cancel; /* not 0: stop soon; may be NULL */
    const char *ca_file;                 /* --cacert; wins over the source's */
    bool patient; /* nobody waits: the network may need a minute to be there */
    /* Told when requests must wait, for whoever watches; may be NULL. */
    void (*paused)(void *payload, const struct cs_http_pause *pause);
    void *payload;
};

/* Who the credential belongs to, as the site tells it. */
struct cs_identity {
    char name[256];
    char id[256];
    int64_t site_ms; /* the site's clock as it answered; 0: it did not say */
};

/* What to ask a person for who wants to add a site, and where it is had. */
struct cs_site_guide {
    char url[1024];          /* the site's address as it is best configured */
    char root[1024];         /* below which `proof` lies */
    const char *proof;       /* a path that every such site answers to anybody;
                              * NULL: there is none */
    const char *title;       /* what it is: "Confluence Cloud" */
    const char *account;     /* a question: "Your e-mail address there" */
    bool account_needed;     /* or the token is enough by itself */
    const char *token;       /* what it is called: "API token" */
    char token_url[1024];    /* the page on which it is made */
    const char *token_steps; /* a line: what to do there */
};

/* The engine's side of a listing; each returns CS_OK or the failure with
 * which the connector must end its call. Labels come behind their item. */
struct cs_list_out {
    enum cs_status (*item)(void *payload, const struct cs_item *item,
                           struct cs_error *err);
    enum cs_status (*label)(void *payload, const char *item_id,
                            const char *label, struct cs_error *err);
    void *payload;
    bool labels; /* labels are wanted even where they cost requests */
};

/* The engine's side of hints: src/sink.h says what each means. Cursors are
 * kept from run to run, together with the hints given before they were set. */
struct cs_hint_io {
    enum cs_status (*hint)(void *payload, const char *item_id, unsigned aspects,
                           struct cs_error *err);
    enum cs_status (*suspect)(void *payload, const char *item_id,
                              struct cs_error *err);
    enum cs_status (*cursor)(void *payload, const char *name,
                             struct cs_arena *arena, const char **ret_text,
                             struct cs_error *err);
    enum cs_status (*set_cursor)(void *payload, const char *name,
                                 const char *text, struct cs_error *err);
    void *payload;
    unsigned aspects;   /* those that are wanted at all */
    uint64_t documents; /* held in all containers: how much is at stake */
};

/* The engine's side of fetching. */
struct cs_fetch_io {
    /* The next wants, at most `max`; fewer mean that these are the last. They
     * live in `arena`. */
    enum cs_status (*next)(void *payload, struct cs_arena *arena, size_t max,
                           struct cs_want *ret_wants, size_t *ret_n,
                           struct cs_error *err);
    enum cs_status (*person)(void *payload, const struct cs_person *person,
                             struct cs_error *err);
    enum cs_status (*document)(void *payload, const struct cs_document *doc,
                               struct cs_error *err);
    /* This one could not be had, for this reason; go on with the others. */
    enum cs_status (*failed)(void *payload, const char *id,
                             const struct cs_error *why, struct cs_error *err);
    /* A part of all documents cannot be had, such as "comments"; told once a
     * run. May be NULL. */
    void (*lacking)(void *payload, const char *part,
                    const struct cs_error *why);
    void *payload;
};

/* The engine's side of downloads. Every want ends in `end` or `failed`. */
struct cs_download_io {
    enum cs_status (*next)(void *payload, struct cs_arena *arena, size_t max,
                           struct cs_file_want *ret_wants, size_t *ret_n,
                           struct cs_error *err);
    enum cs_status (*write)(void *payload, const char *id, int64_t at,
                            const void *data, size_t len, struct cs_error *err);
    enum cs_status (*end)(void *payload, const char *id, int64_t size,
                          struct cs_error *err);
    enum cs_status (*failed)(void *payload, const char *id,
                             const struct cs_error *why, struct cs_error *err);
    void *payload;
};

typedef enum cs_status cs_person_fn(void *payload,
                                    const struct cs_person *person,
                                    struct cs_error *err);

typedef enum cs_status cs_verdict_fn(void *payload, const char *item_id,
                                     const struct cs_verdict *verdict,
                                     struct cs_error *err);

typedef enum cs_status cs_container_fn(void *payload,
                                       const struct cs_container *container,
                                       struct cs_error *err);

/* A text to be converted again, without the network. */
struct cs_convert_request {
    const char *base_url;      /* of the site, as `site` gave it */
    const char *container_key; /* of its space */
    const char *id;            /* of the document */
    const char *format;        /* as in cs_document.source_format */
    const char *text;
    size_t len;
};

/* A container that was configured by name and is not there. */
typedef void cs_missing_fn(void *payload, const char *key,
                           const struct cs_error *why);

struct cs_connector {
    const char *type;   /* in the configuration: "confluence" */
    const char *title;  /* for people: "Confluence" */
    const char *noun;   /* what people call a container: "space" */
    unsigned aspects;   /* what it can tell of a document: enum cs_aspect */
    unsigned list_rows; /* about so many items come in a request of `list` */

    /* May. What to ask for, given what a person pasted: the address of a site,
     * or of anything on it. No network. CS_ERR_CONFIG when it is no address.
     * NULL slot: cs setup cannot add such a source. */
    enum cs_status (*guide)(const char *pasted, enum cs_deployment deployment,
                            struct cs_site_guide *ret, struct cs_error *err);

    /* Must. Check the configuration and make an instance; no network yet.
     * CS_ERR_CONFIG. Both pointers stay valid until close. */
    enum cs_status (*open)(const struct cs_source_config *config,
                           const struct cs_connector_env *env, void **ret_self,
                           struct cs_error *err);
    /* Must. Frees what open made. NULL is legal. */
    void (*close)(void *self);

    /* May. The site's address in its one normal form, by which the store tells
     * whether a source still means the same site. NULL slot: as configured.
     * Borrowed until close. */
    const char *(*site)(void *self);

    /* Must. Ask the site who we are: proves address and credential. */
    enum cs_status (*check)(void *self, struct cs_identity *ret_identity,
                            struct cs_error *err);

    /* Must. Hand over every configured container that exists and can be read;
     * one that was configured by name and is not there is told to `missing`,
     * and the others go on. `only` (may be NULL) limits it to one key. */
    enum cs_status (*containers)(void *self, const char *only,
                                 cs_container_fn *found, void *payload,
                                 cs_missing_fn *missing, struct cs_error *err);

    /* Must. List every item of a container. CS_OK means that the listing was
     * complete; anything else that it must count for nothing. `*ret_labels`
     * says whether all labels were told as well; where not, each document
     * brings its own. */
    enum cs_status (*list)(void *self, const struct cs_container *container,
                           const struct cs_list_out *out, bool *ret_labels,
                           struct cs_error *err);

    /* May. Tell every item of a container that was changed at or after
     * `since` (the site's time), and, at no price, others. CS_OK means that
     * none was left out. Labels are not told. NULL slot: containers are listed
     * completely each time. */
    enum cs_status (*changes)(void *self, const struct cs_container *container,
                              int64_t since, const struct cs_list_out *out,
                              struct cs_error *err);

    /* May. Tell what may have changed without a new version: aspects of items,
     * items that went to the trash. Cheap: a few requests when nothing did.
     * `containers` are those that were found and listed in this run; hints for
     * others are welcome. A cursor that is NULL means: from the start, and if
     * that costs more than asking for each of `io->documents`, a hint without
     * an id. A failure is told to the user, and the run goes on. */
    enum cs_status (*hints)(void *self, const struct cs_container *containers,
                            size_t n, const struct cs_hint_io *io,
                            struct cs_error *err);

    /* Must. Ask for each of these by itself, and tell a verdict for each. */
    enum cs_status (*probe)(void *self, const struct cs_want *wants, size_t n,
                            cs_verdict_fn *verdict, void *payload,
                            struct cs_error *err);

    /* Must. Fetch and convert all that `io->next` hands out, in any order,
     * many at a time: of each the aspects that are wanted. Every want ends in
     * one call of `document` or `failed`. A failure returned here is the
     * source's: credential, network, cancel. */
    enum cs_status (*fetch)(void *self, const struct cs_container *container,
                            const struct cs_fetch_io *io, struct cs_error *err);

    /* May. What these people are called now; of those that cannot be asked
     * for nothing is said. NULL slot: names do not change. */
    enum cs_status (*names)(void *self, const char *const *ids, size_t n,
                            cs_person_fn *person, void *payload,
                            struct cs_error *err);

    /* May. Fetch the bytes of attachments. NULL slot: there are none. */
    enum cs_status (*download)(void *self, const struct cs_download_io *io,
                               struct cs_error *err);

    /* May. Convert a text that was fetched earlier; the body lives in
     * `arena`. CS_ERR_PARSE for a format that this connector never used. */
    enum cs_status (*convert)(const struct cs_convert_request *request,
                              struct cs_arena *arena, struct cs_body *ret_body,
                              struct cs_conversion_note *ret_note,
                              struct cs_error *err);
};

#endif
