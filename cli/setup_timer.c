/*
 * setup_timer.c - the offer to keep the mirror fresh, once all is written.
 */
#include "cli/setup.h"

#include "cli/scheduler.h"

#include <stdlib.h>

#define VARIABLE "CONTEXT_SYNC_SETUP_TIMER"

/* Where there is no systemd, cron does it. */
static void tell_cron(const struct cs_setup *setup)
{
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    cs_scheduler_put_crontab(setup->app, NULL, &line);
    cs_setup_say(setup,
                 "No systemd runs for you here. To have it brought up to date "
                 "every hour,\nput this line into crontab -e:\n  %s\n",
                 line.data);
}

static enum cs_status refuse(const struct cs_setup *setup, struct cs_error *err)
{
    tell_cron(setup);
    (void)cs_error_set(err, CS_ERR_PARTIAL,
                       "no systemd manager runs for this user");
    cs_error_hint(err, "let cron run it: cs scheduler tells the line");
    return CS_ERR_PARTIAL;
}

/* The configuration that was written, instead of that of the beginning. */
static enum cs_status reload(struct cs_setup *setup, struct cs_error *err)
{
    if (!setup->before) {
        setup->before = setup->app->config;
        setup->app->config = NULL;
    }
    return setup->app->config ? CS_OK : cs_app_open_config(setup->app, err);
}

static void tell(const struct cs_setup *setup,
                 const struct cs_scheduler *scheduler)
{
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_scheduler_put_line(scheduler, cs_clock_now(setup->app->clock), &line);
    cs_setup_say(
        setup, "  Timer: %s%s\n", line.data,
        scheduler->linger == CS_LINGER_OFF ? "; while you are logged in" : "");
}

static enum cs_status switch_on(struct cs_setup *setup, struct cs_error *err)
{
    const struct cs_scheduler_wish wish = {.yes = false};
    struct cs_scheduler scheduler = {0};
    enum cs_status status = cs_scheduler_enable(setup->app, &wish, err);
    if (status == CS_OK)
        status = cs_scheduler_read(setup->arena, &scheduler, err);
    if (status == CS_OK)
        tell(setup, &scheduler);
    return status;
}

enum cs_status cs_setup_timer(struct cs_setup *setup, bool *ret_on,
                              struct cs_error *err)
{
    const struct cs_setup_args *args = setup->args;
    struct cs_scheduler scheduler = {0};
    const char *said = getenv(VARIABLE);
    bool wished = args->timer || (said && *said && !args->no_timer);
    bool yes = false;
    if (args->no_timer || (!wished && !setup->dialogue))
        return CS_OK;
    enum cs_status status = reload(setup, err);
    if (status == CS_OK)
        status = cs_scheduler_read(setup->arena, &scheduler, err);
    if (status != CS_OK)
        return status;
    *ret_on = scheduler.enabled && scheduler.active;
    if (scheduler.manager != CS_MANAGER_RUNS && !wished) {
        tell_cron(setup);
        return CS_OK;
    }
    if (*ret_on && !wished) {
        tell(setup, &scheduler);
        return CS_OK;
    }
    status = cs_setup_decide(setup, args->timer, args->no_timer, VARIABLE,
                             "Bring it up to date every hour?", &yes, err);
    if (status != CS_OK || !yes)
        return status;
    status = scheduler.manager == CS_MANAGER_RUNS ? switch_on(setup, err)
                                                  : refuse(setup, err);
    *ret_on = *ret_on || status == CS_OK;
    return status;
}
