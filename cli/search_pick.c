/*
 * search_pick.c - fzf, told to ask this program for every list and preview.
 */
#include "cli/search_pick.h"

#include "cli/open.h"
#include "src/command.h"
#include "src/path.h"
#include "src/text.h"

#include <stdlib.h>
#include <unistd.h>

enum { PICK_HITS = 50 };

/* Append a word for sh. */
static void put_quoted(struct cs_strbuf *out, const char *text)
{
    cs_strbuf_putc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            cs_strbuf_puts(out, "'\\''");
        else
            cs_strbuf_putc(out, *text);
    }
    cs_strbuf_putc(out, '\'');
}

static void put_option(struct cs_strbuf *out, const char *name,
                       const char *value)
{
    if (!value)
        return;
    cs_strbuf_printf(out, " --%s ", name);
    put_quoted(out, value);
}

/* This program, with the options that every command takes. */
static void put_self(const struct cs_app *app, const char *self,
                     const char *verb, struct cs_strbuf *out)
{
    put_quoted(out, self);
    put_option(out, "config", app->globals.config);
    put_option(out, "root", app->globals.root);
    cs_strbuf_printf(out, " --quiet %s", verb);
}

/* The search that makes a list; `query` is put in as it is. */
static void put_search(const struct cs_app *app,
                       const struct cs_search_asked *asked, const char *self,
                       const char *query, struct cs_strbuf *out)
{
    const struct cs_search_request *request = &asked->request;
    char since[CS_TIME_TEXT_SIZE];
    put_self(app, self, "search", out);
    const struct cs_search_filter *row = cs_search_filter_rows;
    for (; row->option; row++) {
        const struct cs_option_list *list =
            cs_search_filter_items(&asked->filters, row);
        for (size_t i = 0; i < list->n; i++)
            put_option(out, row->option, list->items[i]);
    }
    if (request->since_ms != 0) {
        cs_time_format(request->since_ms, since);
        put_option(out, "since", since);
    }
    if (request->sort != CS_SEARCH_RELEVANCE)
        put_option(out, "sort", cs_search_sort_name(request->sort));
    cs_strbuf_puts(out, request->mode == CS_SEARCH_LITERAL ? " -F"
                        : request->mode == CS_SEARCH_REGEX ? " -e"
                                                           : "");
    cs_strbuf_printf(out, " --ok-empty -0 -n %d --format ", PICK_HITS);
    put_quoted(out, "{id}\\t{title}  {space}  {updated|age}");
    cs_strbuf_printf(out, " -- %s 2>/dev/null || true", query);
}

/* Texts that are made one after the other, each with a NUL behind it. */
static const char *keep(struct cs_arena *arena, const struct cs_strbuf *text)
{
    return cs_arena_strdup(arena, text->data);
}

enum cs_status cs_search_fzf(const struct cs_app *app,
                             const struct cs_search_asked *asked,
                             const char *self, struct cs_arena *arena,
                             const char ***ret_words, const char **ret_first,
                             struct cs_error *err)
{
    struct cs_strbuf reload CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf first CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf preview CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf query CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    put_quoted(&query, asked->request.text);
    put_search(app, asked, self, query.data, &first);
    cs_strbuf_puts(&reload, "change:reload:");
    put_search(app, asked, self, "{q}", &reload);
    put_self(app, self, "get {1}", &preview);
    const char *const words[] = {
        "fzf",
        "--disabled",
        "--read0",
        "--multi",
        "--no-sort",
        "--delimiter",
        "\t",
        "--with-nth",
        "2..",
        "--prompt",
        "cs> ",
        "--expect",
        "ctrl-y",
        "--query",
        asked->request.text,
        "--bind",
        keep(arena, &reload),
        "--preview",
        keep(arena, &preview),
        "--header",
        "enter: open, ctrl-y: print the URL, tab: mark",
    };
    const char **list =
        cs_arena_array(arena, CS_ARRAY_LEN(words) + 1, sizeof(*list));
    for (size_t i = 0; list && i < CS_ARRAY_LEN(words); i++)
        list[i] = cs_arena_strdup(arena, words[i]);
    *ret_words = list;
    *ret_first = keep(arena, &first);
    enum cs_status status = cs_strbuf_status(&first, err);
    if (!status)
        status = cs_strbuf_status(&reload, err);
    return status ? status : cs_arena_status(arena, err);
}

/* What fzf printed: the key, then a line for each hit that begins with its id
 * and a tab. */
static enum cs_status open_chosen(struct cs_app *app, struct cs_arena *arena,
                                  char *printed, struct cs_error *err)
{
    char *rest = printed, *key = strsep(&rest, "\n"), *line;
    enum cs_open_how how =
        cs_str_equal(key, "ctrl-y") ? CS_OPEN_PRINT : CS_OPEN_BROWSER;
    enum cs_status status = CS_OK;
    while (!status && (line = strsep(&rest, "\n"))) {
        struct cs_reader_document document;
        line[strcspn(line, "\t")] = '\0';
        if (!*line)
            continue;
        status = cs_reader_find(app->index, arena, line, &document, err);
        if (!status)
            status = cs_open_document(app, &document, how, err);
    }
    return status;
}

static enum cs_status find_self(char path[CS_PATH_MAX], struct cs_error *err)
{
    ssize_t n = readlink("/proc/self/exe", path, CS_PATH_MAX - 1);
    if (n < 0)
        return cs_error_set(err, CS_ERR_IO, "this program is not to be found");
    path[n] = '\0';
    return CS_OK;
}

enum cs_status cs_search_pick(struct cs_app *app,
                              const struct cs_search_asked *asked,
                              struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf chosen CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)1 << 20);
    char self[CS_PATH_MAX];
    const char **words = NULL;
    const char *first = NULL;
    int exit_status = 0;
    if (!app->out_terminal.tty || !isatty(STDIN_FILENO)) {
        (void)cs_error_set(err, CS_ERR_USAGE, "-i needs a terminal");
        cs_error_hint(err, "leave it out in scripts");
        return CS_ERR_USAGE;
    }
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = find_self(self, err);
    if (!status)
        status = cs_search_fzf(app, asked, self, arena, &words, &first, err);
    /* fzf runs its commands with $SHELL, and they are written for sh. */
    if (!status && (setenv("FZF_DEFAULT_COMMAND", first, 1) != 0 ||
                    setenv("SHELL", "/bin/sh", 1) != 0))
        status = cs_error_no_memory(err);
    if (status)
        return status;
    struct cs_error why = CS_ERROR_INIT;
    status = cs_command_run(words, &chosen, &exit_status, &why);
    if (status == CS_ERR_NOT_FOUND)
        return cs_search_dialogue(app, asked, stdin, err);
    if (status)
        *err = why;
    if (status || exit_status != 0) /* left without a choice */
        return status;
    return open_chosen(app, arena, chosen.data, err);
}
