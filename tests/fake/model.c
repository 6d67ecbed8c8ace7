/*
 * Making, finding and freeing the things of the site; see model.h.
 */
#include "tests/fake/model.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[FK_KINDS] = {
    [FK_PAGE] = "page",         [FK_BLOGPOST] = "blogpost",
    [FK_FOLDER] = "folder",     [FK_WHITEBOARD] = "whiteboard",
    [FK_DATABASE] = "database", [FK_EMBED] = "embed",
};

void fk_site_init(struct fk_site *site)
{
    *site = (struct fk_site){.next_id = 900001};
    pthread_rwlock_init(&site->lock, NULL);
    pthread_mutex_init(&site->view_lock, NULL);
}

static void item_clear(struct fk_item *item)
{
    free(item->title);
    free(item->key);
    free(item->status);
    free(item->version.author);
    free(item->version.message);
}

void fk_space_free(struct fk_space *s)
{
    item_clear(&s->item);
    free(s->type);
    free(s->author);
    free(s->description);
    free(s);
}

static void label_free(struct fk_label *l)
{
    item_clear(&l->item);
    free(l->prefix);
    free(l);
}

void fk_content_free(struct fk_content *c)
{
    struct fk_old *old = c->old;

    while (old) {
        struct fk_old *next = old->next;

        free(old->version.author);
        free(old->version.message);
        free(old->body.json);
        free(old->title);
        free(old);
        old = next;
    }
    item_clear(&c->item);
    free(c->body.json);
    free(c->author);
    free(c->subtype);
    free(c->embed_url);
    free(c->readers);
    free(c->reader_groups);
    free(c->writers);
    free(c->labels);
    free(c);
}

void fk_attachment_free(struct fk_attachment *a)
{
    while (a) {
        struct fk_attachment *before = a->before;

        item_clear(&a->item);
        free(a->media_type);
        free(a->file_id);
        free(a->comment);
        free(a->data);
        free(a);
        a = before;
    }
}

void fk_comment_free(struct fk_comment *c)
{
    item_clear(&c->item);
    free(c->body.json);
    free(c->resolution);
    free(c->resolver);
    free(c->marker);
    free(c->selection);
    free(c);
}

static void set_clear(struct fk_set *set)
{
    fk_set_touch(set);
    free(set->items);
    *set = (struct fk_set){0};
}

void fk_site_clear(struct fk_site *site)
{
    for (size_t i = 0; i < site->spaces.count; i++)
        fk_space_free((struct fk_space *)site->spaces.items[i]);
    for (size_t i = 0; i < site->content.count; i++)
        fk_content_free((struct fk_content *)site->content.items[i]);
    for (size_t i = 0; i < site->labels.count; i++)
        label_free((struct fk_label *)site->labels.items[i]);
    for (size_t i = 0; i < site->attachments.count; i++)
        fk_attachment_free((struct fk_attachment *)site->attachments.items[i]);
    for (size_t i = 0; i < site->comments.count; i++)
        fk_comment_free((struct fk_comment *)site->comments.items[i]);
    for (size_t i = 0; i < site->user_count; i++) {
        free(site->users[i].id);
        free(site->users[i].key);
        free(site->users[i].username);
        free(site->users[i].name);
        free(site->users[i].email);
        free(site->users[i].status);
        free(site->users[i].zone);
    }
    set_clear(&site->spaces);
    set_clear(&site->content);
    set_clear(&site->labels);
    set_clear(&site->attachments);
    set_clear(&site->comments);
    free(site->users);
    free(site->base);
    free(site->media);
    free(site->dc);
    free(site->cloud_id);
    free(site->account);
    pthread_rwlock_destroy(&site->lock);
    pthread_mutex_destroy(&site->view_lock);
}

struct fk_space *fk_site_space(const struct fk_site *site, uint64_t id)
{
    return (struct fk_space *)fk_set_find(&site->spaces, id);
}

struct fk_space *fk_site_space_by_key(const struct fk_site *site,
                                      const char *key)
{
    for (size_t i = 0; key && i < site->spaces.count; i++)
        if (strcmp(site->spaces.items[i]->key, key) == 0)
            return (struct fk_space *)site->spaces.items[i];
    return NULL;
}

struct fk_content *fk_site_content(const struct fk_site *site, uint64_t id)
{
    return (struct fk_content *)fk_set_find(&site->content, id);
}

struct fk_user *fk_site_user(const struct fk_site *site, const char *id)
{
    for (size_t i = 0; id && i < site->user_count; i++)
        if (strcmp(site->users[i].id, id) == 0)
            return &site->users[i];
    return NULL;
}

struct fk_user *fk_site_person(const struct fk_site *site, const char *name)
{
    for (size_t i = 0; name && i < site->user_count; i++)
        if (strcmp(site->users[i].key, name) == 0 ||
            strcmp(site->users[i].username, name) == 0)
            return &site->users[i];
    return NULL;
}

void fk_site_name_users(struct fk_site *site)
{
    for (size_t i = 0; i < site->user_count; i++) {
        struct fk_user *u = &site->users[i];
        struct fk_buf text = {0};

        if (!u->key) {
            uint64_t h = 14695981039346656037ull;

            for (const char *p = u->id; *p; p++)
                h = (h ^ (unsigned char)*p) * 1099511628211ull;
            fk_buf_fmt(&text, "2c9180827000000%1x%016llx", (unsigned)i & 15,
                       (unsigned long long)h);
            u->key = fk_buf_take(&text);
        }
        if (!u->username) {
            if (u->email)
                fk_buf_add(&text, u->email, strcspn(u->email, "@"));
            else
                fk_buf_fmt(&text, "user%zu", i + 1);
            u->username = fk_buf_take(&text);
        }
    }
}

struct fk_label *fk_site_label(struct fk_site *site, const char *prefix,
                               const char *name)
{
    struct fk_label *l;

    for (size_t i = 0; i < site->labels.count; i++) {
        l = (struct fk_label *)site->labels.items[i];
        if (strcmp(l->prefix, prefix) == 0 && strcmp(l->item.title, name) == 0)
            return l;
    }
    l = fk_alloc(sizeof(*l));
    l->item.id = 501 + site->labels.count;
    l->item.title = fk_strdup(name);
    l->item.status = fk_strdup("current");
    l->prefix = fk_strdup(prefix);
    fk_set_add(&site->labels, &l->item);
    return l;
}

bool fk_content_has_label(const struct fk_content *c, uint64_t label)
{
    for (size_t i = 0; i < c->label_count; i++)
        if (c->labels[i] == label)
            return true;
    return false;
}

void fk_content_add_label(struct fk_content *c, uint64_t label)
{
    if (fk_content_has_label(c, label))
        return;
    c->labels =
        fk_realloc(c->labels, (c->label_count + 1) * sizeof(*c->labels));
    c->labels[c->label_count++] = label;
}

void fk_content_drop_label(struct fk_content *c, uint64_t label)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->label_count; i++)
        if (c->labels[i] != label)
            c->labels[kept++] = c->labels[i];
    c->label_count = kept;
}

bool fk_content_visible(const struct fk_site *site, const struct fk_content *c)
{
    if (!site->any_hidden)
        return true;
    if (c->space->item.hidden)
        return false;
    for (int depth = 0; c && depth < 100; depth++) {
        if (c->item.hidden)
            return false;
        c = fk_site_content(site, c->item.owner);
    }
    return true;
}

bool fk_content_forbidden(const struct fk_site *site,
                          const struct fk_content *c)
{
    if (c->space->item.hidden)
        return c->space->item.forbidden;
    for (int depth = 0; c && depth < 100; depth++) {
        if (c->item.hidden)
            return c->item.forbidden;
        c = fk_site_content(site, c->item.owner);
    }
    return false;
}

bool fk_status_gone(const char *status)
{
    return strcmp(status, "current") != 0 && strcmp(status, "archived") != 0;
}

const char *fk_kind_name(enum fk_kind kind)
{
    return kind_names[kind];
}

bool fk_kind_parse(const char *name, enum fk_kind *ret_kind)
{
    for (int i = 0; name && i < FK_KINDS; i++) {
        if (strcmp(kind_names[i], name) == 0) {
            *ret_kind = (enum fk_kind)i;
            return true;
        }
    }
    return false;
}

void fk_body_set(struct fk_body *body, const char *text, size_t n)
{
    struct fk_buf b = {0};

    fk_json_escape(&b, text, n);
    free(body->json);
    body->len = b.len;
    body->json = fk_realloc(fk_buf_take(&b), body->len + 1);
}

uint64_t fk_site_new_id(struct fk_site *site)
{
    while (fk_set_find(&site->content, site->next_id) ||
           fk_set_find(&site->comments, site->next_id) ||
           fk_set_find(&site->attachments, site->next_id))
        site->next_id++;
    return site->next_id++;
}
