/*
 * cmd_why.c - what became of a document, when, and for what reason.
 */
#include "cli/commands.h"

#include "cli/printer.h"
#include "index/history.h"
#include "src/text.h"

struct why_args {
    bool json;
};

static const char *state_name(enum cs_history_state state)
{
    switch (state) {
    case CS_HISTORY_HERE: return "here";
    case CS_HISTORY_MISSING: return "missing";
    case CS_HISTORY_REMOVED: return "removed";
    case CS_HISTORY_FORGOTTEN: break;
    }
    return "forgotten";
}

/* What a reason of the store means. */
static const char *reason_text(const char *reason)
{
    static const struct {
        const char *reason, *text;
    } texts[] = {
        {"trashed", "it is in the site's trash"},
        {"gone", "the site said twice that it is not there"},
        {"forbidden", "the site said twice that it may not be read"},
        {"moved", "it was moved to a space that is not mirrored"},
        {"excluded", "the configuration excludes it"},
        {"left", "its space is no longer configured"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++) {
        if (cs_str_equal(texts[i].reason, reason))
            return texts[i].text;
    }
    return reason ? reason : "unknown";
}

static void put_date(int64_t at, struct cs_strbuf *out)
{
    char text[CS_TIME_TEXT_SIZE];
    cs_time_format(at, text);
    cs_strbuf_puts(out, text);
}

static void put_removed(const struct cs_history *history, struct cs_strbuf *out)
{
    cs_strbuf_puts(out, "  removed ");
    put_date(history->since, out);
    cs_strbuf_printf(out, ": %s", reason_text(history->reason));
    if (history->http_status)
        cs_strbuf_printf(out, " (status %lld)",
                         (long long)history->http_status);
    cs_strbuf_putc(out, '\n');
    if (history->restorable)
        cs_strbuf_printf(out, "  cs maintenance restore %s brings it back\n",
                         history->id);
}

static void put_missing(const struct cs_history *history, struct cs_strbuf *out)
{
    cs_strbuf_puts(out, "  missing since ");
    put_date(history->since, out);
    cs_strbuf_printf(out,
                     ": the last complete listing lacks it%s%s; it is kept "
                     "until that is sure\n",
                     history->verdict ? ", and the site says: " : "",
                     history->verdict ? history->verdict : "");
}

static void put_space(const struct cs_history *history, struct cs_strbuf *out)
{
    if (history->left) {
        cs_strbuf_printf(out, "  its space %s is not configured since ",
                         history->space);
        put_date(history->left, out);
        cs_strbuf_puts(out, "; it is kept as it was\n");
    } else if (history->gone) {
        cs_strbuf_printf(out, "  its space %s is not shown since ",
                         history->space);
        put_date(history->gone, out);
        cs_strbuf_printf(out, "%s%s; it is kept as it was\n",
                         history->gone_why ? ": " : "",
                         history->gone_why ? history->gone_why : "");
    }
}

static void put_state(const struct cs_app *app,
                      const struct cs_history *history, struct cs_strbuf *out)
{
    const struct cs_terminal *terminal = &app->out_terminal;
    cs_terminal_put(terminal, CS_STYLE_TITLE,
                    history->title ? history->title : history->id, out);
    cs_strbuf_puts(out, "  ");
    cs_terminal_put(terminal, CS_STYLE_FAINT, history->id, out);
    cs_strbuf_putc(out, '\n');
    if (history->state == CS_HISTORY_REMOVED)
        put_removed(history, out);
    else if (history->state == CS_HISTORY_MISSING)
        put_missing(history, out);
    else if (history->state == CS_HISTORY_FORGOTTEN)
        cs_strbuf_puts(out, "  it is not held any more\n");
    else if (history->path) {
        cs_strbuf_puts(out, "  ");
        cs_text_put_safe(out, history->path, strlen(history->path), false);
        cs_strbuf_putc(out, '\n');
    }
    if (history->failure) {
        cs_strbuf_puts(out, "  its newest text could not be had: ");
        cs_text_put_safe(out, history->failure, strlen(history->failure),
                         false);
        cs_strbuf_putc(out, '\n');
    }
    put_space(history, out);
}

static enum cs_status print_text(struct cs_app *app,
                                 const struct cs_history *history,
                                 struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_table table CS_CLEANUP(cs_table_clear);
    cs_table_init(&table);
    put_state(app, history, &text);
    for (size_t i = 0; i < history->n_events; i++) {
        const struct cs_history_event *event = &history->events[i];
        char at[CS_TIME_TEXT_SIZE];
        cs_time_format(event->at, at);
        cs_table_cell(&table, "%s", at);
        cs_table_cell(&table, "%s", event->what);
        cs_table_cell(&table, "%s", event->detail ? event->detail : "");
        cs_table_end_row(&table);
    }
    cs_table_put(&table, 2, &text);
    return cs_app_print(app, &text, err);
}

static void add_events(struct cs_printer *printer,
                       const struct cs_history *history)
{
    cJSON *events = cs_printer_array(printer, printer->root, "events");
    for (size_t i = 0; i < history->n_events; i++) {
        const struct cs_history_event *event = &history->events[i];
        cJSON *item = cs_printer_object(printer, events, NULL);
        cs_printer_time(printer, item, "at", event->at);
        cs_printer_number(printer, item, "run", (double)event->run);
        cs_printer_text(printer, item, "what", event->what);
        cs_printer_text(printer, item, "detail", event->detail);
    }
}

static enum cs_status print_json(struct cs_app *app,
                                 const struct cs_history *history,
                                 struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    const struct {
        const char *name, *value;
    } texts[] = {
        {"id", history->id},           {"state", state_name(history->state)},
        {"title", history->title},     {"space", history->space},
        {"path", history->path},       {"url", history->url},
        {"reason", history->reason},   {"verdict", history->verdict},
        {"failure", history->failure}, {"space_gone_why", history->gone_why},
    };
    cs_printer_start(&printer, "why");
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++)
        cs_printer_text(&printer, printer.root, texts[i].name, texts[i].value);
    cs_printer_time(&printer, printer.root, "since", history->since);
    cs_printer_number(&printer, printer.root, "http_status",
                      (double)history->http_status);
    cs_printer_bool(&printer, printer.root, "restorable", history->restorable);
    cs_printer_time(&printer, printer.root, "space_left", history->left);
    cs_printer_time(&printer, printer.root, "space_gone", history->gone);
    add_events(&printer, history);
    return cs_printer_finish(&printer, app, err);
}

static enum cs_status run(struct cs_app *app, const void *args,
                          CS_UNUSED int n_words, char **words,
                          struct cs_error *err)
{
    const struct why_args *options = args;
    struct cs_history history = {0};
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)16 << 20);
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        cs_history_load(app->index, arena, words[0], &history, err);
    if (status == CS_ERR_NOT_FOUND && err->hint[0] == '\0')
        cs_error_hint(err, "cs search finds ids and paths");
    if (status != CS_OK)
        return status;
    return options->json ? print_json(app, &history, err)
                         : print_text(app, &history, err);
}

static const struct cs_option options[] = {
    {0, "json", CS_OPTION_FLAG, offsetof(struct why_args, json), NULL,
     "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_why = {
    .name = "why",
    .summary = "Tell what became of a document, and why",
    .synopsis = "[OPTION...] ID",
    .example = "cs why confluence:65601",
    .about = "Also of a document that was removed: ID is then its id, its URL\n"
             "or the path that it had.",
    .needs = CS_NEED_INDEX,
    .options = options,
    .args_size = sizeof(struct why_args),
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
