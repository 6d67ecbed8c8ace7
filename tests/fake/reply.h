/*
 * The way out of the server: from a request whose answer is set to
 * libmicrohttpd.
 */
#ifndef FAKE_REPLY_H
#define FAKE_REPLY_H

#include "tests/fake/server.h"

#include <microhttpd.h>

/* Queue the answer and write the access log. */
enum MHD_Result fk_reply_send(struct fk_server *server, struct fk_request *req);

/* Drop the connection without an answer, with RST instead of FIN. */
enum MHD_Result fk_reply_reset(struct fk_server *server,
                               struct fk_request *req);

/* One line of the access log, if there is one. */
void fk_server_log(struct fk_server *server, const struct fk_request *req);

#endif
