/*
 * cmd_open.c - show a document in the browser, or its file in an editor.
 */
#include "cli/commands.h"

#include "cli/open.h"
#include "cli/state.h"

struct open_args {
    bool edit, print;
};

static enum cs_status run(struct cs_app *app, const void *args,
                          CS_UNUSED int n_words, char **words,
                          struct cs_error *err)
{
    const struct open_args *options = args;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)16 << 20);
    struct cs_reader_document document;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = cs_state_find(app, arena, words[0], &document, err);
    if (status)
        return status;
    return cs_open_document(app, &document,
                            options->print  ? CS_OPEN_PRINT
                            : options->edit ? CS_OPEN_EDITOR
                                            : CS_OPEN_BROWSER,
                            err);
}

static const struct cs_option options[] = {
    {'e', "edit", CS_OPTION_FLAG, offsetof(struct open_args, edit), NULL,
     "its file, in $VISUAL or $EDITOR", 0, 0},
    {'p', "print", CS_OPTION_FLAG, offsetof(struct open_args, print), NULL,
     "only print the address", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_open = {
    .name = "open",
    .summary = "Show a document in the browser or an editor",
    .synopsis = "[OPTION...] N | ID",
    .example = "cs open 1",
    .about =
        "N is the number of a hit of the last search on a terminal, ID is\n"
        "as for cs get. The browser is $BROWSER, or the desktop's.",
    .needs = CS_NEED_INDEX,
    .options = options,
    .args_size = sizeof(struct open_args),
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
