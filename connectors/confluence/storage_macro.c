/*
 * storage_macro.c - the table of macros: one row each.
 *
 * A macro that is not here is shown by what it holds: a rich body as it is, a
 * plain body as code, and without a body by a note with its name.
 */
#include "connectors/confluence/storage_macro.h"

#include "src/text.h"

#include <stdlib.h>

#define ROW(macro, handler)                                                    \
    {                                                                          \
        macro, cs_storage_macro_##handler, NULL, 0                             \
    }
#define ROW_TEXT(macro, handler, text)                                         \
    {                                                                          \
        macro, cs_storage_macro_##handler, text, 0                             \
    }
#define ROW_ARG(macro, handler, arg)                                           \
    {                                                                          \
        macro, cs_storage_macro_##handler, NULL, arg                           \
    }

/* Sorted by name. Handlers: storage_macro_body.c, storage_macro_atom.c. */
static const struct cs_storage_macro macros[] = {
    ROW("alert", panel),
    ROW("alignment", body),
    ROW("anchor", anchor),
    ROW("attachments", note),
    ROW_TEXT("aui-message", titled, "title"),
    ROW("auitabs", body),
    ROW_TEXT("auitabspage", titled, "title"),
    ROW_TEXT("balsamiq", pointer, "url"),
    ROW("bgcolor", body),
    ROW("blog-posts", note),
    ROW("button", button),
    ROW_TEXT("card", titled, "label"),
    ROW("center", body),
    ROW("change-history", note),
    ROW_TEXT("chart", titled, "title"),
    ROW("children", children),
    ROW("code", code),
    ROW("code-block", code),
    ROW("codeblock", code),
    ROW("column", body),
    ROW("composition", body),
    ROW("content-report-table", note),
    ROW_ARG("contentbylabel", labelled, CS_PLACE_LABELLED),
    ROW("contentlayer", body),
    ROW("contributors", note),
    ROW("create-from-template", button),
    ROW("csv", csv),
    ROW("deck", body),
    {"details", cs_storage_macro_part, "id", CS_PART_PROPERTIES},
    ROW_ARG("detailssummary", labelled, CS_PLACE_REPORT),
    ROW("display-footnotes", silent),
    ROW("div", body),
    ROW_TEXT("drawio", diagram, "diagramname"),
    ROW_TEXT("drawio-sketch", diagram, "diagramname"),
    ROW("easy-math-block", math),
    ROW("eazy-math-inline", math),
    ROW_ARG("error", panel, CS_ALERT_CAUTION),
    {"excerpt", cs_storage_macro_part, "name", CS_PART_EXCERPT},
    ROW_ARG("excerpt-include", include, CS_PLACE_EXCERPT),
    ROW_ARG("excerpt-include-plus", include, CS_PLACE_EXCERPT),
    ROW_TEXT("expand", titled, "title"),
    ROW("favpages", note),
    ROW_TEXT("feed", pointer, "url"),
    ROW_TEXT("figma", pointer, "url"),
    ROW("footnote", footnote),
    ROW("footnotes", silent),
    ROW("gallery", note),
    ROW_TEXT("gliffy", diagram, "name"),
    ROW("hide-if", body),
    ROW("html", html),
    ROW("html-bobswift", html),
    ROW_TEXT("iframe", pointer, "src"),
    ROW_TEXT("inc-drawio", diagram, "diagramname"),
    ROW_ARG("include", include, CS_PLACE_INCLUDE),
    ROW_ARG("info", panel, CS_ALERT_NOTE),
    ROW("jira", jira),
    ROW("jirachart", jira),
    ROW("jiraissues", jira),
    ROW_TEXT("json-table", code, "json"),
    ROW("latex", math),
    ROW("livesearch", silent),
    ROW_TEXT("localtab", titled, "title"),
    ROW("localtabgroup", body),
    ROW("lozenge", status),
    ROW_TEXT("lucidchart", pointer, "url"),
    ROW("markdown", markdown),
    ROW("markdown-macro", markdown),
    ROW("mathblock", math),
    ROW_ARG("mathinline", math, 1),
    ROW("mathjax-block-macro", math),
    ROW_ARG("mathjax-inline-macro", math, 1),
    ROW_TEXT("mermaid", code, "mermaid"),
    ROW_TEXT("mermaid-cloud", code, "mermaid"),
    ROW_TEXT("mermaid-macro", code, "mermaid"),
    ROW_TEXT("miro", pointer, "url"),
    ROW("mohamicorp-markdown", markdown),
    {"multiexcerpt", cs_storage_macro_part, "multiexcerptname",
     CS_PART_EXCERPT},
    ROW_ARG("multiexcerpt-include", include, CS_PLACE_EXCERPT),
    ROW_ARG("multiexcerpt-include-macro", include, CS_PLACE_EXCERPT),
    {"multiexcerpt-macro", cs_storage_macro_part, "name", CS_PART_EXCERPT},
    ROW_TEXT("multimedia", pointer, "name"),
    ROW("noformat", code),
    ROW_ARG("note", panel, CS_ALERT_WARNING),
    ROW_TEXT("openapi", code, "yaml"),
    ROW_ARG("pagetree", children, 1),
    ROW("pagetreesearch", silent),
    ROW("panel", panel),
    ROW("panelbox", panel),
    ROW("paste-code-macro", code),
    ROW_TEXT("plantuml", code, "plantuml"),
    ROW_TEXT("plantumlcloud", code, "plantuml"),
    ROW_TEXT("plantumlrender", code, "plantuml"),
    ROW("profile", person),
    ROW("profile-picture", person),
    ROW("recently-updated", note),
    ROW("roadmap", note),
    ROW_TEXT("rss", pointer, "url"),
    ROW("scroll-ignore", body),
    ROW("scroll-only", body),
    ROW("scroll-pagebreak", silent),
    ROW("scroll-title", body),
    ROW("search", silent),
    ROW("searchbox", silent),
    ROW("section", body),
    ROW("show-if", body),
    ROW("snippet", code),
    ROW("span", body),
    ROW_TEXT("sql", code, "sql"),
    ROW("status", status),
    ROW("style", silent),
    ROW_ARG("success", panel, CS_ALERT_TIP),
    ROW_TEXT("swagger-open-api", code, "yaml"),
    ROW("tab", titled),
    ROW("tab-group", body),
    ROW("table-chart", body),
    {"table-excerpt", cs_storage_macro_part, "name", CS_PART_EXCERPT},
    ROW_ARG("table-excerpt-include", include, CS_PLACE_EXCERPT),
    ROW("table-filter", body),
    ROW("table-joiner", body),
    ROW("table-plus", body),
    ROW("tasks-report-macro", note),
    ROW_ARG("tip", panel, CS_ALERT_TIP),
    ROW_TEXT("tip-box", titled, "title"),
    ROW("toc", silent),
    ROW("toc-zone", body),
    ROW("ui-button", button),
    ROW_TEXT("ui-expand", titled, "title"),
    ROW_TEXT("ui-step", titled, "title"),
    ROW("ui-steps", body),
    ROW_TEXT("ui-tab", titled, "title"),
    ROW("ui-tabs", body),
    ROW_TEXT("ui-text-box", titled, "title"),
    ROW_TEXT("view-file", pointer, "name"),
    ROW_TEXT("viewdoc", pointer, "name"),
    ROW_TEXT("viewpdf", pointer, "name"),
    ROW_TEXT("viewppt", pointer, "name"),
    ROW_TEXT("viewxls", pointer, "name"),
    ROW_ARG("warning", panel, CS_ALERT_CAUTION),
    ROW_TEXT("whimsical", pointer, "url"),
    ROW_TEXT("widget", pointer, "url"),
};

static int compare_macro(const void *name, const void *row)
{
    return strcmp(name, ((const struct cs_storage_macro *)row)->name);
}

const struct cs_storage_macro *cs_storage_macros(size_t *ret_n)
{
    *ret_n = CS_ARRAY_LEN(macros);
    return macros;
}

/* Parameters */

static const struct cs_xml *find_param(const struct cs_storage_call *call,
                                       const char *name)
{
    for (const struct cs_xml *at = call->xml->first; at; at = at->next) {
        if (!cs_xml_is(at, "ac:parameter") &&
            !cs_xml_is(at, "ac:default-parameter"))
            continue;
        const char *key = cs_xml_get(at, "ac:name");
        if (cs_ascii_casecmp(key ? key : "", name) == 0)
            return at;
    }
    return NULL;
}

const char *cs_storage_param(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             const char *name)
{
    const struct cs_xml *param = find_param(call, name);
    return param ? cs_storage_text(r, param) : NULL;
}

const struct cs_target *cs_storage_param_target(
    struct cs_storage_reader *r, const struct cs_storage_call *call,
    const char *name)
{
    const struct cs_xml *param = find_param(call, name);
    const struct cs_target *target =
        param ? cs_storage_target(r, param, NULL) : NULL;
    const char *text = target ? NULL : cs_storage_param(r, call, name);
    if (!text || text[0] == '@')
        return target;
    if (strstr(text, "://"))
        return cs_storage_new_target(r, NULL, text);
    struct cs_ref ref = {.kind = CS_REF_PAGE, .title = text};
    const char *colon = strchr(text, ':');
    size_t key = colon ? (size_t)(colon - text) : 0;
    if (key > 0 && colon[1] && strcspn(text, " ") > key) {
        ref.space = cs_arena_strndup(r->arena, text, key);
        ref.title = colon + 1;
    }
    return cs_storage_new_target(r, &ref, NULL);
}

/* Reading */

static const char *lower(struct cs_arena *arena, const char *name)
{
    char *copy = cs_arena_strdup(arena, name ? name : "");
    for (char *p = copy; p && *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p | 0x20);
    return copy;
}

static bool read_call(struct cs_storage_reader *r, const struct cs_xml *xml,
                      struct cs_storage_call *call)
{
    const char *name = cs_xml_get(xml, "ac:name");
    *call = (struct cs_storage_call){
        .xml = xml,
        .name = lower(r->arena, name ? name : cs_xml_get(xml, "name")),
        .rich = cs_xml_child(xml, "ac:rich-text-body"),
        .plain = cs_xml_child(xml, "ac:plain-text-body")};
    if (call->plain)
        call->text = cs_xml_text(r->arena, call->plain, &call->len);
    return call->name != NULL;
}

/* Images that a gallery shows, for example, or what a missing end tag has let
 * into the macro. */
static void read_others(struct cs_storage_reader *r, const struct cs_xml *xml)
{
    static const char *const known[] = {"ac:parameter", "ac:default-parameter",
                                        "ac:rich-text-body",
                                        "ac:plain-text-body"};
    for (const struct cs_xml *at = xml->first; at; at = at->next) {
        bool other = at->name || !cs_node_is_blank(at->text, at->len);
        for (size_t i = 0; at->name && other && i < CS_ARRAY_LEN(known); i++)
            other = strcmp(at->name->text, known[i]) != 0;
        if (other)
            cs_storage_read(r, at);
    }
}

static bool is_followed_by_text(const struct cs_xml *xml)
{
    const struct cs_xml *next = xml->next;
    while (next && !next->name && cs_node_is_blank(next->text, next->len))
        next = next->next;
    return next && !next->name;
}

static bool is_all_of(const struct cs_xml *paragraph, const struct cs_xml *xml)
{
    for (const struct cs_xml *at = paragraph->first; at; at = at->next)
        if (at != xml && (at->name || !cs_node_is_blank(at->text, at->len)))
            return false;
    return true;
}

bool cs_storage_stands_alone(const struct cs_storage_reader *r,
                             const struct cs_xml *xml)
{
    if (r->line || r->pinned)
        return false;
    return r->paragraph ? is_all_of(r->paragraph, xml)
                        : !is_followed_by_text(xml);
}

void cs_storage_read_macro(struct cs_storage_reader *r,
                           const struct cs_xml *xml, unsigned arg)
{
    static const struct cs_storage_macro unknown = {
        "", cs_storage_macro_unknown, NULL, 0};
    struct cs_storage_call call;
    (void)arg;
    if (!read_call(r, xml, &call))
        return;
    const struct cs_storage_macro *row =
        bsearch(call.name, macros, CS_ARRAY_LEN(macros), sizeof(macros[0]),
                compare_macro);
    row = row ? row : &unknown;
    bool alone = cs_storage_stands_alone(r, xml);
    enum cs_outcome outcome = CS_OUTCOME_RENDERED, *outer = r->outcome;
    r->outcome = &outcome;
    row->read(r, &call, row);
    r->outcome = outer;
    cs_storage_count(r, "macro", row->name[0] ? row->name : call.name, outcome);
    alone = alone && row->read != cs_storage_macro_status &&
            row->read != cs_storage_macro_jira;
    if (alone)
        cs_storage_end_line(r);
    read_others(r, xml);
    if (alone)
        cs_storage_end_line(r);
}

void cs_storage_add_note(struct cs_storage_reader *r, const char *name,
                         const struct cs_target *target, const char *detail)
{
    cs_storage_set_outcome(r, CS_OUTCOME_DEGRADED);
    const char *more = target || detail ? ": " : "";
    cs_storage_add_word(r, cs_arena_printf(r->arena, "(macro %s%s", name, more),
                        0);
    cs_storage_add_named_link(r, target);
    if (!target)
        cs_storage_add_string(r, detail);
    cs_storage_add_string(r, ")");
}
