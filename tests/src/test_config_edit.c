/*
 * test_config_edit.c - what was set is what is read; all else stays.
 */
#include "tests/lib/test.h"

#include "src/config.h"
#include "src/config_edit.h"
#include "src/file.h"

#include <sys/stat.h>
#include <unistd.h>

struct sandbox {
    char home[64], file[128], tmp[160];
    struct cs_config *config;
    struct cs_config_edit *edit;
    struct cs_error err;
};

static int setup(void **state)
{
    struct sandbox *box = calloc(1, sizeof(*box));
    if (!box)
        return -1;
    (void)snprintf(box->home, sizeof(box->home), "/tmp/cs-edit-XXXXXX");
    if (!mkdtemp(box->home))
        return -1;
    (void)snprintf(box->file, sizeof(box->file), "%s/config", box->home);
    (void)snprintf(box->tmp, sizeof(box->tmp), "%s.tmp", box->file);
    *state = box;
    return 0;
}

static int teardown(void **state)
{
    struct sandbox *box = *state;
    (void)unlink(box->file);
    (void)unlink(box->tmp);
    (void)rmdir(box->home);
    cs_config_free(box->config);
    cs_config_edit_free(box->edit);
    free(box);
    return 0;
}

static void write_file(struct sandbox *box, const char *text)
{
    assert_ok(cs_file_write(box->file, text, strlen(text), &box->err),
              &box->err);
}

static void open_text(struct sandbox *box, const char *text)
{
    (void)unlink(box->file);
    if (text)
        write_file(box, text);
    cs_config_edit_free(box->edit);
    box->edit = NULL;
    assert_ok(cs_config_edit_open(box->file, &box->edit, &box->err), &box->err);
}

static void set(struct sandbox *box, const char *source, const char *key,
                const char *text)
{
    assert_ok(cs_config_edit_set_text(box->edit, source, key, text, &box->err),
              &box->err);
}

static void unset(struct sandbox *box, const char *source, const char *key,
                  bool want)
{
    bool found = !want;
    assert_ok(cs_config_edit_unset(box->edit, source, key, &found, &box->err),
              &box->err);
    assert_int_equal(found, want);
}

static const char *no_variables(CS_UNUSED void *ctx, const char *name)
{
    return strcmp(name, "HOME") == 0 ? "/home/ada" : NULL;
}

static const struct cs_source_config *save_and_load(struct sandbox *box,
                                                    const char *source)
{
    const struct cs_config_options options = {.file = box->file,
                                              .getenv = no_variables};
    assert_ok(cs_config_edit_save(box->edit, &box->err), &box->err);
    cs_config_free(box->config);
    box->config = NULL;
    assert_ok(cs_config_load(&options, &box->config, &box->err), &box->err);
    return cs_config_find_source(box->config, source);
}

static void test_a_new_file(void **state)
{
    struct sandbox *box = *state;
    struct stat st;
    open_text(box, NULL);
    assert_false(cs_config_edit_changed(box->edit));
    set(box, "confluence", "base_url", "https://wiki.example.org");
    set(box, "confluence", "api_token", "s3cret");
    set(box, "confluence", "space_keys", "ENG, OPS");
    set(box, NULL, "jobs", "8");
    assert_true(cs_config_edit_changed(box->edit));
    assert_string_equal(cs_config_edit_text(box->edit),
                        "# Configuration of cs; cs help keys describes it.\n"
                        "\n"
                        "jobs = 8\n"
                        "\n"
                        "source confluence {\n"
                        "    base_url = \"https://wiki.example.org\"\n"
                        "    api_token = s3cret\n"
                        "    space_keys = {ENG, OPS}\n"
                        "}\n");
    assert_int_not_equal(access(box->file, F_OK), 0);
    const struct cs_source_config *source = save_and_load(box, "confluence");
    assert_string_equal(source->api_token, "s3cret");
    assert_int_equal(source->n_spaces, 2);
    assert_int_equal(source->jobs, 8);
    assert_int_equal(stat(box->file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_false(cs_config_edit_changed(box->edit));
}

static void test_all_else_stays(void **state)
{
    struct sandbox *box = *state;
    static const char good[] = "# mine\n"
                               "jobs = 4 # be gentle\n"
                               "\n"
                               "/* the wiki */\n"
                               "source confluence {\n"
                               "\tspace_keys = {A, # first\n"
                               "\t  B} # both\n"
                               "\t# last words\n"
                               "}\n"
                               "source other { base_url = \"http://x\" }\n";
    open_text(box, good);
    set(box, "confluence", "username", "ada");
    set(box, "other", "username", "bob");
    set(box, NULL, "jobs", "6");
    set(box, NULL, "comments", "no");
    assert_string_equal(cs_config_edit_text(box->edit),
                        "# mine\n"
                        "jobs = 6 # be gentle\n"
                        "comments = no\n"
                        "\n"
                        "/* the wiki */\n"
                        "source confluence {\n"
                        "\tspace_keys = {A, # first\n"
                        "\t  B} # both\n"
                        "\tusername = ada\n"
                        "\t# last words\n"
                        "}\n"
                        "source other { base_url = \"http://x\" "
                        "username = bob }\n");
    (void)save_and_load(box, "confluence");
    unset(box, "confluence", "username", true);
    unset(box, "other", "username", true);
    unset(box, NULL, "comments", true);
    unset(box, NULL, "comments", false);
    set(box, NULL, "jobs", "4");
    assert_string_equal(cs_config_edit_text(box->edit), good);
    unset(box, NULL, "jobs", true);
    assert_non_null(
        strstr(cs_config_edit_text(box->edit), "# mine\n# be gentle\n"));
}

static void test_first_keys_of_a_place(void **state)
{
    struct sandbox *box = *state;
    static const struct {
        const char *text, *source, *want;
    } cases[] = {
        {"", NULL, "jobs = 7\n"},
        {"# a", NULL, "# a\njobs = 7\n"},
        {"# a\n\n# b\nsource x {\n}\n", NULL,
         "# a\n\njobs = 7\n\n# b\nsource x {\n}\n"},
        {"source x {}", NULL, "jobs = 7\n\nsource x {}"},
        {"source x {}", "x", "source x {\n    jobs = 7\n}"},
        {"source x {\n}\n", "x", "source x {\n    jobs = 7\n}\n"},
        {"source x { # c\n}\n", "x", "source x {\n    jobs = 7 # c\n}\n"},
        {"source 'x' {\n  comments = no\n}", "x",
         "source 'x' {\n  comments = no\n  jobs = 7\n}"},
        {"comments = no", NULL, "comments = no\njobs = 7\n"},
        {"comments = no", "x",
         "comments = no\n\nsource x {\n    jobs = 7\n}\n"},
        {"jobs = 1\njobs = 2\n", NULL, "jobs = 7\n"},
        {"exclude_titles = {a}\nexclude_titles += {b}\njobs=1 comments=no\n",
         NULL,
         "exclude_titles = {a}\nexclude_titles += {b}\njobs = 7 "
         "comments=no\n"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        open_text(box, cases[i].text);
        set(box, cases[i].source, "jobs", "7");
        assert_string_equal(cs_config_edit_text(box->edit), cases[i].want);
        (void)save_and_load(box, "x");
    }
}

/* A file that cannot be used can be mended. */
static void test_what_nobody_knows_stays(void **state)
{
    struct sandbox *box = *state;
    open_text(box, "colour = {red, \"}\"}\n"
                   "theme dark {\n"
                   "  a = 1\n"
                   "  b { jobs = 3 }\n"
                   "}\n"
                   "source x { jobs = \"nine\" }\n");
    set(box, "x", "username", "ada");
    set(box, "x", "jobs", "9");
    assert_string_equal(cs_config_edit_text(box->edit),
                        "colour = {red, \"}\"}\n"
                        "theme dark {\n"
                        "  a = 1\n"
                        "  b { jobs = 3 }\n"
                        "}\n"
                        "source x { jobs = 9 username = ada }\n");
    unset(box, NULL, "jobs", false);
    unset(box, NULL, "colour", true);
    assert_int_equal(strncmp(cs_config_edit_text(box->edit), "theme dark", 10),
                     0);
}

static void refuse(struct sandbox *box, const char *source, const char *key,
                   const char *text, const char *message)
{
    assert_int_equal(
        cs_config_edit_set_text(box->edit, source, key, text, &box->err),
        CS_ERR_CONFIG);
    assert_string_equal(box->err.message, message);
    assert_false(cs_config_edit_changed(box->edit));
}

static void test_refusals(void **state)
{
    struct sandbox *box = *state;
    open_text(box, "jobs = 4\n");
    refuse(box, NULL, "jops", "5", "unknown key \"jops\"");
    assert_string_equal(box->err.hint, "did you mean jobs?");
    refuse(box, NULL, "jobs", "1000",
           "jobs: \"1000\" is not a number from 1 to 64");
    refuse(box, NULL, "base_url", "https://x",
           "key \"base_url\" belongs to a source");
    refuse(box, "x", "root", "/x", "key \"root\" is for the whole mirror");
    refuse(box, "X Y", "jobs", "5", "\"X Y\" cannot be the name of a source");
    refuse(box, "x", "api_token", "s3\ncret",
           "api_token: holds a control character");
    assert_int_equal(cs_config_edit_set(box->edit, NULL, "jobs",
                                        (const char *const[]){"5", "6"}, 2,
                                        &box->err),
                     CS_ERR_CONFIG);
    static const char *const bad[] = {
        "jobs = ",    "source x { jobs = 1", "jobs = {1, 2", "}",  "jobs",
        "jobs = 1#2", "x = \"open",          "a b c { }",    "= 1"};
    for (size_t i = 0; i < CS_ARRAY_LEN(bad); i++) {
        struct cs_config_edit *edit = NULL;
        write_file(box, bad[i]);
        assert_int_equal(cs_config_edit_open(box->file, &edit, &box->err),
                         CS_ERR_CONFIG);
        assert_null(edit);
        assert_non_null(strstr(box->err.message, ":1: "));
    }
}

static void test_somebody_else_writes(void **state)
{
    struct sandbox *box = *state;
    open_text(box, "jobs = 4\n");
    set(box, NULL, "jobs", "5");
    write_file(box, "jobs = 6\n");
    assert_int_equal(cs_config_edit_save(box->edit, &box->err), CS_ERR_CONFIG);
    open_text(box, NULL);
    set(box, NULL, "jobs", "5");
    write_file(box, "jobs = 6\n");
    assert_int_equal(cs_config_edit_save(box->edit, &box->err), CS_ERR_CONFIG);
}

static void test_the_file_is_closed_to_others(void **state)
{
    struct sandbox *box = *state;
    struct stat st;
    char link[192];
    open_text(box, "jobs = 4\n");
    assert_int_equal(chmod(box->file, 0644), 0);
    assert_ok(cs_config_edit_save(box->edit, &box->err), &box->err);
    assert_int_equal(stat(box->file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    /* A temporary file that was left behind, open to all. */
    FILE *left = fopen(box->tmp, "w");
    assert_non_null(left);
    assert_int_equal(fclose(left), 0);
    assert_int_equal(chmod(box->tmp, 0666), 0);
    set(box, NULL, "jobs", "5");
    assert_ok(cs_config_edit_save(box->edit, &box->err), &box->err);
    assert_int_equal(stat(box->file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    /* A link stays one. */
    (void)snprintf(link, sizeof(link), "%s/link", box->home);
    assert_int_equal(symlink("config", link), 0);
    cs_config_edit_free(box->edit);
    box->edit = NULL;
    assert_ok(cs_config_edit_open(link, &box->edit, &box->err), &box->err);
    set(box, NULL, "jobs", "7");
    assert_ok(cs_config_edit_save(box->edit, &box->err), &box->err);
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(unlink(link), 0);
    open_text(box, "jobs = 7\n");
}

/* A small generator of numbers, the same each time. */
static unsigned roll(uint64_t *seed, unsigned n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33) % n;
}

static void make_word(uint64_t *seed, char *out, size_t max)
{
    static const char hostile[] = "\"'\\{}()=,+#/*$ ;&|`<>%~^!?.:-_aZ09";
    static const char *const parts[] = {"${HOME}", "//",    "/*",       "*/",
                                        "\\n",     "\\x41", "\xc3\xa4", "\\",
                                        "# ",      "}",     "= "};
    size_t len = 0, want = 1 + roll(seed, (unsigned)max - 12);
    while (len < want) {
        if (roll(seed, 4) == 0) {
            const char *part = parts[roll(seed, (unsigned)CS_ARRAY_LEN(parts))];
            memcpy(out + len, part, strlen(part));
            len += strlen(part);
        } else
            out[len++] = hostile[roll(seed, sizeof(hostile) - 1)];
    }
    out[len] = '\0';
}

/* Any word, set in any of several files, is what is read then. */
static void test_what_was_set_is_what_is_read(void **state)
{
    struct sandbox *box = *state;
    static const char *const files[] = {
        NULL,
        "source x { username = old }\n",
        "# c\nexclude_titles = {\"a\", 'b'} jobs = 4\nsource x {\n}\n",
        "source y {\n base_url = \"a\\\"b\"\n}\nsource x { api_token = 'q' }",
    };
    uint64_t seed = 7;
    for (unsigned i = 0; i < 400; i++) {
        char a[40], b[40], c[40];
        make_word(&seed, a, sizeof(a));
        make_word(&seed, b, sizeof(b));
        make_word(&seed, c, sizeof(c));
        open_text(box, files[i % CS_ARRAY_LEN(files)]);
        set(box, "x", "username", a);
        set(box, "x", "api_token", b);
        assert_ok(cs_config_edit_set(box->edit, "x", "exclude_titles",
                                     (const char *const[]){a, b, c}, 3,
                                     &box->err),
                  &box->err);
        set(box, "x", "cloud_id", c);
        if (i % 3 == 0)
            set(box, "x", "username", c);
        const struct cs_source_config *x = save_and_load(box, "x");
        assert_string_equal(x->username, i % 3 == 0 ? c : a);
        assert_string_equal(x->api_token, b);
        assert_string_equal(x->cloud_id, c);
        assert_int_equal(x->exclude_titles.n, 3);
        assert_string_equal(x->exclude_titles.items[0], a);
        assert_string_equal(x->exclude_titles.items[2], c);
    }
}

/* Texts of any form: refused, or changed in one place; a file that could be
 * read still can be, and says what was set. */
static void test_any_text(void **state)
{
    struct sandbox *box = *state;
    static const char *const parts[] = {"jobs",
                                        " = ",
                                        "4",
                                        "{",
                                        "}",
                                        "\n",
                                        "\"",
                                        "source",
                                        " x ",
                                        "# c",
                                        "//d",
                                        "/*e*/",
                                        "username",
                                        "'a b'",
                                        ",",
                                        "+=",
                                        "space_keys",
                                        "{A, B}",
                                        "\\",
                                        "${HOME}",
                                        "\t",
                                        "exclude_titles = {\"#\"}\n",
                                        "source x {\n",
                                        "jobs = 4\n",
                                        "}\n",
                                        "colour = red\n",
                                        "source 'y' { jobs=1 }\n"};
    uint64_t seed = 3;
    unsigned good = 0;
    for (unsigned i = 0; i < 3000; i++) {
        char text[400] = "";
        for (unsigned n = roll(&seed, 12); n > 0; n--) {
            const char *part = parts[roll(&seed, CS_ARRAY_LEN(parts))];
            (void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
                           "%s", part);
        }
        const struct cs_config_options options = {.file = box->file,
                                                  .getenv = no_variables};
        write_file(box, text);
        cs_config_free(box->config);
        box->config = NULL;
        bool sound = cs_config_load(&options, &box->config, NULL) == CS_OK;
        cs_config_edit_free(box->edit);
        box->edit = NULL;
        if (cs_config_edit_open(box->file, &box->edit, &box->err) ||
            cs_config_edit_set_text(box->edit, "x", "cloud_id", "7 #", NULL)) {
            assert_true(!sound || strstr(box->err.message, "never closed"));
            continue;
        }
        if (sound)
            assert_string_equal(save_and_load(box, "x")->cloud_id, "7 #");
        unset(box, "x", "cloud_id", true);
        good += sound;
    }
    assert_true(good > 100);
}

static void test_lists_of_none(void **state)
{
    struct sandbox *box = *state;
    open_text(box, "exclude_titles = {a}\nsource x {}\n");
    assert_ok(cs_config_edit_set(box->edit, "x", "exclude_titles", NULL, 0,
                                 &box->err),
              &box->err);
    set(box, "x", "space_keys", "*");
    const struct cs_source_config *x = save_and_load(box, "x");
    assert_int_equal(x->exclude_titles.n, 0);
    assert_int_equal(x->n_spaces, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_new_file),
        CASE(test_all_else_stays),
        CASE(test_first_keys_of_a_place),
        CASE(test_what_nobody_knows_stays),
        CASE(test_refusals),
        CASE(test_somebody_else_writes),
        CASE(test_the_file_is_closed_to_others),
        CASE(test_what_was_set_is_what_is_read),
        CASE(test_any_text),
        CASE(test_lists_of_none),
    };
    return cmocka_run_group_tests_name("config_edit", tests, NULL, NULL);
}
