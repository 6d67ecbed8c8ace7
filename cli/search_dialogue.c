/*
 * search_dialogue.c - the picker where there is no fzf: a list, and a question.
 */
#include "cli/search_pick.h"

#include "cli/open.h"
#include "cli/state.h"
#include "src/text.h"

#include <stdlib.h>

struct dialogue {
    struct cs_app *app;
    struct cs_search_request request;
    struct cs_search_result *result;
};

static enum cs_status show(struct dialogue *dialogue, const char *text,
                           struct cs_error *err)
{
    struct cs_app *app = dialogue->app;
    const struct cs_search_output output = {.ok_empty = true};
    cs_search_result_free(dialogue->result);
    dialogue->result = NULL;
    dialogue->request.text = text;
    dialogue->request.snippets = true;
    enum cs_status status =
        cs_search_run(app->index, &dialogue->request, &dialogue->result, err);
    if (status)
        return status;
    const struct cs_search_view view = {.app = app,
                                        .verb = "search",
                                        .output = &output,
                                        .request = &dialogue->request,
                                        .result = dialogue->result,
                                        .first = 1};
    cs_search_tell(&view);
    status = cs_search_print_people(&view, err);
    if (dialogue->result->n == 0)
        (void)fprintf(app->err, "nothing found\n");
    cs_state_keep_hits(app, dialogue->result, 1);
    return status;
}

/* "3", "u 3", "e 3": open that hit, print its address, edit its file. False
 * when the line says nothing of the kind. */
static bool read_choice(const char *line, size_t n, size_t *ret_hit,
                        enum cs_open_how *ret_how)
{
    static const struct {
        const char *word;
        enum cs_open_how how;
    } words[] = {{"u ", CS_OPEN_PRINT}, {"e ", CS_OPEN_EDITOR}};
    char *end;
    *ret_how = CS_OPEN_BROWSER;
    for (size_t i = 0; i < CS_ARRAY_LEN(words); i++) {
        if (!cs_str_starts(line, words[i].word))
            continue;
        line += strlen(words[i].word);
        *ret_how = words[i].how;
        break;
    }
    if (!cs_ascii_is_digit(*line))
        return false;
    *ret_hit = strtoul(line, &end, 10);
    return *end == '\0' && *ret_hit >= 1 && *ret_hit <= n;
}

static enum cs_status open_hit(const struct dialogue *dialogue, size_t hit,
                               enum cs_open_how how, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_reader_document document;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = cs_reader_load(
        dialogue->app->index, arena, dialogue->result->hits[hit - 1].document,
        &document, err);
    return status ? status
                  : cs_open_document(dialogue->app, &document, how, err);
}

/* A wrong word or a browser that is not there is told, and does not end it. */
static enum cs_status answer(struct dialogue *dialogue, const char *line,
                             struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_open_how how;
    size_t hit = 0, n = dialogue->result ? dialogue->result->n : 0;
    enum cs_status status = read_choice(line, n, &hit, &how)
                                ? open_hit(dialogue, hit, how, &why)
                                : show(dialogue, line, &why);
    if (status == CS_OK)
        return CS_OK;
    if (status != CS_ERR_USAGE && status != CS_ERR_CONFIG &&
        status != CS_ERR_NOT_FOUND)
        return cs_error_pass(err, status, &why);
    cs_log_write(dialogue->app->log, CS_LOG_ERROR, "%s", why.message);
    return CS_OK;
}

enum cs_status cs_search_dialogue(struct cs_app *app,
                                  const struct cs_search_asked *asked,
                                  FILE *input, struct cs_error *err)
{
    struct dialogue dialogue = {.app = app, .request = asked->request};
    enum cs_status status = CS_OK;
    char *line = NULL;
    size_t size = 0;
    if (asked->request.text[0] != '\0')
        status = answer(&dialogue, asked->request.text, err);
    while (!status && !*app->cancel) {
        (void)fprintf(app->err, "%s",
                      dialogue.result ? "number opens, u NUMBER prints the "
                                        "URL, words search, nothing ends: "
                                      : "search: ");
        (void)fflush(app->err);
        ssize_t n = getline(&line, &size, input);
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == ' '))
            line[--n] = '\0';
        if (n <= 0)
            break;
        status = answer(&dialogue, line, err);
    }
    free(line);
    cs_search_result_free(dialogue.result);
    return status;
}
