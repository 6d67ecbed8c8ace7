/*
 * credential.c - one source of the token after the other, and wiping.
 */
#include "src/credential.h"

#include "src/command.h"
#include "src/config.h"
#include "src/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX         ((size_t)64 << 10)
#define COMMAND_TIMEOUT_MS 30000

struct cs_credential {
    char *user;   /* NULL: bearer */
    char *secret; /* wiped before it is freed */
};

/* Wipe what a buffer holds, spare room included, and free it. */
static void wipe_clear(struct cs_strbuf *buf)
{
    if (buf->cap)
        explicit_bzero(buf->data, buf->cap);
    cs_strbuf_clear(buf);
}

static void trim(struct cs_strbuf *buf)
{
    size_t blanks = strspn(buf->data, " \t\r\n");
    cs_strbuf_splice(buf, 0, blanks, "", 0);
    cs_strbuf_rtrim(buf);
}

/* All of it at once: growing would leave copies behind that nobody wipes. */
static enum cs_status read_all(int fd, const char *what, struct cs_strbuf *out,
                               struct cs_error *err)
{
    if (!cs_strbuf_reserve(out, out->max))
        return cs_strbuf_status(out, err);
    while (out->len < out->max) {
        ssize_t n = read(fd, out->data + out->len, out->max - out->len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cs_error_errno(err, errno, "%s", what);
        if (n == 0) {
            out->data[out->len] = '\0';
            return CS_OK;
        }
        out->len += (size_t)n;
    }
    return cs_error_set(err, CS_ERR_CONFIG,
                        "%s holds more than a token (limit %zu bytes)", what,
                        out->max);
}

static enum cs_status check_mode(const char *path, const struct stat *st,
                                 struct cs_error *err)
{
    if (!S_ISREG(st->st_mode))
        return cs_error_set(err, CS_ERR_CONFIG,
                            "%s: the token's file is no regular file", path);
    if (!(st->st_mode & (S_IRWXG | S_IRWXO)))
        return CS_OK;
    cs_error_set(err, CS_ERR_CONFIG,
                 "%s holds a token but is open to others (mode %04o)", path,
                 (unsigned)(st->st_mode & 07777));
    cs_error_hint(err, "chmod 600 %s", path);
    return CS_ERR_CONFIG;
}

static enum cs_status read_file(const char *path, bool check,
                                struct cs_strbuf *out, struct cs_error *err)
{
    /* O_NONBLOCK: a FIFO of that name must not make us wait for ever. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        (void)cs_error_errno(err, errno, "the token's file %s", path);
        cs_error_hint(err, "check api_token_file");
        if (err)
            err->status = CS_ERR_CONFIG;
        return CS_ERR_CONFIG;
    }
    struct stat st;
    enum cs_status status = CS_OK;
    if (fstat(fd, &st) != 0)
        status = cs_error_errno(err, errno, "%s", path);
    if (!status && check)
        status = check_mode(path, &st, err);
    if (!status)
        status = read_all(fd, path, out, err);
    (void)close(fd);
    return status;
}

/* systemd hands over credentials in a folder that only the unit can enter, so
 * the mode of the file in it proves nothing. */
static enum cs_status read_systemd(const char *name, struct cs_strbuf *out,
                                   struct cs_error *err)
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    if (!dir || !*dir || strchr(name, '/'))
        return CS_OK;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_strbuf_printf(&path, "%s/%s", dir, name);
    enum cs_status status = cs_strbuf_status(&path, err);
    if (status)
        return status;
    if (access(path.data, F_OK) != 0)
        return CS_OK;
    return read_file(path.data, false, out, err);
}

static bool given(const char *text)
{
    return text && *text;
}

/* Leaves `out` empty when no source is configured. */
static enum cs_status find(const struct cs_credential_spec *spec,
                           struct cs_strbuf *out, struct cs_error *err)
{
    if (given(spec->token)) {
        cs_strbuf_puts(out, spec->token);
        return cs_strbuf_status(out, err);
    }
    if (given(spec->file))
        return read_file(spec->file, true, out, err);
    if (given(spec->command))
        return cs_command_read(spec->command, COMMAND_TIMEOUT_MS, out, err);
    return given(spec->name) ? read_systemd(spec->name, out, err) : CS_OK;
}

/* A line end inside would add a header of its own to each request. */
static enum cs_status check_secret(const struct cs_strbuf *secret,
                                   struct cs_error *err)
{
    if (secret->len == 0) {
        cs_error_set(err, CS_ERR_CONFIG, "there is no API token");
        cs_error_hint(err, "set CONFLUENCE_API_TOKEN, or api_token_file or "
                           "api_token_command in the configuration");
        return CS_ERR_CONFIG;
    }
    for (size_t i = 0; i < secret->len; i++) {
        unsigned char c = (unsigned char)secret->data[i];
        if (c < 0x20 || c == 0x7f)
            return cs_error_set(err, CS_ERR_CONFIG,
                                "the API token has a line end or a control "
                                "character in it");
    }
    return CS_OK;
}

enum cs_status cs_credential_load(const struct cs_credential_spec *spec,
                                  struct cs_credential **ret,
                                  struct cs_error *err)
{
    struct cs_strbuf secret CS_CLEANUP(wipe_clear) = CS_STRBUF_INIT(SECRET_MAX);
    enum cs_status status = find(spec, &secret, err);
    if (status)
        return status;
    trim(&secret);
    status = check_secret(&secret, err);
    if (status)
        return status;
    struct cs_credential *made CS_CLEANUP(cs_credential_cleanup) =
        calloc(1, sizeof(*made));
    if (!made)
        return cs_error_no_memory(err);
    made->secret = strdup(secret.data);
    made->user = given(spec->user) ? strdup(spec->user) : NULL;
    if (!made->secret || (given(spec->user) && !made->user))
        return cs_error_no_memory(err);
    *ret = made;
    made = NULL;
    return CS_OK;
}

enum cs_status cs_credential_of(const struct cs_source_config *source,
                                struct cs_credential **ret,
                                struct cs_error *err)
{
    const struct cs_credential_spec spec = {
        .user = source->username,
        .token = source->api_token,
        .file = source->api_token_file,
        .command = source->api_token_command,
        .name = source->name,
    };
    return cs_credential_load(&spec, ret, err);
}

void cs_credential_free(struct cs_credential *credential)
{
    if (!credential)
        return;
    if (credential->secret)
        explicit_bzero(credential->secret, strlen(credential->secret));
    free(credential->secret);
    free(credential->user);
    free(credential);
}

const char *cs_credential_user(const struct cs_credential *credential)
{
    return credential->user;
}

const char *cs_credential_secret(const struct cs_credential *credential)
{
    return credential->secret;
}
