/*
 * script.h - a scripted source: pages in an array, pushed through the sink.
 *
 * One space, "ENG", with the home page "1". What an engine and a connector do
 * in many steps with a server, this does without one, so that tests of the
 * store can say in a few lines what the source looks like: pages, comments,
 * attachments whose bytes come in small pieces.
 */
#ifndef CS_TESTS_LIB_SCRIPT_H
#define CS_TESTS_LIB_SCRIPT_H

#include "tests/lib/sandbox.h"

#include "index/store/store.h"

/* A page; without a text it is a folder. */
struct script_page {
    const char *id, *title, *parent, *text;
    int64_t version;
    const char *link_title; /* a link at the end of the text */
    const char *label;
    /* Of the link: a block form makes a block of it, for the page of that
     * title, or for this one. */
    enum cs_place_form form;
    const char *query;
    /* The text is an excerpt, or page properties, of that name. */
    const char *excerpt, *properties;
    /* A picture at the end of the text: the attachment of that name, on this
     * page or on the one of that title. */
    const char *shows, *shows_of;
    /* A comment: its text, who wrote it (an id), and the attachment of this
     * page that it shows. */
    const char *comment, *comment_by, *comment_shows;
};

/* An attachment. */
struct script_file {
    const char *id, *page, *name, *bytes;
    int64_t version;
    int64_t told; /* the size that is told; 0: the true one, -1: unknown */
};

/* What the source holds, and how it is asked. */
struct script {
    const struct script_page *pages;
    size_t n;
    const struct script_file *files;
    size_t n_files;
    struct cs_run_options options; /* without aspects: texts alone */
    bool trashes;       /* pages that are held and not here were deleted */
    const char *person; /* what everybody is called; NULL: nobody */
    const char *breaks; /* downloads of this attachment break off */
    size_t breaks_at;   /* behind so many bytes */
    /* What came of it: */
    size_t downloaded; /* bytes */
};

/* A plain page in one line. */
#define SCRIPT_PAGE(i, t, p, x, v, link, l)                                    \
    {                                                                          \
        .id = i, .title = t, .parent = p, .text = x, .version = v,             \
        .link_title = link, .label = l                                         \
    }

/* Open the mirror at box->root for writing. The caller closes the store, then
 * the index. */
enum cs_status script_open(struct sandbox *box, struct cs_index **ret_index,
                           struct cs_store **ret_store, struct cs_error *err);

/* Open it, change rows by `sql`, and close it again: "" does what opening does.
 */
void script_change(struct sandbox *box, const char *sql);

/* Sync the pages into the mirror at box->root: open, list, fetch, end. */
enum cs_status script_try(struct sandbox *box, const struct script_page *pages,
                          size_t n, struct cs_run_summary *ret_summary,
                          struct cs_error *err);

/* The same, and it must succeed. */
struct cs_run_summary script_run(struct sandbox *box,
                                 const struct script_page *pages, size_t n);
#define SCRIPT_RUN(box, pages) script_run(box, pages, CS_ARRAY_LEN(pages))

/* The same with all that a source may hold; every aspect of every page is
 * looked at again. */
enum cs_status script_try_all(struct sandbox *box, struct script *script,
                              struct cs_run_summary *ret_summary,
                              struct cs_error *err);
struct cs_run_summary script_run_all(struct sandbox *box,
                                     struct script *script);

/* Every row that names a file has it on disk, with these bytes; no intent is
 * left, and no full-text entry without its text; vectors and fingerprints are
 * what they would be if they were made anew. */
void script_check(struct sandbox *box);

/* The first column of the first row of a query on the mirror's index. */
int64_t script_count(struct sandbox *box, const char *sql);

#endif
