/*
 * storage_macro_body.c - macros that are containers: code, panels, tabs, ...
 */
#include "connectors/confluence/storage_format.h"
#include "connectors/confluence/storage_macro.h"

#include "src/text.h"

void cs_storage_read_body(struct cs_storage_reader *r,
                          const struct cs_storage_call *call)
{
    for (const struct cs_xml *at = call->rich; at; at = at->next)
        if (cs_xml_is(at, "ac:rich-text-body"))
            cs_storage_read_children(r, at);
    if (!call->rich)
        cs_storage_add_code(r, call->text, call->len, NULL);
}

/* What a macro that lists other things was asked for. */
static const char *find_query(struct cs_storage_reader *r,
                              const struct cs_storage_call *call)
{
    static const char *const names[] = {
        "jqlquery", "jql", "cql",  "labels", "label",    "title", "text",
        "status",   "url", "date", "name",   "filename", "page"};
    const char *query = NULL;
    for (size_t i = 0; !query && i < CS_ARRAY_LEN(names); i++)
        query = cs_storage_param(r, call, names[i]);
    return query;
}

void cs_storage_macro_note(struct cs_storage_reader *r,
                           const struct cs_storage_call *call,
                           const struct cs_storage_macro *row)
{
    (void)row;
    if (call->rich || call->text)
        cs_storage_read_body(r, call);
    else
        cs_storage_add_note(r, call->name, NULL, find_query(r, call));
}

/* Code keeps what it was: neither trimmed nor decoded. The row may name the
 * language. */
void cs_storage_macro_code(struct cs_storage_reader *r,
                           const struct cs_storage_call *call,
                           const struct cs_storage_macro *row)
{
    static const char *const names[] = {"language", "lang", ""};
    const char *language = row->text, *text = call->text;
    size_t len = call->len;
    bool is_code = strcmp(call->name, "noformat") != 0;
    for (size_t i = 0; is_code && !language && i < CS_ARRAY_LEN(names); i++)
        language = cs_storage_param(r, call, names[i]);
    if (!text && call->rich)
        text = cs_xml_text(r->arena, call->rich, &len);
    if (row->text && !text) {
        cs_storage_macro_note(r, call, row);
        return;
    }
    if (language && cs_ascii_casecmp(language, "none") == 0)
        language = NULL;
    if (!text || cs_node_is_blank(text, len))
        return;
    cs_storage_add_title(r, cs_storage_param(r, call, "title"));
    cs_storage_add_code(r, text, len, language);
}

/* A quote, or the alert in row->arg, with its title in bold. */
void cs_storage_macro_panel(struct cs_storage_reader *r,
                            const struct cs_storage_call *call,
                            const struct cs_storage_macro *row)
{
    const char *title = cs_storage_param(r, call, "title");
    struct cs_node *outer = r->block, *last = outer ? outer->last : NULL;
    struct cs_node *quote = cs_storage_add_quote(r, (enum cs_alert)row->arg);
    if (quote) {
        r->block = quote;
        r->depth++;
    }
    cs_storage_add_title(r, title);
    if (call->text && !call->rich)
        cs_storage_add_text(r, call->text, call->len);
    else
        cs_storage_read_body(r, call);
    cs_storage_end_line(r);
    r->block = outer;
    if (quote) {
        r->depth--;
        if (!quote->first)
            cs_node_drop_last(outer, last);
    }
}

/* A bold title, then the body. */
void cs_storage_macro_titled(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             const struct cs_storage_macro *row)
{
    const char *title =
        cs_storage_param(r, call, row->text ? row->text : "title");
    if (!title)
        title = cs_storage_param(r, call, "");
    if (!call->rich && !call->text) {
        cs_storage_macro_note(r, call, row);
        return;
    }
    cs_storage_add_title(r, title);
    cs_storage_read_body(r, call);
    cs_storage_end_line(r);
}

/* True when the body is one paragraph that may join the line around: one that
 * is open, or one that a macro that is to stand in the line begins. */
static bool is_inline(struct cs_storage_reader *r,
                      const struct cs_storage_call *call)
{
    const struct cs_xml *only = NULL;
    if (!r->line &&
        (!r->paragraph || cs_storage_stands_alone(r, call->xml) ||
         !cs_str_equal(cs_storage_param(r, call, "atlassian-macro-output-type"),
                       "INLINE")))
        return false;
    for (const struct cs_xml *at = call->rich->first; at; at = at->next) {
        if (!at->name && cs_node_is_blank(at->text, at->len))
            continue;
        if (only || !cs_xml_is(at, "p"))
            return false;
        only = at;
    }
    return only != NULL;
}

/* The body as if there were no macro. */
void cs_storage_macro_body(struct cs_storage_reader *r,
                           const struct cs_storage_call *call,
                           const struct cs_storage_macro *row)
{
    (void)row;
    if (call->rich && is_inline(r, call)) {
        cs_storage_read_inline(r, call->rich);
    } else if (!call->rich && call->text && r->line &&
               !memchr(call->text, '\n', call->len)) {
        uint16_t marks = r->marks;
        r->marks |= CS_MARK_BIT(CS_MARK_CODE);
        cs_storage_add_text(r, call->text, call->len);
        r->marks = marks;
    } else if (call->rich || call->text) {
        cs_storage_read_body(r, call);
    }
}

/* A macro that nobody knows. Of its parameters a reader sees the title, where
 * it stands over a block. */
void cs_storage_macro_unknown(struct cs_storage_reader *r,
                              const struct cs_storage_call *call,
                              const struct cs_storage_macro *row)
{
    if (!call->rich && !call->text) {
        cs_storage_macro_note(r, call, row);
        return;
    }
    cs_storage_set_outcome(r, CS_OUTCOME_KEPT_RAW);
    if (cs_storage_stands_alone(r, call->xml))
        cs_storage_add_title(r, cs_storage_param(r, call, "title"));
    cs_storage_macro_body(r, call, row);
}

void cs_storage_macro_math(struct cs_storage_reader *r,
                           const struct cs_storage_call *call,
                           const struct cs_storage_macro *row)
{
    const char *tex = call->text;
    static const char *const names[] = {"body", "equation", ""};
    for (size_t i = 0; !tex && i < CS_ARRAY_LEN(names); i++)
        tex = cs_storage_param(r, call, names[i]);
    if (!tex && call->rich)
        tex = cs_xml_text(r->arena, call->rich, NULL);
    if (!tex || cs_node_is_blank(tex, strlen(tex)))
        return;
    bool in_line = row->arg || strstr(call->name, "inline") || r->line;
    if (!in_line)
        cs_storage_add_code(r, tex, strlen(tex), "math");
    else
        (void)cs_storage_add_leaf(r, CS_NODE_FORMULA, tex, strlen(tex));
}

/* A fence or raw HTML left open would swallow what follows it. */
static bool is_self_contained(const char *text)
{
    bool fenced = false;
    for (const char *p = text; *p; p++) {
        const char *line = p + strspn(p, " ");
        if (strncmp(line, "```", 3) == 0 || strncmp(line, "~~~", 3) == 0)
            fenced = !fenced;
        else if (!fenced && line[0] == '<')
            return false;
        p += strcspn(p, "\n");
        if (!*p)
            break;
    }
    return !fenced;
}

/* Markdown stays what it is, at the top level; elsewhere, and where it could
 * reach beyond its end, it is shown as code. */
void cs_storage_macro_markdown(struct cs_storage_reader *r,
                               const struct cs_storage_call *call,
                               const struct cs_storage_macro *row)
{
    if (!call->text) {
        cs_storage_macro_note(r, call, row);
        return;
    }
    if (cs_node_is_blank(call->text, call->len))
        return;
    if (r->in_cell || !is_self_contained(call->text)) {
        cs_storage_add_code(r, call->text, call->len, "markdown");
        return;
    }
    struct cs_node *node = cs_storage_add_block(r, CS_NODE_MARKDOWN);
    const char *text = call->text;
    size_t len = call->len;
    while (len > 0 && cs_ascii_is_space(text[len - 1]))
        len--;
    for (; len > 0 && *text == '\n'; len--)
        text++;
    if (node) {
        node->text = text;
        node->len = len;
        r->shown++;
    }
}

/* HTML is read like the page itself. */
void cs_storage_macro_html(struct cs_storage_reader *r,
                           const struct cs_storage_call *call,
                           const struct cs_storage_macro *row)
{
    struct cs_xml_result html;
    if (!call->text) {
        cs_storage_macro_body(r, call, row);
        return;
    }
    if (r->in_html_macro ||
        cs_xml_parse(r->arena, call->text, call->len, &cs_storage_xml_options,
                     &html, NULL) != CS_OK) {
        cs_storage_add_code(r, call->text, call->len, "html");
        return;
    }
    if (html.flaws[CS_XML_LOST_TEXT] || html.flaws[CS_XML_TOO_DEEP])
        cs_storage_set_outcome(r, CS_OUTCOME_DEGRADED);
    r->in_html_macro = true;
    cs_storage_end_line(r);
    cs_storage_read_children(r, html.root);
    cs_storage_end_line(r);
    r->in_html_macro = false;
}

/* CSV as a table would need its dialect; as code it can be read. */
void cs_storage_macro_csv(struct cs_storage_reader *r,
                          const struct cs_storage_call *call,
                          const struct cs_storage_macro *row)
{
    if (call->text)
        cs_storage_add_code(r, call->text, call->len, "csv");
    else
        cs_storage_macro_body(r, call, row);
}

/* Its text goes to the end of the page; in the line stays a number. */
void cs_storage_macro_footnote(struct cs_storage_reader *r,
                               const struct cs_storage_call *call,
                               const struct cs_storage_macro *row)
{
    (void)row;
    if (!call->rich || cs_storage_is_deep(r)) {
        cs_storage_read_body(r, call);
        return;
    }
    struct cs_node *leaf = cs_storage_add_leaf(r, CS_NODE_FOOTNOTE, "", 0);
    struct cs_node *line = r->line;
    const struct cs_target *link = r->link;
    uint16_t marks = r->marks;
    if (!leaf)
        return;
    leaf->marks = 0;
    leaf->link = NULL;
    r->marks = 0;
    r->link = NULL;
    cs_storage_read_into(r, leaf, call->rich);
    r->marks = marks;
    r->link = link;
    r->line = line;
    if (!leaf->first)
        leaf->kind = CS_NODE_TEXT; /* empty: it shows nothing */
}
