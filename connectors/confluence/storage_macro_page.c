/*
 * storage_macro_page.c - macros that show other pages, or that other pages
 * show: include, excerpts, page properties, lists of pages.
 *
 * At the top level each becomes a place that the mirror fills in, or a part
 * that it may take out; the place holds a link or note for where it cannot.
 * Elsewhere, in a list or a cell, there is no room for whole blocks, and the
 * link or note is all there is.
 */
#include "connectors/confluence/storage_macro.h"

#include "src/text.h"

static bool at_margin(const struct cs_storage_reader *r)
{
    return !r->line && !r->pinned && r->depth == 0;
}

/* A container of blocks into which the reader goes on writing; NULL where
 * there is no room for one. leave() ends it. */
static struct cs_node *enter(struct cs_storage_reader *r,
                             enum cs_node_kind kind)
{
    struct cs_node *node = at_margin(r) ? cs_storage_add_block(r, kind) : NULL;
    if (node)
        r->block = node;
    return node;
}

static void leave(struct cs_storage_reader *r, struct cs_node *outer,
                  struct cs_node *before, const struct cs_node *node)
{
    if (!node)
        return;
    cs_storage_end_line(r);
    r->block = outer;
    if (!node->first)
        cs_node_drop_last(outer, before);
}

/* Places */

struct request {
    enum cs_place_form form;
    struct cs_ref ref;
    const struct cs_target *link; /* of the note; may be NULL */
    const char *detail;           /* of the note; may be NULL */
};

static void add_place(struct cs_storage_reader *r,
                      const struct cs_storage_call *call,
                      const struct request *request)
{
    struct cs_node *outer = r->block, *before = outer ? outer->last : NULL;
    const struct cs_target *target =
        cs_storage_new_target(r, &request->ref, NULL);
    struct cs_node *place = target ? enter(r, CS_NODE_PLACE) : NULL;
    if (place) {
        place->place.form = request->form;
        place->place.ref = target->ref;
    }
    cs_storage_add_note(r, call->name, request->link, request->detail);
    leave(r, outer, before, place);
}

static const struct cs_target *find_page(struct cs_storage_reader *r,
                                         const struct cs_storage_call *call)
{
    static const char *const names[] = {"", "page", "root", "pagewithexcerpt"};
    const struct cs_target *target = NULL;
    for (size_t i = 0; !target && i < CS_ARRAY_LEN(names); i++)
        target = cs_storage_param_target(r, call, names[i]);
    return target;
}

/* Text of another page: row->arg is the form of the place. */
void cs_storage_macro_include(struct cs_storage_reader *r,
                              const struct cs_storage_call *call,
                              const struct cs_storage_macro *row)
{
    const struct cs_target *target = find_page(r, call);
    if (!target || !target->ref) {
        cs_storage_add_note(r, call->name, target, NULL);
        return;
    }
    struct request request = {.form = (enum cs_place_form)row->arg,
                              .ref = *target->ref,
                              .link = target};
    const char *name = cs_storage_param(r, call, "name");
    if (!name)
        name = cs_storage_param(r, call, "multiexcerptname");
    request.ref.query = name ? name : "";
    add_place(r, call, &request);
}

/* row->arg: all levels, unless the macro says otherwise. */
void cs_storage_macro_children(struct cs_storage_reader *r,
                               const struct cs_storage_call *call,
                               const struct cs_storage_macro *row)
{
    const struct cs_target *target = find_page(r, call);
    const char *root = cs_storage_param(r, call, "root");
    const char *depth = cs_storage_param(r, call, "depth");
    const char *all = cs_storage_param(r, call, "all");
    struct request request = {.form = CS_PLACE_CHILDREN,
                              .ref = {.kind = CS_REF_PAGE},
                              .link = target};
    bool elsewhere = root && root[0] == '@' && strcmp(root, "@self") != 0;
    if (elsewhere || (row->arg && !root) ||
        (target && (!target->ref || target->ref->kind != CS_REF_PAGE))) {
        cs_storage_add_note(r, call->name, target, root);
        return;
    }
    if (target)
        request.ref = *target->ref;
    if (row->arg || cs_str_equal(all, "true"))
        request.ref.query = "";
    else
        request.ref.query = depth && cs_ascii_is_digit(*depth) ? depth : "1";
    add_place(r, call, &request);
}

/* One condition of a query in CQL, such as label = "a". */
struct condition {
    char field[8], value[256];
};

/* Returns what follows it; NULL when it is of another kind. */
static const char *read_condition(const char *cql, struct condition *condition)
{
    int used = 0;
    if (sscanf(cql, " %7[a-z] = \"%255[^\"]\" %n", condition->field,
               condition->value, &used) < 2 &&
        sscanf(cql, " %7[a-z] = %255[^ ()\",] %n", condition->field,
               condition->value, &used) < 2)
        return NULL;
    int call = 0; /* "currentSpace ( )" */
    (void)sscanf(cql + used, "( ) %n", &call);
    return used ? cql + used + call : NULL;
}

/* Labels of a query that asks for pages with all of some labels, perhaps in
 * one space, and for nothing else. NULL when it asks for more. */
static const char *read_cql(struct cs_storage_reader *r, const char *cql,
                            const char **ret_space)
{
    struct cs_strbuf labels CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct condition one;
    for (const char *p = cql; *p;) {
        p = read_condition(p, &one);
        if (!p || (*p && strncasecmp(p, "and ", 4) != 0))
            return NULL;
        p += *p ? 4 : 0;
        if (strcmp(one.field, "label") == 0)
            cs_strbuf_printf(&labels, "%s%s", labels.len ? "," : "", one.value);
        else if (strcmp(one.field, "space") == 0)
            *ret_space = cs_arena_strdup(r->arena, one.value);
        else if (strcmp(one.field, "type") != 0 ||
                 strcmp(one.value, "page") != 0)
            return NULL;
    }
    if (cs_str_equal(*ret_space, "currentSpace"))
        *ret_space = r->options ? r->options->space_key : NULL;
    return labels.len ? cs_arena_strdup(r->arena, labels.data) : NULL;
}

/* Pages with labels. Several labels mean any of them unless the macro asks
 * for all. */
static const char *read_labels(struct cs_storage_reader *r,
                               const struct cs_storage_call *call,
                               const char **ret_space)
{
    const char *cql = cs_storage_param(r, call, "cql");
    const char *labels = cs_storage_param(r, call, "labels");
    const char *join = cs_storage_param(r, call, "operator");
    const char *space = cs_storage_param(r, call, "spaces");
    if (cql)
        return read_cql(r, cql, ret_space);
    if (!labels)
        labels = cs_storage_param(r, call, "label");
    if (!labels ||
        (strchr(labels, ',') && (!join || cs_ascii_casecmp(join, "AND") != 0)))
        return NULL;
    if (space && strcmp(space, "@self") == 0 && r->options)
        space = r->options->space_key;
    if (space && (space[0] == '@' || strchr(space, ',')))
        space = NULL;
    *ret_space = space;
    return labels;
}

/* row->arg is the form of the place. */
void cs_storage_macro_labelled(struct cs_storage_reader *r,
                               const struct cs_storage_call *call,
                               const struct cs_storage_macro *row)
{
    const char *space = NULL;
    const char *labels = read_labels(r, call, &space);
    if (!labels) {
        cs_storage_macro_note(r, call, row);
        return;
    }
    struct request request = {
        .form = (enum cs_place_form)row->arg,
        .ref = {.kind = CS_REF_PAGE, .space = space, .query = labels},
        .detail = labels};
    add_place(r, call, &request);
}

/* Parts: row->text is the parameter with the part's name, row->arg its kind. */
void cs_storage_macro_part(struct cs_storage_reader *r,
                           const struct cs_storage_call *call,
                           const struct cs_storage_macro *row)
{
    const char *name = cs_storage_param(r, call, row->text);
    struct cs_node *outer = r->block, *before = outer ? outer->last : NULL;
    struct cs_node *part = call->rich ? enter(r, CS_NODE_PART) : NULL;
    if (part) {
        part->part.kind = (enum cs_part_kind)row->arg;
        part->part.name = name ? name : "";
    }
    cs_storage_macro_body(r, call, row);
    leave(r, outer, before, part);
}
