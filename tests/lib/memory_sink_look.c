/*
 * memory_sink_look.c - hints, doubts and verdicts; containers and cursors.
 */
#include "tests/lib/memory_sink_parts.h"

#include <stdlib.h>

struct memory_container *memory_sink_container(struct memory_sink *memory,
                                               const char *key)
{
    for (size_t i = 0; i < memory->n_containers; i++) {
        if (strcmp(memory->containers[i].key, key) == 0)
            return &memory->containers[i];
    }
    return NULL;
}

static struct memory_container *container_of(struct memory_sink *memory,
                                             const char *id)
{
    for (size_t i = 0; i < memory->n_containers; i++) {
        if (strcmp(memory->containers[i].id, id) == 0)
            return &memory->containers[i];
    }
    return NULL;
}

void memory_add_container(struct memory_sink *memory,
                          const struct cs_container *container)
{
    struct memory_container *kept = container_of(memory, container->id);
    if (!kept) {
        memory->containers = memory_grow(memory->containers,
                                         memory->n_containers, sizeof(*kept));
        kept = &memory->containers[memory->n_containers++];
        *kept = (struct memory_container){.id = memory_copy(container->id)};
    }
    memory_replace(&kept->key, container->key);
    memory_replace(&kept->name, container->name);
    kept->absent = false;
}

static enum cs_status sink_state(struct cs_sink *sink, const char *container_id,
                                 struct cs_container_state *ret,
                                 struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    const struct memory_container *kept = container_of(memory, container_id);
    *ret = (struct cs_container_state){0};
    if (!kept || !kept->listed_in)
        return memory_enter(sink, "state", err);
    *ret = memory->state;
    for (size_t i = 0; i < memory->n_items; i++) {
        const struct memory_item *item = &memory->items[i];
        if (strcmp(item->container, kept->key) != 0)
            continue;
        ret->count += memory->state.count ? 0 : item->kind != CS_ITEM_FOLDER;
        if (!memory->state.newest && item->updated > ret->newest)
            ret->newest = item->updated;
    }
    if (!ret->listed)
        ret->listed = 1;
    return memory_enter(sink, "state", err);
}

static enum cs_status sink_containers(
    struct cs_sink *sink,
    enum cs_status (*visit)(void *payload, const struct cs_container *container,
                            struct cs_error *err),
    void *payload, struct cs_error *err)
{
    const struct memory_sink *memory = memory_self(sink);
    enum cs_status status = memory_enter(sink, "containers", err);
    for (size_t i = 0; i < memory->n_containers && !status; i++) {
        const struct memory_container *kept = &memory->containers[i];
        const struct cs_container container = {
            .id = kept->id, .key = kept->key, .name = kept->name};
        status = visit(payload, &container, err);
    }
    return status;
}

static enum cs_status sink_absent(struct cs_sink *sink,
                                  const char *container_id,
                                  enum cs_absence absence, const char *why,
                                  struct cs_error *err)
{
    struct memory_container *kept =
        container_of(memory_self(sink), container_id);
    if (kept) {
        kept->absent = true;
        kept->absence = absence;
        memory_replace(&kept->why, why);
    }
    return memory_enter(sink, "absent", err);
}

static enum cs_status sink_hint(struct cs_sink *sink, const char *item_id,
                                unsigned aspects, struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    memory->hints += item_id != NULL;
    memory->hinted_all += item_id == NULL;
    for (size_t i = 0; i < memory->n_items; i++) {
        struct memory_item *item = &memory->items[i];
        if (item->kind != CS_ITEM_FOLDER &&
            (!item_id || strcmp(item->id, item_id) == 0))
            item->reload |= aspects;
    }
    return memory_enter(sink, "hint", err);
}

static struct memory_item *oldest(struct memory_sink *memory)
{
    struct memory_item *found = NULL;
    for (size_t i = 0; i < memory->n_items; i++) {
        struct memory_item *item = &memory->items[i];
        if (item->kind <= CS_ITEM_BLOG_POST && item->stored && !item->missing &&
            item->looked < memory->run && !item->reload &&
            (!found || item->looked < found->looked))
            found = item;
    }
    return found;
}

static enum cs_status sink_sweep(struct cs_sink *sink, size_t max,
                                 int64_t older_than, struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    memory->sweep_max = max;
    memory->sweep_older_than = older_than;
    for (struct memory_item *item; max > 0; max--) {
        item = oldest(memory);
        if (!item || !memory_extras(memory))
            break;
        item->reload = memory_extras(memory);
        memory->swept++;
    }
    return memory_enter(sink, "sweep", err);
}

static enum cs_status sink_suspect(struct cs_sink *sink, const char *item_id,
                                   struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    struct memory_item *item = memory_sink_find(memory, item_id);
    memory->suspects++;
    if (item)
        item->suspect = true;
    return memory_enter(sink, "suspect", err);
}

static enum cs_status sink_doubtful(struct cs_sink *sink,
                                    struct cs_arena *arena, size_t max,
                                    struct cs_want *ret_wants, size_t *ret_n,
                                    struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    size_t n = 0;
    for (size_t i = 0; i < memory->n_items && n < max; i++) {
        struct memory_item *item = &memory->items[i];
        if (item->asked_in == memory->run || item->kind == CS_ITEM_FOLDER ||
            (item->missing != memory->run && !item->suspect))
            continue;
        item->asked_in = memory->run;
        ret_wants[n++] =
            (struct cs_want){.id = cs_arena_strdup(arena, item->id),
                             .kind = item->kind,
                             .version = item->version,
                             .title = cs_arena_strdup(arena, item->title),
                             .url = cs_arena_strdup(arena, item->url)};
    }
    *ret_n = n;
    return memory_enter(sink, "doubtful", err);
}

static void condemn(struct memory_sink *memory, struct memory_item *item,
                    const struct cs_verdict *said)
{
    const struct memory_container *home = NULL;
    item->presence = said->presence;
    switch (said->presence) {
    case CS_PRESENCE_HERE:
        home = container_of(memory, said->container_id);
        if (home && !home->absent)
            memory_put_item(item, said->item, home->key);
        else
            item->condemned = "moved";
        break;
    case CS_PRESENCE_TRASHED: item->condemned = "trashed"; break;
    case CS_PRESENCE_EXCLUDED: item->condemned = "excluded"; break;
    case CS_PRESENCE_GONE:
    case CS_PRESENCE_FORBIDDEN:
        item->verdicts += item->missing == memory->run;
        if (item->verdicts >= 2)
            item->condemned =
                said->presence == CS_PRESENCE_GONE ? "gone" : "forbidden";
        break;
    default: break;
    }
}

static enum cs_status sink_verdict(struct cs_sink *sink, const char *item_id,
                                   const struct cs_verdict *verdict,
                                   struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    struct memory_item *item = memory_sink_find(memory, item_id);
    memory->verdicts++;
    if (item)
        condemn(memory, item, verdict);
    return memory_enter(sink, "verdict", err);
}

void memory_drop_item(struct memory_sink *memory, struct memory_item *item)
{
    memory_drop_files(memory, item->id);
    memory_item_clear(item);
    *item = memory->items[--memory->n_items];
    memory->hint = 0;
}

static bool braked(const struct memory_sink *memory, size_t n)
{
    const struct cs_run_options *options = &memory->options;
    bool brake = options->brake_percent || options->brake_count;
    return brake && !options->allow_deletions && n > options->brake_count &&
           n * 100 > options->brake_percent * memory->n_items;
}

static enum cs_status sink_remove(struct cs_sink *sink,
                                  struct cs_removal_summary *ret_summary,
                                  struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    size_t n = 0;
    memory->removals++;
    *ret_summary = (struct cs_removal_summary){0};
    for (size_t i = 0; i < memory->n_items; i++) {
        n += memory->items[i].condemned != NULL;
        ret_summary->kept +=
            memory->items[i].verdicts && !memory->items[i].condemned;
    }
    if (braked(memory, n)) {
        memory->braked = ret_summary->braked = n;
        return memory_enter(sink, "remove", err);
    }
    for (size_t i = memory->n_items; i-- > 0;) {
        if (memory->items[i].condemned)
            memory_drop_item(memory, &memory->items[i]);
    }
    memory->deleted = ret_summary->removed = n;
    return memory_enter(sink, "remove", err);
}

static struct memory_cursor *find_cursor(const struct memory_sink *memory,
                                         const char *name)
{
    for (size_t i = 0; i < memory->n_cursors; i++) {
        if (strcmp(memory->cursors[i].name, name) == 0)
            return &memory->cursors[i];
    }
    return NULL;
}

const char *memory_sink_cursor(const struct memory_sink *memory,
                               const char *name)
{
    const struct memory_cursor *cursor = find_cursor(memory, name);
    return cursor ? cursor->text : NULL;
}

static enum cs_status sink_cursor(struct cs_sink *sink, const char *name,
                                  struct cs_arena *arena, const char **ret_text,
                                  struct cs_error *err)
{
    *ret_text =
        cs_arena_strdup(arena, memory_sink_cursor(memory_self(sink), name));
    return memory_enter(sink, "cursor", err);
}

static enum cs_status sink_set_cursor(struct cs_sink *sink, const char *name,
                                      const char *text, struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    struct memory_cursor *cursor = find_cursor(memory, name);
    if (!cursor) {
        memory->cursors = memory_grow(memory->cursors, memory->n_cursors,
                                      sizeof(*memory->cursors));
        cursor = &memory->cursors[memory->n_cursors++];
        *cursor = (struct memory_cursor){.name = memory_copy(name)};
    }
    memory_replace(&cursor->text, text);
    return memory_enter(sink, "set_cursor", err);
}

void memory_look_ops(struct cs_sink_ops *ops)
{
    ops->state = sink_state;
    ops->containers = sink_containers;
    ops->absent = sink_absent;
    ops->hint = sink_hint;
    ops->sweep = sink_sweep;
    ops->suspect = sink_suspect;
    ops->doubtful = sink_doubtful;
    ops->verdict = sink_verdict;
    ops->remove = sink_remove;
    ops->cursor = sink_cursor;
    ops->set_cursor = sink_set_cursor;
}
