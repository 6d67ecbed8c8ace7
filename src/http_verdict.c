/*
 * http_verdict.c - what the end of an exchange means, in words.
 *
 * Messages name the site and, where it helps, the path; never the query, which
 * may hold a cursor of great length, and never the credential.
 */
#include "src/http_transfer.h"

#include "src/text.h"

/* libcurl's outcomes that mean something to us; all others are FAILED. */
static const struct outcome {
    CURLcode code;
    enum cs_transfer transfer;
    enum cs_status status;
    const char *hint;
} outcomes[] = {
    {CURLE_COULDNT_RESOLVE_HOST, CS_TRANSFER_BROKEN, CS_ERR_NETWORK,
     "check the base URL and the network"},
    {CURLE_COULDNT_RESOLVE_PROXY, CS_TRANSFER_BROKEN, CS_ERR_NETWORK,
     "check the proxy settings in the environment"},
    {CURLE_COULDNT_CONNECT, CS_TRANSFER_BROKEN, CS_ERR_NETWORK,
     "check the base URL and the network"},
    {CURLE_WEIRD_SERVER_REPLY, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_HTTP2, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_PARTIAL_FILE, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_OPERATION_TIMEDOUT, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_SSL_CONNECT_ERROR, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_GOT_NOTHING, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_SEND_ERROR, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_RECV_ERROR, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_BAD_CONTENT_ENCODING, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_HTTP2_STREAM, CS_TRANSFER_BROKEN, CS_ERR_NETWORK, NULL},
    {CURLE_PEER_FAILED_VERIFICATION, CS_TRANSFER_FAILED, CS_ERR_CONFIG,
     "check the base URL; for a private authority set ca_file or --cacert"},
    {CURLE_SSL_CACERT_BADFILE, CS_TRANSFER_FAILED, CS_ERR_CONFIG,
     "check ca_file, --cacert, CURL_CA_BUNDLE and SSL_CERT_FILE"},
    {CURLE_SSL_CERTPROBLEM, CS_TRANSFER_FAILED, CS_ERR_CONFIG,
     "check client_cert and client_key"},
    {CURLE_URL_MALFORMAT, CS_TRANSFER_FAILED, CS_ERR_PROTOCOL, NULL},
    {CURLE_UNSUPPORTED_PROTOCOL, CS_TRANSFER_FAILED, CS_ERR_PROTOCOL, NULL},
    {CURLE_OUT_OF_MEMORY, CS_TRANSFER_FAILED, CS_ERR_NO_MEMORY, NULL},
};

static const struct outcome *find_outcome(CURLcode code)
{
    static const struct outcome other = {.transfer = CS_TRANSFER_FAILED,
                                         .status = CS_ERR_NETWORK};
    for (size_t i = 0; i < CS_ARRAY_LEN(outcomes); i++) {
        if (outcomes[i].code == code)
            return &outcomes[i];
    }
    return &other;
}

enum cs_transfer cs_http_verdict_transfer(CURLcode code)
{
    return code ? find_outcome(code)->transfer : CS_TRANSFER_ANSWERED;
}

static enum cs_status judge_transfer(const struct cs_http_transfer *transfer,
                                     CURLcode code, struct cs_error *err)
{
    struct cs_strbuf url CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    struct cs_strbuf why CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    cs_url_put_brief(transfer->url, &url);
    if (transfer->body.status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (transfer->too_big)
        return cs_error_set(err, CS_ERR_LIMIT,
                            "%s: the answer passes the limit of %zu bytes",
                            url.data, transfer->body.max);
    const struct outcome *outcome = find_outcome(code);
    if (outcome->status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    const char *text = transfer->curl_error[0] ? transfer->curl_error
                                               : curl_easy_strerror(code);
    cs_text_put_safe(&why, text, strlen(text), false);
    cs_error_set(err, outcome->status, "%s: %s", url.data, why.data);
    if (outcome->hint)
        cs_error_hint(err, "%s", outcome->hint);
    return outcome->status;
}

static bool is_html(const struct cs_http_transfer *transfer)
{
    const char *type = transfer->content_type.data;
    return strncasecmp(type, "text/html", 9) == 0 ||
           strncasecmp(type, "application/xhtml", 17) == 0;
}

static enum cs_status judge_refused(const struct cs_http_transfer *transfer,
                                    const char *url, struct cs_error *err)
{
    bool scope = strstr(transfer->body.data, "scope does not match") != NULL;
    cs_error_set(err, CS_ERR_AUTH, "%s refused the credential (HTTP 401%s)",
                 url, scope ? ": the token lacks a scope" : "");
    cs_error_hint(err, "%s",
                  scope ? "make a token with the read scopes of the manual"
                        : "check the user name, and renew the API token if "
                          "it has expired");
    return CS_ERR_AUTH;
}

/* Some servers lock an account after failed logins: then even the right
 * password is refused, with either status. */
static bool is_locked(const struct cs_http_transfer *transfer)
{
    return (transfer->http_status == 401 || transfer->http_status == 403) &&
           strstr(transfer->login_reason.data, "AUTHENTICATION_DENIED");
}

static enum cs_status judge_locked(const struct cs_http_transfer *transfer,
                                   const char *url, struct cs_error *err)
{
    cs_error_set(err, CS_ERR_AUTH,
                 "%s: the account is locked after failed logins (HTTP %ld, "
                 "CAPTCHA)",
                 url, transfer->http_status);
    cs_error_hint(err, "log in once with a browser to unlock it, then check "
                       "user name and password");
    return CS_ERR_AUTH;
}

static enum cs_status judge_answer(const struct cs_http_transfer *transfer,
                                   struct cs_error *err)
{
    long status = transfer->http_status;
    struct cs_strbuf url CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    cs_url_put_brief(transfer->url, &url);
    if (is_locked(transfer))
        return judge_locked(transfer, url.data, err);
    if (status == 401)
        return judge_refused(transfer, url.data, err);
    if (status == 403)
        return cs_error_set(err, CS_ERR_FORBIDDEN,
                            "%s: no permission (HTTP 403)", url.data);
    if (status == 408 || status == 429 || status >= 500)
        return cs_error_set(err, CS_ERR_NETWORK, "%s: HTTP %ld after %u %s",
                            url.data, status, transfer->attempt,
                            transfer->attempt == 1 ? "attempt" : "attempts");
    if (status < 200 || (status >= 300 && status < 400))
        return cs_error_set(err, CS_ERR_PROTOCOL, "%s: unexpected HTTP %ld",
                            url.data, status);
    if (status < 300 && !transfer->data && is_html(transfer)) {
        cs_error_set(err, CS_ERR_AUTH,
                     "%s: the server answered with a login page (HTML) "
                     "instead of data",
                     url.data);
        cs_error_hint(err, "check the base URL, the user name and the token");
        return CS_ERR_AUTH;
    }
    return CS_OK;
}

void cs_http_verdict(struct cs_http_transfer *transfer, CURLcode code)
{
    if (transfer->body_goes == CS_HTTP_BODY_REFUSED)
        return; /* whoever refused it has said why */
    cs_error_clear(&transfer->why);
    transfer->status = code ? judge_transfer(transfer, code, &transfer->why)
                            : judge_answer(transfer, &transfer->why);
}
