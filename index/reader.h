/*
 * reader.h - one document, found by whatever a user calls it.
 *
 *     confluence:65601                            its id
 *     65601                                       the number, when unique
 *     https://wiki.example/pages/65601/Runbook    its page, pageId=65601 too
 *     confluence/ENG/Runbook.md                   its file, from the root
 *     /home/ada/context-sync/confluence/...       or absolute
 */
#ifndef CS_INDEX_READER_H
#define CS_INDEX_READER_H

#include "index/index.h"
#include "src/arena.h"

/* Names that are not known are NULL, times 0. */
struct cs_reader_document {
    int64_t document; /* row, for other calls on the same index */
    const char *id;   /* "confluence:65601" */
    const char *source, *vendor_id;
    const char *site;   /* address of its source, as configured */
    const char *kind;   /* "page", "blogpost" */
    const char *status; /* "current", "archived" */
    const char *title;
    const char *space, *space_name;
    const char *parent; /* vendor id */
    const char *url;
    const char *path;            /* absolute; NULL while no file is published */
    const char *author, *editor; /* names, or ids of whom no name is known */
    const char *const *labels;   /* sorted */
    size_t n_labels;
    int64_t version; /* of the text; 0 while there is none */
    int64_t latest;  /* as listed */
    int64_t created, updated;
    int64_t missing;     /* since when listings lack it; 0: they have it */
    const char *failure; /* why its newest text could not be had */
};

/* Find the document called `name`; strings live in `arena`. CS_ERR_NOT_FOUND,
 * or CS_ERR_USAGE when several fit (the message lists them). */
enum cs_status cs_reader_find(struct cs_index *index, struct cs_arena *arena,
                              const char *name, struct cs_reader_document *ret,
                              struct cs_error *err);

/* The document of a row, such as that of a search hit. */
enum cs_status cs_reader_load(struct cs_index *index, struct cs_arena *arena,
                              int64_t document, struct cs_reader_document *ret,
                              struct cs_error *err);

/* Append its Markdown as the file shows it below the front matter.
 * CS_ERR_NOT_FOUND when there is no text yet. */
enum cs_status cs_reader_markdown(struct cs_index *index, int64_t document,
                                  struct cs_strbuf *out, struct cs_error *err);

/* The same; `*ret_comments` is where its comments begin in `out`, the end of it
 * when there are none. */
enum cs_status cs_reader_texts(struct cs_index *index, int64_t document,
                               struct cs_strbuf *out, size_t *ret_comments,
                               struct cs_error *err);

/* How many lines of its file stand above its Markdown. */
enum cs_status cs_reader_head_lines(struct cs_index *index,
                                    const struct cs_reader_document *document,
                                    size_t *ret_lines, struct cs_error *err);

#endif
