/*
 * scheduler_units.c - written units begin with a line that says who wrote them.
 */
#include "cli/scheduler_units.h"

#include "cli/scheduler.h"
#include "cli/systemd.h"
#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK     "# Written by `cs scheduler enable`; `disable` removes it.\n"
#define UNIT_MAX ((size_t)64 << 10)
#define DROP_IN  "50-cs.conf"

static const char *const names[] = {CS_SCHEDULER_SERVICE, CS_SCHEDULER_TIMER};

static const char *variable(const struct cs_environment *manager,
                            const char *name)
{
    return manager ? cs_environment_get(manager, name) : getenv(name);
}

const char *cs_units_folder(struct cs_arena *arena,
                            const struct cs_environment *manager)
{
    const char *xdg = variable(manager, "XDG_CONFIG_HOME");
    const char *home = variable(manager, "HOME");
    if (xdg && xdg[0] == '/')
        return cs_arena_printf(arena, "%s/systemd/user", xdg);
    if (home && home[0] == '/')
        return cs_arena_printf(arena, "%s/.config/systemd/user", home);
    return NULL;
}

/* This program; after a build the old file has no name any more. */
static const char *own_path(struct cs_arena *arena, struct cs_error *err)
{
    static const char gone[] = " (deleted)";
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
    size_t tail = strlen(gone);
    if (n <= 0) {
        (void)cs_error_errno(err, errno, "/proc/self/exe");
        return NULL;
    }
    size_t len = (size_t)n;
    if (len > tail && memcmp(path + len - tail, gone, tail) == 0)
        len -= tail;
    path[len] = '\0';
    if (!strpbrk(path, "\n\r"))
        return cs_arena_strdup(arena, path);
    (void)cs_error_set(err, CS_ERR_IO, "the path of cs has a line end in it");
    return NULL;
}

static void put_program(const struct cs_units *units, struct cs_strbuf *out)
{
    cs_systemd_put_quoted(out, units->program, false);
}

/* The folder of units installed with the program, if they name it and systemd
 * looks there. */
static const char *find_package(const struct cs_units *units)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(UNIT_MAX);
    struct cs_strbuf start CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * PATH_MAX);
    size_t len = cs_path_dirname_len(units->program);
    if (len < 4 || memcmp(units->program + len - 4, "/bin", 4) != 0)
        return NULL;
    const char *folder = cs_arena_printf(units->arena, "%.*slib/systemd/user",
                                         (int)(len - 3), units->program);
    const char *file =
        cs_arena_printf(units->arena, "%s/" CS_SCHEDULER_SERVICE, folder);
    cs_strbuf_puts(&start, "\nExecStart=");
    put_program(units, &start);
    if (!folder || !file || cs_file_read(file, &text, NULL) != CS_OK ||
        start.status || !strstr(text.data, start.data))
        return NULL;
    cs_strbuf_reset(&text);
    if (CS_SYSTEMCTL(&text, NULL, "show", "-p", "UnitPath") != CS_OK)
        return NULL;
    const char *at = strstr(text.data, folder);
    return at && strchr(" \n", at[strlen(folder)]) ? folder : NULL;
}

enum cs_status cs_units_find(struct cs_arena *arena,
                             const struct cs_environment *manager,
                             struct cs_units *ret, struct cs_error *err)
{
    struct cs_units found = {.arena = arena,
                             .folder = cs_units_folder(arena, manager),
                             .program = own_path(arena, err)};
    enum cs_status status = cs_arena_status(arena, err);
    if (status)
        return status;
    if (!found.program)
        return CS_ERR_IO;
    if (!found.folder) {
        (void)cs_error_set(err, CS_ERR_CONFIG, "no home folder is known");
        cs_error_hint(err, "set HOME");
        return CS_ERR_CONFIG;
    }
    found.package = find_package(&found);
    *ret = found;
    return cs_arena_status(arena, err);
}

/* A regular file that begins with our line. */
static bool is_ours(const char *path)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(UNIT_MAX);
    struct stat st;
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           cs_file_read(path, &text, NULL) == CS_OK &&
           cs_str_starts(text.data, MARK);
}

static bool is_foreign(const char *path)
{
    struct stat st;
    return path && lstat(path, &st) == 0 && !is_ours(path);
}

static const char *unit_path(const struct cs_units *units, size_t i)
{
    return cs_arena_printf(units->arena, "%s/%s", units->folder, names[i]);
}

static const char *drop_in_path(const struct cs_units *units, size_t i)
{
    return cs_arena_printf(units->arena, "%s/%s.d/" DROP_IN, units->folder,
                           names[i]);
}

const char *cs_units_foreign(const struct cs_units *units)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        const char *path = unit_path(units, i);
        if (is_foreign(path))
            return path;
    }
    return NULL;
}

enum cs_status cs_units_set_aside(const struct cs_units *units, const char *day,
                                  struct cs_error *err)
{
    for (const char *path; (path = cs_units_foreign(units));) {
        const char *to =
            cs_arena_printf(units->arena, "%s.before-cs-%s", path, day);
        struct stat st;
        for (int n = 2; to && lstat(to, &st) == 0 && n < 100; n++)
            to = cs_arena_printf(units->arena, "%s.before-cs-%s-%d", path, day,
                                 n);
        if (!to)
            break;
        if (rename(path, to) != 0)
            return cs_error_errno(err, errno, "%s", path);
    }
    return cs_arena_status(units->arena, err);
}

/* Remove a file of ours, and its folder when nothing else is in it. */
static enum cs_status remove_ours(const char *path, struct cs_error *err)
{
    char folder[PATH_MAX];
    if (!path || !is_ours(path))
        return CS_OK;
    if (unlink(path) != 0)
        return cs_error_errno(err, errno, "%s", path);
    size_t len = cs_path_dirname_len(path);
    if (len > 2 && memcmp(path + len - 2, ".d", 2) == 0) {
        (void)snprintf(folder, sizeof(folder), "%.*s", (int)len, path);
        (void)rmdir(folder);
    }
    return CS_OK;
}

static enum cs_status write_ours(const char *path, const struct cs_strbuf *text,
                                 struct cs_error *err)
{
    char folder[PATH_MAX];
    enum cs_status status = cs_strbuf_status(text, err);
    if (status)
        return status;
    if (is_foreign(path)) {
        (void)cs_error_set(err, CS_ERR_IO, "%s was not written by cs", path);
        cs_error_hint(err, "give it another name");
        return CS_ERR_IO;
    }
    (void)snprintf(folder, sizeof(folder), "%.*s",
                   (int)cs_path_dirname_len(path), path);
    status = cs_file_make_dirs(folder, err);
    return status ? status : cs_file_write(path, text->data, text->len, err);
}

static enum cs_status write_unit(const struct cs_units *units, size_t i,
                                 const char *template, struct cs_error *err)
{
    static const char hole[] = "\"@CS_PROGRAM@\"";
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(UNIT_MAX);
    const char *at = strstr(template, hole);
    cs_strbuf_puts(&text, MARK);
    cs_strbuf_put(&text, template,
                  at ? (size_t)(at - template) : strlen(template));
    if (at) {
        put_program(units, &text);
        cs_strbuf_puts(&text, at + strlen(hole));
    }
    return write_ours(unit_path(units, i), &text, err);
}

/* A drop-in with these lines, or none without them. */
static enum cs_status write_drop_in(const struct cs_units *units, size_t i,
                                    const char *section, const char *lines,
                                    struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(UNIT_MAX);
    const char *path = drop_in_path(units, i);
    if (!*lines)
        return remove_ours(path, err);
    cs_strbuf_printf(&text, MARK "[%s]\n%s", section, lines);
    return write_ours(path, &text, err);
}

enum cs_status cs_units_write(const struct cs_units *units, const char *service,
                              const char *calendar, struct cs_error *err)
{
    static const char *const templates[] = {cs_unit_service, cs_unit_timer};
    struct cs_strbuf timer CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    enum cs_status status = CS_OK;
    for (size_t i = 0; !status && i < CS_ARRAY_LEN(names); i++)
        status = units->package ? remove_ours(unit_path(units, i), err)
                                : write_unit(units, i, templates[i], err);
    if (!status)
        status = write_drop_in(units, 0, "Service", service, err);
    if (status || !calendar)
        return status;
    if (*calendar)
        cs_strbuf_printf(&timer, "OnCalendar=\nOnCalendar=%s\n", calendar);
    if (cs_str_starts(calendar, "*:0/")) /* minutes: the delay is part of one */
        cs_strbuf_puts(&timer, "RandomizedDelaySec=30s\n");
    return write_drop_in(units, 1, "Timer", timer.data, err);
}

enum cs_status cs_units_remove(const struct cs_units *units,
                               struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; !status && i < CS_ARRAY_LEN(names); i++) {
        status = remove_ours(drop_in_path(units, i), err);
        if (!status)
            status = remove_ours(unit_path(units, i), err);
    }
    if (!status && rmdir(units->folder) == 0) { /* it was for us alone */
        const char *above = cs_arena_strndup(
            units->arena, units->folder, cs_path_dirname_len(units->folder));
        if (above)
            (void)rmdir(above);
    }
    return status;
}

enum cs_status cs_units_forget(const struct cs_units *units,
                               const struct cs_environment *manager,
                               struct cs_error *err)
{
    const char *data = variable(manager, "XDG_DATA_HOME");
    const char *home = variable(manager, "HOME");
    bool own = data && data[0] == '/';
    if (!own && !home)
        return CS_OK;
    const char *stamp = cs_arena_printf(
        units->arena, "%s%s/systemd/timers/stamp-" CS_SCHEDULER_TIMER,
        own ? data : home, own ? "" : "/.local/share");
    if (stamp && unlink(stamp) != 0 && errno != ENOENT)
        return cs_error_errno(err, errno, "%s", stamp);
    return cs_arena_status(units->arena, err);
}
