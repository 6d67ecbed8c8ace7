/*
 * command.c - word splitting, posix_spawn, and reading with a deadline.
 */
#include "src/command.h"

#include "src/clock.h"
#include "src/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Copy one word from *from to *to, quotes resolved, with its NUL. False when
 * a quote stays open. */
static bool take_word(const char **from, char **to)
{
    char quote = '\0';
    const char *at = *from;
    char *out = *to;
    for (; *at && (quote || !cs_ascii_is_space(*at)); at++) {
        if (!quote && (*at == '\'' || *at == '"'))
            quote = *at;
        else if (quote && *at == quote)
            quote = '\0';
        else if (*at == '\\' && quote != '\'' && at[1])
            *out++ = *++at;
        else
            *out++ = *at;
    }
    *out++ = '\0';
    *from = at;
    *to = out;
    return quote == '\0';
}

static const char *skip_blanks(const char *at)
{
    while (cs_ascii_is_space(*at))
        at++;
    return at;
}

enum cs_status cs_command_split(const char *text, const char ***ret_words,
                                struct cs_error *err)
{
    size_t array = sizeof(char *) * (CS_COMMAND_MAX_WORDS + 1);
    const char **words = calloc(1, array + 2 * strlen(text) + 2);
    if (!words)
        return cs_error_no_memory(err);
    char *out = (char *)words + array;
    size_t n = 0;
    const char *problem = NULL, *at = skip_blanks(text);
    for (; *at && !problem; at = skip_blanks(at)) {
        if (n == CS_COMMAND_MAX_WORDS) {
            problem = "has too many words";
            break;
        }
        words[n++] = out;
        if (!take_word(&at, &out))
            problem = "has a quote that does not end";
    }
    if (!problem && n == 0)
        problem = "is empty";
    if (problem) {
        free(words);
        return cs_error_set(err, CS_ERR_CONFIG, "the command %s", problem);
    }
    *ret_words = words;
    return CS_OK;
}

/* Whom these words are given to does not write to them, but can not say so. */
static char *const *as_argv(const char *const *words)
{
    union {
        const char *const *words;
        char *const *argv;
    } same = {.words = words};
    return same.argv;
}

/* Start it with its output, and what it complains of, in these pipes, if there
 * are any, and without our standard input if it is `alone`; returns an errno
 * value. */
static int spawn(const char *const *words, bool alone, int output,
                 int complaint, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc)
        return rc;
    rc = posix_spawnattr_init(&attr);
    if (rc) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return rc;
    }
    /* We ignore SIGPIPE, and an ignored signal is inherited. */
    sigset_t defaults;
    (void)sigemptyset(&defaults);
    (void)sigaddset(&defaults, SIGPIPE);
    rc = posix_spawnattr_setsigdefault(&attr, &defaults);
    if (!rc)
        rc = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
    if (!rc && alone)
        rc = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
                                              "/dev/null", O_RDONLY, 0);
    if (!rc && output >= 0)
        rc = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!rc && complaint >= 0)
        rc = posix_spawn_file_actions_adddup2(&actions, complaint,
                                              STDERR_FILENO);
    if (!rc)
        rc = posix_spawnp(ret_pid, words[0], &actions, &attr, as_argv(words),
                          environ);
    (void)posix_spawnattr_destroy(&attr);
    (void)posix_spawn_file_actions_destroy(&actions);
    return rc;
}

/* Read to the end of the pipe. NULL, or what went wrong. */
static const char *drain(int fd, int timeout_ms, struct cs_strbuf *out)
{
    const struct cs_clock *clock = cs_clock_system();
    int64_t deadline = cs_clock_mono(clock) + timeout_ms;
    for (;;) {
        int64_t left = deadline - cs_clock_mono(clock);
        if (left <= 0)
            return "took too long";
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int rc = poll(&ready, 1, (int)left);
        if (rc < 0 && errno != EINTR)
            return "could not be read";
        if (rc <= 0)
            continue;
        if (out->len == out->max)
            return "printed too much";
        ssize_t n = read(fd, out->data + out->len, out->max - out->len);
        if (n < 0 && errno != EINTR)
            return "could not be read";
        if (n == 0)
            return NULL;
        if (n > 0)
            out->len += (size_t)n;
    }
}

/* Wait for the child, killed first when it has overstayed. One that closed its
 * output but goes on gets as long again. */
static int reap(pid_t pid, bool kill_it, int timeout_ms)
{
    int wait_status = 0;
    for (int waited = 0; !kill_it && waited < timeout_ms; waited += 10) {
        if (waitpid(pid, &wait_status, WNOHANG) == pid)
            return wait_status;
        cs_clock_sleep(cs_clock_system(), 10);
    }
    (void)kill(pid, SIGKILL);
    while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
        continue;
    return wait_status;
}

static enum cs_status run(const char *const *words, int timeout_ms,
                          struct cs_strbuf *out, struct cs_error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return cs_error_errno(err, errno, "a pipe to %s", words[0]);
    pid_t pid;
    int rc = spawn(words, true, ends[1], -1, &pid);
    (void)close(ends[1]);
    if (rc) {
        (void)close(ends[0]);
        char reason[128];
        return cs_error_set(err, CS_ERR_CONFIG,
                            "the command %s could not be started: %s", words[0],
                            strerror_r(rc, reason, sizeof(reason)));
    }
    const char *problem = drain(ends[0], timeout_ms, out);
    (void)close(ends[0]);
    out->data[out->len] = '\0';
    int wait_status = reap(pid, problem != NULL, timeout_ms);
    if (problem)
        return cs_error_set(err, CS_ERR_CONFIG, "the command %s %s", words[0],
                            problem);
    if (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) != 0)
        return cs_error_set(err, CS_ERR_CONFIG, "the command %s failed (%s %d)",
                            words[0],
                            WIFEXITED(wait_status) ? "exit status" : "signal",
                            WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
                                                   : WTERMSIG(wait_status));
    return CS_OK;
}

enum cs_status cs_command_read(const char *text, int timeout_ms,
                               struct cs_strbuf *out, struct cs_error *err)
{
    const char **words = NULL;
    enum cs_status status = cs_command_split(text, &words, err);
    if (!words)
        return status;
    /* All the room at once: growing later would leave copies behind. */
    if (cs_strbuf_reserve(out, out->max - out->len))
        status = run(words, timeout_ms, out, err);
    else
        status = cs_strbuf_status(out, err);
    free(words);
    return status;
}

/* Read what it prints to its end. */
static enum cs_status collect(int fd, struct cs_strbuf *out,
                              struct cs_error *err)
{
    char piece[4096];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof(piece));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cs_error_errno(err, errno, "a pipe");
        if (n == 0)
            return cs_strbuf_status(out, err);
        cs_strbuf_put(out, piece, (size_t)n);
    }
}

enum cs_status cs_command_run(const char *const *words, struct cs_strbuf *out,
                              int *ret_exit, struct cs_error *err)
{
    int ends[2] = {-1, -1}, wait_status = 0;
    char reason[128];
    pid_t pid;
    enum cs_status status = CS_OK;
    if (out && pipe2(ends, O_CLOEXEC) != 0)
        return cs_error_errno(err, errno, "a pipe to %s", words[0]);
    int rc = spawn(words, false, ends[1], -1, &pid);
    if (out)
        (void)close(ends[1]);
    if (!rc && out)
        status = collect(ends[0], out, err);
    if (out)
        (void)close(ends[0]);
    if (rc)
        return cs_error_set(err, rc == ENOENT ? CS_ERR_NOT_FOUND : CS_ERR_IO,
                            "%s could not be started: %s", words[0],
                            strerror_r(rc, reason, sizeof(reason)));
    while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
        continue;
    *ret_exit = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
                                       : 128 + WTERMSIG(wait_status);
    return status;
}

void cs_command_become(const char *const *words)
{
    (void)signal(SIGPIPE, SIG_DFL); /* what is ignored would stay so */
    (void)execvp(words[0], as_argv(words));
}

/* Read two pipes to their ends. NULL, or what went wrong. */
static const char *drain_both(const int fds[2], int timeout_ms,
                              struct cs_strbuf *const to[2])
{
    const struct cs_clock *clock = cs_clock_system();
    int64_t deadline = cs_clock_mono(clock) + timeout_ms;
    struct pollfd ready[2] = {{.fd = fds[0], .events = POLLIN},
                              {.fd = fds[1], .events = POLLIN}};
    char piece[4096];
    while (ready[0].fd >= 0 || ready[1].fd >= 0) {
        int64_t left = deadline - cs_clock_mono(clock);
        if (left <= 0)
            return "took too long";
        int rc = poll(ready, 2, (int)left);
        if (rc < 0 && errno != EINTR)
            return "could not be read";
        for (int i = 0; rc > 0 && i < 2; i++) {
            ssize_t n =
                ready[i].revents ? read(ready[i].fd, piece, sizeof(piece)) : -1;
            if (n > 0)
                cs_strbuf_put(to[i], piece, (size_t)n);
            else if (n == 0)
                ready[i].fd = -1;
        }
    }
    return NULL;
}

static void close_pipe(int ends[2])
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            (void)close(ends[i]);
}

static enum cs_status ask(const char *const *words, const int outputs[2],
                          const int complaints[2], int timeout_ms,
                          struct cs_strbuf *const to[2], int *ret_exit,
                          struct cs_error *err)
{
    char reason[128];
    pid_t pid;
    int rc = spawn(words, true, outputs[1], complaints[1], &pid);
    (void)close(outputs[1]);
    (void)close(complaints[1]);
    if (rc)
        return cs_error_set(err, rc == ENOENT ? CS_ERR_NOT_FOUND : CS_ERR_IO,
                            "%s could not be started: %s", words[0],
                            strerror_r(rc, reason, sizeof(reason)));
    const int fds[2] = {outputs[0], complaints[0]};
    const char *problem = drain_both(fds, timeout_ms, to);
    int wait_status = reap(pid, problem != NULL, timeout_ms);
    if (problem)
        return cs_error_set(err, CS_ERR_IO, "%s %s", words[0], problem);
    *ret_exit = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
                                       : 128 + WTERMSIG(wait_status);
    enum cs_status status = cs_strbuf_status(to[0], err);
    return status ? status : cs_strbuf_status(to[1], err);
}

enum cs_status cs_command_ask(const char *const *words, int timeout_ms,
                              struct cs_strbuf *out,
                              struct cs_strbuf *complaint, int *ret_exit,
                              struct cs_error *err)
{
    int outputs[2] = {-1, -1}, complaints[2] = {-1, -1};
    struct cs_strbuf *const to[2] = {out, complaint};
    if (pipe2(outputs, O_CLOEXEC) != 0 || pipe2(complaints, O_CLOEXEC) != 0) {
        enum cs_status status =
            cs_error_errno(err, errno, "a pipe to %s", words[0]);
        close_pipe(outputs);
        close_pipe(complaints);
        return status;
    }
    enum cs_status status =
        ask(words, outputs, complaints, timeout_ms, to, ret_exit, err);
    (void)close(outputs[0]);
    (void)close(complaints[0]);
    return status;
}
