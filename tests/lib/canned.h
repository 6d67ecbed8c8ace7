/*
 * canned.h - a server that answers from a table of paths.
 *
 *     static const struct canned_answer answers[] = {
 *         {"/wiki/api/v2/spaces?keys=ENG", "{\"results\":[...]}"},
 *     };
 *
 * The first row with the path and query counts; a row may be used up after
 * some times, so that the next of the same path answers later ones. Everything
 * else is answered with 404.
 */
#ifndef CS_TESTS_LIB_CANNED_H
#define CS_TESTS_LIB_CANNED_H

#include "src/http.h"
#include "tests/lib/fake_clock.h"
#include "tests/lib/http_server.h"

#define CANNED_MAX_ROWS 64
#define CANNED_LOG_SIZE 16384

struct canned_answer {
    const char *uri;  /* path and query; a final '*' stands for any rest */
    const char *body; /* NULL: {} */
    unsigned status;  /* 0: 200 */
    const char *link; /* Link header */
    const char *content_type;
    unsigned times; /* 0: always */
    /* Answered only once something with this text was asked for, or after two
     * seconds; NULL: at once */
    const char *after;
};

struct canned {
    const struct canned_answer *answers;
    size_t n_answers;
    unsigned used[CANNED_MAX_ROWS];
    struct http_server *server;
    struct fake_clock clock;
    char url[64];              /* "http://127.0.0.1:PORT" */
    char base[256];            /* of the client */
    char log[CANNED_LOG_SIZE]; /* "GET /path?query\n", POSTs with body */
    size_t log_len;
};

/* Start the server; the struct must not be moved afterwards. */
void canned_open(struct canned *canned, const struct canned_answer *answers,
                 size_t n_answers);
void canned_close(struct canned *canned);

/* A client for it, without credential. `base_path` is appended to the URL. */
struct cs_http *canned_client(struct canned *canned, const char *base_path);

/* How often `text` stands in the log. */
unsigned canned_count(struct canned *canned, const char *text);

#endif
