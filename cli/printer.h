/*
 * printer.h - JSON for programs, columns for people.
 *
 * A JSON answer is one object on one line with "schema":"cs.<command>/1";
 * fields are only ever added (docs/FORMAT.md). A failed allocation anywhere is
 * sticky and found once, when the object is printed.
 */
#ifndef CS_CLI_PRINTER_H
#define CS_CLI_PRINTER_H

#include "cli/app.h"

#include <cjson/cJSON.h>

struct cs_printer {
    cJSON *root;
    bool failed;
};

/* Start an answer with its schema, "cs.<command>/1". */
void cs_printer_start(struct cs_printer *printer, const char *command);

/* Add a member to `object`, or with a NULL `name` an element to an array.
 * NULL text becomes null. What is returned belongs to the tree; it may be NULL
 * after a failure, and NULL is legal as `object`. */
void cs_printer_text(struct cs_printer *printer, cJSON *object,
                     const char *name, const char *text);
void cs_printer_number(struct cs_printer *printer, cJSON *object,
                       const char *name, double number);
void cs_printer_bool(struct cs_printer *printer, cJSON *object,
                     const char *name, bool value);
/* A time in milliseconds as RFC 3339, 0 as null. */
void cs_printer_time(struct cs_printer *printer, cJSON *object,
                     const char *name, int64_t ms);
cJSON *cs_printer_object(struct cs_printer *printer, cJSON *object,
                         const char *name);
cJSON *cs_printer_array(struct cs_printer *printer, cJSON *object,
                        const char *name);
/* Hang a finished tree into `object`; `*tree` is NULL after. */
void cs_printer_adopt(struct cs_printer *printer, cJSON *object,
                      const char *name, cJSON **tree);
/* {"status":..., "message":..., "hint":...}, or null for CS_OK. */
void cs_printer_error(struct cs_printer *printer, cJSON *object,
                      const char *name, const struct cs_error *error);

/* Append the answer as one line. What a terminal would obey (DEL, C1, marks of
 * direction) is escaped, as JSON itself escapes other control characters;
 * invalid bytes become U+FFFD. */
enum cs_status cs_printer_put(struct cs_printer *printer, struct cs_strbuf *out,
                              struct cs_error *err);

/* Append finished JSON in the same way. */
void cs_printer_put_escaped(const char *json, struct cs_strbuf *out);

/* Print the answer to standard output, or to another stream. */
enum cs_status cs_printer_finish(struct cs_printer *printer, struct cs_app *app,
                                 struct cs_error *err);
enum cs_status cs_printer_finish_to(struct cs_printer *printer, FILE *stream,
                                    struct cs_error *err);

/* Free the tree. Fits CS_CLEANUP. */
void cs_printer_clear(struct cs_printer *printer);

/* Columns for people: each as wide as its widest cell. */
#define CS_TABLE_COLUMNS 8
struct cs_table {
    struct cs_strbuf cells; /* cells end with a tab, rows with a line end */
    bool right[CS_TABLE_COLUMNS]; /* which columns are numbers */
};

void cs_table_init(struct cs_table *table);
void cs_table_clear(struct cs_table *table);
/* Add a cell to the current row (made safe), and end the row. */
void cs_table_cell(struct cs_table *table, const char *fmt, ...)
    CS_PRINTF(2, 3);
void cs_table_end_row(struct cs_table *table);
/* Append it, `indent` blanks before each row. */
void cs_table_put(const struct cs_table *table, size_t indent,
                  struct cs_strbuf *out);

/* Append a size for people: "812 B", "1.4 MB". */
void cs_size_put(int64_t bytes, struct cs_strbuf *out);

#endif
