/*
 * Serving a plain directory: each *.xhtml file becomes a page of one space,
 * titled by its file name, below a home page. Ids follow the sorted names.
 */
#include "tests/fake/server.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SPACE_ID 98305u
#define HOME_ID  100000u
#define MAX_FILE (64u << 20)

static int only_xhtml(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 6 && strcmp(entry->d_name + n - 6, ".xhtml") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static struct fk_content *add_page(struct fk_site *site, struct fk_space *space,
                                   uint64_t id, const char *title, size_t len)
{
    struct fk_content *c = fk_alloc(sizeof(*c));
    const int64_t start = fk_time_parse("2026-01-05T08:00:00");

    c->item.id = id;
    c->item.owner = id == HOME_ID ? 0 : HOME_ID;
    c->item.created = start + (int64_t)(id - HOME_ID) * 60000;
    c->item.title = fk_alloc(len + 1);
    memcpy(c->item.title, title, len);
    c->item.status = fk_strdup("current");
    c->item.position = id == HOME_ID ? FK_NO_POSITION : (int)(id - HOME_ID);
    c->item.version = (struct fk_version){
        .number = 1,
        .created = c->item.created,
        .author = fk_strdup("5b10a2844c20165700ede21f"),
    };
    c->kind = FK_PAGE;
    c->space = space;
    c->author = fk_strdup("5b10a2844c20165700ede21f");
    fk_set_add(&site->content, &c->item);
    return c;
}

static bool read_body(struct fk_content *c, const char *dir, const char *name)
{
    struct fk_buf path = {0};
    struct fk_buf text = {0};
    char chunk[16384];
    size_t n;
    FILE *f;

    fk_buf_fmt(&path, "%s/%s", dir, name);
    f = fopen(path.data, "rb");
    if (!f)
        fprintf(stderr, "cs-fake-confluence: %s: %s\n", path.data,
                strerror(errno));
    fk_buf_clear(&path);
    if (!f)
        return false;
    fk_buf_add(&text, "", 0);
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && text.len < MAX_FILE)
        fk_buf_add(&text, chunk, n);
    fclose(f);
    fk_body_set(&c->body, text.data, text.len);
    fk_buf_clear(&text);
    return true;
}

static struct fk_space *add_space(struct fk_site *site, const char *key)
{
    struct fk_space *s = fk_alloc(sizeof(*s));
    static const char home[] = "<p>Every page of the directory.</p>";
    struct fk_content *page;

    s->item.id = SPACE_ID;
    s->item.key = fk_strdup(key);
    s->item.title = fk_strdup(key);
    s->item.status = fk_strdup("current");
    s->item.created = fk_time_parse("2026-01-05");
    s->type = fk_strdup("global");
    s->author = fk_strdup("5b10a2844c20165700ede21f");
    s->home = HOME_ID;
    fk_set_add(&site->spaces, &s->item);
    page = add_page(site, s, HOME_ID, "Home", 4);
    fk_body_set(&page->body, home, sizeof(home) - 1);
    return s;
}

static void add_user(struct fk_site *site)
{
    site->users = fk_alloc(sizeof(*site->users));
    site->user_count = 1;
    site->users[0] = (struct fk_user){
        .id = fk_strdup("5b10a2844c20165700ede21f"),
        .name = fk_strdup("Demo User"),
        .email = fk_strdup("demo@example.com"),
        .status = fk_strdup("active"),
        .zone = fk_strdup("Europe/Berlin"),
    };
}

bool fk_site_load_pages(struct fk_site *site, const char *dir, const char *key)
{
    struct dirent **names;
    int n = scandir(dir, &names, only_xhtml, by_bytes);
    struct fk_space *space;
    bool fine = true;

    if (n < 0) {
        fprintf(stderr, "cs-fake-confluence: %s: %s\n", dir, strerror(errno));
        return false;
    }
    add_user(site);
    space = add_space(site, key);
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        struct fk_content *c = add_page(site, space, HOME_ID + 1 + (uint64_t)i,
                                        name, strlen(name) - 6);

        fine = fine && read_body(c, dir, name);
        free(names[i]);
    }
    free(names);
    return fine;
}
