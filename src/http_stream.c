/*
 * http_stream.c - large answers, handed on piece by piece.
 *
 * Only a good answer goes to the caller: what a server says while it fails is
 * collected like any other answer. A transfer that breaks goes on where it
 * stopped, by a range; a server that knows no ranges sends all of it again, and
 * the pieces start at 0.
 */
#include "src/http_transfer.h"

#include "src/text.h"

#include <inttypes.h>
#include <stdlib.h>

#define STREAM_TIMEOUT_MS 3600000L /* one attempt; stalls end sooner */

CURLcode cs_http_stream_arm(struct cs_http_transfer *transfer, CURL *easy)
{
    const struct cs_http_options *options = &transfer->setup->options;
    bool stream = transfer->data != NULL;
    char range[32];
    transfer->body_goes = CS_HTTP_BODY_UNDECIDED;
    transfer->progressed = false;
    transfer->total = -1;
    (void)snprintf(range, sizeof(range), "%" PRId64 "-", transfer->next_at);
    CURLcode code = curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                                     stream ? STREAM_TIMEOUT_MS
                                            : (long)options->timeout_ms);
    /* The bytes of a file as they are: offsets count them. */
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING,
                                stream ? NULL : "gzip, deflate");
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_RANGE,
                                stream && transfer->next_at > 0 ? range : NULL);
    return code;
}

/* "bytes 100-199/200"; a total of "*" is unknown. */
static bool parse_range(const char *text, int64_t *ret_at, int64_t *ret_total)
{
    char *end;
    if (strncasecmp(text, "bytes ", 6) != 0 || !cs_ascii_is_digit(text[6]))
        return false;
    *ret_at = strtoll(text + 6, &end, 10);
    if (*end != '-' || !(end = strchr(end, '/')))
        return false;
    *ret_total = cs_ascii_is_digit(end[1]) ? strtoll(end + 1, NULL, 10) : -1;
    return true;
}

static bool refuse(struct cs_http_transfer *transfer, enum cs_status status)
{
    transfer->status = status;
    transfer->body_goes = CS_HTTP_BODY_REFUSED;
    return false;
}

/* The first byte of an answer has come: where does it belong? */
static bool begin(struct cs_http_transfer *transfer)
{
    long http_status = 0;
    curl_off_t length = -1;
    int64_t at = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE,
                            &http_status);
    transfer->body_goes = CS_HTTP_BODY_HANDED_ON;
    if (http_status == 200) {
        (void)curl_easy_getinfo(transfer->easy,
                                CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
        transfer->total = length;
    } else if (http_status == 206) {
        if (!parse_range(transfer->content_range.data, &at, &transfer->total) ||
            at != transfer->next_at) {
            cs_error_set(&transfer->why, CS_ERR_PROTOCOL,
                         "the server sends another range than the one that "
                         "was asked for");
            return refuse(transfer, CS_ERR_PROTOCOL);
        }
    } else {
        transfer->body_goes = CS_HTTP_BODY_COLLECTED;
    }
    if (transfer->body_goes == CS_HTTP_BODY_HANDED_ON)
        transfer->next_at = at;
    return true;
}

static bool hand_on(struct cs_http_transfer *transfer, const char *data,
                    size_t len)
{
    const struct cs_http_piece piece = {
        .at = transfer->next_at,
        .data = data,
        .len = len,
        .total = transfer->total,
        .content_type = transfer->content_type.data,
    };
    cs_error_clear(&transfer->why);
    enum cs_status status =
        transfer->data(transfer->payload, &piece, &transfer->why);
    if (status)
        return refuse(transfer, status);
    transfer->next_at += (int64_t)len;
    transfer->progressed = true;
    return true;
}

bool cs_http_stream_take(struct cs_http_transfer *transfer, const char *data,
                         size_t len, bool *ret_ok)
{
    if (!transfer->data)
        return false;
    bool ok = transfer->body_goes != CS_HTTP_BODY_UNDECIDED || begin(transfer);
    if (ok && transfer->body_goes == CS_HTTP_BODY_COLLECTED)
        return false;
    *ret_ok = ok && hand_on(transfer, data, len);
    return true;
}
