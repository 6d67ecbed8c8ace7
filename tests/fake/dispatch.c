/*
 * What happens before a handler: is the caller known, is there such a path,
 * are the parameters what the vendor takes. The order is the vendor's: the
 * edge knows paths, then comes the credential, then the parameters.
 */
#include "tests/fake/dc.h"
#include "tests/fake/paging.h"
#include "tests/fake/server.h"

#include <ctype.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_ROUTES 96

static atomic_ulong counters[MAX_ROUTES];

/* Match one segment of a pattern against a segment of the path. */
static bool match_segment(struct fk_request *req, size_t arg,
                          const char *pattern, size_t pattern_len,
                          const char *text, size_t n)
{
    if (pattern[0] != '{')
        return n == pattern_len && memcmp(pattern, text, n) == 0;
    if (!n || n >= sizeof(req->args[0]) || arg >= FK_MAX_PATH_ARGS)
        return false;
    memcpy(req->args[arg], text, n);
    req->args[arg][n] = '\0';
    return true;
}

static bool match_path(struct fk_request *req, const char *pattern)
{
    const char *path = req->path;
    size_t arg = 0;

    while (*pattern == '/' && *path == '/') {
        size_t plen = strcspn(++pattern, "/");
        size_t n = strcspn(++path, "/");

        if (!match_segment(req, arg, pattern, plen, path, n))
            return false;
        arg += pattern[0] == '{';
        pattern += plen;
        path += n;
    }
    return !*pattern && !*path;
}

static bool all_digits(const char *text)
{
    size_t n = strspn(text, "0123456789");

    return n && n < 19 && !text[n];
}

static void wrong_type(struct fk_request *req, const char *value,
                       const char *name, const char *type)
{
    fk_fail(req, 400, "INVALID_REQUEST_PARAMETER",
            "Provided value {%.300s} for '%s' is not the correct type. "
            "Expected type is %s",
            value, name, type);
}

/* The {id} of v2 paths must be a number. */
static bool check_path_id(struct fk_request *req)
{
    const char *brace = strchr(req->route->pattern, '{');

    if (!brace || strncmp(brace, "{id}", 4) != 0)
        return true;
    if (!all_digits(req->args[0])) {
        wrong_type(req, req->args[0], "id", "long");
        return false;
    }
    req->id = strtoull(req->args[0], NULL, 10);
    return true;
}

/* Count the values of a list parameter and check each. */
static bool check_list(struct fk_request *req, const struct fk_rule *rule)
{
    const struct fk_param *p;
    long count = 0;

    for (size_t i = 0; (p = fk_request_param(req, rule->name, i)); i++) {
        for (const char *v = p->value; v; v = strchr(v, ',')) {
            char word[256];
            size_t n;

            v += *v == ',';
            n = strcspn(v, ",");
            if (n >= sizeof(word))
                n = sizeof(word) - 1;
            memcpy(word, v, n);
            word[n] = '\0';
            count++;
            if (rule->type == FK_RULE_IDS && !all_digits(word)) {
                wrong_type(req, word, rule->name, "long");
                return false;
            }
            if (rule->type == FK_RULE_ENUMS &&
                !fk_word_in(rule->words, '|', word)) {
                wrong_type(req, word, rule->name, rule->words);
                return false;
            }
        }
    }
    if (rule->max && count > rule->max) {
        fk_fail(req, 400, "INVALID_REQUEST_PARAMETER",
                "'%s' has %ld values, the maximum is %ld", rule->name, count,
                rule->max);
        return false;
    }
    return true;
}

static bool check_number(struct fk_request *req, const struct fk_rule *rule,
                         const char *value)
{
    const char *digits = value + (value[0] == '-');
    long n;

    if (!all_digits(digits)) {
        wrong_type(req, value, rule->name, "int");
        return false;
    }
    n = strtol(value, NULL, 10);
    if (n >= rule->min && n <= rule->max)
        return true;
    fk_fail(req, 400, "INVALID_REQUEST_PARAMETER",
            "'%s' must be between %ld and %ld but was %s", rule->name,
            rule->min, rule->max, value);
    return false;
}

static bool check_rule(struct fk_request *req, const struct fk_rule *rule)
{
    const char *value = fk_request_text(req, rule->name, NULL);

    switch (rule->type) {
    case FK_RULE_TEXT: return true;
    case FK_RULE_INT: return check_number(req, rule, value);
    case FK_RULE_BOOL:
        if (strcasecmp(value, "true") == 0 || strcasecmp(value, "false") == 0)
            return true;
        wrong_type(req, value, rule->name, "boolean");
        return false;
    case FK_RULE_ENUM:
        if (fk_word_in(rule->words, '|', value))
            return true;
        wrong_type(req, value, rule->name, rule->words);
        return false;
    case FK_RULE_CURSOR:
        if (fk_cursor_plausible(req))
            return true;
        wrong_type(req, value, rule->name, "Cursor");
        return false;
    case FK_RULE_ENUMS:
    case FK_RULE_IDS:
    case FK_RULE_TEXTS: return check_list(req, rule);
    }
    return true;
}

static bool check_params(struct fk_request *req)
{
    for (size_t i = 0; i < req->param_count; i++) {
        const char *name = req->params[i].name;
        const struct fk_rule *rule = req->route->rules;

        while (rule->name && strcmp(rule->name, name) != 0 &&
               strcmp(rule->name, "*") != 0)
            rule++;
        if (!rule->name) {
            fk_fail(req, 400, "INVALID_REQUEST_PARAMETER",
                    "Unknown query parameter '%s'", name);
            return false;
        }
        if (!check_rule(req, rule))
            return false;
    }
    return true;
}

static bool basic_fits(struct fk_request *req)
{
    const struct fk_options *o = fk_server_options(req->server);
    char *password = NULL;
    char *user =
        MHD_basic_auth_get_username_password(req->connection, &password);
    bool fits = user && password && strcmp(user, o->user) == 0 &&
                strcmp(password, o->token) == 0;

    MHD_free(user);
    MHD_free(password);
    return fits && (!o->scoped || req->gateway);
}

static bool bearer_fits(struct fk_request *req)
{
    const struct fk_options *o = fk_server_options(req->server);
    const char *header = MHD_lookup_connection_value(
        req->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);

    if (!o->bearer || !header || strncmp(header, "Bearer ", 7) != 0 ||
        strcmp(header + 7, o->bearer) != 0)
        return false;
    return !o->scoped || req->gateway || strncmp(req->path, "/oauth/", 7) == 0;
}

static bool authorized(struct fk_request *req)
{
    const char *header = fk_request_header(req, "Authorization");

    if (req->site->datacenter)
        return fk_dc_authorized(req,
                                header && strncasecmp(header, "Basic ", 6) == 0,
                                basic_fits(req), bearer_fits(req));
    if (strcmp(req->path, "/_edge/tenant_info") == 0)
        return true;
    if (basic_fits(req) || bearer_fits(req))
        return true;
    req->status = 401;
    req->challenge = "Basic realm=\"Atlassian API\"";
    if (req->gateway)
        fk_buf_str(&req->body, "{\"code\":401,\"message\":\"Unauthorized\"}");
    else
        fk_html(req, 401, "Unauthorized (401)");
    return false;
}

static const struct fk_route *route_table(const struct fk_site *site)
{
    return site->datacenter ? fk_dc_routes : fk_route_table;
}

static size_t route_count(const struct fk_site *site)
{
    return site->datacenter ? fk_dc_route_count : fk_route_count;
}

static const struct fk_route *find_in(struct fk_request *req,
                                      const struct fk_route *table,
                                      size_t count, bool *ret_known_path)
{
    *ret_known_path = false;
    for (size_t i = 0; i < count; i++) {
        const struct fk_route *r = &table[i];

        if (!match_path(req, r->pattern))
            continue;
        *ret_known_path = true;
        if (strcmp(r->method, req->method) == 0) {
            if (i < MAX_ROUTES && table == route_table(req->site))
                atomic_fetch_add(&counters[i], 1);
            return r;
        }
    }
    return NULL;
}

static const struct fk_route *find_route(struct fk_request *req,
                                         bool *ret_known_path)
{
    return find_in(req, route_table(req->site), route_count(req->site),
                   ret_known_path);
}

/* The media port knows one route and takes no credential at all. */
static void dispatch_media(struct fk_request *req)
{
    bool known;

    if (strncmp(req->path, "/login", 6) == 0) {
        fk_login_page(req, NULL);
        return;
    }
    req->route = find_in(req, fk_route_table, fk_route_count, &known);
    if (!req->route || req->route->handler != fk_attachments_media) {
        fk_html(req, 404, "Not Found");
        return;
    }
    if (req->authorized_header) {
        fk_html(req, 400, "Bad Request: only one auth mechanism is allowed");
        return;
    }
    req->route->handler(req);
}

static bool gateway_known(const struct fk_request *req)
{
    const char *cloud_id = req->site->cloud_id;
    size_t n = strlen(cloud_id);
    const char *given;

    if (req->gateway_port && !req->gateway)
        return strncmp(req->path, "/oauth/", 7) == 0;
    if (!req->gateway)
        return true;
    if (!req->gateway_port && fk_server_options(req->server)->split_gateway)
        return false;
    given = req->path_buf + strlen("/ex/confluence/");
    return strncmp(given, cloud_id, n) == 0 && given[n] == '/';
}

static void dispatch_api(struct fk_request *req)
{
    bool known;

    if (strncmp(req->path, "/login.action", 13) == 0) {
        fk_login_page(req, NULL);
        return;
    }
    req->route = find_route(req, &known);
    if (!authorized(req))
        return;
    if (!gateway_known(req) ||
        (req->route && req->route->handler == fk_attachments_media)) {
        fk_html(req, 404, "Not Found");
    } else if (req->upload_too_big) {
        fk_html(req, 413, "Payload Too Large");
    } else if (req->too_long) {
        fk_html(req, 414, "URI Too Long");
    } else if (!req->route && known) {
        fk_fail(req, 405, "METHOD_NOT_ALLOWED", "Method Not Allowed");
    } else if (!req->route) {
        if (strncmp(req->path, "/wiki/api/v2/", 13) == 0 ||
            (req->site->datacenter && strncmp(req->path, "/rest/", 6) == 0))
            fk_fail(req, 404, "NOT_FOUND", "Not Found");
        else
            fk_html(req, 404, "Not Found");
    } else if (check_path_id(req) && check_params(req)) {
        req->route->handler(req);
    }
}

void fk_routes_dispatch(struct fk_request *req)
{
    pthread_rwlock_rdlock(&req->site->lock);
    if (req->media)
        dispatch_media(req);
    else
        dispatch_api(req);
    pthread_rwlock_unlock(&req->site->lock);
}

void fk_routes_counters(const struct fk_site *site, struct fk_buf *out)
{
    char key[128];

    for (size_t i = 0; i < route_count(site) && i < MAX_ROUTES; i++) {
        const struct fk_route *r = &route_table(site)[i];
        unsigned long n = atomic_load(&counters[i]);

        if (!n)
            continue;
        (void)snprintf(key, sizeof(key), "%s %s", r->method, r->pattern);
        fk_json_kint(out, key, (int64_t)n);
    }
}

void fk_routes_counters_reset(void)
{
    for (size_t i = 0; i < MAX_ROUTES; i++)
        atomic_store(&counters[i], 0);
}
