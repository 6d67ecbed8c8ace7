/*
 * Faults: what tests order by POST /_control/fault. Each order names a path
 * prefix, a kind and a count; the oldest order that fits a request is used.
 */
#include "tests/fake/order.h"
#include "tests/fake/server.h"

#include <stdlib.h>
#include <string.h>

#define HANG_MS 600000

struct fault {
    struct fault *next;
    enum fk_fault_kind kind;
    char *prefix;
    char *contains; /* also somewhere in path and query; NULL = anything */
    char *method;   /* NULL = any */
    long skip;      /* let so many matching requests through first */
    long count;
    int status;
    char *retry_after;
    char *body;
    bool html;
    int cut;
    long ms;
    char *header;
    char *value;
};

struct fk_faults {
    pthread_mutex_t lock;
    struct fault *first;
};

static const char login_page[] =
    "<!DOCTYPE html><html><head><title>Log in to continue</title></head><body>"
    "<form action=\"/login\"><input name=\"username\"/></form></body></html>\n";

static void fault_free(struct fault *f)
{
    free(f->prefix);
    free(f->contains);
    free(f->method);
    free(f->retry_after);
    free(f->body);
    free(f->header);
    free(f->value);
    free(f);
}

static void clear_all(struct fk_faults *faults)
{
    while (faults->first) {
        struct fault *next = faults->first->next;

        fault_free(faults->first);
        faults->first = next;
    }
}

struct fk_faults *fk_faults_new(void)
{
    struct fk_faults *faults = fk_alloc(sizeof(*faults));

    pthread_mutex_init(&faults->lock, NULL);
    return faults;
}

void fk_faults_free(struct fk_faults *faults)
{
    clear_all(faults);
    pthread_mutex_destroy(&faults->lock);
    free(faults);
}

static bool fault_fits(const struct fault *f, const struct fk_request *req)
{
    return strncmp(req->path, f->prefix, strlen(f->prefix)) == 0 &&
           (!f->contains || strstr(req->uri, f->contains)) &&
           (!f->method || strcmp(f->method, req->method) == 0);
}

static void set_answer(const struct fault *f, struct fk_request *req)
{
    if (f->retry_after)
        fk_header(req, "Retry-After", "%s", f->retry_after);
    if (f->header)
        fk_header(req, f->header, "%s", f->value ? f->value : "");
    if (f->kind == FK_FAULT_LOGIN) {
        req->status = 200;
        req->content_type = "text/html; charset=utf-8";
        fk_buf_str(&req->body, f->body ? f->body : login_page);
    } else if (f->body) {
        req->status = f->status;
        req->content_type = f->html ? "text/html; charset=utf-8" : NULL;
        fk_buf_str(&req->body, f->body);
    } else if (f->html) {
        fk_html(req, f->status, "Something went wrong");
    } else {
        fk_fail(req, f->status, "FAULT", "Ordered by the test");
    }
}

static void apply(const struct fault *f, struct fk_request *req, long *ret_ms)
{
    switch (f->kind) {
    case FK_FAULT_STATUS:
    case FK_FAULT_LOGIN: set_answer(f, req); break;
    case FK_FAULT_TRUNCATE: req->cut = f->cut; break;
    case FK_FAULT_HANG:
    case FK_FAULT_DELAY: *ret_ms = f->ms; break;
    case FK_FAULT_NONE:
    case FK_FAULT_RESET: break;
    }
}

enum fk_fault_kind fk_faults_take(struct fk_faults *faults,
                                  struct fk_request *req, long *ret_ms)
{
    enum fk_fault_kind kind = FK_FAULT_NONE;

    pthread_mutex_lock(&faults->lock);
    for (struct fault **at = &faults->first; *at; at = &(*at)->next) {
        struct fault *f = *at;

        if (!fault_fits(f, req))
            continue;
        if (f->skip > 0) {
            f->skip--;
            continue;
        }
        kind = f->kind;
        apply(f, req, ret_ms);
        if (--f->count <= 0) {
            *at = f->next;
            fault_free(f);
        }
        break;
    }
    pthread_mutex_unlock(&faults->lock);
    return kind;
}

static bool parse_kind(const char *name, enum fk_fault_kind *ret_kind)
{
    static const char *const names[] = {
        [FK_FAULT_STATUS] = "status",     [FK_FAULT_RESET] = "reset",
        [FK_FAULT_TRUNCATE] = "truncate", [FK_FAULT_HANG] = "hang",
        [FK_FAULT_LOGIN] = "login",       [FK_FAULT_DELAY] = "delay",
    };

    for (size_t i = 1; name && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_kind = (enum fk_fault_kind)i;
            return true;
        }
    }
    return false;
}

static char *copy_text(const cJSON *o, const char *key)
{
    return fk_strdup(fk_order_text(o, key, NULL));
}

/* Retry-After may be given as number or text (an HTTP date, nonsense). */
static char *copy_retry_after(const cJSON *o)
{
    const cJSON *v = cJSON_GetObjectItem(o, "retryAfter");
    struct fk_buf text = {0};

    if (!cJSON_IsNumber(v))
        return copy_text(o, "retryAfter");
    fk_buf_fmt(&text, "%d", v->valueint);
    return fk_buf_take(&text);
}

static struct fault *fault_from_json(const cJSON *o)
{
    struct fault *f = fk_alloc(sizeof(*f));

    if (!parse_kind(fk_order_text(o, "kind", NULL), &f->kind)) {
        free(f);
        return NULL;
    }
    f->prefix = copy_text(o, "path");
    if (!f->prefix)
        f->prefix = fk_strdup("/");
    f->contains = copy_text(o, "contains");
    f->method = copy_text(o, "method");
    f->skip = fk_order_int(o, "skip", 0);
    f->count = fk_order_int(o, "count", 1);
    f->status = fk_order_int(o, "status", 503);
    f->retry_after = copy_retry_after(o);
    f->body = copy_text(o, "body");
    f->html = fk_order_bool(o, "html", false);
    f->cut = fk_order_int(o, "bytes", FK_CUT_HALF);
    f->ms = fk_order_int(o, "ms", f->kind == FK_FAULT_HANG ? HANG_MS : 1000);
    f->header = copy_text(o, "header");
    f->value = copy_text(o, "value");
    return f;
}

void fk_faults_post(struct fk_request *req)
{
    struct fk_faults *faults = fk_server_faults(req->server);
    cJSON *root = fk_order_parse(&req->upload);
    struct fault *f = root ? fault_from_json(root) : NULL;
    struct fault **end = &faults->first;

    cJSON_Delete(root);
    if (!f || f->status < 200 || f->status > 599) {
        if (f)
            fault_free(f);
        fk_fail(req, 400, "CONTROL", "no such fault");
        return;
    }
    pthread_mutex_lock(&faults->lock);
    while (*end)
        end = &(*end)->next;
    *end = f;
    pthread_mutex_unlock(&faults->lock);
    req->status = 200;
    fk_buf_str(&req->body, "{\"ok\":true}");
}

void fk_faults_reset(struct fk_request *req)
{
    struct fk_faults *faults = fk_server_faults(req->server);

    pthread_mutex_lock(&faults->lock);
    clear_all(faults);
    pthread_mutex_unlock(&faults->lock);
    req->status = 200;
    fk_buf_str(&req->body, "{\"ok\":true}");
}
