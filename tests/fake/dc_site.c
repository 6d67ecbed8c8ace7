/*
 * A Data Center beside its content: spaces, trash, people, logins, downloads.
 */
#include "tests/fake/dc.h"
#include "tests/fake/server.h"

#include <stdlib.h>
#include <string.h>

static bool space_fits(const struct fk_request *req, const struct fk_space *s)
{
    bool personal = strcmp(s->type, "personal") == 0;

    return !s->item.hidden &&
           fk_request_has(req, "spaceKey", s->item.key, s->item.key) &&
           fk_request_has(req, "type", personal ? "personal" : "global",
                          personal ? "personal" : "global") &&
           fk_request_has(req, "status", s->item.status, s->item.status);
}

static void write_space_row(struct fk_request *req, size_t i, const void *ctx)
{
    struct fk_space *const *rows = ctx;

    fk_rest_space(req, rows[i], "");
}

/* A start beyond the end gives the last space once more: the vendor's bug. */
void fk_dc_spaces(struct fk_request *req)
{
    const struct fk_set *all = &req->site->spaces;
    struct fk_space **rows = fk_alloc((all->count + 1) * sizeof(*rows));
    size_t start = (size_t)fk_request_int(req, "start", 0);
    size_t n = 0;

    for (size_t i = 0; i < all->count; i++)
        if (space_fits(req, (struct fk_space *)all->items[i]))
            rows[n++] = (struct fk_space *)all->items[i];
    if (n && start >= n && start < 100000) {
        struct fk_space *last = rows[n - 1];

        rows = fk_realloc(rows, (start + 1) * sizeof(*rows));
        rows[start] = last;
        n = start + 1;
    }
    fk_dc_rows(req, n, 25, write_space_row, rows);
    free(rows);
}

static struct fk_space *path_space(struct fk_request *req)
{
    struct fk_space *s = fk_site_space_by_key(req->site, req->args[0]);

    if (s && !s->item.hidden)
        return s;
    fk_fail(req, 404, "", "No space with key : %s", req->args[0]);
    return NULL;
}

void fk_dc_space(struct fk_request *req)
{
    struct fk_space *s = path_space(req);

    if (!s)
        return;
    req->status = 200;
    fk_rest_space(req, s, "");
    (void)fk_dc_failed(req);
}

void fk_dc_trash(struct fk_request *req)
{
    const struct fk_set *all = &req->site->content;
    const struct fk_space *s = path_space(req);
    struct fk_hit *hits;
    size_t n = 0;

    if (!s)
        return;
    if (req->site->dc->no_admin) {
        fk_fail(req, 403, "", "The caller is no admin of this space");
        return;
    }
    hits = fk_alloc((all->count + 1) * sizeof(*hits));
    for (size_t i = 0; i < all->count; i++) {
        const struct fk_content *c = (struct fk_content *)all->items[i];

        if (c->space == s && c->kind <= FK_BLOGPOST &&
            strcmp(c->item.status, "trashed") == 0)
            hits[n++] = fk_hit_content(c);
    }
    fk_dc_scan(req, hits, n);
    free(hits);
}

void fk_dc_user(struct fk_request *req)
{
    const char *name = fk_request_text(req, "key", NULL);
    const struct fk_user *u;

    if (!name)
        name = fk_request_text(req, "username", NULL);
    u = fk_site_person(req->site, name);
    if (!u || strcmp(u->status, "closed") == 0) {
        fk_fail(req, 404, "", "No user found with key : %s",
                name ? name : "null");
        return;
    }
    req->status = 200;
    fk_rest_person(req, u->id);
}

static void write_user_row(struct fk_request *req, size_t i, const void *ctx)
{
    (void)ctx;
    fk_rest_person(req, req->site->users[i].id);
}

void fk_dc_users(struct fk_request *req)
{
    fk_dc_rows(req, req->site->user_count, 100, write_user_row, NULL);
}

void fk_dc_current_user(struct fk_request *req)
{
    req->status = 200;
    fk_rest_person(req, req->site->account);
}

void fk_dc_information(struct fk_request *req)
{
    double version = req->site->dc->version;
    int major = (int)version;

    if (version < 10) {
        fk_fail(req, 404, "", "null for uri: %s", req->path);
        return;
    }
    req->status = 200;
    fk_json_open(&req->body, '{');
    fk_json_kstr(&req->body, "baseUrl", req->site->base);
    fk_json_key(&req->body, "version");
    fk_buf_fmt(&req->body, "\"%d.%d.3\"", major,
               (int)((version - major) * 100 + 0.5));
    fk_json_kint(&req->body, "buildNumber", 10003);
    fk_json_close(&req->body, '}');
}

void fk_dc_access_mode(struct fk_request *req)
{
    req->status = 200;
    fk_buf_str(&req->body, "\"READ_WRITE\"");
}

/* With the same credential, on the same host. */
void fk_dc_download(struct fk_request *req)
{
    uint64_t owner = strtoull(req->args[0], NULL, 10);
    const struct fk_content *c = fk_site_content(req->site, owner);
    size_t n = 0;
    struct fk_item **owned =
        fk_set_owned(req->site, &req->site->attachments, owner, &n);

    for (size_t i = 0; c && fk_content_visible(req->site, c) && i < n; i++) {
        const struct fk_attachment *a = (struct fk_attachment *)owned[i];
        long version = fk_request_int(req, "version", a->item.version.number);

        if (strcmp(a->item.title, req->args[1]) != 0 ||
            strcmp(a->item.status, "current") != 0)
            continue;
        while (a && a->item.version.number != version)
            a = a->before;
        if (a && req->site->dc->media_redirect)
            fk_attachments_redirect(req, a);
        else if (a)
            fk_attachments_send(req, a);
        if (a)
            return;
    }
    fk_html(req, 404, "Page Not Found");
}

void fk_dc_localise(const struct fk_site *site, struct fk_body *body)
{
    static const char name[] = "ri:account-id=\\\"";
    const char *at = body->json;
    struct fk_buf out = {0};
    const char *found;

    if (!site->datacenter || !at)
        return;
    while ((found = strstr(at, name))) {
        const char *id = found + sizeof(name) - 1;
        size_t n = strcspn(id, "\\");
        char text[128];
        const struct fk_user *u;

        (void)snprintf(text, sizeof(text), "%.*s", (int)n, id);
        u = fk_site_user(site, text);
        fk_buf_add(&out, at, (size_t)(found - at));
        fk_buf_fmt(&out, "ri:userkey=\\\"%s", u ? u->key : text);
        at = id + n;
    }
    fk_buf_str(&out, at);
    free(body->json);
    body->len = out.len;
    body->json = fk_buf_take(&out);
}

void fk_dc_set_body(const struct fk_site *site, struct fk_body *body,
                    const char *text)
{
    fk_body_set(body, text, strlen(text));
    fk_dc_localise(site, body);
}

static bool locked(const struct fk_dc *dc)
{
    return dc->lock_after > 0 && dc->failed_logins >= dc->lock_after;
}

/* After some failed logins the vendor wants a CAPTCHA: from then on even the
 * right password is refused. Tokens do not count. */
bool fk_dc_authorized(struct fk_request *req, bool basic, bool basic_fits,
                      bool bearer_fits)
{
    struct fk_dc *dc = req->site->dc;

    if (bearer_fits && dc->version >= 7.09)
        return true;
    if (basic && locked(dc)) {
        fk_html(req, 403,
                "Basic Authentication Failure - Reason : "
                "AUTHENTICATION_DENIED");
        fk_header(req, "X-Seraph-LoginReason", "AUTHENTICATION_DENIED");
        return false;
    }
    if (basic_fits) {
        dc->failed_logins = 0;
        fk_header(req, "X-Seraph-LoginReason", "OK");
        return true;
    }
    if (basic) {
        dc->failed_logins++;
        fk_header(req, "X-Seraph-LoginReason", "AUTHENTICATED_FAILED");
    }
    fk_html(req, 401, "Basic Authentication Failure");
    req->challenge = "Basic realm=\"protected-area\"";
    return false;
}

void fk_dc_unlock(struct fk_request *req)
{
    if (req->site->dc)
        req->site->dc->failed_logins = 0;
    req->status = 200;
    fk_buf_str(&req->body, "{\"ok\":true}");
}
