/*
 * systemd.c - systemctl as a question with an answer.
 */
#include "cli/systemd.h"

#include "src/clock.h"
#include "src/command.h"
#include "src/text.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIMEOUT_MS 20000
#define ANSWER_MAX ((size_t)1 << 20)
#define NO_PROGRAM 127 /* of env(1) */

/* "XDG_RUNTIME_DIR=..." when the environment lacks it and the usual folder is
 * there; otherwise what changes nothing. */
static void put_runtime_dir(char *out, size_t size)
{
    struct stat st;
    const char *given = getenv("XDG_RUNTIME_DIR");
    (void)snprintf(out, size, "XDG_RUNTIME_DIR=/run/user/%ld", (long)getuid());
    bool usual = stat(strchr(out, '=') + 1, &st) == 0 && S_ISDIR(st.st_mode) &&
                 st.st_uid == getuid();
    if ((given && *given) || !usual)
        (void)snprintf(out, size, "LC_ALL=C");
}

enum cs_status cs_systemd_run(const char *const *words, struct cs_strbuf *out,
                              struct cs_strbuf *complaint, int *ret_exit,
                              struct cs_error *err)
{
    char runtime[64];
    /* In a chroot systemctl does nothing and calls that success. */
    const char *all[CS_COMMAND_MAX_WORDS] = {
        "env", "LC_ALL=C", "TZ=UTC", "SYSTEMD_IGNORE_CHROOT=1", runtime};
    size_t n = 5;
    put_runtime_dir(runtime, sizeof(runtime));
    for (; *words && n + 1 < CS_ARRAY_LEN(all); words++)
        all[n++] = *words;
    return cs_command_ask(all, TIMEOUT_MS, out, complaint, ret_exit, err);
}

/* What it says when it finds nobody to talk to. */
static bool is_away(const char *complaint)
{
    static const char *const signs[] = {
        "Failed to connect to bus", "scope bus via", /* from 256 on */
        "not been booted with systemd", "Failed to get D-Bus connection"};
    for (size_t i = 0; i < CS_ARRAY_LEN(signs); i++)
        if (strstr(complaint, signs[i]))
            return true;
    return false;
}

enum cs_status cs_systemctl(const char *const *words, struct cs_strbuf *out,
                            struct cs_error *err)
{
    const char *all[CS_COMMAND_MAX_WORDS] = {"systemctl", "--user",
                                             "--no-pager"};
    struct cs_strbuf ignored CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(ANSWER_MAX);
    struct cs_strbuf complaint CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(ANSWER_MAX);
    int exit_status = 0;
    size_t n = 3;
    for (const char *const *word = words; *word && n + 1 < CS_ARRAY_LEN(all);
         word++)
        all[n++] = *word;
    enum cs_status status = cs_systemd_run(all, out ? out : &ignored,
                                           &complaint, &exit_status, err);
    if (status || exit_status == 0)
        return status;
    if (exit_status == NO_PROGRAM)
        return cs_error_set(err, CS_ERR_NOT_FOUND, "there is no systemd here");
    if (is_away(complaint.data))
        return cs_error_set(err, CS_ERR_NOT_FOUND,
                            "no systemd manager runs for this user");
    cs_strbuf_rtrim(&complaint);
    complaint.data[strcspn(complaint.data, "\n")] = '\0';
    return cs_error_set(err, CS_ERR_IO, "systemctl --user %s: %s", words[0],
                        complaint.data[0] ? complaint.data : "it failed");
}

const char *cs_systemd_value(const char *text, const char *name,
                             struct cs_arena *arena)
{
    size_t len = strlen(name);
    while (*text && *text != '\n') {
        size_t line = strcspn(text, "\n");
        if (line > len + 1 && memcmp(text, name, len) == 0 && text[len] == '=')
            return cs_arena_strndup(arena, text + len + 1, line - len - 1);
        text += line + (text[line] == '\n');
    }
    return NULL;
}

/* "Mon 2026-11-23 15:04:05 UTC" */
int64_t cs_systemd_time(const char *text)
{
    char day[11], time[9], whole[32];
    int64_t ms = 0;
    if (!text || sscanf(text, "%*s %10s %8s", day, time) != 2)
        return 0;
    (void)snprintf(whole, sizeof(whole), "%sT%sZ", day, time);
    return cs_time_parse(whole, &ms, NULL) == CS_OK ? ms : 0;
}

void cs_systemd_put_quoted(struct cs_strbuf *out, const char *word,
                           bool variables)
{
    cs_strbuf_putc(out, '"');
    for (; *word; word++) {
        if (*word == '"' || *word == '\\')
            cs_strbuf_putc(out, '\\');
        else if (*word == '%' || (*word == '$' && variables))
            cs_strbuf_putc(out, *word);
        cs_strbuf_putc(out, *word);
    }
    cs_strbuf_putc(out, '"');
}
