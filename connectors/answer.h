/*
 * answer.h - a JSON answer that was asked for and may not be there yet.
 *
 *     cs_answer_ask(http, &request, &answer, err);    many of these
 *     cs_answer_wait(answer, &root, err);             then one after the other
 *     cs_answer_free(answer);
 *
 * All that were asked for are under way together; waiting for one moves the
 * others too. So code that reads as if it asked in turn keeps many requests in
 * flight.
 */
#ifndef CS_CONNECTORS_ANSWER_H
#define CS_CONNECTORS_ANSWER_H

#include "src/http.h"
#include "src/json.h"

struct cs_answer;

struct cs_answer_request {
    const char *path;      /* below the client's base URL; copied */
    const char *post_json; /* NULL: a GET; copied */
    unsigned max_attempts; /* as in struct cs_http_request */
};

/* Queue a request. The caller frees `ret` with cs_answer_free(). */
enum cs_status cs_answer_ask(struct cs_http *http,
                             const struct cs_answer_request *request,
                             struct cs_answer **ret, struct cs_error *err);

/* Wait for it. `ret_root` is borrowed until the answer is freed. Fails as
 * cs_http_wait() and the callbacks of http.h do; besides with CS_ERR_NOT_FOUND
 * (404, 410) or CS_ERR_PROTOCOL (other 4xx, or no JSON). */
enum cs_status cs_answer_wait(struct cs_answer *answer,
                              struct cs_json *ret_root, struct cs_error *err);

/* After cs_answer_wait(): the HTTP status (0 without an answer), the Link
 * header ("" when absent), the size of the body in bytes. Borrowed. */
long cs_answer_http_status(const struct cs_answer *answer);
const char *cs_answer_link(const struct cs_answer *answer);
size_t cs_answer_size(const struct cs_answer *answer);

/* When the server gave it, by the server's clock; 0 when it does not say. */
int64_t cs_answer_date(const struct cs_answer *answer);

/* True when what answered speaks JSON: not a proxy's page of its own. */
bool cs_answer_is_json(const struct cs_answer *answer);

/* Put the answer's address in front of a message about its content, which then
 * is CS_ERR_PROTOCOL: "https://...: results[3].id: expected a string". Other
 * statuses than CS_ERR_PARSE and CS_ERR_LIMIT pass unchanged. */
enum cs_status cs_answer_blame(const struct cs_answer *answer,
                               enum cs_status status, struct cs_error *err);

/* Drop it, arrived or not. NULL is legal. */
void cs_answer_free(struct cs_answer *answer);

CS_DEFINE_CLEANUP(struct cs_answer *, cs_answer_cleanup, cs_answer_free);

#endif
