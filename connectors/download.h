/*
 * download.h - files: several at a time, in pieces, resumed.
 *
 * Serves every connector: the client says where a file is, this module fetches
 * what the engine hands out. The bytes go to the sink as they come. What a
 * server sends is not taken for the file unless its length is that of the
 * listing, as far as either is told; a login page never gets into a file.
 */
#ifndef CS_CONNECTORS_DOWNLOAD_H
#define CS_CONNECTORS_DOWNLOAD_H

#include "connectors/connector.h"
#include "src/http.h"

/* Where files come from. */
struct cs_download_site {
    struct cs_http *http;
    unsigned jobs; /* files at a time */
    /* Append the path of a file, below the client's base URL. */
    enum cs_status (*path)(void *payload, const struct cs_file_want *want,
                           struct cs_strbuf *out, struct cs_error *err);
    void *payload;
};

/* Fetch all that `io` hands out. Each ends in `end` or `failed`; a failure
 * returned here is not about a file: network, cancel, or the credential
 * (CS_ERR_AUTH for any 401; the client knows what that means). */
enum cs_status cs_download_run(const struct cs_download_site *site,
                               const struct cs_download_io *io,
                               struct cs_error *err);

#endif
