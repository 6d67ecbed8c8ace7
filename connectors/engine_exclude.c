/*
 * engine_exclude.c - documents that the user does not want.
 *
 * Seen, stored and excluded are three facts. An excluded document is seen by
 * listings and never reaches the sink; where the sink holds it from before, it
 * becomes doubtful like anything that a listing lacks, and the verdict is that
 * it is excluded.
 *
 * By title that is known as soon as it is listed. By label it may be known at
 * the end of a listing only, so the items of a container wait here until then;
 * where a listing tells no labels it is known when the document was fetched,
 * and then remembered with its version, or it would be fetched in every run.
 */
#include "connectors/engine_parts.h"

#include <inttypes.h>
#include <stdlib.h>

struct cs_engine_waiting {
    struct cs_engine_waiting *next;
    struct cs_item item;
};

struct cs_engine_label {
    struct cs_engine_label *next;
    const char *item_id, *label;
};

static const struct cs_source_config *config_of(const struct cs_engine *run)
{
    return run->options->source;
}

static bool by_label(const struct cs_engine *run)
{
    return config_of(run)->exclude_labels.n > 0;
}

static void cursor_name(const char *id, char buf[128])
{
    (void)snprintf(buf, 128, "engine.excluded.%.100s", id);
}

/* Up to this version the document was seen to have such a label; 0: none. */
static enum cs_status remembered(struct cs_engine *run, const char *id,
                                 int64_t *ret, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(4096);
    const char *text = NULL;
    char name[128];
    if (!arena)
        return cs_error_no_memory(err);
    cursor_name(id, name);
    enum cs_status status = cs_engine_from_sink(
        run, run->sink->ops->cursor(run->sink, name, arena, &text, err));
    *ret = !status && text ? strtoll(text, NULL, 10) : 0;
    return status;
}

static enum cs_status remember(struct cs_engine *run, const char *id,
                               int64_t version, struct cs_error *err)
{
    char name[128], text[32];
    cursor_name(id, name);
    (void)snprintf(text, sizeof(text), "%" PRId64, version);
    return cs_engine_from_sink(
        run, run->sink->ops->set_cursor(run->sink, name, text, err));
}

/* It is not told to the sink. A listing of changes makes nothing doubtful by
 * itself. */
static enum cs_status leave_out(struct cs_engine *run, const char *id,
                                struct cs_error *err)
{
    enum cs_status status = cs_idset_add(&run->excluded, id, NULL, err);
    run->n_excluded++;
    if (!status && run->scope == CS_LIST_CHANGES)
        status = cs_engine_from_sink(
            run, run->sink->ops->suspect(run->sink, id, err));
    return status;
}

static enum cs_status judge_item(struct cs_engine *run,
                                 const struct cs_item *item, bool *ret,
                                 struct cs_error *err)
{
    int64_t version = 0;
    *ret = item->kind != CS_ITEM_FOLDER &&
           (cs_idset_has(&run->excluded, item->id) ||
            cs_patterns_match(&config_of(run)->exclude_titles, item->title));
    if (*ret || !by_label(run) || item->kind == CS_ITEM_FOLDER ||
        run->options->full)
        return CS_OK;
    enum cs_status status = remembered(run, item->id, &version, err);
    *ret = !status && version > 0 && item->version <= version;
    return status;
}

enum cs_status cs_engine_exclude_verdict(struct cs_engine *run,
                                         const struct cs_verdict *said,
                                         bool *ret, struct cs_error *err)
{
    *ret = false;
    if (said->presence != CS_PRESENCE_HERE || !said->item)
        return CS_OK;
    return judge_item(run, said->item, ret, err);
}

/* ---- a listing ---- */

static enum cs_status wait(struct cs_engine *run, const struct cs_item *item,
                           struct cs_error *err)
{
    struct cs_arena *arena = run->waiting_arena;
    struct cs_engine_waiting *kept = cs_arena_array(arena, 1, sizeof(*kept));
    if (!kept)
        return cs_arena_status(arena, err);
    kept->item = *item;
    kept->item.id = cs_arena_strdup(arena, item->id);
    kept->item.title = cs_arena_strdup(arena, item->title);
    kept->item.parent_id = cs_arena_strdup(arena, item->parent_id);
    kept->item.author_id = cs_arena_strdup(arena, item->author_id);
    kept->item.editor_id = cs_arena_strdup(arena, item->editor_id);
    kept->item.url = cs_arena_strdup(arena, item->url);
    *run->last_waiting = kept;
    run->last_waiting = &kept->next;
    return cs_arena_status(arena, err);
}

enum cs_status cs_engine_exclude_begin(struct cs_engine *run,
                                       struct cs_error *err)
{
    run->n_excluded = 0;
    run->waiting = NULL;
    run->last_waiting = &run->waiting;
    run->labels = NULL;
    run->last_label = &run->labels;
    cs_idset_clear(&run->labelled);
    cs_arena_free(run->waiting_arena);
    run->waiting_arena = NULL;
    if (!by_label(run) || run->scope == CS_LIST_CHANGES)
        return CS_OK;
    run->waiting_arena = cs_arena_new(0);
    return run->waiting_arena ? CS_OK : cs_error_no_memory(err);
}

enum cs_status cs_engine_exclude_item(struct cs_engine *run,
                                      const struct cs_item *item,
                                      struct cs_error *err)
{
    bool excluded = false;
    if (run->waiting_arena)
        return wait(run, item, err);
    enum cs_status status = judge_item(run, item, &excluded, err);
    if (status)
        return status;
    return excluded ? leave_out(run, item->id, err)
                    : cs_engine_pass_item(run, item, err);
}

enum cs_status cs_engine_exclude_label(struct cs_engine *run,
                                       const char *item_id, const char *label,
                                       struct cs_error *err)
{
    struct cs_arena *arena = run->waiting_arena;
    if (!arena)
        return cs_engine_pass_label(run, item_id, label, err);
    struct cs_engine_label *kept = cs_arena_array(arena, 1, sizeof(*kept));
    if (!kept)
        return cs_arena_status(arena, err);
    kept->item_id = cs_arena_strdup(arena, item_id);
    kept->label = cs_arena_strdup(arena, label);
    *run->last_label = kept;
    run->last_label = &kept->next;
    enum cs_status status = cs_arena_status(arena, err);
    if (!status && cs_patterns_match(&config_of(run)->exclude_labels, label))
        status = cs_idset_add(&run->labelled, item_id, NULL, err);
    return status;
}

/* One that waited. What the labels say now is newer than what is remembered. */
static enum cs_status settle(struct cs_engine *run, const struct cs_item *item,
                             struct cs_error *err)
{
    bool excluded = cs_idset_has(&run->labelled, item->id);
    int64_t version = 0;
    enum cs_status status = CS_OK;
    if (run->place->labels) {
        status = remembered(run, item->id, &version, err);
        int64_t now = excluded ? item->version : 0;
        if (!status && version != now)
            status = remember(run, item->id, now, err);
    }
    if (!status && !excluded)
        status = judge_item(run, item, &excluded, err);
    if (status)
        return status;
    return excluded ? leave_out(run, item->id, err)
                    : cs_engine_pass_item(run, item, err);
}

enum cs_status cs_engine_exclude_end(struct cs_engine *run,
                                     struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (const struct cs_engine_waiting *at = run->waiting; at && !status;
         at = at->next)
        status = settle(run, &at->item, err);
    for (const struct cs_engine_label *at = run->labels; at && !status;
         at = at->next) {
        if (!cs_idset_has(&run->excluded, at->item_id))
            status = cs_engine_pass_label(run, at->item_id, at->label, err);
    }
    cs_arena_free(run->waiting_arena);
    run->waiting_arena = NULL;
    return status;
}

/* ---- a document that was fetched ---- */

enum cs_status cs_engine_exclude_document(struct cs_engine *run,
                                          const struct cs_document *doc,
                                          int64_t version, bool *ret,
                                          struct cs_error *err)
{
    const struct cs_verdict said = {.presence = CS_PRESENCE_EXCLUDED};
    *ret = false;
    if (!by_label(run) || !(doc->aspects & CS_ASPECT_LABELS))
        return CS_OK;
    for (size_t i = 0; i < doc->n_labels && !*ret; i++)
        *ret =
            cs_patterns_match(&config_of(run)->exclude_labels, doc->labels[i]);
    if (!*ret)
        return CS_OK;
    run->excluded_late = true;
    if (doc->version > version)
        version = doc->version;
    enum cs_status status = remember(run, doc->id, version, err);
    if (!status)
        status = cs_idset_add(&run->excluded, doc->id, NULL, err);
    return status
               ? status
               : cs_engine_from_sink(run, run->sink->ops->verdict(
                                              run->sink, doc->id, &said, err));
}

void cs_engine_exclude_clear(struct cs_engine *run)
{
    cs_arena_free(run->waiting_arena);
    cs_idset_clear(&run->labelled);
    cs_idset_clear(&run->excluded);
}
