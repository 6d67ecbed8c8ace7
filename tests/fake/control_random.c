/*
 * Random histories: so many changes of every sort that the control surface
 * has, drawn from a seed. The home page of a space is only edited, titles stay
 * unique, and what the vendor would refuse is not done.
 */
#include "tests/fake/control.h"
#include "tests/fake/generate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CHANGES 100000
#define TRIES       20

struct dice {
    struct fk_request *req;
    struct fk_site *site;
    const struct fk_space *space; /* NULL = all of them */
    const struct fk_space *spare; /* but this one */
    const char *without;          /* names of what is not to be done */
    uint64_t state;
    struct fk_buf *log;
};

static unsigned below(struct dice *d, size_t n)
{
    return n ? (unsigned)((fk_random(&d->state) >> 33) % n) : 0;
}

/* Carry out one order as if it had been posted, and write it down. */
static bool order(struct dice *d, const char *name,
                  void (*handler)(struct fk_request *req), const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static bool order(struct dice *d, const char *name,
                  void (*handler)(struct fk_request *req), const char *fmt, ...)
{
    struct fk_request sub = {
        .server = d->req->server, .site = d->site, .path = d->req->path};
    char text[1024];
    va_list ap;
    bool done;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    fk_buf_str(&sub.upload, text);
    handler(&sub);
    done = sub.status == 200;
    if (done) {
        fk_json_open(d->log, '{');
        fk_json_kstr(d->log, "action", name);
        fk_json_key(d->log, "order");
        fk_json_raw(d->log, text);
        fk_json_close(d->log, '}');
    }
    fk_buf_clear(&sub.upload);
    fk_buf_clear(&sub.body);
    fk_buf_clear(&sub.headers);
    return done;
}

static bool in_reach(const struct dice *d, const struct fk_space *space)
{
    return d->space ? space == d->space : space != d->spare;
}

static unsigned long long id_of(const struct fk_content *c)
{
    return c->item.id;
}

static unsigned long long new_number(struct dice *d)
{
    return fk_site_new_id(d->site);
}

/* A page or blog post with this status that is no home page, or NULL. */
static struct fk_content *pick(struct dice *d, const char *status)
{
    const struct fk_set *all = &d->site->content;

    for (int i = 0; i < TRIES * 10 && all->count; i++) {
        struct fk_content *c =
            (struct fk_content *)all->items[below(d, all->count)];

        if (c->kind <= FK_BLOGPOST && in_reach(d, c->space) &&
            strcmp(c->item.status, status) == 0 && c->item.id != c->space->home)
            return c;
    }
    return NULL;
}

static struct fk_content *pick_page(struct dice *d, const char *status)
{
    struct fk_content *c = NULL;

    for (int i = 0; i < TRIES; i++) {
        c = pick(d, status);
        if (!c || c->kind == FK_PAGE)
            return c;
    }
    return NULL;
}

static struct fk_item *pick_leaf(struct dice *d, const struct fk_set *set)
{
    for (int i = 0; i < TRIES && set->count; i++) {
        struct fk_item *item = set->items[below(d, set->count)];
        uint64_t owner = set == &d->site->comments
                             ? ((struct fk_comment *)item)->content
                             : item->owner;
        const struct fk_content *c = fk_site_content(d->site, owner);

        if (c && in_reach(d, c->space) && !fk_status_gone(c->item.status))
            return item;
    }
    return NULL;
}

static bool do_edit(struct dice *d)
{
    struct fk_content *c = pick(d, "current");

    return c && order(d, "edit", fk_control_edit,
                      "{\"id\":%llu,\"append\":\"<p>word%u %llu</p>\"}",
                      id_of(c), below(d, 1000), new_number(d));
}

static bool do_retitle(struct dice *d)
{
    struct fk_content *c = pick(d, "current");

    return c && order(d, "retitle", fk_control_edit,
                      "{\"id\":%llu,\"title\":\"Renamed %llu\"}", id_of(c),
                      new_number(d));
}

static bool do_move(struct dice *d)
{
    struct fk_content *c = pick_page(d, "current");
    struct fk_content *to = pick_page(d, "current");

    return c && to && c != to && c->space == to->space &&
           order(d, "move", fk_control_move,
                 "{\"id\":%llu,\"parent\":%llu,\"position\":%u}", id_of(c),
                 id_of(to), below(d, 20));
}

static bool do_move_space(struct dice *d)
{
    struct fk_content *c = pick_page(d, "current");
    const struct fk_set *all = &d->site->spaces;
    const struct fk_space *s =
        (struct fk_space *)all->items[below(d, all->count)];

    return c && !d->space && s != c->space && in_reach(d, s) &&
           !s->item.hidden && s->home &&
           order(d, "move-space", fk_control_move,
                 "{\"id\":%llu,\"space\":\"%s\"}", id_of(c), s->item.key);
}

static bool do_place(struct dice *d)
{
    struct fk_content *c = pick_page(d, "current");

    return c && order(d, "place", fk_control_move,
                      "{\"id\":%llu,\"position\":%u}", id_of(c), below(d, 50));
}

static bool do_swap(struct dice *d)
{
    struct fk_content *a = pick(d, "current");
    struct fk_content *b = pick(d, "current");

    return a && b && a != b && a->space == b->space && a->kind == b->kind &&
           order(d, "swap", fk_control_swap, "{\"a\":%llu,\"b\":%llu}",
                 id_of(a), id_of(b));
}

static bool do_trash(struct dice *d)
{
    struct fk_content *c = pick(d, "current");

    return c && order(d, "trash", fk_control_delete, "{\"id\":%llu}", id_of(c));
}

static bool do_restore(struct dice *d)
{
    struct fk_content *c = pick(d, "trashed");

    return c &&
           order(d, "restore", fk_control_restore, "{\"id\":%llu}", id_of(c));
}

static bool do_purge(struct dice *d)
{
    struct fk_content *c = pick(d, below(d, 2) ? "trashed" : "current");

    return c && order(d, "purge", fk_control_delete,
                      "{\"id\":%llu,\"purge\":true}", id_of(c));
}

static bool do_archive(struct dice *d)
{
    struct fk_content *c = pick_page(d, "current");

    return c && order(d, "archive", fk_control_delete,
                      "{\"id\":%llu,\"archive\":true}", id_of(c));
}

static bool do_unarchive(struct dice *d)
{
    struct fk_content *c = pick_page(d, "archived");

    return c &&
           order(d, "unarchive", fk_control_restore, "{\"id\":%llu}", id_of(c));
}

static bool do_create(struct dice *d)
{
    struct fk_content *to = pick_page(d, "current");
    unsigned long long n = new_number(d);

    return to && order(d, "create", fk_control_create,
                       "{\"id\":%llu,\"%s\":\"%llu\",\"space\":\"%s\","
                       "\"type\":\"%s\",\"title\":\"Made %llu\","
                       "\"body\":\"<p>made%u</p>\"}",
                       n, below(d, 5) ? "parent" : "none", id_of(to),
                       to->space->item.key, below(d, 6) ? "page" : "blogpost",
                       n, below(d, 1000));
}

static bool do_label(struct dice *d)
{
    struct fk_content *c = pick(d, "current");

    return c && order(d, "label", fk_control_label,
                      "{\"id\":%llu,\"%s\":\"tag-%u\"}", id_of(c),
                      below(d, 3) ? "add" : "remove", below(d, 6));
}

static bool do_comment(struct dice *d)
{
    struct fk_content *c = pick(d, "current");
    unsigned n = below(d, 1000);

    return c && order(d, "comment", fk_control_comment,
                      "{\"content\":%llu,\"body\":\"<p>says%u</p>\","
                      "\"title\":\"Re\",\"inline\":%s,\"marker\":\"m%u\"}",
                      id_of(c), n, below(d, 3) ? "false" : "true", n);
}

static bool do_reply(struct dice *d)
{
    struct fk_item *note = pick_leaf(d, &d->site->comments);

    return note && order(d, "reply", fk_control_comment,
                         "{\"parent\":%llu,\"body\":\"<p>answers%u</p>\"}",
                         (unsigned long long)note->id, below(d, 1000));
}

static bool do_edit_comment(struct dice *d)
{
    struct fk_item *note = pick_leaf(d, &d->site->comments);

    return note && order(d, "edit-comment", fk_control_comment,
                         "{\"id\":%llu,\"body\":\"<p>now%u</p>\"}",
                         (unsigned long long)note->id, below(d, 1000));
}

static bool do_resolve(struct dice *d)
{
    struct fk_item *note = pick_leaf(d, &d->site->comments);
    const struct fk_comment *c = (const struct fk_comment *)note;

    return note && c->is_inline && !c->parent &&
           order(d, "resolve", fk_control_comment,
                 "{\"id\":%llu,\"resolution\":\"%s\"}",
                 (unsigned long long)note->id,
                 below(d, 3) ? "resolved" : "reopened");
}

static bool do_delete_comment(struct dice *d)
{
    struct fk_item *note = pick_leaf(d, &d->site->comments);

    return note && order(d, "delete-comment", fk_control_delete,
                         "{\"id\":%llu}", (unsigned long long)note->id);
}

static bool do_attach(struct dice *d)
{
    struct fk_content *c = pick(d, "current");

    return c && order(d, "attach", fk_control_attach,
                      "{\"content\":%llu,\"title\":\"file-%u.txt\","
                      "\"data\":\"bytes %llu\"}",
                      id_of(c), below(d, 3), new_number(d));
}

static bool do_attach_again(struct dice *d)
{
    struct fk_item *file = pick_leaf(d, &d->site->attachments);

    return file && !strpbrk(file->title, "\"\\") &&
           order(d, "attach-again", fk_control_attach,
                 "{\"content\":%llu,\"title\":\"%s\",\"data\":\"new %llu\"}",
                 (unsigned long long)file->owner, file->title, new_number(d));
}

static bool do_delete_file(struct dice *d)
{
    struct fk_item *file = pick_leaf(d, &d->site->attachments);

    return file &&
           order(d, "delete-file", fk_control_delete,
                 "{\"id\":%llu,\"trash\":%s}", (unsigned long long)file->id,
                 below(d, 2) ? "true" : "false");
}

static bool do_hide(struct dice *d)
{
    struct fk_content *c = pick(d, "current");

    return c && order(d, "hide", fk_control_hide, "{\"id\":%llu,\"status\":%d}",
                      id_of(c), below(d, 3) ? 404 : 403);
}

static bool do_show(struct dice *d)
{
    const struct fk_set *all = &d->site->content;
    size_t start = below(d, all->count);

    for (size_t i = 0; i < all->count; i++) {
        const struct fk_content *c =
            (struct fk_content *)all->items[(start + i) % all->count];

        if (c->item.hidden && in_reach(d, c->space))
            return order(d, "show", fk_control_hide,
                         "{\"id\":%llu,\"hidden\":false}", id_of(c));
    }
    return false;
}

static bool do_space_rights(struct dice *d)
{
    const struct fk_set *all = &d->site->spaces;
    struct fk_item *s = all->items[below(d, all->count)];
    size_t others = 0;

    for (size_t i = 0; i < all->count; i++)
        if (all->items[i] != s && !all->items[i]->hidden &&
            strcmp(((struct fk_space *)all->items[i])->type, "personal") != 0)
            others++;
    return !d->space && (others || s->hidden) &&
           (!d->spare || s != &d->spare->item) &&
           order(d, "space-rights", fk_control_hide,
                 "{\"space\":\"%s\",\"hidden\":%s}", s->key,
                 s->hidden ? "false" : "true");
}

static bool do_space_name(struct dice *d)
{
    const struct fk_set *all = &d->site->spaces;
    struct fk_item *s = all->items[below(d, all->count)];

    return order(d, "space-name", fk_control_space,
                 "{\"space\":\"%s\",\"name\":\"Space %u\"}",
                 d->space ? d->space->item.key : s->key, below(d, 1000));
}

static bool do_person(struct dice *d)
{
    unsigned n = below(d, d->site->user_count);
    const struct fk_user *u = &d->site->users[n];

    return d->site->user_count && strcmp(u->id, d->site->account) != 0 &&
           order(d, "person", fk_control_rename_user,
                 "{\"id\":\"%s\",\"status\":\"%s\"}", u->id,
                 below(d, 2)   ? "inactive"
                 : below(d, 3) ? "active"
                               : "closed");
}

static const struct {
    const char *name;
    bool (*act)(struct dice *d);
    unsigned weight;
} acts[] = {
    {"edit", do_edit, 9},
    {"retitle", do_retitle, 5},
    {"move", do_move, 5},
    {"move-space", do_move_space, 2},
    {"place", do_place, 2},
    {"swap", do_swap, 2},
    {"trash", do_trash, 3},
    {"restore", do_restore, 2},
    {"purge", do_purge, 2},
    {"archive", do_archive, 2},
    {"unarchive", do_unarchive, 1},
    {"create", do_create, 5},
    {"label", do_label, 5},
    {"comment", do_comment, 4},
    {"reply", do_reply, 3},
    {"edit-comment", do_edit_comment, 2},
    {"resolve", do_resolve, 2},
    {"delete-comment", do_delete_comment, 2},
    {"attach", do_attach, 4},
    {"attach-again", do_attach_again, 2},
    {"delete-file", do_delete_file, 2},
    {"hide", do_hide, 2},
    {"show", do_show, 1},
    {"space-rights", do_space_rights, 1},
    {"space-name", do_space_name, 1},
    {"person", do_person, 1},
};
#define ACTS (sizeof(acts) / sizeof(*acts))

static bool one_change(struct dice *d)
{
    unsigned total = 0;

    for (size_t i = 0; i < ACTS; i++)
        total += acts[i].weight;
    for (int i = 0; i < TRIES; i++) {
        unsigned left = below(d, total);
        size_t k = 0;

        while (left >= acts[k].weight)
            left -= acts[k++].weight;
        if (!fk_word_in(d->without, ',', acts[k].name) && acts[k].act(d))
            return true;
    }
    return false;
}

void fk_control_random(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    int count = fk_order_int(o, "count", 1);
    const char *key = fk_order_text(o, "space", NULL);
    struct dice d = {.req = req,
                     .site = req->site,
                     .space = fk_site_space_by_key(req->site, key),
                     .spare = fk_site_space_by_key(
                         req->site, fk_order_text(o, "spare", NULL)),
                     .without = fk_order_text(o, "without", ""),
                     .state = (uint64_t)fk_order_int(o, "seed", 1),
                     .log = &req->body};

    if (count < 0 || count > MAX_CHANGES || (key && !d.space)) {
        fk_control_refuse(req, "needs a count and, if any, a known space");
        cJSON_Delete(o);
        return;
    }
    req->status = 200;
    fk_buf_str(&req->body, "{\"changes\":[");
    while (count-- > 0 && one_change(&d))
        continue;
    fk_buf_str(&req->body, "]}");
    cJSON_Delete(o);
}
