/*
 * scenario_files.c - attachments and comments, before and after.
 *
 * Between the two: new bytes, a name changed, two names swapped, two pages that
 * swap names, an attachment that goes and one that is shown no more, comments
 * that come, change and go, a person renamed; and a page whose folder of
 * children moves at one go.
 */
#include "tests/fault/scenario.h"

#include "tests/lib/script.h"

#include <sys/wait.h>
#include <unistd.h>

#define PAGE(i, t, p, x, v, ...)                                               \
    {                                                                          \
        .id = i, .title = t, .parent = p, .text = x, .version = v, __VA_ARGS__ \
    }

static const struct script_page before[] = {
    PAGE("1", "Home", NULL, "Welcome", 1, .link_title = "Top"),
    PAGE("2", "Net", "1", "the net", 1, .shows = "net.png",
         .comment = "a comment", .comment_by = "u1",
         .comment_shows = "note.png"),
    PAGE("3", "Top", "1", "top", 1, .comment = "goes", .comment_by = "u1"),
    PAGE("4", "X", "1", "x", 1, .shows = "p.png"),
    PAGE("5", "Y", "1", "y", 1, .shows = "p.png"),
    PAGE("6", "Shows", "1", "s", 1, .shows = "net.png", .shows_of = "Net"),
    PAGE("10", "C0", "3", "c", 1, .shows = "p.png"),
    PAGE("11", "C1", "3", "c", 1, .shows = "p.png"),
    PAGE("12", "C2", "3", "c", 1, .shows = NULL),
};

static const struct script_page after[] = {
    PAGE("1", "Home", NULL, "Welcome", 1, .link_title = "Top"),
    PAGE("2", "Net", "1", "the net, new", 2, .shows = "net.png",
         .comment = "another comment", .comment_by = "u1",
         .comment_shows = "note.png"),
    PAGE("3", "Peak", "1", "top", 1, .shows = NULL),
    PAGE("4", "Y", "1", "x", 1, .shows = "p.png"),
    PAGE("5", "X", "1", "y", 1, .shows = "p.png"),
    PAGE("6", "Shows", "1", "s", 1, .shows = "net.png", .shows_of = "Net",
         .comment = "comes", .comment_by = "u1"),
    PAGE("10", "C0", "3", "c", 1, .shows = "p.png"),
    PAGE("11", "C1", "3", "c, alone", 2, .shows = NULL),
    PAGE("12", "C2", "3", "c", 1, .shows = NULL),
};

static const struct script_file files_before[] = {
    {"a1", "2", "net.png", "bytes of the net", 1, 0},
    {"a2", "2", "note.png", "a note", 1, 0},
    {"a3", "2", "old.png", "shown by nobody", 1, 0},
    {"a4", "4", "p.png", "picture of four", 1, 0},
    {"a5", "5", "p.png", "picture of five", 1, 0},
    {"a6", "10", "p.png", "picture of ten", 1, 0},
    {"a7", "11", "p.png", "picture of eleven", 1, 0},
};

static const struct script_file files_after[] = {
    {"a1", "2", "note.png", "bytes of the net", 1, 0},
    {"a2", "2", "net.png", "a note", 1, 0},
    {"a4", "4", "p.png", "new picture of four", 2, 0},
    {"a5", "5", "p.png", "picture of five", 1, 0},
    {"a6", "10", "p.png", "picture of ten", 1, 0},
    {"a7", "11", "p.png", "picture of eleven", 1, 0},
};

static enum cs_status sync_all(struct sandbox *box,
                               const struct script_page *pages, size_t n,
                               const struct script_file *files, size_t n_files,
                               const char *person, struct cs_error *err)
{
    struct cs_run_summary summary;
    struct script script = {
        .pages = pages,
        .n = n,
        .files = files,
        .n_files = n_files,
        .person = person,
        .options = {.aspects = CS_ASPECT_COMMENTS | CS_ASPECT_ATTACHMENTS}};
    return script_try_all(box, &script, &summary, err);
}

enum cs_status fault_files_before(struct sandbox *box, struct cs_error *err)
{
    return sync_all(box, before, CS_ARRAY_LEN(before), files_before,
                    CS_ARRAY_LEN(files_before), "Ada", err);
}

enum cs_status fault_files_after(struct sandbox *box, struct cs_error *err)
{
    return sync_all(box, after, CS_ARRAY_LEN(after), files_after,
                    CS_ARRAY_LEN(files_after), "Ada Lovelace", err);
}

/* A sync that dies between its commit and its first rename: that of a folder.
 */
enum cs_status fault_prepare_unshifted(struct sandbox *box,
                                       struct cs_error *err)
{
    enum cs_status status = fault_files_before(box, err);
    if (status)
        return status;
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        (void)inject_arm("renameat2:1:kill", NULL);
        (void)fault_files_after(box, err);
        _exit(0);
    }
    int ended = 0;
    if (pid < 0 || waitpid(pid, &ended, 0) != pid || !WIFSIGNALED(ended))
        return cs_error_set(err, CS_ERR_INTERNAL, "it was not killed");
    return CS_OK;
}
