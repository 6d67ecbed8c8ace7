/*
 * inject_http.c - the end of each exchange, as libcurl tells it, and libcurl's
 * allocations.
 */
#include "tests/fault/inject.h"
#include "tests/fault/inject_alloc.h"

#include "src/http_transfer.h"

#include <stdarg.h>
#include <stdlib.h>

static const struct {
    int what;
    CURLcode code;
} ends[] = {
    {INJECT_RESET, CURLE_RECV_ERROR},
    {INJECT_TRUNCATE, CURLE_PARTIAL_FILE},
    {INJECT_TIMEOUT, CURLE_OPERATION_TIMEDOUT},
};

/* What the exchange that was told last is to have been. */
static struct {
    CURL *easy;
    long http_status;
    bool cut;
} last;

CURLcode __real_curl_global_init(long flags);
CURLcode __wrap_curl_global_init(long flags);
CURLcode __wrap_curl_global_init(long flags)
{
    return curl_global_init_mem(flags, inject_malloc, free, inject_realloc,
                                inject_strdup, inject_calloc);
}

CURLMsg *__real_curl_multi_info_read(CURLM *multi, int *left);
CURLMsg *__wrap_curl_multi_info_read(CURLM *multi, int *left);
CURLMsg *__wrap_curl_multi_info_read(CURLM *multi, int *left)
{
    CURLMsg *message = __real_curl_multi_info_read(multi, left);
    if (!message || message->msg != CURLMSG_DONE || message->data.result)
        return message;
    int what = inject_point(INJECT_HTTP, "exchange");
    last.easy = what ? message->easy_handle : NULL;
    last.http_status = what > 0 ? what : 0;
    last.cut = what == INJECT_CUT;
    for (size_t i = 0; i < CS_ARRAY_LEN(ends); i++)
        if (ends[i].what == what)
            message->data.result = ends[i].code;
    return message;
}

/* libcurl's header makes a macro of it that checks types. */
#undef curl_easy_getinfo
CURLcode __real_curl_easy_getinfo(CURL *easy, CURLINFO info, ...);
CURLcode __wrap_curl_easy_getinfo(CURL *easy, CURLINFO info, ...);
CURLcode __wrap_curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
    va_list args;
    va_start(args, info);
    void *out = va_arg(args, void *);
    va_end(args);
    CURLcode code = __real_curl_easy_getinfo(easy, info, out);
    if (easy == last.easy && last.http_status && info == CURLINFO_RESPONSE_CODE)
        *(long *)out = last.http_status;
    return code;
}

/* The last look at an answer before its callback sees it. */
void __real_cs_http_verdict(struct cs_http_transfer *transfer, CURLcode code);
void __wrap_cs_http_verdict(struct cs_http_transfer *transfer, CURLcode code);
void __wrap_cs_http_verdict(struct cs_http_transfer *transfer, CURLcode code)
{
    if (last.cut)
        cs_strbuf_truncate(&transfer->body, transfer->body.len / 2);
    last.cut = false;
    __real_cs_http_verdict(transfer, code);
}
