/*
 * What answers of `/rest/api` are made of: expansions, times, people,
 * versions, spaces; see rest.h.
 */
#include "tests/fake/rest.h"
#include "tests/fake/server.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool listed(const char *list, const char *name)
{
    size_t n = strlen(name);

    while (list && *list) {
        if (strncmp(list, name, n) == 0 && (!list[n] || strchr(".,", list[n])))
            return true;
        list = strchr(list, ',');
        if (list)
            list++;
    }
    return false;
}

bool fk_rest_expands(const struct fk_request *req, const char *fallback,
                     const char *name)
{
    const struct fk_param *p;
    size_t i;

    for (i = 0; (p = fk_request_param(req, "expand", i)); i++)
        if (listed(p->value, name))
            return true;
    return i == 0 && listed(fallback, name);
}

bool fk_rest_expands_body(const struct fk_request *req)
{
    return fk_rest_expands(req, NULL, "body");
}

void fk_rest_time(struct fk_request *req, const char *key, int64_t ms)
{
    int minutes = req->site->offset_minutes;
    int size = minutes < 0 ? -minutes : minutes;
    char text[48];

    if (!req->site->datacenter) {
        fk_json_ktime(&req->body, key, ms);
        return;
    }
    fk_time_format(ms + (int64_t)minutes * 60000, text);
    (void)snprintf(text + 23, sizeof(text) - 23, "%c%02d:%02d",
                   minutes < 0 ? '-' : '+', size / 60 % 24, size % 60);
    fk_json_kstr(&req->body, key, text);
}

void fk_rest_self(struct fk_request *req, const char *fmt, ...)
{
    struct fk_buf path = {0};
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    fk_buf_fmt(&path, "%s%s", req->site->base, text);
    fk_json_key(&req->body, "_links");
    fk_json_open(&req->body, '{');
    fk_json_kstr(&req->body, "self", path.data);
    fk_json_close(&req->body, '}');
    fk_buf_clear(&path);
}

static void write_known(struct fk_request *req, const struct fk_user *u)
{
    struct fk_buf *out = &req->body;

    fk_json_kstr(out, "type", "known");
    if (req->site->datacenter) {
        fk_json_kstr(out, "username", u->username);
        fk_json_kstr(out, "userKey", u->key);
    } else {
        fk_json_kstr(out, "accountId", u->id);
        fk_json_kstr(out, "accountType", "atlassian");
        fk_json_kstr(out, "publicName", u->name);
    }
    fk_json_kstr(out, "displayName", u->name);
}

/* Who is gone: a Data Center calls them unknown, Cloud forgets the name. */
static void write_unknown(struct fk_request *req, const struct fk_user *u,
                          const char *id)
{
    struct fk_buf *out = &req->body;

    if (!req->site->datacenter) {
        fk_json_kstr(out, "type", "known");
        fk_json_kstr(out, "accountId", id);
        fk_json_kstr(out, "accountType", "unknown");
        fk_json_kstr(out, "publicName", "Former user");
    } else if (u) {
        fk_json_kstr(out, "type", "unknown");
        fk_json_kstr(out, "username", u->key);
        fk_json_kstr(out, "userKey", u->key);
        fk_json_kstr(out, "displayName", "Unknown User");
    } else {
        fk_json_kstr(out, "type", "anonymous");
        fk_json_kstr(out, "displayName", "Anonymous");
    }
}

void fk_rest_person(struct fk_request *req, const char *id)
{
    const struct fk_user *u = fk_site_user(req->site, id);
    struct fk_buf *out = &req->body;

    fk_json_open(out, '{');
    if (u && strcmp(u->status, "closed") != 0)
        write_known(req, u);
    else
        write_unknown(req, u, id);
    fk_json_key(out, "profilePicture");
    fk_buf_str(out, "{\"path\":\"/images/icons/profilepics/default.svg\","
                    "\"width\":48,\"height\":48,\"isDefault\":true}");
    fk_json_key(out, "_expandable");
    fk_buf_str(out, "{\"status\":\"\"}}");
}

void fk_rest_version(struct fk_request *req, const char *key,
                     const struct fk_version *v)
{
    struct fk_buf *out = &req->body;

    fk_json_key(out, key);
    fk_json_open(out, '{');
    fk_json_key(out, "by");
    fk_rest_person(req, v->author);
    fk_rest_time(req, "when", v->created);
    fk_json_kstr(out, "message", v->message ? v->message : "");
    fk_json_kint(out, "number", v->number);
    fk_json_kbool(out, "minorEdit", v->minor);
    fk_json_kbool(out, "hidden", false);
    fk_json_close(out, '}');
}

void fk_rest_space(struct fk_request *req, const struct fk_space *s,
                   const char *fallback)
{
    struct fk_buf *out = &req->body;
    bool personal = strcmp(s->type, "personal") == 0;

    fk_json_open(out, '{');
    fk_json_kint(out, "id", (int64_t)s->item.id);
    fk_json_kstr(out, "key", s->item.key);
    fk_json_kstr(out, "name", s->item.title);
    fk_json_kstr(out, "type",
                 !req->site->datacenter ? s->type
                 : personal             ? "personal"
                                        : "global");
    fk_json_kstr(out, "status", s->item.status);
    if (fk_rest_expands(req, fallback, "description.plain")) {
        fk_json_key(out, "description");
        fk_buf_str(out, "{\"plain\":{\"representation\":\"plain\"");
        fk_json_kstr(out, "value", s->description ? s->description : "");
        fk_buf_str(out, "}}");
    }
    if (fk_rest_expands(req, fallback, "homepage")) {
        const struct fk_content *home = fk_site_content(req->site, s->home);

        fk_json_key(out, "homepage");
        if (home) {
            struct fk_hit hit = fk_hit_content(home);

            fk_rest_content(req, &hit, "none");
        } else {
            fk_json_raw(out, "null");
        }
    }
    fk_json_key(out, "_links");
    fk_buf_str(out, "{\"webui\":\"/display/");
    fk_buf_urlenc(out, s->item.key);
    fk_buf_str(out, "\"},\"_expandable\":{\"metadata\":\"\",\"icon\":\"\"}}");
}
