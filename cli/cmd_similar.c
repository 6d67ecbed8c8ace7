/*
 * cmd_similar.c - pages that are like one, shown as a search shows its hits.
 */
#include "cli/commands.h"

#include "cli/search_filters.h"
#include "cli/search_format.h"
#include "cli/state.h"

struct similar_args {
    struct cs_search_output output;
    int64_t limit;
    struct cs_search_filters filters;
};

static enum cs_status show(struct cs_app *app, const struct similar_args *args,
                           const struct cs_search_printer *printer,
                           const struct cs_format *format, int64_t document,
                           struct cs_error *err)
{
    struct cs_search_result *result CS_CLEANUP(cs_search_result_cleanup) = NULL;
    struct cs_search_request request = {
        .limit = args->limit,
        .snippets = printer->needs_snippets,
        .explain = args->output.explain,
    };
    cs_search_filters_ask(&args->filters, &request);
    enum cs_status status =
        cs_search_similar(app->index, document, &request, &result, err);
    if (status)
        return status;
    const struct cs_search_view view = {
        .app = app,
        .verb = "similar",
        .output = &args->output,
        .format = format,
        .request = &request,
        .result = result,
        .first = 1,
    };
    status = cs_search_print(printer, &view, err);
    if (app->out_terminal.tty && result->n > 0)
        cs_state_keep_hits(app, result, 1);
    return status;
}

static enum cs_status run(struct cs_app *app, const void *args,
                          CS_UNUSED int n_words, char **words,
                          struct cs_error *err)
{
    const struct similar_args *options = args;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)16 << 20);
    const struct cs_search_printer *printer = NULL;
    const struct cs_format *format = NULL;
    struct cs_reader_document document;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        cs_search_printer_find(app, &options->output, &printer, err);
    if (!status && options->output.format)
        status = cs_format_parse(arena, options->output.format, &format, err);
    if (!status)
        status = cs_state_find(app, arena, words[0], &document, err);
    if (status)
        return status;
    return show(app, options, printer, format, document.document, err);
}

#define ARG(member) offsetof(struct similar_args, member)

static const struct cs_option options[] = {
    CS_SEARCH_FIRST_ROWS(struct similar_args),
    {0, "type", CS_OPTION_WORDS, ARG(filters.types), "TYPE,...",
     "page or blogpost", 0, 0},
    {0, "source", CS_OPTION_WORDS, ARG(filters.sources), "NAME,...",
     "of these sources", 0, 0},
    CS_SEARCH_OUTPUT_ROWS(struct similar_args, output),
    {0},
};

const struct cs_verb cs_cmd_similar = {
    .name = "similar",
    .summary = "Find documents that are like one",
    .synopsis = "[OPTION...] N | ID",
    .example = "cs similar confluence:65601",
    .about = "By its most telling words. N is the number of a hit of the last\n"
             "search on a terminal, ID is as for cs get.",
    .needs = CS_NEED_INDEX,
    .options = options,
    .args_size = sizeof(struct similar_args),
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
