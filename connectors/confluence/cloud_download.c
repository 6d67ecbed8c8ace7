/*
 * cloud_download.c - where the bytes of an attachment are.
 *
 * The links in listings are for browsers and take no API token; the call of the
 * older API does, and redirects to a media host that must not see it. The
 * version is part of the request, so that what is resumed is what was begun.
 */
#include "connectors/confluence/cloud.h"

#include "connectors/download.h"
#include "src/url.h"

#include <inttypes.h>

static enum cs_status put_path(void *payload, const struct cs_file_want *want,
                               struct cs_strbuf *out, struct cs_error *err)
{
    (void)payload;
    cs_strbuf_puts(out, "/wiki/rest/api/content/");
    cs_url_put_escaped(want->document_id, out);
    cs_strbuf_puts(out, "/child/attachment/");
    cs_url_put_escaped(want->id, out);
    cs_strbuf_puts(out, "/download");
    if (want->version > 0)
        cs_strbuf_printf(out, "?version=%" PRId64, want->version);
    return cs_strbuf_status(out, err);
}

/* Everything else was read with this credential; so what it lacks is the scope
 * for files, unless it has run out just now. */
static enum cs_status explain_refusal(struct cs_cloud *cloud,
                                      struct cs_error *err)
{
    struct cs_identity identity;
    enum cs_status status = cs_cloud_check(cloud, &identity, err);
    if (status)
        return status;
    cs_error_set(err, CS_ERR_FORBIDDEN,
                 "the token may not download attachments (HTTP 401)");
    cs_error_hint(err, "give it the scope read:attachment:confluence, or set "
                       "attachments = none");
    return CS_ERR_FORBIDDEN;
}

enum cs_status cs_cloud_download(void *self, const struct cs_download_io *io,
                                 struct cs_error *err)
{
    struct cs_cloud *cloud = self;
    const struct cs_download_site site = {
        .http = cloud->http, .jobs = cloud->config->jobs, .path = put_path};
    enum cs_status status = cs_download_run(&site, io, err);
    return status == CS_ERR_AUTH ? explain_refusal(cloud, err) : status;
}
