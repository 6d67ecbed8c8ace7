/*
 * download.c - a handful of files under way; each owns its want.
 */
#include "connectors/download.h"

#include "src/url.h"

#include <inttypes.h>
#include <stdlib.h>

struct run;

struct file {
    struct file *next;
    struct run *run;
    struct cs_arena *arena; /* of the want */
    struct cs_file_want want;
    int64_t at;   /* bytes that are there */
    bool resumed; /* asked for from `have` on */
};

struct run {
    const struct cs_download_site *site;
    const struct cs_download_io *io;
    struct file *files; /* under way */
    size_t n;
    bool last;   /* no more wants will come */
    bool theirs; /* a failure came from `io` */
};

static void free_file(struct file *file)
{
    struct file **at = &file->run->files;
    while (*at && *at != file)
        at = &(*at)->next;
    if (*at) {
        *at = file->next;
        file->run->n--;
    }
    cs_http_cancel(file->run->site->http, file);
    cs_arena_free(file->arena);
    free(file);
}

static enum cs_status from_io(struct run *run, enum cs_status status)
{
    run->theirs = run->theirs || status;
    return status;
}

static enum cs_status submit(struct file *file, int64_t from,
                             struct cs_error *err);

/* ---- pieces ---- */

static bool is_html(const char *content_type)
{
    return strncasecmp(content_type, "text/html", 9) == 0;
}

/* A page where a file that is no page was due, or another length. */
static enum cs_status check_piece(const struct file *file,
                                  const struct cs_http_piece *piece,
                                  struct cs_error *err)
{
    const struct cs_file_want *want = &file->want;
    const char *dot = strrchr(want->name ? want->name : "", '.');
    bool page_due = dot && strncasecmp(dot, ".htm", 4) == 0;
    int64_t end = piece->at + (int64_t)piece->len;
    if (want->size >= 0 && piece->total >= 0 && piece->total != want->size)
        return cs_error_set(err, CS_ERR_PROTOCOL,
                            "the server sends %" PRId64 " bytes, and %" PRId64
                            " were listed",
                            piece->total, want->size);
    if (want->size >= 0 && end > want->size)
        return cs_error_set(err, CS_ERR_PROTOCOL,
                            "the server sends more than the %" PRId64
                            " bytes that were listed",
                            want->size);
    if (is_html(piece->content_type) && !page_due &&
        (want->size < 0 || piece->total < 0))
        return cs_error_set(err, CS_ERR_PROTOCOL,
                            "the server answered with a page (HTML) instead "
                            "of the file");
    return CS_OK;
}

static enum cs_status on_data(void *payload, const struct cs_http_piece *piece,
                              struct cs_error *err)
{
    struct file *file = payload;
    const struct cs_download_io *io = file->run->io;
    enum cs_status status = check_piece(file, piece, err);
    if (status)
        return status;
    status = from_io(file->run, io->write(io->payload, file->want.id, piece->at,
                                          piece->data, piece->len, err));
    if (!status)
        file->at = piece->at + (int64_t)piece->len;
    return status;
}

/* ---- ends ---- */

static enum cs_status fail(struct file *file, const struct cs_error *why,
                           struct cs_error *err)
{
    const struct cs_download_io *io = file->run->io;
    enum cs_status status =
        from_io(file->run, io->failed(io->payload, file->want.id, why, err));
    free_file(file);
    return status;
}

static enum cs_status finish(struct file *file, struct cs_error *err)
{
    const struct cs_download_io *io = file->run->io;
    struct cs_error why = CS_ERROR_INIT;
    if (file->want.size >= 0 && file->at != file->want.size) {
        cs_error_set(&why, CS_ERR_PROTOCOL,
                     "%" PRId64 " of %" PRId64 " bytes came", file->at,
                     file->want.size);
        return fail(file, &why, err);
    }
    enum cs_status status =
        from_io(file->run, io->end(io->payload, file->want.id, file->at, err));
    free_file(file);
    return status;
}

/* Failures of one file; the others are the network's or the credential's. */
static bool is_of_file(enum cs_status status, long http_status)
{
    if (status == CS_ERR_NETWORK)
        return http_status >= 500;
    return status == CS_ERR_FORBIDDEN || status == CS_ERR_PROTOCOL ||
           status == CS_ERR_LIMIT;
}

static enum cs_status on_done(void *payload, enum cs_status status,
                              const struct cs_http_response *response,
                              const struct cs_error *why, struct cs_error *err)
{
    struct file *file = payload;
    long http_status = response ? response->status : 0;
    struct cs_error own = CS_ERROR_INIT;
    if (file->run->theirs || (status && !is_of_file(status, http_status)))
        return cs_error_pass(err, status, why);
    if (status)
        return fail(file, why, err);
    if (http_status < 300)
        return finish(file, err);
    if (http_status == 416 && file->resumed)
        return submit(file, 0, err);
    cs_error_set(&own,
                 http_status == 404 || http_status == 410 ? CS_ERR_NOT_FOUND
                                                          : CS_ERR_PROTOCOL,
                 "HTTP %ld", http_status);
    return fail(file, &own, err);
}

/* ---- starts ---- */

static enum cs_status submit(struct file *file, int64_t from,
                             struct cs_error *err)
{
    const struct cs_download_site *site = file->run->site;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_status status = site->path(site->payload, &file->want, &path, err);
    if (!status)
        status = cs_strbuf_status(&path, err);
    if (status)
        return status;
    file->at = from;
    file->resumed = from > 0;
    struct cs_http_request request = {.path = path.data,
                                      .data = on_data,
                                      .from = from,
                                      .done = on_done,
                                      .payload = file};
    return cs_http_submit(site->http, &request, err);
}

/* A file of which all is there needs no request, only its end. */
static enum cs_status start(struct file *file, struct cs_error *err)
{
    const struct cs_file_want *want = &file->want;
    if (want->have > 0 && want->have == want->size) {
        file->at = want->have;
        return finish(file, err);
    }
    bool resumable =
        want->have > 0 && (want->size < 0 || want->have < want->size);
    return submit(file, resumable ? want->have : 0, err);
}

static enum cs_status start_next(struct run *run, struct cs_error *err)
{
    struct file *file = calloc(1, sizeof(*file));
    size_t n = 0;
    if (!file)
        return cs_error_no_memory(err);
    file->run = run;
    file->arena = cs_arena_new(0);
    enum cs_status status = file->arena ? CS_OK : cs_error_no_memory(err);
    if (!status)
        status = from_io(run, run->io->next(run->io->payload, file->arena, 1,
                                            &file->want, &n, err));
    if (status || n == 0) {
        run->last = true;
        free_file(file);
        return status;
    }
    file->next = run->files;
    run->files = file;
    run->n++;
    return start(file, err);
}

enum cs_status cs_download_run(const struct cs_download_site *site,
                               const struct cs_download_io *io,
                               struct cs_error *err)
{
    struct run run = {.site = site, .io = io};
    enum cs_status status = CS_OK;
    while (!status && (!run.last || run.n > 0)) {
        if (!run.last && run.n <= site->jobs)
            status = start_next(&run, err);
        else
            status =
                cs_http_wait(site->http, cs_http_pending(site->http) - 1, err);
    }
    while (run.files)
        free_file(run.files);
    return status;
}
