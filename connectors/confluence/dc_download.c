/*
 * dc_download.c - where the bytes of an attachment are.
 *
 * Where the listing says, on the configured host and with the credential: there
 * is no other call for them. The address names the version, so that what is
 * resumed is what was begun.
 */
#include "connectors/confluence/dc.h"

#include "connectors/download.h"
#include "src/url.h"

#include <inttypes.h>

/* Names of files come as they are from some versions. */
static void put_clean(const char *path, struct cs_strbuf *out)
{
    for (const char *at = path; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c > 0x20 && c < 0x7f && c != '"' && c != '#')
            cs_strbuf_putc(out, *at);
        else
            cs_strbuf_printf(out, "%%%02X", c);
    }
}

static enum cs_status put_path(void *payload, const struct cs_file_want *want,
                               struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_dc *dc = payload;
    struct cs_strbuf clean CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    if (want->locator && *want->locator) {
        put_clean(want->locator, &clean);
        cs_dc_put_next(dc->site.api_path, clean.data, out);
        return cs_strbuf_status(clean.status ? &clean : out, err);
    }
    cs_strbuf_puts(out, "/download/attachments/");
    cs_url_put_escaped(want->document_id, out);
    cs_strbuf_putc(out, '/');
    cs_url_put_escaped(want->name, out);
    if (want->version > 0)
        cs_strbuf_printf(out, "?version=%" PRId64, want->version);
    return cs_strbuf_status(out, err);
}

/* A front before the server may refuse downloads alone; where the credential
 * itself is refused, the run ends with that. */
static enum cs_status explain_refusal(struct cs_dc *dc, struct cs_error *err)
{
    struct cs_identity identity;
    enum cs_status status = cs_dc_check(dc, &identity, err);
    if (status)
        return status;
    cs_error_set(err, CS_ERR_FORBIDDEN,
                 "the site refuses to hand out attachments (HTTP 401)");
    cs_error_hint(err, "set attachments = none to do without them");
    return CS_ERR_FORBIDDEN;
}

enum cs_status cs_dc_download(void *self, const struct cs_download_io *io,
                              struct cs_error *err)
{
    struct cs_dc *dc = self;
    const struct cs_download_site site = {.http = dc->http,
                                          .jobs = dc->config->jobs,
                                          .path = put_path,
                                          .payload = dc};
    enum cs_status status = cs_download_run(&site, io, err);
    return status == CS_ERR_AUTH ? explain_refusal(dc, err) : status;
}
