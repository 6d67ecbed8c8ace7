/*
 * options.c - parsing by rows, and the usage text from the same rows.
 */
#include "cli/options.h"

#include "src/clock.h"
#include "src/suggest.h"
#include "src/text.h"

#include <errno.h>
#include <stdlib.h>

#define NAMES_MAX 64

struct parser {
    const struct cs_option_set *sets;
    size_t n_sets;
    int argc;
    char **argv;
    int at; /* the element looked at */
    struct cs_error *err;
};

static const struct cs_option *find_row(const struct parser *parser,
                                        const char *name, size_t len,
                                        char letter, void **ret_record)
{
    for (size_t i = 0; i < parser->n_sets; i++) {
        const struct cs_option *row = parser->sets[i].rows;
        for (; row && row->name; row++) {
            bool hit = letter ? row->letter == letter
                              : strlen(row->name) == len &&
                                    memcmp(row->name, name, len) == 0;
            if (!hit)
                continue;
            *ret_record = parser->sets[i].record;
            return row;
        }
    }
    return NULL;
}

static enum cs_status refuse_unknown(const struct parser *parser,
                                     const char *name, size_t len)
{
    const char *names[NAMES_MAX];
    char word[CS_SUGGEST_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < parser->n_sets; i++) {
        const struct cs_option *row = parser->sets[i].rows;
        for (; row && row->name && n < NAMES_MAX; row++)
            names[n++] = row->name;
    }
    (void)cs_error_set(parser->err, CS_ERR_USAGE, "unknown option --%.*s",
                       (int)(len < 80 ? len : 80), name);
    (void)snprintf(word, sizeof(word), "%.*s", (int)len, name);
    const char *near = cs_suggest_nearest(word, names, n);
    if (near)
        cs_error_hint(parser->err, "did you mean --%s?", near);
    else
        cs_error_hint(parser->err, "add --help for the list");
    return CS_ERR_USAGE;
}

static enum cs_status store_number(const struct cs_option *row,
                                   const char *value, void *slot,
                                   struct cs_error *err)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (value[0] != '\0' && *end == '\0' && errno == 0 && number >= row->min &&
        number <= row->max) {
        *(int64_t *)slot = number;
        return CS_OK;
    }
    (void)cs_error_set(err, CS_ERR_USAGE, "--%s: \"%.80s\" is no number",
                       row->name, value);
    cs_error_hint(err, "give a number from %lld to %lld", (long long)row->min,
                  (long long)row->max);
    return CS_ERR_USAGE;
}

static enum cs_status store_time(const struct cs_option *row, const char *value,
                                 void *slot, struct cs_error *err)
{
    int64_t ms;
    if (cs_duration_parse(value, &ms, NULL) == CS_OK ||
        cs_time_parse(value, &ms, NULL) == CS_OK) {
        *(const char **)slot = value;
        return CS_OK;
    }
    (void)cs_error_set(err, CS_ERR_USAGE, "--%s: \"%.80s\" is no time",
                       row->name, value);
    cs_error_hint(err, "give a length such as 2w or a day such as 2026-05-06");
    return CS_ERR_USAGE;
}

static enum cs_status store_item(const struct cs_option *row, const char *value,
                                 void *slot, struct cs_error *err)
{
    struct cs_option_list *list = slot;
    if (list->n == CS_OPTION_LIST_MAX) {
        (void)cs_error_set(err, CS_ERR_USAGE, "--%s was given too often",
                           row->name);
        cs_error_hint(err, "at most %d times", CS_OPTION_LIST_MAX);
        return CS_ERR_USAGE;
    }
    list->items[list->n++] = value;
    return CS_OK;
}

/* The value is parted where it stands. */
static enum cs_status store_words(const struct cs_option *row, char *value,
                                  void *slot, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    char *rest = value, *word;
    while (!status && (word = strsep(&rest, ",")))
        if (*word)
            status = store_item(row, word, slot, err);
    return status;
}

static enum cs_status store_value(const struct cs_option *row, void *record,
                                  char *value, struct cs_error *err)
{
    void *slot = (char *)record + row->offset;
    switch (row->type) {
    case CS_OPTION_FLAG: *(bool *)slot = true; return CS_OK;
    case CS_OPTION_TEXT: *(const char **)slot = value; return CS_OK;
    case CS_OPTION_NUMBER: return store_number(row, value, slot, err);
    case CS_OPTION_TIME: return store_time(row, value, slot, err);
    case CS_OPTION_LIST: return store_item(row, value, slot, err);
    case CS_OPTION_WORDS: return store_words(row, value, slot, err);
    }
    return CS_ERR_INTERNAL;
}

/* The value of an option: glued to it, or the next element. */
static enum cs_status take_value(struct parser *parser,
                                 const struct cs_option *row, void *record,
                                 char *glued)
{
    char *value = glued;
    if (row->type != CS_OPTION_FLAG && !value && parser->at < parser->argc)
        value = parser->argv[parser->at++];
    if (row->type != CS_OPTION_FLAG && !value) {
        (void)cs_error_set(parser->err, CS_ERR_USAGE, "--%s needs a value",
                           row->name);
        cs_error_hint(parser->err, "write --%s %s", row->name,
                      row->arg ? row->arg : "VALUE");
        return CS_ERR_USAGE;
    }
    return store_value(row, record, value, parser->err);
}

static enum cs_status parse_long(struct parser *parser, char *text)
{
    void *record = NULL;
    size_t len = strcspn(text, "=");
    char *glued = text[len] == '=' ? text + len + 1 : NULL;
    const struct cs_option *row = find_row(parser, text, len, '\0', &record);
    if (!row)
        return refuse_unknown(parser, text, len);
    if (row->type == CS_OPTION_FLAG && glued) {
        (void)cs_error_set(parser->err, CS_ERR_USAGE, "--%s takes no value",
                           row->name);
        cs_error_hint(parser->err, "write --%s alone", row->name);
        return CS_ERR_USAGE;
    }
    return take_value(parser, row, record, glued);
}

static enum cs_status parse_letters(struct parser *parser, char *text)
{
    for (char *c = text; *c; c++) {
        void *record = NULL;
        const struct cs_option *row = find_row(parser, NULL, 0, *c, &record);
        if (!row) {
            (void)cs_error_set(parser->err, CS_ERR_USAGE,
                               "unknown option -%.*s",
                               (int)cs_text_cut(c, strlen(c), 4), c);
            cs_error_hint(parser->err,
                          "add --help for the list, or put -- before words "
                          "that begin with '-'");
            return CS_ERR_USAGE;
        }
        bool flag = row->type == CS_OPTION_FLAG;
        enum cs_status status =
            take_value(parser, row, record, flag || !c[1] ? NULL : c + 1);
        if (status != CS_OK || !flag)
            return status;
    }
    return CS_OK;
}

enum cs_status cs_options_parse(const struct cs_option_set *sets, size_t n_sets,
                                bool first_word_ends, int argc, char **argv,
                                int *ret_n, int *ret_used, struct cs_error *err)
{
    struct parser parser = {sets, n_sets, argc, argv, 0, err};
    int n = 0;
    bool words_only = false;
    while (parser.at < argc) {
        char *text = argv[parser.at];
        bool option = !words_only && text[0] == '-' && text[1] != '\0';
        if (!option && first_word_ends)
            break;
        parser.at++;
        enum cs_status status = CS_OK;
        if (option && strcmp(text, "--") == 0)
            words_only = true;
        else if (option && text[1] == '-')
            status = parse_long(&parser, text + 2);
        else if (option)
            status = parse_letters(&parser, text + 1);
        else
            argv[n++] = text;
        if (status != CS_OK)
            return status;
    }
    *ret_n = n;
    *ret_used = parser.at;
    return CS_OK;
}

/* "Also: -0 --null, --urls", in lines of up to 78 columns. */
static void print_others(const struct cs_option *rows, struct cs_strbuf *out)
{
    size_t column = 0;
    for (const struct cs_option *row = rows; row && row->name; row++) {
        char text[64];
        if (row->help)
            continue;
        int len = snprintf(
            text, sizeof(text), "%s%c%s--%s%s%s", row->letter ? "-" : "",
            row->letter ? row->letter : ' ', row->letter ? " " : "", row->name,
            row->arg ? " " : "", row->arg ? row->arg : "");
        const char *from = text + (row->letter ? 0 : 1);
        size_t width = len > 0 ? (size_t)len : 0;
        bool first = column == 0, wrap = column + width + 2 > 76;
        cs_strbuf_puts(out, first ? "Also: " : wrap ? ",\n  " : ", ");
        column = first ? 6 : wrap ? 2 : column + 2;
        cs_strbuf_puts(out, from);
        column += width;
    }
    if (column > 0)
        cs_strbuf_putc(out, '\n');
}

void cs_options_print(const struct cs_option *rows, struct cs_strbuf *out)
{
    for (const struct cs_option *row = rows; row && row->name; row++) {
        char left[64];
        if (!row->help)
            continue;
        (void)snprintf(left, sizeof(left), "%s%c%s --%s%s%s",
                       row->letter ? "-" : " ", row->letter ? row->letter : ' ',
                       row->letter ? "," : " ", row->name, row->arg ? " " : "",
                       row->arg ? row->arg : "");
        cs_strbuf_printf(out, "  %-24s %s\n", left, row->help);
    }
    print_others(rows, out);
}
