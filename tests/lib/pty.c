/*
 * pty.c - cs-test-pty SCRIPT COMMAND...: run a command on a terminal of its
 * own and talk to it as SCRIPT says, a step a line:
 *
 *     expect TEXT   wait until it was printed, behind what was expected before
 *     send TEXT     type it, and Enter
 *     key C-c       type a control character
 *     hidden        wait until what is typed does not show
 *     shown         wait until it shows
 *     lacks TEXT    it was not printed up to now
 *     signal TERM   send a signal
 *     size COLUMNS  of the terminal
 *
 * Prints all that was shown. Exits with the status of the command; with 125
 * when a step failed, or when the command left the terminal changed.
 */
#include "src/cs.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#define SHOWN_MAX  ((size_t)1 << 20)
#define PATIENCE_S 30

struct talk {
    pid_t child;
    int fd;
    char *shown;
    size_t len, from; /* from: behind what was expected last */
    bool ended;
    int status; /* as waitpid(2) has it */
};

static void give_up(struct talk *talk, const char *what, const char *step)
{
    (void)fwrite(talk->shown, 1, talk->len, stdout);
    (void)fflush(stdout);
    (void)fprintf(stderr, "cs-test-pty: %s: %s\n", what, step);
    (void)kill(talk->child, SIGKILL);
    exit(125);
}

/* Take in what is there, waiting for at most `ms`. False when there was
 * nothing, and will be nothing. */
static bool listen_for(struct talk *talk, int ms)
{
    struct pollfd wait = {.fd = talk->fd, .events = POLLIN};
    if (!talk->ended)
        talk->ended = waitpid(talk->child, &talk->status, WNOHANG) != 0;
    if (poll(&wait, 1, ms) <= 0)
        return !talk->ended;
    ssize_t n =
        read(talk->fd, talk->shown + talk->len, SHOWN_MAX - talk->len - 1);
    talk->len += n > 0 ? (size_t)n : 0;
    talk->shown[talk->len] = '\0';
    return n > 0;
}

static bool echoes(const struct talk *talk)
{
    struct termios modes;
    return tcgetattr(talk->fd, &modes) == 0 && (modes.c_lflag & ECHO);
}

static void expect(struct talk *talk, const char *text)
{
    time_t end = time(NULL) + PATIENCE_S;
    for (;;) {
        const char *hit = strstr(talk->shown + talk->from, text);
        if (hit) {
            talk->from = (size_t)(hit - talk->shown) + strlen(text);
            return;
        }
        if (time(NULL) > end || !listen_for(talk, 200))
            give_up(talk, "never shown", text);
    }
}

static void await_echo(struct talk *talk, bool want, const char *step)
{
    for (int i = 0; echoes(talk) != want; i++) {
        if (i > PATIENCE_S * 20)
            give_up(talk, "the terminal is not so", step);
        (void)listen_for(talk, 50);
    }
}

static void type(const struct talk *talk, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(talk->fd, text, len);
        if (n < 0 && errno != EINTR)
            return;
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
}

static void press(struct talk *talk, const char *name)
{
    char c = name[0] == 'C' && name[1] == '-' ? (char)(name[2] & 0x1f) : '\0';
    if (!c)
        give_up(talk, "no such key", name);
    type(talk, &c, 1);
}

static void send_signal(struct talk *talk, const char *name)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"TERM", SIGTERM}, {"INT", SIGINT}, {"HUP", SIGHUP}};
    for (size_t i = 0; i < CS_ARRAY_LEN(signals); i++)
        if (strcmp(signals[i].name, name) == 0)
            (void)kill(talk->child, signals[i].number);
}

static void step(struct talk *talk, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *text = line + strcspn(line, " ");
    if (*text)
        *text++ = '\0';
    if (strcmp(line, "expect") == 0)
        expect(talk, text);
    else if (strcmp(line, "send") == 0) {
        type(talk, text, strlen(text));
        type(talk, "\n", 1);
    } else if (strcmp(line, "key") == 0)
        press(talk, text);
    else if (strcmp(line, "hidden") == 0 || strcmp(line, "shown") == 0)
        await_echo(talk, line[0] == 's', line);
    else if (strcmp(line, "lacks") == 0) {
        if (strstr(talk->shown, text))
            give_up(talk, "was shown", text);
    } else if (strcmp(line, "signal") == 0)
        send_signal(talk, text);
    else if (strcmp(line, "size") == 0) {
        struct winsize size = {
            .ws_row = 40, .ws_col = (unsigned short)strtoul(text, NULL, 10)};
        (void)ioctl(talk->fd, TIOCSWINSZ, &size);
    } else if (*line && *line != '#')
        give_up(talk, "no such step", line);
}

/* The rest of what is shown, and how it ended. */
static int finish(struct talk *talk, const struct termios *before, int keep)
{
    struct termios after;
    time_t end = time(NULL) + PATIENCE_S;
    while (listen_for(talk, 100))
        if (time(NULL) > end)
            give_up(talk, "it does not end", "");
    bool same = tcgetattr(keep, &after) == 0 &&
                after.c_lflag == before->c_lflag &&
                memcmp(after.c_cc, before->c_cc, sizeof(after.c_cc)) == 0;
    if (!same)
        give_up(talk, "the terminal was left changed", "");
    (void)fwrite(talk->shown, 1, talk->len, stdout);
    return WIFEXITED(talk->status) ? WEXITSTATUS(talk->status)
                                   : 128 + WTERMSIG(talk->status);
}

int main(int argc, char **argv)
{
    struct talk talk = {.shown = calloc(1, SHOWN_MAX)};
    struct winsize size = {.ws_row = 40, .ws_col = 80};
    struct termios before;
    char line[1024];
    int slave = -1;
    FILE *script = argc > 2 ? fopen(argv[1], "r") : NULL;
    if (!script || !talk.shown ||
        openpty(&talk.fd, &slave, NULL, NULL, &size) != 0 ||
        tcgetattr(slave, &before) != 0)
        return 125;
    talk.child = fork();
    if (talk.child == 0) {
        (void)close(talk.fd);
        (void)fclose(script);
        if (login_tty(slave) == 0)
            (void)execvp(argv[2], argv + 2);
        _exit(127);
    }
    /* `slave` stays open, so that its modes can be looked at after the end. */
    while (talk.child > 0 && fgets(line, sizeof(line), script))
        step(&talk, line);
    (void)fclose(script);
    int status = talk.child > 0 ? finish(&talk, &before, slave) : 125;
    free(talk.shown);
    return status;
}
