/*
 * path.c - joining, relating and naming.
 */
#include "src/path.h"

#include "src/text.h"

void cs_path_join(struct cs_strbuf *out, const char *a, const char *b)
{
    size_t len = strlen(a);
    while (len > 1 && a[len - 1] == '/')
        len--;
    cs_strbuf_put(out, a, len);
    if (len > 0 && a[len - 1] != '/')
        cs_strbuf_putc(out, '/');
    cs_strbuf_puts(out, b);
}

size_t cs_path_dirname_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

bool cs_path_is_inside(const char *path)
{
    do {
        size_t len = strcspn(path, "/");
        if (len == 0 || (len == 1 && path[0] == '.') ||
            (len == 2 && path[0] == '.' && path[1] == '.'))
            return false;
        path += len;
    } while (*path++ == '/');
    return true;
}

void cs_path_relative(struct cs_strbuf *out, const char *from, const char *to)
{
    size_t common = 0; /* length of the shared folders, with their slash */
    for (size_t i = 0; from[i] && from[i] == to[i]; i++)
        if (from[i] == '/')
            common = i + 1;
    for (const char *p = from + common; (p = strchr(p, '/')); p++)
        cs_strbuf_puts(out, "../");
    cs_strbuf_puts(out, to + common);
}

void cs_path_put_encoded(struct cs_strbuf *out, const char *path)
{
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        if (c >= 0x80 || cs_ascii_is_alnum((char)c) || strchr("-._~/", c))
            cs_strbuf_putc(out, (char)c);
        else
            cs_strbuf_printf(out, "%%%02X", c);
    }
}

/* Characters that some file system or shell takes for itself become '-',
 * every kind of white space one blank, and what has no width nothing. */
static void put_clean(struct cs_strbuf *out, const char *title, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        size_t n = cs_text_decode(title + i, len - i, &rune);
        if (cs_rune_is_space(rune)) {
            if (out->len > 0 && out->data[out->len - 1] != ' ')
                cs_strbuf_putc(out, ' ');
        } else if (cs_rune_is_unsafe(rune) ||
                   (rune < 0x80 && strchr("/\\:*?\"<>|", (int)rune))) {
            cs_strbuf_putc(out, '-');
        } else if (!cs_rune_is_zero_width(rune)) {
            cs_strbuf_put(out, title + i, n);
        }
        i += n;
    }
}

/* CON, PRN, AUX, NUL, COM0-9, LPT0-9, alone or before a dot. */
static bool is_device_name(const char *name)
{
    static const char *const devices[] = {"con", "prn", "aux",
                                          "nul", "com", "lpt"};
    char stem[8] = "";
    size_t len = strcspn(name, ".");
    while (len > 0 && name[len - 1] == ' ')
        len--;
    if (len < 3 || len > 4)
        return false;
    memcpy(stem, name, len);
    for (size_t i = 0; i < CS_ARRAY_LEN(devices); i++) {
        char digit = stem[3];
        char prefix[4] = {stem[0], stem[1], stem[2], '\0'};
        if (cs_ascii_casecmp(prefix, devices[i]) == 0)
            return i < 4 ? !digit : cs_ascii_is_digit(digit);
    }
    return false;
}

static void trim_edges(struct cs_strbuf *name)
{
    size_t lead = strspn(name->data, " .");
    cs_strbuf_splice(name, 0, lead, "", 0);
    size_t len = name->len;
    while (len > 0 && strchr(" .", name->data[len - 1]))
        len--;
    cs_strbuf_truncate(name, len);
}

void cs_path_put_name(struct cs_strbuf *out, const char *title, size_t max)
{
    struct cs_strbuf nfc CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_text_put_nfc(&nfc, title, strlen(title));
    put_clean(&name, nfc.data, nfc.len);
    trim_edges(&name);
    cs_strbuf_truncate(&name, cs_text_cut(name.data, name.len, max));
    trim_edges(&name);
    if (name.len == 0)
        cs_strbuf_puts(&name, "untitled");
    if (is_device_name(name.data))
        cs_strbuf_splice(&name, strcspn(name.data, "."), 0, "_", 1);
    cs_strbuf_put(out, name.data, name.len);
    enum cs_status failed = nfc.status ? nfc.status : name.status;
    if (failed && !out->status)
        out->status = failed;
}

void cs_path_put_expanded(struct cs_strbuf *out, const char *path,
                          const char *home)
{
    bool tilde = path[0] == '~' && (path[1] == '/' || !path[1]);
    if (tilde && home)
        cs_path_join(out, home, path[1] ? path + 2 : "");
    else
        cs_strbuf_puts(out, path);
}
