/*
 * printer.c - cJSON with one sticky failure, and a table of two passes.
 */
#include "cli/printer.h"

#include "src/text.h"

#include <inttypes.h>
#include <stdarg.h>

/* Hang `item` into the tree, or note that there is none. */
static cJSON *hang(struct cs_printer *printer, cJSON *object, const char *name,
                   cJSON *item)
{
    bool hung = item && object &&
                (name ? cJSON_AddItemToObject(object, name, item)
                      : cJSON_AddItemToArray(object, item));
    if (hung)
        return item;
    cJSON_Delete(item);
    printer->failed = true;
    return NULL;
}

void cs_printer_start(struct cs_printer *printer, const char *command)
{
    char schema[64];
    *printer = (struct cs_printer){.root = cJSON_CreateObject()};
    (void)snprintf(schema, sizeof(schema), "cs.%s/1", command);
    cs_printer_text(printer, printer->root, "schema", schema);
}

void cs_printer_text(struct cs_printer *printer, cJSON *object,
                     const char *name, const char *text)
{
    (void)hang(printer, object, name,
               text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

void cs_printer_number(struct cs_printer *printer, cJSON *object,
                       const char *name, double number)
{
    (void)hang(printer, object, name, cJSON_CreateNumber(number));
}

void cs_printer_bool(struct cs_printer *printer, cJSON *object,
                     const char *name, bool value)
{
    (void)hang(printer, object, name, cJSON_CreateBool(value));
}

void cs_printer_time(struct cs_printer *printer, cJSON *object,
                     const char *name, int64_t ms)
{
    char text[CS_TIME_TEXT_SIZE];
    cs_time_format(ms, text);
    cs_printer_text(printer, object, name, ms != 0 ? text : NULL);
}

cJSON *cs_printer_object(struct cs_printer *printer, cJSON *object,
                         const char *name)
{
    return hang(printer, object, name, cJSON_CreateObject());
}

cJSON *cs_printer_array(struct cs_printer *printer, cJSON *object,
                        const char *name)
{
    return hang(printer, object, name, cJSON_CreateArray());
}

void cs_printer_adopt(struct cs_printer *printer, cJSON *object,
                      const char *name, cJSON **tree)
{
    (void)hang(printer, object, name, *tree);
    *tree = NULL;
}

void cs_printer_error(struct cs_printer *printer, cJSON *object,
                      const char *name, const struct cs_error *error)
{
    if (error->status == CS_OK) {
        cs_printer_text(printer, object, name, NULL);
        return;
    }
    cJSON *item = cs_printer_object(printer, object, name);
    cs_printer_text(printer, item, "status", cs_status_name(error->status));
    cs_printer_text(printer, item, "message", error->message);
    cs_printer_text(printer, item, "hint",
                    error->hint[0] != '\0' ? error->hint : NULL);
}

/* Bytes from `text` that are plain ASCII. */
static size_t plain_run(const char *text)
{
    size_t n = 0;
    while (text[n] != '\0' && (unsigned char)text[n] < 0x7f)
        n++;
    return n;
}

/* Beyond ASCII there are only the insides of strings. */
void cs_printer_put_escaped(const char *json, struct cs_strbuf *out)
{
    for (size_t left = strlen(json); left > 0;) {
        uint32_t rune;
        size_t n = plain_run(json);
        if (n == 0) {
            n = cs_text_decode(json, left, &rune);
            if (rune == 0xfffd || cs_rune_is_unsafe(rune))
                cs_strbuf_printf(out, "\\u%04" PRIx32, rune);
            else
                cs_strbuf_put(out, json, n);
        } else {
            cs_strbuf_put(out, json, n);
        }
        json += n;
        left -= n;
    }
}

enum cs_status cs_printer_put(struct cs_printer *printer, struct cs_strbuf *out,
                              struct cs_error *err)
{
    char *json = printer->failed ? NULL : cJSON_PrintUnformatted(printer->root);
    if (!json)
        return cs_error_no_memory(err);
    cs_printer_put_escaped(json, out);
    cs_strbuf_putc(out, '\n');
    cJSON_free(json);
    return cs_strbuf_status(out, err);
}

enum cs_status cs_printer_finish_to(struct cs_printer *printer, FILE *stream,
                                    struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status = cs_printer_put(printer, &text, err);
    return status ? status : cs_app_print_to(stream, &text, err);
}

enum cs_status cs_printer_finish(struct cs_printer *printer, struct cs_app *app,
                                 struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status = cs_printer_put(printer, &text, err);
    return status ? status : cs_app_print(app, &text, err);
}

void cs_printer_clear(struct cs_printer *printer)
{
    cJSON_Delete(printer->root);
    printer->root = NULL;
}

void cs_table_init(struct cs_table *table)
{
    *table = (struct cs_table){0};
    cs_strbuf_init(&table->cells, CS_STRBUF_DEFAULT_MAX);
}

void cs_table_clear(struct cs_table *table)
{
    cs_strbuf_clear(&table->cells);
}

void cs_table_cell(struct cs_table *table, const char *fmt, ...)
{
    char raw[1024];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(raw, sizeof(raw), fmt, args);
    va_end(args);
    if (n < 0)
        raw[0] = '\0';
    cs_text_put_safe(&table->cells, raw, strlen(raw), false);
    cs_strbuf_putc(&table->cells, '\t');
}

void cs_table_end_row(struct cs_table *table)
{
    cs_strbuf_putc(&table->cells, '\n');
}

static void measure(const struct cs_table *table, size_t *widths)
{
    size_t column = 0;
    for (const char *at = table->cells.data; *at;) {
        if (*at == '\n') {
            column = 0;
            at++;
            continue;
        }
        size_t len = strcspn(at, "\t");
        size_t width = cs_text_width(at, len);
        if (column < CS_TABLE_COLUMNS && width > widths[column])
            widths[column] = width;
        column++;
        at += len + (at[len] == '\t');
    }
}

void cs_table_put(const struct cs_table *table, size_t indent,
                  struct cs_strbuf *out)
{
    size_t widths[CS_TABLE_COLUMNS] = {0};
    size_t column = 0;
    measure(table, widths);
    for (const char *at = table->cells.data; *at;) {
        if (*at == '\n') {
            cs_strbuf_rtrim(out);
            cs_strbuf_putc(out, '\n');
            column = 0;
            at++;
            continue;
        }
        size_t len = strcspn(at, "\t"), width = cs_text_width(at, len);
        size_t known = column < CS_TABLE_COLUMNS ? column : 0;
        size_t gap = widths[known] > width ? widths[known] - width : 0;
        cs_strbuf_fill(out, ' ', column == 0 ? indent : 2);
        cs_strbuf_fill(out, ' ', table->right[known] ? gap : 0);
        cs_strbuf_put(out, at, len);
        cs_strbuf_fill(out, ' ', table->right[known] ? 0 : gap);
        column++;
        at += len + (at[len] == '\t');
    }
    cs_strbuf_add_failure(out, &table->cells);
}

void cs_size_put(int64_t bytes, struct cs_strbuf *out)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double value = (double)bytes / 1000;
    size_t unit = 0;
    if (bytes < 1000) {
        cs_strbuf_printf(out, "%lld B", (long long)bytes);
        return;
    }
    while (value >= 999.95 && unit + 1 < CS_ARRAY_LEN(units)) {
        value /= 1000;
        unit++;
    }
    cs_strbuf_printf(out, "%.1f %s", value, units[unit]);
}
