/*
 * cases.c - walking through a folder of storage format.
 */
#include "tests/connectors/cases.h"

#include "connectors/confluence/storage_format.h"

#include <dirent.h>

enum { CASES_MAX = 2000 };

static char *read_file(const char *dir, const char *name, const char *suffix,
                       size_t *ret_len)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    struct cs_strbuf text = CS_STRBUF_INIT((size_t)16 << 20);
    while (!feof(file) && !ferror(file) && cs_strbuf_reserve(&text, 4096))
        text.len += fread(text.data + text.len, 1, 4096, file);
    (void)fclose(file);
    text.data[text.len] = '\0';
    *ret_len = text.len;
    return cs_strbuf_take(&text);
}

char *storage_case_read(const struct storage_case *it, const char *suffix)
{
    size_t len;
    return read_file(it->dir, it->name, suffix, &len);
}

char *storage_case_convert(const char *xhtml, size_t len)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf out = CS_STRBUF_INIT((size_t)64 << 20);
    struct cs_arena *arena = cs_arena_new(0);
    struct cs_body body;
    assert_ok(cs_storage_convert(arena, xhtml, len, NULL, &body, NULL, &err),
              &err);
    cs_body_render(&body, cs_resolve_canonical, NULL, &out);
    cs_arena_free(arena);
    char *text = cs_strbuf_take(&out);
    assert_non_null(text);
    return text;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the .xhtml files in `dir`, without the suffix; to be freed. */
static size_t list_cases(const char *dir, char **names)
{
    size_t n = 0;
    DIR *handle = opendir(dir);
    assert_non_null(handle);
    for (struct dirent *entry; (entry = readdir(handle)) && n < CASES_MAX;) {
        char *dot = strstr(entry->d_name, ".xhtml");
        if (dot)
            names[n++] = strndup(entry->d_name, (size_t)(dot - entry->d_name));
    }
    (void)closedir(handle);
    qsort(names, n, sizeof(names[0]), by_name);
    return n;
}

size_t storage_cases_each(const char *dir, storage_case_fn *check)
{
    char *names[CASES_MAX];
    size_t n = list_cases(dir, names), failed = 0;
    for (size_t i = 0; i < n; i++) {
        struct storage_case it = {.dir = dir, .name = names[i]};
        char *xhtml = read_file(dir, names[i], ".xhtml", &it.len);
        assert_non_null(xhtml);
        it.xhtml = xhtml;
        failed += !check(&it);
        free(xhtml);
        free(names[i]);
    }
    assert_int_equal(failed, 0);
    return n;
}

void storage_cases_each_shared(storage_case_fn *check)
{
    const char *shared = getenv("CS_SHARED");
    char dir[4096];
    if (!shared)
        skip();
    (void)snprintf(dir, sizeof(dir), "%s/corpus", shared);
    assert_true(storage_cases_each(dir, check) > 0);
}
