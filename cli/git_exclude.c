/*
 * git_exclude.c - find the repository, then one line of its exclude file.
 */
#include "cli/git_exclude.h"

#include "src/file.h"
#include "src/path.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { EXCLUDE_MAX = 1 << 20 };

/* The first line of a small file, without its end; false: there is none. */
static bool read_line(const char *folder, const char *name,
                      struct cs_strbuf *out)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    cs_path_join(&path, folder, name);
    cs_strbuf_reset(out);
    if (cs_strbuf_status(&path, NULL) || cs_file_read(path.data, out, NULL))
        return false;
    cs_strbuf_truncate(out, strcspn(out->data, "\r\n"));
    return out->len > 0;
}

/* `folder`/`name`, or `name` alone when that is absolute. */
static void put_from(const char *folder, const char *name,
                     struct cs_strbuf *out)
{
    cs_strbuf_reset(out);
    if (name[0] == '/')
        cs_strbuf_puts(out, name);
    else
        cs_path_join(out, folder, name);
}

/* What `top`/.git is: the folder that holds info/. False: nothing of git's. */
static bool find_common(const char *top, struct cs_strbuf *out)
{
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct cs_strbuf own CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    static const char prefix[] = "gitdir: ";
    struct stat st;
    cs_strbuf_reset(out);
    cs_path_join(out, top, ".git");
    if (cs_strbuf_status(out, NULL) || stat(out->data, &st))
        return false;
    if (S_ISDIR(st.st_mode))
        return true;
    if (!read_line(top, ".git", &line) ||
        strncmp(line.data, prefix, strlen(prefix)) != 0)
        return false;
    put_from(top, line.data + strlen(prefix), &own);
    if (read_line(own.data, "commondir", &line))
        put_from(own.data, line.data, out);
    else
        put_from("", own.data, out);
    return cs_strbuf_status(out, NULL) == CS_OK;
}

/* A line that means `name` in this folder and nothing else. */
static void put_pattern(const char *top, const char *dir, const char *name,
                        struct cs_strbuf *out)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    size_t n = strcmp(top, "/") == 0 ? 0 : strlen(top);
    cs_path_join(&path, dir + n, name);
    if (path.len == 0 || path.data[0] != '/')
        cs_strbuf_putc(out, '/');
    for (const char *at = path.data; *at; at++) {
        if (strchr("*?[\\", *at) || (*at == ' ' && !at[1]))
            cs_strbuf_putc(out, '\\');
        cs_strbuf_putc(out, *at);
    }
}

/* Where `line` stands as a whole line of `text`; NULL: nowhere. */
static const char *find_line(const char *text, const char *line)
{
    size_t len = strlen(line);
    for (const char *at = text; (at = strstr(at, line)); at += len)
        if ((at == text || at[-1] == '\n') &&
            (at[len] == '\n' || at[len] == '\0'))
            return at;
    return NULL;
}

/* Write it anew where it really lies, with the rights that it has. */
static enum cs_status write_exclude(const char *path,
                                    const struct cs_strbuf *text,
                                    struct cs_error *err)
{
    char real[PATH_MAX];
    struct stat st;
    bool exists = realpath(path, real) && stat(real, &st) == 0;
    const char *target = exists ? real : path;
    enum cs_status status = cs_strbuf_status(text, err);
    if (!status)
        status = cs_file_write(target, text->data, text->len, err);
    if (!status && exists && chmod(target, st.st_mode & 0777))
        status = cs_error_errno(err, errno, "%s", target);
    return status;
}

static enum cs_status change(const char *path, const char *line, bool add,
                             bool *ret_changed, struct cs_error *err)
{
    struct cs_strbuf old CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(EXCLUDE_MAX);
    struct cs_strbuf new CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * EXCLUDE_MAX);
    enum cs_status status = cs_file_read(path, &old, err);
    if (status && status != CS_ERR_NOT_FOUND)
        return status;
    const char *text = old.data ? old.data : "";
    const char *at = find_line(text, line);
    *ret_changed = add != (at != NULL);
    if (!*ret_changed)
        return CS_OK;
    if (add) {
        cs_strbuf_puts(&new, text);
        if (new.len > 0 && new.data[new.len - 1] != '\n')
            cs_strbuf_putc(&new, '\n');
        cs_strbuf_printf(&new, "%s\n", line);
    } else {
        size_t len = strlen(line);
        cs_strbuf_put(&new, text, (size_t)(at - text));
        cs_strbuf_puts(&new, at + len + (at[len] == '\n'));
    }
    return write_exclude(path, &new, err);
}

/* The folder of the repository that `dir` is in, and the one that holds info/.
 * `top` is empty when there is none. */
static enum cs_status find_repository(const char *dir, struct cs_strbuf *top,
                                      struct cs_strbuf *common,
                                      struct cs_error *err)
{
    cs_strbuf_puts(top, dir);
    while (top->len > 0 && !find_common(top->data, common))
        cs_strbuf_truncate(top, cs_path_dirname_len(top->data));
    return cs_strbuf_status(top, err);
}

enum cs_status cs_git_exclude(const char *dir, const char *name, bool add,
                              struct cs_strbuf *file, bool *ret_changed,
                              struct cs_error *err)
{
    struct cs_strbuf top CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 * CS_PATH_MAX);
    *ret_changed = false;
    enum cs_status status = find_repository(dir, &top, &path, err);
    /* No line can say a name with line ends. */
    if (status || top.len == 0 || strpbrk(dir, "\r\n") || strpbrk(name, "\r\n"))
        return status;
    put_pattern(top.data, dir, name, &line);
    cs_strbuf_puts(&path, "/info");
    status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_strbuf_status(&line, err);
    if (!status)
        status = cs_file_make_dirs(path.data, err);
    if (status)
        return status;
    cs_strbuf_puts(&path, "/exclude");
    cs_strbuf_puts(file, path.data);
    status = cs_strbuf_status(&path, err);
    return status ? status
                  : change(path.data, line.data, add, ret_changed, err);
}
