/*
 * http_server.c - libmicrohttpd with a thread a connection.
 */
#include "tests/lib/http_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct http_server {
    struct MHD_Daemon *daemon;
    http_server_fn *answer;
    void *payload;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned requests, inside, most;
    bool stopping;
};

/* What belongs to one request while it is read. */
struct exchange {
    char *uri, *body;
    size_t body_len;
    bool started;
};

static void *on_uri(void *payload, const char *uri,
                    struct MHD_Connection *connection)
{
    (void)payload, (void)connection;
    struct exchange *exchange = calloc(1, sizeof(*exchange));
    if (exchange)
        exchange->uri = strdup(uri);
    return exchange;
}

static void on_end(void *payload, struct MHD_Connection *connection,
                   void **state, enum MHD_RequestTerminationCode code)
{
    (void)payload, (void)connection, (void)code;
    struct exchange *exchange = *state;
    if (exchange) {
        free(exchange->uri);
        free(exchange->body);
    }
    free(exchange);
    *state = NULL;
}

static struct timespec deadline_in(time_t seconds)
{
    struct timespec when;
    (void)clock_gettime(CLOCK_REALTIME, &when);
    when.tv_sec += seconds;
    return when;
}

/* With the lock held. */
static bool must_wait(struct http_server *server,
                      const struct http_server_reply *reply)
{
    if (reply->action == HTTP_SERVER_HANG || server->most < reply->wait_for)
        return true;
    return reply->is_ready && !reply->is_ready(server->payload, reply->what);
}

/* With the lock held. */
static void wait_inside(struct http_server *server,
                        const struct http_server_reply *reply)
{
    bool hang = reply->action == HTTP_SERVER_HANG;
    struct timespec deadline = deadline_in(hang ? 30 : 2);
    while (!server->stopping && must_wait(server, reply)) {
        if (pthread_cond_timedwait(&server->changed, &server->lock, &deadline))
            break;
    }
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void ask_test(struct http_server *server, struct exchange *exchange,
                     struct MHD_Connection *connection, const char *method,
                     struct http_server_reply *reply)
{
    (void)pthread_mutex_lock(&server->lock);
    struct http_server_request request = {
        .method = method,
        .uri = exchange->uri,
        .authorization = header(connection, "Authorization"),
        .range = header(connection, "Range"),
        .body = exchange->body ? exchange->body : "",
        .number = ++server->requests,
    };
    if (++server->inside > server->most)
        server->most = server->inside;
    (void)pthread_cond_broadcast(&server->changed);
    server->answer(server->payload, &request, reply);
    wait_inside(server, reply);
    server->inside--;
    (void)pthread_mutex_unlock(&server->lock);
}

struct half {
    char *text;
    size_t len;
};

static ssize_t send_half(void *payload, uint64_t at, char *out, size_t max)
{
    const struct half *half = payload;
    size_t n = half->len / 2;
    if (at >= n)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    n -= (size_t)at;
    n = n < max ? n : max;
    memcpy(out, half->text + at, n);
    return (ssize_t)n;
}

static void free_half(void *payload)
{
    struct half *half = payload;
    free(half->text);
    free(half);
}

static struct MHD_Response *make_response(const struct http_server_reply *reply)
{
    const char *body = reply->body ? reply->body : "{}";
    size_t len = reply->body_len ? reply->body_len : strlen(body);
    if (reply->action != HTTP_SERVER_TRUNCATE)
        return MHD_create_response_from_buffer(len, (void *)(uintptr_t)body,
                                               MHD_RESPMEM_MUST_COPY);
    struct half *half = calloc(1, sizeof(*half));
    half->text = strdup(body);
    half->len = len;
    return MHD_create_response_from_callback(len, 1024, send_half, half,
                                             free_half);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection,
                                  const struct http_server_reply *reply)
{
    struct MHD_Response *response = make_response(reply);
    const char *type = reply->content_type;
    (void)MHD_add_response_header(response, "Content-Type",
                                  type ? type : "application/json");
    for (size_t i = 0; i < HTTP_SERVER_HEADERS; i++) {
        if (reply->headers[i].name)
            (void)MHD_add_response_header(response, reply->headers[i].name,
                                          reply->headers[i].value);
    }
    enum MHD_Result result = MHD_queue_response(
        connection, reply->status ? reply->status : 200, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result keep_upload(struct exchange *exchange, const char *data,
                                   size_t *len)
{
    char *body = realloc(exchange->body, exchange->body_len + *len + 1);
    if (!body)
        return MHD_NO;
    memcpy(body + exchange->body_len, data, *len);
    exchange->body_len += *len;
    body[exchange->body_len] = '\0';
    exchange->body = body;
    *len = 0;
    return MHD_YES;
}

static enum MHD_Result on_request(void *payload,
                                  struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_len, void **state)
{
    struct exchange *exchange = *state;
    struct http_server_reply reply = {.action = HTTP_SERVER_ANSWER};
    (void)url, (void)version;
    if (!exchange)
        return MHD_NO;
    if (!exchange->started) {
        exchange->started = true;
        return MHD_YES;
    }
    if (*upload_len)
        return keep_upload(exchange, upload, upload_len);
    ask_test(payload, exchange, connection, method, &reply);
    if (reply.action == HTTP_SERVER_RESET || reply.action == HTTP_SERVER_HANG)
        return MHD_NO;
    return send_reply(connection, &reply);
}

struct http_server *http_server_start(http_server_fn *answer, void *payload)
{
    struct http_server *server = calloc(1, sizeof(*server));
    struct sockaddr_in address = {.sin_family = AF_INET};
    if (!server)
        return NULL;
    server->answer = answer;
    server->payload = payload;
    (void)pthread_mutex_init(&server->lock, NULL);
    (void)pthread_cond_init(&server->changed, NULL);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0,
        NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
    if (server->daemon)
        return server;
    free(server);
    return NULL;
}

void http_server_stop(struct http_server *server)
{
    if (!server)
        return;
    (void)pthread_mutex_lock(&server->lock);
    server->stopping = true;
    (void)pthread_cond_broadcast(&server->changed);
    (void)pthread_mutex_unlock(&server->lock);
    MHD_stop_daemon(server->daemon);
    (void)pthread_cond_destroy(&server->changed);
    (void)pthread_mutex_destroy(&server->lock);
    free(server);
}

unsigned http_server_port(const struct http_server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

static unsigned locked_value(struct http_server *server, const unsigned *value)
{
    (void)pthread_mutex_lock(&server->lock);
    unsigned result = *value;
    (void)pthread_mutex_unlock(&server->lock);
    return result;
}

unsigned http_server_most(struct http_server *server)
{
    return locked_value(server, &server->most);
}
