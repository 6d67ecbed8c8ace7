/*
 * cs-fake-confluence: a Confluence Cloud on the loopback for tests and
 * measurements. It follows the vendor's API documents and shares no code with
 * the product, so that a mistake there cannot hide itself here.
 *
 * This file reads the options, fills the site and waits for the end.
 */
#include "tests/fake/dc.h"
#include "tests/fake/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Dates of CQL are read in the zone of the account that asks. Called while
 * there is only one thread. */
static void set_zone(struct fk_site *site, const char *zone)
{
    struct fk_user *u = fk_site_user(site, site->account);

    if (u && (zone || !u->zone)) {
        free(u->zone);
        u->zone = fk_strdup(zone ? zone : "Europe/Berlin");
    }
    setenv("TZ", u ? u->zone : "Europe/Berlin", 1);
    tzset();
}

/* "+02:00" -> 120 */
static int zone_minutes(const char *text)
{
    int hours = 0;
    int minutes = 0;

    (void)sscanf(text + 1, "%2d:%2d", &hours, &minutes);
    return (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
}

static void fill_dc(struct fk_site *site, const struct fk_options *o)
{
    struct fk_buf base = {0};
    struct fk_dc *dc;
    char *minor;

    site->datacenter = strcmp(o->flavour, "datacenter") == 0;
    if (o->base)
        fk_buf_str(&base, o->base);
    else
        fk_buf_fmt(&base, "https://acme.example%s",
                   site->datacenter ? o->context : "/wiki");
    site->base = fk_buf_take(&base);
    if (!site->datacenter)
        return;
    site->offset_minutes = zone_minutes(o->server_zone);
    dc = fk_alloc(sizeof(*dc));
    dc->context = o->context;
    dc->version = (double)strtol(o->dc_version, &minor, 10);
    if (*minor == '.')
        dc->version += (double)strtol(minor + 1, NULL, 10) / 100;
    dc->next = strcmp(o->next, "absolute") == 0  ? FK_DC_ABSOLUTE
               : strcmp(o->next, "context") == 0 ? FK_DC_CONTEXT
                                                 : FK_DC_RELATIVE;
    dc->no_scan = o->no_scan;
    dc->exact_step = o->exact_step;
    dc->scan_next_full = o->scan_next_full;
    dc->no_admin = o->no_admin;
    dc->cap_body = o->cap_body;
    dc->cap_expand = o->cap_expand;
    dc->cap_plain = o->cap_plain;
    dc->lock_after = o->lock_after;
    site->dc = dc;
}

static void localise_all(struct fk_site *site)
{
    for (size_t i = 0; i < site->content.count; i++)
        fk_dc_localise(site,
                       &((struct fk_content *)site->content.items[i])->body);
    for (size_t i = 0; i < site->comments.count; i++)
        fk_dc_localise(site,
                       &((struct fk_comment *)site->comments.items[i])->body);
}

static bool fill_site(struct fk_site *site, const struct fk_options *o)
{
    if (o->site_dir && !fk_site_load(site, o->site_dir))
        return false;
    if (o->pages_dir && !fk_site_load_pages(site, o->pages_dir, o->space_key))
        return false;
    if (o->generate)
        fk_site_generate(site, o);
    if (!site->cloud_id)
        site->cloud_id = fk_strdup("11111111-aaaa-4bbb-8ccc-222222222222");
    if (!site->account)
        site->account = fk_strdup("5b10a2844c20165700ede21f");
    site->nested_rows = (size_t)o->nested_rows;
    fill_dc(site, o);
    site->search_lag_ms = o->search_lag_ms;
    fk_site_name_users(site);
    set_zone(site, o->zone);
    if (site->datacenter)
        localise_all(site);
    return true;
}

/* Written beside and renamed, so that a reader never sees half a number. */
static bool write_port(const char *path, unsigned port)
{
    struct fk_buf temporary = {0};
    FILE *f;
    bool fine;

    fk_buf_fmt(&temporary, "%s.%ld", path, (long)getpid());
    f = fopen(temporary.data, "w");
    fine = f && fprintf(f, "%u\n", port) > 0;
    if (f)
        fine = fclose(f) == 0 && fine;
    fine = fine && rename(temporary.data, path) == 0;
    if (!fine)
        fprintf(stderr, "cs-fake-confluence: %s: %s\n", path, strerror(errno));
    fk_buf_clear(&temporary);
    return fine;
}

/* False for a signal that is to end it. */
static bool handle_signal(struct fk_server *server, int signals)
{
    struct signalfd_siginfo info;

    if (read(signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return false;
    if (info.ssi_signo == SIGUSR1) {
        fk_server_down(server);
        return true;
    }
    return info.ssi_signo == SIGUSR2 && fk_server_up(server);
}

/* Until a signal comes or, if asked for, standard input ends. */
static void wait_for_end(struct fk_server *server, int signals, bool until_eof)
{
    struct pollfd fds[2] = {{.fd = signals, .events = POLLIN},
                            {.fd = STDIN_FILENO, .events = POLLIN}};
    char sink[256];

    for (;;) {
        if (poll(fds, until_eof ? 2 : 1, -1) < 0 && errno != EINTR)
            return;
        if (fds[0].revents && !handle_signal(server, signals))
            return;
        if (until_eof && fds[1].revents &&
            read(STDIN_FILENO, sink, sizeof(sink)) <= 0)
            return;
    }
}

/* Must run before any thread is started, so that all inherit the mask. */
static int block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static int serve(const struct fk_options *o, struct fk_site *site, int signals)
{
    struct fk_server *server = fk_server_start(o, site);
    int result = 1;

    if (!server)
        return 1;
    if (!o->port_file || write_port(o->port_file, fk_server_port(server))) {
        if (!o->quiet) {
            printf("listening on http://127.0.0.1:%u\n",
                   fk_server_port(server));
            fflush(stdout);
        }
        wait_for_end(server, signals, o->until_stdin_eof);
        result = 0;
    }
    fk_server_stop(server);
    return result;
}

int main(int argc, char **argv)
{
    struct fk_options options = {
        .space_key = "CORPUS",
        .flavour = "cloud",
        .context = "/confluence",
        .dc_version = "8.5",
        .next = "relative",
        .server_zone = "+02:00",
        .cap_body = 50,
        .cap_expand = 200,
        .cap_plain = 1000,
        .user = "demo@example.com",
        .token = "demo-token",
        .seed = 1,
        .threads = 2,
    };
    struct fk_site site;
    int signals;
    int result = 1;

    if (!fk_options_parse(&options, argc, argv)) {
        fk_options_usage(stderr);
        return 64;
    }
    if (options.list_routes) {
        fk_routes_print(stdout);
        return 0;
    }
    signals = block_signals();
    fk_site_init(&site);
    if (fill_site(&site, &options))
        result = serve(&options, &site, signals);
    fk_site_clear(&site);
    close(signals);
    return result;
}
