/*
 * clients.c - what both clients do alike.
 */
#include "connectors/confluence/clients.h"

#define MAX_ANSWER ((size_t)64 << 20)

enum cs_status cs_client_http(const struct cs_source_config *config,
                              const struct cs_connector_env *env,
                              const char *base_url,
                              const struct cs_credential *credential,
                              struct cs_http **ret, struct cs_error *err)
{
    const struct cs_http_options options = {
        .base_url = base_url,
        .credential = credential,
        .clock = env->clock,
        .cancel = env->cancel,
        .ca_file = env->ca_file ? env->ca_file : config->ca_file,
        .client_cert = config->client_cert,
        .client_key = config->client_key,
        .allow_http = config->allow_http,
        .jobs = config->jobs,
        .max_rps = config->max_rps,
        .patient = env->patient,
        .max_body = MAX_ANSWER,
        .paused = env->paused,
        .payload = env->payload,
    };
    return cs_http_new(&options, ret, err);
}

bool cs_client_may_be_document(enum cs_status status, long http_status)
{
    if (status == CS_ERR_NETWORK)
        return http_status >= 500;
    return status == CS_ERR_LIMIT || status == CS_ERR_NOT_FOUND ||
           status == CS_ERR_FORBIDDEN || status == CS_ERR_PROTOCOL ||
           status == CS_ERR_PARSE;
}
