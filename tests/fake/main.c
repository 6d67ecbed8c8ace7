/*
 * cs-fake-confluence: a Confluence Cloud on the loopback for tests and
 * measurements. It follows the vendor's API documents and shares no code with
 * the product, so that a mistake there cannot hide itself here.
 *
 * This file reads the options, fills the site and waits for the end.
 */
#include "tests/fake/routes.h"
#include "tests/fake/server.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum option_type { OPTION_TEXT, OPTION_NUMBER, OPTION_FLAG };

struct option_row {
    const char *name;
    enum option_type type;
    size_t offset; /* in struct fk_options */
    const char *help;
};

#define AT(member) offsetof(struct fk_options, member)

static const struct option_row rows[] = {
    {"site", OPTION_TEXT, AT(site_dir), "DIR  serve the site in DIR/site.json"},
    {"pages", OPTION_TEXT, AT(pages_dir), "DIR  each *.xhtml is a page"},
    {"space", OPTION_TEXT, AT(space_key), "KEY  space of --pages (CORPUS)"},
    {"generate", OPTION_NUMBER, AT(generate), "N  make up N pages"},
    {"seed", OPTION_NUMBER, AT(seed), "N  seed of --generate (1)"},
    {"port", OPTION_NUMBER, AT(port), "P  port; 0 = any (0)"},
    {"port-file", OPTION_TEXT, AT(port_file), "FILE  write the port here"},
    {"user", OPTION_TEXT, AT(user), "U  e-mail (demo@example.com)"},
    {"token", OPTION_TEXT, AT(token), "T  API token (demo-token)"},
    {"bearer", OPTION_TEXT, AT(bearer), "T  also accept this bearer token"},
    {"scoped", OPTION_FLAG, AT(scoped), "the token works by the gateway only"},
    {"base", OPTION_TEXT, AT(base), "URL  what _links.base says"},
    {"max-page", OPTION_NUMBER, AT(max_page), "N  rows per answer at most"},
    {"no-empty-pages", OPTION_FLAG, AT(no_empty), "no empty page in lists"},
    {"no-gzip", OPTION_FLAG, AT(no_gzip), "never compress"},
    {"delay", OPTION_NUMBER, AT(delay_ms), "MS  wait before each answer"},
    {"threads", OPTION_NUMBER, AT(threads), "N  worker threads (2)"},
    {"access-log", OPTION_TEXT, AT(access_log), "FILE  one line a request"},
    {"split-gateway", OPTION_FLAG, AT(split_gateway),
     "the gateway answers on its own port only"},
    {"zone", OPTION_TEXT, AT(zone), "TZ  time zone of the account"},
    {"search-lag", OPTION_NUMBER, AT(search_lag_ms),
     "MS  what is younger is not found by CQL"},
    {"quiet", OPTION_FLAG, AT(quiet), "print nothing"},
    {"until-stdin-eof", OPTION_FLAG, AT(until_stdin_eof),
     "end when standard input closes"},
    {"routes", OPTION_FLAG, AT(list_routes), "print the table of routes"},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void print_usage(FILE *out)
{
    fputs("usage: cs-fake-confluence (--site DIR | --pages DIR | --generate N)"
          " [options]\n",
          out);
    for (size_t i = 0; i < ROWS; i++)
        fprintf(out, "  --%s %s\n", rows[i].name, rows[i].help);
}

static bool set_option(struct fk_options *o, const struct option_row *row,
                       const char *value)
{
    char *at = (char *)o + row->offset;
    char *end;
    long number;

    switch (row->type) {
    case OPTION_TEXT: memcpy(at, &value, sizeof(value)); return true;
    case OPTION_FLAG: *(bool *)(void *)at = true; return true;
    case OPTION_NUMBER:
        errno = 0;
        number = strtol(value, &end, 10);
        memcpy(at, &number, sizeof(number));
        return !errno && end != value && !*end && number >= 0;
    }
    return false;
}

static bool parse_options(struct fk_options *o, int argc, char **argv)
{
    struct option longs[ROWS + 2] = {{0}};
    int found;
    int index = 0;

    for (size_t i = 0; i < ROWS; i++)
        longs[i] = (struct option){
            rows[i].name,
            rows[i].type == OPTION_FLAG ? no_argument : required_argument, NULL,
            0};
    longs[ROWS] = (struct option){"help", no_argument, NULL, 'h'};
    while ((found = getopt_long(argc, argv, "h", longs, &index)) != -1) {
        if (found == 'h') {
            print_usage(stdout);
            exit(0);
        }
        if (found != 0)
            return false;
        if (!set_option(o, &rows[index], optarg)) {
            fprintf(stderr, "cs-fake-confluence: --%s: no such number: %s\n",
                    rows[index].name, optarg);
            return false;
        }
    }
    return o->list_routes ||
           (optind == argc && o->port < 65536 &&
            !!o->site_dir + !!o->pages_dir + !!o->generate == 1);
}

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

static bool fill_site(struct fk_site *site, const struct fk_options *o)
{
    if (o->site_dir && !fk_site_load(site, o->site_dir))
        return false;
    if (o->pages_dir && !fk_site_load_pages(site, o->pages_dir, o->space_key))
        return false;
    if (o->generate)
        fk_site_generate(site, o->generate, o->seed);
    site->base = fk_strdup(o->base);
    if (!site->cloud_id)
        site->cloud_id = fk_strdup("11111111-aaaa-4bbb-8ccc-222222222222");
    if (!site->account)
        site->account = fk_strdup("5b10a2844c20165700ede21f");
    site->search_lag_ms = o->search_lag_ms;
    fk_site_name_users(site);
    set_zone(site, o->zone);
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

/* Until a signal comes or, if asked for, standard input ends. */
static void wait_for_end(int signals, bool until_eof)
{
    struct pollfd fds[2] = {{.fd = signals, .events = POLLIN},
                            {.fd = STDIN_FILENO, .events = POLLIN}};
    char sink[256];

    for (;;) {
        if (poll(fds, until_eof ? 2 : 1, -1) < 0 && errno != EINTR)
            return;
        if (fds[0].revents)
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
        wait_for_end(signals, o->until_stdin_eof);
        result = 0;
    }
    fk_server_stop(server);
    return result;
}

int main(int argc, char **argv)
{
    struct fk_options options = {
        .space_key = "CORPUS",
        .base = "https://acme.example/wiki",
        .user = "demo@example.com",
        .token = "demo-token",
        .seed = 1,
        .threads = 2,
    };
    struct fk_site site;
    int signals;
    int result = 1;

    if (!parse_options(&options, argc, argv)) {
        print_usage(stderr);
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
