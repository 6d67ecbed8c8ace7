/*
 * Faults: what tests order by POST /_control/fault. Each order names a path
 * prefix, a kind and a count; the oldest order that fits a request is used.
 */
#include "tests/fake/order.h"
#include "tests/fake/server.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HANG_MS 600000

struct fault {
    struct fault *next;
    enum fk_fault_kind kind;
    char *prefix;
    char *glob;     /* the whole path, with * and ?; NULL = anything */
    char *contains; /* also somewhere in path and query; NULL = anything */
    char *method;   /* NULL = any */
    long skip;      /* let so many matching requests through first */
    long every;     /* only each so-manieth after that */
    long seen;
    long count; /* below 0: until it is cleared */
    int status;
    char *retry_after;
    char *body;
    char *form; /* of rate */
    char *to;   /* of redirect */
    bool html;
    long bytes;
    long rows;
    long ms;
    char *header;
    char *value;
};

struct fk_faults {
    pthread_mutex_t lock;
    struct fault *first;
    long used;
};

static void fault_free(struct fault *f)
{
    free(f->prefix);
    free(f->glob);
    free(f->form);
    free(f->to);
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
           (!f->glob || fnmatch(f->glob, req->path, 0) == 0) &&
           (!f->contains || strstr(req->uri, f->contains)) &&
           (!f->method || strcmp(f->method, req->method) == 0);
}

/* Whether it is this request's turn. */
static bool fault_due(struct fault *f)
{
    if (f->skip > 0) {
        f->skip--;
        return false;
    }
    return f->every <= 1 || f->seen++ % f->every == 0;
}

static void set_status(const struct fault *f, struct fk_request *req)
{
    if (f->retry_after)
        fk_header(req, "Retry-After", "%s", f->retry_after);
    if (f->header)
        fk_header(req, f->header, "%s", f->value ? f->value : "");
    if (f->body) {
        req->status = f->status;
        req->content_type = f->html ? "text/html; charset=utf-8" : NULL;
        fk_buf_str(&req->body, f->body);
    } else if (f->html) {
        fk_html(req, f->status, "Something went wrong");
    } else {
        fk_fail(req, f->status, "FAULT", "Ordered by the test");
    }
}

/* Too many requests, in the forms that were seen in the field. */
static void set_rate(const struct fault *f, struct fk_request *req)
{
    const char *form = f->form ? f->form : "none";
    time_t until = (time_t)(fk_time_now() + f->ms) / 1000;
    char date[64];
    struct tm tm;

    gmtime_r(&until, &tm);
    (void)strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    fk_fail(req, strcmp(form, "403") == 0 ? 403 : 429, "TOO_MANY_REQUESTS",
            "Rate limit exceeded");
    if (strcmp(form, "seconds") == 0)
        fk_header(req, "Retry-After", "%ld", f->ms / 1000);
    else if (strcmp(form, "zero") == 0)
        fk_header(req, "Retry-After", "0");
    else if (strcmp(form, "huge") == 0)
        fk_header(req, "Retry-After", "99999999");
    else if (strcmp(form, "date") == 0)
        fk_header(req, "Retry-After", "%s", date);
    else if (strcmp(form, "403") == 0)
        fk_header(req, "Retry-After", "%ld", f->ms / 1000);
    fk_header(req, "X-RateLimit-Limit", "10");
    fk_header(req, "X-RateLimit-Remaining", "0");
    if (strcmp(form, "reset") == 0) {
        (void)strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
        fk_header(req, "X-RateLimit-Reset", "%s", date);
    }
}

static void set_redirect(const struct fault *f, struct fk_request *req)
{
    const char *to = f->to ? f->to : "loop";
    unsigned api = fk_server_port(req->server);
    unsigned media = fk_server_media_port(req->server);

    req->status = f->status >= 300 && f->status < 400 ? f->status : 302;
    if (strcmp(to, "media") == 0) /* another host: its own name and port */
        fk_buf_fmt(&req->location, "http://localhost:%u%s", media, req->uri);
    else if (strcmp(to, "login") == 0)
        fk_buf_fmt(&req->location, "http://127.0.0.1:%u%s/login.action?os=x",
                   api, fk_server_context(req->server));
    else if (strcmp(to, "sso") == 0)
        fk_buf_fmt(&req->location, "http://localhost:%u/login?continue=x",
                   media);
    else if (strcmp(to, "loop") == 0)
        fk_buf_str(&req->location, req->uri);
    else if (strcmp(to, "plain") == 0)
        fk_buf_fmt(&req->location, "http://127.0.0.1:%u%s", api, req->uri);
    else
        fk_buf_str(&req->location, to);
}

static void apply(const struct fault *f, struct fk_request *req, long *ret_ms)
{
    switch (f->kind) {
    case FK_FAULT_STATUS: set_status(f, req); break;
    case FK_FAULT_LOGIN: fk_login_page(req, f->body); break;
    case FK_FAULT_RATE: set_rate(f, req); break;
    case FK_FAULT_REDIRECT: set_redirect(f, req); break;
    case FK_FAULT_CUT_CHUNKED: req->chunked = true; break;
    case FK_FAULT_SLOW:
        req->drip_bytes = f->bytes > 0 ? f->bytes : 100;
        req->drip_ms = f->ms;
        break;
    case FK_FAULT_HANG:
    case FK_FAULT_DELAY: *ret_ms = f->ms; break;
    case FK_FAULT_REPEAT: req->twist.repeat = true; break;
    case FK_FAULT_END: req->twist.end = true; break;
    case FK_FAULT_MISSING: req->twist.missing = f->rows; break;
    case FK_FAULT_EMPTY: req->twist.empty = true; break;
    case FK_FAULT_NONE:
    case FK_FAULT_TRUNCATE:
    case FK_FAULT_RESET: break;
    }
    if (f->kind == FK_FAULT_TRUNCATE || f->kind == FK_FAULT_CUT_CHUNKED)
        req->cut = (int)f->bytes;
}

enum fk_fault_kind fk_faults_take(struct fk_faults *faults,
                                  struct fk_request *req, long *ret_ms)
{
    enum fk_fault_kind kind = FK_FAULT_NONE;

    pthread_mutex_lock(&faults->lock);
    for (struct fault **at = &faults->first; *at; at = &(*at)->next) {
        struct fault *f = *at;

        if (!fault_fits(f, req) || !fault_due(f))
            continue;
        kind = f->kind;
        faults->used++;
        apply(f, req, ret_ms);
        if (f->count > 0 && --f->count == 0) {
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
        [FK_FAULT_STATUS] = "status",
        [FK_FAULT_RATE] = "rate",
        [FK_FAULT_LOGIN] = "login",
        [FK_FAULT_REDIRECT] = "redirect",
        [FK_FAULT_RESET] = "reset",
        [FK_FAULT_TRUNCATE] = "truncate",
        [FK_FAULT_CUT_CHUNKED] = "cut-chunked",
        [FK_FAULT_SLOW] = "slow",
        [FK_FAULT_HANG] = "hang",
        [FK_FAULT_DELAY] = "delay",
        [FK_FAULT_REPEAT] = "repeat-cursor",
        [FK_FAULT_END] = "end-early",
        [FK_FAULT_MISSING] = "missing-rows",
        [FK_FAULT_EMPTY] = "empty-list",
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

static int default_ms(enum fk_fault_kind kind)
{
    switch (kind) {
    case FK_FAULT_HANG: return HANG_MS;
    case FK_FAULT_SLOW: return 100;
    case FK_FAULT_RATE: return 2000;
    default: return 1000;
    }
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
    f->every = fk_order_int(o, "every", 1);
    f->glob = copy_text(o, "glob");
    f->form = copy_text(o, "form");
    f->to = copy_text(o, "to");
    f->status = fk_order_int(o, "status", 503);
    f->retry_after = copy_retry_after(o);
    f->body = copy_text(o, "body");
    f->html = fk_order_bool(o, "html", false);
    f->bytes = fk_order_int(o, "bytes", FK_CUT_HALF);
    f->rows = fk_order_int(o, "rows", 1);
    f->ms = fk_order_int(o, "ms", default_ms(f->kind));
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

/* How many wait, and how many requests have suffered so far. */
void fk_faults_get(struct fk_request *req)
{
    struct fk_faults *faults = fk_server_faults(req->server);
    long waiting = 0;

    pthread_mutex_lock(&faults->lock);
    for (const struct fault *f = faults->first; f; f = f->next)
        waiting++;
    fk_json_open(&req->body, '{');
    fk_json_kint(&req->body, "waiting", waiting);
    fk_json_kint(&req->body, "used", faults->used);
    fk_json_close(&req->body, '}');
    pthread_mutex_unlock(&faults->lock);
    req->status = 200;
}
