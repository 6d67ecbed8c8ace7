/*
 * complete.c - kinds of values in a table: fixed words, names that the program
 * knows, or rows of the index.
 */
#include "cli/complete.h"

#include "cli/saved.h"
#include "cli/task.h"
#include "index/search/expr.h"
#include "src/text.h"

/* One question: where answers go, and what they must begin with. */
struct ask {
    struct cs_app *app;
    const char *before; /* put in front of every answer, `n_before` bytes */
    size_t n_before;
    const char *prefix;
    struct cs_strbuf *out;
};

static void offer(const struct ask *ask, const char *word)
{
    if (!word || !cs_str_starts(word, ask->prefix))
        return;
    cs_strbuf_put(ask->out, ask->before, ask->n_before);
    cs_text_put_safe(ask->out, word, strlen(word), false);
    cs_strbuf_putc(ask->out, '\n');
}

/* The first column of a query whose one parameter is the prefix. */
static enum cs_status offer_rows(const struct ask *ask, const char *sql,
                                 struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status = cs_db_query(cs_index_db(ask->app->index), &query,
                                        err, sql, "s", ask->prefix);
    while (!status) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        offer(ask, cs_query_text(&query, 0));
    }
    return status;
}

static enum cs_status offer_saved(const struct ask *ask, struct cs_error *err)
{
    struct cs_saved *saved CS_CLEANUP(cs_saved_cleanup) = NULL;
    struct cs_saved_search search;
    enum cs_status status = cs_saved_open(false, &saved, err);
    for (size_t i = 0; !status && i < cs_saved_count(saved); i++) {
        cs_saved_at(saved, i, &search);
        offer(ask, search.name);
    }
    return status;
}

static enum cs_status offer_tasks(const struct ask *ask,
                                  CS_UNUSED struct cs_error *err)
{
    offer(ask, "check");
    for (size_t i = 0; cs_task_at(i); i++)
        offer(ask, cs_task_at(i)->name);
    for (size_t i = 0; cs_check_name(i); i++)
        offer(ask, cs_check_name(i));
    return CS_OK;
}

static enum cs_status offer_topics(const struct ask *ask,
                                   CS_UNUSED struct cs_error *err)
{
    for (size_t i = 0; cs_verbs[i]; i++)
        if (!cs_verbs[i]->hidden)
            offer(ask, cs_verbs[i]->name);
    offer(ask, "keys");
    offer(ask, "exit-codes");
    return CS_OK;
}

/* What cs config does, and the keys that it does it to. */
static enum cs_status offer_config(const struct ask *ask,
                                   CS_UNUSED struct cs_error *err)
{
    static const char *const words[] = {"list",  "get",  "set",
                                        "unset", "path", "edit"};
    struct cs_config_key key;
    char name[80];
    for (size_t i = 0; i < CS_ARRAY_LEN(words); i++)
        offer(ask, words[i]);
    for (size_t i = 0; cs_config_key_at(i, &key); i++) {
        if (key.at_top)
            offer(ask, key.name);
        (void)snprintf(name, sizeof(name), CS_DEFAULT_SOURCE ".%s", key.name);
        if (key.in_source)
            offer(ask, name);
    }
    return CS_OK;
}

static enum cs_status offer_sorts(const struct ask *ask,
                                  CS_UNUSED struct cs_error *err)
{
    for (int i = 0; i < CS_SEARCH_SORTS; i++)
        offer(ask, cs_search_sort_name((enum cs_search_sort)i));
    return CS_OK;
}

static enum cs_status offer_colors(const struct ask *ask,
                                   CS_UNUSED struct cs_error *err)
{
    for (int i = 0; i < CS_COLORS; i++)
        offer(ask, cs_color_name((enum cs_color)i));
    return CS_OK;
}

/* Labels are many rows and few names: from name to name through the index. */
static const char labels_sql[] =
    "WITH RECURSIVE found(name) AS ("
    "  SELECT min(name) FROM label WHERE name >= ?1"
    "  UNION ALL SELECT (SELECT min(l.name) FROM label l"
    "   WHERE l.name > found.name) FROM found"
    "   WHERE substr(found.name, 1, length(?1)) = ?1)"
    " SELECT name FROM found WHERE name IS NOT NULL LIMIT 500";
static const char authors_sql[] =
    "SELECT DISTINCT name FROM person"
    " WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT 500";
static const char spaces_sql[] =
    "SELECT DISTINCT key FROM container"
    " WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key LIMIT 500";
static const char sources_sql[] =
    "SELECT name FROM source WHERE substr(name, 1, length(?1)) = ?1"
    " ORDER BY name";

static const struct kind {
    const char *name;
    bool list;         /* values may be joined by commas */
    const char *words; /* fixed ones, apart by blanks */
    const char *sql;
    enum cs_status (*offer)(const struct ask *ask, struct cs_error *err);
} kinds[] = {
    {"spaces", true, NULL, spaces_sql, NULL},
    {"labels", true, NULL, labels_sql, NULL},
    {"authors", false, NULL, authors_sql, NULL},
    {"sources", true, NULL, sources_sql, NULL},
    {"types", true, "page blogpost", NULL, NULL},
    {"facets", true, "all space type author label year status", NULL, NULL},
    {"sorts", false, NULL, NULL, offer_sorts},
    {"colors", false, NULL, NULL, offer_colors},
    {"saved", false, NULL, NULL, offer_saved},
    {"tasks", false, NULL, NULL, offer_tasks},
    {"topics", false, NULL, NULL, offer_topics},
    {"settings", false, NULL, NULL, offer_config},
    {"shells", false, "bash zsh fish", NULL, NULL},
    {"formats", false, "storage", NULL, NULL},
    {"timers", false, "enable disable status start logs", NULL, NULL},
    {"intervals", false, "hourly 15min 30min 2h daily weekly", NULL, NULL},
};

/* Fields of a query whose values are known, "space:OPS". */
static const struct {
    const char *field, *kind;
} query_fields[] = {
    {"space:", "spaces"}, {"label:", "labels"},   {"author:", "authors"},
    {"type:", "types"},   {"source:", "sources"}, {"@", "saved"},
};

static const struct {
    const char *option, *kind;
} option_kinds[] = {
    {"space", "spaces"},
    {"spaces", "spaces"},
    {"label", "labels"},
    {"author", "authors"},
    {"source", "sources"},
    {"type", "types"},
    {"facets", "facets"},
    {"sort", "sorts"},
    {"color", "colors"},
    {"forget", "saved"},
    {"from", "formats"},
    {"interval", "intervals"},
    {"config", CS_COMPLETE_FILES},
    {"import", CS_COMPLETE_FILES},
    {"token-file", CS_COMPLETE_FILES},
    {"cacert", CS_COMPLETE_FILES},
    {"root", CS_COMPLETE_FOLDERS},
};

static const struct {
    const char *verb, *kind;
} verb_kinds[] = {
    {"search", "query"},
    {"sync", "sources"},
    {"maintenance", "tasks"},
    {"scheduler", "timers"},
    {"config", "settings"},
    {"help", "topics"},
    {"completion", "shells"},
    {"convert", CS_COMPLETE_FILES},
    {"get", CS_COMPLETE_FILES},
    {"open", CS_COMPLETE_FILES},
    {"similar", CS_COMPLETE_FILES},
    {"why", CS_COMPLETE_FILES},
};

const char *cs_complete_option(const char *option)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(option_kinds); i++)
        if (cs_str_equal(option_kinds[i].option, option))
            return option_kinds[i].kind;
    return NULL;
}

const char *cs_complete_words(const char *verb)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(verb_kinds); i++)
        if (cs_str_equal(verb_kinds[i].verb, verb))
            return verb_kinds[i].kind;
    return NULL;
}

static const struct kind *find(const char *name)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds); i++)
        if (cs_str_equal(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}

bool cs_complete_needs_index(const char *kind, const char *word)
{
    const struct kind *row = find(kind);
    return (row && row->sql) ||
           (cs_str_equal(kind, "query") && strchr(word, ':'));
}

static void offer_words(const struct ask *ask, const char *words)
{
    char word[40];
    for (; *words; words += strspn(words, " ")) {
        size_t len = strcspn(words, " ");
        (void)snprintf(word, sizeof(word), "%.*s", (int)len, words);
        offer(ask, word);
        words += len;
    }
}

static enum cs_status put(struct cs_app *app, const struct kind *kind,
                          const char *word, size_t at, struct cs_strbuf *out,
                          struct cs_error *err)
{
    const char *comma = kind->list ? strrchr(word + at, ',') : NULL;
    size_t n = comma ? (size_t)(comma + 1 - word) : at;
    const struct ask ask = {app, word, n, word + n, out};
    if (kind->words)
        offer_words(&ask, kind->words);
    enum cs_status status = CS_OK;
    if (kind->sql)
        status = offer_rows(&ask, kind->sql, err);
    else if (kind->offer)
        status = kind->offer(&ask, err);
    return status ? status : cs_strbuf_status(out, err);
}

/* A word of a query: a field and its values, a saved search, or a field's
 * beginning. */
static enum cs_status put_query(struct cs_app *app, const char *word,
                                struct cs_strbuf *out, struct cs_error *err)
{
    const struct ask fields = {app, word, 0, word, out};
    for (size_t i = 0; i < CS_ARRAY_LEN(query_fields); i++) {
        const char *field = query_fields[i].field;
        if (cs_str_starts(word, field))
            return put(app, find(query_fields[i].kind), word, strlen(field),
                       out, err);
    }
    const char *name;
    for (size_t i = 0; *word && (name = cs_expr_field(i)) != NULL; i++) {
        char field[40];
        (void)snprintf(field, sizeof(field), "%s:", name);
        offer(&fields, field);
    }
    return cs_strbuf_status(out, err);
}

enum cs_status cs_complete_put(struct cs_app *app, const char *kind,
                               const char *word, struct cs_strbuf *out,
                               struct cs_error *err)
{
    const struct kind *row = find(kind);
    if (row)
        return put(app, row, word, 0, out, err);
    return cs_str_equal(kind, "query") ? put_query(app, word, out, err) : CS_OK;
}
