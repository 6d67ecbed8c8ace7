/*
 * setup_site.c - the address, whatever was pasted, and whether it answers.
 */
#include "cli/setup.h"

#include "cli/ask.h"
#include "src/text.h"
#include "src/url.h"

#define PROBE_TIMEOUT_MS 15000
#define PROBE_BUDGET_MS  3000
#define PROBE_MAX        ((size_t)1 << 20)

/* An answer, whatever it says, is an answer. */
static bool is_answer(enum cs_status status)
{
    switch (status) {
    case CS_OK:
    case CS_ERR_AUTH:
    case CS_ERR_FORBIDDEN:
    case CS_ERR_NOT_FOUND:
    case CS_ERR_PROTOCOL:
    case CS_ERR_LIMIT: return true;
    default: return false;
    }
}

/* Ask without any credential: a wrong address shows before anybody looks for a
 * token. */
static enum cs_status reach(const struct cs_setup *setup, struct cs_error *err)
{
    struct cs_http *http CS_CLEANUP(cs_http_cleanup) = NULL;
    struct cs_strbuf body CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(PROBE_MAX);
    const struct cs_source_config *source = &setup->source;
    const struct cs_http_options options = {
        .base_url = setup->guide.root,
        .clock = setup->app->clock,
        .cancel = setup->app->cancel,
        .ca_file = source->ca_file,
        .client_cert = source->client_cert,
        .client_key = source->client_key,
        .allow_http = source->allow_http,
        .jobs = 1,
        .timeout_ms = PROBE_TIMEOUT_MS,
        .retry_budget_ms = PROBE_BUDGET_MS,
        .max_body = PROBE_MAX,
    };
    long http_status = 0;
    enum cs_status status = cs_http_new(&options, &http, err);
    if (status != CS_OK)
        return status;
    status = cs_http_get(http, setup->guide.proof ? setup->guide.proof : "/",
                         &body, &http_status, err);
    if (!is_answer(status))
        return status;
    if (!setup->guide.proof || http_status != 404)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG, "there is no %s at %s",
                       setup->guide.title, setup->guide.root);
    cs_error_hint(err, "open a page of it in the browser and copy its address");
    return CS_ERR_CONFIG;
}

/* A credential for one site is not shown to another. */
static void forget_credential(struct cs_setup *setup, const char *was)
{
    struct cs_origin a, b;
    const struct cs_setup_args *args = setup->args;
    if (!was || args->token_file || args->token_command || args->token_stdin ||
        cs_setup_is_given(setup, "api_token") ||
        (cs_url_origin(was, &a, NULL) == CS_OK &&
         cs_url_origin(setup->guide.url, &b, NULL) == CS_OK &&
         cs_origin_equal(&a, &b)))
        return;
    setup->source.api_token = setup->source.api_token_file =
        setup->source.api_token_command = NULL;
    if (!args->username && !cs_setup_is_given(setup, "username"))
        setup->source.username = NULL;
    if (!args->spaces && !cs_setup_is_given(setup, "space_keys"))
        setup->source.n_spaces = 0;
}

static enum cs_status take(struct cs_setup *setup, const char *text,
                           struct cs_error *err)
{
    enum cs_status status = setup->connector->guide(
        text, setup->source.deployment, &setup->guide, err);
    if (status == CS_OK)
        status = reach(setup, err);
    if (status == CS_OK)
        cs_setup_say(setup, "  %s at %s\n", setup->guide.title,
                     setup->guide.url);
    return status;
}

static enum cs_status ask(struct cs_setup *setup, const char *was,
                          struct cs_error *err)
{
    struct cs_strbuf answer CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_ASK_MAX);
    cs_setup_say(setup,
                 "\nOpen any page of your %s in the browser and paste its "
                 "address here.\n",
                 setup->connector->title);
    for (;;) {
        struct cs_error why = CS_ERROR_INIT;
        enum cs_status status =
            cs_ask_line(setup->app, "Address", was, &answer, err);
        if (status != CS_OK)
            return status;
        if (answer.len == 0)
            continue;
        status = take(setup, answer.data, &why);
        if (status == CS_OK)
            return CS_OK;
        if (status == CS_ERR_CANCELLED || status == CS_ERR_NO_MEMORY)
            return cs_error_pass(err, status, &why);
        cs_setup_say_error(setup, &why);
    }
}

enum cs_status cs_setup_ask_site(struct cs_setup *setup, struct cs_error *err)
{
    const char *was = setup->source.base_url, *given = setup->args->url;
    enum cs_status status = CS_OK;
    if (!given && cs_setup_is_given(setup, "base_url"))
        given = was;
    if (!given && !setup->dialogue)
        given = was;
    if (!given && !setup->dialogue)
        return cs_setup_missing("the address of the site",
                                "--url or CONFLUENCE_BASE_URL", err);
    if (given && !setup->refused)
        status = take(setup, given, err);
    else
        status = ask(setup, was, err);
    if (status != CS_OK)
        return status;
    if (!given || given != was)
        forget_credential(setup, was);
    setup->source.base_url = setup->guide.url;
    return CS_OK;
}
