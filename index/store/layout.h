/*
 * layout.h - the names of documents in one folder; pure.
 *
 * A document named S takes up to three names in its folder: the file "S.md",
 * the folder "S" of its children and the folder "S.assets" of its attachments.
 * No two documents of a folder may share one, case folded. The document that
 * was created first (then the lower id) keeps the plain name, the others get
 * " (<id>)", so that names do not depend on the order in which a mirror came
 * to know them.
 */
#ifndef CS_INDEX_STORE_LAYOUT_H
#define CS_INDEX_STORE_LAYOUT_H

#include "src/arena.h"

struct cs_layout_entry {
    const char *id;    /* vendor's id */
    const char *title; /* of a blog post with its date in front */
    int64_t created;
    bool has_file;    /* false for a folder: it takes only its own name */
    bool suffixed;    /* the plain name is taken by somebody else's file */
    const char *stem; /* result, in the arena */
};

/* Give every entry its stem. `at_top` reserves the names that a space keeps for
 * itself: "blog", "archived", ".stage". */
enum cs_status cs_layout_names(struct cs_arena *arena,
                               struct cs_layout_entry *entries, size_t n,
                               bool at_top, struct cs_error *err);

/* A file in the folder of a document's attachments. */
struct cs_layout_file {
    const char *id;   /* vendor's id */
    const char *name; /* as it is called on the site */
    bool suffixed;    /* the plain name is taken by somebody else's file */
    const char *leaf; /* result, in the arena */
};

/* Give every file its name: kept apart, case folded, by " (<id>)" before the
 * ending; the lowest id keeps the plain one. */
enum cs_status cs_layout_files(struct cs_arena *arena,
                               struct cs_layout_file *files, size_t n,
                               struct cs_error *err);

/* Order of ids: by number when both are numbers, else by bytes. */
int cs_layout_compare_ids(const char *a, const char *b);

#endif
