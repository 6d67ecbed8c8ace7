/*
 * doctor_site.c - a source: its settings, its credential, the way to its site,
 * who we are there, the clocks, and what may be read.
 */
#include "cli/doctor.h"

#include "connectors/registry.h"
#include "src/credential.h"

#include <stdlib.h>

/* Feeds are read up to a time; the site's counts. More than this, and changes
 * of one hour may count as those of another. */
#define SKEW_MAX_MS INT64_C(300000)

static void see_clock(struct cs_doctor *doctor, int64_t site_ms)
{
    struct cs_strbuf off CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    int64_t ahead = cs_clock_now(doctor->app->clock) - site_ms;
    if (site_ms == 0)
        return;
    doctor->what = "clock";
    cs_duration_format(llabs(ahead), &off);
    if (llabs(ahead) > SKEW_MAX_MS)
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM,
                       "set it: timedatectl set-ntp true",
                       "this machine's clock is %s %s that of the site",
                       off.data, ahead > 0 ? "ahead of" : "behind");
    else
        cs_doctor_good(doctor, "agrees with the site's");
}

/* ---- what may be read ---- */

struct reading {
    struct cs_doctor *doctor;
    const struct cs_connector *connector;
    void *self;
    size_t n;   /* containers */
    bool items; /* one was listed */
};

static enum cs_status see_item(void *payload, const struct cs_item *item,
                               struct cs_error *err)
{
    struct reading *reading = payload;
    (void)item;
    reading->items = true;
    return cs_error_set(err, CS_ERR_CANCELLED, "one is enough");
}

/* Of the first one, a document: a token may read spaces and no pages. */
static enum cs_status see_container(void *payload,
                                    const struct cs_container *container,
                                    struct cs_error *err)
{
    struct reading *reading = payload;
    const struct cs_list_out out = {.item = see_item, .payload = reading};
    bool labels = false;
    if (reading->n++ > 0)
        return CS_OK;
    enum cs_status status =
        reading->connector->list(reading->self, container, &out, &labels, err);
    return reading->items ? CS_OK : status;
}

static void see_missing(void *payload, const char *key,
                        const struct cs_error *why)
{
    struct reading *reading = payload;
    cs_doctor_tell(reading->doctor, CS_DOCTOR_PROBLEM,
                   "check its key, and whether this account may see it",
                   "%s %s: %s", reading->connector->noun, key, why->message);
}

static void see_rights(struct cs_doctor *doctor,
                       const struct cs_connector *connector, void *self)
{
    struct cs_error err = CS_ERROR_INIT;
    struct reading reading = {
        .doctor = doctor, .connector = connector, .self = self};
    doctor->what = "rights";
    enum cs_status status = connector->containers(self, NULL, see_container,
                                                  &reading, see_missing, &err);
    if (status)
        cs_doctor_blame(doctor, &err);
    else if (reading.n == 0)
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM,
                       "ask for access, or configure other ones: space_keys",
                       "this account can read no %s", connector->noun);
    else
        cs_doctor_good(doctor, "%zu %s%s can be read", reading.n,
                       connector->noun, reading.n == 1 ? "" : "s");
}

/* ---- a source ---- */

static bool see_credential(struct cs_doctor *doctor,
                           const struct cs_source_config *config)
{
    struct cs_credential *credential CS_CLEANUP(cs_credential_cleanup) = NULL;
    struct cs_error err = CS_ERROR_INIT;
    doctor->what = "credential";
    if (cs_source_config_check(config, &err) ||
        cs_credential_of(config, &credential, &err)) {
        cs_doctor_blame(doctor, &err);
        return false;
    }
    const char *user = cs_credential_user(credential);
    if (user)
        cs_doctor_good(doctor, "the token of %s", user);
    else
        cs_doctor_good(doctor, "a bearer token");
    return true;
}

static void see_site(struct cs_doctor *doctor,
                     const struct cs_connector *connector, void *self)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_identity identity = {0};
    doctor->what = "site";
    if (connector->check(self, &identity, &err)) {
        cs_doctor_blame(doctor, &err);
        return;
    }
    cs_doctor_good(doctor, "takes us for %s", identity.name);
    see_clock(doctor, identity.site_ms);
    see_rights(doctor, connector, self);
}

static void visit(struct cs_doctor *doctor,
                  const struct cs_connector *connector,
                  const struct cs_source_config *config)
{
    const struct cs_app *app = doctor->app;
    const struct cs_connector_env env = {.clock = app->clock,
                                         .cancel = app->cancel,
                                         .ca_file = app->globals.cacert};
    struct cs_error err = CS_ERROR_INIT;
    void *self = NULL;
    doctor->what = "site";
    if (connector->open(config, &env, &self, &err))
        cs_doctor_blame(doctor, &err);
    else
        see_site(doctor, connector, self);
    connector->close(self);
}

void cs_doctor_see_source(struct cs_doctor *doctor,
                          const struct cs_source_config *config, bool offline)
{
    const struct cs_connector *connector = cs_connector_find(config->type);
    doctor->where = config->name;
    doctor->what = "source";
    if (!connector)
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM, "set type = confluence",
                       "there is no connector \"%.40s\"", config->type);
    else if (see_credential(doctor, config) && !offline)
        visit(doctor, connector, config);
    doctor->where = NULL;
}
