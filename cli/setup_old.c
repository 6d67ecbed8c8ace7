/*
 * setup_old.c - where the mirror goes, and what lies there already.
 *
 * A folder that another program filled is never written over: with consent it
 * gets another name as a whole, and else it stays as it is.
 */
#include "cli/setup.h"

#include "cli/ask.h"
#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 12
#define COUNT_MAX 100000
#define STATE_MAX ((size_t)1 << 20)

/* A mirror does not move by itself. */
static void note_left(const struct cs_setup *setup, const char *root)
{
    struct cs_strbuf index CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    cs_strbuf_printf(&index, "%s/.cs/index.db", setup->root);
    if (!cs_str_equal(root, setup->root) && access(index.data, F_OK) == 0)
        cs_setup_say(setup,
                     "  The mirror in %s stays there, and no longer changes.\n",
                     setup->root);
}

enum cs_status cs_setup_ask_root(struct cs_setup *setup, struct cs_error *err)
{
    struct cs_strbuf answer CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_ASK_MAX);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    const char *home = getenv("HOME");
    char cwd[PATH_MAX];
    if (!setup->dialogue || cs_setup_is_given(setup, "root"))
        return CS_OK;
    cs_setup_say(setup, "\n");
    enum cs_status status =
        cs_ask_line(setup->app,
                    setup->source.output_dir ? "Folder for index and logs"
                                             : "Folder for the mirror",
                    setup->root, &answer, err);
    if (status != CS_OK)
        return status;
    if (answer.data[0] == '~')
        cs_path_put_expanded(&path, answer.data, home ? home : "");
    else if (answer.data[0] == '/' || !getcwd(cwd, sizeof(cwd)))
        cs_strbuf_puts(&path, answer.data);
    else
        cs_path_join(&path, cwd, answer.data);
    while (path.len > 1 && path.data[path.len - 1] == '/')
        cs_strbuf_truncate(&path, path.len - 1);
    note_left(setup, path.data);
    setup->root = cs_arena_strdup(setup->arena, path.data);
    status = cs_strbuf_status(&path, err);
    return status == CS_OK ? cs_arena_status(setup->arena, err) : status;
}

/* Markdown files below a folder; links in it are not followed. */
static void count(int parent, const char *name, unsigned depth, size_t *n)
{
    int fd = openat(parent, name,
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC |
                        (depth > 0 ? O_NOFOLLOW : 0));
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    if (!dir && fd >= 0)
        (void)close(fd);
    while (dir && *n < COUNT_MAX && (entry = readdir(dir))) {
        struct stat st;
        if (entry->d_name[0] == '.' ||
            fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
            count(dirfd(dir), entry->d_name, depth + 1, n);
        else if (S_ISREG(st.st_mode) && cs_str_ends(entry->d_name, ".md"))
            ++*n;
    }
    if (dir)
        (void)closedir(dir);
}

/* Does it hold a state that is not ours, or, where there is no index, texts
 * that cannot be ours? `*ret_n` says how many texts. */
static bool is_foreign(const struct cs_setup *setup, const char *folder,
                       size_t *ret_n)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct cs_strbuf state CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(STATE_MAX);
    const char *was = cs_config_root(setup->app->config);
    *ret_n = 0;
    cs_strbuf_printf(&path, "%s/.sync_state", folder);
    enum cs_status status = cs_file_read(path.data, &state, NULL);
    if (status == CS_OK && strstr(state.data, "\"cs.sync_state/"))
        return false;
    cs_strbuf_reset(&path);
    if (cs_str_equal(setup->root, was))
        cs_strbuf_printf(&path, "%s/index.db",
                         cs_config_index_dir(setup->app->config));
    else
        cs_strbuf_printf(&path, "%s/.cs/index.db", setup->root);
    bool index = access(path.data, F_OK) == 0;
    if (status == CS_ERR_NOT_FOUND && index)
        return false;
    count(AT_FDCWD, folder, 0, ret_n);
    return status != CS_ERR_NOT_FOUND || *ret_n > 0;
}

/* Never the home folder, nor one that holds it or is where we stand in. */
static bool may_move(const char *folder)
{
    char real[PATH_MAX], other[PATH_MAX];
    const char *home = getenv("HOME");
    size_t len;
    if (!realpath(folder, real))
        return false;
    len = strlen(real);
    if (strcmp(real, "/") == 0)
        return false;
    if (getcwd(other, sizeof(other)) && strncmp(other, real, len) == 0 &&
        (other[len] == '/' || other[len] == '\0'))
        return false;
    return !(home && realpath(home, other) && strncmp(other, real, len) == 0 &&
             (other[len] == '/' || other[len] == '\0'));
}

static enum cs_status name_aside(const struct cs_setup *setup,
                                 const char *folder, struct cs_strbuf *out,
                                 struct cs_error *err)
{
    char day[CS_TIME_TEXT_SIZE];
    struct stat st;
    cs_time_format_date(cs_clock_now(setup->app->clock), day);
    for (unsigned i = 1; i < 1000; i++) {
        cs_strbuf_reset(out);
        cs_strbuf_printf(out, "%s.before-cs-%s", folder, day);
        if (i > 1)
            cs_strbuf_printf(out, "-%u", i);
        if (lstat(out->data, &st) != 0)
            return cs_strbuf_status(out, err);
    }
    return cs_error_set(err, CS_ERR_IO, "%s: too many of that name", out->data);
}

static enum cs_status move(struct cs_setup *setup, const char *folder,
                           const char *aside, struct cs_error *err)
{
    if (renameat2(AT_FDCWD, folder, AT_FDCWD, aside, RENAME_NOREPLACE) != 0) {
        (void)cs_error_errno(err, errno, "%s cannot be moved", folder);
        cs_error_hint(err, "move it away yourself, or give --keep-old");
        return err ? err->status : CS_ERR_IO;
    }
    setup->moved = cs_arena_strdup(setup->arena, aside);
    cs_setup_say(setup, "  moved.\n");
    return cs_arena_status(setup->arena, err);
}

enum cs_status cs_setup_move_old(struct cs_setup *setup, struct cs_error *err)
{
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct cs_strbuf aside CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(3 * CS_PATH_MAX);
    size_t n = 0;
    bool yes = false;
    if (setup->source.output_dir)
        cs_strbuf_puts(&folder, setup->source.output_dir);
    else
        cs_path_join(&folder, setup->root, setup->source.name);
    if (cs_strbuf_status(&folder, err) != CS_OK)
        return folder.status;
    if (!is_foreign(setup, folder.data, &n))
        return CS_OK;
    cs_setup_say(setup,
                 "\n  %s\nholds %zu Markdown file%s, and cs did not write "
                 "what is there.\n",
                 folder.data, n, n == 1 ? "" : "s");
    if (!may_move(folder.data)) {
        cs_setup_say(setup, "  They stay there, and cs leaves them alone.\n");
        return CS_OK;
    }
    enum cs_status status = name_aside(setup, folder.data, &aside, err);
    if (status != CS_OK)
        return status;
    cs_setup_say(setup, "It can be moved as a whole, to\n  %s\n", aside.data);
    status =
        cs_setup_decide(setup, setup->args->move_old, setup->args->keep_old,
                        "CONTEXT_SYNC_SETUP_MOVE", "Move it?", &yes, err);
    if (status == CS_OK && yes)
        return move(setup, folder.data, aside.data, err);
    if (status == CS_OK)
        cs_setup_say(setup, "  It stays, and cs writes around it: a page whose "
                            "name is taken gets its id\n  behind it.\n");
    return status;
}
