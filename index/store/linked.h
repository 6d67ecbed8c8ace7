/*
 * linked.h - a stored text together with what its places lead to.
 */
#ifndef CS_INDEX_STORE_LINKED_H
#define CS_INDEX_STORE_LINKED_H

#include "index/db.h"
#include "src/arena.h"
#include "src/document.h"

/* What is known of a place's target; NULL where nothing is. */
struct cs_link {
    int64_t ord;
    int64_t target; /* row, 0: not held */
    /* Of its file; of an attachment that of the attachment, once its bytes are
     * held. NULL when there is none. */
    const char *target_path;
    const char *target_title;
    const char *person;
};

/* A text of a document in canonical form. `links[i]` belongs to `places[i]`;
 * strings live in the arena it was loaded into. */
struct cs_linked_text {
    int64_t document;
    enum cs_aspect aspect; /* TEXT or COMMENTS */
    const char *path;      /* of the document's file; NULL before its layout */
    const char *markdown;
    size_t len;
    struct cs_place *places;
    struct cs_link *links;
    size_t n;
};

/* Load one. CS_ERR_NOT_FOUND when the document has no such text. */
enum cs_status cs_linked_load(struct cs_db *db, int64_t document,
                              enum cs_aspect aspect, struct cs_arena *arena,
                              struct cs_linked_text *ret, struct cs_error *err);

/* Load the places of text->aspect alone, for a text that is not stored yet. */
enum cs_status cs_linked_load_places(struct cs_db *db, int64_t document,
                                     struct cs_arena *arena,
                                     struct cs_linked_text *text,
                                     struct cs_error *err);

/* Find the first part of that kind and name in a document ("": any name).
 * `*ret_found` says whether there is one. */
enum cs_status cs_linked_find_part(struct cs_db *db, int64_t document,
                                   enum cs_part_kind kind, const char *name,
                                   size_t *ret_at, size_t *ret_len,
                                   bool *ret_found, struct cs_error *err);

/* Append what a reader calls the target of place `i` now. False when nothing
 * better is known than what was written. */
bool cs_linked_put_name(const struct cs_linked_text *text, size_t i,
                        struct cs_strbuf *out);

#endif
