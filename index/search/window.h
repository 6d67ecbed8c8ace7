/*
 * window.h - a board of a few hundred documents that follow each other, which
 * is read, and moved on, when the postings of all phrases have passed it.
 *
 * What a word and its family tell comes phrase by phrase; within a window it is
 * brought together by the place of the document, with nothing to compare.
 */
#ifndef CS_INDEX_SEARCH_WINDOW_H
#define CS_INDEX_SEARCH_WINDOW_H

#include "index/search/board.h"

enum { CS_WINDOW = 512 }; /* documents */

struct cs_window {
    int64_t first;                    /* its first document */
    uint64_t touched[CS_WINDOW / 64]; /* bits of the entries that are made */
    struct cs_board_entry of[CS_WINDOW];
};

/* NULL: no memory. The caller frees it with free(). */
struct cs_window *cs_window_new(void);

/* Forget all entries, and begin at a document. */
void cs_window_move(struct cs_window *window, int64_t first);

static inline bool cs_window_has(const struct cs_window *window,
                                 int64_t document)
{
    return document >= window->first && document - window->first < CS_WINDOW;
}

/* The entry of a document that the window has, made if need be. */
static inline struct cs_board_entry *cs_window_at(struct cs_window *window,
                                                  int64_t document)
{
    size_t at = (size_t)(document - window->first);
    uint64_t bit = (uint64_t)1 << at % 64;
    if (!(window->touched[at / 64] & bit)) {
        window->touched[at / 64] |= bit;
        window->of[at] = (struct cs_board_entry){0};
    }
    return &window->of[at];
}

/* Call `visit` for each entry, by row id; false ends it, and is passed on. */
bool cs_window_each(struct cs_window *window, cs_board_fn *visit,
                    void *payload);

#endif
