/*
 * test_credential.c - where a token may come from, and what is refused.
 */
#include "tests/lib/test.h"

#include "src/command.h"
#include "src/credential.h"
#include "tests/lib/sandbox.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

/* Load and compare; the error must not hold the secret. */
static void loads(struct cs_credential_spec spec, const char *secret)
{
    struct cs_credential *credential CS_CLEANUP(cs_credential_cleanup) = NULL;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_credential_load(&spec, &credential, &err), &err);
    assert_string_equal(cs_credential_secret(credential), secret);
}

static struct cs_error refuses(struct cs_credential_spec spec)
{
    struct cs_credential *credential = NULL;
    struct cs_error err = CS_ERROR_INIT;
    assert_int_equal(cs_credential_load(&spec, &credential, &err),
                     CS_ERR_CONFIG);
    assert_null(credential);
    assert_int_equal(err.status, CS_ERR_CONFIG);
    return err;
}

static void test_from_the_configuration(void **state)
{
    (void)state;
    struct cs_credential *credential CS_CLEANUP(cs_credential_cleanup) = NULL;
    struct cs_credential_spec spec = {.user = "ada@acme.test",
                                      .token = " ATATT3x= \n",
                                      .file = "/does/not/exist"};
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_credential_load(&spec, &credential, &err), &err);
    assert_string_equal(cs_credential_user(credential), "ada@acme.test");
    assert_string_equal(cs_credential_secret(credential), "ATATT3x=");
}

static void test_no_user_is_a_bearer_token(void **state)
{
    (void)state;
    struct cs_credential *credential CS_CLEANUP(cs_credential_cleanup) = NULL;
    struct cs_credential_spec spec = {.user = "", .token = "t"};
    assert_int_equal(cs_credential_load(&spec, &credential, NULL), CS_OK);
    assert_null(cs_credential_user(credential));
}

static void test_none(void **state)
{
    (void)state;
    struct cs_error err = refuses((struct cs_credential_spec){.token = ""});
    assert_non_null(strstr(err.hint, "CONFLUENCE_API_TOKEN"));
    (void)refuses((struct cs_credential_spec){.token = " \n"});
}

static void test_control_characters(void **state)
{
    (void)state;
    struct cs_error err =
        refuses((struct cs_credential_spec){.token = "abc\r\nX-Evil: 1"});
    assert_null(strstr(err.message, "abc"));
}

static void test_from_a_file(void **state)
{
    struct sandbox *box = *state;
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/token", box->root);
    write_file(path, "  from-file\n\n", 0600);
    loads((struct cs_credential_spec){.file = path}, "from-file");
    write_file(path, "from-file", 0640);
    struct cs_error err = refuses((struct cs_credential_spec){.file = path});
    assert_non_null(strstr(err.hint, "chmod 600 "));
    assert_null(strstr(err.message, "from-file"));
    write_file(path, "from-file", 0604);
    (void)refuses((struct cs_credential_spec){.file = path});
    write_file(path, "\n", 0600);
    (void)refuses((struct cs_credential_spec){.file = path});
}

static void test_files_that_are_none(void **state)
{
    struct sandbox *box = *state;
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/absent", box->root);
    struct cs_error err = refuses((struct cs_credential_spec){.file = path});
    assert_non_null(strstr(err.message, path));
    (void)snprintf(path, sizeof(path), "%s/fifo", box->root);
    assert_int_equal(mkfifo(path, 0600), 0);
    (void)refuses((struct cs_credential_spec){.file = path});
    (void)refuses((struct cs_credential_spec){.file = box->root});
}

static void test_file_too_large(void **state)
{
    struct sandbox *box = *state;
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/large", box->root);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 70000; i++)
        (void)fputc('x', file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    (void)refuses((struct cs_credential_spec){.file = path});
}

static void test_from_a_command(void **state)
{
    (void)state;
    loads((struct cs_credential_spec){.command = "printf '%s\\n' 'a b'"},
          "a b");
    loads((struct cs_credential_spec){.command = "echo $HOME;x"}, "$HOME;x");
    struct cs_error err =
        refuses((struct cs_credential_spec){.command = "false"});
    assert_string_equal(err.message,
                        "the command false failed (exit status 1)");
    err = refuses((struct cs_credential_spec){.command = "no-such-command-x"});
    assert_non_null(strstr(err.message, "could not be started"));
    (void)refuses((struct cs_credential_spec){.command = "true"});
    (void)refuses((struct cs_credential_spec){.command = "echo 'open"});
    (void)refuses((struct cs_credential_spec){.command = "yes"});
    (void)refuses((struct cs_credential_spec){.command = "cat"}); /* no input */
}

static void test_command_that_hangs(void **state)
{
    (void)state;
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    struct cs_error err = CS_ERROR_INIT;
    assert_int_equal(cs_command_read("sleep 60", 50, &out, &err),
                     CS_ERR_CONFIG);
    assert_string_equal(err.message, "the command sleep took too long");
    /* It closed its output, but does not go. */
    assert_int_equal(
        cs_command_read("sh -c 'exec sleep 60 >&-'", 50, &out, &err),
        CS_ERR_CONFIG);
    assert_string_equal(err.message, "the command sh failed (signal 9)");
}

static void test_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words[4];
    } rows[] = {
        {"a", {"a"}},
        {"  a\tb ", {"a", "b"}},
        {"a 'b c' \"d e\"", {"a", "b c", "d e"}},
        {"a\\ b '' \"\\\"\"", {"a b", "", "\""}},
        {"'a\\b'x\"y\"", {"a\\bxy"}},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        const char **words = NULL;
        assert_int_equal(cs_command_split(rows[i].text, &words, NULL), CS_OK);
        size_t n = 0;
        for (; rows[i].words[n]; n++)
            assert_string_equal(words[n], rows[i].words[n]);
        assert_null(words[n]);
        free(words);
    }
    const char **words = NULL;
    assert_int_equal(cs_command_split("", &words, NULL), CS_ERR_CONFIG);
    assert_int_equal(cs_command_split("'", &words, NULL), CS_ERR_CONFIG);
    char many[3 * CS_COMMAND_MAX_WORDS];
    memset(many, ' ', sizeof(many));
    many[sizeof(many) - 1] = '\0';
    for (size_t i = 0; i <= CS_COMMAND_MAX_WORDS; i++)
        many[2 * i] = 'w';
    assert_int_equal(cs_command_split(many, &words, NULL), CS_ERR_CONFIG);
}

static void test_from_systemd(void **state)
{
    struct sandbox *box = *state;
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/confluence", box->root);
    write_file(path, "from-systemd", 0440);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", box->root, 1), 0);
    loads((struct cs_credential_spec){.name = "confluence"}, "from-systemd");
    (void)refuses((struct cs_credential_spec){.name = "other"});
    (void)refuses((struct cs_credential_spec){.name = "../confluence"});
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    (void)refuses((struct cs_credential_spec){.name = "confluence"});
}

static void test_asking_a_program(void **state)
{
    (void)state;
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100000);
    struct cs_strbuf why CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100000);
    struct cs_error err = CS_ERROR_INIT;
    int rc = -1;
    /* More than a pipe holds, on both, and nothing to read. */
    const char *both[] = {"sh", "-c",
                          "cat; head -c 90000 /dev/zero | tr '\\0' e >&2;"
                          " head -c 90000 /dev/zero | tr '\\0' o; exit 5",
                          NULL};
    const char *slow[] = {"sleep", "60", NULL};
    const char *killed[] = {"sh", "-c", "kill -TERM $$", NULL};
    const char *none[] = {"/does/not/exist", NULL};
    assert_ok(cs_command_ask(both, 20000, &out, &why, &rc, &err), &err);
    assert_int_equal(rc, 5);
    assert_int_equal(out.len, 90000);
    assert_int_equal(why.len, 90000);
    assert_int_equal(out.data[0], 'o');
    assert_int_equal(why.data[0], 'e');
    assert_int_equal(cs_command_ask(both, 20000, &out, &why, &rc, &err),
                     CS_ERR_LIMIT);
    cs_strbuf_reset(&out);
    cs_strbuf_reset(&why);
    assert_int_equal(cs_command_ask(slow, 50, &out, &why, &rc, &err),
                     CS_ERR_IO);
    assert_string_equal(err.message, "sleep took too long");
    assert_ok(cs_command_ask(killed, 20000, &out, &why, &rc, &err), &err);
    assert_int_equal(rc, 128 + 15);
    assert_int_equal(cs_command_ask(none, 50, &out, &why, &rc, &err),
                     CS_ERR_NOT_FOUND);
}

/* The first pipe can be had, the second cannot. */
static void test_no_pipe(void **state)
{
    (void)state;
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    struct cs_error err = CS_ERROR_INIT;
    const char *words[] = {"true", NULL};
    struct rlimit before;
    int rc = -1, next = open("/dev/null", O_RDONLY);
    assert_true(next >= 0);
    assert_int_equal(close(next), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit few = {(rlim_t)next + 3, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    enum cs_status status = cs_command_ask(words, 50, &out, &out, &rc, &err);
    int again = open("/dev/null", O_RDONLY);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(status, CS_ERR_IO);
    assert_string_equal(err.message, "a pipe to true: Too many open files");
    assert_int_equal(again, next); /* none was kept */
    assert_int_equal(close(again), 0);
}

#define IN_SANDBOX(test)                                                       \
    cmocka_unit_test_setup_teardown(test, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_the_configuration),
        cmocka_unit_test(test_no_user_is_a_bearer_token),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_control_characters),
        IN_SANDBOX(test_from_a_file),
        IN_SANDBOX(test_files_that_are_none),
        IN_SANDBOX(test_file_too_large),
        cmocka_unit_test(test_from_a_command),
        cmocka_unit_test(test_command_that_hangs),
        cmocka_unit_test(test_asking_a_program),
        cmocka_unit_test(test_no_pipe),
        cmocka_unit_test(test_words),
        IN_SANDBOX(test_from_systemd),
    };
    return cmocka_run_group_tests_name("credential", tests, NULL, NULL);
}
