/*
 * library_curl.c - the functions of libcurl that are used, loaded when needed.
 */
#include "src/library.h"

/* In newer versions its first parameter is const. */
#define curl_url_get curl_url_get_declared
#include <curl/curl.h>
#undef curl_url_get
#include <stdarg.h>

/* Macros of the same names check the types of callers. */
#undef curl_easy_getinfo
#undef curl_easy_setopt
#undef curl_multi_setopt

CURLUcode curl_url_get(CURLU *url, CURLUPart which, char **ret, unsigned flags);

#define FUNCTIONS(X)                                                           \
    X(curl_easy_cleanup)                                                       \
    X(curl_easy_getinfo)                                                       \
    X(curl_easy_init)                                                          \
    X(curl_easy_setopt)                                                        \
    X(curl_easy_strerror)                                                      \
    X(curl_free)                                                               \
    X(curl_global_cleanup)                                                     \
    X(curl_global_init)                                                        \
    X(curl_multi_add_handle)                                                   \
    X(curl_multi_cleanup)                                                      \
    X(curl_multi_info_read)                                                    \
    X(curl_multi_init)                                                         \
    X(curl_multi_perform)                                                      \
    X(curl_multi_poll)                                                         \
    X(curl_multi_remove_handle)                                                \
    X(curl_multi_setopt)                                                       \
    X(curl_multi_strerror)                                                     \
    X(curl_slist_append)                                                       \
    X(curl_slist_free_all)                                                     \
    X(curl_url)                                                                \
    X(curl_url_cleanup)                                                        \
    X(curl_url_get)                                                            \
    X(curl_url_set)                                                            \
    X(curl_url_strerror)                                                       \
    X(curl_version_info)

#define POINTER(name) __typeof__(name) *name;
#define SLOT(name)    {#name, &real.name},

/* Filled once, by cs_library_curl(). */
static struct {
    FUNCTIONS(POINTER)
    bool loaded;
} real;

enum cs_status cs_library_curl(struct cs_error *err)
{
    const struct cs_library_slot slots[] = {FUNCTIONS(SLOT)};
    return cs_library_load(CS_LIBRARY_CURL, slots, CS_ARRAY_LEN(slots),
                           &real.loaded, err);
}

void curl_easy_cleanup(CURL *easy)
{
    real.curl_easy_cleanup(easy);
}

CURL *curl_easy_init(void)
{
    return real.curl_easy_init();
}

const char *curl_easy_strerror(CURLcode code)
{
    return real.curl_easy_strerror(code);
}

void curl_free(void *memory)
{
    real.curl_free(memory);
}

void curl_global_cleanup(void)
{
    real.curl_global_cleanup();
}

CURLcode curl_global_init(long flags)
{
    return real.curl_global_init(flags);
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy)
{
    return real.curl_multi_add_handle(multi, easy);
}

CURLMcode curl_multi_cleanup(CURLM *multi)
{
    return real.curl_multi_cleanup(multi);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
    return real.curl_multi_info_read(multi, left);
}

CURLM *curl_multi_init(void)
{
    return real.curl_multi_init();
}

CURLMcode curl_multi_perform(CURLM *multi, int *running)
{
    return real.curl_multi_perform(multi, running);
}

CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd *more, unsigned n,
                          int wait_ms, int *ret_n)
{
    return real.curl_multi_poll(multi, more, n, wait_ms, ret_n);
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy)
{
    return real.curl_multi_remove_handle(multi, easy);
}

const char *curl_multi_strerror(CURLMcode code)
{
    return real.curl_multi_strerror(code);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text)
{
    return real.curl_slist_append(list, text);
}

void curl_slist_free_all(struct curl_slist *list)
{
    real.curl_slist_free_all(list);
}

CURLU *curl_url(void)
{
    return real.curl_url();
}

void curl_url_cleanup(CURLU *url)
{
    real.curl_url_cleanup(url);
}

CURLUcode curl_url_get(CURLU *url, CURLUPart which, char **ret, unsigned flags)
{
    return real.curl_url_get(url, which, ret, flags);
}

CURLUcode curl_url_set(CURLU *url, CURLUPart which, const char *part,
                       unsigned flags)
{
    return real.curl_url_set(url, which, part, flags);
}

const char *curl_url_strerror(CURLUcode code)
{
    return real.curl_url_strerror(code);
}

curl_version_info_data *curl_version_info(CURLversion age)
{
    return real.curl_version_info(age);
}

/* What follows an option is an object, a long or an offset: its number tells.
 */
CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    CURLcode code;
    va_list args;
    va_start(args, option);
    if (option < CURLOPTTYPE_OBJECTPOINT)
        code = real.curl_easy_setopt(easy, option, va_arg(args, long));
    else if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
        code = real.curl_easy_setopt(easy, option, va_arg(args, curl_off_t));
    else
        code = real.curl_easy_setopt(easy, option, va_arg(args, void *));
    va_end(args);
    return code;
}

CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
    CURLMcode code;
    va_list args;
    va_start(args, option);
    if (option < CURLOPTTYPE_OBJECTPOINT)
        code = real.curl_multi_setopt(multi, option, va_arg(args, long));
    else
        code = real.curl_multi_setopt(multi, option, va_arg(args, void *));
    va_end(args);
    return code;
}

CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
    va_list args;
    va_start(args, info);
    CURLcode code = real.curl_easy_getinfo(easy, info, va_arg(args, void *));
    va_end(args);
    return code;
}
