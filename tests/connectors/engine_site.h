/*
 * engine_site.h - a small site for the toy: two spaces, three pages, comments
 * on one, an attachment on another, and a feed that says so.
 */
#ifndef CS_TESTS_CONNECTORS_ENGINE_SITE_H
#define CS_TESTS_CONNECTORS_ENGINE_SITE_H

#include "tests/connectors/engine_rig.h"

static const struct toy_document documents[] = {
    {.space = "A",
     .id = "1",
     .title = "One",
     .text = "one",
     .version = 1,
     .updated = 1000000000,
     .comments = "## Comments\n"},
    {.space = "A",
     .id = "2",
     .title = "Two",
     .text = "two",
     .version = 4,
     .updated = 2000000000},
    {.space = "B",
     .id = "5",
     .title = "Five",
     .text = "five",
     .version = 2,
     .updated = 3000000000},
};

static const struct toy_space spaces[] = {{.key = "A"}, {.key = "B"}};

static const struct toy_hint feed[] = {{"1", CS_ASPECT_COMMENTS},
                                       {"2", CS_ASPECT_ATTACHMENTS}};

static const struct toy_file files[] = {{.document = "2",
                                         .id = "f1",
                                         .name = "a.png",
                                         .data = "0123456789",
                                         .version = 1}};

static inline struct toy_site site_of(struct toy_calls *calls)
{
    return (struct toy_site){.spaces = spaces,
                             .n_spaces = CS_ARRAY_LEN(spaces),
                             .documents = documents,
                             .n_documents = CS_ARRAY_LEN(documents),
                             .feed = feed,
                             .n_feed = CS_ARRAY_LEN(feed),
                             .files = files,
                             .n_files = CS_ARRAY_LEN(files),
                             .calls = calls};
}

static inline struct memory_item *item(struct rig *rig, const char *id)
{
    struct memory_item *found = memory_sink_find(&rig->memory, id);
    assert_non_null(found);
    return found;
}

#endif
