/*
 * scheduler_logs.c - the journal has what every run printed, also one that did
 * not get as far as its log file; the files under logs/ have all the details,
 * and are there without a journal, too.
 */
#include "cli/scheduler.h"

#include "cli/printer.h"
#include "src/command.h"
#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define TEXT_MAX   ((size_t)64 << 20)
#define TAIL_MAX   ((off_t)1 << 20)
#define TIMEOUT_MS 20000
#define POLL_MS    300

static const char unit[] = "--user-unit=" CS_SCHEDULER_SERVICE;

struct logs {
    struct cs_app *app;
    struct cs_strbuf dir, path, journal, tail;
    char lines[24];
    int64_t n;
};

/* The newest file by name, which holds the day; `path` is empty without. */
static void find_file(struct logs *logs)
{
    char newest[64] = "";
    DIR *dir = opendir(logs->dir.data);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (cs_str_starts(entry->d_name, "sync_") &&
            strlen(entry->d_name) < sizeof(newest) &&
            strcmp(entry->d_name, newest) > 0)
            (void)snprintf(newest, sizeof(newest), "%.63s", entry->d_name);
    if (dir)
        (void)closedir(dir);
    cs_strbuf_reset(&logs->path);
    if (newest[0])
        cs_path_join(&logs->path, logs->dir.data, newest);
}

/* Append what the file has from `*at` on, and move it. */
static void read_from(const char *path, off_t *at, struct cs_strbuf *out)
{
    char piece[8192];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : 1;
    while (n > 0) {
        n = pread(fd, piece, sizeof(piece), *at);
        if (n > 0) {
            cs_strbuf_put(out, piece, (size_t)n);
            *at += n;
        }
    }
    if (fd >= 0)
        (void)close(fd);
}

/* Cut all but the last `n` lines off its beginning. */
static void keep_last(struct cs_strbuf *text, int64_t n)
{
    size_t at = text->len;
    for (; at > 0; at--)
        if (text->data[at - 1] == '\n' && at < text->len && --n < 1)
            break;
    cs_strbuf_splice(text, 0, at, "", 0);
}

/* The end of the newest file; `*ret_at` is behind it. */
static void read_tail(struct logs *logs, off_t *ret_at)
{
    off_t size = 0;
    int fd = -1;
    find_file(logs);
    if (logs->path.len > 0)
        fd = open(logs->path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0) {
        size = lseek(fd, 0, SEEK_END);
        (void)close(fd);
    }
    *ret_at = size > TAIL_MAX ? size - TAIL_MAX : 0;
    if (fd >= 0)
        read_from(logs->path.data, ret_at, &logs->tail);
    keep_last(&logs->tail, logs->n);
}

/* The journal's lines; false when there is none that we may read. */
static bool read_journal(struct logs *logs)
{
    const char *words[] = {"journalctl", unit, "--no-pager", "-q", "-o",
                           "short-iso",  "-n", logs->lines,  NULL};
    struct cs_strbuf complaint CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(TEXT_MAX);
    int exit_status = 0;
    return cs_command_ask(words, TIMEOUT_MS, &logs->journal, &complaint,
                          &exit_status, NULL) == CS_OK &&
           exit_status == 0 && logs->journal.len > 0;
}

/* Returns only when there is no journalctl. */
static void follow_journal(struct logs *logs)
{
    const char *words[] = {"journalctl", unit, "--no-pager", "-q", "-o",
                           "short-iso",  "-n", logs->lines,  "-f", NULL};
    cs_command_become(words);
}

static enum cs_status print(struct logs *logs, const char *text, size_t len,
                            struct cs_error *err)
{
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * TEXT_MAX);
    cs_text_put_safe(&safe, text, len, true);
    return cs_app_print(logs->app, &safe, err);
}

/* Print what comes; at midnight a new file begins. */
static enum cs_status follow_file(struct logs *logs, struct cs_error *err)
{
    off_t at = 0;
    struct cs_strbuf before CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    read_tail(logs, &at);
    enum cs_status status = print(logs, logs->tail.data, logs->tail.len, err);
    while (!status && !*logs->app->cancel && !ferror(logs->app->out)) {
        cs_clock_sleep(logs->app->clock, POLL_MS);
        cs_strbuf_reset(&logs->tail);
        cs_strbuf_reset(&before);
        cs_strbuf_puts(&before, logs->path.data);
        if (logs->path.len > 0)
            read_from(logs->path.data, &at, &logs->tail);
        find_file(logs);
        if (!cs_str_equal(before.data, logs->path.data))
            at = 0;
        status = print(logs, logs->tail.data, logs->tail.len, err);
    }
    return status;
}

static enum cs_status print_part(struct logs *logs, const char *title,
                                 const struct cs_strbuf *text,
                                 struct cs_error *err)
{
    struct cs_strbuf head CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_terminal_put(&logs->app->out_terminal, CS_STYLE_TITLE, title, &head);
    cs_strbuf_putc(&head, '\n');
    enum cs_status status = cs_app_print(logs->app, &head, err);
    return status ? status : print(logs, text->data, text->len, err);
}

static enum cs_status print_text(struct logs *logs, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    if (logs->journal.len > 0)
        status = print_part(logs, "journal of " CS_SCHEDULER_SERVICE,
                            &logs->journal, err);
    if (!status && logs->path.len > 0)
        status = print_part(logs, logs->path.data, &logs->tail, err);
    if (status || logs->journal.len + logs->path.len > 0)
        return status;
    (void)cs_error_set(err, CS_ERR_NOT_FOUND, "no run has said anything yet");
    cs_error_hint(err, "cs scheduler status tells about the timer");
    return CS_ERR_NOT_FOUND;
}

static void add_lines(struct cs_printer *printer, const char *name, char *text)
{
    cJSON *list = cs_printer_array(printer, printer->root, name);
    for (char *line; (line = strsep(&text, "\n"));)
        if (*line || text)
            cs_printer_text(printer, list, NULL, line);
}

static enum cs_status print_json(struct logs *logs, struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    cs_printer_start(&printer, "scheduler");
    cs_printer_text(&printer, printer.root, "action", "logs");
    add_lines(&printer, "journal", logs->journal.data);
    cs_printer_text(&printer, printer.root, "file",
                    logs->path.len > 0 ? logs->path.data : NULL);
    add_lines(&printer, "lines", logs->tail.data);
    return cs_printer_finish(&printer, logs->app, err);
}

static enum cs_status show(struct logs *logs, bool follow, bool json,
                           struct cs_error *err)
{
    off_t at = 0;
    bool journal = read_journal(logs);
    if (follow && journal)
        follow_journal(logs);
    if (follow)
        return follow_file(logs, err);
    read_tail(logs, &at);
    return json ? print_json(logs, err) : print_text(logs, err);
}

enum cs_status cs_scheduler_logs(struct cs_app *app, int64_t lines, bool follow,
                                 bool json, struct cs_error *err)
{
    struct logs logs = {.app = app, .n = lines > 0 ? lines : 50};
    cs_strbuf_init(&logs.dir, CS_PATH_MAX);
    cs_strbuf_init(&logs.path, CS_PATH_MAX);
    cs_strbuf_init(&logs.journal, TEXT_MAX);
    cs_strbuf_init(&logs.tail, TEXT_MAX);
    (void)snprintf(logs.lines, sizeof(logs.lines), "%lld", (long long)logs.n);
    cs_path_join(&logs.dir, cs_config_root(app->config), "logs");
    enum cs_status status = show(&logs, follow, json, err);
    cs_strbuf_clear(&logs.dir);
    cs_strbuf_clear(&logs.path);
    cs_strbuf_clear(&logs.journal);
    cs_strbuf_clear(&logs.tail);
    return status;
}
