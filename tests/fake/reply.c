/*
 * Sending an answer: compressed where the caller takes it, cut or reset where
 * a fault says so.
 */
#include "tests/fake/reply.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <zlib.h>

#define GZIP_MIN 1024 /* smaller answers go as they are */

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

    if (req->body.len < GZIP_MIN || req->plain || !accepts_gzip(req))
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

struct odd_body {
    struct fk_waits *waits;
    struct MHD_Connection *connection;
    char *data;
    size_t len; /* what is promised */
    size_t cut; /* what is sent */
    size_t drip;
    long drip_ms;
    bool rested; /* the pause before the next piece is over */
};

static ssize_t read_odd(void *cls, uint64_t pos, char *out, size_t max)
{
    struct odd_body *b = cls;
    size_t n;

    if (pos >= b->cut)
        return b->cut < b->len ? MHD_CONTENT_READER_END_WITH_ERROR
                               : MHD_CONTENT_READER_END_OF_STREAM;
    n = b->cut - (size_t)pos;
    if (b->drip && !b->rested) {
        b->rested = true;
        MHD_suspend_connection(b->connection);
        fk_waits_add(b->waits, b->connection, b->drip_ms);
        return 0;
    }
    b->rested = false;
    if (b->drip && n > b->drip)
        n = b->drip;
    if (n > max)
        n = max;
    memcpy(out, b->data + pos, n);
    return (ssize_t)n;
}

static void free_odd(void *cls)
{
    struct odd_body *b = cls;

    free(b->data);
    free(b);
}

static struct MHD_Response *make_odd(struct fk_request *req, size_t cut)
{
    struct odd_body *b = fk_alloc(sizeof(*b));
    size_t len = req->body.len;

    *b = (struct odd_body){
        .waits = fk_server_waits(req->server),
        .connection = req->connection,
        .data = fk_buf_take(&req->body),
        .len = len,
        .cut = cut,
        .drip = (size_t)req->drip_bytes,
        .drip_ms = req->drip_ms,
    };
    return MHD_create_response_from_callback(
        req->chunked ? MHD_SIZE_UNKNOWN : len, 4096, read_odd, b, free_odd);
}

static struct MHD_Response *make_response(struct fk_request *req)
{
    size_t len = req->body.len;
    size_t cut = len;

    if (req->cut == FK_CUT_HALF)
        cut = len / 2;
    else if (req->cut >= 0 && (size_t)req->cut < len)
        cut = (size_t)req->cut;
    if (cut < len || req->chunked || req->drip_bytes)
        return make_odd(req, cut);
    return MHD_create_response_from_buffer(len, fk_buf_take(&req->body),
                                           MHD_RESPMEM_MUST_FREE);
}

static void add_header(struct MHD_Response *r, const char *name,
                       const char *value)
{
    if (value && *value)
        (void)MHD_add_response_header(r, name, value);
}

/* "Name: value" lines. */
static void add_more_headers(struct MHD_Response *r, const char *lines)
{
    char name[64];

    while (lines && *lines) {
        size_t n = strcspn(lines, ":");
        size_t end = strcspn(lines, "\n");
        struct fk_buf value = {0};

        (void)snprintf(name, sizeof(name), "%.*s", (int)n, lines);
        fk_buf_add(&value, lines + n + 2, end - n - 2);
        add_header(r, name, value.data);
        fk_buf_clear(&value);
        lines += end + (lines[end] == '\n');
    }
}

/* By the server's clock, which a test may have set. */
static void add_date(struct MHD_Response *r)
{
    time_t now = (time_t)(fk_time_now() / 1000);
    char date[64];
    struct tm tm;

    gmtime_r(&now, &tm);
    (void)strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    add_header(r, MHD_HTTP_HEADER_DATE, date);
}

enum MHD_Result fk_reply_send(struct fk_server *server, struct fk_request *req)
{
    bool zipped = compress_body(req);
    struct MHD_Response *r = make_response(req);
    enum MHD_Result result;

    if (!r)
        return MHD_NO;
    add_header(r, "Content-Type",
               req->content_type ? req->content_type : "application/json");
    add_date(r);
    add_header(r, "Content-Encoding", zipped ? "gzip" : NULL);
    add_header(r, "Link", req->link.data);
    add_header(r, "Location", req->location.data);
    add_header(r, "WWW-Authenticate", req->challenge);
    add_more_headers(r, req->headers.data);
    result = MHD_queue_response(req->connection, (unsigned)req->status, r);
    MHD_destroy_response(r);
    fk_server_log(server, req);
    return result;
}

/* Make close() send RST instead of FIN. */
enum MHD_Result fk_reply_reset(struct fk_server *server, struct fk_request *req)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        req->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    if (info)
        (void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger,
                         sizeof(linger));
    req->status = 0;
    fk_server_log(server, req);
    return MHD_NO;
}
