/*
 * memory_sink.c - arrays and copies: a run, its listings, its documents.
 */
#include "tests/lib/memory_sink_parts.h"

#include <stdlib.h>

char *memory_copy(const char *text)
{
    char *made = text ? strdup(text) : NULL;
    if (text && !made)
        abort();
    return made;
}

void memory_replace(char **slot, const char *text)
{
    char *made = memory_copy(text);
    free(*slot);
    *slot = made;
}

void *memory_grow(void *array, size_t n, size_t size)
{
    if (n & (n - 1))
        return array; /* it doubles at each power of two */
    void *more = reallocarray(array, n ? n * 2 : 1, size);
    if (!more)
        abort();
    return more;
}

struct memory_sink *memory_self(struct cs_sink *sink)
{
    return (struct memory_sink *)sink;
}

enum cs_status memory_enter(struct cs_sink *sink, const char *slot,
                            struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    if (!memory->break_at || strcmp(memory->break_at, slot) != 0)
        return CS_OK;
    return cs_error_set(err, memory->break_with, "the sink broke at %s", slot);
}

unsigned memory_extras(const struct memory_sink *memory)
{
    return memory->options.aspects & ~(unsigned)CS_ASPECT_TEXT;
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
    struct memory_sink *memory = memory_self(sink);
    memory->options = *options;
    memory_replace(&memory->base_url, source->base_url);
    memory->begun++;
    memory->run++;
    memory->failed = memory->deleted = memory->braked = 0;
    memory->files_fetched = memory->files_failed = 0;
    return memory_enter(sink, "begin", err);
}

static enum cs_status sink_list_begin(struct cs_sink *sink,
                                      const struct cs_container *container,
                                      enum cs_list_scope scope,
                                      struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    memory->scope = scope;
    memory_replace(&memory->container, container->key);
    memory_add_container(memory, container);
    memory->list++;
    return memory_enter(sink, "list_begin", err);
}

static struct memory_item *make_item(struct memory_sink *memory, const char *id)
{
    memory->items =
        memory_grow(memory->items, memory->n_items, sizeof(*memory->items));
    struct memory_item *item = &memory->items[memory->n_items++];
    *item = (struct memory_item){.id = memory_copy(id)};
    return item;
}

void memory_put_item(struct memory_item *kept, const struct cs_item *item,
                     const char *container_key)
{
    memory_replace(&kept->container, container_key);
    memory_replace(&kept->title, item->title);
    memory_replace(&kept->parent_id, item->parent_id);
    memory_replace(&kept->url, item->url);
    memory_replace(&kept->author_id, item->author_id);
    kept->kind = item->kind;
    kept->status = item->status;
    kept->version = item->version;
    kept->position = item->position;
    kept->created = item->created;
    kept->updated = item->updated;
    kept->missing = kept->verdicts = 0;
    kept->suspect = false;
    kept->condemned = NULL;
}

static enum cs_status sink_list_add(struct cs_sink *sink,
                                    const struct cs_item *item,
                                    struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    struct memory_item *kept = memory_sink_find(memory, item->id);
    if (!kept) {
        kept = make_item(memory, item->id);
        kept->made_in = memory->list;
    }
    memory_put_item(kept, item, memory->container);
    kept->listed_in = memory->list;
    memory_replace(&kept->told, NULL);
    return memory_enter(sink, "list_add", err);
}

static void add_label(char **labels, const char *label)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(10000);
    if (*labels && **labels)
        cs_strbuf_printf(&text, "%s,", *labels);
    cs_strbuf_puts(&text, label);
    memory_replace(labels, text.data);
}

static enum cs_status sink_list_label(struct cs_sink *sink, const char *item_id,
                                      const char *label, struct cs_error *err)
{
    struct memory_item *item = memory_sink_find(memory_self(sink), item_id);
    if (!item)
        return cs_error_set(err, CS_ERR_INTERNAL, "label of unknown %s",
                            item_id);
    add_label(&item->told, label);
    return memory_enter(sink, "list_label", err);
}

static bool is_wanted(const struct memory_sink *memory,
                      const struct memory_item *item)
{
    return item->kind != CS_ITEM_FOLDER && !item->missing &&
           strcmp(item->container, memory->container) == 0 &&
           (item->stored != item->version ||
            item->reload & memory->options.aspects) &&
           item->handed_in != memory->run;
}

/* Where a container is listed for the first time hints will say what hangs on
 * its documents; of their labels none tells. Else a new text, like a changed
 * one, is looked at as a whole. */
static void settle_item(struct memory_sink *memory, struct memory_item *item,
                        bool first, bool labels)
{
    unsigned extras = memory_extras(memory);
    bool whole = item->stored || (item->made_in == memory->list && !first);
    if (labels)
        memory_replace(&item->labels, item->told ? item->told : "");
    if (item->kind == CS_ITEM_FOLDER || item->stored == item->version)
        return;
    item->reload |= whole ? extras : extras & CS_ASPECT_LABELS;
    if (labels)
        item->reload &= ~(unsigned)CS_ASPECT_LABELS;
}

static enum cs_status sink_list_end(struct cs_sink *sink, bool labels,
                                    struct cs_list_summary *ret_summary,
                                    struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    bool complete = memory->scope == CS_LIST_COMPLETE;
    struct memory_container *container =
        memory_sink_container(memory, memory->container);
    memory->listings++;
    for (size_t i = 0; i < memory->n_items; i++) {
        struct memory_item *item = &memory->items[i];
        bool listed = item->listed_in == memory->list;
        bool ours = strcmp(item->container, memory->container) == 0;
        if (listed)
            settle_item(memory, item, !container->listed_in, labels);
        else if (complete && ours) {
            item->missing = memory->run;
            ret_summary->missing++;
        }
        ret_summary->listed += listed && item->kind != CS_ITEM_FOLDER;
        ret_summary->wanted += is_wanted(memory, item);
    }
    if (complete)
        container->listed_in = memory->run;
    return memory_enter(sink, "list_end", err);
}

static enum cs_status sink_fetch_begin(struct cs_sink *sink,
                                       const struct cs_container *container,
                                       struct cs_error *err)
{
    memory_replace(&memory_self(sink)->container, container->key);
    return memory_enter(sink, "fetch_begin", err);
}

static enum cs_status sink_wanted(struct cs_sink *sink, struct cs_arena *arena,
                                  size_t max, struct cs_want *ret_wants,
                                  size_t *ret_n, struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    size_t n = 0;
    for (size_t i = 0; i < memory->n_items && n < max; i++) {
        struct memory_item *item = &memory->items[i];
        if (!is_wanted(memory, item))
            continue;
        unsigned text = item->stored != item->version ? CS_ASPECT_TEXT : 0U;
        item->handed_in = memory->run;
        ret_wants[n++] = (struct cs_want){
            .id = cs_arena_strdup(arena, item->id),
            .kind = item->kind,
            .version = item->version,
            .aspects = (item->reload & memory->options.aspects) | text,
            .title = cs_arena_strdup(arena, item->title),
            .url = cs_arena_strdup(arena, item->url)};
    }
    *ret_n = n;
    return memory_enter(sink, "wanted", err);
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum cs_status sink_people(struct cs_sink *sink, const char *after,
                                  struct cs_arena *arena, size_t max,
                                  const char **ret_ids, size_t *ret_n,
                                  struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    const char **ids =
        cs_arena_array(arena, memory->n_people + 1, sizeof(*ids));
    size_t n = 0;
    if (!ids)
        abort();
    for (size_t i = 0; i < memory->n_people; i++) {
        if (!after || strcmp(memory->people[i].id, after) > 0)
            ids[n++] = cs_arena_strdup(arena, memory->people[i].id);
    }
    qsort(ids, n, sizeof(*ids), compare_ids);
    *ret_n = n < max ? n : max;
    memcpy(ret_ids, ids, *ret_n * sizeof(*ids));
    return memory_enter(sink, "people", err);
}

static enum cs_status sink_put_person(struct cs_sink *sink,
                                      const struct cs_person *person,
                                      struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    memory->person_calls++;
    for (size_t i = 0; i < memory->n_people; i++) {
        if (strcmp(memory->people[i].id, person->id) == 0) {
            memory_replace(&memory->people[i].name, person->name);
            return CS_OK;
        }
    }
    memory->people =
        memory_grow(memory->people, memory->n_people, sizeof(*memory->people));
    memory->people[memory->n_people++] = (struct memory_person){
        .id = memory_copy(person->id), .name = memory_copy(person->name)};
    return memory_enter(sink, "put_person", err);
}

static void put_text(char **slot, const struct cs_text *text)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_body_render(&text->body, cs_resolve_canonical, NULL, &out);
    memory_replace(slot, out.data);
}

static void put_aspects(struct memory_sink *memory, struct memory_item *item,
                        const struct cs_document *doc)
{
    if (doc->aspects & CS_ASPECT_TEXT) {
        put_text(&item->markdown, &doc->text);
        memory_replace(&item->source, doc->text.source);
        item->stored = doc->version;
        if (item->version < doc->version)
            item->version = doc->version;
    }
    if (doc->aspects & CS_ASPECT_LABELS) {
        memory_replace(&item->labels, "");
        for (size_t i = 0; i < doc->n_labels; i++)
            add_label(&item->labels, doc->labels[i]);
    }
    if (doc->aspects & CS_ASPECT_COMMENTS) {
        put_text(&item->comments, &doc->comments);
        item->n_comments = doc->n_comments;
    }
    if (doc->aspects & CS_ASPECT_ATTACHMENTS)
        memory_put_files(memory, doc);
    if (doc->aspects & CS_ASPECT_RESTRICTIONS)
        item->restricted = doc->restricted;
}

static enum cs_status sink_put(struct cs_sink *sink,
                               const struct cs_document *doc,
                               struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    struct memory_item *item = memory_sink_find(memory, doc->id);
    if (!item)
        return cs_error_set(err, CS_ERR_INTERNAL, "put of unknown %s", doc->id);
    put_aspects(memory, item, doc);
    memory_replace(&item->why, NULL);
    item->puts++;
    item->brought |= doc->aspects;
    item->reload &= ~doc->aspects;
    if ((doc->aspects & memory_extras(memory)) == memory_extras(memory))
        item->looked = memory->run;
    return memory_enter(sink, "put", err);
}

static enum cs_status sink_fail(struct cs_sink *sink, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    struct memory_item *item = memory_sink_find(memory, id);
    if (!item)
        return cs_error_set(err, CS_ERR_INTERNAL, "fail of unknown %s", id);
    memory_replace(&item->why, why->message);
    memory->failed++;
    return memory_enter(sink, "fail", err);
}

static enum cs_status sink_commit(struct cs_sink *sink, struct cs_error *err)
{
    memory_self(sink)->commits++;
    return memory_enter(sink, "commit", err);
}

/* Seen in the last listing of their container; of these, the ones with the
 * listed version stored. */
static size_t count_listed(const struct memory_sink *memory)
{
    size_t n = 0;
    for (size_t i = 0; i < memory->n_items; i++)
        n += memory->items[i].kind != CS_ITEM_FOLDER &&
             !memory->items[i].missing;
    return n;
}

static size_t count_stored(const struct memory_sink *memory)
{
    size_t n = 0;
    for (size_t i = 0; i < memory->n_items; i++) {
        const struct memory_item *item = &memory->items[i];
        n += item->kind != CS_ITEM_FOLDER && !item->missing &&
             item->stored == item->version;
    }
    return n;
}

static enum cs_status sink_end(struct cs_sink *sink, enum cs_status outcome,
                               struct cs_run_summary *ret_summary,
                               struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    memory->ended++;
    memory->outcome = outcome;
    ret_summary->listed = count_listed(memory);
    ret_summary->stored = count_stored(memory);
    ret_summary->indexed = ret_summary->stored;
    ret_summary->failed = ret_summary->failed_new = memory->failed;
    ret_summary->deleted = memory->deleted;
    ret_summary->braked = memory->braked;
    ret_summary->files_fetched = memory->files_fetched;
    ret_summary->files_failed = memory->files_failed;
    ret_summary->files_failed_new = memory->files_failed;
    for (size_t i = 0; i < memory->n_files; i++)
        ret_summary->files += memory->files[i].held != 0;
    return memory_enter(sink, "end", err);
}

static const struct cs_sink_ops *all_ops(struct cs_sink_ops *ops)
{
    *ops = (struct cs_sink_ops){
        .begin = sink_begin,
        .list_begin = sink_list_begin,
        .list_add = sink_list_add,
        .list_label = sink_list_label,
        .list_end = sink_list_end,
        .fetch_begin = sink_fetch_begin,
        .wanted = sink_wanted,
        .people = sink_people,
        .put_person = sink_put_person,
        .put = sink_put,
        .fail = sink_fail,
        .commit = sink_commit,
        .end = sink_end,
    };
    memory_look_ops(ops);
    memory_file_ops(ops);
    return ops;
}

void memory_sink_init(struct memory_sink *memory)
{
    *memory = (struct memory_sink){.list = 0};
    memory->sink.ops = all_ops(&memory->ops);
}

void memory_item_clear(struct memory_item *item)
{
    char *const texts[] = {item->id,        item->container, item->title,
                           item->parent_id, item->url,       item->labels,
                           item->markdown,  item->source,    item->why,
                           item->author_id, item->told,      item->comments};
    for (size_t k = 0; k < CS_ARRAY_LEN(texts); k++)
        free(texts[k]);
}

void memory_sink_clear(struct memory_sink *memory)
{
    for (size_t i = 0; i < memory->n_items; i++) {
        memory_drop_files(memory, memory->items[i].id);
        memory_item_clear(&memory->items[i]);
    }
    for (size_t i = 0; i < memory->n_people; i++) {
        free(memory->people[i].id);
        free(memory->people[i].name);
    }
    for (size_t i = 0; i < memory->n_containers; i++) {
        free(memory->containers[i].id);
        free(memory->containers[i].key);
        free(memory->containers[i].name);
        free(memory->containers[i].why);
    }
    for (size_t i = 0; i < memory->n_cursors; i++) {
        free(memory->cursors[i].name);
        free(memory->cursors[i].text);
    }
    free(memory->items);
    free(memory->people);
    free(memory->files);
    free(memory->containers);
    free(memory->cursors);
    free(memory->base_url);
    free(memory->container);
    memory_sink_init(memory);
}
