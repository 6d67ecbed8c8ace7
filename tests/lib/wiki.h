/*
 * wiki.h - a site of several spaces that tests change by hand, and whole runs
 * of the store against it.
 *
 * Where script.h says in one array what a source looks like, this can also say
 * what it answers when it is asked for one page: deleted, hidden, moved.
 */
#ifndef CS_TESTS_LIB_WIKI_H
#define CS_TESTS_LIB_WIKI_H

#include "tests/lib/sandbox.h"

#include "src/sink.h"

enum wiki_state {
    WIKI_THERE,
    WIKI_UNLISTED, /* there, but listings lack it */
    WIKI_TRASHED,
    WIKI_GONE,
    WIKI_FORBIDDEN,
    WIKI_SILENT /* no answer when asked for */
};

/* A page; without a text it is a folder. */
struct wiki_page {
    const char *id, *space, *title, *parent, *text;
    int64_t version, created; /* 0: 1, and by its place in the array */
    const char *link_title;   /* a link at the end of the text */
    const char *link_space;   /* NULL: in the same space */
    enum cs_place_form form;  /* of the link; a block shows that page */
    const char *query;        /* of a block */
    bool archived;
    enum wiki_state state;
};

struct wiki {
    struct wiki_page *pages;
    size_t n;
};

/* A run; zero is a complete one over all spaces, without a brake. */
struct wiki_run {
    struct cs_run_options options; /* aspects 0: texts */
    const char *spaces;            /* in this order, "ENG OPS"; NULL: these */
    bool changes;                  /* listings say only what they list */
    const char *left, *gone;       /* a space that is absent */
    const char *suspect;           /* a page that a hint names */
    bool no_verdicts;              /* nobody is asked */
    bool no_check;                 /* files may be missing after it */

    struct cs_list_summary listed; /* sums */
    struct cs_removal_summary removal;
    struct cs_run_summary summary;
    uint64_t fetched;
};

/* Sync; space "ENG" has the home page "1", all others have none. The proof must
 * hold, and files, rows and entries agree. */
void wiki_sync(struct sandbox *box, const struct wiki *wiki,
               struct wiki_run *run);
/* The same an hour later; returns what came of it. */
struct wiki_run wiki_sync_later(struct sandbox *box, const struct wiki *wiki,
                                struct wiki_run run);

/* A wiki of its own with the pages of the array `site`, to be changed. */
#define WIKI(name)                                                             \
    struct wiki_page name##_pages[CS_ARRAY_LEN(site)];                         \
    memcpy(name##_pages, site, sizeof(site));                                  \
    const struct wiki name = {name##_pages, CS_ARRAY_LEN(site)}

/* The page of that id; the test fails without one. */
struct wiki_page *wiki_find(const struct wiki *wiki, const char *id);

#endif
