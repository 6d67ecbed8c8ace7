/*
 * scenario_site.c - the real connector, engine and store against the sample
 * server, in one process.
 *
 * The server runs beside the test and is told to change between two syncs.
 * Faults never reach it, so all runs of a scenario see the same site.
 */
#include "tests/fault/scenario.h"

#include "connectors/engine.h"
#include "connectors/registry.h"
#include "index/store/store.h"
#include "src/file.h"
#include "src/http.h"
#include "tests/lib/script.h"

#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
    const char *program, *folder;
    pid_t pid;
    char origin[64];
} site;

static const char *const changes[][2] = {
    {"edit", "{\"id\":65601,\"append\":\"<p>More.</p>\"}"},
    {"edit", "{\"id\":65600,\"title\":\"All services\"}"},
    {"move", "{\"id\":65640,\"parent\":65600}"},
    {"label", "{\"id\":65601,\"add\":\"fresh\"}"},
    {"delete", "{\"id\":70011}"},
    {"create", "{\"space\":\"ENG\",\"title\":\"New\",\"body\":\"<p>n</p>\"}"},
};

void fault_site_use(const char *program, const char *folder)
{
    site.program = program;
    site.folder = folder;
}

bool fault_site_is_there(void)
{
    return site.program && site.folder;
}

static void stop_server(void)
{
    if (site.pid > 0) {
        (void)kill(site.pid, SIGTERM);
        (void)waitpid(site.pid, NULL, 0);
    }
    site.pid = 0;
}

static enum cs_status wait_for_port(const char *path, struct cs_error *err)
{
    struct cs_strbuf port CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(64);
    const struct timespec moment = {.tv_nsec = 20000000};
    struct stat st;
    for (int i = 0; i < 500 && stat(path, &st) != 0; i++)
        (void)nanosleep(&moment, NULL);
    enum cs_status status = cs_file_read(path, &port, err);
    if (!status)
        (void)snprintf(site.origin, sizeof(site.origin), "http://127.0.0.1:%u",
                       (unsigned)strtoul(port.data, NULL, 10));
    return status;
}

/* A server of its own for each preparation: the site is as it was. */
enum cs_status fault_site_start(struct sandbox *box, struct cs_error *err)
{
    char path[sizeof(box->root) + 16];
    (void)snprintf(path, sizeof(path), "%s/port", box->root);
    if (site.pid)
        stop_server();
    else
        (void)atexit(stop_server); /* children leave by _exit() */
    const union {
        const char *words[7];
        char *argv[7];
    } args = {.words = {site.program, "--site", site.folder, "--quiet",
                        "--port-file", path}};
    if (posix_spawn(&site.pid, site.program, NULL, NULL, args.argv, environ) !=
        0)
        return cs_error_set(err, CS_ERR_INTERNAL, "%s does not run",
                            site.program);
    enum cs_status status = wait_for_port(path, err);
    (void)unlink(path);
    return status;
}

static enum cs_status sync_site(struct sandbox *box, struct cs_sink *sink,
                                struct cs_error *err)
{
    char url[sizeof(site.origin) + 8];
    (void)snprintf(url, sizeof(url), "%s/wiki", site.origin);
    const struct cs_source_config source = {.name = "confluence",
                                            .type = "confluence",
                                            .base_url = url,
                                            .username = "demo@example.com",
                                            .api_token = "demo-token",
                                            .jobs = 1};
    const struct cs_connector_env env = {.clock = &box->clock};
    const struct cs_engine_options options = {.source = &source, .env = &env};
    struct cs_run_summary summary;
    return cs_engine_run(cs_connector_find("confluence"), &options, sink,
                         &summary, err);
}

enum cs_status fault_site_sync(struct sandbox *box, struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    enum cs_status status = script_open(box, &index, &store, err);
    return status ? status : sync_site(box, cs_store_sink(store), err);
}

static enum cs_status ignore_answer(void *payload, enum cs_status status,
                                    const struct cs_http_response *response,
                                    const struct cs_error *why,
                                    struct cs_error *err)
{
    (void)payload;
    if (!status && response->status != 200)
        return cs_error_set(err, CS_ERR_PROTOCOL, "the server says %ld",
                            response->status);
    if (status)
        *err = *why;
    return status;
}

static enum cs_status change_site(struct sandbox *box, struct cs_error *err)
{
    struct cs_http *http CS_CLEANUP(cs_http_cleanup) = NULL;
    const struct cs_http_options options = {.base_url = site.origin,
                                            .clock = &box->clock};
    enum cs_status status = cs_http_new(&options, &http, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(changes) && !status; i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "/_control/%s", changes[i][0]);
        const struct cs_http_request request = {
            .path = path, .post_json = changes[i][1], .done = ignore_answer};
        status = cs_http_submit(http, &request, err);
        if (!status)
            status = cs_http_wait(http, 0, err);
    }
    return status;
}

enum cs_status fault_site_sync_and_change(struct sandbox *box,
                                          struct cs_error *err)
{
    enum cs_status status = fault_site_start(box, err);
    if (!status)
        status = fault_site_sync(box, err);
    return status ? status : change_site(box, err);
}
