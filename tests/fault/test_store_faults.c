/*
 * test_store_faults.c - every file operation and every commit fails once.
 *
 * A mirror is synced, the source changes (an edit, a rename with children, a
 * swap of names, a new page, one that vanished), and it is synced again. Each
 * run is repeated in a child process with the fault point 1, 2, 3, ... failing
 * or killing, until the run passes them all. Whatever happened, the next run
 * must end with the same files and rows as a run that was never disturbed.
 *
 * Needs a build with CS_FAULTS.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct script_page before[] = {
    SCRIPT_PAGE("1", "Home", NULL, "Welcome", 1, "Runbook", NULL),
    SCRIPT_PAGE("2", "Runbook", "1", "Restart the pump", 1, NULL, "ops"),
    SCRIPT_PAGE("3", "On call", "2", "Ask Ada", 1, "Later", NULL),
    SCRIPT_PAGE("4", "A", "1", "text of four", 1, NULL, NULL),
    SCRIPT_PAGE("5", "B", "1", "text of five", 1, "Runbook", NULL),
    SCRIPT_PAGE("6", "Old", "1", "will vanish", 1, NULL, NULL),
};

static const struct script_page after[] = {
    SCRIPT_PAGE("1", "Home", NULL, "Welcome again", 2, "Runbook", NULL),
    SCRIPT_PAGE("2", "Manual", "1", "Restart the pump", 2, NULL, "pumps"),
    SCRIPT_PAGE("3", "On call", "2", "Ask Ada", 1, "Later", NULL),
    SCRIPT_PAGE("4", "B", "1", "text of four", 2, NULL, NULL),
    SCRIPT_PAGE("5", "A", "1", "text of five", 2, "Runbook", NULL),
    SCRIPT_PAGE("7", "Later", "1", "new", 1, NULL, NULL),
};

enum { EXIT_CLEAN_ERROR = 9 };

/* Sync in a child with a fault; returns its wait status. */
static int sync_with_fault(struct sandbox *box, unsigned point,
                           const char *action)
{
    char wish[64];
    (void)snprintf(wish, sizeof(wish), "%u:%s", point, action);
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_run_summary summary;
        (void)signal(SIGSEGV, SIG_DFL); /* cmocka's handler is the parent's */
        (void)signal(SIGABRT, SIG_DFL);
        (void)setenv("CS_FAULT", wish, 1);
        enum cs_status status =
            script_try(box, after, CS_ARRAY_LEN(after), &summary, &err);
        bool clean = status == CS_OK || err.message[0];
        _exit(status == CS_OK ? 0 : clean ? EXIT_CLEAN_ERROR : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void snapshot(struct sandbox *box, struct cs_strbuf *out)
{
    sandbox_tree(box, "wiki/ENG", out);
    sandbox_tree(box, "wiki/.stage", out);
    script_dump(box, out);
}

static void undisturbed(struct cs_strbuf *out)
{
    void *state = NULL;
    assert_int_equal(sandbox_setup(&state), 0);
    SCRIPT_RUN(state, before);
    SCRIPT_RUN(state, after);
    snapshot(state, out);
    assert_int_equal(sandbox_teardown(&state), 0);
}

static void report_difference(unsigned point, const char *action,
                              const char *have, const char *want)
{
    size_t line = 0;
    for (size_t i = 0; have[i] && have[i] == want[i]; i++)
        if (have[i] == '\n')
            line = i + 1;
    fail_msg("%s at point %u: have \"%.*s\", undisturbed \"%.*s\"", action,
             point, (int)strcspn(have + line, "\n"), have + line,
             (int)strcspn(want + line, "\n"), want + line);
}

/* One fault, then a run without; true while the point was reached. */
static bool converges(unsigned point, const char *action,
                      const struct cs_strbuf *want)
{
    void *state = NULL;
    struct cs_strbuf have CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    assert_int_equal(sandbox_setup(&state), 0);
    SCRIPT_RUN(state, before);
    int status = sync_with_fault(state, point, action);
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    bool failed = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CLEAN_ERROR;
    bool passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    assert_true(killed || failed || passed);
    SCRIPT_RUN(state, after);
    snapshot(state, &have);
    if (strcmp(have.data, want->data) != 0)
        report_difference(point, action, have.data, want->data);
    assert_int_equal(sandbox_teardown(&state), 0);
    return !passed;
}

static void check(const char *action)
{
    struct cs_strbuf want CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    unsigned points = 0;
    undisturbed(&want);
    /* Some failures are survived on the spot, so a run that passes is the
     * last one only if several in a row do. */
    for (unsigned quiet = 0; quiet < 10; points++)
        quiet = converges(points + 1, action, &want) ? 0 : quiet + 1;
    print_message("%s: %u points\n", action, points - 10);
    assert_true(points > 40);
}

static void test_kill(void **state)
{
    (void)state;
    check("kill");
}

static void test_full_disk(void **state)
{
    (void)state;
    check("ENOSPC");
}

static void test_io_error(void **state)
{
    (void)state;
    check("EIO");
}

static void test_no_permission(void **state)
{
    (void)state;
    check("EACCES");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kill),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_io_error),
        cmocka_unit_test(test_no_permission),
    };
    return cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
}
