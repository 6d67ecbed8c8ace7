/*
 * report.h - lists and tables made of other documents.
 *
 * What Confluence makes when a page is shown, made from the mirror instead: the
 * children of a page, the pages with some labels, the page properties of those
 * pages as one table.
 */
#ifndef CS_INDEX_STORE_REPORT_H
#define CS_INDEX_STORE_REPORT_H

#include "index/db.h"
#include "src/arena.h"
#include "src/body.h"

struct cs_report_request {
    struct cs_db *db;
    enum cs_place_form form; /* CHILDREN, LABELLED or REPORT */
    int64_t document;        /* CHILDREN: whose */
    int64_t asking;          /* the document that holds the place */
    const char *query;       /* of the place, see body.h */
    const char *space;       /* NULL: any */
    /* Append the link to a file of the mirror. */
    void (*put_path)(void *payload, const char *path, struct cs_strbuf *out);
    /* Append a range of a document's text, filled in. */
    void (*put_part)(void *payload, int64_t document, size_t at, size_t len,
                     struct cs_strbuf *out);
    void *payload;
};

/* Append the Markdown. `*ret_found` is false, and nothing was appended, when
 * there is nothing to show. */
enum cs_status cs_report_put(const struct cs_report_request *request,
                             struct cs_arena *arena, struct cs_strbuf *out,
                             bool *ret_found, struct cs_error *err);

#endif
