/*
 * search_format.h - templates for hits: "{title|trim:40}\t{url}".
 *
 * {field} stands for a field of the hit, and filters behind "|" change it, from
 * left to right. "{{" is a brace; \t \n \r \0 \e are what they are in C, but a
 * zero or an escape only where the template has one. Whatever comes from a hit
 * is made safe, unless `json` or `url` has done so.
 */
#ifndef CS_CLI_SEARCH_FORMAT_H
#define CS_CLI_SEARCH_FORMAT_H

#include "cli/search_print.h"
#include "src/arena.h"

/* Read a template; it lives in `arena`. CS_ERR_USAGE with the list of fields,
 * or of filters, for one that does not exist. */
enum cs_status cs_format_parse(struct cs_arena *arena, const char *text,
                               const struct cs_format **ret,
                               struct cs_error *err);

/* Append one hit of the view, without a line end. */
void cs_format_put(const struct cs_format *format,
                   const struct cs_search_view *view, size_t i,
                   struct cs_strbuf *out);

#endif
