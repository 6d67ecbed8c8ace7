/*
 * progress.c - a line that is redrawn, or lines that are written now and then.
 */
#include "cli/progress.h"

#include "src/text.h"

#include <stdlib.h>

#define REDRAW_MS 100  /* on a terminal */
#define LINE_MS   5000 /* elsewhere */
#define WHAT_MAX  128
#define BAR_MAX   30

struct cs_progress_bar {
    struct cs_progress_options options;
    char what[WHAT_MAX];
    uint64_t done, total;
    int64_t started; /* the work named by `what` */
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

void cs_progress_text(const char *what, uint64_t done, uint64_t total,
                      int64_t elapsed_ms, unsigned width, bool bar_wanted,
                      struct cs_strbuf *out)
{
    struct cs_strbuf tail CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    double rate = elapsed_ms > 0 ? (double)done * 1000 / (double)elapsed_ms : 0;
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
    cs_progress_text(bar->what, bar->done, bar->total, now - bar->started,
                     terminal->width, terminal->tty, &text);
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

void cs_progress_bar_update(struct cs_progress_bar *bar, const char *what,
                            uint64_t done, uint64_t total)
{
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    if (bar->options.quiet)
        return;
    int64_t now = cs_clock_mono(bar->options.clock);
    cs_text_put_safe(&safe, what, strlen(what), false);
    cs_strbuf_truncate(&safe, cs_text_cut(safe.data, safe.len, WHAT_MAX - 1));
    if (strcmp(bar->what, safe.data) != 0) {
        memcpy(bar->what, safe.data, safe.len + 1);
        bar->started = now;
    }
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
