/*
 * script.h - a scripted source: pages in an array, pushed through the sink.
 *
 * One space, "ENG", with the home page "1". What an engine and a connector do
 * in many steps with a server, this does without one, so that tests of the
 * store can say in a few lines what the source looks like.
 */
#ifndef CS_TESTS_LIB_SCRIPT_H
#define CS_TESTS_LIB_SCRIPT_H

#include "tests/lib/sandbox.h"

#include "src/sink.h"

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
};

/* A plain page in one line. */
#define SCRIPT_PAGE(i, t, p, x, v, link, l)                                    \
    {                                                                          \
        .id = i, .title = t, .parent = p, .text = x, .version = v,             \
        .link_title = link, .label = l                                         \
    }

/* Sync the pages into the mirror at box->root: open, list, fetch, end. */
enum cs_status script_try(struct sandbox *box, const struct script_page *pages,
                          size_t n, struct cs_run_summary *ret_summary,
                          struct cs_error *err);

/* The same, and it must succeed. */
struct cs_run_summary script_run(struct sandbox *box,
                                 const struct script_page *pages, size_t n);
#define SCRIPT_RUN(box, pages) script_run(box, pages, CS_ARRAY_LEN(pages))

/* Every row that names a file has it on disk, with these bytes; no intent is
 * left, and no full-text entry without its text. */
void script_check(struct sandbox *box);

/* The first column of the first row of a query on the mirror's index. */
int64_t script_count(struct sandbox *box, const char *sql);

/* All lasting rows but those that tell of runs, and the full-text entries, as
 * text: two mirrors can be compared. Also checks the index's integrity. */
void script_dump(struct sandbox *box, struct cs_strbuf *out);

#endif
