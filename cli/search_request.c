/*
 * search_request.c - words, options and a saved search made one request.
 */
#include "cli/search_request.h"

#include "src/suggest.h"
#include "src/text.h"

#include <stdlib.h>

static enum cs_status read_since(const struct cs_app *app, const char *text,
                                 int64_t *ret_ms, struct cs_error *err)
{
    int64_t ms = 0;
    if (!text)
        return CS_OK;
    if (cs_duration_parse(text, &ms, NULL) == CS_OK)
        *ret_ms = cs_clock_now(app->clock) - ms;
    else if (cs_time_parse(text, &ms, err) == CS_OK)
        *ret_ms = ms;
    else
        return CS_ERR_USAGE;
    return CS_OK;
}

static enum cs_status read_sort(const char *text, enum cs_search_sort *ret,
                                struct cs_error *err)
{
    if (!text)
        return CS_OK;
    *ret = cs_search_sort_from(text);
    if (*ret != CS_SEARCH_SORTS)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "--sort: no order \"%.40s\"", text);
    cs_error_hint(err, "write relevance, updated, created or title");
    return CS_ERR_USAGE;
}

static enum cs_status read_mode(const struct cs_search_args *args,
                                enum cs_search_mode *ret, struct cs_error *err)
{
    if (args->literal && args->regex) {
        (void)cs_error_set(err, CS_ERR_USAGE, "-F and -e exclude each other");
        cs_error_hint(err, "write one of them");
        return CS_ERR_USAGE;
    }
    *ret = args->literal ? CS_SEARCH_LITERAL
           : args->regex ? CS_SEARCH_REGEX
                         : CS_SEARCH_QUERY;
    return CS_OK;
}

/* A cursor of ours is the rank of its first hit, a point, and the engine's. */
static enum cs_status read_cursor(const char *text, struct cs_search_asked *ret,
                                  struct cs_error *err)
{
    ret->first = 1;
    if (!text)
        return CS_OK;
    size_t digits = strspn(text, "0123456789");
    if (digits > 0 && digits < 10 && text[digits] == '.' && text[digits + 1]) {
        ret->first = strtoul(text, NULL, 10);
        ret->request.cursor = text + digits + 1;
    }
    if (ret->request.cursor && ret->first > 1)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "--cursor: \"%.40s\" is none", text);
    cs_error_hint(err, "take next_cursor of the answer before");
    return CS_ERR_USAGE;
}

enum cs_status cs_search_next(const struct cs_search_asked *asked,
                              const struct cs_search_result *result,
                              struct cs_arena *arena, const char **ret,
                              struct cs_error *err)
{
    *ret = result->next_cursor
               ? cs_arena_printf(arena, "%zu.%s", asked->first + result->n,
                                 result->next_cursor)
               : NULL;
    return cs_arena_status(arena, err);
}

static enum cs_status join(int n_words, char **words, struct cs_strbuf *out,
                           struct cs_error *err)
{
    for (int i = 0; i < n_words; i++)
        cs_strbuf_printf(out, "%s%s", i > 0 ? " " : "", words[i]);
    return cs_strbuf_status(out, err);
}

/* What the saved search says goes where the command line says nothing. */
static enum cs_status merge(const struct cs_app *app,
                            const struct cs_saved_search *saved,
                            const char *more, const struct cs_search_args *args,
                            struct cs_arena *arena, struct cs_search_asked *ret,
                            struct cs_error *err)
{
    cs_search_filters_merge(&ret->filters, &saved->filters, arena);
    more += strspn(more, " ");
    if (*more && saved->query[0] && saved->mode != CS_SEARCH_QUERY) {
        (void)cs_error_set(err, CS_ERR_USAGE,
                           "@%s is a pattern or literal; no words can follow",
                           saved->name);
        cs_error_hint(err, "search for it alone, with filters as options");
        return CS_ERR_USAGE;
    }
    if (ret->request.mode == CS_SEARCH_QUERY)
        ret->request.mode = saved->mode;
    ret->name = cs_arena_strdup(arena, saved->name);
    ret->request.text = !*more            ? cs_arena_strdup(arena, saved->query)
                        : saved->query[0] ? cs_arena_printf(arena, "(%s) %s",
                                                            saved->query, more)
                                          : cs_arena_strdup(arena, more);
    enum cs_status status = CS_OK;
    if (!args->since)
        status = read_since(app, saved->since, &ret->request.since_ms, err);
    if (!status && !args->sort)
        status = read_sort(saved->sort, &ret->request.sort, err);
    return status ? status : cs_arena_status(arena, err);
}

static enum cs_status no_such_search(const struct cs_saved *saved,
                                     const char *name, struct cs_error *err)
{
    struct cs_saved_search search;
    const char *names[64];
    size_t n = 0;
    for (; n < cs_saved_count(saved) && n < CS_ARRAY_LEN(names); n++) {
        cs_saved_at(saved, n, &search);
        names[n] = search.name;
    }
    const char *near = cs_suggest_nearest(name, names, n);
    (void)cs_error_set(err, CS_ERR_USAGE, "there is no saved search \"%.80s\"",
                       name);
    if (near)
        cs_error_hint(err, "did you mean @%s?", near);
    else
        cs_error_hint(err, "cs search --saved lists them");
    return CS_ERR_USAGE;
}

/* "@name more": a name that was never saved is text like any other. */
static enum cs_status expand(const struct cs_app *app, const char *text,
                             const struct cs_search_args *args,
                             struct cs_arena *arena,
                             struct cs_search_asked *ret, struct cs_error *err)
{
    struct cs_saved *saved CS_CLEANUP(cs_saved_cleanup) = NULL;
    struct cs_saved_search search;
    size_t len = strcspn(text, " ");
    const char *name = cs_arena_strndup(arena, text + 1, len - 1);
    if (!name)
        return cs_arena_status(arena, err);
    enum cs_status status = cs_saved_open(false, &saved, err);
    if (status)
        return status;
    if (cs_saved_find(saved, name, &search))
        return merge(app, &search, text + len, args, arena, ret, err);
    return args->since_last ? no_such_search(saved, name, err) : CS_OK;
}

static bool has_filter(const struct cs_search_args *args)
{
    return args->since || !cs_search_filters_empty(&args->filters);
}

bool cs_search_is_nothing(const struct cs_search_args *args, int n_words)
{
    return n_words == 0 && !args->interactive && !has_filter(args);
}

static enum cs_status refuse_nothing(struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_USAGE, "search: something is missing");
    cs_error_hint(err, "write: cs search QUERY, or a filter such as --space");
    return CS_ERR_USAGE;
}

enum cs_status cs_search_ask(const struct cs_app *app,
                             const struct cs_search_args *args, int n_words,
                             char **words, struct cs_arena *arena,
                             struct cs_search_asked *ret, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    *ret = (struct cs_search_asked){
        .request = {.limit = args->limit,
                    .strict = args->strict,
                    .explain = args->output.explain,
                    .no_collapse = args->no_collapse},
        .filters = args->filters,
    };
    if (cs_search_is_nothing(args, n_words))
        return refuse_nothing(err);
    enum cs_status status = join(n_words, words, &text, err);
    if (!status)
        status = read_since(app, args->since, &ret->request.since_ms, err);
    if (!status)
        status = read_sort(args->sort, &ret->request.sort, err);
    if (!status)
        status = read_mode(args, &ret->request.mode, err);
    if (!status)
        status = read_cursor(args->cursor, ret, err);
    if (!status && text.data[0] == '@')
        status = expand(app, text.data, args, arena, ret, err);
    if (!status && args->since_last && !ret->name) {
        (void)cs_error_set(err, CS_ERR_USAGE,
                           "--since-last is for a saved search");
        cs_error_hint(err, "write: cs search @NAME --since-last");
        status = CS_ERR_USAGE;
    }
    if (!ret->request.text)
        ret->request.text = cs_arena_strdup(arena, text.data);
    cs_search_filters_ask(&ret->filters, &ret->request);
    return status ? status : cs_arena_status(arena, err);
}

enum cs_status cs_search_to_save(const struct cs_search_args *args, int n_words,
                                 char **words, struct cs_arena *arena,
                                 struct cs_saved_search *ret,
                                 struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_search_sort sort;
    if (n_words == 0 && !has_filter(args))
        return refuse_nothing(err);
    enum cs_status status = join(n_words, words, &text, err);
    if (!status)
        status = read_sort(args->sort, &sort, err);
    *ret = (struct cs_saved_search){
        .name = args->save,
        .query = cs_arena_strdup(arena, text.data),
        .sort = args->sort,
        .since = args->since,
        .filters = args->filters,
    };
    if (!status)
        status = read_mode(args, &ret->mode, err);
    return status ? status : cs_arena_status(arena, err);
}
