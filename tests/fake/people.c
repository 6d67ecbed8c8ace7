/*
 * People: users-bulk, the caller's own account, and the site's cloud id.
 */
#include "tests/fake/order.h"
#include "tests/fake/rest.h"

#include <string.h>

/* The vendor hides what the profile does not share: e-mail unless it is the
 * caller's, and everything of a closed account. */
static void write_user(struct fk_request *req, const struct fk_user *u)
{
    struct fk_buf *out = &req->body;
    bool closed = strcmp(u->status, "closed") == 0;

    fk_json_open(out, '{');
    if (!closed) {
        fk_json_kstr(out, "displayName", u->name);
        if (u->zone)
            fk_json_kstr(out, "timeZone", u->zone);
    }
    fk_json_kstr(out, "personalSpaceId", NULL);
    fk_json_kbool(out, "isExternalCollaborator", false);
    fk_json_kstr(out, "accountStatus", u->status);
    fk_json_kstr(out, "accountId", u->id);
    if (u->email && strcmp(u->id, req->site->account) == 0)
        fk_json_kstr(out, "email", u->email);
    fk_json_kstr(out, "accountType", "atlassian");
    fk_json_kstr(out, "publicName", closed ? "Former user" : u->name);
    fk_json_key(out, "profilePicture");
    fk_buf_str(out, "{\"path\":\"/wiki/aa-avatar/x\",\"isDefault\":true}}");
}

static bool check_ids(struct fk_request *req, const cJSON *ids)
{
    const cJSON *id;
    int n = cJSON_GetArraySize(ids);

    cJSON_ArrayForEach (id, ids) {
        if (!cJSON_IsString(id))
            n = 0;
    }
    if (cJSON_IsArray(ids) && n >= 1 && n <= 250)
        return true;
    fk_fail(req, 400, "INVALID_REQUEST_PARAMETER",
            "accountIds must be 1 to 250 strings");
    return false;
}

void fk_people_bulk(struct fk_request *req)
{
    cJSON *root = fk_order_parse(&req->upload);
    const cJSON *ids = cJSON_GetObjectItem(root, "accountIds");
    const cJSON *id;

    if (check_ids(req, ids)) {
        req->status = 200;
        fk_buf_str(&req->body, "{\"results\":[");
        cJSON_ArrayForEach (id, ids) {
            const struct fk_user *u = fk_site_user(req->site, id->valuestring);

            if (u)
                write_user(req, u);
        }
        fk_buf_str(&req->body, "]");
        fk_json_key(&req->body, "_links");
        fk_json_open(&req->body, '{');
        fk_json_kstr(&req->body, "base", req->site->base);
        fk_buf_str(&req->body, "}}");
        fk_buf_fmt(&req->link, "<%s>; rel=\"base\"", req->site->base);
    }
    cJSON_Delete(root);
}

void fk_people_current(struct fk_request *req)
{
    const struct fk_user *u = fk_site_user(req->site, req->site->account);
    struct fk_buf *out = &req->body;

    req->status = 200;
    fk_json_open(out, '{');
    fk_json_kstr(out, "type", "known");
    fk_json_kstr(out, "accountId", req->site->account);
    fk_json_kstr(out, "accountType", "atlassian");
    fk_json_kstr(out, "email", u ? u->email : NULL);
    fk_json_kstr(out, "publicName", u ? u->name : "Demo");
    fk_json_kstr(out, "displayName", u ? u->name : "Demo");
    fk_json_kstr(out, "timeZone", u && u->zone ? u->zone : "Europe/Berlin");
    fk_json_kbool(out, "isExternalCollaborator", false);
    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_kstr(out, "base", req->site->base);
    fk_json_kstr(out, "context", "/wiki");
    fk_buf_str(out, "}}");
}

void fk_people_tenant(struct fk_request *req)
{
    req->status = 200;
    fk_json_open(&req->body, '{');
    fk_json_kstr(&req->body, "cloudId", req->site->cloud_id);
    fk_json_close(&req->body, '}');
}

void fk_people_user(struct fk_request *req)
{
    const char *id = fk_request_text(req, "accountId", NULL);

    if (!fk_site_user(req->site, id)) {
        fk_not_found(req, "The user");
        return;
    }
    req->status = 200;
    fk_rest_person(req, id);
}

/* The first hundred; whom nobody knows is left out. */
void fk_people_users(struct fk_request *req)
{
    const struct fk_param *p;
    long size = 0;

    req->status = 200;
    fk_buf_str(&req->body, "{\"results\":[");
    for (size_t i = 0; i < 100; i++) {
        p = fk_request_param(req, "accountId", i);
        if (!p)
            break;
        if (!fk_site_user(req->site, p->value))
            continue;
        fk_rest_person(req, p->value);
        size++;
    }
    fk_buf_fmt(&req->body, "],\"start\":0,\"limit\":100,\"size\":%ld", size);
    fk_rest_self(req, "/rest/api/user/bulk");
    fk_json_close(&req->body, '}');
}

void fk_people_system(struct fk_request *req)
{
    req->status = 200;
    fk_json_open(&req->body, '{');
    fk_json_kstr(&req->body, "cloudId", req->site->cloud_id);
    fk_json_kstr(&req->body, "commitHash", "fake");
    fk_json_kstr(&req->body, "baseUrl", req->site->base);
    fk_json_kstr(&req->body, "defaultTimeZone", "Europe/Berlin");
    fk_json_close(&req->body, '}');
}

/* The sites that an OAuth token reaches. */
void fk_people_resources(struct fk_request *req)
{
    size_t n = strlen(req->site->base);

    if (n > 5 && strcmp(req->site->base + n - 5, "/wiki") == 0)
        n -= 5;
    req->status = 200;
    fk_buf_str(&req->body, "[{");
    fk_json_kstr(&req->body, "id", req->site->cloud_id);
    fk_json_key(&req->body, "url");
    fk_buf_fmt(&req->body, "\"%.*s\"", (int)n, req->site->base);
    fk_json_kstr(&req->body, "name", "acme");
    fk_buf_str(&req->body, ",\"scopes\":[\"read:page:confluence\"]}]");
}
