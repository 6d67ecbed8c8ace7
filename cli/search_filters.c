/*
 * search_filters.c - the table, and what is done by it.
 */
#include "cli/search_filters.h"

#define ROW(option, list)                                                      \
    {                                                                          \
        option, #list, offsetof(struct cs_search_filters, list),               \
            offsetof(struct cs_search_request, list)                           \
    }

const struct cs_search_filter cs_search_filter_rows[] = {
    ROW("space", spaces), ROW("label", labels),   ROW("author", authors),
    ROW("type", types),   ROW("source", sources), {NULL, NULL, 0, 0},
};

const struct cs_option_list *cs_search_filter_items(
    const struct cs_search_filters *filters, const struct cs_search_filter *row)
{
    return (const void *)((const char *)filters + row->at);
}

struct cs_option_list *cs_search_filter_list(struct cs_search_filters *filters,
                                             const struct cs_search_filter *row)
{
    return (void *)((char *)filters + row->at);
}

bool cs_search_filters_empty(const struct cs_search_filters *filters)
{
    const struct cs_search_filter *row = cs_search_filter_rows;
    for (; row->option; row++)
        if (cs_search_filter_items(filters, row)->n > 0)
            return false;
    return true;
}

void cs_search_filters_merge(struct cs_search_filters *filters,
                             const struct cs_search_filters *saved,
                             struct cs_arena *arena)
{
    const struct cs_search_filter *row = cs_search_filter_rows;
    for (; row->option; row++) {
        const struct cs_option_list *from = cs_search_filter_items(saved, row);
        struct cs_option_list *to = cs_search_filter_list(filters, row);
        if (to->n > 0)
            continue;
        for (; to->n < from->n; to->n++)
            to->items[to->n] = cs_arena_strdup(arena, from->items[to->n]);
    }
}

void cs_search_filters_ask(const struct cs_search_filters *filters,
                           struct cs_search_request *request)
{
    const struct cs_search_filter *row = cs_search_filter_rows;
    for (; row->option; row++) {
        const struct cs_option_list *list =
            cs_search_filter_items(filters, row);
        struct cs_search_list *to = (void *)((char *)request + row->request_at);
        *to = (struct cs_search_list){list->items, list->n};
    }
}
