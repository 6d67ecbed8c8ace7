/*
 * Sorted collections: items by id, and views in other orders that are made
 * when a listing first asks for them and dropped after a change.
 */
#include "tests/fake/model.h"

#include <stdlib.h>
#include <string.h>

static int compare_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

int fk_item_compare(const struct fk_item *a, const struct fk_item *b,
                    enum fk_order order)
{
    int c = 0;

    switch (order) {
    case FK_BY_CREATED: c = compare_number(a->created, b->created); break;
    case FK_BY_MODIFIED:
        c = compare_number(a->version.created, b->version.created);
        break;
    case FK_BY_TITLE: c = compare_text(a->title, b->title); break;
    case FK_BY_KEY: c = compare_text(a->key, b->key); break;
    case FK_BY_POSITION: c = compare_number(a->position, b->position); break;
    case FK_BY_OWNER: c = (a->owner > b->owner) - (a->owner < b->owner); break;
    case FK_BY_ID:
    case FK_ORDERS: break;
    }
    return c ? c : (a->id > b->id) - (a->id < b->id);
}

static int compare_pointers(const void *a, const void *b, void *order)
{
    const struct fk_item *const *left = a;
    const struct fk_item *const *right = b;

    return fk_item_compare(*left, *right, *(const enum fk_order *)order);
}

/* The first place whose item is not below `id`. */
static size_t lower_bound(const struct fk_set *set, uint64_t id)
{
    size_t low = 0;
    size_t high = set->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (set->items[mid]->id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void fk_set_add(struct fk_set *set, struct fk_item *item)
{
    size_t at = lower_bound(set, item->id);

    if (set->count == set->cap) {
        set->cap = set->cap ? set->cap * 2 : 64;
        set->items = fk_realloc(set->items, set->cap * sizeof(*set->items));
    }
    memmove(set->items + at + 1, set->items + at,
            (set->count - at) * sizeof(*set->items));
    set->items[at] = item;
    set->count++;
    fk_set_touch(set);
}

void fk_set_remove(struct fk_set *set, struct fk_item *item)
{
    size_t at = lower_bound(set, item->id);

    if (at >= set->count || set->items[at] != item)
        return;
    set->count--;
    memmove(set->items + at, set->items + at + 1,
            (set->count - at) * sizeof(*set->items));
    fk_set_touch(set);
}

void fk_set_touch(struct fk_set *set)
{
    for (int i = 0; i < FK_ORDERS; i++) {
        free(set->views[i]);
        set->views[i] = NULL;
    }
}

struct fk_item *fk_set_find(const struct fk_set *set, uint64_t id)
{
    size_t at = lower_bound(set, id);

    if (at < set->count && set->items[at]->id == id)
        return set->items[at];
    return NULL;
}

struct fk_item **fk_set_view(struct fk_site *site, struct fk_set *set,
                             enum fk_order order)
{
    struct fk_item **view;

    if (order == FK_BY_ID || !set->count)
        return set->items;
    pthread_mutex_lock(&site->view_lock);
    view = set->views[order];
    if (!view) {
        view = fk_alloc(set->count * sizeof(struct fk_item *));
        memcpy(view, set->items, set->count * sizeof(struct fk_item *));
        qsort_r(view, set->count, sizeof(struct fk_item *), compare_pointers,
                &order);
        set->views[order] = view;
    }
    pthread_mutex_unlock(&site->view_lock);
    return view;
}

struct fk_item **fk_set_owned(struct fk_site *site, struct fk_set *set,
                              uint64_t owner, size_t *ret_count)
{
    struct fk_item **view = fk_set_view(site, set, FK_BY_OWNER);
    size_t low = 0;
    size_t high = set->count;
    size_t n = 0;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (view[mid]->owner < owner)
            low = mid + 1;
        else
            high = mid;
    }
    while (low + n < set->count && view[low + n]->owner == owner)
        n++;
    *ret_count = n;
    return view ? view + low : NULL;
}
