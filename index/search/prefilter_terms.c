/*
 * prefilter_terms.c - terms that contain a text.
 */
#include "index/search/prefilter.h"
#include "index/words/fts.h"
#include "index/words/split.h"
#include "src/strbuf.h"

#include <stdlib.h>

enum { TERMS_MAX = 200 }; /* each costs as much as reading some documents */

struct found {
    const char *text;
    size_t len;
};

struct scan {
    struct cs_arena *arena;
    const char *text; /* sought; with the ends of lines that must stand there */
    size_t len;
    struct found *all; /* TERMS_MAX of them */
    size_t n;
    bool full;
};

static bool keep(struct scan *scan, const char *term, size_t len)
{
    if (scan->n == TERMS_MAX) {
        scan->full = true;
        return false;
    }
    const char *copy = cs_arena_strndup(scan->arena, term, len);
    scan->all[scan->n++] = (struct found){copy, len};
    return copy != NULL;
}

/* Whole terms of a chunk: each hit is in one line. */
static bool see_chunk(void *payload, const char *terms, size_t len)
{
    struct scan *scan = payload;
    const char *end = terms + len, *at = terms;
    while (at < end) {
        const char *hit = memmem(at, (size_t)(end - at), scan->text, scan->len);
        if (!hit)
            return true;
        const char *before = memrchr(terms, '\n', (size_t)(hit - terms));
        const char *start = before ? before + 1 : terms;
        const char *stop = memchr(hit, '\n', (size_t)(end - hit));
        stop = stop ? stop : end;
        if (!keep(scan, start, (size_t)(stop - start)))
            return false;
        at = stop + 1;
    }
    return true;
}

static bool see_term(void *payload, const char *term, size_t len, int64_t df)
{
    (void)df;
    return keep(payload, term, len);
}

static enum cs_status look(struct scan *scan, struct cs_lexicon *lexicon,
                           bool open_left, bool open_right,
                           struct cs_error *err)
{
    if (!open_left && !open_right) {
        (void)keep(scan, scan->text, scan->len);
        return CS_OK;
    }
    if (!open_left)
        return cs_lexicon_walk(lexicon, scan->text, scan->len, see_term, scan,
                               err);
    if (!open_right) {
        scan->text =
            cs_arena_printf(scan->arena, "%.*s\n", (int)scan->len, scan->text);
        scan->len++;
        if (!scan->text)
            return cs_arena_status(scan->arena, err);
    }
    return cs_lexicon_chunks(lexicon, see_chunk, scan, err);
}

static int compare(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = memcmp(x->text, y->text, len);
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* Those that are in some document, each once. */
static enum cs_status join(struct scan *scan, struct cs_lexicon *lexicon,
                           int64_t max, struct cs_strbuf *out,
                           int64_t *ret_documents, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    qsort(scan->all, scan->n, sizeof(*scan->all), compare);
    for (size_t i = 0; i < scan->n && *ret_documents <= max && !status; i++) {
        const struct found *term = &scan->all[i];
        int64_t df = 0;
        if (i > 0 && compare(term, term - 1) == 0)
            continue;
        status = cs_lexicon_df(lexicon, term->text, term->len, &df, err);
        if (df <= 0)
            continue;
        if (out->len > 0)
            cs_strbuf_putc(out, CS_FTS_OR);
        cs_strbuf_put(out, term->text, term->len);
        *ret_documents += df;
    }
    return status ? status : cs_strbuf_status(out, err);
}

enum cs_status cs_prefilter_terms(struct cs_arena *arena,
                                  struct cs_lexicon *lexicon, const char *text,
                                  size_t len, bool open_left, bool open_right,
                                  int64_t max, const char **ret,
                                  int64_t *ret_documents, struct cs_error *err)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((TERMS_MAX + 1) * (CS_WORD_MAX + 1));
    struct scan scan = {.arena = arena, .text = text, .len = len};
    scan.all = cs_arena_array(arena, TERMS_MAX, sizeof(*scan.all));
    if (!scan.all)
        return cs_arena_status(arena, err);
    *ret = "";
    *ret_documents = 0;
    enum cs_status status = look(&scan, lexicon, open_left, open_right, err);
    if (!status && !scan.full)
        status = join(&scan, lexicon, max, &out, ret_documents, err);
    if (scan.full || *ret_documents > max)
        *ret_documents = -1;
    if (!status)
        *ret = cs_arena_strndup(arena, out.data, out.len);
    return status ? status : cs_arena_status(arena, err);
}
