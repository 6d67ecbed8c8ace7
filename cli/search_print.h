/*
 * search_print.h - the faces of an answer: one printer for each.
 *
 * A printer takes a view and prints it whole. Which one it is says the table in
 * search_print.c: the one whose option was given, else the one for a terminal
 * or the one for a pipe. docs/FORMAT.md describes what programs rely on.
 */
#ifndef CS_CLI_SEARCH_PRINT_H
#define CS_CLI_SEARCH_PRINT_H

#include "cli/options.h"
#include "cli/printer.h"
#include "index/search/search.h"

#define CS_SEARCH_SCHEMA 1

/* The options that say how an answer is printed. */
struct cs_search_output {
    bool json, ndjson, nul, ids, urls, count, explain, ok_empty;
    const char *format;
    int64_t schema; /* 0: not asked for */
    struct cs_option_list facets;
};

/* Their rows, for a record of type `record` that holds them in `member`. */
/* clang-format off */
#define CS_SEARCH_OUTPUT_ROW(record, member, letter, name, type, arg, help,   \
                             max)                                             \
    {letter, name, CS_OPTION_##type, offsetof(record, member), arg, help,     \
     (max) > 0, max}
#define CS_SEARCH_OUTPUT_ROWS(record, member)                                 \
    CS_SEARCH_OUTPUT_ROW(record, member.json, 0, "json", FLAG, NULL,          \
                         "one JSON object", 0),                               \
    CS_SEARCH_OUTPUT_ROW(record, member.format, 0, "format", TEXT, "TEXT",    \
                         "such as '{title}\\t{url}'; see cs-search(1)", 0),   \
    CS_SEARCH_OUTPUT_ROW(record, member.ndjson, 0, "ndjson", FLAG, NULL,      \
                         NULL, 0),                                            \
    CS_SEARCH_OUTPUT_ROW(record, member.schema, 0, "schema-version", NUMBER,  \
                         "N", NULL, 1000000),                                 \
    CS_SEARCH_OUTPUT_ROW(record, member.ids, 'l', "ids", FLAG, NULL, NULL,    \
                         0),                                                  \
    CS_SEARCH_OUTPUT_ROW(record, member.urls, 0, "urls", FLAG, NULL, NULL,    \
                         0),                                                  \
    CS_SEARCH_OUTPUT_ROW(record, member.nul, '0', "null", FLAG, NULL, NULL,   \
                         0),                                                  \
    CS_SEARCH_OUTPUT_ROW(record, member.explain, 0, "explain", FLAG, NULL,    \
                         NULL, 0),                                            \
    CS_SEARCH_OUTPUT_ROW(record, member.ok_empty, 0, "ok-empty", FLAG, NULL,  \
                         NULL, 0)
/* clang-format on */

struct cs_format;

struct cs_search_view {
    struct cs_app *app;
    const char *verb; /* the schema is cs.<verb>/1 */
    const struct cs_search_output *output;
    const struct cs_format *format; /* with --format */
    const struct cs_search_request *request;
    const struct cs_search_result *result;
    size_t first;       /* rank of the first hit, from 1 */
    const char *cursor; /* for the next page, or NULL */
    bool stale;
};

struct cs_search_printer {
    const char *option; /* "--json"; NULL for those that need none */
    bool people;        /* warnings, hints and corrections go to stderr */
    bool needs_snippets, needs_facets;
    bool only_sums; /* shows no hit */
    enum cs_status (*print)(const struct cs_search_view *view,
                            struct cs_error *err);
};

/* The printer for these options. CS_ERR_USAGE for two that exclude each other
 * and for a facet that does not exist, CS_ERR_BAD_SCHEMA for a schema. */
enum cs_status cs_search_printer_find(const struct cs_app *app,
                                      const struct cs_search_output *output,
                                      const struct cs_search_printer **ret,
                                      struct cs_error *err);

/* Print warnings and the like, the answer, and draw the status from it:
 * CS_ERR_NOT_FOUND without hits, CS_ERR_PARTIAL when it is not all. */
enum cs_status cs_search_print(const struct cs_search_printer *printer,
                               const struct cs_search_view *view,
                               struct cs_error *err);

/* Append the file of a hit, absolute; nothing when there is none. */
void cs_search_put_path(const struct cs_search_view *view,
                        const struct cs_search_hit *hit, struct cs_strbuf *out);

/* Was the facet of that name asked for? All are by an empty list. */
bool cs_search_wants_facet(const struct cs_search_output *output,
                           const char *name);

/* search_people.c, search_json.c, search_format.c */
enum cs_status cs_search_print_people(const struct cs_search_view *view,
                                      struct cs_error *err);
enum cs_status cs_search_print_json(const struct cs_search_view *view,
                                    struct cs_error *err);
enum cs_status cs_search_print_ndjson(const struct cs_search_view *view,
                                      struct cs_error *err);
enum cs_status cs_search_print_format(const struct cs_search_view *view,
                                      struct cs_error *err);

/* search_tell.c: what is said beside an answer, on standard error: warnings,
 * corrections and hints before it; behind it count, time, freshness, and a
 * value that would narrow it. */
void cs_search_tell(const struct cs_search_view *view);
void cs_search_put_footer(const struct cs_search_view *view);

#endif
