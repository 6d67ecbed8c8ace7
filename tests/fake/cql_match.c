/*
 * Answering a query: dates, matching, and the search over the whole site.
 */
#include "tests/fake/cql.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    (24 * 60 * MINUTE_MS)

/* "-90m", "4w", "" -> the time moved by it; months and years by calendar. */
static bool move_time(struct tm *tm, const char *text)
{
    char *unit;
    long n;

    if (!*text)
        return true;
    n = strtol(text, &unit, 10);
    if (unit == text || !unit[0] || unit[1] || n > 100000 || n < -100000)
        return false;
    switch (*unit) {
    case 'y': tm->tm_year += (int)n; return true;
    case 'M': tm->tm_mon += (int)n; return true;
    case 'w': tm->tm_mday += (int)n * 7; return true;
    case 'd': tm->tm_mday += (int)n; return true;
    case 'h': tm->tm_hour += (int)n; return true;
    case 'm': tm->tm_min += (int)n; return true;
    default: return false;
    }
}

static int64_t local_ms(struct tm *tm)
{
    tm->tm_isdst = -1;
    return (int64_t)mktime(tm) * 1000;
}

static bool function_date(const char *name, const char *text, int64_t *ret_from,
                          int64_t *ret_to)
{
    time_t now = (time_t)(fk_time_now() / 1000);
    struct tm tm;

    localtime_r(&now, &tm);
    if (strcasecmp(name, "now") != 0) {
        tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
        bool year = strcasecmp(name, "startOfYear") == 0;
        if (strcasecmp(name, "startOfWeek") == 0)
            tm.tm_mday -= tm.tm_wday;
        else if (year || strcasecmp(name, "startOfMonth") == 0)
            tm.tm_mday = 1;
        else if (strcasecmp(name, "startOfDay") != 0)
            return false;
        if (year)
            tm.tm_mon = 0;
    }
    if (!move_time(&tm, text))
        return false;
    *ret_from = local_ms(&tm);
    *ret_to = *ret_from + 1;
    return true;
}

bool fk_cql_date(const char *function, const char *text, int64_t *ret_from,
                 int64_t *ret_to)
{
    static const char *const forms[] = {"%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M",
                                        "%Y-%m-%d", "%Y/%m/%d"};

    if (function)
        return function_date(function, text, ret_from, ret_to);
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        struct tm tm = {0};
        const char *end = strptime(text, forms[i], &tm);

        if (!end || *end)
            continue;
        *ret_from = local_ms(&tm);
        *ret_to = *ret_from + (i < 2 ? MINUTE_MS : DAY_MS);
        return true;
    }
    return false;
}

struct fk_hit fk_hit_content(const struct fk_content *c)
{
    return (struct fk_hit){.item = c->item, .content = c, .page = c};
}

struct fk_hit fk_hit_file(const struct fk_site *site,
                          const struct fk_attachment *a)
{
    return (struct fk_hit){.item = a->item,
                           .file = a,
                           .page = fk_site_content(site, a->item.owner)};
}

struct fk_hit fk_hit_note(const struct fk_site *site,
                          const struct fk_comment *c)
{
    return (struct fk_hit){
        .item = c->item, .note = c, .page = fk_site_content(site, c->content)};
}

const char *fk_hit_type(const struct fk_hit *hit)
{
    if (hit->file)
        return "attachment";
    return hit->note ? "comment" : fk_kind_name(hit->content->kind);
}

static bool id_is(const char *text, uint64_t id)
{
    if (strncmp(text, "att", 3) == 0)
        text += 3;
    return strtoull(text, NULL, 10) == id;
}

/* Pages only, and below pages only: the vendor's index has no folders. */
static bool is_below(const struct fk_site *site, const struct fk_hit *hit,
                     const char *text)
{
    const struct fk_content *c = hit->page;

    if (!hit->content || c->kind != FK_PAGE)
        return false;
    for (int depth = 0; depth < 100; depth++) {
        c = fk_site_content(site, c->item.owner);
        if (!c)
            return false;
        if (c->kind == FK_PAGE && id_is(text, c->item.id))
            return true;
    }
    return false;
}

static bool has_label(const struct fk_site *site, const struct fk_hit *hit,
                      const char *name)
{
    const struct fk_content *c = hit->content;

    for (size_t i = 0; c && i < c->label_count; i++) {
        const struct fk_item *l = fk_set_find(&site->labels, c->labels[i]);

        if (l && strcasecmp(l->title, name) == 0)
            return true;
    }
    return false;
}

static bool value_fits(const struct fk_site *site,
                       const struct fk_cql_node *node, const struct fk_hit *hit,
                       const char *value)
{
    bool part = node->op == FK_CQL_CONTAINS || node->op == FK_CQL_MISSES;

    switch (node->field) {
    case FK_CQL_SPACE:
        return strcasecmp(hit->page->space->item.key, value) == 0;
    case FK_CQL_TYPE: return strcasecmp(fk_hit_type(hit), value) == 0;
    case FK_CQL_ID: return id_is(value, hit->item.id);
    case FK_CQL_TITLE:
        return part ? strcasestr(hit->item.title, value) != NULL
                    : strcasecmp(hit->item.title, value) == 0;
    case FK_CQL_ANCESTOR: return is_below(site, hit, value);
    case FK_CQL_PARENT:
        return hit->content && hit->item.owner && id_is(value, hit->item.owner);
    case FK_CQL_LABEL: return has_label(site, hit, value);
    default: return false;
    }
}

static bool date_fits(const struct fk_cql_node *node, int64_t t)
{
    switch (node->op) {
    case FK_CQL_EQUAL: return t >= node->from && t < node->to;
    case FK_CQL_UNEQUAL: return t < node->from || t >= node->to;
    case FK_CQL_GREATER: return t >= node->to;
    case FK_CQL_AT_LEAST: return t >= node->from;
    case FK_CQL_LESS: return t < node->from;
    case FK_CQL_AT_MOST: return t < node->to;
    default: return false;
    }
}

bool fk_cql_match(const struct fk_site *site, const struct fk_cql_node *node,
                  const struct fk_hit *hit)
{
    bool any = false;

    switch (node->field) {
    case FK_CQL_AND:
        return fk_cql_match(site, node->left, hit) &&
               fk_cql_match(site, node->right, hit);
    case FK_CQL_OR:
        return fk_cql_match(site, node->left, hit) ||
               fk_cql_match(site, node->right, hit);
    case FK_CQL_NOT: return !fk_cql_match(site, node->left, hit);
    case FK_CQL_CREATED: return date_fits(node, hit->item.created);
    case FK_CQL_MODIFIED: return date_fits(node, hit->item.version.created);
    default: break;
    }
    for (size_t i = 0; i < node->value_count && !any; i++)
        any = value_fits(site, node, hit, node->values[i]);
    return any != (node->op == FK_CQL_UNEQUAL || node->op == FK_CQL_MISSES);
}

struct search {
    const struct fk_site *site;
    const struct fk_cql *cql;
    int64_t before;
    struct fk_hit *hits;
    size_t count;
    size_t cap;
};

static void try_hit(struct search *s, const struct fk_hit *hit)
{
    const struct fk_content *page = hit->page;

    if (!page || hit->item.version.created > s->before ||
        fk_status_gone(page->item.status) || fk_status_gone(hit->item.status) ||
        !fk_content_visible(s->site, page) ||
        !fk_cql_match(s->site, s->cql->root, hit))
        return;
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 64;
        s->hits = fk_realloc(s->hits, s->cap * sizeof(*s->hits));
    }
    s->hits[s->count++] = *hit;
}

static int compare_hits(const void *a, const void *b, void *ctx)
{
    const struct fk_cql *cql = ctx;
    const struct fk_hit *left = a;
    const struct fk_hit *right = b;
    int c = fk_item_compare(&left->item, &right->item, cql->order);

    return cql->descending ? -c : c;
}

struct fk_hit *fk_cql_run(const struct fk_site *site, const struct fk_cql *cql,
                          int64_t lag_ms, size_t *ret_count)
{
    struct search s = {.site = site, .cql = cql, .before = INT64_MAX};
    struct fk_hit hit;

    if (lag_ms > 0)
        s.before = fk_time_now() - lag_ms;
    for (size_t i = 0; i < site->content.count; i++) {
        hit = fk_hit_content((struct fk_content *)site->content.items[i]);
        try_hit(&s, &hit);
    }
    for (size_t i = 0; i < site->attachments.count; i++) {
        hit = fk_hit_file(site,
                          (struct fk_attachment *)site->attachments.items[i]);
        try_hit(&s, &hit);
    }
    for (size_t i = 0; i < site->comments.count; i++) {
        hit = fk_hit_note(site, (struct fk_comment *)site->comments.items[i]);
        try_hit(&s, &hit);
    }
    if (s.count)
        qsort_r(s.hits, s.count, sizeof(*s.hits), compare_hits,
                (void *)(uintptr_t)cql);
    *ret_count = s.count;
    return s.hits;
}
