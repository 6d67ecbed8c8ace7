/*
 * Orders about who may see what, about whole spaces, and about the server's
 * own settings.
 */
#include "tests/fake/control.h"
#include "tests/fake/dc.h"

#include <stdlib.h>
#include <string.h>

static void set_hidden(struct fk_request *req, struct fk_item *item,
                       const cJSON *o, bool hidden)
{
    item->hidden = hidden;
    item->forbidden = fk_order_int(o, "status", 404) == 403;
    req->site->any_hidden = true;
}

void fk_control_hide(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_content *c = fk_site_content(req->site, fk_order_id(o, "id"));
    struct fk_space *s =
        fk_site_space_by_key(req->site, fk_order_text(o, "space", NULL));
    struct fk_item *item = c ? &c->item : s ? &s->item : NULL;

    if (!item) {
        fk_control_refuse(req, "needs the id of content or the key of a space");
    } else {
        set_hidden(req, item, o, fk_order_bool(o, "hidden", true));
        fk_control_done(req, item);
    }
    cJSON_Delete(o);
}

/* ["a","b"] -> "a,b"; NULL when there is nothing in it. */
static char *join_texts(const cJSON *list)
{
    struct fk_buf out = {0};
    const cJSON *value;

    cJSON_ArrayForEach (value, list) {
        if (!cJSON_IsString(value))
            continue;
        if (out.len)
            fk_buf_add(&out, ",", 1);
        fk_buf_str(&out, value->valuestring);
    }
    return out.len ? fk_buf_take(&out) : NULL;
}

static void replace_list(char **at, const cJSON *o, const char *key)
{
    const cJSON *list = cJSON_GetObjectItem(o, key);

    if (!list)
        return;
    free(*at);
    *at = join_texts(list);
}

/* Empty lists lift the restriction. The caller still sees it when named, or
 * with "member": true when a group is named. */
void fk_control_restrict(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_content *c = fk_site_content(req->site, fk_order_id(o, "id"));

    if (!c) {
        fk_control_refuse(req, "no such content");
    } else {
        bool named;

        replace_list(&c->readers, o, "read");
        replace_list(&c->reader_groups, o, "readGroups");
        replace_list(&c->writers, o, "update");
        named = (c->readers && strstr(c->readers, req->site->account)) ||
                (c->reader_groups && fk_order_bool(o, "member", false));
        set_hidden(req, &c->item, o,
                   (c->readers || c->reader_groups) && !named);
        fk_control_done(req, &c->item);
    }
    cJSON_Delete(o);
}

static void replace_text(char **at, const char *text)
{
    char *copy;

    if (!text)
        return;
    copy = fk_strdup(text);
    free(*at);
    *at = copy;
}

static void drop_space(struct fk_site *site, struct fk_space *s)
{
    for (size_t i = site->content.count; i-- > 0;) {
        struct fk_content *c = (struct fk_content *)site->content.items[i];

        if (c->space == s)
            fk_control_purge(site, c);
    }
    fk_set_remove(&site->spaces, &s->item);
    fk_space_free(s);
}

/* With a home page of its own, as the vendor makes it. */
static struct fk_space *new_space(struct fk_site *site, const cJSON *o)
{
    const char *key = fk_order_text(o, "space", NULL);
    struct fk_space *s = fk_alloc(sizeof(*s));
    struct fk_content *home = fk_alloc(sizeof(*home));

    s->item.id = fk_site_new_id(site);
    s->item.key = fk_strdup(key);
    s->item.title = fk_strdup(key);
    s->item.status = fk_strdup("current");
    s->item.created = fk_time_now();
    s->type = fk_strdup("global");
    s->author = fk_strdup(site->account);
    fk_set_add(&site->spaces, &s->item);
    fk_control_fill(site, &home->item, o);
    replace_text(&home->item.title, key);
    home->space = s;
    home->author = fk_strdup(home->item.version.author);
    fk_dc_set_body(site, &home->body, "<p>Welcome.</p>");
    fk_set_add(&site->content, &home->item);
    s->home = home->item.id;
    return s;
}

void fk_control_space(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_space *s =
        fk_site_space_by_key(req->site, fk_order_text(o, "space", NULL));
    struct fk_content *home =
        fk_site_content(req->site, fk_order_id(o, "home"));

    if (!s && fk_order_bool(o, "new", false))
        s = new_space(req->site, o);
    if (!s) {
        fk_control_refuse(req, "no such space");
    } else {
        replace_text(&s->item.title, fk_order_text(o, "name", NULL));
        replace_text(&s->item.key, fk_order_text(o, "key", NULL));
        replace_text(&s->item.status, fk_order_text(o, "status", NULL));
        replace_text(&s->description, fk_order_text(o, "description", NULL));
        if (home)
            s->home = home->item.id;
        fk_set_touch(&req->site->spaces);
        fk_control_done(req, &s->item);
        if (fk_order_bool(o, "gone", false))
            drop_space(req->site, s);
    }
    cJSON_Delete(o);
}

static void set_dc(struct fk_dc *dc, const cJSON *o)
{
    dc->no_scan = fk_order_bool(o, "noScan", dc->no_scan);
    dc->no_admin = fk_order_bool(o, "noAdmin", dc->no_admin);
    dc->media_redirect = fk_order_bool(o, "mediaRedirect", dc->media_redirect);
    dc->exact_step = fk_order_bool(o, "exactStep", dc->exact_step);
    dc->cap_body = fk_order_int(o, "capBody", (int)dc->cap_body);
    dc->cap_expand = fk_order_int(o, "capExpand", (int)dc->cap_expand);
    dc->cap_plain = fk_order_int(o, "capPlain", (int)dc->cap_plain);
}

void fk_control_set(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);

    if (!cJSON_IsObject(o)) {
        fk_control_refuse(req, "the body must be a JSON object");
    } else {
        long lag = req->site->search_lag_ms;

        replace_text(&req->site->base, fk_order_text(o, "base", NULL));
        replace_text(&req->site->media, fk_order_text(o, "media", NULL));
        req->site->search_lag_ms = fk_order_int(o, "searchLag", (int)lag);
        if (cJSON_HasObjectItem(o, "ahead"))
            fk_time_ahead(fk_order_int(o, "ahead", 0));
        if (req->site->dc)
            set_dc(req->site->dc, o);
        req->status = 200;
        fk_buf_str(&req->body, "{\"ok\":true}");
    }
    cJSON_Delete(o);
}
