/*
 * The room between libmicrohttpd and the handlers: collects the upload,
 * applies delays and faults, and lets reply.c send.
 */
#include "tests/fake/dc.h"
#include "tests/fake/reply.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct fk_server {
    const struct fk_options *options;
    struct fk_site *site;
    struct fk_faults *faults;
    struct fk_waits *waits;
    struct fk_records *records;
    struct MHD_Daemon *api;
    struct MHD_Daemon *media;
    struct MHD_Daemon *gateway;
    atomic_uint api_port;
    atomic_uint media_port;
    atomic_uint gateway_port;
    atomic_bool down;
    FILE *log;
    pthread_mutex_t log_lock;
};

const struct fk_options *fk_server_options(const struct fk_server *server)
{
    return server->options;
}

struct fk_faults *fk_server_faults(struct fk_server *server)
{
    return server->faults;
}

unsigned fk_server_port(const struct fk_server *server)
{
    return server->api_port;
}

unsigned fk_server_media_port(const struct fk_server *server)
{
    return server->media_port;
}

unsigned fk_server_gateway_port(const struct fk_server *server)
{
    return server->gateway_port;
}

struct fk_waits *fk_server_waits(struct fk_server *server)
{
    return server->waits;
}

const char *fk_server_context(const struct fk_server *server)
{
    return server->site->dc ? server->site->dc->context : "";
}

struct fk_records *fk_server_records(struct fk_server *server)
{
    return server->records;
}

const char *fk_request_header(const struct fk_request *req, const char *name)
{
    return MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, name);
}

/* Called before libmicrohttpd takes the URI apart: the raw text is kept. */
static void *on_uri(void *cls, const char *uri,
                    struct MHD_Connection *connection)
{
    struct fk_request *req = fk_alloc(sizeof(*req));

    (void)cls;
    req->uri = fk_strdup(uri);
    req->connection = connection;
    req->cut = -1;
    return req;
}

static void on_completed(void *cls, struct MHD_Connection *connection,
                         void **req_cls, enum MHD_RequestTerminationCode why)
{
    (void)cls;
    (void)connection;
    (void)why;
    fk_request_free(*req_cls);
    *req_cls = NULL;
}

void fk_server_log(struct fk_server *server, const struct fk_request *req)
{
    if (!server->log)
        return;
    pthread_mutex_lock(&server->log_lock);
    fprintf(server->log, "%s %s %d %s\n", req->method, req->uri, req->status,
            req->authorized_header ? "auth" : "no-auth");
    fflush(server->log);
    pthread_mutex_unlock(&server->log_lock);
}

static enum MHD_Result hold(struct fk_server *server, struct fk_request *req,
                            long ms)
{
    req->waited = true;
    MHD_suspend_connection(req->connection);
    fk_waits_add(server->waits, req->connection, ms);
    return MHD_YES;
}

static enum MHD_Result answer(struct fk_server *server, struct fk_request *req)
{
    long ms = server->options->delay_ms;
    bool control = strncmp(req->path, "/_control/", 10) == 0;

    if (control) {
        fk_control_dispatch(req);
        return fk_reply_send(server, req);
    }
    if (!req->waited) {
        enum fk_fault_kind kind = fk_faults_take(server->faults, req, &ms);

        if (kind == FK_FAULT_RESET)
            return fk_reply_reset(server, req);
        if (req->status) /* the fault has answered */
            return fk_reply_send(server, req);
        if (ms > 0 && !server->down)
            return hold(server, req, ms);
    }
    fk_routes_dispatch(req);
    return fk_reply_send(server, req);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_size, void **req_cls)
{
    struct fk_server *server = cls;
    struct fk_request *req = *req_cls;

    (void)url;
    (void)version;
    if (!req->server) { /* the first call: headers only */
        req->server = server;
        req->site = server->site;
        (void)snprintf(req->method, sizeof(req->method), "%s", method);
        req->authorized_header = MHD_lookup_connection_value(
            connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
        fk_request_parse(req);
        if (req->site->dc && !req->media)
            fk_request_strip(req, req->site->dc->context);
        return MHD_YES;
    }
    if (*upload_size) {
        if (req->upload.len + *upload_size > FK_MAX_UPLOAD)
            req->upload_too_big = true;
        else
            fk_buf_add(&req->upload, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    return answer(server, req);
}

static enum MHD_Result on_media(void *cls, struct MHD_Connection *connection,
                                const char *url, const char *method,
                                const char *version, const char *upload,
                                size_t *upload_size, void **req_cls)
{
    struct fk_server *server = cls;
    struct fk_request *req = *req_cls;

    if (!req->server)
        fk_records_add(server->records, connection, method, req->uri);
    req->media = true;
    return on_request(cls, connection, url, method, version, upload,
                      upload_size, req_cls);
}

/* The vendor's second host: nothing but what is below /ex and /oauth. */
static enum MHD_Result on_gateway(void *cls, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_size, void **req_cls)
{
    struct fk_request *req = *req_cls;

    req->gateway_port = true;
    return on_request(cls, connection, url, method, version, upload,
                      upload_size, req_cls);
}

static struct MHD_Daemon *listen_on(struct fk_server *server, long port,
                                    MHD_AccessHandlerCallback handler,
                                    unsigned threads)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };

    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        handler, server, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, NULL, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, 1000u, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)(96 * 1024), MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
        MHD_OPTION_END);
}

static unsigned daemon_port(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info ? info->port : 0;
}

/* On the ports of before, if there are any. */
static bool listen_all(struct fk_server *server)
{
    server->media = listen_on(server, server->media_port, on_media, 2);
    server->gateway = listen_on(server, server->gateway_port, on_gateway, 2);
    if (!server->media || !server->gateway)
        return false;
    server->media_port = daemon_port(server->media); /* answers name them */
    server->gateway_port = daemon_port(server->gateway);
    server->api = listen_on(server, server->api_port, on_request,
                            (unsigned)server->options->threads);
    if (server->api)
        server->api_port = daemon_port(server->api);
    return server->api;
}

static void close_all(struct fk_server *server)
{
    struct MHD_Daemon **const all[] = {&server->api, &server->media,
                                       &server->gateway};

    fk_waits_free(server->waits); /* suspended connections must go first */
    server->waits = NULL;
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        if (*all[i])
            MHD_stop_daemon(*all[i]);
        *all[i] = NULL;
    }
}

void fk_server_down(struct fk_server *server)
{
    const struct timespec moment = {.tv_nsec = 20000000};

    if (atomic_exchange(&server->down, true))
        return;
    (void)nanosleep(&moment, NULL); /* nobody begins to wait from now on */
    close_all(server);
}

bool fk_server_up(struct fk_server *server)
{
    if (!server->down)
        return true;
    server->waits = fk_waits_new();
    server->down = false;
    return listen_all(server);
}

struct fk_server *fk_server_start(const struct fk_options *options,
                                  struct fk_site *site)
{
    struct fk_server *server = fk_alloc(sizeof(*server));

    server->options = options;
    server->site = site;
    server->faults = fk_faults_new();
    server->waits = fk_waits_new();
    server->records = fk_records_new();
    pthread_mutex_init(&server->log_lock, NULL);
    if (options->access_log)
        server->log = fopen(options->access_log, "w");
    server->api_port = (unsigned)options->port;
    if (listen_all(server) && (server->log || !options->access_log))
        return server;
    fprintf(stderr, "cs-fake-confluence: cannot start: %s\n", strerror(errno));
    fk_server_stop(server);
    return NULL;
}

void fk_server_stop(struct fk_server *server)
{
    if (!server)
        return;
    if (server->waits)
        close_all(server);
    if (server->log)
        fclose(server->log);
    fk_records_free(server->records);
    fk_faults_free(server->faults);
    pthread_mutex_destroy(&server->log_lock);
    free(server);
}
