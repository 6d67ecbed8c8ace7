/*
 * tree.c - the paths of all documents of a container, computed at one go.
 *
 * A path depends on titles, parents, dates and ids alone, never on what the
 * paths were before: two mirrors of one space look the same, however they came
 * to be. So nothing is patched; the whole tree is laid out anew and compared.
 *
 *   <space>/Title.md            the home page, its children, pages without
 * parent <space>/Title/Child.md      a child of Title
 *   <space>/blog/2026/2026-05-06 Title.md
 *   <space>/archived/Title.md   an archived page
 */
#include "index/store/internal.h"
#include "index/store/layout.h"
#include "src/clock.h"

#include <stdlib.h>

/* Groups of siblings that have no parent document. */
enum group { GROUP_TOP, GROUP_ARCHIVED, GROUP_BLOG, GROUP_CHILD };

struct node {
    int64_t row;
    const char *id, *title, *parent_id;
    const char *old_path, *path;
    int64_t created;
    enum cs_item_kind kind;
    bool archived, suffixed;
    enum group group;
    const char *year; /* blog posts */
    struct node *parent;
};

struct tree {
    struct cs_arena *arena;
    const char *folder; /* of the container */
    const char *home;
    struct node *nodes;  /* as loaded; sorted by id */
    struct node **order; /* by folder: siblings stand together */
    size_t n;
};

static void read_node(struct cs_arena *arena, struct cs_query *query,
                      struct node *node)
{
    node->row = cs_query_int(query, 0);
    node->id = cs_arena_strdup(arena, cs_query_text(query, 1));
    node->title = cs_arena_strdup(arena, cs_query_text(query, 2));
    node->parent_id = cs_arena_strdup(arena, cs_query_text(query, 3));
    node->old_path = cs_arena_strdup(arena, cs_query_text(query, 4));
    node->created = cs_query_int(query, 5);
    node->kind = cs_item_kind_from(cs_query_text(query, 6));
    node->archived =
        cs_item_status_from(cs_query_text(query, 7)) == CS_ITEM_ARCHIVED;
    node->suffixed = cs_query_int(query, 8) != 0;
}

static enum cs_status load_nodes(struct cs_store *store, int64_t container,
                                 struct tree *tree, struct cs_error *err)
{
    int64_t count = 0;
    enum cs_status status = cs_db_int(
        store->db, &count, err,
        "SELECT count(*) FROM document WHERE container = ?", "i", container);
    if (status)
        return status;
    tree->nodes =
        cs_arena_array(tree->arena, (size_t)count, sizeof(*tree->nodes));
    tree->order =
        cs_arena_array(tree->arena, (size_t)count, sizeof(*tree->order));
    if (!tree->nodes || !tree->order)
        return cs_arena_status(tree->arena, err);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    status = cs_db_query(
        store->db, &query, err,
        "SELECT id, vendor_id, title, parent, path, created, kind, status,"
        " suffixed FROM document WHERE container = ? ORDER BY vendor_id",
        "i", container);
    bool row = true;
    while (!status && tree->n < (size_t)count) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        read_node(tree->arena, &query, &tree->nodes[tree->n++]);
    }
    return status ? status : cs_arena_status(tree->arena, err);
}

static enum cs_status load_container(struct cs_store *store, int64_t container,
                                     struct tree *tree, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT folder, home FROM container WHERE id = ?", "i", container);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    tree->folder = cs_arena_strdup(tree->arena, cs_query_text(&query, 0));
    tree->home = cs_arena_strdup(tree->arena, cs_query_text(&query, 1));
    return cs_arena_status(tree->arena, err);
}

static int compare_id(const void *key, const void *node)
{
    return strcmp(key, ((const struct node *)node)->id);
}

/* Sort a node into its group. The home page adds no level, and a parent that
 * is not held, or lies among the archived, is none. */
static void find_parent(struct tree *tree, struct node *node)
{
    struct node *parent = NULL;
    bool home = tree->home && strcmp(node->id, tree->home) == 0;
    if (node->kind == CS_ITEM_BLOG_POST) {
        char day[CS_TIME_TEXT_SIZE];
        cs_time_format_date(node->created, day);
        node->group = GROUP_BLOG;
        node->year = cs_arena_strndup(tree->arena, day, 4);
        node->title = cs_arena_printf(tree->arena, "%s %s", day, node->title);
        return;
    }
    if (node->parent_id && !home)
        parent = bsearch(node->parent_id, tree->nodes, tree->n,
                         sizeof(*tree->nodes), compare_id);
    if (parent && (parent->archived != node->archived ||
                   parent->kind == CS_ITEM_BLOG_POST ||
                   (tree->home && strcmp(parent->id, tree->home) == 0)))
        parent = NULL;
    node->parent = parent;
    node->group = parent           ? GROUP_CHILD
                  : node->archived ? GROUP_ARCHIVED
                                   : GROUP_TOP;
}

/* A page that is its own ancestor hangs under none. */
static void break_cycles(struct tree *tree)
{
    for (size_t i = 0; i < tree->n; i++) {
        struct node *slow = &tree->nodes[i], *fast = slow;
        while (fast && fast->parent) {
            slow = slow->parent;
            fast = fast->parent->parent;
            if (slow == fast && slow) {
                slow->parent = NULL;
                slow->group = slow->archived ? GROUP_ARCHIVED : GROUP_TOP;
                break;
            }
        }
    }
}

static int compare_folder(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a;
    const struct node *y = *(struct node *const *)b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    return x->group == GROUP_BLOG ? strcmp(x->year, y->year) : 0;
}

/* Names within one folder; the stems land in `path` until the folders above
 * are known. */
static enum cs_status name_siblings(struct tree *tree, struct node **first,
                                    size_t n, struct cs_error *err)
{
    struct cs_layout_entry *entries =
        cs_arena_array(tree->arena, n, sizeof(*entries));
    if (!entries)
        return cs_arena_status(tree->arena, err);
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct cs_layout_entry){
            .id = first[i]->id,
            .title = first[i]->title,
            .created = first[i]->created,
            .has_file = first[i]->kind != CS_ITEM_FOLDER,
            .suffixed = first[i]->suffixed,
        };
    enum cs_status status = cs_layout_names(tree->arena, entries, n,
                                            (*first)->group == GROUP_TOP, err);
    for (size_t i = 0; i < n && !status; i++)
        first[i]->path = entries[i].stem;
    return status;
}

static enum cs_status name_all(struct tree *tree, struct cs_error *err)
{
    for (size_t i = 0; i < tree->n; i++)
        tree->order[i] = &tree->nodes[i];
    qsort(tree->order, tree->n, sizeof(*tree->order), compare_folder);
    enum cs_status status = CS_OK;
    for (size_t i = 0, end; i < tree->n && !status; i = end) {
        for (end = i + 1; end < tree->n; end++)
            if (compare_folder(&tree->order[i], &tree->order[end]) != 0)
                break;
        status = name_siblings(tree, &tree->order[i], end - i, err);
    }
    return status;
}

/* Append the path of the node's own name, without an ending: ancestors first.
 * The depth of a space is what people make it, so this climbs, not recurses. */
static void put_path(const struct tree *tree, const struct node *node,
                     struct cs_strbuf *out)
{
    const struct node *top = node;
    while (top->parent)
        top = top->parent;
    cs_strbuf_reset(out);
    cs_strbuf_printf(out, "%s/", tree->folder);
    if (top->group == GROUP_BLOG)
        cs_strbuf_printf(out, "blog/%s/", top->year);
    else if (top->group == GROUP_ARCHIVED)
        cs_strbuf_puts(out, "archived/");
    size_t start = out->len;
    for (const struct node *at = node; at; at = at->parent) {
        if (at != node)
            cs_strbuf_splice(out, start, 0, "/", 1);
        cs_strbuf_splice(out, start, 0, at->path, strlen(at->path));
    }
    if (node->kind != CS_ITEM_FOLDER)
        cs_strbuf_puts(out, ".md");
}

static enum cs_status note_moved(struct cs_store *store,
                                 const struct node *node, const char *path,
                                 struct cs_error *err)
{
    struct cs_strbuf detail CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_strbuf_printf(&detail, "%s -> %s", node->old_path, path);
    enum cs_status status = cs_strbuf_status(&detail, err);
    if (store->options.dry_run)
        cs_dry_run_tell(store, "move", node->id, node->old_path, path);
    return status ? status
                  : cs_event_note(store, node->row, "moved", detail.data, err);
}

static enum cs_status put_moved(struct cs_store *store, const struct node *node,
                                const char *path, struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(store->db, err, "UPDATE document SET path = ? WHERE id = ?",
                  "si", path, node->row);
    if (!status && node->old_path && node->kind != CS_ITEM_FOLDER)
        status = note_moved(store, node, path, err);
    if (!status && node->old_path)
        status = cs_db_run(store->db, err,
                           "INSERT OR IGNORE INTO temp.dirty"
                           " SELECT document FROM link WHERE target = ?",
                           "i", node->row);
    return status ? status : cs_touch_document(store, node->row, err);
}

static enum cs_status compare_paths(struct cs_store *store,
                                    const struct tree *tree,
                                    uint64_t *ret_moved, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < tree->n && !status; i++) {
        const struct node *node = &tree->nodes[i];
        put_path(tree, node, &path);
        status = cs_strbuf_status(&path, err);
        if (status ||
            (node->old_path && strcmp(node->old_path, path.data) == 0))
            continue;
        if (node->old_path && node->kind != CS_ITEM_FOLDER)
            ++*ret_moved;
        status = put_moved(store, node, path.data, err);
    }
    return status;
}

enum cs_status cs_tree_layout(struct cs_store *store, int64_t container,
                              uint64_t *ret_moved, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct tree tree = {.arena = arena};
    enum cs_status status = load_container(store, container, &tree, err);
    if (!status)
        status = load_nodes(store, container, &tree, err);
    for (size_t i = 0; i < tree.n && !status; i++)
        find_parent(&tree, &tree.nodes[i]);
    if (!status)
        status = cs_arena_status(arena, err);
    if (!status) {
        break_cycles(&tree);
        status = name_all(&tree, err);
    }
    return status ? status : compare_paths(store, &tree, ret_moved, err);
}
