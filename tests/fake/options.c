/*
 * The options of the command line: one table.
 */
#include "tests/fake/server.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

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
    {"files", OPTION_NUMBER, AT(files), "N  files to 100 generated pages"},
    {"comments", OPTION_NUMBER, AT(comments), "N  comments to 100 of them"},
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
    {"flavour", OPTION_TEXT, AT(flavour), "F  cloud (default) or datacenter"},
    {"context", OPTION_TEXT, AT(context),
     "PATH  of a Data Center (/confluence)"},
    {"dc-version", OPTION_TEXT, AT(dc_version), "V  of a Data Center (8.5)"},
    {"no-scan", OPTION_FLAG, AT(no_scan), "there is no content/scan"},
    {"next", OPTION_TEXT, AT(next),
     "HOW  relative (default), absolute, context"},
    {"exact-step", OPTION_FLAG, AT(exact_step),
     "next steps by the limit that was granted"},
    {"scan-next-full", OPTION_FLAG, AT(scan_next_full),
     "next of scan repeats the filters"},
    {"no-admin", OPTION_FLAG, AT(no_admin), "the trash answers 403"},
    {"server-zone", OPTION_TEXT, AT(server_zone), "+HH:MM  in times (+02:00)"},
    {"cap-body", OPTION_NUMBER, AT(cap_body), "N  rows with bodies (50)"},
    {"cap-expand", OPTION_NUMBER, AT(cap_expand), "N  rows expanded (200)"},
    {"cap-plain", OPTION_NUMBER, AT(cap_plain), "N  rows without (1000)"},
    {"nested-rows", OPTION_NUMBER, AT(nested_rows), "N  of lists in a page"},
    {"lock-after", OPTION_NUMBER, AT(lock_after),
     "N  failed logins until the CAPTCHA"},
    {"media-url", OPTION_TEXT, AT(media_url),
     "URL  of a front before the media port"},
    {"quiet", OPTION_FLAG, AT(quiet), "print nothing"},
    {"until-stdin-eof", OPTION_FLAG, AT(until_stdin_eof),
     "end when standard input closes"},
    {"routes", OPTION_FLAG, AT(list_routes), "print the table of routes"},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

void fk_options_usage(FILE *out)
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

bool fk_options_parse(struct fk_options *o, int argc, char **argv)
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
            fk_options_usage(stdout);
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
           (fk_word_in("cloud|datacenter", '|', o->flavour) &&
            fk_word_in("relative|absolute|context", '|', o->next) &&
            optind == argc && o->port < 65536 &&
            !!o->site_dir + !!o->pages_dir <= 1 &&
            (o->site_dir || o->pages_dir || o->generate));
}
