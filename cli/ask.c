/*
 * ask.c - one line from a terminal, shown or not.
 *
 * The signals that end a program are held back but while it waits, so that none
 * can slip between looking at the flag and waiting, and none finds the terminal
 * without echo. Reading must not wait then: Ctrl-C takes a line away that was
 * announced already. So the terminal is opened anew, to be read without
 * blocking; the one at standard input is shared with the shell.
 */
#include "cli/ask.h"

#include "src/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

bool cs_ask_possible(const struct cs_app *app)
{
    return app->err_terminal.tty && isatty(STDIN_FILENO);
}

void cs_ask_wipe(struct cs_strbuf *secret)
{
    if (secret->cap)
        explicit_bzero(secret->data, secret->cap);
    cs_strbuf_clear(secret);
}

static enum cs_status cancelled(struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_CANCELLED, "stopped at a question");
    cs_error_hint(err, "run it again to go on");
    return CS_ERR_CANCELLED;
}

static void trim(struct cs_strbuf *line)
{
    size_t blanks = strspn(line->data, " \t\r\n");
    cs_strbuf_splice(line, 0, blanks, "", 0);
    cs_strbuf_rtrim(line);
}

/* Bytes up to the end of a line, which is dropped. */
static enum cs_status read_line(const struct cs_app *app, int fd,
                                const sigset_t *open, struct cs_strbuf *out,
                                struct cs_error *err)
{
    for (;;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        char c;
        if (*app->cancel)
            return cancelled(err);
        if (ppoll(&wait, 1, NULL, open) < 0) {
            if (errno == EINTR)
                continue;
            return cs_error_errno(err, errno, "the terminal");
        }
        ssize_t n = read(fd, &c, 1);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            return cancelled(err);
        if (c == '\n')
            return cs_strbuf_status(out, err);
        cs_strbuf_putc(out, c);
    }
}

/* Without echo nothing may end or stop the program behind our back. */
static bool hide(int fd, struct termios *ret_was)
{
    if (tcgetattr(fd, ret_was) != 0)
        return false;
    struct termios hidden = *ret_was;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
    hidden.c_cc[VQUIT] = _POSIX_VDISABLE;
    return tcsetattr(fd, TCSANOW, &hidden) == 0;
}

static enum cs_status ask(const struct cs_app *app, const char *prompt,
                          bool secret, struct cs_strbuf *out,
                          struct cs_error *err)
{
    struct termios was;
    sigset_t held, before;
    cs_strbuf_reset(out);
    if (!cs_strbuf_reserve(out, CS_ASK_MAX))
        return cs_strbuf_status(out, err);
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &held, &before);
    /* Without a terminal of our own no Ctrl-C comes from one. */
    int own = open("/dev/tty", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int fd = own < 0 ? STDIN_FILENO : own;
    bool hidden = secret && hide(fd, &was);
    (void)fputs(prompt, app->err);
    (void)fflush(app->err);
    enum cs_status status = secret && !hidden
                                ? cs_error_set(err, CS_ERR_IO,
                                               "the terminal cannot hide "
                                               "what is typed")
                                : read_line(app, fd, &before, out, err);
    if (hidden)
        (void)tcsetattr(fd, TCSANOW, &was);
    if (hidden || status != CS_OK)
        (void)fputc('\n', app->err);
    if (own >= 0)
        (void)close(own);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    trim(out);
    return status;
}

enum cs_status cs_ask_line(const struct cs_app *app, const char *question,
                           const char *fallback, struct cs_strbuf *out,
                           struct cs_error *err)
{
    struct cs_strbuf prompt CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 * CS_ASK_MAX);
    bool given = fallback && fallback[0] != '\0';
    cs_terminal_put(&app->err_terminal, CS_STYLE_TITLE, question, &prompt);
    if (given) {
        cs_strbuf_puts(&prompt, " [");
        cs_text_put_safe(&prompt, fallback, strlen(fallback), false);
        cs_strbuf_putc(&prompt, ']');
    }
    cs_strbuf_puts(&prompt, cs_str_ends(question, "?") && !given ? " " : ": ");
    enum cs_status status = ask(app, prompt.data, false, out, err);
    if (status == CS_OK && out->len == 0 && given)
        cs_strbuf_puts(out, fallback);
    return status;
}

enum cs_status cs_ask_secret(const struct cs_app *app, const char *question,
                             struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_strbuf prompt CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_ASK_MAX);
    cs_terminal_put(&app->err_terminal, CS_STYLE_TITLE, question, &prompt);
    cs_strbuf_puts(&prompt, ": ");
    return ask(app, prompt.data, true, out, err);
}

enum cs_status cs_ask_yes(const struct cs_app *app, const char *question,
                          bool fallback, bool *ret, struct cs_error *err)
{
    static const char *const words[] = {"n", "no", "y", "yes"};
    struct cs_strbuf answer CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_ASK_MAX);
    struct cs_strbuf prompt CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_ASK_MAX);
    cs_terminal_put(&app->err_terminal, CS_STYLE_TITLE, question, &prompt);
    cs_strbuf_puts(&prompt, fallback ? " [Y/n] " : " [y/N] ");
    for (;;) {
        enum cs_status status = ask(app, prompt.data, false, &answer, err);
        if (status != CS_OK)
            return status;
        if (answer.len == 0) {
            *ret = fallback;
            return CS_OK;
        }
        for (size_t i = 0; i < CS_ARRAY_LEN(words); i++) {
            if (cs_ascii_casecmp(answer.data, words[i]) == 0) {
                *ret = i >= 2;
                return CS_OK;
            }
        }
        (void)fputs("Please answer y or n.\n", app->err);
    }
}

enum cs_status cs_ask_read(int fd, const char *what, struct cs_strbuf *out,
                           struct cs_error *err)
{
    cs_strbuf_reset(out);
    if (!cs_strbuf_reserve(out, CS_ASK_MAX))
        return cs_strbuf_status(out, err);
    while (out->len < CS_ASK_MAX) {
        ssize_t n = read(fd, out->data + out->len, CS_ASK_MAX - out->len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cs_error_errno(err, errno, "%s", what);
        if (n == 0)
            break;
        out->len += (size_t)n;
    }
    bool full = out->len == CS_ASK_MAX;
    out->data[out->len] = '\0';
    trim(out);
    if (!full && out->len > 0)
        return CS_OK;
    return cs_error_set(err, CS_ERR_CONFIG, "%s %s", what,
                        full ? "holds more than a token" : "is empty");
}
