/*
 * http_transfer.c - libcurl's easy interface: options, headers, body.
 */
#include "src/http_transfer.h"

#include "src/text.h"

#include <stdlib.h>

#define HEADER_MAX          ((size_t)64 << 10)
#define MAX_REDIRECTS       5
#define CONNECT_TIMEOUT_MS  15000L
#define STALL_SECONDS       60L
#define STALL_BYTES_PER_SEC 10L

/* The headers that are kept, and where. */
static const struct header {
    const char *name;
    size_t offset;
} headers[] = {
    {"content-type", offsetof(struct cs_http_transfer, content_type)},
    {"link", offsetof(struct cs_http_transfer, link)},
    {"retry-after", offsetof(struct cs_http_transfer, retry_after)},
    {"x-ratelimit-reset", offsetof(struct cs_http_transfer, rate_reset)},
    {"location", offsetof(struct cs_http_transfer, location)},
    {"date", offsetof(struct cs_http_transfer, date)},
    {"content-range", offsetof(struct cs_http_transfer, content_range)},
    {"x-seraph-loginreason", offsetof(struct cs_http_transfer, login_reason)},
};

static struct cs_strbuf *header_value(struct cs_http_transfer *transfer,
                                      size_t i)
{
    return (void *)((char *)transfer + headers[i].offset);
}

struct cs_http_transfer *cs_http_transfer_new(
    const struct cs_http_setup *setup, const char *url,
    const struct cs_http_request *request)
{
    struct cs_http_transfer *transfer = calloc(1, sizeof(*transfer));
    if (!transfer)
        return NULL;
    for (size_t i = 0; i < CS_ARRAY_LEN(headers); i++)
        cs_strbuf_init(header_value(transfer, i), HEADER_MAX);
    cs_strbuf_init(&transfer->body, setup->options.max_body);
    transfer->setup = setup;
    transfer->done = request->done;
    transfer->payload = request->payload;
    transfer->max_attempts = request->max_attempts;
    transfer->data = request->data;
    transfer->next_at = request->from;
    transfer->first_url = strdup(url);
    transfer->url = strdup(url);
    transfer->post_json =
        request->post_json ? strdup(request->post_json) : NULL;
    if (!transfer->first_url || !transfer->url ||
        (request->post_json && !transfer->post_json)) {
        cs_http_transfer_free(transfer);
        return NULL;
    }
    return transfer;
}

void cs_http_transfer_free(struct cs_http_transfer *transfer)
{
    if (!transfer)
        return;
    for (size_t i = 0; i < CS_ARRAY_LEN(headers); i++)
        cs_strbuf_clear(header_value(transfer, i));
    cs_strbuf_clear(&transfer->body);
    free(transfer->first_url);
    free(transfer->url);
    free(transfer->post_json);
    free(transfer);
}

/* libcurl's callback for the body: decoded bytes, so the limit holds for a
 * small answer that unpacks to a large one too. */
static size_t on_body(char *data, size_t size, size_t n, void *payload)
{
    struct cs_http_transfer *transfer = payload;
    bool ok;
    if (cs_http_stream_take(transfer, data, size * n, &ok))
        return ok ? size * n : 0;
    cs_strbuf_put(&transfer->body, data, size * n);
    transfer->too_big = transfer->body.status == CS_ERR_LIMIT;
    return transfer->body.status ? 0 : size * n;
}

static void keep_header(struct cs_http_transfer *transfer, const char *line,
                        size_t len, size_t name_len)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(headers); i++) {
        const char *name = headers[i].name;
        if (strlen(name) != name_len || strncasecmp(name, line, name_len) != 0)
            continue;
        struct cs_strbuf *value = header_value(transfer, i);
        size_t at = name_len + 1;
        while (at < len && cs_ascii_is_space(line[at]))
            at++;
        /* Link may come in several lines; of the others the last one counts. */
        if (value->len && value == &transfer->link)
            cs_strbuf_puts(value, ", ");
        else
            cs_strbuf_reset(value);
        cs_strbuf_put(value, line + at, len - at);
        cs_strbuf_rtrim(value);
    }
}

/* libcurl's callback for each header line, the status line first. */
static size_t on_header(char *line, size_t size, size_t n, void *payload)
{
    struct cs_http_transfer *transfer = payload;
    size_t len = size * n;
    const char *colon = memchr(line, ':', len);
    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        /* An interim answer (100, 103) may have come before this one. */
        for (size_t i = 0; i < CS_ARRAY_LEN(headers); i++)
            cs_strbuf_reset(header_value(transfer, i));
    } else if (colon) {
        keep_header(transfer, line, len, (size_t)(colon - line));
    }
    return len;
}

static CURLcode set_limits(CURL *easy)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                                CONNECT_TIMEOUT_MS);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, STALL_SECONDS);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT,
                                STALL_BYTES_PER_SEC);
    return code;
}

static CURLcode set_tls(CURL *easy, const struct cs_http_setup *setup)
{
    const struct cs_http_options *options = &setup->options;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!code && setup->ca_file)
        code = curl_easy_setopt(easy, CURLOPT_CAINFO, setup->ca_file);
    if (!code && options->client_cert)
        code = curl_easy_setopt(easy, CURLOPT_SSLCERT, options->client_cert);
    if (!code && options->client_key)
        code = curl_easy_setopt(easy, CURLOPT_SSLKEY, options->client_key);
    return code;
}

static CURLcode set_answer(CURL *easy)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                                (long)CURL_HTTP_VERSION_2TLS);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_USERAGENT,
                                "context-sync/" CS_VERSION);
    return code;
}

CURL *cs_http_easy_new(const struct cs_http_setup *setup)
{
    CURL *easy = curl_easy_init();
    if (!easy)
        return NULL;
    if (set_limits(easy) || set_tls(easy, setup) || set_answer(easy)) {
        curl_easy_cleanup(easy);
        return NULL;
    }
    return easy;
}

/* The credential goes to the configured origin only, never where a redirect
 * leads to: each attempt decides anew. */
static CURLcode set_credential(CURL *easy, const struct cs_http_setup *setup,
                               bool same_origin)
{
    const struct cs_credential *credential = setup->options.credential;
    const char *user = NULL, *secret = NULL;
    if (credential && same_origin) {
        user = cs_credential_user(credential);
        secret = cs_credential_secret(credential);
    }
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HTTPAUTH,
                                     (long)(!secret ? CURLAUTH_NONE
                                            : user  ? CURLAUTH_BASIC
                                                    : CURLAUTH_BEARER));
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_USERNAME, user);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_PASSWORD, user ? secret : NULL);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER,
                                user ? NULL : secret);
    return code;
}

static CURLcode set_request(struct cs_http_transfer *transfer, CURL *easy,
                            bool https)
{
    const struct cs_http_setup *setup = transfer->setup;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, transfer->url);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (!code && transfer->post_json)
        code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, -1L);
    if (!code && transfer->post_json)
        code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->post_json);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER,
                                transfer->data        ? NULL
                                : transfer->post_json ? setup->post_headers
                                                      : setup->get_headers);
    if (!code)
        code = cs_http_stream_arm(transfer, easy);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_PIPEWAIT, https ? 1L : 0L);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    if (!code)
        code =
            curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_error);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    return code;
}

enum cs_status cs_http_transfer_arm(struct cs_http_transfer *transfer,
                                    CURL *easy, struct cs_error *err)
{
    struct cs_origin origin;
    enum cs_status status = cs_url_origin(transfer->url, &origin, err);
    if (status)
        return status;
    for (size_t i = 0; i < CS_ARRAY_LEN(headers); i++)
        cs_strbuf_reset(header_value(transfer, i));
    cs_strbuf_reset(&transfer->body);
    transfer->curl_error[0] = '\0';
    transfer->http_status = 0;
    transfer->too_big = false;
    bool same_origin = cs_origin_equal(&origin, &transfer->setup->origin);
    CURLcode code = set_request(transfer, easy, origin.https);
    if (!code)
        code = set_credential(easy, transfer->setup, same_origin);
    return code ? cs_error_no_memory(err) : CS_OK;
}

bool cs_http_transfer_redirected(const struct cs_http_transfer *transfer)
{
    long status = transfer->http_status;
    return (status == 301 || status == 302 || status == 303 || status == 307 ||
            status == 308) &&
           transfer->location.len > 0;
}

static enum cs_status replace_url(struct cs_http_transfer *transfer,
                                  const char *url, struct cs_error *err)
{
    char *copy = strdup(url);
    if (!copy)
        return cs_error_no_memory(err);
    free(transfer->url);
    transfer->url = copy;
    return CS_OK;
}

/* Files may lie elsewhere and are checked by size; data from another host would
 * be taken for the site's. For good, the address is wrong; for now, it is where
 * people log in. */
static enum cs_status refuse_elsewhere(const struct cs_http_transfer *transfer,
                                       const struct cs_origin *to,
                                       struct cs_error *err)
{
    long code = transfer->http_status;
    bool moved = code == 301 || code == 308;
    struct cs_strbuf url CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    struct cs_strbuf host CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    cs_url_put_brief(transfer->url, &url);
    cs_origin_put(to, &host);
    enum cs_status status =
        cs_error_set(err, moved ? CS_ERR_CONFIG : CS_ERR_AUTH,
                     "%s redirects to another host, %s (HTTP %ld)", url.data,
                     host.data, code);
    cs_error_hint(err, moved ? "set the base URL to the site's new address"
                             : "check the base URL, the user name and the "
                               "token");
    return status;
}

static enum cs_status check_redirect(const struct cs_http_transfer *transfer,
                                     const char *target, struct cs_error *err)
{
    struct cs_origin from, to;
    enum cs_status status = cs_url_origin(transfer->url, &from, err);
    if (!status)
        status = cs_url_origin(target, &to, err);
    if (status)
        return status;
    bool plain_ok =
        cs_origin_is_loopback(&to) || transfer->setup->options.allow_http;
    if (!to.https && (from.https || !plain_ok))
        return cs_error_set(err, CS_ERR_PROTOCOL,
                            "%s redirects to plain http, which is not followed",
                            from.host);
    if (transfer->post_json && transfer->http_status < 307)
        return cs_error_set(err, CS_ERR_PROTOCOL,
                            "%s redirects a POST with status %ld", from.host,
                            transfer->http_status);
    if (!transfer->data && !cs_origin_equal(&to, &transfer->setup->origin))
        return refuse_elsewhere(transfer, &to, err);
    return CS_OK;
}

enum cs_status cs_http_transfer_redirect(struct cs_http_transfer *transfer,
                                         struct cs_error *err)
{
    struct cs_strbuf brief CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    cs_url_put_brief(transfer->first_url, &brief);
    if (++transfer->redirects > MAX_REDIRECTS)
        return cs_error_set(err, CS_ERR_PROTOCOL, "%s: more than %d redirects",
                            brief.data, MAX_REDIRECTS);
    struct cs_strbuf target CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_status status =
        cs_url_join(transfer->url, transfer->location.data, &target, err);
    if (!status)
        status = check_redirect(transfer, target.data, err);
    if (status == CS_ERR_PARSE)
        return cs_error_set(err, CS_ERR_PROTOCOL,
                            "the server redirects to an address that is none");
    return status ? status : replace_url(transfer, target.data, err);
}

enum cs_status cs_http_transfer_rewind(struct cs_http_transfer *transfer,
                                       struct cs_error *err)
{
    if (transfer->redirects == 0)
        return CS_OK;
    transfer->redirects = 0;
    return replace_url(transfer, transfer->first_url, err);
}

struct cs_http_response cs_http_transfer_response(
    const struct cs_http_transfer *transfer)
{
    struct cs_http_response response = {
        .status = transfer->http_status,
        .content_type = transfer->content_type.data,
        .link = transfer->link.data,
        .url = transfer->url,
        .body = transfer->body.data,
        .body_len = transfer->body.len,
    };
    if (transfer->date.len)
        (void)cs_time_parse_http(transfer->date.data, &response.date_ms, NULL);
    return response;
}
