/*
 * config_change.c - where a new setting goes, and how it is written.
 */
#include "src/config_change.h"

#include "src/config_file.h"
#include "src/text.h"

#define INDENT "    "

/* Is it the place where this source's keys stand (NULL: the top)? */
static bool is_place(const struct cs_config_layout *layout, size_t block,
                     const char *source)
{
    if (block == CS_CONFIG_TOP || !source)
        return block == CS_CONFIG_TOP && !source;
    return layout->blocks[block].parent == CS_CONFIG_TOP &&
           cs_str_equal(layout->blocks[block].name, "source") &&
           cs_str_equal(layout->blocks[block].title, source);
}

static bool is_setting(const struct cs_config_layout *layout, size_t i,
                       const char *source, const char *key)
{
    return is_place(layout, layout->settings[i].block, source) &&
           (!key || cs_str_equal(layout->settings[i].key, key));
}

/* A word that needs no quotes stays plain. */
static void put_word(struct cs_strbuf *out, const char *word)
{
    size_t plain = strspn(word, "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
    if (plain > 0 && word[plain] == '\0') {
        cs_strbuf_puts(out, word);
        return;
    }
    cs_strbuf_putc(out, '"');
    for (const char *c = word; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            cs_strbuf_printf(out, "\\x%02x", (unsigned)(unsigned char)*c);
        else
            cs_strbuf_printf(out, "%s%c", strchr("\"\\$", *c) ? "\\" : "", *c);
    }
    cs_strbuf_putc(out, '"');
}

static void put_setting(struct cs_strbuf *out, const struct cs_key *key,
                        const struct cs_key_words *words)
{
    bool list = cs_key_is_list(key);
    cs_strbuf_printf(out, "%s = %s", key->name, list ? "{" : "");
    for (size_t i = 0; i < words->n; i++) {
        cs_strbuf_puts(out, i > 0 ? ", " : "");
        put_word(out, words->words[i]);
    }
    cs_strbuf_puts(out, list ? "}" : "");
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static size_t line_start(const struct cs_strbuf *text, size_t at)
{
    while (at > 0 && text->data[at - 1] != '\n')
        at--;
    return at;
}

static size_t skip_blanks(const struct cs_strbuf *text, size_t at)
{
    while (is_blank(text->data[at]))
        at++;
    return at;
}

/* Take a setting out, with its line if it stands there alone. */
static void cut_setting(struct cs_strbuf *text,
                        const struct cs_config_setting *setting)
{
    size_t at = line_start(text, setting->at);
    size_t end = skip_blanks(text, setting->end);
    bool alone = skip_blanks(text, at) == setting->at &&
                 (end == text->len || text->data[end] == '\n');
    if (alone)
        end += end < text->len;
    else {
        at = setting->at;
        end = text->data[end] == '\n' ? setting->end : end;
    }
    cs_strbuf_splice(text, at, end - at, "", 0);
}

/* Put a setting behind another one: on a line of its own, unless more than a
 * comment follows on that line. */
static void put_behind(struct cs_strbuf *text,
                       const struct cs_config_setting *last,
                       const struct cs_strbuf *setting)
{
    struct cs_strbuf line CS_CLEANUP(cs_config_wipe) =
        CS_STRBUF_INIT(CS_CONFIG_FILE_MAX);
    size_t start = line_start(text, last->at);
    size_t indent = skip_blanks(text, start) - start;
    size_t at = skip_blanks(text, last->end);
    if (at < text->len && text->data[at] == '#')
        at += strcspn(text->data + at, "\n");
    if (at == text->len)
        cs_strbuf_putc(&line, '\n');
    else if (text->data[at] == '\n')
        at++;
    else {
        cs_strbuf_printf(&line, " %s", setting->data);
        cs_strbuf_splice(text, last->end, 0, line.data, line.len);
        return;
    }
    cs_strbuf_put(&line, text->data + start, indent);
    cs_strbuf_printf(&line, "%s\n", setting->data);
    cs_strbuf_splice(text, at, 0, line.data, line.len);
}

/* The first setting at the top of the file: above the first section and the
 * comment that belongs to it, or at the end. */
static void put_at_top(struct cs_strbuf *text,
                       const struct cs_config_layout *layout,
                       const struct cs_strbuf *setting)
{
    struct cs_strbuf line CS_CLEANUP(cs_config_wipe) =
        CS_STRBUF_INIT(CS_CONFIG_FILE_MAX);
    size_t at = text->len;
    if (layout->n_blocks > 0) {
        at = line_start(text, layout->blocks[0].at);
        while (at > 0) {
            size_t above = line_start(text, at - 1);
            if (text->data[skip_blanks(text, above)] != '#')
                break;
            at = above;
        }
    }
    if (at > 0 && text->data[at - 1] != '\n')
        cs_strbuf_putc(&line, '\n');
    cs_strbuf_printf(&line, "%s\n%s", setting->data,
                     at < text->len ? "\n" : "");
    cs_strbuf_splice(text, at, 0, line.data, line.len);
}

/* The first setting of a source, whose section may be missing. */
static void put_in_source(struct cs_strbuf *text,
                          const struct cs_config_layout *layout,
                          const char *source, const struct cs_strbuf *setting)
{
    struct cs_strbuf lines CS_CLEANUP(cs_config_wipe) =
        CS_STRBUF_INIT(CS_CONFIG_FILE_MAX);
    for (size_t i = 0; i < layout->n_blocks; i++) {
        if (!is_place(layout, i, source))
            continue;
        size_t at = layout->blocks[i].open;
        bool close = skip_blanks(text, at) == layout->blocks[i].close;
        cs_strbuf_printf(&lines, "\n" INDENT "%s%s", setting->data,
                         close ? "\n" : "");
        cs_strbuf_splice(text, at, 0, lines.data, lines.len);
        return;
    }
    size_t len = text->len;
    if (len > 0 && text->data[len - 1] != '\n')
        cs_strbuf_putc(&lines, '\n');
    if (len > 0 && (len < 2 || strcmp(text->data + len - 2, "\n\n") != 0))
        cs_strbuf_putc(&lines, '\n');
    cs_strbuf_printf(&lines, "source %s {\n" INDENT "%s\n}\n", source,
                     setting->data);
    cs_strbuf_put(text, lines.data, lines.len);
}

void cs_config_change_set(struct cs_strbuf *text,
                          const struct cs_config_layout *layout,
                          const char *source, const struct cs_key *key,
                          const struct cs_key_words *words)
{
    struct cs_strbuf setting CS_CLEANUP(cs_config_wipe) =
        CS_STRBUF_INIT(CS_CONFIG_FILE_MAX);
    size_t n = layout->n_settings, same = n, near = n;
    put_setting(&setting, key, words);
    for (size_t i = 0; i < n; i++) {
        near = is_setting(layout, i, source, NULL) ? i : near;
        same = is_setting(layout, i, source, key->name) ? i : same;
    }
    if (setting.status != CS_OK)
        text->status = setting.status;
    else if (same < n) /* the last one holds; others before it go */
        cs_strbuf_splice(text, layout->settings[same].at,
                         layout->settings[same].end - layout->settings[same].at,
                         setting.data, setting.len);
    else if (near < n)
        put_behind(text, &layout->settings[near], &setting);
    else if (source)
        put_in_source(text, layout, source, &setting);
    else
        put_at_top(text, layout, &setting);
    for (size_t i = same < n ? same : 0; i-- > 0;)
        if (is_setting(layout, i, source, key->name))
            cut_setting(text, &layout->settings[i]);
}

bool cs_config_change_unset(struct cs_strbuf *text,
                            const struct cs_config_layout *layout,
                            const char *source, const char *key)
{
    bool found = false;
    for (size_t i = layout->n_settings; i-- > 0;) {
        if (!is_setting(layout, i, source, key))
            continue;
        cut_setting(text, &layout->settings[i]);
        found = true;
    }
    return found;
}

void cs_config_wipe(struct cs_strbuf *buf)
{
    if (buf->cap)
        explicit_bzero(buf->data, buf->cap);
    cs_strbuf_clear(buf);
}
