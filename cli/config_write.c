/*
 * config_write.c - change the file, by a command or in an editor.
 */
#include "cli/config_command.h"

#include "cli/ask.h"
#include "cli/open.h"
#include "cli/printer.h"
#include "src/config_edit.h"
#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static enum cs_status find_file(const struct cs_app *app, struct cs_strbuf *out,
                                struct cs_error *err)
{
    const struct cs_config_options options = {.file = app->globals.config};
    return cs_config_locate(&options, out, err);
}

static enum cs_status print_file(struct cs_app *app,
                                 const struct cs_config_args *args,
                                 const char *file, const char *what,
                                 struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 * CS_PATH_MAX);
    cs_printer_start(&printer, "config");
    cs_printer_text(&printer, printer.root, "file", file);
    if (args->json)
        return cs_printer_finish(&printer, app, err);
    cs_strbuf_puts(&text, what);
    cs_text_put_safe(&text, file, strlen(file), false);
    cs_strbuf_putc(&text, '\n');
    return app->globals.quiet && what[0] != '\0'
               ? CS_OK
               : cs_app_print(app, &text, err);
}

enum cs_status cs_config_command_path(struct cs_app *app,
                                      const struct cs_config_args *args,
                                      CS_UNUSED int n, CS_UNUSED char **words,
                                      struct cs_error *err)
{
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    enum cs_status status = find_file(app, &file, err);
    return status == CS_OK ? print_file(app, args, file.data, "", err) : status;
}

static enum cs_status open_edit(const struct cs_app *app,
                                struct cs_strbuf *file,
                                struct cs_config_edit **ret,
                                struct cs_error *err)
{
    enum cs_status status = find_file(app, file, err);
    return status == CS_OK ? cs_config_edit_open(file->data, ret, err) : status;
}

/* What the file says may not be what holds. */
static void note_variable(const struct cs_app *app,
                          const struct cs_config_name *name)
{
    struct cs_config_key key;
    if (app->globals.quiet || !cs_config_key_find(name->key, &key) ||
        !key.variable ||
        (key.in_source && !cs_str_equal(name->source, CS_DEFAULT_SOURCE)))
        return;
    const char *value = getenv(key.variable);
    if (value && (*value || key.list))
        (void)fprintf(app->err,
                      "note: %s in the environment wins over the file\n",
                      key.variable);
}

/* A path is meant from where the user stands. */
static void make_absolute(const char *word, struct cs_strbuf *out)
{
    char cwd[PATH_MAX];
    if (word[0] == '/' || word[0] == '~' || word[0] == '\0' ||
        !getcwd(cwd, sizeof(cwd)))
        cs_strbuf_puts(out, word);
    else
        cs_path_join(out, cwd, word);
}

static enum cs_status refuse_secret(const struct cs_config_name *name,
                                    struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_USAGE,
                       "a secret on the command line can be read by others");
    cs_error_hint(err, "run: cs config set %s.%s --stdin", name->source,
                  name->key);
    return CS_ERR_USAGE;
}

static enum cs_status set_from_stdin(struct cs_app *app,
                                     struct cs_config_edit *edit,
                                     const struct cs_config_name *name,
                                     struct cs_error *err)
{
    struct cs_strbuf value CS_CLEANUP(cs_ask_wipe) =
        CS_STRBUF_INIT(CS_ASK_MAX + 1);
    enum cs_status status =
        cs_ask_possible(app)
            ? cs_ask_secret(app, name->key, &value, err)
            : cs_ask_read(STDIN_FILENO, "standard input", &value, err);
    return status == CS_OK
               ? cs_config_edit_set_text(edit, cs_config_name_source(name),
                                         name->key, value.data, err)
               : status;
}

static enum cs_status set_words(struct cs_config_edit *edit,
                                const struct cs_config_name *name, int n,
                                char **words, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct cs_config_key key;
    bool known = cs_config_key_find(name->key, &key);
    if (known && key.secret)
        return refuse_secret(name, err);
    if (known && key.path && n == 1) {
        make_absolute(words[0], &path);
        return cs_config_edit_set_text(edit, cs_config_name_source(name),
                                       name->key, path.data, err);
    }
    if (n == 1)
        return cs_config_edit_set_text(edit, cs_config_name_source(name),
                                       name->key, words[0], err);
    return cs_config_edit_set(edit, cs_config_name_source(name), name->key,
                              (const char *const *)words, (size_t)n, err);
}

enum cs_status cs_config_command_set(struct cs_app *app,
                                     const struct cs_config_args *args, int n,
                                     char **words, struct cs_error *err)
{
    struct cs_config_edit *edit CS_CLEANUP(cs_config_edit_cleanup) = NULL;
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_config_name name;
    if (args->from_stdin ? n != 1 : n < 2) {
        (void)cs_error_set(err, CS_ERR_USAGE, "config set: %s",
                           n < 2 ? "a value is missing" : "too many words");
        cs_error_hint(err, "write: cs config set KEY VALUE, or cs config set "
                           "KEY --stdin");
        return CS_ERR_USAGE;
    }
    enum cs_status status = cs_config_name_parse(words[0], &name, err);
    if (status == CS_OK)
        status = open_edit(app, &file, &edit, err);
    if (status == CS_OK && args->from_stdin)
        status = set_from_stdin(app, edit, &name, err);
    else if (status == CS_OK)
        status = set_words(edit, &name, n - 1, words + 1, err);
    if (status == CS_OK)
        status = cs_config_edit_save(edit, err);
    if (status != CS_OK)
        return status;
    note_variable(app, &name);
    return print_file(app, args, file.data, "set in ", err);
}

enum cs_status cs_config_command_unset(struct cs_app *app,
                                       const struct cs_config_args *args, int n,
                                       char **words, struct cs_error *err)
{
    struct cs_config_edit *edit CS_CLEANUP(cs_config_edit_cleanup) = NULL;
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_config_name name;
    enum cs_status status = open_edit(app, &file, &edit, err);
    for (int i = 0; status == CS_OK && i < n; i++) {
        bool found = false;
        status = cs_config_name_parse(words[i], &name, err);
        if (status == CS_OK)
            status = cs_config_edit_unset(edit, cs_config_name_source(&name),
                                          name.key, &found, err);
        if (status != CS_OK || found)
            continue;
        (void)cs_error_set(err, CS_ERR_NOT_FOUND, "%s does not set %s",
                           file.data, words[i]);
        cs_error_hint(err, "cs config lists what is set, and where");
        return CS_ERR_NOT_FOUND;
    }
    if (status == CS_OK)
        status = cs_config_edit_save(edit, err);
    for (int i = 0; status == CS_OK && i < n; i++)
        if (cs_config_name_parse(words[i], &name, err) == CS_OK)
            note_variable(app, &name);
    return status == CS_OK ? print_file(app, args, file.data, "unset in ", err)
                           : status;
}

/* The editor gets the file itself; what it wrote is read at once. */
enum cs_status cs_config_command_edit(struct cs_app *app,
                                      const struct cs_config_args *args,
                                      CS_UNUSED int n, CS_UNUSED char **words,
                                      struct cs_error *err)
{
    struct cs_config_edit *edit CS_CLEANUP(cs_config_edit_cleanup) = NULL;
    struct cs_config *config CS_CLEANUP(cs_config_cleanup) = NULL;
    const struct cs_config_options options = {.file = app->globals.config};
    struct cs_error ignored = CS_ERROR_INIT;
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    enum cs_status status = find_file(app, &file, err);
    if (status == CS_OK)
        status = cs_file_make_dirs_of(file.data, err);
    if (status == CS_OK)
        status = cs_open_editor(file.data, err);
    if (status == CS_OK && access(file.data, F_OK) != 0)
        return CS_OK;
    /* Closed to others whatever the editor did. */
    if (status == CS_OK &&
        cs_config_edit_open(file.data, &edit, &ignored) == CS_OK)
        (void)cs_config_edit_save(edit, &ignored);
    if (status == CS_OK)
        status = cs_config_load(&options, &config, err);
    return status == CS_OK ? print_file(app, args, file.data, "fine: ", err)
                           : status;
}
