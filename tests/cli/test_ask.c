/*
 * test_ask.c - a question on a terminal, and Ctrl-C at the worst moment.
 */
#include "tests/lib/test.h"

#include "cli/ask.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

static volatile sig_atomic_t cancel, press;

static void on_interrupt(int number)
{
    (void)number;
    cancel = 1;
}

int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit,
                 const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit,
                 const sigset_t *mask);

/* The line was announced; before it is read the terminal takes it away, as it
 * does at Ctrl-C. */
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit,
                 const sigset_t *mask)
{
    int ready = __real_ppoll(fds, n, limit, mask);
    if (ready > 0 && press) {
        (void)tcflush(fds->fd, TCIFLUSH);
        (void)raise(SIGINT);
    }
    return ready;
}

/* In a process of its own, whose terminal it is: asks, and says how it went. */
static _Noreturn void answer_one(int terminal, bool secret)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf out = CS_STRBUF_INIT(2 * CS_ASK_MAX);
    struct cs_app app = {.cancel = &cancel, .err_terminal.tty = true};
    const struct sigaction action = {.sa_handler = on_interrupt};
    if (login_tty(terminal) != 0 || sigaction(SIGINT, &action, NULL) != 0)
        _exit(3);
    (void)alarm(20); /* a question that hangs ends the test */
    app.err = stderr;
    enum cs_status status = secret
                                ? cs_ask_secret(&app, "Word", &out, &err)
                                : cs_ask_line(&app, "Word", "none", &out, &err);
    if (status == CS_OK && strcmp(out.data, "hunter two") != 0)
        _exit(4);
    _exit(status == CS_OK ? 0 : status == CS_ERR_CANCELLED ? 1 : 2);
}

/* Type the line at once, before the question is asked. */
static int ask(bool secret, bool interrupted)
{
    int terminal = -1, theirs = -1, status = 0;
    assert_int_equal(openpty(&terminal, &theirs, NULL, NULL, NULL), 0);
    press = interrupted;
    pid_t child = fork();
    if (child == 0) {
        (void)close(terminal);
        answer_one(theirs, secret);
    }
    assert_true(child > 0);
    assert_int_equal(write(terminal, " hunter two \n", 13), 13);
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)close(theirs);
    (void)close(terminal);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void test_answers(void **state)
{
    (void)state;
    assert_int_equal(ask(false, false), 0);
    assert_int_equal(ask(true, false), 0);
}

static void test_interrupted_between_poll_and_read(void **state)
{
    (void)state;
    assert_int_equal(ask(false, true), 1);
    assert_int_equal(ask(true, true), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_interrupted_between_poll_and_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
