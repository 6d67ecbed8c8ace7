/*
 * memory_sink_parts.h - what the files of the sink in memory share.
 *
 *   memory_sink.c        a run: listings, wants, documents
 *   memory_sink_look.c   hints, doubts, verdicts; containers and cursors
 *   memory_sink_files.c  attachments and their bytes
 *
 * Out of memory ends the test.
 */
#ifndef CS_TESTS_LIB_MEMORY_SINK_PARTS_H
#define CS_TESTS_LIB_MEMORY_SINK_PARTS_H

#include "tests/lib/memory_sink.h"

struct memory_sink *memory_self(struct cs_sink *sink);
char *memory_copy(const char *text);
void memory_replace(char **slot, const char *text);
/* `array` with room for one more of `size` bytes. */
void *memory_grow(void *array, size_t n, size_t size);
/* The failure that the test ordered for this slot. */
enum cs_status memory_enter(struct cs_sink *sink, const char *slot,
                            struct cs_error *err);
/* All aspects but the text that the run wants. */
unsigned memory_extras(const struct memory_sink *memory);
void memory_item_clear(struct memory_item *item);
void memory_drop_item(struct memory_sink *memory, struct memory_item *item);
/* What a listing, or a verdict, says of an item that is there. */
void memory_put_item(struct memory_item *kept, const struct cs_item *item,
                     const char *container_key);
void memory_add_container(struct memory_sink *memory,
                          const struct cs_container *container);

/* Fill in the slots of a part. */
void memory_look_ops(struct cs_sink_ops *ops);
void memory_file_ops(struct cs_sink_ops *ops);

/* The attachments of a document are these. */
void memory_put_files(struct memory_sink *memory,
                      const struct cs_document *doc);
void memory_drop_files(struct memory_sink *memory, const char *document_id);

#endif
