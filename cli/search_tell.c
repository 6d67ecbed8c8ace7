/*
 * search_tell.c - what is said beside an answer, on standard error.
 */
#include "cli/search_print.h"

#include "cli/age.h"
#include "src/text.h"

#include <inttypes.h>

#define DOT " \xc2\xb7 "

/* One line to standard error, made safe; nothing with --quiet. */
static void say(const struct cs_search_view *view, const struct cs_strbuf *text)
{
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_text_put_safe(&safe, text->data, text->len, false);
    if (!view->app->globals.quiet && safe.len > 0)
        (void)fprintf(view->app->err, "%s\n", safe.data);
}

static void tell_corrections(const struct cs_search_view *view, bool applied,
                             const char *before, const char *behind)
{
    const struct cs_search_result *result = view->result;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (size_t i = 0; i < result->n_corrections; i++) {
        if (result->corrections[i].applied != applied)
            continue;
        cs_strbuf_printf(&text, "%s%s", text.len > 0 ? ", " : before,
                         result->corrections[i].to);
    }
    if (text.len == 0)
        return;
    cs_strbuf_puts(&text, behind);
    say(view, &text);
}

void cs_search_tell(const struct cs_search_view *view)
{
    const struct cs_search_result *result = view->result;
    struct cs_log *log = view->app->log;
    for (size_t i = 0; i < result->n_warnings; i++)
        cs_log_write(log, CS_LOG_WARNING, "%s", result->warnings[i]);
    if (view->stale)
        cs_log_write(log, CS_LOG_WARNING,
                     "the mirror is out of date: cs status says more");
    if (result->index_changed)
        cs_log_write(log, CS_LOG_WARNING,
                     "the index changed since the page before");
    tell_corrections(view, true, "showing results for ", " (-F to force)");
    tell_corrections(view, false, "did you mean: ", "?");
    for (size_t i = 0; i < result->n_hints; i++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        cs_strbuf_printf(&text, "hint: %s", result->hints[i]);
        say(view, &text);
    }
    if (view->output->explain && result->expression) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        cs_strbuf_printf(&text, "understood as: %s", result->expression);
        say(view, &text);
    }
}

/* "42 of 42 pages", "11-20 of 42 pages". */
static void put_count(const struct cs_search_view *view, struct cs_strbuf *out)
{
    const struct cs_search_result *result = view->result;
    if (view->first > 1)
        cs_strbuf_printf(out, "%zu-", view->first);
    cs_strbuf_printf(out, "%zu of %s%" PRId64 " page%s",
                     view->first - 1 + result->n,
                     result->exact_total ? "" : "over ", result->total,
                     result->total == 1 ? "" : "s");
}

static void put_freshness(const struct cs_search_view *view,
                          struct cs_strbuf *out)
{
    int64_t synced = view->result->synced_at;
    if (synced == 0)
        return;
    cs_strbuf_puts(out, DOT "synced ");
    cs_age_put(cs_clock_now(view->app->clock), synced, out);
}

/* How well a value would narrow the answer: best where it leaves a third; 0
 * when it leaves all, or next to nothing. */
static int64_t worth(int64_t n, int64_t total)
{
    if (n < 2 || n * 10 > total * 8)
        return 0;
    int64_t off = n * 3 > total ? n * 3 - total : total - n * 3;
    return total * 3 - off;
}

static void put_facet_hint(const struct cs_search_view *view,
                           struct cs_strbuf *out)
{
    static const char *const wanted[] = {"label", "space", "type"};
    const struct cs_search_result *result = view->result;
    const struct cs_search_count *best = NULL;
    const char *name = NULL;
    if (result->total <= (int64_t)result->n)
        return;
    for (size_t i = 0; i < result->n_facets; i++) {
        const struct cs_search_facet *facet = &result->facets[i];
        bool fits = false;
        for (size_t j = 0; j < CS_ARRAY_LEN(wanted); j++)
            fits = fits || cs_str_equal(facet->name, wanted[j]);
        for (size_t j = 0; fits && j < facet->n; j++) {
            const struct cs_search_count *count = &facet->counts[j];
            if (worth(count->n, result->total) == 0 ||
                strpbrk(count->value, " \t\""))
                continue;
            if (best &&
                worth(count->n, result->total) <= worth(best->n, result->total))
                continue;
            best = count;
            name = facet->name;
        }
    }
    if (best)
        cs_strbuf_printf(out, DOT "try: %s:%s (%" PRId64 ")", name, best->value,
                         best->n);
}

void cs_search_put_footer(const struct cs_search_view *view)
{
    const struct cs_search_result *result = view->result;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    if (result->n == 0)
        return;
    put_count(view, &text);
    cs_strbuf_printf(&text, DOT "%.1f ms", (double)result->elapsed_us / 1000);
    put_freshness(view, &text);
    put_facet_hint(view, &text);
    say(view, &text);
}
