/*
 * dress.c - what is told of the few hits that are shown.
 */
#include "index/search/search_parts.h"

#include "index/reader.h"
#include "src/path.h"

#include <ctype.h>

enum { TRAIL_MAX = 32, PATTERN_SPOTS = 1 };

struct dresser {
    struct cs_search *run;
    struct cs_matcher *matcher; /* NULL: no words */
    struct cs_arena *scratch;
    struct cs_reader_document row; /* of the hit that is being dressed */
};

/* The document above one; `*ret_more`: there is another above that. */
static enum cs_status step_up(struct cs_search *run, int64_t *document,
                              const char **ret_title, bool *ret_more,
                              struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(run->db, &query, err,
                    "SELECT p.id, p.title, p.parent IS NOT NULL"
                    " FROM document d JOIN document p"
                    "  ON p.source = d.source AND p.vendor_id = d.parent"
                    " WHERE d.id = ?",
                    "i", *document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    *ret_title = NULL;
    *ret_more = false;
    if (status || !row)
        return status;
    *document = cs_query_int(&query, 0);
    *ret_title = cs_arena_strdup(run->arena, cs_query_text(&query, 1));
    *ret_more = cs_query_int(&query, 2) != 0;
    return cs_arena_status(run->arena, err);
}

static enum cs_status load_trail(struct cs_search *run,
                                 struct cs_search_hit *hit, bool more,
                                 struct cs_error *err)
{
    const char *titles[TRAIL_MAX];
    int64_t document = hit->document;
    size_t n = 0;
    while (more && n < TRAIL_MAX) {
        enum cs_status status = step_up(run, &document, &titles[n], &more, err);
        if (status)
            return status;
        n += titles[n] != NULL;
    }
    if (n == 0)
        return CS_OK;
    const char **trail = cs_arena_array(run->arena, n, sizeof(*trail));
    if (!trail)
        return cs_arena_status(run->arena, err);
    for (size_t i = 0; i < n; i++)
        trail[i] = titles[n - 1 - i];
    hit->trail = trail;
    hit->n_trail = n;
    return CS_OK;
}

/* As in the result: from the root where it lies below it. */
static const char *shorten(const struct cs_search *run, const char *path)
{
    const char *root = cs_index_root(run->index);
    size_t len = root ? strlen(root) : 0;
    if (!path || len == 0 || strncmp(path, root, len) != 0 || path[len] != '/')
        return path;
    return path + len + 1;
}

static enum cs_status load_row(struct dresser *dresser,
                               struct cs_search_hit *hit, struct cs_error *err)
{
    struct cs_search *run = dresser->run;
    struct cs_reader_document row;
    enum cs_status status =
        cs_reader_load(run->index, run->arena, hit->document, &row, err);
    if (status == CS_ERR_NOT_FOUND)
        status = cs_error_set(err, CS_ERR_CORRUPT, "the index lacks row %lld",
                              (long long)hit->document);
    if (status)
        return status;
    dresser->row = row;
    hit->id = row.id;
    hit->source = row.source;
    hit->kind = row.kind;
    hit->status = row.status;
    hit->title = row.title;
    hit->path = shorten(run, row.path);
    hit->url = row.url;
    hit->space = row.space;
    hit->space_name = row.space_name;
    hit->author = row.author;
    hit->editor = row.editor;
    hit->labels = row.labels;
    hit->n_labels = row.n_labels;
    hit->created = row.created;
    hit->updated = row.updated;
    hit->version = row.version;
    return load_trail(run, hit, row.parent != NULL, err);
}

/* ---- snippets ---- */

static enum cs_status make_matcher(struct dresser *dresser,
                                   struct cs_error *err)
{
    struct cs_search *run = dresser->run;
    const struct cs_plan *plan = run->plan;
    struct cs_matcher_term terms[CS_PLAN_GROUPS_MAX];
    size_t n = 0;
    for (size_t g = 0; g < plan->n_groups; g++) {
        const struct cs_term_group *group = &plan->groups[g];
        if (plan->unscored >> g & 1 || group->n_phrases == 0)
            continue;
        struct cs_matcher_pattern *patterns =
            cs_arena_array(run->arena, group->n_phrases, sizeof(*patterns));
        if (!patterns)
            return cs_arena_status(run->arena, err);
        for (size_t p = 0; p < group->n_phrases; p++)
            patterns[p].tokens = group->phrases[p].text;
        terms[n++] = (struct cs_matcher_term){
            .patterns = patterns,
            .n = group->n_phrases,
            .idf =
                run->gather.idf[g] > 0.01F ? (double)run->gather.idf[g] : 0.01,
            .fields = group->fields == CS_TERMS_FIELDS_ALL ? 0 : group->fields,
        };
    }
    if (n == 0)
        return CS_OK;
    return cs_matcher_new(run->arena, terms, n, &dresser->matcher, err);
}

static enum cs_status read_source(struct dresser *dresser,
                                  struct cs_strbuf *text,
                                  struct cs_snippet_source *source,
                                  struct cs_error *err)
{
    struct cs_index *index = dresser->run->index;
    size_t comments = 0;
    enum cs_status status =
        cs_reader_texts(index, dresser->row.document, text, &comments, err);
    if (status == CS_ERR_NOT_FOUND)
        status = CS_OK;
    if (!status)
        status = cs_reader_head_lines(index, &dresser->row, &source->head_lines,
                                      err);
    source->markdown = text->data;
    source->len = text->len;
    source->comments = comments;
    return status ? status : cs_strbuf_status(text, err);
}

static enum cs_status snippets_of_pattern(
    struct dresser *dresser, const struct cs_snippet_source *source,
    struct cs_search_hit *hit, struct cs_error *err)
{
    struct cs_search *run = dresser->run;
    const double weights[PATTERN_SPOTS] = {1};
    const struct cs_found *found = NULL;
    size_t n = 0;
    struct cs_regex *regex = run->regexes[0];
    struct cs_regex_scratch *scratch CS_CLEANUP(cs_regex_scratch_cleanup) =
        cs_regex_scratch_new(regex);
    if (!scratch)
        return cs_error_no_memory(err);
    enum cs_status status =
        cs_regex_find_all(regex, scratch, dresser->scratch, source->markdown,
                          source->len, &found, &n, err);
    if (status)
        return status;
    return cs_snippets_of(run->arena, found, n, weights, PATTERN_SPOTS, source,
                          CS_SEARCH_SNIPPETS, hit->snippets, &hit->n_snippets,
                          err);
}

/* Cloud's anchors are headings with '-' for blanks; Data Center's have no
 * blanks, and the title in front. */
static enum cs_status put_anchor(struct cs_search *run,
                                 struct cs_search_hit *hit,
                                 struct cs_error *err)
{
    struct cs_strbuf url CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const char *heading = hit->n_snippets > 0 ? hit->snippets[0].heading : NULL;
    if (!hit->url || !heading || !heading[0])
        return CS_OK;
    bool cloud = strstr(hit->url, "/wiki/") != NULL;
    const char *parts[] = {cloud ? "" : hit->title, cloud ? "" : "-", heading};
    cs_strbuf_printf(&url, "%s#", hit->url);
    for (size_t i = 0; i < CS_ARRAY_LEN(parts); i++)
        for (const char *c = parts[i]; *c; c++) {
            if (*c == ' ')
                cs_strbuf_puts(&url, cloud ? "-" : "");
            else if (isalnum((unsigned char)*c) || strchr("-._~", *c))
                cs_strbuf_putc(&url, *c);
            else
                cs_strbuf_printf(&url, "%%%02X", (unsigned)(unsigned char)*c);
        }
    hit->anchor_url = cs_arena_strdup(run->arena, url.data);
    return cs_strbuf_status(&url, err);
}

static enum cs_status make_snippets(struct dresser *dresser,
                                    struct cs_search_hit *hit,
                                    struct cs_error *err)
{
    struct cs_search *run = dresser->run;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_snippet_source source = {0};
    cs_arena_clear(dresser->scratch);
    enum cs_status status = read_source(dresser, &text, &source, err);
    if (status)
        return status;
    if (!dresser->matcher && run->plan->n_patterns)
        status = snippets_of_pattern(dresser, &source, hit, err);
    else
        status = cs_snippets_make(run->arena, dresser->matcher, &source,
                                  CS_SEARCH_SNIPPETS, hit->snippets,
                                  &hit->n_snippets, err);
    return status ? status : put_anchor(run, hit, err);
}

enum cs_status cs_search_dress(struct cs_search *run, struct cs_error *err)
{
    struct cs_arena *scratch CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct dresser dresser = {.run = run, .scratch = scratch};
    enum cs_status status = scratch ? CS_OK : cs_error_no_memory(err);
    if (!status && run->request->snippets && run->n)
        status = make_matcher(&dresser, err);
    for (size_t i = 0; i < run->n && !status; i++) {
        status = load_row(&dresser, &run->hits[i], err);
        if (!status && run->request->snippets)
            status = make_snippets(&dresser, &run->hits[i], err);
    }
    return status;
}
