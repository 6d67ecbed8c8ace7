/*
 * cloud_rig.h - what the tests of the Cloud client share: JSON in short words,
 * and a run of the engine against canned answers.
 */
#ifndef CS_TESTS_CONNECTORS_CLOUD_RIG_H
#define CS_TESTS_CONNECTORS_CLOUD_RIG_H

#include "tests/lib/test.h"

#include "connectors/engine.h"
#include "connectors/registry.h"
#include "tests/lib/canned.h"
#include "tests/lib/memory_sink.h"

#define V2         "/wiki/api/v2"
#define LIST(rows) "{\"results\":[" rows "]}"
#define VERSION(n, who)                                                        \
    "\"version\":{\"number\":" n                                               \
    ",\"createdAt\":\"2026-05-06T07:08:09.101Z\","                             \
    "\"authorId\":\"" who "\"}"
#define PAGE(id, title, parent, n)                                             \
    "{\"id\":\"" id "\",\"status\":\"current\",\"title\":\"" title             \
    "\",\"parentId\":" parent ",\"authorId\":\"u1\","                          \
    "\"position\":null,\"createdAt\":\"2025-01-02T03:04:05Z\"," VERSION(       \
        n, "u2") ",\"_links\":{\"webui\":\"/spaces/ENG/pages/" id "\"}"
#define LISTED(id, title, parent, n) PAGE(id, title, parent, n) "}"
#define BODY(id, n, text)                                                      \
    PAGE(id, "t", "null", n)                                                   \
    ",\"body\":{\"storage\":{\"representation\":\"storage\",\"value\":\"" text \
    "\"}}}"
#define FOLDER(title, parent, type)                                            \
    "{\"id\":\"f\",\"title\":\"" title "\",\"parentId\":" parent               \
    ",\"parentType\":\"" type "\",\"createdAt\":1746515289000}"

#define ME                                                                     \
    {                                                                          \
        .uri = "/wiki/rest/api/user/current",                                  \
        .body = "{\"type\":\"known\",\"accountId\":\"u1\","                    \
                "\"displayName\":\"Ada\"}"                                     \
    }
#define SPACE                                                                  \
    {                                                                          \
        .uri = V2 "/spaces?limit=250&keys=ENG",                                \
        .body = LIST("{\"id\":\"9\",\"key\":\"ENG\",\"name\":"                 \
                     "\"Eng\",\"homepageId\":\"1\",\"type\":"                  \
                     "\"global\",\"status\":\"current\"}")                     \
    }
#define PAGES(rows)                                                            \
    {                                                                          \
        .uri = V2 "/spaces/9/pages?status=current*", .body = LIST(rows)        \
    }
#define ARCHIVED(rows)                                                         \
    {                                                                          \
        .uri = V2 "/spaces/9/pages?status=archived*", .body = LIST(rows)       \
    }
#define BLOGS(rows)                                                            \
    {                                                                          \
        .uri = V2 "/spaces/9/blogposts?*", .body = LIST(rows)                  \
    }
#define NO_LABELS                                                              \
    {.uri = V2 "/spaces/9/content/labels?*", .body = LIST("")},                \
    {                                                                          \
        .uri = V2 "/labels?prefix=global*", .body = LIST("")                   \
    }
#define USERS                                                                  \
    {                                                                          \
        .uri = V2 "/users-bulk",                                               \
        .body = LIST("{\"accountId\":\"u1\",\"displayName\":\"Ada\"},"         \
                     "{\"accountId\":\"u2\",\"publicName\":\"Bob\","           \
                     "\"displayName\":null,\"accountStatus\":\"closed\"}")     \
    }
#define IDS(ids)                                                               \
    V2 "/pages?body-format=storage&status=current&status="                     \
       "archived&limit=" ids

#define LABEL(id, name, prefix)                                                \
    "{\"id\":\"" id "\",\"name\":\"" name "\",\"prefix\":\"" prefix "\"}"
#define TWO_PAGES                                                              \
    PAGES(LISTED("1", "Home", "null", "1") "," LISTED("2", "P", "\"1\"", "1"))
#define TWO_BODIES                                                             \
    {                                                                          \
        .uri = IDS("2&id=1,2"),                                                \
        .body =                                                                \
            LIST(BODY("1", "1", "<p>1</p>") "," BODY("2", "1", "<p>2</p>"))    \
    }

struct rig {
    struct canned canned;
    struct memory_sink memory;
    struct cs_run_summary summary;
    struct cs_error err;
    struct cs_source_config config;
    const char *keys[1];
    unsigned troubles;
    char trouble[2 * CS_ERROR_MESSAGE_MAX];
};

static void on_trouble(void *payload, const char *what,
                       const struct cs_error *why)
{
    struct rig *rig = payload;
    rig->troubles++;
    (void)snprintf(rig->trouble, sizeof(rig->trouble), "%.99s: %s", what,
                   why->message);
}

static inline void open_rig(struct rig *rig,
                            const struct canned_answer *answers, size_t n)
{
    *rig = (struct rig){.keys = {"ENG"}};
    canned_open(&rig->canned, answers, n);
    memory_sink_init(&rig->memory);
    rig->config = (struct cs_source_config){.name = "confluence",
                                            .type = "confluence",
                                            .base_url = rig->canned.url,
                                            .username = "ada",
                                            .api_token = "s3cret",
                                            .spaces = rig->keys,
                                            .n_spaces = 1,
                                            .jobs = 2};
}

static inline void close_rig(struct rig *rig)
{
    memory_sink_clear(&rig->memory);
    canned_close(&rig->canned);
}

static inline enum cs_status run(struct rig *rig)
{
    struct cs_connector_env env = {.clock = &rig->canned.clock.clock};
    struct cs_engine_options options = {
        .source = &rig->config,
        .env = &env,
        .watch = {.trouble = on_trouble, .payload = rig}};
    rig->troubles = 0;
    cs_error_clear(&rig->err);
    return cs_engine_run(cs_connector_find("confluence"), &options,
                         &rig->memory.sink, &rig->summary, &rig->err);
}

static inline struct memory_item *item(struct rig *rig, const char *id)
{
    struct memory_item *found = memory_sink_find(&rig->memory, id);
    if (!found)
        fail_msg("there is no %s", id);
    return found;
}

#endif
