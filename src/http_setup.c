/*
 * http_setup.c - the options of a client, checked and with defaults.
 */
#include "src/http_transfer.h"

#include <stdlib.h>

#define DEFAULT_TIMEOUT_MS 120000
#define DEFAULT_BUDGET_MS  600000
#define DEFAULT_MAX_BODY   ((size_t)64 << 20)

static enum cs_status check_origin(struct cs_http_setup *setup,
                                   struct cs_error *err)
{
    const struct cs_http_options *options = &setup->options;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status =
        cs_url_origin(options->base_url, &setup->origin, &why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        cs_error_set(err, CS_ERR_CONFIG, "base URL %s", why.message);
        cs_error_hint(err, "write it as https://site.example");
        return CS_ERR_CONFIG;
    }
    if (!setup->origin.https && !cs_origin_is_loopback(&setup->origin) &&
        !options->allow_http) {
        cs_error_set(err, CS_ERR_CONFIG,
                     "%s: plain http would show the token to the network",
                     options->base_url);
        cs_error_hint(err, "use https, or set allow_http = yes");
        return CS_ERR_CONFIG;
    }
    return CS_OK;
}

static void fill_defaults(struct cs_http_options *options)
{
    if (options->jobs < 1)
        options->jobs = 1;
    if (options->jobs > CS_HTTP_MAX_JOBS)
        options->jobs = CS_HTTP_MAX_JOBS;
    if (options->timeout_ms <= 0)
        options->timeout_ms = DEFAULT_TIMEOUT_MS;
    if (options->retry_budget_ms <= 0)
        options->retry_budget_ms = DEFAULT_BUDGET_MS;
    if (options->max_body == 0)
        options->max_body = DEFAULT_MAX_BODY;
}

/* libcurl itself reads neither variable; its command line does. */
static const char *find_ca_file(const char *configured)
{
    static const char *const names[] = {"CURL_CA_BUNDLE", "SSL_CERT_FILE"};
    if (configured && *configured)
        return configured;
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

static bool add_header(struct curl_slist **headers, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*headers, line);
    if (longer)
        *headers = longer;
    return longer != NULL;
}

enum cs_status cs_http_setup_init(struct cs_http_setup *setup,
                                  const struct cs_http_options *options,
                                  struct cs_error *err)
{
    static const char accept[] = "Accept: application/json";
    *setup = (struct cs_http_setup){.options = *options};
    enum cs_status status = check_origin(setup, err);
    if (status)
        return status;
    fill_defaults(&setup->options);
    setup->ca_file = find_ca_file(options->ca_file);
    if (!add_header(&setup->get_headers, accept) ||
        !add_header(&setup->post_headers, accept) ||
        !add_header(&setup->post_headers, "Content-Type: application/json"))
        return cs_error_no_memory(err);
    return CS_OK;
}

void cs_http_setup_clear(struct cs_http_setup *setup)
{
    curl_slist_free_all(setup->get_headers);
    curl_slist_free_all(setup->post_headers);
    *setup = (struct cs_http_setup){.get_headers = NULL};
}
