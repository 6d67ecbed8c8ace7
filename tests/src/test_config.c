/*
 * test_config.c - file, environment and defaults, and every refusal.
 */
#include "tests/lib/test.h"

#include "src/config.h"
#include "src/text.h"

#include <sys/stat.h>
#include <unistd.h>

/* A home folder of its own, and an environment of up to eight variables. */
struct sandbox {
    char home[64], file[128];
    const char *names[8], *values[8];
    size_t n;
    struct cs_config *config;
    struct cs_error err;
};

static const char *sandbox_getenv(void *ctx, const char *name)
{
    struct sandbox *box = ctx;
    for (size_t i = 0; i < box->n; i++) {
        if (strcmp(box->names[i], name) == 0)
            return box->values[i];
    }
    return NULL;
}

static void set_variable(struct sandbox *box, const char *name,
                         const char *value)
{
    box->names[box->n] = name;
    box->values[box->n++] = value;
}

static int setup(void **state)
{
    struct sandbox *box = calloc(1, sizeof(*box));
    if (!box)
        return -1;
    (void)snprintf(box->home, sizeof(box->home), "/tmp/cs-config-XXXXXX");
    if (!mkdtemp(box->home))
        return -1;
    (void)snprintf(box->file, sizeof(box->file), "%s/config", box->home);
    set_variable(box, "HOME", box->home);
    *state = box;
    return 0;
}

static int teardown(void **state)
{
    struct sandbox *box = *state;
    (void)unlink(box->file);
    (void)rmdir(box->home);
    cs_config_free(box->config);
    free(box);
    return 0;
}

static void write_file(struct sandbox *box, const char *text, size_t len,
                       mode_t mode)
{
    FILE *file = fopen(box->file, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(box->file, mode), 0);
}

/* Load `text` (NULL: no file). Returns the status. */
static enum cs_status load(struct sandbox *box, const char *text)
{
    struct cs_config_options options = {.getenv = sandbox_getenv, .ctx = box};
    if (text) {
        write_file(box, text, strlen(text), 0600);
        options.file = box->file;
    }
    cs_config_free(box->config);
    box->config = NULL;
    return cs_config_load(&options, &box->config, &box->err);
}

/* Load `text`, which must fail with exactly this message, %s being the file. */
static void refused(struct sandbox *box, const char *text, const char *message)
{
    char want[512];
    assert_int_equal(load(box, text), CS_ERR_CONFIG);
    assert_null(box->config);
    (void)snprintf(want, sizeof(want), "%s:%s", box->file, message);
    assert_string_equal(box->err.message, want);
    assert_true(box->err.hint[0] != '\0');
}

static void test_defaults_without_anything(void **state)
{
    struct sandbox *box = *state;
    char want[128];
    assert_ok(load(box, NULL), &box->err);
    assert_int_equal(cs_config_n_sources(box->config), 0);
    (void)snprintf(want, sizeof(want), "%s/context-sync", box->home);
    assert_string_equal(cs_config_root(box->config), want);
    (void)snprintf(want, sizeof(want), "%s/context-sync/.cs", box->home);
    assert_string_equal(cs_config_index_dir(box->config), want);
    (void)snprintf(want, sizeof(want), "%s/.config/context-sync/config",
                   box->home);
    assert_string_equal(cs_config_path(box->config), want);
    assert_int_equal(cs_config_no_source(box->config, &box->err),
                     CS_ERR_CONFIG);
    assert_non_null(strstr(box->err.hint, "CONFLUENCE_BASE_URL="));
}

static void test_environment_makes_the_default_source(void **state)
{
    struct sandbox *box = *state;
    set_variable(box, "CONFLUENCE_BASE_URL", "https://acme.atlassian.net/wiki");
    set_variable(box, "CONFLUENCE_API_TOKEN", "t0ken");
    set_variable(box, "CONFLUENCE_SPACE_KEYS", " ENG, OPS ,");
    set_variable(box, "CONFLUENCE_OUTPUT_DIR", "~/out/");
    set_variable(box, "CONTEXT_SYNC_DIR", "/srv/mirror");
    assert_ok(load(box, NULL), &box->err);
    assert_int_equal(cs_config_n_sources(box->config), 1);
    const struct cs_source_config *source =
        cs_config_find_source(box->config, "confluence");
    assert_non_null(source);
    assert_ptr_equal(source, cs_config_source(box->config, 0));
    assert_null(cs_config_source(box->config, 1));
    assert_string_equal(source->type, "confluence");
    assert_string_equal(source->base_url, "https://acme.atlassian.net/wiki");
    assert_string_equal(source->api_token, "t0ken");
    assert_null(source->username);
    assert_int_equal(source->n_spaces, 2);
    assert_string_equal(source->spaces[0], "ENG");
    assert_string_equal(source->spaces[1], "OPS");
    assert_true(cs_str_ends(source->output_dir, "/out"));
    assert_true(cs_str_starts(source->output_dir, box->home));
    assert_string_equal(cs_config_root(box->config), "/srv/mirror");
    assert_int_equal(source->jobs, 4);
    assert_true(source->max_rps == 8.0);
    assert_int_equal(source->attachments, CS_ATTACHMENTS_REFERENCED);
    assert_int_equal(source->attachment_max_size, 20 * 1000 * 1000);
    assert_true(source->comments);
    assert_false(source->allow_http);
    assert_int_equal(source->keep_deleted_ms, INT64_C(30) * 86400 * 1000);
    assert_int_equal(source->reconcile_interval_ms, 0);
    assert_int_equal(source->sweep_requests, 50);
    assert_int_equal(source->run_budget_ms, 50 * 60 * 1000);
    assert_false(source->restrictions);
    assert_int_equal(source->deletion_brake_percent, 10);
    assert_int_equal(source->deletion_brake_count, 20);
    assert_int_equal(source->deployment, CS_DEPLOYMENT_AUTO);
    assert_ok(cs_source_config_check(source, &box->err), &box->err);
}

static const char two_sources[] =
    "# the mirror\n"
    "root = \"/data/mirror\" // local disk\n"
    "jobs = 8\n"
    "/* two\n   lines */\n"
    "deletion_brake = {\"5 %\", 7}\n"
    "source confluence {\n"
    "    base_url = https://acme.atlassian.net/wiki\n"
    "    username = 'ada@acme.com'\n"
    "    api_token_file = token\n"
    "    space_keys = {ENG, \"~ada\"}\n"
    "    attachments = none\n"
    "    attachment_max_size = \"3 MiB\"\n"
    "    reconcile_interval = 12h\n"
    "    keep_deleted = 0\n"
    "    run_budget = 0\n"
    "    restrictions = yes\n"
    "    exclude_titles = {\"Draft *\", \"*(old)\"}\n"
    "}\n"
    "source wiki-2 {\n"
    "    type = confluence\n"
    "    base_url = http://127.0.0.1:8080\n"
    "    jobs = 2\n"
    "    comments = no\n"
    "    deployment = Cloud\n"
    "    space_keys = \"*\"\n"
    "    deletion_brake = 100\n"
    "}\n";

static void test_file_with_two_sources(void **state)
{
    struct sandbox *box = *state;
    char want[160];
    assert_ok(load(box, two_sources), &box->err);
    assert_string_equal(cs_config_root(box->config), "/data/mirror");
    const struct cs_source_config *one = cs_config_source(box->config, 0);
    const struct cs_source_config *two =
        cs_config_find_source(box->config, "wiki-2");
    assert_string_equal(one->name, "confluence");
    assert_string_equal(one->username, "ada@acme.com");
    (void)snprintf(want, sizeof(want), "%s/token", box->home);
    assert_string_equal(one->api_token_file, want);
    assert_int_equal(one->jobs, 8);
    assert_int_equal(one->deletion_brake_percent, 5);
    assert_int_equal(one->deletion_brake_count, 7);
    assert_int_equal(one->attachments, CS_ATTACHMENTS_NONE);
    assert_int_equal(one->attachment_max_size, 3 << 20);
    assert_int_equal(one->reconcile_interval_ms, 12 * 3600 * 1000);
    assert_int_equal(one->keep_deleted_ms, 0);
    assert_int_equal(one->run_budget_ms, 0);
    assert_true(one->restrictions);
    assert_int_equal(one->exclude_titles.n, 2);
    assert_true(cs_patterns_match(&one->exclude_titles, "draft of a plan"));
    assert_true(cs_patterns_match(&one->exclude_titles, "Plan (old)"));
    assert_false(cs_patterns_match(&one->exclude_titles, "Plan"));
    assert_false(cs_patterns_match(&two->exclude_labels, "Plan"));
    assert_string_equal(one->spaces[1], "~ada");
    assert_int_equal(two->jobs, 2);
    assert_string_equal(two->type, "confluence");
    assert_int_equal(two->n_spaces, 0);
    assert_int_equal(two->deletion_brake_percent, 10);
    assert_int_equal(two->deletion_brake_count, 100);
    assert_int_equal(two->deployment, CS_DEPLOYMENT_CLOUD);
    assert_false(two->comments);
    assert_true(two->max_rps == 0.0); /* loopback */
}

static void test_environment_wins_over_the_file(void **state)
{
    struct sandbox *box = *state;
    set_variable(box, "CONFLUENCE_BASE_URL", "https://other.example/wiki");
    set_variable(box, "CONFLUENCE_SPACE_KEYS", "");
    set_variable(box, "CONFLUENCE_USERNAME", "");
    assert_ok(load(box, two_sources), &box->err);
    const struct cs_source_config *one = cs_config_source(box->config, 0);
    const struct cs_source_config *two = cs_config_source(box->config, 1);
    assert_int_equal(cs_config_n_sources(box->config), 2);
    assert_string_equal(one->base_url, "https://other.example/wiki");
    assert_int_equal(one->n_spaces, 0);
    assert_string_equal(one->username, "ada@acme.com");
    assert_string_equal(two->base_url, "http://127.0.0.1:8080");
}

static void test_refusals_name_file_and_line(void **state)
{
    struct sandbox *box = *state;
    refused(box, "# one\n# two\n\nmax_rsp = 3\n", "4: unknown key \"max_rsp\"");
    assert_string_equal(box->err.hint, "did you mean max_rps?");
    refused(box, "base_url = x\n", "1: unknown key \"base_url\"");
    assert_non_null(strstr(box->err.hint, "source confluence {"));
    refused(box, "source a {\n root = /x\n}\n", "2: unknown key \"root\"");
    refused(box, "jobs = 65\n", "1: jobs: \"65\" is not a number from 1 to 64");
    refused(box, "jobs = -1\n", "1: jobs: \"-1\" is not a number from 1 to 64");
    refused(box, "max_rps = nan\n",
            "1: max_rps: \"nan\" is not a number of requests a second, or 0");
    refused(box, "attachment_max_size = 20\n",
            "1: attachment_max_size: \"20\" is not a size such as \"20 MB\"");
    refused(box, "attachment_max_size = 9000000000GB\n",
            "1: attachment_max_size: \"9000000000GB\" is not a size such as "
            "\"20 MB\"");
    refused(box, "\nkeep_deleted = auto\n",
            "2: keep_deleted: \"auto\" is not a time such as \"30d\", or 0");
    refused(box, "attachments = some\n",
            "1: attachments: \"some\" is not one of: referenced, all, none");
    refused(box, "source a {\n allow_http = maybe\n}\n",
            "2: allow_http: \"maybe\" is not yes or no");
    refused(box, "deletion_brake = {\"101 %\"}\n",
            "1: deletion_brake: \"101 %\" is not a share such as \"10 %\" or a "
            "number such as 20");
    refused(box, "source a {}\n\nsource a {}\n",
            "3: found duplicate title 'a'");
    refused(box, "jobs = 4 extra = 1\n", "1: unknown key \"extra\"");
    refused(box, "jobs = 4\nroot = /a#b\n", "2: '#' in the middle of a value");
    refused(box, "root = \"/a\n", "1: a quote that is never closed");
}

static void test_refusals_without_a_line(void **state)
{
    struct sandbox *box = *state;
    assert_int_equal(load(box, "source Logs {}\n"), CS_ERR_CONFIG);
    assert_non_null(strstr(box->err.message, "cannot be the name"));
    assert_int_equal(load(box, "source logs {}\n"), CS_ERR_CONFIG);
    assert_int_equal(load(box, "source \"../x\" {}\n"), CS_ERR_CONFIG);
    write_file(box, "a\0b", 3, 0600);
    struct cs_config_options options = {
        .file = box->file, .getenv = sandbox_getenv, .ctx = box};
    assert_int_equal(cs_config_load(&options, &box->config, &box->err),
                     CS_ERR_CONFIG);
    options.file = "/nonexistent/config";
    assert_int_equal(cs_config_load(&options, &box->config, &box->err),
                     CS_ERR_CONFIG);
    set_variable(box, "CONFLUENCE_BASE_URL", "https://a.example");
    set_variable(box, "CONFLUENCE_DEPLOYMENT", "server");
    assert_int_equal(load(box, NULL), CS_ERR_CONFIG);
    assert_true(cs_str_starts(box->err.message,
                              "CONFLUENCE_DEPLOYMENT: deployment: \"server\" "
                              "is not one of:"));
}

static void test_a_token_is_for_its_owner(void **state)
{
    struct sandbox *box = *state;
    struct cs_config_options options = {
        .file = box->file, .getenv = sandbox_getenv, .ctx = box};
    const char text[] = "source confluence {\n api_token = \"s3cret=\"\n}\n";
    write_file(box, text, strlen(text), 0640);
    assert_int_equal(cs_config_load(&options, &box->config, &box->err),
                     CS_ERR_CONFIG);
    assert_non_null(strstr(box->err.message, "mode 640"));
    assert_true(cs_str_starts(box->err.hint, "run: chmod 600 /tmp/cs-config-"));
    assert_int_equal(chmod(box->file, 0600), 0);
    assert_ok(cs_config_load(&options, &box->config, &box->err), &box->err);
    assert_string_equal(cs_config_source(box->config, 0)->api_token, "s3cret=");
}

static void test_a_secret_is_not_repeated(void **state)
{
    struct sandbox *box = *state;
    refused(box, "source confluence {\n api_token = \"s3\tcret\"\n}\n",
            "2: api_token: holds a control character");
    assert_int_equal(load(box, "source confluence { api_token = s3cret=x }\n"),
                     CS_ERR_CONFIG);
    assert_null(strstr(box->err.message, "s3cret"));
    assert_null(strstr(box->err.hint, "s3cret"));
}

static void test_check_says_what_is_missing(void **state)
{
    struct sandbox *box = *state;
    (void)unsetenv("CREDENTIALS_DIRECTORY");
    set_variable(box, "CONFLUENCE_USERNAME", "ada");
    assert_ok(load(box, "source other { api_token_command = \"pass x\" }\n"),
              &box->err);
    assert_int_equal(
        cs_source_config_check(cs_config_source(box->config, 0), &box->err),
        CS_ERR_CONFIG);
    assert_string_equal(box->err.message, "source other has no base_url");
    assert_int_equal(
        cs_source_config_check(cs_config_find_source(box->config, "confluence"),
                               &box->err),
        CS_ERR_CONFIG);
    assert_string_equal(box->err.message,
                        "source confluence has no base_url and no api_token");
    assert_non_null(strstr(box->err.hint, "CONFLUENCE_BASE_URL=https://"));
    assert_non_null(strstr(box->err.hint, "CONFLUENCE_API_TOKEN="));
}

static void test_description_lists_every_default(void **state)
{
    (void)state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(10000);
    cs_config_describe(&text);
    assert_int_equal(cs_strbuf_status(&text, NULL), CS_OK);
    assert_non_null(strstr(text.data, "jobs "));
    assert_non_null(strstr(text.data, "default 10 %, 20"));
    assert_non_null(strstr(text.data, "$CONFLUENCE_SPACE_KEYS"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_defaults_without_anything),
        CASE(test_environment_makes_the_default_source),
        CASE(test_file_with_two_sources),
        CASE(test_environment_wins_over_the_file),
        CASE(test_refusals_name_file_and_line),
        CASE(test_refusals_without_a_line),
        CASE(test_a_token_is_for_its_owner),
        CASE(test_a_secret_is_not_repeated),
        CASE(test_check_says_what_is_missing),
        cmocka_unit_test(test_description_lists_every_default),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
