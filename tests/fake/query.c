/*
 * The query string: cutting, decoding, and reading typed values out of it.
 *
 * The raw form of each value is kept, because the vendor compares cursors
 * byte for byte.
 */
#include "tests/fake/http.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Percent-decode; `plus` also turns + into a blank. The caller frees. */
static char *decode(const char *text, size_t n, bool plus)
{
    char *out = fk_alloc(n + 1);
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        char c = text[i];

        if (c == '%' && i + 2 < n && hex_value(text[i + 1]) >= 0 &&
            hex_value(text[i + 2]) >= 0) {
            c = (char)(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        out[len++] = c;
    }
    return out;
}

static void add_param(struct fk_request *req, const char *text, size_t n)
{
    const char *equals = memchr(text, '=', n);
    size_t name_len = equals ? (size_t)(equals - text) : n;
    struct fk_param *p;

    if (!n)
        return;
    p = &req->params[req->param_count++];
    p->name = decode(text, name_len, true);
    p->raw = equals ? equals + 1 : text + n;
    p->raw_len = equals ? n - name_len - 1 : 0;
    p->value = decode(p->raw, p->raw_len, true);
}

static void strip_gateway(struct fk_request *req)
{
    static const char prefix[] = "/ex/confluence/";
    const char *rest;

    if (strncmp(req->path, prefix, sizeof(prefix) - 1) != 0)
        return;
    rest = strchr(req->path + sizeof(prefix) - 1, '/');
    if (!rest)
        return;
    req->gateway = true;
    req->path = rest;
}

void fk_request_parse(struct fk_request *req)
{
    const char *query = strchr(req->uri, '?');
    size_t path_len = query ? (size_t)(query - req->uri) : strlen(req->uri);
    size_t count = 1;

    req->path_buf = decode(req->uri, path_len, false);
    req->path = req->path_buf;
    strip_gateway(req);
    if (!query)
        return;
    for (const char *p = query; *p; p++)
        count += *p == '&';
    if (count > FK_MAX_PARAMS) {
        req->too_long = true;
        return;
    }
    req->params = fk_alloc(count * sizeof(*req->params));
    for (const char *p = query + 1; *p;) {
        size_t n = strcspn(p, "&");

        add_param(req, p, n);
        p += n + (p[n] == '&');
    }
}

void fk_request_strip(struct fk_request *req, const char *context)
{
    size_t n = strlen(context);

    if (strncmp(req->path, "/_control/", 10) == 0)
        return;
    if (strncmp(req->path, context, n) == 0 && req->path[n] == '/')
        req->path += n;
    else
        req->path = "/outside";
}

void fk_request_free(struct fk_request *req)
{
    if (!req)
        return;
    for (size_t i = 0; i < req->param_count; i++) {
        free(req->params[i].name);
        free(req->params[i].value);
    }
    free(req->params);
    free(req->uri);
    free(req->path_buf);
    fk_buf_clear(&req->headers);
    fk_buf_clear(&req->upload);
    fk_buf_clear(&req->body);
    fk_buf_clear(&req->link);
    fk_buf_clear(&req->location);
    free(req);
}

const struct fk_param *fk_request_param(const struct fk_request *req,
                                        const char *name, size_t nth)
{
    for (size_t i = 0; i < req->param_count; i++)
        if (strcmp(req->params[i].name, name) == 0 && nth-- == 0)
            return &req->params[i];
    return NULL;
}

const char *fk_request_text(const struct fk_request *req, const char *name,
                            const char *fallback)
{
    const struct fk_param *p = fk_request_param(req, name, 0);

    return p ? p->value : fallback;
}

long fk_request_int(const struct fk_request *req, const char *name,
                    long fallback)
{
    const char *text = fk_request_text(req, name, NULL);

    return text ? strtol(text, NULL, 10) : fallback;
}

bool fk_request_bool(const struct fk_request *req, const char *name,
                     bool fallback)
{
    const char *text = fk_request_text(req, name, NULL);

    return text ? strcasecmp(text, "true") == 0 : fallback;
}

bool fk_word_in(const char *list, char separator, const char *word)
{
    size_t n = strlen(word);

    while (list) {
        if (strncmp(list, word, n) == 0 &&
            (list[n] == separator || list[n] == '\0'))
            return true;
        list = strchr(list, separator);
        if (list)
            list++;
    }
    return false;
}

bool fk_request_has(const struct fk_request *req, const char *name,
                    const char *fallback, const char *value)
{
    const struct fk_param *p;

    for (size_t i = 0; (p = fk_request_param(req, name, i)); i++) {
        fallback = NULL;
        if (fk_word_in(p->value, ',', value))
            return true;
    }
    return fallback && fk_word_in(fallback, ',', value);
}

void fk_header(struct fk_request *req, const char *name, const char *fmt, ...)
{
    char value[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(value, sizeof(value), fmt, ap);
    va_end(ap);
    value[strcspn(value, "\r\n")] = '\0';
    fk_buf_fmt(&req->headers, "%s: %s\n", name, value);
}

void fk_fail(struct fk_request *req, int status, const char *code,
             const char *fmt, ...)
{
    char title[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(title, sizeof(title), fmt, ap);
    va_end(ap);
    req->status = status;
    req->content_type = NULL;
    req->body.len = 0;
    fk_json_open(&req->body, '{');
    if (req->site && req->site->datacenter) {
        fk_json_kint(&req->body, "statusCode", status);
        fk_json_key(&req->body, "data");
        fk_buf_str(&req->body, "{\"authorized\":false,\"valid\":true,"
                               "\"allowedInReadOnlyMode\":true,\"errors\":[],"
                               "\"successful\":false}");
        fk_json_kstr(&req->body, "message", title);
        fk_json_kstr(&req->body, "reason",
                     status == 404   ? "Not Found"
                     : status == 403 ? "Forbidden"
                     : status == 400 ? "Bad Request"
                                     : "Internal Server Error");
        fk_json_close(&req->body, '}');
        return;
    }
    if (strncmp(req->path, "/wiki/rest/api/", 15) == 0) { /* as v1 says it */
        fk_json_kint(&req->body, "statusCode", status);
        fk_json_kstr(&req->body, "message", title);
        fk_json_close(&req->body, '}');
        return;
    }
    fk_json_key(&req->body, "errors");
    fk_json_open(&req->body, '[');
    fk_json_open(&req->body, '{');
    fk_json_kint(&req->body, "status", status);
    fk_json_kstr(&req->body, "code", code);
    fk_json_kstr(&req->body, "title", title);
    fk_json_kstr(&req->body, "detail", NULL);
    fk_buf_str(&req->body, "}]}");
}

void fk_not_found(struct fk_request *req, const char *what)
{
    fk_fail(req, 404, "NOT_FOUND",
            "%s does not exist or you do not have permission to see it", what);
}

void fk_html(struct fk_request *req, int status, const char *title)
{
    req->status = status;
    req->content_type = "text/html; charset=utf-8";
    req->body.len = 0;
    fk_buf_fmt(&req->body,
               "<!DOCTYPE html><html><head><title>%s</title></head>"
               "<body><h1>%s</h1></body></html>\n",
               title, title);
}

void fk_login_page(struct fk_request *req, const char *text)
{
    static const char page[] =
        "<!DOCTYPE html><html><head><title>Log in to continue</title></head>"
        "<body><form action=\"/login\"><input name=\"username\"/></form>"
        "</body></html>\n";

    req->status = 200;
    req->content_type = "text/html; charset=utf-8";
    fk_buf_str(&req->body, text ? text : page);
}
