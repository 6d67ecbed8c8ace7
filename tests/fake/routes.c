/*
 * The table of routes: every path of the vendor that the fake knows, with the
 * query parameters each one takes, their words and their limits, as the
 * vendor's API description has them. dispatch.c reads it.
 */
#include "tests/fake/dc.h"

#define V2 "/wiki/api/v2"
#define V1 "/wiki/rest/api"

#define WORD(n, w)                                                             \
    {                                                                          \
        .name = n, .type = FK_RULE_ENUM, .words = w                            \
    }
#define WORDS(n, w)                                                            \
    {                                                                          \
        .name = n, .type = FK_RULE_ENUMS, .words = w                           \
    }
#define TEXT(n)                                                                \
    {                                                                          \
        .name = n, .type = FK_RULE_TEXT                                        \
    }
#define TEXTS(n, m)                                                            \
    {                                                                          \
        .name = n, .type = FK_RULE_TEXTS, .max = m                             \
    }
#define BOOL(n)                                                                \
    {                                                                          \
        .name = n, .type = FK_RULE_BOOL                                        \
    }
#define NUMBER(n, low, high)                                                   \
    {                                                                          \
        .name = n, .type = FK_RULE_INT, .min = low, .max = high                \
    }
#define IDS(n, m)                                                              \
    {                                                                          \
        .name = n, .type = FK_RULE_IDS, .max = m                               \
    }
#define CURSOR                                                                 \
    {                                                                          \
        .name = "cursor", .type = FK_RULE_CURSOR                               \
    }
#define LIMIT NUMBER("limit", 1, 250)
#define END                                                                    \
    {                                                                          \
        .name = NULL                                                           \
    }

#define DATES      "created-date|-created-date|modified-date|-modified-date"
#define BLOG_SORT  "id|-id|" DATES
#define PAGE_SORT  BLOG_SORT "|title|-title"
#define CHILD_SORT PAGE_SORT "|child-position|-child-position"
#define LABEL_SORT "created-date|-created-date|id|-id|name|-name"
#define FORMATS    "storage|atlas_doc_format"
#define FORMATS_ONE                                                            \
    FORMATS "|view|export_view|anonymous_export_view|styled_view|editor"
#define PAGE_STATUS  "current|archived|deleted|trashed"
#define BLOG_STATUS  "current|deleted|trashed"
#define FILE_STATUS  "current|archived|trashed"
#define NOTE_STATUS  "current|archived|trashed|deleted|historical|draft"
#define POST_STATUS  "current|deleted|trashed|historical|draft"
#define RESOLUTION   "resolved|open|dangling|reopened"
#define LABEL_PREFIX "my|team|global|system"

static const struct fk_rule no_rules[] = {END};

static const struct fk_rule spaces_rules[] = {
    IDS("ids", 250),
    TEXTS("keys", 250),
    WORD("type", "global|collaboration|knowledge_base|personal|system|"
                 "onboarding|xflow_sample_space"),
    WORD("status", "current|archived|trashed"),
    TEXTS("labels", 250),
    TEXT("favorited-by"),
    TEXT("not-favorited-by"),
    WORD("sort", "id|-id|key|-key|name|-name"),
    WORD("description-format", "plain|view"),
    BOOL("include-icon"),
    CURSOR,
    LIMIT,
    END};

static const struct fk_rule space_rules[] = {
    WORD("description-format", "plain|view"),
    BOOL("include-icon"),
    BOOL("include-operations"),
    BOOL("include-properties"),
    BOOL("include-permissions"),
    BOOL("include-role-assignments"),
    BOOL("include-labels"),
    END};

static const struct fk_rule space_pages_rules[] = {WORD("depth", "all|root"),
                                                   WORD("sort", PAGE_SORT),
                                                   WORDS("status", PAGE_STATUS),
                                                   TEXT("title"),
                                                   WORD("body-format", FORMATS),
                                                   CURSOR,
                                                   LIMIT,
                                                   END};

static const struct fk_rule space_blogs_rules[] = {WORD("sort", BLOG_SORT),
                                                   WORDS("status", BLOG_STATUS),
                                                   TEXT("title"),
                                                   WORD("body-format", FORMATS),
                                                   CURSOR,
                                                   LIMIT,
                                                   END};

static const struct fk_rule pages_rules[] = {IDS("id", 250),
                                             IDS("space-id", 100),
                                             WORD("sort", PAGE_SORT),
                                             WORDS("status", PAGE_STATUS),
                                             TEXT("title"),
                                             WORD("body-format", FORMATS),
                                             WORD("subtype", "live|page"),
                                             CURSOR,
                                             LIMIT,
                                             END};

static const struct fk_rule blogs_rules[] = {IDS("id", 250),
                                             IDS("space-id", 100),
                                             WORD("sort", BLOG_SORT),
                                             WORDS("status", BLOG_STATUS),
                                             TEXT("title"),
                                             WORD("body-format", FORMATS),
                                             CURSOR,
                                             LIMIT,
                                             END};

#define INCLUDES                                                               \
    BOOL("get-draft"), NUMBER("version", 1, 1000000), BOOL("include-labels"),  \
        BOOL("include-properties"), BOOL("include-operations"),                \
        BOOL("include-likes"), BOOL("include-versions"),                       \
        BOOL("include-version"),                                               \
        BOOL("include-favorited-by-current-user-status"),                      \
        BOOL("include-webresources"), BOOL("include-collaborators")

static const struct fk_rule page_rules[] = {
    WORD("body-format", FORMATS_ONE), WORDS("status", NOTE_STATUS), INCLUDES,
    BOOL("include-direct-children"), END};

static const struct fk_rule blog_rules[] = {WORD("body-format", FORMATS_ONE),
                                            WORDS("status", POST_STATUS),
                                            INCLUDES, END};

static const struct fk_rule labelled_pages_rules[] = {
    IDS("space-id", 100),
    WORD("body-format", FORMATS),
    WORD("sort", PAGE_SORT),
    CURSOR,
    LIMIT,
    END};

static const struct fk_rule labelled_blogs_rules[] = {
    IDS("space-id", 100),
    WORD("body-format", FORMATS),
    WORD("sort", BLOG_SORT),
    CURSOR,
    LIMIT,
    END};

static const struct fk_rule versions_rules[] = {
    WORD("body-format", FORMATS), WORD("sort", "modified-date|-modified-date"),
    CURSOR, LIMIT, END};

static const struct fk_rule labels_rules[] = {IDS("label-id", 250),
                                              TEXTS("prefix", 250),
                                              WORD("sort", LABEL_SORT),
                                              CURSOR,
                                              LIMIT,
                                              END};

static const struct fk_rule content_labels_rules[] = {
    WORD("prefix", LABEL_PREFIX), WORD("sort", LABEL_SORT), CURSOR, LIMIT, END};

static const struct fk_rule space_labels_rules[] = {
    WORD("prefix", "my|team"), WORD("sort", LABEL_SORT), CURSOR, LIMIT, END};

static const struct fk_rule files_rules[] = {WORD("sort", DATES),
                                             WORDS("status", FILE_STATUS),
                                             TEXT("mediaType"),
                                             TEXT("filename"),
                                             CURSOR,
                                             LIMIT,
                                             END};

static const struct fk_rule labelled_files_rules[] = {WORD("sort", DATES),
                                                      CURSOR, LIMIT, END};

static const struct fk_rule file_rules[] = {
    NUMBER("version", 1, 1000000), BOOL("include-labels"),
    BOOL("include-properties"),    BOOL("include-operations"),
    BOOL("include-versions"),      BOOL("include-version"),
    BOOL("include-collaborators"), END};

static const struct fk_rule download_rules[] = {
    NUMBER("version", 1, 1000000), WORDS("status", FILE_STATUS), END};

static const struct fk_rule media_rules[] = {TEXT("token"), TEXT("client"),
                                             TEXT("name"), END};

static const struct fk_rule browser_rules[] = {TEXT("version"), TEXT("api"),
                                               TEXT("modificationDate"),
                                               TEXT("cacheVersion"), END};

#define COMMENT_LIST                                                           \
    WORD("body-format", FORMATS), WORD("sort", DATES), CURSOR, LIMIT

static const struct fk_rule all_comments_rules[] = {COMMENT_LIST, END};
static const struct fk_rule file_comments_rules[] = {
    COMMENT_LIST, NUMBER("version", 1, 1000000), END};
static const struct fk_rule page_comments_rules[] = {
    COMMENT_LIST, WORDS("status", NOTE_STATUS), END};
static const struct fk_rule blog_comments_rules[] = {
    COMMENT_LIST, WORDS("status", POST_STATUS), END};
static const struct fk_rule page_inline_rules[] = {
    COMMENT_LIST, WORDS("status", NOTE_STATUS),
    WORDS("resolution-status", RESOLUTION), END};
static const struct fk_rule blog_inline_rules[] = {
    COMMENT_LIST, WORDS("status", POST_STATUS),
    WORDS("resolution-status", RESOLUTION), END};

static const struct fk_rule comment_rules[] = {WORD("body-format", FORMATS_ONE),
                                               NUMBER("version", 1, 1000000),
                                               BOOL("include-properties"),
                                               BOOL("include-operations"),
                                               BOOL("include-likes"),
                                               BOOL("include-versions"),
                                               BOOL("include-version"),
                                               END};

static const struct fk_rule children_rules[] = {WORD("sort", CHILD_SORT),
                                                CURSOR, LIMIT, END};
static const struct fk_rule ancestors_rules[] = {LIMIT, END};
static const struct fk_rule descendants_rules[] = {NUMBER("depth", 1, 10),
                                                   CURSOR, LIMIT, END};
static const struct fk_rule node_rules[] = {
    BOOL("include-collaborators"), BOOL("include-direct-children"),
    BOOL("include-operations"), BOOL("include-properties"), END};

#define CQL TEXT("cql"), TEXT("cqlcontext"), CURSOR, NUMBER("limit", 1, 100000)
static const struct fk_rule search_rules[] = {
    CQL,
    NUMBER("start", 0, 100000000), /* taken, and without effect */
    BOOL("includeArchivedSpaces"),
    BOOL("excludeCurrentSpaces"),
    TEXT("excerpt"),
    BOOL("next"),
    BOOL("prev"),
    TEXT("sitePermissionTypeFilter"),
    TEXTS("expand", 50),
    END};
static const struct fk_rule content_search_rules[] = {
    CQL, NUMBER("start", 0, 100000000), TEXTS("expand", 50), END};
static const struct fk_rule expand_rules[] = {TEXTS("expand", 50),
                                              NUMBER("start", 0, 100000000),
                                              NUMBER("limit", 1, 100000), END};
static const struct fk_rule user_rules[] = {TEXTS("accountId", 200),
                                            TEXTS("expand", 50), END};

static const struct fk_rule current_user_rules[] = {TEXTS("expand", 20), END};

#define TREE(plural, kind)                                                     \
    {"GET", V2 "/" plural "/{id}", fk_tree_node, node_rules, kind},            \
        {"GET", V2 "/" plural "/{id}/direct-children", fk_tree_children,       \
         children_rules, kind},                                                \
        {"GET", V2 "/" plural "/{id}/ancestors", fk_tree_ancestors,            \
         ancestors_rules, kind},                                               \
    {                                                                          \
        "GET", V2 "/" plural "/{id}/descendants", fk_tree_descendants,         \
            descendants_rules, kind                                            \
    }

const struct fk_route fk_route_table[] = {
    {"GET", V2 "/spaces", fk_spaces_list, spaces_rules, 0},
    {"GET", V2 "/spaces/{id}", fk_spaces_get, space_rules, 0},
    {"GET", V2 "/spaces/{id}/pages", fk_pages_in_space, space_pages_rules,
     FK_PAGE},
    {"GET", V2 "/spaces/{id}/blogposts", fk_pages_in_space, space_blogs_rules,
     FK_BLOGPOST},
    {"GET", V2 "/spaces/{id}/labels", fk_labels_of_space, space_labels_rules,
     0},
    {"GET", V2 "/spaces/{id}/content/labels", fk_labels_of_space_content,
     space_labels_rules, 0},
    {"GET", V2 "/pages", fk_pages_list, pages_rules, FK_PAGE},
    {"GET", V2 "/pages/{id}", fk_pages_get, page_rules, FK_PAGE},
    {"GET", V2 "/pages/{id}/versions", fk_pages_versions, versions_rules,
     FK_PAGE},
    {"GET", V2 "/pages/{id}/labels", fk_labels_of_content, content_labels_rules,
     FK_PAGE},
    {"GET", V2 "/pages/{id}/ancestors", fk_tree_ancestors, ancestors_rules,
     FK_PAGE},
    {"GET", V2 "/pages/{id}/direct-children", fk_tree_children, children_rules,
     FK_PAGE},
    {"GET", V2 "/pages/{id}/descendants", fk_tree_descendants,
     descendants_rules, FK_PAGE},
    {"GET", V2 "/pages/{id}/attachments", fk_attachments_of, files_rules,
     FK_PAGE},
    {"GET", V2 "/pages/{id}/footer-comments", fk_comments_of,
     page_comments_rules, 0},
    {"GET", V2 "/pages/{id}/inline-comments", fk_comments_of, page_inline_rules,
     1},
    {"GET", V2 "/blogposts", fk_pages_list, blogs_rules, FK_BLOGPOST},
    {"GET", V2 "/blogposts/{id}", fk_pages_get, blog_rules, FK_BLOGPOST},
    {"GET", V2 "/blogposts/{id}/versions", fk_pages_versions, versions_rules,
     FK_BLOGPOST},
    {"GET", V2 "/blogposts/{id}/labels", fk_labels_of_content,
     content_labels_rules, FK_BLOGPOST},
    {"GET", V2 "/blogposts/{id}/attachments", fk_attachments_of, files_rules,
     FK_BLOGPOST},
    {"GET", V2 "/blogposts/{id}/footer-comments", fk_comments_of,
     blog_comments_rules, 2},
    {"GET", V2 "/blogposts/{id}/inline-comments", fk_comments_of,
     blog_inline_rules, 3},
    {"GET", V2 "/labels", fk_labels_list, labels_rules, 0},
    {"GET", V2 "/labels/{id}/pages", fk_pages_with_label, labelled_pages_rules,
     FK_PAGE},
    {"GET", V2 "/labels/{id}/blogposts", fk_pages_with_label,
     labelled_blogs_rules, FK_BLOGPOST},
    {"GET", V2 "/labels/{id}/attachments", fk_attachments_with_label,
     labelled_files_rules, 0},
    TREE("folders", FK_FOLDER),
    TREE("whiteboards", FK_WHITEBOARD),
    TREE("databases", FK_DATABASE),
    TREE("embeds", FK_EMBED),
    {"GET", V2 "/attachments", fk_attachments_list, files_rules, 0},
    {"GET", V2 "/attachments/{att}", fk_attachments_get, file_rules, 0},
    {"GET", V2 "/attachments/{att}/labels", fk_attachments_labels,
     content_labels_rules, 0},
    {"GET", V2 "/attachments/{att}/footer-comments", fk_comments_of_attachment,
     file_comments_rules, 0},
    {"GET", V2 "/footer-comments", fk_comments_list, all_comments_rules, 0},
    {"GET", V2 "/footer-comments/{id}", fk_comments_get, comment_rules, 0},
    {"GET", V2 "/footer-comments/{id}/children", fk_comments_children,
     all_comments_rules, 0},
    {"GET", V2 "/inline-comments", fk_comments_list, all_comments_rules, 1},
    {"GET", V2 "/inline-comments/{id}", fk_comments_get, comment_rules, 1},
    {"GET", V2 "/inline-comments/{id}/children", fk_comments_children,
     all_comments_rules, 1},
    {"POST", V2 "/users-bulk", fk_people_bulk, no_rules, 0},
    {"POST", V2 "/content/convert-ids-to-types", fk_tree_types, no_rules, 0},
    {"GET", V1 "/user/current", fk_people_current, current_user_rules, 0},
    {"GET", V1 "/user", fk_people_user, user_rules, 0},
    {"GET", V1 "/user/bulk", fk_people_users, user_rules, 0},
    {"GET", V1 "/settings/systemInfo", fk_people_system, no_rules, 0},
    {"GET", V1 "/search", fk_rest_search, search_rules, 0},
    {"GET", V1 "/content/search", fk_rest_content_search, content_search_rules,
     0},
    {"GET", V1 "/content/{id}/restriction/byOperation", fk_rest_restrictions,
     expand_rules, 0},
    {"GET", V1 "/content/{id}/restriction/byOperation/{x}", fk_rest_restriction,
     expand_rules, 0},
    {"GET", "/oauth/token/accessible-resources", fk_people_resources, no_rules,
     0},
    {"GET", V1 "/content/{id}/child/attachment/{att}/download",
     fk_attachments_download, download_rules, 0},
    {"GET", "/_edge/tenant_info", fk_people_tenant, no_rules, 0},
    {"GET", "/wiki/download/attachments/{id}/{x}", fk_attachments_browser,
     browser_rules, 0},
    {"GET", "/file/{x}/binary", fk_attachments_media, media_rules, 0},
};
const size_t fk_route_count =
    sizeof(fk_route_table) / sizeof(fk_route_table[0]);

static const char *const type_names[] = {
    [FK_RULE_TEXT] = "text",    [FK_RULE_INT] = "integer",
    [FK_RULE_BOOL] = "boolean", [FK_RULE_ENUM] = "word",
    [FK_RULE_ENUMS] = "words",  [FK_RULE_IDS] = "ids",
    [FK_RULE_TEXTS] = "texts",  [FK_RULE_CURSOR] = "cursor",
};

static void print_table(FILE *out, const struct fk_route *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct fk_route *r = &table[i];

        fprintf(out, "%s\t%s\t\t\t\t\t\n", r->method, r->pattern);
        for (const struct fk_rule *p = r->rules; p->name; p++)
            fprintf(out, "%s\t%s\t%s\t%s\t%s\t%ld\t%ld\n", r->method,
                    r->pattern, p->name, type_names[p->type],
                    p->words ? p->words : "", p->min, p->max);
    }
}

void fk_routes_print(FILE *out)
{
    print_table(out, fk_route_table, fk_route_count);
    print_table(out, fk_dc_routes, fk_dc_route_count);
}
