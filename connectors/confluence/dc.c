/*
 * dc.c - open and close, who we are, and the table of slots.
 */
#include "connectors/confluence/dc.h"
#include "connectors/confluence/clients.h"

#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

static enum cs_status make_http(struct cs_dc *dc, struct cs_error *err)
{
    enum cs_status status = cs_client_http(dc->config, dc->env, dc->site.api,
                                           dc->credential, &dc->http, err);
    if (status)
        return status;
    dc->people = cs_dc_people_new(dc->http);
    return dc->people ? CS_OK : cs_error_no_memory(err);
}

enum cs_status cs_dc_open(const struct cs_source_config *config,
                          const struct cs_connector_env *env,
                          struct cs_dc **ret, struct cs_error *err)
{
    struct cs_dc *dc = calloc(1, sizeof(*dc));
    if (!dc)
        return cs_error_no_memory(err);
    dc->config = config;
    dc->env = env;
    dc->batch_size = dc->batch_max = CS_DC_BATCH_MAX;
    enum cs_status status = cs_dc_site_init(
        &dc->site, config->base_url ? config->base_url : "", err);
    if (!status)
        status = cs_credential_of(dc->config, &dc->credential, err);
    if (!status)
        status = make_http(dc, err);
    if (status) {
        cs_dc_close(dc);
        return status;
    }
    *ret = dc;
    return CS_OK;
}

void cs_dc_close(void *self)
{
    struct cs_dc *dc = self;
    if (!dc)
        return;
    cs_dc_people_free(dc->people);
    cs_http_free(dc->http);
    cs_credential_free(dc->credential);
    free(dc);
}

/* ---- who we are ---- */

static enum cs_status read_identity(const struct cs_json *root,
                                    struct cs_identity *ret, bool *ret_cloud,
                                    struct cs_error *err)
{
    const char *account, *key, *user, *name;
    enum cs_status status =
        cs_json_text(root, "accountId", CS_JSON_OPTIONAL, &account, err);
    if (!status)
        status = cs_json_text(root, "userKey", CS_JSON_OPTIONAL, &key, err);
    if (!status)
        status = cs_json_text(root, "username", CS_JSON_OPTIONAL, &user, err);
    if (!status)
        status =
            cs_json_text(root, "displayName", CS_JSON_OPTIONAL, &name, err);
    if (status)
        return status;
    *ret_cloud = account != NULL;
    if (account)
        return CS_OK;
    if (!key && !user) {
        cs_error_set(err, CS_ERR_AUTH,
                     "the site takes us for an anonymous visitor");
        cs_error_hint(err, "check the user name and the token");
        return CS_ERR_AUTH;
    }
    cs_text_copy(ret->name, sizeof(ret->name), name ? name : user ? user : key);
    cs_text_copy(ret->id, sizeof(ret->id), key ? key : user);
    return CS_OK;
}

/* Say more than the HTTP layer can: it knows no vendor. A refusal that names
 * its reason (a lock) has its hint already. */
static enum cs_status explain(const struct cs_dc *dc, enum cs_status status,
                              long http_status, struct cs_error *err)
{
    if (http_status != 401 || !err || strstr(err->message, "CAPTCHA"))
        return status;
    if (cs_credential_user(dc->credential))
        cs_error_hint(err, "check user name and password; a personal access "
                           "token is used without a user name: unset "
                           "CONFLUENCE_USERNAME");
    else
        cs_error_hint(err, "make a new personal access token in your profile; "
                           "before version 7.9 there are none: use user name "
                           "and password");
    return status;
}

enum cs_status cs_dc_ask(struct cs_dc *dc, struct cs_identity *ret_identity,
                         bool *ret_cloud, struct cs_error *err)
{
    struct cs_answer *answer CS_CLEANUP(cs_answer_cleanup) = NULL;
    struct cs_answer_request request = {.path = "/rest/api/user/current"};
    struct cs_json root;
    bool cloud = false;
    enum cs_status status = cs_answer_ask(dc->http, &request, &answer, err);
    if (status)
        return status;
    status = cs_answer_wait(answer, &root, err);
    if (cs_answer_date(answer))
        dc->skew_ms = cs_answer_date(answer) - cs_clock_now(dc->env->clock);
    if (status == CS_ERR_NOT_FOUND) {
        *ret_cloud = true;
        return CS_OK;
    }
    if (status)
        return explain(dc, status, cs_answer_http_status(answer), err);
    status = read_identity(&root, ret_identity, &cloud, err);
    if (status)
        return cs_answer_blame(answer, status, err);
    ret_identity->site_ms = cs_answer_date(answer);
    *ret_cloud = cloud;
    return CS_OK;
}

enum cs_status cs_dc_check(void *self, struct cs_identity *ret_identity,
                           struct cs_error *err)
{
    struct cs_dc *dc = self;
    bool cloud = false;
    enum cs_status status = cs_dc_ask(dc, ret_identity, &cloud, err);
    if (status || !cloud)
        return status;
    cs_error_set(err, CS_ERR_CONFIG, "%s is no Confluence Data Center",
                 dc->site.wiki);
    cs_error_hint(err, "check the base URL; it may need the path below which "
                       "Confluence runs, such as /confluence");
    return CS_ERR_CONFIG;
}

/* ---- what the parts of the client share ---- */

enum cs_status cs_dc_list_open(struct cs_dc *dc, const char *path,
                               const char *small, bool loose,
                               struct cs_dc_paging **ret, struct cs_error *err)
{
    const struct cs_dc_listing listing = {.path = path,
                                          .small = small,
                                          .context = dc->site.api_path,
                                          .limit = CS_DC_LIST_LIMIT,
                                          .loose = loose};
    return cs_dc_paging_open(dc->http, &listing, ret, err);
}

enum cs_status cs_dc_scan_open(struct cs_dc *dc, const char *path,
                               struct cs_dc_paging **ret, struct cs_error *err)
{
    const struct cs_dc_listing listing = {.path = path,
                                          .context = dc->site.api_path,
                                          .limit = CS_DC_LIST_LIMIT,
                                          .by_cursor = true};
    return cs_dc_paging_open(dc->http, &listing, ret, err);
}

int64_t cs_dc_now(const struct cs_dc *dc)
{
    return cs_clock_now(dc->env->clock) + dc->skew_ms;
}

bool cs_dc_unsupported(long http_status)
{
    return (http_status >= 400 && http_status < 500 && http_status != 401 &&
            http_status != 403 && http_status != 408 && http_status != 429) ||
           http_status == 501;
}

const char *cs_dc_id(const struct cs_json *row, const char *key,
                     struct cs_arena *arena)
{
    const char *text = NULL;
    int64_t number = -1;
    if (!cs_json_text(row, key, CS_JSON_OPTIONAL, &text, NULL))
        return text && *text ? text : NULL;
    if (cs_json_int(row, key, CS_JSON_OPTIONAL, -1, &number, NULL) ||
        number < 0)
        return NULL;
    return cs_arena_printf(arena, "%lld", (long long)number);
}

const char *cs_dc_web_url(const struct cs_site *site, const struct cs_json *row,
                          struct cs_arena *arena)
{
    struct cs_json links;
    const char *webui = NULL;
    if (cs_json_object(row, "_links", CS_JSON_OPTIONAL, &links, NULL) ||
        cs_json_text(&links, "webui", CS_JSON_OPTIONAL, &webui, NULL) || !webui)
        return NULL;
    if (cs_str_starts(webui, "https://") || cs_str_starts(webui, "http://"))
        return cs_arena_strdup(arena, webui);
    return webui[0] == '/' ? cs_arena_printf(arena, "%s%s", site->wiki, webui)
                           : NULL;
}

/* ---- the slots ---- */

static enum cs_status open_slot(const struct cs_source_config *config,
                                const struct cs_connector_env *env,
                                void **ret_self, struct cs_error *err)
{
    struct cs_dc *dc;
    enum cs_status status = cs_dc_open(config, env, &dc, err);
    if (!status)
        *ret_self = dc;
    return status;
}

static const char *site_slot(void *self)
{
    const struct cs_dc *dc = self;
    return dc->site.url;
}

static enum cs_status names_slot(void *self, const char *const *ids, size_t n,
                                 cs_person_fn *person, void *payload,
                                 struct cs_error *err)
{
    const struct cs_dc *dc = self;
    const struct cs_fetch_io io = {.person = person, .payload = payload};
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < n && !status; i++)
        status = cs_dc_people_note(dc->people, ids[i], NULL, err);
    return status ? status : cs_dc_people_resolve(dc->people, &io, err);
}

const struct cs_connector cs_dc_client = {
    .type = "confluence",
    .title = "Confluence Data Center",
    .open = open_slot,
    .close = cs_dc_close,
    .site = site_slot,
    .check = cs_dc_check,
    .containers = cs_dc_containers,
    .list = cs_dc_list,
    .changes = cs_dc_changes,
    .hints = cs_dc_hints,
    .probe = cs_dc_probe,
    .fetch = cs_dc_fetch,
    .names = names_slot,
    .download = cs_dc_download,
};
