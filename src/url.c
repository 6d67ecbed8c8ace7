/*
 * url.c - origins, joining, and forms for messages.
 */
#include "src/url.h"

#include "src/library.h"
#include "src/text.h"

#include <curl/curl.h>
#include <stdlib.h>

CS_DEFINE_CLEANUP(CURLU *, url_cleanup, curl_url_cleanup);
CS_DEFINE_CLEANUP(char *, curl_text_cleanup, curl_free);

static const unsigned parse_flags =
    CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER | CURLU_PATH_AS_IS;

static enum cs_status bad_url(const char *url, const char *why,
                              struct cs_error *err)
{
    struct cs_strbuf brief CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    cs_url_put_brief(url, &brief);
    return cs_error_set(err, CS_ERR_PARSE, "%s: %s", brief.data, why);
}

/* The part of a parsed URL, or NULL; freed with curl_free(). */
static char *part(CURLU *url, CURLUPart which, unsigned flags)
{
    char *text = NULL;
    return curl_url_get(url, which, &text, flags) ? NULL : text;
}

static void lower_host(const char *host, char *out)
{
    size_t len = strlen(host);
    bool bracketed = host[0] == '[' && host[len - 1] == ']';
    if (bracketed) {
        host++;
        len -= 2;
    }
    for (size_t i = 0; i < len; i++)
        out[i] =
            host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] | 0x20) : host[i];
    out[len] = '\0';
}

/* The caller frees `ret` with curl_url_cleanup(), also on failure. */
static enum cs_status new_url(CURLU **ret, struct cs_error *err)
{
    enum cs_status status = cs_library_curl(err);
    if (status)
        return status;
    *ret = curl_url();
    return *ret ? CS_OK : cs_error_no_memory(err);
}

enum cs_status cs_url_origin(const char *url, struct cs_origin *ret,
                             struct cs_error *err)
{
    CURLU *parsed CS_CLEANUP(url_cleanup) = NULL;
    enum cs_status status = new_url(&parsed, err);
    if (status)
        return status;
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, url, parse_flags);
    if (code == CURLUE_OUT_OF_MEMORY)
        return cs_error_no_memory(err);
    if (code)
        return bad_url(url, curl_url_strerror(code), err);
    char *scheme CS_CLEANUP(curl_text_cleanup) =
        part(parsed, CURLUPART_SCHEME, 0);
    char *host CS_CLEANUP(curl_text_cleanup) = part(parsed, CURLUPART_HOST, 0);
    char *port CS_CLEANUP(curl_text_cleanup) =
        part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    bool https = scheme && strcmp(scheme, "https") == 0;
    if (!https && !(scheme && strcmp(scheme, "http") == 0))
        return bad_url(url, "only http and https are spoken", err);
    if (!host || !port || !*host || strlen(host) >= sizeof(ret->host))
        return bad_url(url, "there is no host in it", err);
    ret->https = https;
    ret->port = (unsigned)strtoul(port, NULL, 10);
    lower_host(host, ret->host);
    return CS_OK;
}

bool cs_origin_equal(const struct cs_origin *a, const struct cs_origin *b)
{
    return a->https == b->https && a->port == b->port &&
           strcmp(a->host, b->host) == 0;
}

bool cs_origin_is_loopback(const struct cs_origin *origin)
{
    const char *host = origin->host;
    if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
        return true;
    /* Digits and dots only: 127.0.0.1.example.org is no loopback address. */
    return cs_str_starts(host, "127.") &&
           strspn(host, "0123456789.") == strlen(host);
}

void cs_origin_put(const struct cs_origin *origin, struct cs_strbuf *out)
{
    bool ipv6 = strchr(origin->host, ':') != NULL;
    cs_strbuf_printf(out, "%s://%s%s%s", origin->https ? "https" : "http",
                     ipv6 ? "[" : "", origin->host, ipv6 ? "]" : "");
    if (origin->port != (origin->https ? 443u : 80u))
        cs_strbuf_printf(out, ":%u", origin->port);
}

enum cs_status cs_url_join(const char *base, const char *location,
                           struct cs_strbuf *out, struct cs_error *err)
{
    CURLU *parsed CS_CLEANUP(url_cleanup) = NULL;
    enum cs_status status = new_url(&parsed, err);
    if (status)
        return status;
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, base, parse_flags);
    if (!code)
        code = curl_url_set(parsed, CURLUPART_URL, location,
                            parse_flags | CURLU_URLENCODE);
    char *url CS_CLEANUP(curl_text_cleanup) =
        code ? NULL : part(parsed, CURLUPART_URL, 0);
    if (!url)
        return bad_url(location, "this is no address to go on to", err);
    struct cs_origin origin;
    status = cs_url_origin(url, &origin, err);
    if (status)
        return status;
    cs_strbuf_puts(out, url);
    return cs_strbuf_status(out, err);
}

void cs_url_put_path(const char *url, struct cs_strbuf *out)
{
    const char *path = url, *authority = strstr(url, "://");
    if (authority && strcspn(url, "/?#") >= (size_t)(authority - url))
        path = authority + 3 + strcspn(authority + 3, "/?");
    if (*path != '/')
        cs_strbuf_putc(out, '/');
    cs_strbuf_put(out, path, strcspn(path, "#"));
}

void cs_url_put_brief(const char *url, struct cs_strbuf *out)
{
    size_t len = strcspn(url, "?#");
    size_t kept = cs_text_cut(url, len, 160);
    cs_text_put_safe(out, url, kept, false);
    if (kept < len)
        cs_strbuf_puts(out, "...");
}

void cs_url_put_escaped(const char *text, struct cs_strbuf *out)
{
    for (; *text; text++) {
        if (cs_ascii_is_alnum(*text) || strchr("-._~", *text))
            cs_strbuf_putc(out, *text);
        else
            cs_strbuf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}
