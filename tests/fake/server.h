/*
 * The server as a whole: its options, its faults, its counters and its life.
 */
#ifndef FAKE_SERVER_H
#define FAKE_SERVER_H

#include "tests/fake/http.h"

#include <stdio.h>

struct fk_options {
    const char *site_dir;
    const char *pages_dir;
    const char *space_key;
    const char *base;
    const char *user;
    const char *token;
    const char *bearer;
    const char *port_file;
    const char *media_url;   /* how the media port is called; NULL = itself */
    const char *flavour;     /* cloud or datacenter */
    const char *context;     /* of a Data Center: "" or "/confluence" */
    const char *dc_version;  /* "8.5" */
    const char *next;        /* relative, absolute or context */
    const char *server_zone; /* "+02:00" */
    long cap_body;
    long cap_expand;
    long cap_plain;
    long nested_rows;
    long lock_after;
    bool exact_step;
    bool scan_next_full;
    bool no_scan;
    bool no_admin;
    const char *zone; /* of the account; NULL = as the site says */
    const char *access_log;
    long generate;
    long seed;
    long files; /* to a hundred generated pages */
    long comments;
    long port;
    long delay_ms;
    long max_page;
    long threads;
    long search_lag_ms;
    bool split_gateway; /* the gateway is on its own port only */
    bool scoped;        /* the token works only by the gateway */
    bool no_empty;
    bool no_gzip;
    bool quiet;
    bool until_stdin_eof;
    bool list_routes;
};

/* Read the command line into `o`, which holds the defaults; false when it
 * makes no sense. */
bool fk_options_parse(struct fk_options *o, int argc, char **argv);
void fk_options_usage(FILE *out);

struct fk_faults;
struct fk_records;
struct fk_waits;

/* Start both listeners (API and media). On failure prints why and returns
 * NULL. The server borrows options and site. */
struct fk_server *fk_server_start(const struct fk_options *options,
                                  struct fk_site *site);

/* Stop listening, let go of waiting connections and free everything. */
void fk_server_stop(struct fk_server *server);

/* Stop listening, and break off what is under way: what is served stays. */
void fk_server_down(struct fk_server *server);
/* Listen again on the same ports; false when one of them is taken. */
bool fk_server_up(struct fk_server *server);

const struct fk_options *fk_server_options(const struct fk_server *server);
unsigned fk_server_port(const struct fk_server *server);
unsigned fk_server_media_port(const struct fk_server *server);
unsigned fk_server_gateway_port(const struct fk_server *server);
/* The context path of a Data Center, or "". */
const char *fk_server_context(const struct fk_server *server);

struct fk_waits *fk_server_waits(struct fk_server *server);
struct fk_records *fk_server_records(struct fk_server *server);
struct fk_faults *fk_server_faults(struct fk_server *server);

/* Resume `connection` after some milliseconds; it must be suspended. */
void fk_waits_add(struct fk_waits *waits, struct MHD_Connection *connection,
                  long ms);
struct fk_waits *fk_waits_new(void);

/* Resume all that wait and end the thread. */
void fk_waits_free(struct fk_waits *waits);

/* What the media port was sent, headers and all: the last few hundred. */
struct fk_records *fk_records_new(void);
void fk_records_free(struct fk_records *records);
void fk_records_add(struct fk_records *records,
                    struct MHD_Connection *connection, const char *method,
                    const char *uri);
void fk_records_get(struct fk_request *req);
void fk_records_reset(struct fk_request *req);

/* Faults: what the next requests shall suffer instead of a good answer. */
enum fk_fault_kind {
    FK_FAULT_NONE,
    FK_FAULT_STATUS, /* these four answer instead of the handler */
    FK_FAULT_RATE,
    FK_FAULT_LOGIN,
    FK_FAULT_REDIRECT,
    FK_FAULT_RESET,
    FK_FAULT_TRUNCATE, /* these change how the answer is sent */
    FK_FAULT_CUT_CHUNKED,
    FK_FAULT_SLOW,
    FK_FAULT_HANG,
    FK_FAULT_DELAY,
    FK_FAULT_REPEAT, /* these change what a listing says */
    FK_FAULT_END,
    FK_FAULT_MISSING,
    FK_FAULT_EMPTY
};

struct fk_faults *fk_faults_new(void);
void fk_faults_free(struct fk_faults *faults);

/* The fault that applies to this request; its count goes down by one. For
 * those that answer, the answer is already set. `ret_ms` is how long to hang
 * or delay. */
enum fk_fault_kind fk_faults_take(struct fk_faults *faults,
                                  struct fk_request *req, long *ret_ms);

/* POST /_control/fault, DELETE-like clearing, and the state of them. */
void fk_faults_post(struct fk_request *req);
void fk_faults_reset(struct fk_request *req);
void fk_faults_get(struct fk_request *req);

/* Answer by the table of routes: authorization, parameters, handler. */
void fk_routes_dispatch(struct fk_request *req);

/* Anything below /_control/. */
void fk_control_dispatch(struct fk_request *req);

/* The requests counted so far by route, as members of an open JSON object. */
void fk_routes_counters(const struct fk_site *site, struct fk_buf *out);
void fk_routes_counters_reset(void);

/* Filling the site. Each prints its complaint and returns false on failure. */
bool fk_site_load(struct fk_site *site, const char *dir);
bool fk_site_load_pages(struct fk_site *site, const char *dir, const char *key);
void fk_site_generate(struct fk_site *site, const struct fk_options *o);

#endif
