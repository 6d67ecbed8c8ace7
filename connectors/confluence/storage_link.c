/*
 * storage_link.c - links, mentions, images, and the identifiers (ri:...) that
 * they point with.
 */
#include "connectors/confluence/links.h"
#include "connectors/confluence/storage_reader.h"

#include "src/slug.h"
#include "src/text.h"

#include <stdlib.h>

const struct cs_target *cs_storage_new_target(struct cs_storage_reader *r,
                                              const struct cs_ref *ref,
                                              const char *url)
{
    struct cs_target *target = cs_arena_alloc(r->arena, sizeof(*target));
    struct cs_ref *copy = cs_arena_alloc(r->arena, sizeof(*copy));
    if (!target || !copy)
        return NULL;
    if (ref) {
        r->links_to_itself |= ref->kind == CS_REF_SELF;
        *copy = *ref;
        target->ref = copy;
    }
    target->url = url;
    return target;
}

static const char *non_empty(const char *text)
{
    return text && *text ? text : NULL;
}

/* Resource identifiers: how each element fills a reference. */

static bool fill_page(const struct cs_xml *ri, struct cs_ref *ref)
{
    ref->space = non_empty(cs_xml_get(ri, "ri:space-key"));
    ref->title = non_empty(cs_xml_get(ri, "ri:content-title"));
    ref->id = non_empty(cs_xml_get(ri, "ri:content-id"));
    ref->day = non_empty(cs_xml_get(ri, "ri:posting-day"));
    return ref->title || ref->id;
}

static bool fill_attachment(const struct cs_xml *ri, struct cs_ref *ref)
{
    ref->file = non_empty(cs_xml_get(ri, "ri:filename"));
    for (const struct cs_xml *at = ri->first; at; at = at->next)
        if (cs_xml_is(at, "ri:page") || cs_xml_is(at, "ri:blog-post") ||
            cs_xml_is(at, "ri:content-entity"))
            (void)fill_page(at, ref);
    return ref->file != NULL;
}

static bool fill_space(const struct cs_xml *ri, struct cs_ref *ref)
{
    ref->space = non_empty(cs_xml_get(ri, "ri:space-key"));
    return ref->space != NULL;
}

static bool fill_user(const struct cs_xml *ri, struct cs_ref *ref)
{
    static const char *const ids[] = {"ri:account-id", "ri:userkey",
                                      "ri:username"};
    for (size_t i = 0; !ref->id && i < CS_ARRAY_LEN(ids); i++)
        ref->id = non_empty(cs_xml_get(ri, ids[i]));
    return ref->id != NULL;
}

struct resource_row {
    const char *name;
    enum cs_ref_kind kind;
    bool (*fill)(const struct cs_xml *ri, struct cs_ref *ref);
};

static const struct resource_row resources[] = {
    {"ri:page", CS_REF_PAGE, fill_page},
    {"ri:blog-post", CS_REF_BLOG_POST, fill_page},
    {"ri:attachment", CS_REF_ATTACHMENT, fill_attachment},
    {"ri:content-entity", CS_REF_CONTENT, fill_page},
    {"ri:space", CS_REF_SPACE, fill_space},
    {"ri:user", CS_REF_USER, fill_user},
};

/* Of another page we know no headings, only how GitHub names them. */
static void aim_at_heading(struct cs_storage_reader *r, struct cs_ref *ref)
{
    if (ref->anchor && ref->kind != CS_REF_SELF)
        ref->anchor = cs_slug_new(r->arena, ref->anchor);
}

static const struct cs_target *url_target(struct cs_storage_reader *r,
                                          const char *url)
{
    struct cs_ref ref;
    const char *site = r->options ? r->options->site_url : NULL;
    while (url && cs_ascii_is_space(*url))
        url++;
    if (!url || !*url)
        return NULL;
    if (cs_link_parse(r->arena, url, site, &ref)) {
        aim_at_heading(r, &ref);
        return cs_storage_new_target(r, &ref, NULL);
    }
    if (strncasecmp(url, "javascript:", 11) == 0)
        return NULL;
    return cs_storage_new_target(r, NULL, url);
}

/* "@self" and its kin name the space that the page lies in. */
static void resolve_space(struct cs_storage_reader *r, struct cs_ref *ref)
{
    if (ref->space && ref->space[0] == '@' && r->options &&
        r->options->space_key)
        ref->space = r->options->space_key;
}

static const struct cs_target *resource(struct cs_storage_reader *r,
                                        const struct cs_xml *ri,
                                        const char *anchor)
{
    struct cs_ref ref = {.anchor = non_empty(anchor)};
    if (cs_xml_is(ri, "ri:url"))
        return url_target(r, cs_xml_get(ri, "ri:value"));
    for (size_t i = 0; i < CS_ARRAY_LEN(resources); i++) {
        if (!cs_xml_is(ri, resources[i].name))
            continue;
        ref.kind = resources[i].kind;
        if (!resources[i].fill(ri, &ref))
            return NULL;
        resolve_space(r, &ref);
        aim_at_heading(r, &ref);
        return cs_storage_new_target(r, &ref, NULL);
    }
    return NULL;
}

const struct cs_target *cs_storage_target(struct cs_storage_reader *r,
                                          const struct cs_xml *holder,
                                          const char *anchor)
{
    for (const struct cs_xml *at = holder->first; at; at = at->next) {
        const struct cs_target *target = NULL;
        if (cs_xml_is(at, "ac:link"))
            target = cs_storage_target(r, at, cs_xml_get(at, "ac:anchor"));
        else if (cs_xml_is(at, "a"))
            target = url_target(r, cs_xml_get(at, "href"));
        else if (at->name)
            target = resource(r, at, anchor);
        if (target)
            return target;
    }
    return NULL;
}

/* Links */

void cs_storage_read_a(struct cs_storage_reader *r, const struct cs_xml *xml,
                       unsigned arg)
{
    (void)arg;
    const struct cs_target *outer = r->link;
    const struct cs_target *link = url_target(r, cs_xml_get(xml, "href"));
    r->link = link ? link : outer;
    cs_storage_read_children(r, xml);
    r->link = outer;
}

/* The name that a reader sees when the link says nothing of its own. */
static const char *known_name(const struct cs_target *target)
{
    const struct cs_ref *ref = target->ref;
    if (!ref)
        return target->url;
    const char *const names[] = {ref->file, ref->title, ref->id, ref->space,
                                 ref->anchor};
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        if (names[i])
            return names[i];
    return "";
}

static void add_mention(struct cs_storage_reader *r, const struct cs_ref *ref,
                        const char *name)
{
    const char *text = cs_arena_printf(r->arena, "@%s", name);
    struct cs_node *leaf =
        text ? cs_storage_add_leaf(r, CS_NODE_NAME, text, strlen(text)) : NULL;
    if (leaf) {
        leaf->ref = ref;
        leaf->apart = true;
        leaf->marks &= (uint16_t)~CS_MARK_BIT(CS_MARK_CODE);
    }
}

/* Titles may change and ids may turn out to have one: those are names. */
static bool is_renamable(const struct cs_ref *ref)
{
    return ref && !ref->file && ref->kind != CS_REF_SELF &&
           ref->kind != CS_REF_ATTACHMENT;
}

void cs_storage_add_named_link(struct cs_storage_reader *r,
                               const struct cs_target *target)
{
    if (!target)
        return;
    if (target->ref && target->ref->kind == CS_REF_USER) {
        add_mention(r, target->ref, target->ref->id);
        return;
    }
    const struct cs_target *outer = r->link;
    const char *name = known_name(target);
    bool renamable = is_renamable(target->ref);
    if (!name || cs_node_is_blank(name, strlen(name)))
        return;
    r->link = target;
    struct cs_node *leaf = cs_storage_add_leaf(
        r, renamable ? CS_NODE_NAME : CS_NODE_TEXT, name, strlen(name));
    if (leaf && renamable) {
        leaf->ref = target->ref;
        leaf->marks &= (uint16_t)~CS_MARK_BIT(CS_MARK_CODE);
    }
    r->link = outer;
}

/* Everything in a link that is not an identifier is its text. Old shortcut
 * links keep their text inside the identifier. */
static void read_link_body(struct cs_storage_reader *r,
                           const struct cs_xml *xml)
{
    size_t pinned_at = r->pinned_at;
    r->pinned_at = r->shown;
    r->pinned++;
    for (const struct cs_xml *at = xml->first; at; at = at->next) {
        if (!at->name && !cs_node_is_blank(at->text, at->len))
            cs_storage_read(r, at);
        else if (at->name && strncmp(at->name->text, "ri:", 3) != 0)
            cs_storage_read_children(r, at);
        else if (at->name && at->first && cs_xml_is(at, "ri:shortcut"))
            read_link_body(r, at);
    }
    r->pinned--;
    r->pinned_at = pinned_at;
}

/* "[ABC-1@jira]": nobody but the site knows where that leads. */
static void add_shortcut(struct cs_storage_reader *r, const struct cs_xml *ri)
{
    const char *key = cs_xml_get(ri, "ri:key");
    const char *text = non_empty(cs_xml_get(ri, "ri:parameter"));
    cs_storage_add_string(r, text ? text : key);
    cs_storage_set_outcome(r, CS_OUTCOME_DEGRADED);
}

/* A person whose name was written by hand is better known by that. */
static void read_person(struct cs_storage_reader *r, const struct cs_xml *xml,
                        const struct cs_ref *ref)
{
    const char *name = cs_storage_text(r, xml);
    if (!name)
        name = ref->id;
    if (name)
        add_mention(r, ref, name[0] == '@' ? name + 1 : name);
}

void cs_storage_read_link(struct cs_storage_reader *r, const struct cs_xml *xml,
                          unsigned arg)
{
    (void)arg;
    const char *anchor = non_empty(cs_xml_get(xml, "ac:anchor"));
    const struct cs_target *target = cs_storage_target(r, xml, anchor);
    const struct cs_target *outer = r->link;
    const struct cs_xml *shortcut = cs_xml_child(xml, "ri:shortcut");
    if (!target && anchor && !shortcut) {
        struct cs_ref self = {.kind = CS_REF_SELF, .anchor = anchor};
        target = cs_storage_new_target(r, &self, NULL);
    }
    if (target && target->ref && target->ref->kind == CS_REF_USER) {
        read_person(r, xml, target->ref);
        return;
    }
    size_t before = r->shown;
    r->link = target ? target : outer;
    read_link_body(r, xml);
    r->link = outer;
    if (r->shown != before)
        return;
    if (shortcut)
        add_shortcut(r, shortcut);
    else
        cs_storage_add_named_link(r, target);
}

/* An identifier that stands alone, as in parameters read as text. */
void cs_storage_read_resource(struct cs_storage_reader *r,
                              const struct cs_xml *xml, unsigned arg)
{
    (void)arg;
    cs_storage_add_named_link(r, resource(r, xml, NULL));
}

/* Images */

/* A column of text is 760 pixels wide, and images are made to fill it. One
 * that was made smaller than half of it, an icon or a portrait, was meant to
 * be small. */
enum { SMALL_MAX = 380 };

static uint16_t read_size(const struct cs_xml *xml, const char *name)
{
    const char *text = cs_xml_get(xml, name);
    char *end = NULL;
    if (!text || !cs_ascii_is_digit(text[0]))
        return 0;
    unsigned long size = strtoul(text, &end, 10);
    bool in_pixels = *end == '\0' || *end == '.' || strcmp(end, "px") == 0;
    return in_pixels && size <= SMALL_MAX ? (uint16_t)size : 0;
}

static void add_image(struct cs_storage_reader *r, const struct cs_xml *xml,
                      const struct cs_target *target, const char *alt)
{
    bool is_own = cs_xml_is(xml, "ac:image");
    struct cs_node *leaf = cs_storage_add_leaf(r, CS_NODE_IMAGE, alt ? alt : "",
                                               alt ? strlen(alt) : 0);
    if (leaf) {
        leaf->target = *target;
        leaf->width = read_size(xml, is_own ? "ac:width" : "width");
        leaf->height = read_size(xml, is_own ? "ac:height" : "height");
        leaf->marks &= (uint16_t)~CS_MARK_BIT(CS_MARK_CODE);
    }
}

static void add_caption(struct cs_storage_reader *r,
                        const struct cs_xml *caption)
{
    uint16_t marks = r->marks;
    cs_storage_add_break(r);
    r->marks |= CS_MARK_BIT(CS_MARK_EM);
    cs_storage_read_inline(r, caption);
    r->marks = marks;
}

void cs_storage_read_image(struct cs_storage_reader *r,
                           const struct cs_xml *xml, unsigned arg)
{
    (void)arg;
    const struct cs_target *target = cs_storage_target(r, xml, NULL);
    const struct cs_xml *caption = cs_xml_child(xml, "ac:caption");
    const char *alt = non_empty(cs_xml_get(xml, "ac:alt"));
    bool own_line = !r->line && !r->pinned && !r->paragraph &&
                    (caption || cs_xml_get(xml, "ac:layout"));
    if (!alt)
        alt = non_empty(cs_xml_get(xml, "ac:title"));
    if (!alt && target && target->ref)
        alt = known_name(target);
    if (target)
        add_image(r, xml, target, alt);
    else
        cs_storage_set_outcome(r, CS_OUTCOME_DROPPED);
    if (caption)
        add_caption(r, caption);
    if (own_line)
        cs_storage_end_line(r);
}

void cs_storage_read_img(struct cs_storage_reader *r, const struct cs_xml *xml,
                         unsigned arg)
{
    (void)arg;
    const struct cs_target *target = url_target(r, cs_xml_get(xml, "src"));
    if (target)
        add_image(r, xml, target, cs_xml_get(xml, "alt"));
}
