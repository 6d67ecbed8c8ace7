/*
 * setup_account.c - who asks the site, and with which secret.
 */
#include "cli/setup.h"

#include "cli/ask.h"
#include "src/credential.h"
#include "src/text.h"

#include <stdlib.h>

static enum cs_status ask_username(struct cs_setup *setup, const char *was,
                                   struct cs_error *err)
{
    struct cs_strbuf answer CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_ASK_MAX);
    enum cs_status status;
    cs_setup_say(setup, "\n");
    if (was && !setup->guide.account_needed)
        cs_setup_say(setup, "A - stands for none.\n");
    do
        status =
            cs_ask_line(setup->app, setup->guide.account, was, &answer, err);
    while (status == CS_OK && answer.len == 0 && setup->guide.account_needed);
    /* There must be a way to say that there is none any more. */
    bool none = cs_str_equal(answer.data, "-") || answer.len == 0;
    if (status == CS_OK)
        setup->source.username =
            none ? NULL : cs_arena_strdup(setup->arena, answer.data);
    return status == CS_OK ? cs_arena_status(setup->arena, err) : status;
}

static enum cs_status take_username(struct cs_setup *setup,
                                    struct cs_error *err)
{
    const char *was = setup->source.username;
    const char *given = setup->args->username;
    if (given && !setup->refused) {
        setup->source.username = *given ? given : NULL;
        return CS_OK;
    }
    bool known =
        cs_setup_is_given(setup, "username") ||
        (!setup->guide.account_needed && cs_setup_is_given(setup, "api_token"));
    if (setup->dialogue && (!known || setup->refused))
        return ask_username(setup, was, err);
    if (!was && setup->guide.account_needed)
        return cs_setup_missing("the account",
                                "--username or CONFLUENCE_USERNAME", err);
    return CS_OK;
}

static bool has_credential(const struct cs_source_config *source)
{
    return source->api_token || source->api_token_file ||
           source->api_token_command || getenv("CREDENTIALS_DIRECTORY");
}

static void explain_token(const struct cs_setup *setup)
{
    const struct cs_site_guide *guide = &setup->guide;
    const struct cs_terminal *terminal = &setup->app->err_terminal;
    struct cs_strbuf url CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(8192);
    bool linked = cs_terminal_link(terminal, guide->token_url, &url);
    cs_text_put_safe(&url, guide->token_url, strlen(guide->token_url), false);
    if (linked)
        (void)cs_terminal_link(terminal, NULL, &url);
    cs_setup_say(setup,
                 "\nA token is made on this page, by you:\n  %s\n  %s\n"
                 "Paste it here; it is not shown.\n",
                 url.data, guide->token_steps);
}

/* Typed, hidden. With `keep` nothing typed means the one that is there. */
static enum cs_status ask_token(struct cs_setup *setup, bool keep,
                                struct cs_error *err)
{
    struct cs_strbuf question CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1000);
    struct cs_strbuf typed CS_CLEANUP(cs_ask_wipe) =
        CS_STRBUF_INIT(CS_ASK_MAX + 1);
    bool password = setup->source.username && !setup->guide.account_needed;
    if (!password && !setup->explained)
        explain_token(setup);
    setup->explained = setup->explained || !password;
    cs_strbuf_printf(&question, "%s%s",
                     password ? "Password" : setup->guide.token,
                     keep ? " (Enter keeps the one there is)" : "");
    enum cs_status status;
    do
        status = cs_ask_secret(setup->app, question.data, &typed, err);
    while (status == CS_OK && typed.len == 0 && !keep);
    setup->kept = status == CS_OK && typed.len == 0;
    if (status != CS_OK || setup->kept)
        return status;
    cs_setup_say(setup, "  (%zu characters)\n", typed.len);
    status = cs_log_add_secret(setup->app->log, typed.data, err);
    cs_ask_wipe(&setup->token);
    cs_strbuf_puts(&setup->token, typed.data);
    setup->source.api_token = setup->token.data;
    setup->source.api_token_file = setup->source.api_token_command = NULL;
    return status == CS_OK ? cs_strbuf_status(&setup->token, err) : status;
}

/* Is it there, and fit to be sent? The connector would say so too, but it would
 * not say that it is the token. */
static enum cs_status look_at_token(const struct cs_setup *setup,
                                    struct cs_error *err)
{
    struct cs_credential *credential CS_CLEANUP(cs_credential_cleanup) = NULL;
    enum cs_status status = cs_credential_of(&setup->source, &credential, err);
    if (status == CS_OK)
        status = cs_log_add_secret(setup->app->log,
                                   cs_credential_secret(credential), err);
    return status;
}

static enum cs_status take_token(struct cs_setup *setup, struct cs_error *err)
{
    const struct cs_setup_args *args = setup->args;
    bool there = has_credential(&setup->source);
    bool given = args->token_file || args->token_command ||
                 (args->token_stdin && there) ||
                 cs_setup_is_given(setup, "api_token");
    if (setup->dialogue && (!given || setup->refused))
        return ask_token(setup, there && !setup->refused, err);
    setup->kept = !given;
    if (there)
        return CS_OK;
    return cs_setup_missing(
        "the token", "--token-stdin, --token-file FILE or CONFLUENCE_API_TOKEN",
        err);
}

enum cs_status cs_setup_ask_account(struct cs_setup *setup,
                                    struct cs_error *err)
{
    for (;;) {
        struct cs_error why = CS_ERROR_INIT;
        enum cs_status status = take_username(setup, err);
        if (status == CS_OK)
            status = take_token(setup, err);
        if (status != CS_OK)
            return status;
        status = look_at_token(setup, &why);
        if (status == CS_OK)
            return CS_OK;
        if (!setup->dialogue || status != CS_ERR_CONFIG)
            return cs_error_pass(err, status, &why);
        cs_setup_say_error(setup, &why);
        setup->refused = true;
    }
}
