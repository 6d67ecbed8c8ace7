/*
 * Reading a structured site from disk: site.json, one <id>.xhtml beside it
 * for each body, and the files of attachments. README.md has the format.
 */
#include "tests/fake/order.h"
#include "tests/fake/server.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FILE (64u << 20)

struct loader {
    struct fk_site *site;
    const char *dir;
    bool failed;
};

static void complain(struct loader *ld, const char *what, long long id)
{
    fprintf(stderr, "cs-fake-confluence: %s/site.json: %s (id %lld)\n", ld->dir,
            what, id);
    ld->failed = true;
}

/* Read a whole file, at most MAX_FILE bytes; false when it cannot be read. */
static bool read_file(const char *dir, const char *name, struct fk_buf *out)
{
    struct fk_buf path = {0};
    char chunk[16384];
    size_t n;
    FILE *f;

    fk_buf_fmt(&path, "%s/%s", dir, name);
    f = fopen(path.data, "rb");
    fk_buf_clear(&path);
    if (!f)
        return false;
    fk_buf_add(out, "", 0);
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && out->len < MAX_FILE)
        fk_buf_add(out, chunk, n);
    fclose(f);
    return true;
}

static void load_item(struct fk_item *item, const cJSON *o)
{
    const int64_t epoch = fk_time_parse("2025-01-15T09:00:00");

    item->id = fk_order_id(o, "id");
    item->title = fk_strdup(fk_order_text(o, "title", ""));
    item->status = fk_strdup(fk_order_text(o, "status", "current"));
    item->created = fk_order_time(o, "created", epoch);
    item->position = fk_order_int(o, "position", FK_NO_POSITION);
    item->version.number = fk_order_int(o, "version", 1);
    item->version.created = fk_order_time(o, "modified", item->created);
    item->version.message = fk_strdup(fk_order_text(o, "message", ""));
    item->version.author =
        fk_strdup(fk_order_text(o, "editor", fk_order_text(o, "author", NULL)));
    item->version.minor = fk_order_bool(o, "minor", false);
}

static void check_new_id(struct loader *ld, const struct fk_set *set,
                         const struct fk_item *item)
{
    if (!item->id || fk_set_find(set, item->id))
        complain(ld, "no id, or one used twice", (long long)item->id);
}

static void load_user(struct loader *ld, const cJSON *o)
{
    struct fk_site *site = ld->site;
    struct fk_user *u;

    site->users = fk_realloc(site->users, (site->user_count + 1) * sizeof(*u));
    u = &site->users[site->user_count++];
    u->id = fk_strdup(fk_order_text(o, "id", ""));
    u->key = fk_strdup(fk_order_text(o, "key", NULL));
    u->username = fk_strdup(fk_order_text(o, "username", NULL));
    u->name = fk_strdup(fk_order_text(o, "name", ""));
    u->email = fk_strdup(fk_order_text(o, "email", NULL));
    u->status = fk_strdup(fk_order_text(o, "status", "active"));
    u->zone = fk_strdup(fk_order_text(o, "timeZone", NULL));
    if (fk_order_bool(o, "me", false)) {
        free(site->account);
        site->account = fk_strdup(u->id);
    }
}

static void load_space(struct loader *ld, const cJSON *o)
{
    struct fk_space *s = fk_alloc(sizeof(*s));

    load_item(&s->item, o);
    free(s->item.title);
    s->item.title = fk_strdup(fk_order_text(o, "name", ""));
    s->item.key = fk_strdup(fk_order_text(o, "key", ""));
    s->type = fk_strdup(fk_order_text(o, "type", "global"));
    s->author = fk_strdup(fk_order_text(o, "author", NULL));
    s->description = fk_strdup(fk_order_text(o, "description", ""));
    s->home = fk_order_id(o, "home");
    check_new_id(ld, &ld->site->spaces, &s->item);
    fk_set_add(&ld->site->spaces, &s->item);
}

/* "runbook" is global:runbook; "my:later" keeps its prefix. */
static void load_labels(struct loader *ld, struct fk_content *c,
                        const cJSON *labels)
{
    const cJSON *label;

    cJSON_ArrayForEach (label, labels) {
        const char *text = cJSON_GetStringValue(label);
        const char *colon = text ? strchr(text, ':') : NULL;
        char prefix[32] = "global";

        if (!text)
            continue;
        if (colon)
            (void)snprintf(prefix, sizeof(prefix), "%.*s", (int)(colon - text),
                           text);
        fk_content_add_label(
            c,
            fk_site_label(ld->site, prefix, colon ? colon + 1 : text)->item.id);
    }
}

static void load_body(struct loader *ld, struct fk_content *c)
{
    struct fk_buf text = {0};
    char name[32];

    if (c->kind != FK_PAGE && c->kind != FK_BLOGPOST)
        return;
    (void)snprintf(name, sizeof(name), "%llu.xhtml",
                   (unsigned long long)c->item.id);
    if (read_file(ld->dir, name, &text)) {
        if (text.len && text.data[text.len - 1] == '\n')
            text.len--;
        fk_body_set(&c->body, text.data, text.len);
    } else {
        complain(ld, "no body file", (long long)c->item.id);
    }
    fk_buf_clear(&text);
}

static void load_content(struct loader *ld, const cJSON *o)
{
    struct fk_content *c = fk_alloc(sizeof(*c));

    load_item(&c->item, o);
    c->item.owner = fk_order_id(o, "parent");
    c->space = fk_site_space_by_key(ld->site, fk_order_text(o, "space", ""));
    c->author = fk_strdup(fk_order_text(o, "author", NULL));
    c->subtype = fk_strdup(fk_order_text(o, "subtype", NULL));
    c->embed_url = fk_strdup(fk_order_text(o, "embedUrl", NULL));
    if (!c->space ||
        !fk_kind_parse(fk_order_text(o, "type", "page"), &c->kind) ||
        !c->item.id || fk_site_content(ld->site, c->item.id)) {
        complain(ld, "content with an unknown space or type, or an id twice",
                 (long long)c->item.id);
        fk_content_free(c);
        return;
    }
    load_labels(ld, c, cJSON_GetObjectItem(o, "labels"));
    load_body(ld, c);
    fk_set_add(&ld->site->content, &c->item);
}

static void load_attachment(struct loader *ld, const cJSON *o)
{
    struct fk_attachment *a = fk_alloc(sizeof(*a));
    const char *file = fk_order_text(o, "file", "");
    struct fk_buf data = {0};
    char file_id[40];

    load_item(&a->item, o);
    a->item.owner = fk_order_id(o, "content");
    a->media_type =
        fk_strdup(fk_order_text(o, "mediaType", "application/octet-stream"));
    a->comment = fk_strdup(fk_order_text(o, "comment", ""));
    (void)snprintf(file_id, sizeof(file_id), "0f3c0000-0000-4000-8000-%08x%04x",
                   (unsigned)a->item.id, (unsigned)a->item.version.number);
    a->file_id = fk_strdup(fk_order_text(o, "fileId", file_id));
    if (!read_file(ld->dir, file, &data) ||
        !fk_site_content(ld->site, a->item.owner))
        complain(ld, "attachment without file or page", (long long)a->item.id);
    a->size = data.len;
    a->data = fk_buf_take(&data);
    check_new_id(ld, &ld->site->attachments, &a->item);
    fk_set_add(&ld->site->attachments, &a->item);
}

static void load_comment(struct loader *ld, const cJSON *o)
{
    struct fk_comment *c = fk_alloc(sizeof(*c));
    const char *body = fk_order_text(o, "body", "");

    load_item(&c->item, o);
    c->content = fk_order_id(o, "content");
    c->parent = fk_order_id(o, "parent");
    c->item.owner = c->parent ? c->parent : c->content;
    c->is_inline = strcmp(fk_order_text(o, "kind", "footer"), "inline") == 0;
    c->resolution = fk_strdup(fk_order_text(o, "resolution", NULL));
    c->marker = fk_strdup(fk_order_text(o, "marker", NULL));
    c->selection = fk_strdup(fk_order_text(o, "selection", NULL));
    fk_body_set(&c->body, body, strlen(body));
    if (!fk_site_content(ld->site, c->content))
        complain(ld, "comment on an unknown page", (long long)c->item.id);
    check_new_id(ld, &ld->site->comments, &c->item);
    fk_set_add(&ld->site->comments, &c->item);
}

/* Parents must exist; a second pass, for they may come later in the file. */
static void check_parents(struct loader *ld)
{
    const struct fk_set *all = &ld->site->content;

    for (size_t i = 0; i < all->count; i++) {
        uint64_t parent = all->items[i]->owner;

        if (parent && !fk_site_content(ld->site, parent))
            complain(ld, "unknown parent", (long long)all->items[i]->id);
    }
}

static void load_all(struct loader *ld, const cJSON *root)
{
    static const struct {
        const char *key;
        void (*load)(struct loader *ld, const cJSON *o);
    } parts[] = {
        {"users", load_user},       {"spaces", load_space},
        {"content", load_content},  {"attachments", load_attachment},
        {"comments", load_comment},
    };
    const cJSON *o;

    ld->site->cloud_id = fk_strdup(
        fk_order_text(root, "cloudId", "11111111-aaaa-4bbb-8ccc-222222222222"));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        cJSON_ArrayForEach (o, cJSON_GetObjectItem(root, parts[i].key))
            parts[i].load(ld, o);
    check_parents(ld);
}

bool fk_site_load(struct fk_site *site, const char *dir)
{
    struct loader ld = {.site = site, .dir = dir};
    struct fk_buf text = {0};
    cJSON *root = NULL;

    if (read_file(dir, "site.json", &text))
        root = fk_order_parse(&text);
    fk_buf_clear(&text);
    if (!cJSON_IsObject(root)) {
        cJSON_Delete(root);
        fprintf(stderr, "cs-fake-confluence: %s/site.json: absent or no JSON\n",
                dir);
        return false;
    }
    load_all(&ld, root);
    cJSON_Delete(root);
    return !ld.failed;
}
