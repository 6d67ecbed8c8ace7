/*
 * config_check.c - what a configuration lacks, and how to supply it.
 */
#include "src/config.h"

#include "src/text.h"

#include <stdlib.h>

/* True when the token can come from somewhere; whether it does, only reading
 * it tells (credential.h). */
static bool has_token(const struct cs_source_config *source)
{
    return source->api_token || source->api_token_file ||
           source->api_token_command || getenv("CREDENTIALS_DIRECTORY");
}

enum cs_status cs_source_config_check(const struct cs_source_config *source,
                                      struct cs_error *err)
{
    bool token = has_token(source);
    if (source->base_url && token)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG, "source %s has no %s", source->name,
                       source->base_url ? "api_token"
                       : token          ? "base_url"
                                        : "base_url and no api_token");
    if (cs_str_equal(source->name, CS_DEFAULT_SOURCE))
        cs_error_hint(err,
                      "set, for example, %s%s%sin the environment, or see "
                      "cs help keys",
                      source->base_url ? ""
                                       : "CONFLUENCE_BASE_URL="
                                         "https://acme.atlassian.net/wiki ",
                      source->base_url || token ? "" : "and ",
                      token ? "" : "CONFLUENCE_API_TOKEN=... ");
    else
        cs_error_hint(err, "add it to source %s { ... }; see cs help keys",
                      source->name);
    return CS_ERR_CONFIG;
}

enum cs_status cs_config_no_source(const struct cs_config *config,
                                   struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_CONFIG,
                       "no source is configured (no %s, and no "
                       "CONFLUENCE_BASE_URL in the environment)",
                       cs_config_path(config));
    cs_error_hint(err,
                  "run cs setup, or export CONFLUENCE_BASE_URL="
                  "https://acme.atlassian.net/wiki "
                  "CONFLUENCE_USERNAME=you@acme.com CONFLUENCE_API_TOKEN=...");
    return CS_ERR_CONFIG;
}
