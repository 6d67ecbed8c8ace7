/*
 * The table of routes of a Data Center. Unlike Cloud's v2 it takes parameters
 * that it does not know, so only numbers are checked.
 */
#include "tests/fake/dc.h"

#define API "/rest/api"

static const struct fk_rule any_rules[] = {
    {.name = "start", .type = FK_RULE_INT, .min = 0, .max = 1000000000},
    {.name = "limit", .type = FK_RULE_INT, .min = 0, .max = 1000000000},
    {.name = "version", .type = FK_RULE_INT, .min = 0, .max = 1000000},
    {.name = "*"}, /* whatever else: taken */
    {.name = NULL}};

const struct fk_route fk_dc_routes[] = {
    {"GET", API "/server-information", fk_dc_information, any_rules, 0},
    {"GET", API "/accessmode", fk_dc_access_mode, any_rules, 0},
    {"GET", API "/user", fk_dc_user, any_rules, 0},
    {"GET", API "/user/current", fk_dc_current_user, any_rules, 0},
    {"GET", API "/user/list", fk_dc_users, any_rules, 0},
    {"GET", API "/space", fk_dc_spaces, any_rules, 0},
    {"GET", API "/space/{x}", fk_dc_space, any_rules, 0},
    {"GET", API "/space/{x}/trash", fk_dc_trash, any_rules, 0},
    {"GET", API "/space/{x}/content/{x}", fk_dc_space_content, any_rules, 0},
    {"GET", API "/content", fk_dc_content_list, any_rules, 0},
    {"GET", API "/content/scan", fk_dc_content_scan, any_rules, 0},
    {"GET", API "/content/search", fk_dc_content_search, any_rules, 0},
    {"GET", API "/content/{x}", fk_dc_content_get, any_rules, 0},
    {"GET", API "/content/{x}/label", fk_dc_content_labels, any_rules, 0},
    {"GET", API "/content/{x}/child/comment", fk_dc_comments, any_rules, 0},
    {"GET", API "/content/{x}/descendant/comment", fk_dc_comments, any_rules,
     1},
    {"GET", API "/content/{x}/child/attachment", fk_dc_files, any_rules, 0},
    {"GET", API "/content/{x}/child/page", fk_dc_child_pages, any_rules, 0},
    {"GET", API "/content/{id}/restriction/byOperation", fk_rest_restrictions,
     any_rules, 0},
    {"GET", API "/content/{id}/restriction/byOperation/{x}",
     fk_rest_restriction, any_rules, 0},
    {"GET", API "/content/{id}/restriction/relevantViewRestrictions",
     fk_rest_view_restrictions, any_rules, 0},
    {"GET", "/download/attachments/{x}/{x}", fk_dc_download, any_rules, 0},
};
const size_t fk_dc_route_count = sizeof(fk_dc_routes) / sizeof(fk_dc_routes[0]);
