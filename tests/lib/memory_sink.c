/*
 * memory_sink.c - arrays and copies; out of memory ends the test.
 */
#include "tests/lib/memory_sink.h"

#include <stdlib.h>

static char *copy(const char *text)
{
    char *made = text ? strdup(text) : NULL;
    if (text && !made)
        abort();
    return made;
}

static void replace(char **slot, const char *text)
{
    char *made = copy(text);
    free(*slot);
    *slot = made;
}

static struct memory_sink *self_of(struct cs_sink *sink)
{
    return (struct memory_sink *)sink;
}

static enum cs_status enter(struct cs_sink *sink, const char *slot,
                            struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    if (!memory->break_at || strcmp(memory->break_at, slot) != 0)
        return CS_OK;
    return cs_error_set(err, memory->break_with, "the sink broke at %s", slot);
}

struct memory_item *memory_sink_find(struct memory_sink *memory, const char *id)
{
    for (size_t i = 0; i < memory->n_items; i++) {
        size_t at = (memory->hint + i) % memory->n_items;
        if (strcmp(memory->items[at].id, id) == 0) {
            memory->hint = at;
            return &memory->items[at];
        }
    }
    return NULL;
}

const char *memory_sink_person(const struct memory_sink *memory, const char *id)
{
    for (size_t i = 0; i < memory->n_people; i++) {
        if (strcmp(memory->people[i].id, id) == 0)
            return memory->people[i].name;
    }
    return NULL;
}

static enum cs_status sink_begin(struct cs_sink *sink,
                                 const struct cs_source_info *source,
                                 const struct cs_run_options *options,
                                 struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    (void)options;
    replace(&memory->base_url, source->base_url);
    memory->begun++;
    memory->lists_before = memory->list;
    memory->run++;
    return enter(sink, "begin", err);
}

static enum cs_status sink_list_begin(struct cs_sink *sink,
                                      const struct cs_container *container,
                                      enum cs_list_scope scope,
                                      struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    (void)scope;
    replace(&memory->container, container->key);
    memory->list++;
    return enter(sink, "list_begin", err);
}

static struct memory_item *make_item(struct memory_sink *memory, const char *id)
{
    if (memory->n_items == memory->cap_items) {
        memory->cap_items = memory->cap_items ? memory->cap_items * 2 : 64;
        memory->items = reallocarray(memory->items, memory->cap_items,
                                     sizeof(*memory->items));
        if (!memory->items)
            abort();
    }
    struct memory_item *item = &memory->items[memory->n_items++];
    *item = (struct memory_item){.id = copy(id)};
    return item;
}

static enum cs_status sink_list_add(struct cs_sink *sink,
                                    const struct cs_item *item,
                                    struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    struct memory_item *kept = memory_sink_find(memory, item->id);
    if (!kept)
        kept = make_item(memory, item->id);
    replace(&kept->container, memory->container);
    replace(&kept->title, item->title);
    replace(&kept->parent_id, item->parent_id);
    replace(&kept->url, item->url);
    replace(&kept->author_id, item->author_id);
    kept->kind = item->kind;
    kept->status = item->status;
    kept->version = item->version;
    kept->position = item->position;
    kept->created = item->created;
    kept->updated = item->updated;
    kept->listed_in = memory->list;
    replace(&kept->labels, NULL);
    return enter(sink, "list_add", err);
}

static void add_label(struct memory_item *item, const char *label)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(10000);
    if (item->labels && *item->labels)
        cs_strbuf_printf(&text, "%s,", item->labels);
    cs_strbuf_puts(&text, label);
    replace(&item->labels, text.data);
}

static enum cs_status sink_list_label(struct cs_sink *sink, const char *item_id,
                                      const char *label, struct cs_error *err)
{
    struct memory_item *item = memory_sink_find(self_of(sink), item_id);
    if (!item)
        return cs_error_set(err, CS_ERR_INTERNAL, "label of unknown %s",
                            item_id);
    add_label(item, label);
    return enter(sink, "list_label", err);
}

static bool is_wanted(const struct memory_sink *memory,
                      const struct memory_item *item)
{
    return item->kind != CS_ITEM_FOLDER &&
           item->listed_in > memory->lists_before &&
           strcmp(item->container, memory->container) == 0 &&
           item->stored != item->version && item->handed_in != memory->run;
}

static enum cs_status sink_list_end(struct cs_sink *sink, bool labels,
                                    struct cs_list_summary *ret_summary,
                                    struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    memory->listings++;
    for (size_t i = 0; i < memory->n_items; i++) {
        struct memory_item *item = &memory->items[i];
        if (item->listed_in != memory->list)
            continue;
        if (!labels)
            replace(&item->labels, NULL);
        else if (!item->labels)
            replace(&item->labels, "");
        ret_summary->listed += item->kind != CS_ITEM_FOLDER;
        ret_summary->wanted += is_wanted(memory, item);
    }
    return enter(sink, "list_end", err);
}

static enum cs_status sink_fetch_begin(struct cs_sink *sink,
                                       const struct cs_container *container,
                                       struct cs_error *err)
{
    replace(&self_of(sink)->container, container->key);
    return enter(sink, "fetch_begin", err);
}

static enum cs_status sink_wanted(struct cs_sink *sink, struct cs_arena *arena,
                                  size_t max, struct cs_want *ret_wants,
                                  size_t *ret_n, struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    size_t n = 0;
    for (size_t i = 0; i < memory->n_items && n < max; i++) {
        struct memory_item *item = &memory->items[i];
        if (!is_wanted(memory, item))
            continue;
        item->handed_in = memory->run;
        ret_wants[n++] = (struct cs_want){
            .id = cs_arena_strdup(arena, item->id),
            .kind = item->kind,
            .version = item->version,
            .aspects = CS_ASPECT_TEXT |
                       (item->labels ? 0U : (unsigned)CS_ASPECT_LABELS)};
    }
    *ret_n = n;
    return enter(sink, "wanted", err);
}

static enum cs_status sink_put_person(struct cs_sink *sink,
                                      const struct cs_person *person,
                                      struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    memory->person_calls++;
    for (size_t i = 0; i < memory->n_people; i++) {
        if (strcmp(memory->people[i].id, person->id) == 0) {
            replace(&memory->people[i].name, person->name);
            return CS_OK;
        }
    }
    memory->people = reallocarray(memory->people, memory->n_people + 1,
                                  sizeof(*memory->people));
    if (!memory->people)
        abort();
    memory->people[memory->n_people++] = (struct memory_person){
        .id = copy(person->id), .name = copy(person->name)};
    return enter(sink, "put_person", err);
}

static enum cs_status sink_put(struct cs_sink *sink,
                               const struct cs_document *doc,
                               struct cs_error *err)
{
    struct memory_item *item = memory_sink_find(self_of(sink), doc->id);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    if (!item)
        return cs_error_set(err, CS_ERR_INTERNAL, "put of unknown %s", doc->id);
    cs_body_render(&doc->text.body, cs_resolve_canonical, NULL, &text);
    replace(&item->markdown, text.data);
    replace(&item->source, doc->text.source);
    replace(&item->why, NULL);
    item->stored = doc->version;
    item->puts++;
    for (size_t i = 0; i < doc->n_labels; i++)
        add_label(item, doc->labels[i]);
    return enter(sink, "put", err);
}

static enum cs_status sink_fail(struct cs_sink *sink, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    struct memory_item *item = memory_sink_find(memory, id);
    if (!item)
        return cs_error_set(err, CS_ERR_INTERNAL, "fail of unknown %s", id);
    replace(&item->why, why->message);
    memory->failed++;
    return enter(sink, "fail", err);
}

static enum cs_status sink_commit(struct cs_sink *sink, struct cs_error *err)
{
    self_of(sink)->commits++;
    return enter(sink, "commit", err);
}

static enum cs_status sink_end(struct cs_sink *sink, enum cs_status outcome,
                               struct cs_run_summary *ret_summary,
                               struct cs_error *err)
{
    struct memory_sink *memory = self_of(sink);
    memory->ended++;
    memory->outcome = outcome;
    ret_summary->listed = memory_sink_listed(memory);
    ret_summary->stored = memory_sink_stored(memory);
    ret_summary->failed = ret_summary->failed_new = memory->failed;
    memory->failed = 0;
    return enter(sink, "end", err);
}

static const struct cs_sink_ops ops = {
    .begin = sink_begin,
    .list_begin = sink_list_begin,
    .list_add = sink_list_add,
    .list_label = sink_list_label,
    .list_end = sink_list_end,
    .fetch_begin = sink_fetch_begin,
    .wanted = sink_wanted,
    .put_person = sink_put_person,
    .put = sink_put,
    .fail = sink_fail,
    .commit = sink_commit,
    .end = sink_end,
};

void memory_sink_init(struct memory_sink *memory)
{
    *memory = (struct memory_sink){.sink = {.ops = &ops}};
}

size_t memory_sink_listed(const struct memory_sink *memory)
{
    size_t n = 0;
    for (size_t i = 0; i < memory->n_items; i++)
        n += memory->items[i].kind != CS_ITEM_FOLDER;
    return n;
}

size_t memory_sink_stored(const struct memory_sink *memory)
{
    size_t n = 0;
    for (size_t i = 0; i < memory->n_items; i++) {
        const struct memory_item *item = &memory->items[i];
        n += item->kind != CS_ITEM_FOLDER && item->stored == item->version;
    }
    return n;
}

void memory_sink_clear(struct memory_sink *memory)
{
    for (size_t i = 0; i < memory->n_items; i++) {
        struct memory_item *item = &memory->items[i];
        char *const texts[] = {item->id,        item->container, item->title,
                               item->parent_id, item->url,       item->labels,
                               item->markdown,  item->source,    item->why,
                               item->author_id};
        for (size_t k = 0; k < CS_ARRAY_LEN(texts); k++)
            free(texts[k]);
    }
    for (size_t i = 0; i < memory->n_people; i++) {
        free(memory->people[i].id);
        free(memory->people[i].name);
    }
    free(memory->items);
    free(memory->people);
    free(memory->base_url);
    free(memory->container);
    memory_sink_init(memory);
}
