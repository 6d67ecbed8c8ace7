/*
 * Files and comments of a made-up site, in a share that is asked for. They
 * draw from a random state of their own, so that the pages stay the same.
 */
#include "tests/fake/generate.h"

#include <stdlib.h>
#include <string.h>

#define FILE_ID    10000001u
#define COMMENT_ID 20000001u

struct leaves {
    struct fk_site *site;
    const struct fk_words *words;
    uint64_t state;
    uint64_t files;
    uint64_t comments;
    uint64_t last_root; /* the comment to answer, on the same page */
};

static unsigned below(struct leaves *m, unsigned n)
{
    return (unsigned)(fk_random(&m->state) >> 33) % n;
}

static void add_words(struct leaves *m, struct fk_buf *out, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (i)
            fk_buf_add(out, " ", 1);
        fk_words_add(m->words, &m->state, out);
    }
}

/* Some time after the page was made, by somebody. */
static void fill_item(struct leaves *m, struct fk_item *item,
                      const struct fk_content *page)
{
    const struct fk_user *u =
        &m->site->users[below(m, (unsigned)m->site->user_count)];

    item->status = fk_strdup("current");
    item->created = page->item.created + (int64_t)below(m, 30000000) * 1000;
    item->position = FK_NO_POSITION;
    item->version.number = 1 + (int)below(m, 3);
    item->version.created = item->created + (int64_t)below(m, 5000) * 1000;
    item->version.author = fk_strdup(u->id);
}

static void add_file(struct leaves *m, const struct fk_content *page, int nth)
{
    static const char *const types[][2] = {{"txt", "text/plain"},
                                           {"csv", "text/csv"},
                                           {"png", "image/png"},
                                           {"pdf", "application/pdf"}};
    struct fk_attachment *a = fk_alloc(sizeof(*a));
    unsigned kind = below(m, 4);
    struct fk_buf text = {0};

    fill_item(m, &a->item, page);
    a->item.id = FILE_ID + m->files++;
    a->item.owner = page->item.id;
    add_words(m, &text, 1);
    fk_buf_fmt(&text, "-%d.%s", nth + 1, types[kind][0]);
    a->item.title = fk_buf_take(&text);
    a->media_type = fk_strdup(types[kind][1]);
    a->comment = fk_strdup("");
    fk_buf_fmt(&text, "0f3c0000-0000-4000-8000-%08x%04x", (unsigned)a->item.id,
               (unsigned)a->item.version.number);
    a->file_id = fk_buf_take(&text);
    add_words(m, &text, 20 + below(m, 400));
    a->size = text.len;
    a->data = fk_buf_take(&text);
    fk_set_add(&m->site->attachments, &a->item);
}

static void add_comment(struct leaves *m, const struct fk_content *page)
{
    struct fk_comment *c = fk_alloc(sizeof(*c));
    struct fk_buf text = {0};

    fill_item(m, &c->item, page);
    c->item.id = COMMENT_ID + m->comments++;
    c->content = page->item.id;
    c->parent = below(m, 3) == 0 ? m->last_root : 0;
    c->item.owner = c->parent ? c->parent : c->content;
    fk_buf_fmt(&text, "Re: %s", page->item.title);
    c->item.title = fk_buf_take(&text);
    if (c->parent) {
        c->is_inline =
            ((struct fk_comment *)fk_set_find(&m->site->comments, c->parent))
                ->is_inline;
    } else {
        c->is_inline = below(m, 4) == 0;
        m->last_root = c->item.id;
    }
    if (c->is_inline && !c->parent) {
        fk_buf_fmt(&text, "%016llx", (unsigned long long)fk_random(&m->state));
        c->marker = fk_buf_take(&text);
        add_words(m, &text, 2);
        c->selection = fk_buf_take(&text);
        c->resolution = below(m, 3) == 0 ? fk_strdup("resolved") : NULL;
    }
    fk_buf_str(&text, "<p>");
    add_words(m, &text, 5 + below(m, 30));
    fk_buf_str(&text, ".</p>");
    fk_body_set(&c->body, text.data, text.len);
    fk_buf_clear(&text);
    fk_set_add(&m->site->comments, &c->item);
}

/* So many for this page that the share comes out: 250 in a hundred pages is
 * two for each and a third for every other. */
static int how_many(struct leaves *m, long percent)
{
    return (int)(percent / 100) + ((long)below(m, 100) < percent % 100 ? 1 : 0);
}

void fk_generate_leaves(struct fk_site *site, const struct fk_words *words,
                        long seed, long files, long comments)
{
    struct leaves m = {.site = site,
                       .words = words,
                       .state = (uint64_t)seed * 0x9e6c63d0876a9a47ull + 1};

    for (size_t i = 0; i < site->content.count; i++) {
        const struct fk_content *page =
            (struct fk_content *)site->content.items[i];
        int n = how_many(&m, files);

        for (int k = 0; k < n; k++)
            add_file(&m, page, k);
        m.last_root = 0;
        for (n = how_many(&m, comments); n > 0; n--)
            add_comment(&m, page);
    }
}
