/*
 * scenario_search.c - searches: an answer is that of an undisturbed run, or
 * there is none.
 */
#include "tests/fault/scenario.h"

#include "index/search/search.h"
#include "src/dir.h"
#include "src/file.h"

enum { ANSWERS_MAX = 1 << 20 };

static const char answers[] = "answers";

static const char *const types[] = {"page"};

/* One for each way that a search may go. */
static const struct cs_search_request requests[] = {
    {.text = "text of five", .snippets = true, .explain = true},
    {.text = "\"restart the pump\" OR text NEAR/3 four", .snippets = true},
    {.text = "runbok", .snippets = true},        /* a word that is misspelled */
    {.text = "ask the xyzzy", .snippets = true}, /* one that is not there */
    {.text = "label:ops", .facets = true, .sort = CS_SEARCH_TITLE},
    {.text = "", .types = {types, 1}, .facets = true, .limit = 2},
    {.text = "/te.t/", .snippets = true},
    {.text = "[a-z]+ of f", .mode = CS_SEARCH_REGEX, .snippets = true},
    {.text = "text of", .mode = CS_SEARCH_LITERAL, .no_collapse = true},
    {.text = "welc* OR ada -later", .sort = CS_SEARCH_UPDATED},
};

static void put_list(const char *name, const char *const *items, size_t n,
                     struct cs_strbuf *out)
{
    for (size_t i = 0; i < n; i++)
        cs_strbuf_printf(out, "  %s %s\n", name, items[i]);
}

static void put_hit(const struct cs_search_hit *hit, struct cs_strbuf *out)
{
    cs_strbuf_printf(out, "%s %s %s %s %.6f\n", hit->id, hit->title, hit->path,
                     cs_search_tier_name(hit->tier), hit->score);
    put_list("below", hit->trail, hit->n_trail, out);
    put_list("label", hit->labels, hit->n_labels, out);
    put_list("without", hit->missing, hit->n_missing, out);
    put_list("like", hit->duplicates, hit->n_duplicates, out);
    for (size_t i = 0; i < hit->n_snippets; i++)
        cs_strbuf_printf(out, "  %s, %zu marks\n", hit->snippets[i].text,
                         hit->snippets[i].n_marks);
}

static void put_result(const struct cs_search_result *result,
                       struct cs_strbuf *out)
{
    cs_strbuf_printf(out, "%s: %zu of %lld%s%s\n", result->expression,
                     result->n, (long long)result->total,
                     result->partial ? ", partial" : "",
                     result->narrowed ? ", narrowed" : "");
    put_list("warning", result->warnings, result->n_warnings, out);
    put_list("hint", result->hints, result->n_hints, out);
    for (size_t i = 0; i < result->n_corrections; i++)
        cs_strbuf_printf(out, "  %s for %s\n", result->corrections[i].to,
                         result->corrections[i].from);
    for (size_t i = 0; i < result->n_facets; i++)
        for (size_t j = 0; j < result->facets[i].n; j++)
            cs_strbuf_printf(out, "  %s %s %lld\n", result->facets[i].name,
                             result->facets[i].counts[j].value,
                             (long long)result->facets[i].counts[j].n);
    for (size_t i = 0; i < result->n; i++)
        put_hit(&result->hits[i], out);
}

/* All pages of an answer, and what is like its last hit. */
static enum cs_status put_answer(struct cs_index *index,
                                 struct cs_search_request request,
                                 struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_search_result *page CS_CLEANUP(cs_search_result_cleanup) = NULL;
    struct cs_search_result *more CS_CLEANUP(cs_search_result_cleanup) = NULL;
    enum cs_status status = cs_search_run(index, &request, &page, err);
    if (status)
        return status;
    put_result(page, out);
    request.cursor = page->next_cursor;
    if (request.cursor)
        status = cs_search_run(index, &request, &more, err);
    else if (page->n > 0)
        status = cs_search_similar(index, page->hits[page->n - 1].document,
                                   &request, &more, err);
    if (!status && more)
        put_result(more, out);
    return status;
}

static enum cs_status put_answers(struct sandbox *box, struct cs_strbuf *out,
                                  struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_READ};
    enum cs_status status = cs_index_open(&options, &index, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(requests) && !status; i++)
        status = put_answer(index, requests[i], out, err);
    return status ? status : cs_strbuf_status(out, err);
}

/* A mirror, and beside it what is found there. */
enum cs_status fault_prepare_search(struct sandbox *box, struct cs_error *err)
{
    struct cs_strbuf have CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(ANSWERS_MAX);
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    enum cs_status status = fault_sync_before(box, err);
    if (!status)
        status = put_answers(box, &have, err);
    if (!status)
        status = cs_dir_open(box->root, &dir, err);
    return status ? status
                  : cs_dir_write(dir, answers, have.data, have.len, err);
}

enum cs_status fault_search(struct sandbox *box, struct cs_error *err)
{
    struct cs_strbuf have CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(ANSWERS_MAX);
    struct cs_strbuf want CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(ANSWERS_MAX);
    char path[sizeof(box->root) + sizeof(answers) + 1];
    (void)snprintf(path, sizeof(path), "%s/%s", box->root, answers);
    enum cs_status status = put_answers(box, &have, err);
    if (!status)
        status = cs_file_read(path, &want, err);
    if (!status && strcmp(have.data, want.data) != 0)
        status = cs_error_set(err, CS_ERR_INTERNAL, "another answer");
    return status;
}
