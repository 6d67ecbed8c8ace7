/*
 * cmd_search.c - find documents.
 *
 * Options and words become a request (search_request.h), the engine answers
 * it (index/search/search.h), a printer shows the answer (search_print.h).
 */
#include "cli/commands.h"

#include "cli/age.h"
#include "cli/search_format.h"
#include "cli/search_pick.h"
#include "cli/search_saved.h"
#include "cli/state.h"
#include "src/text.h"

static unsigned needs_of(const void *args, int n_words, CS_UNUSED char **words)
{
    const struct cs_search_args *options = args;
    bool user = options->save || options->forget || options->saved;
    return user || cs_search_is_nothing(options, n_words) ? CS_NEED_NOTHING
                                                          : CS_NEED_INDEX;
}

/* How much of an answer is wanted, for this printer. */
static void fit_request(const struct cs_search_args *args,
                        const struct cs_search_printer *printer,
                        struct cs_search_request *request)
{
    request->snippets = printer->needs_snippets;
    request->facets = printer->needs_facets || args->output.facets.n > 0;
    if (printer->only_sums)
        request->limit = 1;
    else if (args->since_last && request->limit == 0)
        request->limit = CS_SEARCH_LIMIT_MAX;
}

/* Since last time: an index that was built anew counts from the start. */
static enum cs_status search_since(struct cs_app *app,
                                   struct cs_search_asked *asked,
                                   struct cs_search_result **ret,
                                   struct cs_error *err)
{
    struct cs_search_request *request = &asked->request;
    enum cs_status status =
        cs_search_read_mark(app, asked->name, &request->after_generation, err);
    if (!status)
        status = cs_search_run(app->index, request, ret, err);
    if (status || (*ret)->generation >= request->after_generation)
        return status;
    cs_log_write(app->log, CS_LOG_WARNING,
                 "the index was built anew: everything counts as new");
    cs_search_result_free(*ret);
    *ret = NULL;
    request->after_generation = 0;
    return cs_search_run(app->index, request, ret, err);
}

/* The mark moves only when all has been shown. */
static enum cs_status move_mark(struct cs_app *app,
                                const struct cs_search_asked *asked,
                                const struct cs_search_result *result,
                                struct cs_error *err)
{
    if (!result->next_cursor && !result->partial && !result->index_changed)
        return cs_search_write_mark(app, asked->name, result->generation, err);
    cs_log_write(app->log, CS_LOG_WARNING,
                 "this was not all that is new: the next --since-last begins "
                 "where this one did");
    return CS_OK;
}

static enum cs_status search(struct cs_app *app,
                             const struct cs_search_args *args,
                             struct cs_search_asked *asked,
                             const struct cs_search_printer *printer,
                             const struct cs_format *format,
                             struct cs_arena *arena, struct cs_error *err)
{
    struct cs_search_result *result CS_CLEANUP(cs_search_result_cleanup) = NULL;
    enum cs_status status =
        args->since_last
            ? search_since(app, asked, &result, err)
            : cs_search_run(app->index, &asked->request, &result, err);
    const char *next = NULL;
    if (!status)
        status = cs_search_next(asked, result, arena, &next, err);
    if (status)
        return status;
    const struct cs_search_view view = {
        .app = app,
        .verb = "search",
        .output = &args->output,
        .format = format,
        .request = &asked->request,
        .result = result,
        .first = asked->first,
        .cursor = next,
        .stale = cs_age_is_stale(cs_clock_now(app->clock), result->synced_at,
                                 CS_STALE_AFTER_MS),
    };
    status = cs_search_print(printer, &view, err);
    if (app->out_terminal.tty && result->n > 0 && !printer->only_sums)
        cs_state_keep_hits(app, result, asked->first);
    if (args->since_last && (!status || status == CS_ERR_NOT_FOUND)) {
        struct cs_error other = CS_ERROR_INIT;
        enum cs_status moved = move_mark(app, asked, result, &other);
        if (moved) {
            *err = other;
            status = moved;
        }
    }
    return status;
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    const struct cs_search_args *options = args;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const struct cs_search_printer *printer = NULL;
    const struct cs_format *format = NULL;
    struct cs_search_asked asked;
    if (!arena)
        return cs_error_no_memory(err);
    if (options->save)
        return cs_search_save(app, options, n_words, words, err);
    if (options->forget)
        return cs_search_forget(options->forget, err);
    if (options->saved)
        return cs_search_list_saved(app, options->output.json, err);
    enum cs_status status =
        cs_search_ask(app, options, n_words, words, arena, &asked, err);
    if (!status)
        status = cs_search_printer_find(app, &options->output, &printer, err);
    if (!status && options->output.format)
        status = cs_format_parse(arena, options->output.format, &format, err);
    if (status)
        return status;
    if (options->interactive)
        return cs_search_pick(app, &asked, err);
    fit_request(options, printer, &asked.request);
    return search(app, options, &asked, printer, format, arena, err);
}

#define ARG(member) offsetof(struct cs_search_args, member)

static const struct cs_option options[] = {
    CS_SEARCH_FIRST_ROWS(struct cs_search_args),
    {0, "author", CS_OPTION_LIST, ARG(filters.authors), "NAME",
     "made by this person", 0, 0},
    {0, "since", CS_OPTION_TIME, ARG(since), "TIME",
     "changed in the last 2w, or since 2026-05-06", 0, 0},
    {'F', "literal", CS_OPTION_FLAG, ARG(literal), NULL,
     "words only: no operators, no corrections", 0, 0},
    {'e', "regex", CS_OPTION_FLAG, ARG(regex), NULL,
     "the query is a regular expression (PCRE2)", 0, 0},
    {'i', "interactive", CS_OPTION_FLAG, ARG(interactive), NULL,
     "search as you type, and open", 0, 0},
    {0, "since-last", CS_OPTION_FLAG, ARG(since_last), NULL,
     "with @NAME: what is new since last time", 0, 0},
    CS_SEARCH_OUTPUT_ROWS(struct cs_search_args, output),
    {0, "count", CS_OPTION_FLAG, ARG(output.count), NULL, NULL, 0, 0},
    {0, "facets", CS_OPTION_WORDS, ARG(output.facets), "NAME,...", NULL, 0, 0},
    {0, "type", CS_OPTION_WORDS, ARG(filters.types), "TYPE,...", NULL, 0, 0},
    {0, "source", CS_OPTION_WORDS, ARG(filters.sources), "NAME,...", NULL, 0,
     0},
    {0, "sort", CS_OPTION_TEXT, ARG(sort), "ORDER", NULL, 0, 0},
    {0, "cursor", CS_OPTION_TEXT, ARG(cursor), "C", NULL, 0, 0},
    {0, "strict", CS_OPTION_FLAG, ARG(strict), NULL, NULL, 0, 0},
    {0, "no-collapse", CS_OPTION_FLAG, ARG(no_collapse), NULL, NULL, 0, 0},
    {0, "save", CS_OPTION_TEXT, ARG(save), "NAME", NULL, 0, 0},
    {0, "saved", CS_OPTION_FLAG, ARG(saved), NULL, NULL, 0, 0},
    {0, "forget", CS_OPTION_TEXT, ARG(forget), "NAME", NULL, 0, 0},
    {0},
};

const struct cs_verb cs_cmd_search = {
    .name = "search",
    .summary = "Find documents in the mirror",
    .synopsis = "[OPTION...] QUERY...",
    .example = "cs search '\"connection pool\" exhausted -draft' --space OPS",
    .about = "\"A phrase\", prefix*, -without, a OR b, /regex/, title:word,\n"
             "space:KEY, label:NAME, updated:>2026-01, @SAVED: man cs-query.",
    .needs_of = needs_of,
    .options = options,
    .args_size = sizeof(struct cs_search_args),
    .min_words = 0,
    .max_words = -1,
    .run = run,
};
