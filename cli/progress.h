/*
 * progress.h - how far a run is, on standard error.
 *
 * On a terminal one line is redrawn, at most ten times a second; elsewhere a
 * plain line appears now and then. The library reports numbers as often as it
 * likes; this module decides what is shown, and computes rate and remaining
 * time.
 */
#ifndef CS_CLI_PROGRESS_H
#define CS_CLI_PROGRESS_H

#include "cli/terminal.h"
#include "src/clock.h"

struct cs_progress_bar;

struct cs_progress_options {
    FILE *stream; /* borrowed, like the others */
    const struct cs_terminal *terminal;
    const struct cs_clock *clock;
    bool quiet; /* draw nothing */
};

/* The caller frees `ret` with cs_progress_bar_free(). */
enum cs_status cs_progress_bar_new(const struct cs_progress_options *options,
                                   struct cs_progress_bar **ret,
                                   struct cs_error *err);

/* Erase the line, or on a plain stream say how it ended; free. */
void cs_progress_bar_free(struct cs_progress_bar *bar);

/* Where the run is. `what` names the work ("ENG: fetched"); when it changes,
 * rate and remaining time start anew. `title` names what was done last, for a
 * terminal; may be NULL. `total` 0 means not known. */
void cs_progress_bar_update(struct cs_progress_bar *bar, const char *what,
                            const char *title, uint64_t done, uint64_t total);

/* Show at once, and for so long, why nothing moves. */
void cs_progress_bar_note(struct cs_progress_bar *bar, const char *note,
                          int64_t for_ms);

/* Erase the line before something else is written, and draw it again after. */
void cs_progress_bar_aside(struct cs_progress_bar *bar, bool before);

/* Append what is shown for these numbers in `width` columns: a bar when
 * `bar_wanted` and room is left. Pure; `elapsed_ms` is the time since `first`
 * of them were done. */
void cs_progress_text(const char *what, uint64_t first, uint64_t done,
                      uint64_t total, int64_t elapsed_ms, unsigned width,
                      bool bar_wanted, struct cs_strbuf *out);

CS_DEFINE_CLEANUP(struct cs_progress_bar *, cs_progress_bar_cleanup,
                  cs_progress_bar_free);

#endif
