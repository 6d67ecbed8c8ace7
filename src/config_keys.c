/*
 * config_keys.c - the rows of the key table, and what prints from them.
 *
 * How the words of a value become a member of a struct is config_values.c.
 */
#include "src/config_keys.h"

#include "src/config_values.h"
#include "src/suggest.h"
#include "src/text.h"

static const char *const attachment_choices[] = {"referenced", "all", "none",
                                                 NULL};
static const char *const deployment_choices[] = {"auto", "cloud", "datacenter",
                                                 NULL};

#define MIRROR(member)                                                         \
    CS_SCOPE_MIRROR, offsetof(struct cs_config_mirror, member)
#define BOTH(member) CS_SCOPE_BOTH, offsetof(struct cs_source_config, member)
#define SOURCE(member)                                                         \
    CS_SCOPE_SOURCE, offsetof(struct cs_source_config, member)

/* Members in the order of struct cs_key; those left out are zero. */
const struct cs_key cs_config_keys[CS_KEY_COUNT] = {
    [CS_KEY_ROOT] = {"root", &cs_key_path, MIRROR(root), "~/context-sync",
                     .env = "CONTEXT_SYNC_DIR",
                     .doc = "folder that holds the mirror"},
    [CS_KEY_INDEX_DIR] = {"index_dir", &cs_key_path, MIRROR(index_dir),
                          .doc = "folder of the index, on a local disk "
                                 "(default: .cs in the root)"},
    [CS_KEY_JOBS] = {"jobs", &cs_key_number, BOTH(jobs), "4", 1, 64,
                     .doc = "requests in flight at the same time"},
    [CS_KEY_MAX_RPS] = {"max_rps", &cs_key_rate, BOTH(max_rps), "8", 0, 10000,
                        .doc = "requests a second, 0 for no limit; none on "
                               "loopback unless set"},
    [CS_KEY_RECONCILE_INTERVAL] = {"reconcile_interval", &cs_key_duration,
                                   BOTH(reconcile_interval_ms), "auto",
                                   .doc = "time between two complete "
                                          "listings"},
    [CS_KEY_DELETION_BRAKE] = {"deletion_brake", &cs_key_brake,
                               BOTH(deletion_brake_percent), "10 %, 20",
                               .doc = "a run stops before it removes more than "
                                      "this share and this number"},
    [CS_KEY_ATTACHMENTS] = {"attachments", &cs_key_choice, BOTH(attachments),
                            "referenced", .choices = attachment_choices,
                            .doc = "which attachments are fetched"},
    [CS_KEY_ATTACHMENT_MAX_SIZE] = {"attachment_max_size", &cs_key_size,
                                    BOTH(attachment_max_size), "20 MB", 0,
                                    INT64_C(1) << 40,
                                    .doc = "larger attachments stay away"},
    [CS_KEY_COMMENTS] = {"comments", &cs_key_bool, BOTH(comments), "yes",
                         .doc = "whether comments are fetched"},
    [CS_KEY_KEEP_DELETED] = {"keep_deleted", &cs_key_duration,
                             BOTH(keep_deleted_ms), "30d",
                             .doc = "how long a deleted document can be "
                                    "restored, 0 for not at all"},
    [CS_KEY_SWEEP_REQUESTS] = {"sweep_requests", &cs_key_number,
                               BOTH(sweep_requests), "50", 0, 100000,
                               .doc =
                                   "requests a run spends on what no listing "
                                   "shows"},
    [CS_KEY_EXCLUDE_TITLES] = {"exclude_titles", &cs_key_patterns,
                               BOTH(exclude_titles),
                               .doc = "documents that stay away, by title: "
                                      "{\"Draft *\", \"*(old)\"}"},
    [CS_KEY_EXCLUDE_LABELS] = {"exclude_labels", &cs_key_patterns,
                               BOTH(exclude_labels),
                               .doc = "the same by label: {private, "
                                      "\"tmp-*\"}"},
    [CS_KEY_RESTRICTIONS] = {"restrictions", &cs_key_bool, BOTH(restrictions),
                             "no",
                             .doc = "whether it is noted which pages not "
                                    "everybody may read"},
    [CS_KEY_RUN_BUDGET] = {"run_budget", &cs_key_duration, BOTH(run_budget_ms),
                           "50min",
                           .doc = "time after which a scheduled sync leaves "
                                  "the rest to the next, 0 for no end"},
    [CS_KEY_TYPE] = {"type", &cs_key_text, SOURCE(type),
                     .doc = "the connector (default: the source's name)"},
    [CS_KEY_BASE_URL] = {"base_url", &cs_key_text, SOURCE(base_url),
                         .env = "CONFLUENCE_BASE_URL",
                         .doc = "address of the site: "
                                "https://acme.atlassian.net/wiki"},
    [CS_KEY_USERNAME] = {"username", &cs_key_text, SOURCE(username),
                         .env = "CONFLUENCE_USERNAME",
                         .doc = "account; without it the token is a bearer "
                                "token"},
    [CS_KEY_API_TOKEN] = {"api_token", &cs_key_text, SOURCE(api_token),
                          .env = "CONFLUENCE_API_TOKEN", .secret = true,
                          .doc = "the secret; the file must then be mode 600"},
    [CS_KEY_API_TOKEN_FILE] = {"api_token_file", &cs_key_path,
                               SOURCE(api_token_file),
                               .doc = "file of mode 600 that holds it"},
    [CS_KEY_API_TOKEN_COMMAND] = {"api_token_command", &cs_key_text,
                                  SOURCE(api_token_command),
                                  .doc = "command that prints it, run without "
                                         "a shell"},
    [CS_KEY_SPACE_KEYS] = {"space_keys", &cs_key_list, SOURCE(spaces),
                           .env = "CONFLUENCE_SPACE_KEYS",
                           .doc = "spaces to mirror: {ENG, OPS}; none or \"*\" "
                                  "for all that can be read"},
    [CS_KEY_OUTPUT_DIR] = {"output_dir", &cs_key_path, SOURCE(output_dir),
                           .env = "CONFLUENCE_OUTPUT_DIR",
                           .doc = "folder of its files (default: the source's "
                                  "name in the root)"},
    [CS_KEY_DEPLOYMENT] = {"deployment", &cs_key_choice, SOURCE(deployment),
                           "auto", .choices = deployment_choices,
                           .env = "CONFLUENCE_DEPLOYMENT",
                           .doc = "kind of the site"},
    [CS_KEY_CLOUD_ID] = {"cloud_id", &cs_key_text, SOURCE(cloud_id),
                         .env = "CONFLUENCE_CLOUD_ID",
                         .doc = "id of the site, for tokens with scopes"},
    [CS_KEY_ALLOW_HTTP] = {"allow_http", &cs_key_bool, SOURCE(allow_http), "no",
                           .doc = "plain http to another machine"},
    [CS_KEY_CA_FILE] = {"ca_file", &cs_key_path, SOURCE(ca_file),
                        .doc = "certificates to trust instead of the system's"},
    [CS_KEY_CLIENT_CERT] = {"client_cert", &cs_key_path, SOURCE(client_cert),
                            .doc = "certificate to show to the server"},
    [CS_KEY_CLIENT_KEY] = {"client_key", &cs_key_path, SOURCE(client_key),
                           .doc = "the private key that goes with it"},
};

const struct cs_key *cs_key_find(const char *name)
{
    for (size_t i = 0; i < CS_KEY_COUNT; i++) {
        if (cs_str_equal(cs_config_keys[i].name, name))
            return &cs_config_keys[i];
    }
    return NULL;
}

enum cs_status cs_source_name_check(const char *name, struct cs_error *err)
{
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    if (good > 0 && good <= 64 && name[good] == '\0' &&
        !strchr("-_", name[0]) && !cs_str_equal(name, "logs"))
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG,
                       "\"%.80s\" cannot be the name of a source", name);
    cs_error_hint(err, "use lower-case letters, digits, '-' and '_'; \"logs\" "
                       "is taken");
    return CS_ERR_CONFIG;
}

bool cs_config_key_at(size_t i, struct cs_config_key *ret)
{
    if (i >= CS_KEY_COUNT)
        return false;
    const struct cs_key *key = &cs_config_keys[i];
    *ret = (struct cs_config_key){
        .name = key->name,
        .type = cs_key_type_name(key),
        .doc = key->doc,
        .fallback = key->fallback,
        .variable = key->env,
        .list = cs_key_is_list(key),
        .path = key->type == &cs_key_path,
        .secret = key->secret,
        .at_top = key->scope != CS_SCOPE_SOURCE,
        .in_source = key->scope != CS_SCOPE_MIRROR,
    };
    return true;
}

bool cs_config_key_find(const char *name, struct cs_config_key *ret)
{
    const struct cs_key *key = cs_key_find(name);
    return key && cs_config_key_at((size_t)(key - cs_config_keys), ret);
}

const char *cs_key_suggest(const char *word)
{
    const char *names[CS_KEY_COUNT];
    for (size_t i = 0; i < CS_KEY_COUNT; i++)
        names[i] = cs_config_keys[i].name;
    return cs_suggest_nearest(word, names, CS_KEY_COUNT);
}

static void describe_key(const struct cs_key *key, struct cs_strbuf *out)
{
    cs_strbuf_printf(out, "  %-20s %s\n", key->name, key->doc);
    cs_strbuf_printf(out, "  %-20s ", "");
    for (size_t i = 0; key->choices && key->choices[i]; i++)
        cs_strbuf_printf(out, "%s%s", i > 0 ? " | " : "", key->choices[i]);
    if (!key->choices)
        cs_strbuf_puts(out, cs_key_type_name(key));
    if (key->fallback)
        cs_strbuf_printf(out, ", default %s", key->fallback);
    if (key->env)
        cs_strbuf_printf(out, "; $%s", key->env);
    if (key->reserved)
        cs_strbuf_puts(out, "; without effect in this version");
    cs_strbuf_putc(out, '\n');
}

void cs_key_describe(struct cs_strbuf *out)
{
    static const char *const titles[] = {
        [CS_SCOPE_MIRROR] = "For the mirror, at the top of the file:",
        [CS_SCOPE_BOTH] = "For every source, at the top or in one of them:",
        [CS_SCOPE_SOURCE] = "In a source, as in: source confluence { ... }",
    };
    for (size_t scope = 0; scope < CS_ARRAY_LEN(titles); scope++) {
        cs_strbuf_printf(out, "%s%s\n", scope > 0 ? "\n" : "", titles[scope]);
        for (size_t i = 0; i < CS_KEY_COUNT; i++) {
            if ((size_t)cs_config_keys[i].scope == scope)
                describe_key(&cs_config_keys[i], out);
        }
    }
}
