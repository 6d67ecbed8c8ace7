/*
 * open.c - which program, with which words.
 */
#include "cli/open.h"

#include "src/command.h"
#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

static enum cs_status no_address(const struct cs_reader_document *document,
                                 const char *why, struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_NOT_FOUND, "%s has no address that %s",
                       document->id, why);
    cs_error_hint(err, "cs get shows its text, cs open -e its file");
    return CS_ERR_NOT_FOUND;
}

/* The page's address must lead to its source's site, and hold nothing that a
 * program could take for something else. */
static enum cs_status check_address(const struct cs_reader_document *document,
                                    struct cs_error *err)
{
    struct cs_origin page, site;
    const char *url = document->url ? document->url : "";
    if (!document->site || cs_url_origin(url, &page, NULL) != CS_OK ||
        cs_url_origin(document->site, &site, NULL) != CS_OK)
        return no_address(document, "a browser knows", err);
    for (const char *c = url; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return no_address(document, "is plain", err);
    return cs_origin_equal(&page, &site)
               ? CS_OK
               : no_address(document, "leads to its site", err);
}

/* Run the words of `command` with `target` in place of "%s", or behind them. */
static enum cs_status run_command(const char *command, const char *target,
                                  int *ret_exit, struct cs_error *err)
{
    const char *list[CS_COMMAND_MAX_WORDS + 2], **words = NULL;
    size_t n = 0;
    bool placed = false;
    enum cs_status status = cs_command_split(command, &words, err);
    if (status)
        return status;
    for (; words[n]; n++) {
        bool here = cs_str_equal(words[n], "%s");
        list[n] = here ? target : words[n];
        placed = placed || here;
    }
    if (!placed)
        list[n++] = target;
    list[n] = NULL;
    status = cs_command_run(list, NULL, ret_exit, err);
    free(words);
    return status;
}

/* Try the commands of a list, apart by ':', until one does it. Returns how it
 * ended in `*ret_exit`, which keeps its value when none was found. */
static enum cs_status run_first(const char *commands, const char *target,
                                int *ret_exit, struct cs_error *err)
{
    enum cs_status status = CS_ERR_NOT_FOUND;
    char *copy = strdup(commands), *rest = copy, *command;
    if (!copy)
        return cs_error_no_memory(err);
    while (status == CS_ERR_NOT_FOUND && (command = strsep(&rest, ":"))) {
        struct cs_error why = CS_ERROR_INIT;
        if (*command)
            status = run_command(command, target, ret_exit, &why);
        if (status && status != CS_ERR_NOT_FOUND)
            *err = why;
    }
    free(copy);
    return status;
}

static enum cs_status judge(enum cs_status status, const char *what,
                            int exit_status, const char *hint,
                            struct cs_error *err)
{
    if (status == CS_ERR_NOT_FOUND) {
        (void)cs_error_set(err, CS_ERR_CONFIG, "there is no %s", what);
        cs_error_hint(err, "%s", hint);
        return CS_ERR_CONFIG;
    }
    if (!status && exit_status != 0) {
        (void)cs_error_set(err, CS_ERR_IO, "the %s failed (exit status %d)",
                           what, exit_status);
        cs_error_hint(err, "%s", hint);
        return CS_ERR_IO;
    }
    return status;
}

static enum cs_status browse(const char *url, struct cs_error *err)
{
    const char *browser = getenv("BROWSER");
    int exit_status = 0;
    enum cs_status status =
        run_first(browser && *browser ? browser : "xdg-open:wslview", url,
                  &exit_status, err);
    return judge(status, "browser", exit_status,
                 "set BROWSER, or let cs open --print print the address", err);
}

enum cs_status cs_open_editor(const char *path, struct cs_error *err)
{
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
    const char *command = visual && *visual   ? visual
                          : editor && *editor ? editor
                                              : "vi";
    int exit_status = 0;
    enum cs_status status = run_command(command, path, &exit_status, err);
    return judge(status, "editor", exit_status, "set EDITOR", err);
}

static enum cs_status edit(const struct cs_reader_document *document,
                           struct cs_error *err)
{
    if (!document->path) {
        (void)cs_error_set(err, CS_ERR_NOT_FOUND, "%s has no file yet",
                           document->id);
        cs_error_hint(err, "cs sync writes it");
        return CS_ERR_NOT_FOUND;
    }
    return cs_open_editor(document->path, err);
}

enum cs_status cs_open_document(struct cs_app *app,
                                const struct cs_reader_document *document,
                                enum cs_open_how how, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_URL_MAX);
    if (how == CS_OPEN_EDITOR)
        return edit(document, err);
    enum cs_status status = check_address(document, err);
    if (status)
        return status;
    if (how == CS_OPEN_BROWSER)
        return browse(document->url, err);
    cs_text_put_safe(&text, document->url, strlen(document->url), false);
    cs_strbuf_putc(&text, '\n');
    return cs_app_print(app, &text, err);
}
