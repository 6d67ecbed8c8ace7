/*
 * open.h - show a document in a browser or an editor.
 *
 * A browser is given nothing but the http or https address of a page on the
 * site that it was fetched from, and nothing goes through a shell.
 */
#ifndef CS_CLI_OPEN_H
#define CS_CLI_OPEN_H

#include "cli/app.h"
#include "index/reader.h"

enum cs_open_how {
    CS_OPEN_BROWSER, /* $BROWSER, or what the desktop uses */
    CS_OPEN_EDITOR,  /* $VISUAL or $EDITOR, on its file */
    CS_OPEN_PRINT    /* print its address */
};

/* CS_ERR_NOT_FOUND when it has no such address, or no file; CS_ERR_CONFIG when
 * there is no program, CS_ERR_IO when it failed. */
enum cs_status cs_open_document(struct cs_app *app,
                                const struct cs_reader_document *document,
                                enum cs_open_how how, struct cs_error *err);

/* Run $VISUAL, $EDITOR or vi on a file. */
enum cs_status cs_open_editor(const char *path, struct cs_error *err);

#endif
