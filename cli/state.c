/*
 * state.c - one small text: the root, the first number, then an id a line.
 */
#include "cli/state.h"

#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define LAST_MAX ((size_t)1 << 20)

enum cs_status cs_state_path(const char *name, struct cs_strbuf *out,
                             struct cs_error *err)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && state[0] == '/') {
        cs_strbuf_printf(out, "%s/context-sync/%s", state, name);
    } else if (home && home[0] == '/') {
        cs_strbuf_printf(out, "%s/.local/state/context-sync/%s", home, name);
    } else {
        (void)cs_error_set(err, CS_ERR_CONFIG, "there is no home folder");
        cs_error_hint(err, "set HOME or XDG_STATE_HOME");
        return CS_ERR_CONFIG;
    }
    return cs_strbuf_status(out, err);
}

/* Without fsync: what a crash loses here is no loss. */
static bool write_quickly(const char *path, const struct cs_strbuf *text)
{
    struct cs_strbuf stage CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    cs_strbuf_printf(&stage, "%s.%ld", path, (long)getpid());
    int fd = open(stage.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool done = write(fd, text->data, text->len) == (ssize_t)text->len;
    done = close(fd) == 0 && done;
    done = done && rename(stage.data, path) == 0;
    if (!done)
        (void)unlink(stage.data);
    return done;
}

void cs_state_keep_hits(const struct cs_app *app,
                        const struct cs_search_result *result, size_t first)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(LAST_MAX);
    if (cs_state_path("last", &path, NULL) != CS_OK)
        return;
    char *slash = strrchr(path.data, '/');
    *slash = '\0';
    enum cs_status status = cs_file_make_dirs(path.data, NULL);
    *slash = '/';
    cs_strbuf_printf(&text, "%s\n%zu\n", cs_config_root(app->config), first);
    for (size_t i = 0; i < result->n; i++)
        cs_strbuf_printf(&text, "%s\n", result->hits[i].id);
    if (status || cs_strbuf_status(&text, NULL) ||
        !write_quickly(path.data, &text))
        cs_log_write(app->log, CS_LOG_DEBUG, "%s was not written", path.data);
}

/* Cut the next line off `*rest`; NULL at the end. */
static char *next_line(char **rest)
{
    char *line = strsep(rest, "\n");
    return line && (*line || *rest) ? line : NULL;
}

/* The id of hit `number`, or NULL. */
static const char *read_hit(const struct cs_app *app, struct cs_arena *arena,
                            size_t number)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(LAST_MAX);
    if (cs_state_path("last", &path, NULL) != CS_OK ||
        cs_file_read(path.data, &text, NULL) != CS_OK)
        return NULL;
    char *rest = text.data, *root = next_line(&rest), *first = next_line(&rest);
    if (!first || !cs_str_equal(root, cs_config_root(app->config)))
        return NULL;
    size_t at = strtoul(first, NULL, 10);
    for (char *id = next_line(&rest); id && *id; id = next_line(&rest))
        if (at++ == number)
            return cs_arena_strdup(arena, id);
    return NULL;
}

enum cs_status cs_state_find(const struct cs_app *app, struct cs_arena *arena,
                             const char *name, struct cs_reader_document *ret,
                             struct cs_error *err)
{
    size_t digits = strspn(name, "0123456789");
    bool number = digits > 0 && digits <= 4 && name[digits] == '\0';
    const char *id =
        number ? read_hit(app, arena, strtoul(name, NULL, 10)) : NULL;
    enum cs_status status =
        cs_reader_find(app->index, arena, id ? id : name, ret, err);
    if (status == CS_ERR_NOT_FOUND && number && !id)
        cs_error_hint(err, "numbers are those of the last answer on a "
                           "terminal; cs search finds ids");
    return status;
}
