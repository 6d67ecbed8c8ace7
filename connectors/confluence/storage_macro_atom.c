/*
 * storage_macro_atom.c - macros without a body: words, links, and notes.
 */
#include "connectors/confluence/storage_macro.h"

#include "src/text.h"

/* Tools of the page's user interface, and what is made from the page itself:
 * nothing is lost without them. */
void cs_storage_macro_silent(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             const struct cs_storage_macro *row)
{
    (void)row;
    if (call->rich)
        cs_storage_read_children(r, call->rich);
}

void cs_storage_macro_anchor(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             const struct cs_storage_macro *row)
{
    const char *name = cs_storage_param(r, call, "");
    (void)row;
    cs_storage_add_anchor(r, name ? name : cs_storage_param(r, call, "name"));
    if (call->rich)
        cs_storage_read_children(r, call->rich);
}

void cs_storage_macro_status(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             const struct cs_storage_macro *row)
{
    const char *title = cs_storage_param(r, call, "title");
    (void)row;
    if (!title)
        title = cs_storage_param(r, call, "");
    cs_storage_add_word(r, title, CS_MARK_BIT(CS_MARK_STRONG));
}

void cs_storage_macro_jira(struct cs_storage_reader *r,
                           const struct cs_storage_call *call,
                           const struct cs_storage_macro *row)
{
    const char *key = cs_storage_param(r, call, "key");
    if (key)
        cs_storage_add_word(r, key, 0);
    else
        cs_storage_macro_note(r, call, row);
}

/* A link to the one thing that the parameter row->text points at. */
void cs_storage_macro_pointer(struct cs_storage_reader *r,
                              const struct cs_storage_call *call,
                              const struct cs_storage_macro *row)
{
    const struct cs_target *target =
        cs_storage_param_target(r, call, row->text);
    if (!target)
        target = cs_storage_param_target(r, call, "url");
    if (!target) {
        cs_storage_macro_note(r, call, row);
        return;
    }
    bool is_file = strcmp(row->text, "name") == 0;
    if (is_file && target->ref && target->ref->kind == CS_REF_PAGE) {
        struct cs_ref ref = {.kind = CS_REF_ATTACHMENT,
                             .file = cs_storage_param(r, call, row->text)};
        target = cs_storage_new_target(r, &ref, NULL);
    }
    cs_storage_add_named_link(r, target);
    if (r->line && r->line->last)
        r->line->last->apart = true;
    cs_storage_read_body(r, call);
}

/* Diagrams are attachments, each with a picture "<name>.png" beside it. */
void cs_storage_macro_diagram(struct cs_storage_reader *r,
                              const struct cs_storage_call *call,
                              const struct cs_storage_macro *row)
{
    const char *name = cs_storage_param(r, call, row->text);
    if (!name) {
        cs_storage_macro_note(r, call, row);
        return;
    }
    struct cs_ref ref = {.kind = CS_REF_ATTACHMENT,
                         .file = cs_arena_printf(r->arena, "%s.png", name)};
    const struct cs_target *target = cs_storage_new_target(r, &ref, NULL);
    struct cs_node *leaf =
        target ? cs_storage_add_leaf(r, CS_NODE_IMAGE, name, strlen(name))
               : NULL;
    if (leaf)
        leaf->target = *target;
}

void cs_storage_macro_person(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             const struct cs_storage_macro *row)
{
    const struct cs_target *target = cs_storage_param_target(r, call, "user");
    if (target && target->ref && target->ref->kind == CS_REF_USER)
        cs_storage_add_named_link(r, target);
    else
        cs_storage_macro_note(r, call, row);
}

/* A button leads somewhere, or does something that only the site can do. */
void cs_storage_macro_button(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             const struct cs_storage_macro *row)
{
    static const char *const labels[] = {"buttonlabel", "title", "label"};
    const struct cs_target *target = cs_storage_param_target(r, call, "url");
    const struct cs_target *outer = r->link;
    const char *label = NULL;
    if (!target)
        target = cs_storage_param_target(r, call, "link");
    for (size_t i = 0; !label && i < CS_ARRAY_LEN(labels); i++)
        label = cs_storage_param(r, call, labels[i]);
    if (call->rich || call->text || (!label && !target)) {
        cs_storage_macro_note(r, call, row);
    } else if (!label) {
        cs_storage_add_named_link(r, target);
    } else if (target) {
        r->link = target;
        cs_storage_add_word(r, label, 0);
        r->link = outer;
    } else {
        cs_storage_add_note(r, call->name, NULL, label);
    }
}
