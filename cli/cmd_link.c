/*
 * cmd_link.c - the mirror inside a project: a symbolic link that git ignores.
 */
#include "cli/commands.h"

#include "cli/git_exclude.h"
#include "src/path.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct link_args {
    const char *name;
    bool unlink;
};

/* What is to be linked where; all of it absolute. */
struct place {
    char root[PATH_MAX], folder[PATH_MAX];
    const char *name;
    struct cs_strbuf link;
};

/* What stands at the name of the link. */
enum standing { NOTHING, OURS, FOREIGN };

static enum standing look(const struct place *place)
{
    struct stat st;
    char target[PATH_MAX];
    if (lstat(place->link.data, &st))
        return NOTHING;
    if (!S_ISLNK(st.st_mode))
        return FOREIGN;
    ssize_t n = readlink(place->link.data, target, sizeof(target) - 1);
    target[n > 0 ? n : 0] = '\0';
    return strcmp(target, place->root) == 0 ? OURS : FOREIGN;
}

static enum cs_status find_place(const struct cs_app *app,
                                 const struct link_args *args,
                                 const char *folder, struct place *place,
                                 struct cs_error *err)
{
    const char *root = cs_config_root(app->config);
    const char *slash = strrchr(root, '/');
    place->name = args->name ? args->name : slash ? slash + 1 : root;
    if (!place->name[0] || strchr(place->name, '/') ||
        strcmp(place->name, ".") == 0 || strcmp(place->name, "..") == 0) {
        (void)cs_error_set(err, CS_ERR_USAGE, "\"%.80s\" is no name of a link",
                           place->name);
        cs_error_hint(err, "give one without slashes with --name");
        return CS_ERR_USAGE;
    }
    if (!realpath(folder, place->folder)) {
        (void)cs_error_errno(err, errno, "%s", folder);
        cs_error_hint(err, "name a folder that exists");
        return err->status;
    }
    cs_path_join(&place->link, place->folder, place->name);
    /* Of a mirror that is gone the link can still be taken away. */
    if (!realpath(root, place->root)) {
        if (!args->unlink) {
            (void)cs_error_set(err, CS_ERR_NO_INDEX, "there is no folder %s",
                               root);
            cs_error_hint(err, "%s", cs_app_first_step(app));
            return CS_ERR_NO_INDEX;
        }
        (void)snprintf(place->root, sizeof(place->root), "%s", root);
    }
    return cs_strbuf_status(&place->link, err);
}

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && (path[n] == '/' || !path[n]);
}

static enum cs_status refuse(const struct place *place, const char *why,
                             struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_USAGE, "%s %s", place->link.data, why);
    cs_error_hint(err, "it stays as it is; take another name with --name");
    return CS_ERR_USAGE;
}

static enum cs_status make_link(const struct place *place,
                                struct cs_strbuf *text, struct cs_error *err)
{
    enum standing standing = look(place);
    if (is_below(place->folder, place->root)) {
        (void)cs_error_set(err, CS_ERR_USAGE, "%s is inside the mirror",
                           place->folder);
        cs_error_hint(err, "name the folder of a project");
        return CS_ERR_USAGE;
    }
    if (standing == FOREIGN)
        return refuse(place, "is there already, and is no link to the mirror",
                      err);
    if (standing == NOTHING && symlink(place->root, place->link.data))
        return cs_error_errno(err, errno, "%s", place->link.data);
    cs_strbuf_printf(text, "%s %s -> %s\n",
                     standing == OURS ? "there already:" : "linked:",
                     place->link.data, place->root);
    return CS_OK;
}

static enum cs_status remove_link(const struct place *place,
                                  struct cs_strbuf *text, struct cs_error *err)
{
    switch (look(place)) {
    case NOTHING:
        cs_strbuf_printf(text, "no link %s\n", place->link.data);
        break;
    case FOREIGN: return refuse(place, "is no link to the mirror", err);
    case OURS:
        if (unlink(place->link.data))
            return cs_error_errno(err, errno, "%s", place->link.data);
        cs_strbuf_printf(text, "removed: %s\n", place->link.data);
    }
    return CS_OK;
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    const struct link_args *options = args;
    struct place place = {.link = CS_STRBUF_INIT(2 * CS_PATH_MAX)};
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    bool changed = false;
    enum cs_status status =
        find_place(app, options, n_words ? words[0] : ".", &place, err);
    if (!status)
        status = options->unlink ? remove_link(&place, &text, err)
                                 : make_link(&place, &text, err);
    if (!status)
        status = cs_git_exclude(place.folder, place.name, !options->unlink,
                                &file, &changed, err);
    if (!status && changed)
        cs_strbuf_printf(&text, "git %s it: %s\n",
                         options->unlink ? "no longer ignores" : "ignores",
                         file.data);
    cs_strbuf_clear(&place.link);
    return status ? status : cs_app_print(app, &text, err);
}

#define ARG(member) offsetof(struct link_args, member)

static const struct cs_option options[] = {
    {0, "name", CS_OPTION_TEXT, ARG(name), "NAME",
     "of the link; else that of the mirror", 0, 0},
    {0, "unlink", CS_OPTION_FLAG, ARG(unlink), NULL, "take the link away", 0,
     0},
    {0},
};

const struct cs_verb cs_cmd_link = {
    .name = "link",
    .summary = "Put a link to the mirror into a project",
    .synopsis = "[OPTION...] [FOLDER]",
    .example = "cs link ~/src/shop",
    .about = "FOLDER is the current one by default. In a git repository the "
             "link is\n"
             "ignored by a line in .git/info/exclude, which is not committed.",
    .needs = CS_NEED_CONFIG,
    .options = options,
    .args_size = sizeof(struct link_args),
    .max_words = 1,
    .run = run,
};
