/*
 * A diary of the media port: each request with all its headers, so that a
 * test can see which credential went where it should not.
 */
#include "tests/fake/server.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#define KEPT 400

struct fk_records {
    pthread_mutex_t lock;
    char *rows[KEPT]; /* JSON objects */
    size_t count;     /* of all, the last KEPT are there */
};

struct fk_records *fk_records_new(void)
{
    struct fk_records *records = fk_alloc(sizeof(*records));

    pthread_mutex_init(&records->lock, NULL);
    return records;
}

static void forget(struct fk_records *records)
{
    for (size_t i = 0; i < KEPT; i++) {
        free(records->rows[i]);
        records->rows[i] = NULL;
    }
    records->count = 0;
}

void fk_records_free(struct fk_records *records)
{
    if (!records)
        return;
    forget(records);
    pthread_mutex_destroy(&records->lock);
    free(records);
}

static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind,
                                  const char *name, const char *value)
{
    struct fk_buf *out = cls;
    struct fk_buf lower = {0};

    (void)kind;
    fk_buf_str(&lower, name);
    for (size_t i = 0; i < lower.len; i++)
        if (lower.data[i] >= 'A' && lower.data[i] <= 'Z')
            lower.data[i] = (char)(lower.data[i] + 32);
    fk_json_kstr(out, lower.data, value ? value : "");
    fk_buf_clear(&lower);
    return MHD_YES;
}

void fk_records_add(struct fk_records *records,
                    struct MHD_Connection *connection, const char *method,
                    const char *uri)
{
    struct fk_buf row = {0};
    char **at;

    fk_json_open(&row, '{');
    fk_json_kstr(&row, "method", method);
    fk_json_kstr(&row, "uri", uri);
    fk_json_key(&row, "headers");
    fk_json_open(&row, '{');
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header,
                                    &row);
    fk_buf_str(&row, "}}");
    pthread_mutex_lock(&records->lock);
    at = &records->rows[records->count++ % KEPT];
    free(*at);
    *at = fk_buf_take(&row);
    pthread_mutex_unlock(&records->lock);
}

void fk_records_get(struct fk_request *req)
{
    struct fk_records *records = fk_server_records(req->server);
    size_t first;

    pthread_mutex_lock(&records->lock);
    first = records->count > KEPT ? records->count - KEPT : 0;
    fk_json_open(&req->body, '[');
    for (size_t i = first; i < records->count; i++)
        fk_json_raw(&req->body, records->rows[i % KEPT]);
    fk_json_close(&req->body, ']');
    pthread_mutex_unlock(&records->lock);
    req->status = 200;
}

void fk_records_reset(struct fk_request *req)
{
    struct fk_records *records = fk_server_records(req->server);

    pthread_mutex_lock(&records->lock);
    forget(records);
    pthread_mutex_unlock(&records->lock);
    req->status = 200;
    fk_buf_str(&req->body, "{\"ok\":true}");
}
