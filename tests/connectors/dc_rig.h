/*
 * dc_rig.h - what the tests of the Data Center client share: JSON in short
 * words, and the addresses that it asks for.
 */
#ifndef CS_TESTS_CONNECTORS_DC_RIG_H
#define CS_TESTS_CONNECTORS_DC_RIG_H

#include "tests/connectors/cloud_rig.h"

#define DC "/confluence/rest/api"

/* A listing with and without more. */
#define DC_LIST(rows) "{\"results\":[" rows "],\"_links\":{}}"
#define DC_MORE(rows, next)                                                    \
    "{\"results\":[" rows "],\"_links\":{\"next\":\"" next "\"}}"

#define DC_WHO(key, name)                                                      \
    "{\"type\":\"known\",\"username\":\"u-" key "\",\"userKey\":\"" key        \
    "\",\"displayName\":\"" name "\"}"
#define DC_HEAD(id, type, status, title, n)                                    \
    "{\"id\":\"" id "\",\"type\":\"" type "\",\"status\":\"" status            \
    "\",\"title\":\"" title                                                    \
    "\",\"space\":{\"id\":9,\"key\":\"ENG\"},\"version\":{\"number\":" n       \
    ",\"when\":\"2026-05-06T09:08:09.101+02:00\",\"by\":" DC_WHO(              \
        "k2", "Bob") "},\"history\":{\"createdDate\":"                         \
                     "\"2025-01-02T03:04:05.000Z\",\"createdBy\":" DC_WHO(     \
                         "k1",                                                 \
                         "Ada") "},\"_links\":{\"webui\":\"/display/ENG/" id   \
                                "\"}"
#define DC_UNDER(parent) ",\"ancestors\":[" parent "]"
#define DC_ID(id)        "{\"id\":\"" id "\",\"type\":\"page\"}"
#define DC_LABELS(rows)                                                        \
    ",\"metadata\":{\"labels\":{\"results\":[" rows "],\"_links\":{}}}"
#define DC_PAGE(id, title, parents, n)                                         \
    DC_HEAD(id, "page", "current", title, n)                                   \
    DC_UNDER(parents) DC_LABELS("") "}"
#define DC_BODY(id, n, text)                                                   \
    DC_HEAD(id, "page", "current", "t", n)                                     \
    ",\"body\":{\"storage\":{\"value\":\"" text                                \
    "\",\"representation\":\"storage\"}}" DC_LABELS("") "}"

#define DC_ME                                                                  \
    {                                                                          \
        .uri = DC "/user/current", .body = DC_WHO("k1", "Ada")                 \
    }
#define DC_SPACE                                                               \
    {                                                                          \
        .uri = DC "/space?expand=homepage&spaceKey=ENG*",                      \
        .body = DC_LIST("{\"id\":9,\"key\":\"ENG\",\"name\":\"Eng\","          \
                        "\"type\":\"global\",\"homepage\":{\"id\":\"1\"},"     \
                        "\"_links\":{\"webui\":\"/display/ENG\"}}")            \
    }
#define DC_SCAN(what) DC "/content/scan?type=" what "*"
#define DC_PAGES(rows)                                                         \
    {                                                                          \
        .uri = DC_SCAN("page&status=current"), .body = DC_LIST(rows)           \
    }
#define DC_NO_OTHERS                                                           \
    {.uri = DC_SCAN("page&status=archived"), .body = DC_LIST("")},             \
    {                                                                          \
        .uri = DC_SCAN("blogpost"), .body = DC_LIST("")                        \
    }
#define DC_NO_HINTS                                                            \
    {.uri = DC "/content/search?cql=type%20*", .body = DC_LIST("")},           \
    {                                                                          \
        .uri = DC "/space/ENG/trash*", .status = 403                           \
    }
#define DC_NO_ASPECTS                                                          \
    {.uri = DC "/user?*", .status = 404},                                      \
    {                                                                          \
        .uri = DC "/restrictions*", .status = 404                              \
    }
#define DC_MANY(ids) DC "/content/search?cql=id%20in%20(" ids ")&*"

static inline void open_dc(struct rig *rig, char base[128],
                           const struct canned_answer *answers, size_t n)
{
    open_rig(rig, answers, n);
    (void)snprintf(base, 128, "%s/confluence", rig->canned.url);
    rig->config.base_url = base;
    rig->config.username = NULL;
}

#endif
