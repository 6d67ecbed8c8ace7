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

/* A container of blocks into which the reader goes on writing; NULL where
 * there is no room for one. leave() ends it. */
static struct cs_node *enter(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             enum cs_node_kind kind)
{
    bool fits = r->depth == 0 && cs_storage_stands_alone(r, call->xml);
    struct cs_node *node = fits ? cs_storage_add_block(r, kind) : NULL;
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
    enum cs_outcome as_note, *outcome = r->outcome;
    const struct cs_target *target =
        cs_storage_new_target(r, &request->ref, NULL);
    struct cs_node *place = target ? enter(r, call, CS_NODE_PLACE) : NULL;
    if (place) {
        place->place.form = request->form;
        place->place.ref = target->ref;
        r->outcome = &as_note; /* whether it stays one, the mirror knows */
    }
    cs_storage_add_note(r, call->name, request->link, request->detail);
    r->outcome = outcome;
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
    if (!request.ref.space)
        request.ref.space = cs_storage_param(r, call, "spacekey");
    add_place(r, call, &request);
}

/* Whose children: "@self" and nothing mean the page itself, "@home" and "/"
 * the home page of its space. False for what cannot be named. */
static bool find_parent(struct cs_storage_reader *r,
                        const struct cs_storage_call *call,
                        const struct cs_target *target, bool home,
                        struct cs_ref *ref)
{
    const char *name = target && target->ref ? target->ref->title : NULL;
    if (!name)
        name = cs_storage_param(r, call, "root");
    if (!name && !target)
        name = home ? "@home" : "@self";
    *ref = (struct cs_ref){.kind = CS_REF_PAGE};
    if (cs_str_equal(name, "@self"))
        return true;
    if (cs_str_equal(name, "@home") || cs_str_equal(name, "/")) {
        ref->kind = CS_REF_SPACE;
        ref->space = r->options ? r->options->space_key : NULL;
        return true;
    }
    if ((name && name[0] == '@') || !target || !target->ref ||
        target->ref->kind != CS_REF_PAGE)
        return false;
    *ref = *target->ref;
    return true;
}

/* row->arg: all levels, and from the home page, unless the macro says
 * otherwise. */
void cs_storage_macro_children(struct cs_storage_reader *r,
                               const struct cs_storage_call *call,
                               const struct cs_storage_macro *row)
{
    const struct cs_target *target = find_page(r, call);
    const char *depth = cs_storage_param(r, call, "depth");
    const char *first = cs_storage_param(r, call, "first");
    bool all = cs_str_equal(cs_storage_param(r, call, "all"), "true");
    struct request request = {.form = CS_PLACE_CHILDREN, .link = target};
    if (!find_parent(r, call, target, row->arg, &request.ref)) {
        cs_storage_add_note(r, call->name, target,
                            cs_storage_param(r, call, "root"));
        return;
    }
    if (request.ref.kind == CS_REF_SPACE ||
        !(request.ref.title || request.ref.id))
        request.link = NULL;
    if (row->arg || all)
        depth = "";
    else if (!depth || !cs_ascii_is_digit(*depth))
        depth = "1";
    request.ref.query = depth;
    if (first && cs_ascii_is_digit(*first))
        request.ref.query = cs_arena_printf(r->arena, "%s,%s", depth, first);
    add_place(r, call, &request);
}

enum { CQL_MAX = 2000 };

/* The next word, quoted string or sign of a query in CQL; "" at its end. */
static const char *next_token(const char *cql, char *token, size_t size)
{
    const char *p = cql + strspn(cql, " \t\n");
    bool quoted = *p == '"';
    p += quoted;
    size_t len = strcspn(p, quoted ? "\"" : " \t\n\"=!~<>(),");
    if (!quoted && len == 0 && *p)
        len = 1; /* a sign */
    (void)snprintf(token, size, "%.*s", (int)len, p);
    return p + len + (quoted && p[len]);
}

/* One condition of a query, such as label = "a" or space in (ENG). Returns
 * what follows it; NULL when it is of another kind. */
static const char *read_condition(const char *cql, char *field, char *value,
                                  size_t size)
{
    char token[16];
    const char *p = next_token(cql, field, size), *after;
    p = next_token(p, token, sizeof(token));
    bool list = cs_ascii_casecmp(token, "in") == 0;
    if (!list && strcmp(token, "=") != 0)
        return NULL;
    if (list)
        p = next_token(p, token, sizeof(token));
    p = next_token(p, value, size);
    after = next_token(p, token, sizeof(token));
    if (strcmp(token, "(") == 0) { /* "currentSpace()" */
        p = next_token(after, token, sizeof(token));
        after = next_token(p, token, sizeof(token));
    }
    if (list && strcmp(token, ")") != 0)
        return NULL;
    return list ? after : p;
}

/* Labels of a query that asks for pages with all of some labels, perhaps in
 * one space, and for nothing else. NULL when it asks for more. */
static const char *read_cql(struct cs_storage_reader *r, const char *cql,
                            const char **ret_space)
{
    enum { SIZE = 256 };
    struct cs_strbuf labels CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    char field[SIZE], value[SIZE], join[8] = "and";
    for (const char *p = cql; join[0];) {
        if (cs_ascii_casecmp(join, "and") != 0)
            return NULL;
        p = read_condition(p, field, value, SIZE);
        if (!p || !value[0])
            return NULL;
        if (strcmp(field, "label") == 0)
            cs_strbuf_printf(&labels, "%s%s", labels.len ? "," : "", value);
        else if (strcmp(field, "space") == 0)
            *ret_space = cs_arena_strdup(r->arena, value);
        else if (strcmp(field, "type") != 0 || strcmp(value, "page") != 0)
            return NULL;
        p = next_token(p, join, sizeof(join));
    }
    if (cs_str_equal(*ret_space, "currentSpace"))
        *ret_space = r->options ? r->options->space_key : NULL;
    return labels.len || labels.status ? cs_arena_strbuf(r->arena, &labels)
                                       : NULL;
}

/* Labels as a list with commas. NULL for none, for one that must be missing
 * ("-a"), and for several of which any will do. */
static const char *join_labels(struct cs_storage_reader *r, const char *labels,
                               bool all)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    size_t n = 0, wanted = 0;
    for (const char *p = labels; p && *p;) {
        size_t len = strcspn(p, ", ");
        const char *name = p + (*p == '+');
        size_t name_len = len - (*p == '+');
        if (*p == '-')
            return NULL;
        if (name_len) {
            wanted += all || *p == '+';
            cs_strbuf_puts(&out, n++ ? "," : "");
            cs_strbuf_put(&out, name, name_len);
        }
        p += len + (p[len] != '\0');
    }
    bool fits = n > 0 && (n == 1 || n == wanted) && out.status != CS_ERR_LIMIT;
    return fits ? cs_arena_strbuf(r->arena, &out) : NULL;
}

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
    if (space && cs_ascii_casecmp(space, "@all") == 0)
        space = NULL;
    else if (space && (strcmp(space, "@self") == 0 ||
                       cs_ascii_casecmp(space, "currentspace()") == 0))
        space = r->options ? r->options->space_key : NULL;
    if (space && (space[0] == '@' || strpbrk(space, ", ")))
        return NULL;
    *ret_space = space;
    return join_labels(r, labels, join && cs_ascii_casecmp(join, "AND") == 0);
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
    if (!name)
        name = cs_storage_param(r, call, "name");
    struct cs_node *outer = r->block, *before = outer ? outer->last : NULL;
    struct cs_node *part = call->rich ? enter(r, call, CS_NODE_PART) : NULL;
    if (part) {
        part->part.kind = (enum cs_part_kind)row->arg;
        part->part.name = name ? name : "";
    }
    cs_storage_macro_body(r, call, row);
    leave(r, outer, before, part);
}
