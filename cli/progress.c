/*
 * progress.c - a line that is redrawn, or lines that are written now and then.
 */
#include "cli/progress.h"

#include "src/text.h"

#include <stdlib.h>

#define REDRAW_MS 100  /* on a terminal */
#define LINE_MS   5000 /* elsewhere */
#define WHAT_MAX  128
#define NOTE_MAX  256
#define BAR_MAX   30

struct cs_progress_bar {
    struct cs_progress_options options;
    char what[WHAT_MAX];
    char title[NOTE_MAX]; /* of what was done last */
    char note[NOTE_MAX];  /* shown instead, until: */
    int64_t note_until;
    uint64_t done, total;
    uint64_t first;  /* `done` when the work named by `what` began */
    int64_t started; /* and when that was */
    int64_t shown;   /* when a line was last written */
    bool drawn;      /* the terminal shows the line now */
    bool pending;    /* numbers newer than what was shown */
};

enum cs_status cs_progress_bar_new(const struct cs_progress_options *options,
                                   struct cs_progress_bar **ret,
                                   struct cs_error *err)
{
    struct cs_progress_bar *bar = calloc(1, sizeof(*bar));
    if (!bar)
        return cs_error_no_memory(err);
    bar->options = *options;
    bar->shown = cs_clock_mono(options->clock);
    *ret = bar;
    return CS_OK;
}

/* "9 s", "3 min 20 s", "2 h 5 min": whole, short, never empty. */
static void put_seconds(int64_t seconds, struct cs_strbuf *out)
{
    if (seconds >= 3600)
        cs_strbuf_printf(out, "%lld h %lld min", (long long)(seconds / 3600),
                         (long long)(seconds % 3600 / 60));
    else if (seconds >= 60)
        cs_strbuf_printf(out, "%lld min %lld s", (long long)(seconds / 60),
                         (long long)(seconds % 60));
    else
        cs_strbuf_printf(out, "%lld s", (long long)(seconds > 0 ? seconds : 1));
}

static void put_bar(uint64_t done, uint64_t total, size_t cells,
                    struct cs_strbuf *out)
{
    size_t full = (size_t)((double)done / (double)total * (double)cells);
    cs_strbuf_putc(out, '[');
    cs_strbuf_fill(out, '#', full < cells ? full : cells);
    cs_strbuf_fill(out, '.', full < cells ? cells - full : 0);
    cs_strbuf_puts(out, "] ");
}

void cs_progress_text(const char *what, uint64_t first, uint64_t done,
                      uint64_t total, int64_t elapsed_ms, unsigned width,
                      bool bar_wanted, struct cs_strbuf *out)
{
    struct cs_strbuf tail CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    double fresh = (double)(done - first);
    double rate = elapsed_ms > 0 ? fresh * 1000 / (double)elapsed_ms : 0;
    if (done > 0 || total > 0)
        cs_strbuf_printf(&tail, "%llu", (unsigned long long)done);
    if (total > 0)
        cs_strbuf_printf(&tail, " of %llu", (unsigned long long)total);
    if (elapsed_ms >= 1000 && rate > 0) {
        cs_strbuf_printf(&tail, rate < 10 ? ", %.1f/s" : ", %.0f/s", rate);
        if (total > done) {
            cs_strbuf_puts(&tail, ", ");
            put_seconds((int64_t)((double)(total - done) / rate), &tail);
            cs_strbuf_puts(&tail, " left");
        }
    }
    size_t what_width = cs_text_width(what, strlen(what));
    size_t used = what_width + 1 + tail.len + 4; /* brackets, blank, edge */
    cs_strbuf_puts(out, what);
    if (tail.len > 0)
        cs_strbuf_putc(out, ' ');
    if (bar_wanted && total > 0 && used + 8 < width)
        put_bar(done, total, width - used < BAR_MAX ? width - used : BAR_MAX,
                out);
    cs_strbuf_put(out, tail.data, tail.len);
}

static void erase(struct cs_progress_bar *bar)
{
    if (bar->drawn)
        (void)fputs("\r\x1b[K", bar->options.stream);
    bar->drawn = false;
}

static void show(struct cs_progress_bar *bar, int64_t now)
{
    const struct cs_terminal *terminal = bar->options.terminal;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    bool noted = bar->note[0] != '\0' && now < bar->note_until;
    const char *note = noted ? bar->note : terminal->tty ? bar->title : "";
    size_t room = note[0] ? cs_text_width(note, strlen(note)) + 2 : 0;
    unsigned width = terminal->width;
    width -= room < width / 3 ? (unsigned)room : width / 3;
    cs_progress_text(bar->what, bar->first, bar->done, bar->total,
                     now - bar->started, width, terminal->tty && !noted, &text);
    if (note[0] != '\0')
        cs_strbuf_printf(&text, "  %s", note);
    if (terminal->tty) {
        size_t fits =
            cs_text_cut_width(text.data, text.len, terminal->width - 1);
        cs_strbuf_truncate(&text, fits);
        (void)fprintf(bar->options.stream, "\r%s\x1b[K", text.data);
        bar->drawn = true;
    } else {
        (void)fprintf(bar->options.stream, "%s\n", text.data);
    }
    (void)fflush(bar->options.stream);
    bar->shown = now;
    bar->pending = false;
}

/* `text` without what could harm a terminal, cut to `size`; did it change? */
static bool keep_text(char *slot, size_t size, const char *text)
{
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_text_put_safe(&safe, text, strlen(text), false);
    cs_strbuf_truncate(&safe, cs_text_cut(safe.data, safe.len, size - 1));
    if (strcmp(slot, safe.data) == 0)
        return false;
    memcpy(slot, safe.data, safe.len + 1);
    return true;
}

void cs_progress_bar_note(struct cs_progress_bar *bar, const char *note,
                          int64_t for_ms)
{
    int64_t now = cs_clock_mono(bar->options.clock);
    if (bar->options.quiet)
        return;
    (void)keep_text(bar->note, sizeof(bar->note), note);
    bar->note_until = now + for_ms;
    show(bar, now);
}

void cs_progress_bar_update(struct cs_progress_bar *bar, const char *what,
                            const char *title, uint64_t done, uint64_t total)
{
    if (bar->options.quiet)
        return;
    int64_t now = cs_clock_mono(bar->options.clock);
    if (keep_text(bar->what, sizeof(bar->what), what)) {
        bar->started = now;
        bar->first = done > 0 ? done - 1 : 0;
    }
    (void)keep_text(bar->title, sizeof(bar->title), title ? title : "");
    bar->done = done;
    bar->total = total;
    bar->pending = true;
    if (now - bar->shown >= (bar->options.terminal->tty ? REDRAW_MS : LINE_MS))
        show(bar, now);
}

void cs_progress_bar_aside(struct cs_progress_bar *bar, bool before)
{
    if (!bar->options.terminal->tty || bar->what[0] == '\0')
        return;
    if (before)
        erase(bar);
    else
        show(bar, cs_clock_mono(bar->options.clock));
}

void cs_progress_bar_free(struct cs_progress_bar *bar)
{
    if (!bar)
        return;
    erase(bar);
    if (bar->pending && !bar->options.terminal->tty && bar->done > 0)
        show(bar, cs_clock_mono(bar->options.clock));
    (void)fflush(bar->options.stream);
    free(bar);
}
