/*
 * setup_connect.c - the way in that a sync takes: who we are, what we may read.
 */
#include "cli/setup.h"

#include "cli/ask.h"
#include "src/text.h"

struct looking {
    struct cs_setup *setup;
    const char **missing;
    const char *lost; /* the first key that is not there */
    struct cs_error why;
};

static enum cs_status found(void *payload, const struct cs_container *container,
                            struct cs_error *err)
{
    struct cs_setup *setup = ((struct looking *)payload)->setup;
    if (setup->n_spaces == setup->room) {
        size_t room = setup->room ? 2 * setup->room : 64;
        struct cs_setup_space *more =
            cs_arena_array(setup->arena, room, sizeof(*more));
        if (!more)
            return cs_arena_status(setup->arena, err);
        if (setup->n_spaces > 0)
            memcpy(more, setup->spaces, setup->n_spaces * sizeof(*more));
        setup->spaces = more;
        setup->room = room;
    }
    setup->spaces[setup->n_spaces++] =
        (struct cs_setup_space){cs_arena_strdup(setup->arena, container->key),
                                cs_arena_strdup(setup->arena, container->name)};
    return cs_arena_status(setup->arena, err);
}

static void lost(void *payload, const char *key, const struct cs_error *why)
{
    struct looking *looking = payload;
    if (looking->lost)
        return;
    looking->lost = cs_arena_strdup(looking->setup->arena, key);
    looking->why = *why;
}

/* An instance of the connector, with these spaces configured. */
static enum cs_status open_self(const struct cs_setup *setup,
                                const struct cs_source_config *source,
                                const struct cs_connector_env *env, void **ret,
                                struct cs_error *err)
{
    *ret = NULL;
    enum cs_status status = setup->connector->open(source, env, ret, err);
    return status == CS_OK && *setup->app->cancel
               ? cs_error_set(err, CS_ERR_CANCELLED, "stopped")
               : status;
}

static struct cs_connector_env env_of(const struct cs_setup *setup)
{
    return (struct cs_connector_env){.clock = setup->app->clock,
                                     .cancel = setup->app->cancel,
                                     .ca_file = setup->app->globals.cacert};
}

enum cs_status cs_setup_list_spaces(struct cs_setup *setup,
                                    const char *const *keys, size_t n,
                                    const char **missing, struct cs_error *err)
{
    struct cs_source_config source = setup->source;
    const struct cs_connector_env env = env_of(setup);
    struct looking looking = {.setup = setup};
    struct cs_identity identity;
    void *self = NULL;
    source.spaces = keys;
    source.n_spaces = n;
    setup->n_spaces = 0;
    enum cs_status status = open_self(setup, &source, &env, &self, err);
    if (status == CS_OK) /* it also tells one kind of site from the other */
        status = setup->connector->check(self, &identity, err);
    if (status == CS_OK)
        status = setup->connector->containers(self, NULL, found, &looking, lost,
                                              err);
    setup->connector->close(self);
    if (status != CS_OK)
        return status;
    if (missing) {
        *missing = looking.lost;
        return CS_OK;
    }
    if (!looking.lost)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG, "%s %s: %s", setup->connector->noun,
                       looking.lost, looking.why.message);
    cs_error_hint(err, "check its key, and whether this account may see it");
    return CS_ERR_CONFIG;
}

static enum cs_status who(struct cs_setup *setup, struct cs_error *err)
{
    const struct cs_connector_env env = env_of(setup);
    void *self = NULL;
    enum cs_status status = open_self(setup, &setup->source, &env, &self, err);
    if (status == CS_OK)
        status = setup->connector->check(self, &setup->identity, err);
    setup->connector->close(self);
    return status;
}

/* What failed decides what is asked again. */
static enum cs_status ask_again(struct cs_setup *setup,
                                const struct cs_error *why,
                                struct cs_error *err)
{
    bool again = false;
    enum cs_status status = CS_OK;
    cs_setup_say_error(setup, why);
    switch (why->status) {
    case CS_ERR_AUTH:
    case CS_ERR_FORBIDDEN:
        setup->refused = true;
        status = cs_setup_ask_account(setup, err);
        break;
    case CS_ERR_CONFIG:
    case CS_ERR_NOT_FOUND:
    case CS_ERR_PROTOCOL:
        setup->refused = true;
        status = cs_setup_ask_site(setup, err);
        setup->refused = false;
        if (status == CS_OK)
            status = cs_setup_ask_account(setup, err);
        break;
    default:
        status = cs_ask_yes(setup->app, "Try again?", true, &again, err);
        if (status == CS_OK && !again) {
            *err = *why;
            status = why->status;
        }
    }
    setup->refused = false;
    return status;
}

enum cs_status cs_setup_connect(struct cs_setup *setup, struct cs_error *err)
{
    for (;;) {
        struct cs_error why = CS_ERROR_INIT;
        enum cs_status status = who(setup, &why);
        if (status == CS_OK)
            break;
        why.status = status;
        if (!setup->dialogue || status == CS_ERR_CANCELLED ||
            status == CS_ERR_NO_MEMORY)
            return cs_error_pass(err, status, &why);
        status = ask_again(setup, &why, err);
        if (status != CS_OK)
            return status;
    }
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    cs_terminal_put(&setup->app->err_terminal, CS_STYLE_GOOD,
                    setup->identity.name, &name);
    cs_setup_say(setup, "  The site knows you as %s.\n", name.data);
    return CS_OK;
}
