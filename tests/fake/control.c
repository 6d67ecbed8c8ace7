/*
 * The control surface below /_control/: looking at the server. What changes
 * the site is in control_edit.c, what breaks answers in fault.c.
 */
#include "tests/fake/control.h"
#include "tests/fake/dc.h"
#include "tests/fake/server.h"

#include <string.h>

/* Each space with its content: id, type, status, version, title, parent. */
static void write_content(struct fk_buf *out, const struct fk_content *c)
{
    fk_json_open(out, '{');
    fk_json_kid(out, "id", c->item.id);
    fk_json_kstr(out, "type", fk_kind_name(c->kind));
    fk_json_kstr(out, "status", c->item.status);
    fk_json_kstr(out, "title", c->item.title);
    fk_json_kid(out, "parentId", c->item.owner);
    fk_json_kint(out, "version", c->item.version.number);
    fk_json_ktime(out, "modified", c->item.version.created);
    if (c->item.hidden)
        fk_json_kbool(out, "hidden", true);
    fk_json_close(out, '}');
}

static void get_state(struct fk_request *req)
{
    const struct fk_site *site = req->site;
    struct fk_buf *out = &req->body;

    fk_json_open(out, '{');
    fk_json_key(out, "spaces");
    fk_json_open(out, '[');
    for (size_t i = 0; i < site->spaces.count; i++) {
        const struct fk_space *s = (struct fk_space *)site->spaces.items[i];

        fk_json_open(out, '{');
        fk_json_kid(out, "id", s->item.id);
        fk_json_kstr(out, "key", s->item.key);
        if (s->item.hidden)
            fk_json_kbool(out, "hidden", true);
        fk_json_key(out, "content");
        fk_json_open(out, '[');
        for (size_t k = 0; k < site->content.count; k++) {
            const struct fk_content *c =
                (struct fk_content *)site->content.items[k];

            if (c->space == s)
                write_content(out, c);
        }
        fk_buf_str(out, "]}");
    }
    fk_json_close(out, ']');
    fk_json_kint(out, "attachments", (int64_t)site->attachments.count);
    fk_json_kint(out, "comments", (int64_t)site->comments.count);
    fk_json_close(out, '}');
    req->status = 200;
}

static void get_requests(struct fk_request *req)
{
    req->status = 200;
    fk_json_open(&req->body, '{');
    fk_routes_counters(req->site, &req->body);
    fk_json_close(&req->body, '}');
}

static void reset_requests(struct fk_request *req)
{
    fk_routes_counters_reset();
    req->status = 200;
    fk_buf_str(&req->body, "{\"ok\":true}");
}

static void get_ports(struct fk_request *req)
{
    req->status = 200;
    fk_json_open(&req->body, '{');
    fk_json_kint(&req->body, "api", fk_server_port(req->server));
    fk_json_kint(&req->body, "media", fk_server_media_port(req->server));
    fk_json_kint(&req->body, "gateway", fk_server_gateway_port(req->server));
    fk_json_close(&req->body, '}');
}

static const struct {
    const char *method;
    const char *name;
    void (*handler)(struct fk_request *req);
    bool changes; /* runs under the write lock */
} actions[] = {
    {"GET", "state", get_state, false},
    {"GET", "requests", get_requests, false},
    {"POST", "reset-requests", reset_requests, false},
    {"POST", "fault", fk_faults_post, false},
    {"GET", "faults", fk_faults_get, false},
    {"POST", "clear-faults", fk_faults_reset, false},
    {"POST", "edit", fk_control_edit, true},
    {"POST", "move", fk_control_move, true},
    {"POST", "delete", fk_control_delete, true},
    {"POST", "restore", fk_control_restore, true},
    {"POST", "create", fk_control_create, true},
    {"POST", "label", fk_control_label, true},
    {"POST", "rename-user", fk_control_rename_user, true},
    {"POST", "hide", fk_control_hide, true},
    {"POST", "poison", fk_control_poison, true},
    {"POST", "restrict", fk_control_restrict, true},
    {"POST", "space", fk_control_space, true},
    {"POST", "set", fk_control_set, true},
    {"POST", "swap", fk_control_swap, true},
    {"POST", "random", fk_control_random, true},
    {"POST", "random-faults", fk_control_random_faults, false},
    {"POST", "unlock", fk_dc_unlock, false},
    {"GET", "truth", fk_control_truth, false},
    {"GET", "ports", get_ports, false},
    {"GET", "media", fk_records_get, false},
    {"POST", "reset-media", fk_records_reset, false},
    {"POST", "attach", fk_control_attach, true},
    {"POST", "comment", fk_control_comment, true},
};

void fk_control_dispatch(struct fk_request *req)
{
    const char *name = req->path + strlen("/_control/");

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strcmp(actions[i].name, name) != 0 ||
            strcmp(actions[i].method, req->method) != 0)
            continue;
        if (actions[i].changes)
            pthread_rwlock_wrlock(&req->site->lock);
        else
            pthread_rwlock_rdlock(&req->site->lock);
        actions[i].handler(req);
        pthread_rwlock_unlock(&req->site->lock);
        return;
    }
    fk_fail(req, 404, "CONTROL", "no such action: %s %s", req->method, name);
}
