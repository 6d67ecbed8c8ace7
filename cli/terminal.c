/*
 * terminal.c - isatty(3), the window size, and a handful of escape sequences.
 */
#include "cli/terminal.h"

#include "src/text.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MIN     20
#define WIDTH_MAX     400

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] != '\0';
}

static unsigned find_width(int fd)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    long width = 0;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width == 0 && columns)
        width = strtol(columns, NULL, 10);
    if (width == 0)
        return WIDTH_DEFAULT;
    return (unsigned)(width < WIDTH_MIN   ? WIDTH_MIN
                      : width > WIDTH_MAX ? WIDTH_MAX
                                          : width);
}

static const char *const color_names[CS_COLORS] = {
    [CS_COLOR_AUTO] = "auto",
    [CS_COLOR_ALWAYS] = "always",
    [CS_COLOR_NEVER] = "never",
};

const char *cs_color_name(enum cs_color color)
{
    return color < CS_COLORS ? color_names[color] : "";
}

enum cs_color cs_color_from(const char *name)
{
    return (enum cs_color)cs_str_find(color_names, CS_COLORS, name);
}

void cs_terminal_detect(struct cs_terminal *ret, FILE *stream,
                        enum cs_color color)
{
    const char *term = getenv("TERM");
    const char *force = getenv("CLICOLOR_FORCE");
    int fd = fileno(stream);
    *ret = (struct cs_terminal){.width = WIDTH_DEFAULT};
    ret->tty = fd >= 0 && isatty(fd);
    if (ret->tty)
        ret->width = find_width(fd);
    bool able = ret->tty && term && strcmp(term, "dumb") != 0;
    bool forced = force && force[0] != '\0' && strcmp(force, "0") != 0;
    ret->links = able && color != CS_COLOR_NEVER;
    ret->color =
        color == CS_COLOR_ALWAYS ||
        (color == CS_COLOR_AUTO && (forced || (able && !is_set("NO_COLOR"))));
}

const char *cs_terminal_style(const struct cs_terminal *terminal,
                              enum cs_style style)
{
    static const char *const codes[] = {
        [CS_STYLE_NONE] = "\x1b[0m",  [CS_STYLE_TITLE] = "\x1b[1m",
        [CS_STYLE_FAINT] = "\x1b[2m", [CS_STYLE_MATCH] = "\x1b[1;33m",
        [CS_STYLE_GOOD] = "\x1b[32m", [CS_STYLE_BAD] = "\x1b[31m",
    };
    return terminal->color ? codes[style] : "";
}

void cs_terminal_put(const struct cs_terminal *terminal, enum cs_style style,
                     const char *text, struct cs_strbuf *out)
{
    if (!text || !*text)
        return;
    cs_strbuf_puts(out, cs_terminal_style(terminal, style));
    cs_text_put_safe(out, text, strlen(text), false);
    cs_strbuf_puts(out, cs_terminal_style(terminal, CS_STYLE_NONE));
}

size_t cs_terminal_put_fit(const struct cs_terminal *terminal,
                           enum cs_style style, const char *text,
                           size_t columns, struct cs_strbuf *out)
{
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    if (columns == 0)
        return 0;
    cs_text_put_safe(&safe, text, strlen(text), false);
    size_t width = cs_text_width(safe.data, safe.len);
    if (width > columns) {
        cs_strbuf_truncate(&safe,
                           cs_text_cut_width(safe.data, safe.len, columns - 1));
        cs_strbuf_rtrim(&safe);
        cs_strbuf_puts(&safe, "\xe2\x80\xa6");
        width = cs_text_width(safe.data, safe.len);
    }
    cs_strbuf_puts(out, cs_terminal_style(terminal, style));
    cs_strbuf_put(out, safe.data, safe.len);
    cs_strbuf_add_failure(out, &safe);
    cs_strbuf_puts(out, cs_terminal_style(terminal, CS_STYLE_NONE));
    return width;
}

bool cs_terminal_link(const struct cs_terminal *terminal, const char *url,
                      struct cs_strbuf *out)
{
    if (!terminal->links)
        return false;
    if (url && !cs_str_starts(url, "https://") &&
        !cs_str_starts(url, "http://"))
        return false;
    for (const char *c = url ? url : ""; *c; c++)
        if (*c <= ' ' || *c > '~')
            return false;
    cs_strbuf_printf(out, "\x1b]8;;%s\x1b\\", url ? url : "");
    return true;
}

size_t cs_terminal_fit(const char *text, size_t len, size_t columns)
{
    size_t fits = cs_text_cut_width(text, len, columns), cut = fits;
    if (fits == len)
        return len;
    while (cut > fits / 2 && text[cut] != ' ')
        cut--;
    if (cut > fits / 2)
        return cut;
    return fits > 0 ? fits : cs_text_cut(text, len, 4);
}
