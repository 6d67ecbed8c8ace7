/*
 * engine_refusal.c - a credential that the site refused is not sent again by
 * itself.
 *
 * A site that is asked every hour with a wrong password locks the account. So
 * a refusal is remembered, as a salted hash of what was sent and where; a
 * scheduled run that would send the same does not start. Another credential,
 * or a run by hand, tries anew. The hash is so short that it tells next to
 * nothing of the secret: two credentials in sixteen million share one.
 */
#include "connectors/engine_parts.h"

#include "src/credential.h"
#include "src/hash.h"

#include <sys/random.h>

#define CURSOR   "credential.refused"
#define SALT_HEX 16
#define HASH_HEX 6

static enum cs_status fingerprint(const struct cs_source_config *config,
                                  const char *salt, char ret[HASH_HEX + 1],
                                  struct cs_error *err)
{
    struct cs_credential *credential CS_CLEANUP(cs_credential_cleanup) = NULL;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    char hex[CS_HASH_HEX_SIZE];
    enum cs_status status = cs_credential_of(config, &credential, err);
    if (status)
        return status;
    const char *user = cs_credential_user(credential);
    cs_strbuf_printf(&text, "%s\n%s\n%s\n%s", salt,
                     config->base_url ? config->base_url : "", user ? user : "",
                     cs_credential_secret(credential));
    status = cs_strbuf_status(&text, err);
    const struct cs_hash hash = cs_hash_of(text.data, text.len);
    explicit_bzero(text.data, text.len);
    if (status)
        return status;
    cs_hash_hex(&hash, hex);
    memcpy(ret, hex, HASH_HEX);
    ret[HASH_HEX] = '\0';
    return CS_OK;
}

static enum cs_status read_note(struct cs_engine *run, const char **ret,
                                struct cs_error *err)
{
    return cs_engine_from_sink(
        run, run->sink->ops->cursor(run->sink, CURSOR, run->arena, ret, err));
}

enum cs_status cs_engine_check_refusal(struct cs_engine *run,
                                       struct cs_error *err)
{
    const char *note = NULL;
    char salt[SALT_HEX + 1] = "", now[HASH_HEX + 1];
    if (!run->options->scheduled)
        return CS_OK;
    enum cs_status status = read_note(run, &note, err);
    if (status || !note || strlen(note) != SALT_HEX + 1 + HASH_HEX)
        return status;
    memcpy(salt, note, SALT_HEX);
    status = fingerprint(run->options->source, salt, now, err);
    if (status || strcmp(now, note + SALT_HEX + 1) != 0)
        return status;
    (void)cs_error_set(err, CS_ERR_AUTH,
                       "the site refused this credential before; it was not "
                       "sent again");
    cs_error_hint(err, "give another one, or try it by hand: cs sync");
    return CS_ERR_AUTH;
}

static enum cs_status make_note(const struct cs_engine *run, char *note,
                                size_t size, struct cs_error *err)
{
    unsigned char random[SALT_HEX / 2];
    char salt[SALT_HEX + 1], hash[HASH_HEX + 1];
    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return cs_error_set(err, CS_ERR_IO, "no random bytes");
    for (size_t i = 0; i < sizeof(random); i++)
        (void)snprintf(salt + 2 * i, 3, "%02x", random[i]);
    enum cs_status status = fingerprint(run->options->source, salt, hash, err);
    (void)snprintf(note, size, "%s:%s", salt, hash);
    return status;
}

enum cs_status cs_engine_note_refusal(struct cs_engine *run, bool refused,
                                      struct cs_error *err)
{
    char note[SALT_HEX + 1 + HASH_HEX + 1] = "";
    const char *before = NULL;
    enum cs_status status = read_note(run, &before, err);
    if (!status && !refused && (!before || !before[0]))
        return CS_OK;
    if (!status && refused)
        status = make_note(run, note, sizeof(note), err);
    return status ? status
                  : cs_engine_from_sink(run, run->sink->ops->set_cursor(
                                                 run->sink, CURSOR, note, err));
}
