/*
 * inject_alloc.c - allocations of the product and of the libraries that let
 * theirs be replaced. (SQLite's: inject_sqlite.c; libcurl's: inject_http.c.)
 */
#include "tests/fault/inject_alloc.h"

#include "tests/fault/inject.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <libxml/xmlmemory.h>
#include <stdlib.h>
#include <string.h>

static bool fails(const char *name)
{
    if (inject_point(INJECT_ALLOC, name) == 0)
        return false;
    errno = ENOMEM;
    return true;
}

#define WRAP(name, params, args)                                               \
    void *__real_##name params;                                                \
    void *__wrap_##name params;                                                \
    void *__wrap_##name params                                                 \
    {                                                                          \
        return fails(#name) ? NULL : __real_##name args;                       \
    }

WRAP(malloc, (size_t n), (n))
WRAP(calloc, (size_t n, size_t size), (n, size))
WRAP(realloc, (void *old, size_t n), (old, n))
WRAP(reallocarray, (void *old, size_t n, size_t size), (old, n, size))

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return fails("strdup") ? NULL : __real_strdup(text);
}

char *__real_strndup(const char *text, size_t max);
char *__wrap_strndup(const char *text, size_t max);
char *__wrap_strndup(const char *text, size_t max)
{
    return fails("strndup") ? NULL : __real_strndup(text, max);
}

void *inject_malloc(size_t n)
{
    return __wrap_malloc(n);
}

void *inject_calloc(size_t n, size_t size)
{
    return __wrap_calloc(n, size);
}

void *inject_realloc(void *old, size_t n)
{
    return __wrap_realloc(old, n);
}

char *inject_strdup(const char *text)
{
    return __wrap_strdup(text);
}

__attribute__((constructor)) static void take_over_libraries(void)
{
    cJSON_Hooks hooks = {inject_malloc, free};
    cJSON_InitHooks(&hooks);
    (void)xmlMemSetup(free, inject_malloc, inject_realloc, inject_strdup);
}
