/*
 * storage_comments.c - a heading, a list, an item for each comment.
 *
 *     ## Comments
 *
 *     - **@Ada**, 2026-05-07 (inline, open)
 *
 *       > the words that it is about
 *
 *       What she says.
 *
 *       - **@Bob**, 2026-05-08
 *
 *         What he answers.
 *
 * Headings in a comment become bold lines: they are none of the page's.
 */
#include "connectors/confluence/storage_comments.h"

#include "connectors/confluence/storage_reader.h"
#include "src/clock.h"
#include "src/markdown.h"

#include <stdlib.h>

#define REPLIES_DEPTH_MAX 8 /* deeper replies stand beside what they answer */

/* A comment in the tree of replies. */
struct entry {
    const struct cs_comment *comment;
    struct entry *first, *last, *next; /* replies; the one after it */
};

struct writer {
    struct cs_storage_reader reader;
    bool recovered;
    enum cs_status status;
    struct cs_error why;
};

/* ---- the tree of replies ---- */

static int compare_entries(const void *a, const void *b)
{
    const struct entry *const *x = a, *const *y = b;
    return strcmp((*x)->comment->id, (*y)->comment->id);
}

static int compare_id(const void *id, const void *row)
{
    return strcmp(id, (*(struct entry *const *)row)->comment->id);
}

static struct entry *find_parent(struct entry **by_id, size_t n,
                                 const struct entry *entry)
{
    const char *id = entry->comment->parent_id;
    struct entry **found =
        id ? bsearch(id, by_id, n, sizeof(struct entry *), compare_id) : NULL;
    return found && *found != entry ? *found : NULL;
}

/* The root, whose children are the comments that answer none; NULL when memory
 * is out. Comments that answer each other in a ring hang on nothing. */
static struct entry *build_tree(struct cs_arena *arena,
                                const struct cs_comment *comments, size_t n)
{
    struct entry *entries = cs_arena_array(arena, n + 1, sizeof(*entries));
    struct entry **by_id = cs_arena_array(arena, n + 1, sizeof(struct entry *));
    if (!entries || !by_id)
        return NULL;
    struct entry *root = &entries[n];
    for (size_t i = 0; i < n; i++) {
        entries[i].comment = &comments[i];
        by_id[i] = &entries[i];
    }
    qsort(by_id, n, sizeof(struct entry *), compare_entries);
    for (size_t i = 0; i < n; i++) {
        struct entry *parent = find_parent(by_id, n, &entries[i]);
        if (!parent)
            parent = root;
        if (parent->last)
            parent->last->next = &entries[i];
        else
            parent->first = &entries[i];
        parent->last = &entries[i];
    }
    return root;
}

/* ---- one comment ---- */

static void add_author(struct cs_storage_reader *r, const char *id)
{
    struct cs_ref *ref = cs_arena_alloc(r->arena, sizeof(*ref));
    if (!id || !ref) {
        cs_storage_add_word(r, "Anonymous", CS_MARK_BIT(CS_MARK_STRONG));
        return;
    }
    *ref = (struct cs_ref){.kind = CS_REF_USER,
                           .id = cs_arena_strdup(r->arena, id)};
    const char *text = cs_arena_printf(r->arena, "@%s", id);
    struct cs_node *leaf =
        text ? cs_storage_add_leaf(r, CS_NODE_NAME, text, strlen(text)) : NULL;
    if (leaf) {
        leaf->ref = ref;
        leaf->marks |= CS_MARK_BIT(CS_MARK_STRONG);
    }
}

static void add_head(struct cs_storage_reader *r,
                     const struct cs_comment *comment)
{
    char day[CS_TIME_TEXT_SIZE];
    int64_t time = comment->created ? comment->created : comment->updated;
    const char *resolution = comment->resolution;
    add_author(r, comment->author_id);
    if (time) {
        cs_time_format_date(time, day);
        cs_storage_add_string(r, cs_arena_printf(r->arena, ", %s", day));
    }
    if (comment->is_inline && resolution)
        cs_storage_add_string(
            r, cs_arena_printf(r->arena, " (inline, %s%s)", resolution,
                               comment->edited ? ", edited" : ""));
    else if (comment->is_inline || comment->edited)
        cs_storage_add_string(r, !comment->edited     ? " (inline)"
                                 : comment->is_inline ? " (inline, edited)"
                                                      : " (edited)");
    cs_storage_end_line(r);
}

static void add_selection(struct cs_storage_reader *r, const char *selection)
{
    struct cs_node *outer = r->block;
    if (!selection || cs_node_is_blank(selection, strlen(selection)))
        return;
    struct cs_node *quote = cs_storage_add_quote(r, CS_ALERT_NONE);
    if (!quote)
        return;
    r->block = quote;
    cs_storage_add_string(r, cs_arena_strdup(r->arena, selection));
    cs_storage_end_line(r);
    r->block = outer;
}

static void add_body(struct writer *writer, const char *body)
{
    struct cs_storage_reader *r = &writer->reader;
    struct cs_xml_result source;
    if (!body || writer->status)
        return;
    writer->status =
        cs_xml_parse(r->arena, body, strlen(body), &cs_storage_xml_options,
                     &source, &writer->why);
    if (writer->status)
        return;
    cs_storage_read_children(r, source.root);
    cs_storage_end_line(r);
    cs_storage_count_flaws(r, &source);
    writer->recovered = writer->recovered || source.recovered;
}

/* ---- all of them ---- */

static void add_entries(struct writer *writer, struct entry *first,
                        unsigned depth);

static void add_entry(struct writer *writer, struct cs_node *list,
                      const struct entry *entry, unsigned depth)
{
    struct cs_storage_reader *r = &writer->reader;
    struct cs_node *outer = r->block;
    struct cs_node *item = cs_node_add(r->arena, list, CS_NODE_ITEM);
    if (!item)
        return;
    r->block = item;
    r->depth += 2;
    add_head(r, entry->comment);
    add_selection(r, entry->comment->selection);
    add_body(writer, entry->comment->body);
    if (entry->first)
        add_entries(writer, entry->first, depth + 1);
    r->depth -= 2;
    r->block = outer;
}

/* On the deepest level replies stand one after another, however long the chain
 * of answers: each comes right behind what it answers. */
static void flatten(struct entry *entry)
{
    if (!entry->first)
        return;
    entry->last->next = entry->next;
    entry->next = entry->first;
    entry->first = NULL;
}

static void add_entries(struct writer *writer, struct entry *first,
                        unsigned depth)
{
    struct cs_node *list = cs_storage_add_block(&writer->reader, CS_NODE_LIST);
    for (struct entry *at = first; list && at && !writer->status;
         at = at->next) {
        if (depth == REPLIES_DEPTH_MAX)
            flatten(at);
        add_entry(writer, list, at, depth);
    }
}

enum cs_status cs_storage_convert_comments(
    struct cs_arena *arena, const struct cs_comment *comments, size_t n,
    const struct cs_storage_options *options, struct cs_body *ret_body,
    struct cs_conversion_note *ret_note, struct cs_error *err)
{
    struct cs_node *document = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    struct entry *root = build_tree(arena, comments, n);
    struct writer writer = {
        .reader = {.arena = arena, .options = options, .block = document}};
    struct cs_storage_reader *r = &writer.reader;
    if (document && root && root->first) {
        r->heading = 2;
        cs_storage_add_string(r, "Comments");
        cs_storage_end_line(r);
        r->heading = 0;
        r->in_cell = true; /* headings become bold lines */
        add_entries(&writer, root->first, 0);
    }
    struct cs_conversion_note note = cs_storage_sum_up(r);
    note.recovered = writer.recovered;
    enum cs_status status = cs_arena_status(arena, err);
    if (!status && writer.status) {
        status = writer.status;
        if (err)
            *err = writer.why;
    }
    if (!status)
        status = cs_markdown_write(arena, document, ret_body, err);
    if (status)
        return status;
    ret_body->n_parts = 0; /* none that another page may show */
    if (ret_note)
        *ret_note = note;
    return CS_OK;
}
