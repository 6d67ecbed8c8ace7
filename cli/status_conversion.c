/*
 * status_conversion.c - what became of each construct, the worst first.
 *
 * The table leaves out what was always rendered as it should be; the JSON has
 * everything.
 */
#include "cli/status_conversion.h"

#include "cli/printer.h"
#include "index/conversion.h"
#include "src/text.h"

#include <inttypes.h>

static void put_line(const struct cs_conversion_sum *sum, struct cs_strbuf *out)
{
    cs_strbuf_printf(
        out,
        "%8" PRId64 " %8" PRId64 " %8" PRId64 " %8" PRId64 " %9" PRId64 "  %s ",
        sum->counts[CS_OUTCOME_DROPPED], sum->counts[CS_OUTCOME_KEPT_RAW],
        sum->counts[CS_OUTCOME_DEGRADED], sum->counts[CS_OUTCOME_RENDERED],
        sum->documents, sum->kind);
    cs_text_put_safe(out, sum->name, strlen(sum->name), false);
    cs_strbuf_putc(out, '\n');
}

static enum cs_status print_table(struct cs_app *app,
                                  const struct cs_conversion_sum *sums,
                                  size_t n, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    size_t fine = 0;
    cs_strbuf_puts(&text, " dropped kept raw degraded rendered documents\n");
    for (size_t i = 0; i < n; i++) {
        if (sums[i].documents > 0)
            put_line(&sums[i], &text);
        else
            fine++;
    }
    cs_strbuf_printf(&text, "%zu others were always rendered as they should\n",
                     fine);
    return cs_app_print(app, &text, err);
}

static enum cs_status print_json(struct cs_app *app,
                                 const struct cs_conversion_sum *sums, size_t n,
                                 struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    cs_printer_start(&printer, "status");
    cJSON *rows = cs_printer_array(&printer, printer.root, "conversion");
    for (size_t i = 0; i < n; i++) {
        cJSON *row = cs_printer_object(&printer, rows, NULL);
        cs_printer_text(&printer, row, "kind", sums[i].kind);
        cs_printer_text(&printer, row, "name", sums[i].name);
        for (size_t k = 0; k < CS_OUTCOMES; k++)
            cs_printer_number(&printer, row,
                              k == CS_OUTCOME_KEPT_RAW
                                  ? "kept_raw"
                                  : cs_outcome_name((enum cs_outcome)k),
                              (double)sums[i].counts[k]);
        cs_printer_number(&printer, row, "documents",
                          (double)sums[i].documents);
    }
    return cs_printer_finish(&printer, app, err);
}

enum cs_status cs_status_conversion(struct cs_app *app, bool json,
                                    struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)64 << 20);
    struct cs_conversion_sum *sums = NULL;
    size_t n = 0;
    enum cs_status status =
        cs_conversion_read(app->index, arena, &sums, &n, err);
    if (status)
        return status;
    return json ? print_json(app, sums, n, err)
                : print_table(app, sums, n, err);
}
