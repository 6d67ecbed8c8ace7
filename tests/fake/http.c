/*
 * The room between libmicrohttpd and the handlers: collects the upload,
 * applies delays and faults, compresses, sends, logs and counts.
 */
#include "tests/fake/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <zlib.h>

#define GZIP_MIN 1024 /* smaller answers go as they are */

struct fk_server {
    const struct fk_options *options;
    struct fk_site *site;
    struct fk_faults *faults;
    struct fk_waits *waits;
    struct MHD_Daemon *api;
    struct MHD_Daemon *media;
    unsigned api_port;
    unsigned media_port;
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

static bool accepts_gzip(const struct fk_request *req)
{
    const char *accept = MHD_lookup_connection_value(
        req->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);

    return accept && strstr(accept, "gzip") &&
           !fk_server_options(req->server)->no_gzip;
}

static bool compress_body(struct fk_request *req)
{
    z_stream z = {0};
    struct fk_buf out = {0};

    if (req->body.len < GZIP_MIN || req->media || !accepts_gzip(req))
        return false;
    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    out.cap = deflateBound(&z, (uLong)req->body.len) + 1;
    out.data = fk_alloc(out.cap);
    z.next_in = (Bytef *)req->body.data;
    z.avail_in = (uInt)req->body.len;
    z.next_out = (Bytef *)out.data;
    z.avail_out = (uInt)out.cap;
    (void)deflate(&z, Z_FINISH);
    out.len = z.total_out;
    deflateEnd(&z);
    fk_buf_clear(&req->body);
    req->body = out;
    return true;
}

struct cut_body {
    char *data;
    size_t len; /* what is promised */
    size_t cut; /* what is sent */
};

static ssize_t read_cut(void *cls, uint64_t pos, char *out, size_t max)
{
    struct cut_body *c = cls;
    size_t n;

    if (pos >= c->cut)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    n = c->cut - (size_t)pos;
    if (n > max)
        n = max;
    memcpy(out, c->data + pos, n);
    return (ssize_t)n;
}

static void free_cut(void *cls)
{
    struct cut_body *c = cls;

    free(c->data);
    free(c);
}

static struct MHD_Response *make_response(struct fk_request *req)
{
    struct MHD_Response *r;
    size_t len = req->body.len;

    if (req->cut == FK_CUT_HALF)
        req->cut = (int)(len / 2);
    if (req->cut >= 0 && (size_t)req->cut < len) {
        struct cut_body *c = fk_alloc(sizeof(*c));

        *c = (struct cut_body){fk_buf_take(&req->body), len, (size_t)req->cut};
        return MHD_create_response_from_callback(len, 4096, read_cut, c,
                                                 free_cut);
    }
    r = MHD_create_response_from_buffer(len, fk_buf_take(&req->body),
                                        MHD_RESPMEM_MUST_FREE);
    return r;
}

static void add_header(struct MHD_Response *r, const char *name,
                       const char *value)
{
    if (value && *value)
        (void)MHD_add_response_header(r, name, value);
}

static void write_log(struct fk_server *server, const struct fk_request *req)
{
    if (!server->log)
        return;
    pthread_mutex_lock(&server->log_lock);
    fprintf(server->log, "%s %s %d %s\n", req->method, req->uri, req->status,
            req->authorized_header ? "auth" : "no-auth");
    fflush(server->log);
    pthread_mutex_unlock(&server->log_lock);
}

static enum MHD_Result send_answer(struct fk_server *server,
                                   struct fk_request *req)
{
    bool zipped = compress_body(req);
    struct MHD_Response *r = make_response(req);
    enum MHD_Result result;

    if (!r)
        return MHD_NO;
    add_header(r, "Content-Type",
               req->content_type ? req->content_type : "application/json");
    add_header(r, "Content-Encoding", zipped ? "gzip" : NULL);
    add_header(r, "Link", req->link.data);
    add_header(r, "Location", req->location.data);
    add_header(r, "WWW-Authenticate", req->challenge);
    add_header(r, "Retry-After", req->retry_after);
    if (req->extra_name)
        add_header(r, req->extra_name, req->extra_value);
    result = MHD_queue_response(req->connection, (unsigned)req->status, r);
    MHD_destroy_response(r);
    write_log(server, req);
    return result;
}

/* Make close() send RST instead of FIN. */
static enum MHD_Result reset_connection(struct fk_server *server,
                                        struct fk_request *req)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        req->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    if (info)
        (void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger,
                         sizeof(linger));
    req->status = 0;
    write_log(server, req);
    return MHD_NO;
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
        return send_answer(server, req);
    }
    if (!req->waited) {
        switch (fk_faults_take(server->faults, req, &ms)) {
        case FK_FAULT_RESET: return reset_connection(server, req);
        case FK_FAULT_STATUS:
        case FK_FAULT_LOGIN: return send_answer(server, req);
        case FK_FAULT_NONE:
        case FK_FAULT_TRUNCATE:
        case FK_FAULT_HANG:
        case FK_FAULT_DELAY: break;
        }
        if (ms > 0)
            return hold(server, req, ms);
    }
    fk_routes_dispatch(req);
    return send_answer(server, req);
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
    struct fk_request *req = *req_cls;

    req->media = true;
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

struct fk_server *fk_server_start(const struct fk_options *options,
                                  struct fk_site *site)
{
    struct fk_server *server = fk_alloc(sizeof(*server));

    server->options = options;
    server->site = site;
    server->faults = fk_faults_new();
    server->waits = fk_waits_new();
    pthread_mutex_init(&server->log_lock, NULL);
    if (options->access_log)
        server->log = fopen(options->access_log, "w");
    server->media = listen_on(server, 0, on_media, 2);
    if (server->media) { /* first: download answers name its port */
        server->media_port = daemon_port(server->media);
        server->api = listen_on(server, options->port, on_request,
                                (unsigned)options->threads);
    }
    if (server->api)
        server->api_port = daemon_port(server->api);
    if (server->api && (server->log || !options->access_log))
        return server;
    fprintf(stderr, "cs-fake-confluence: cannot start: %s\n", strerror(errno));
    fk_server_stop(server);
    return NULL;
}

void fk_server_stop(struct fk_server *server)
{
    if (!server)
        return;
    fk_waits_free(server->waits); /* suspended connections must go first */
    if (server->api)
        MHD_stop_daemon(server->api);
    if (server->media)
        MHD_stop_daemon(server->media);
    if (server->log)
        fclose(server->log);
    fk_faults_free(server->faults);
    pthread_mutex_destroy(&server->log_lock);
    free(server);
}
