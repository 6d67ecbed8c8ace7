/*
 * section.c - one walk over the lines; names are made when they are asked for.
 */
#include "index/search/section.h"

#include "index/search/plain.h"
#include "src/slug.h"

#include <stdlib.h>

struct line {
    const char *text;
    size_t len;
};

/* The level of a heading, 0 for any other line. */
static unsigned heading_level(const struct line *line)
{
    unsigned level = 0;
    while (level < line->len && level < 7 && line->text[level] == '#')
        level++;
    bool heading = level > 0 && level < 7 &&
                   (level == line->len || line->text[level] == ' ');
    return heading ? level : 0;
}

struct fence {
    char mark;
    size_t n; /* 0: none is open */
};

/* Follow the fences; true while the line stands in a block or is its border. */
static bool in_fence(struct fence *fence, const struct line *line)
{
    size_t at = 0, n = 0;
    while (at < line->len && at < 4 && line->text[at] == ' ')
        at++;
    char mark = at < line->len && at < 4 ? line->text[at] : ' ';
    while (at + n < line->len && line->text[at + n] == mark)
        n++;
    size_t rest = at + n;
    if (n < 3 || (mark != '`' && mark != '~'))
        return fence->n > 0;
    if (!fence->n) {
        if (mark == '`' && memchr(line->text + rest, '`', line->len - rest))
            return false;
        *fence = (struct fence){mark, n};
        return true;
    }
    while (rest < line->len && strchr(" \t\r", line->text[rest]))
        rest++;
    if (mark == fence->mark && n >= fence->n && rest == line->len)
        fence->n = 0;
    return true;
}

struct list {
    struct cs_arena *arena;
    struct cs_section *all;
    size_t n, cap;
};

/* The sections that were, and one more; NULL without memory. */
static struct cs_section *add(struct list *list)
{
    struct cs_section *all = cs_arena_grow(list->arena, list->all, list->n,
                                           &list->cap, sizeof(*all));
    if (!all)
        return NULL;
    list->all = all;
    return &list->all[list->n++];
}

enum cs_status cs_sections_of(struct cs_arena *arena, const char *markdown,
                              size_t len, const struct cs_section **ret,
                              size_t *ret_n, struct cs_error *err)
{
    struct list list = {.arena = arena};
    struct fence fence = {0};
    struct cs_section *last = add(&list);
    if (last)
        *last = (struct cs_section){.line = 1};
    size_t number = 1;
    for (size_t at = 0; at < len && last; number++) {
        const char *stop = memchr(markdown + at, '\n', len - at);
        size_t end = stop ? (size_t)(stop - markdown) : len;
        struct line line = {markdown + at, end - at};
        size_t next = stop ? end + 1 : len;
        unsigned level = in_fence(&fence, &line) ? 0 : heading_level(&line);
        if (level > 0) {
            last->end = at;
            if (at > 0)
                last = add(&list);
            if (last)
                *last = (struct cs_section){
                    .at = at, .body = next, .line = number, .level = level};
        }
        at = next;
    }
    if (!last)
        return cs_arena_status(arena, err);
    last->end = len;
    *ret = list.all;
    *ret_n = list.n;
    return CS_OK;
}

size_t cs_section_at(const struct cs_section *sections, size_t n, size_t at)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (sections[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The heading as it reads, in `plain`. */
static void read_heading(struct cs_plain *plain, const char *markdown,
                         const struct cs_section *section)
{
    size_t end = section->body;
    while (end > section->at && strchr("\r\n", markdown[end - 1]))
        end--;
    plain->len = 0;
    plain->full = false;
    cs_plain_put_line(plain, markdown, section->at, end, false);
    while (plain->len > 0 && plain->text[plain->len - 1] == ' ')
        plain->len--;
}

enum cs_status cs_section_name(struct cs_arena *arena, const char *markdown,
                               const struct cs_section *sections, size_t i,
                               const char **ret_heading,
                               const char **ret_anchor, struct cs_error *err)
{
    struct cs_strbuf wanted CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 * CS_PLAIN_MAX);
    struct cs_strbuf slug CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 * CS_PLAIN_MAX);
    struct cs_plain *plain = cs_arena_take(arena, sizeof(*plain));
    size_t before = 0;
    *ret_heading = *ret_anchor = "";
    if (!plain || sections[i].level == 0)
        return cs_arena_status(arena, err);
    plain->n_found = 0;
    read_heading(plain, markdown, &sections[i]);
    cs_slug_put(&wanted, plain->text, plain->len);
    *ret_heading = cs_arena_strndup(arena, plain->text, plain->len);
    for (size_t j = 0; j < i; j++) {
        if (sections[j].level == 0)
            continue;
        cs_strbuf_reset(&slug);
        read_heading(plain, markdown, &sections[j]);
        cs_slug_put(&slug, plain->text, plain->len);
        before += slug.len == wanted.len &&
                  memcmp(slug.data, wanted.data, slug.len) == 0;
    }
    if (before > 0)
        cs_strbuf_printf(&wanted, "-%zu", before);
    *ret_anchor = cs_arena_strndup(arena, wanted.data, wanted.len);
    enum cs_status status = cs_strbuf_status(&wanted, err);
    if (!status)
        status = cs_strbuf_status(&slug, err);
    return status ? status : cs_arena_status(arena, err);
}
