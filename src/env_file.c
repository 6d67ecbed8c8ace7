/*
 * env_file.c - as much of a shell's quoting as plain assignments need.
 */
#include "src/env_file.h"

#include "src/text.h"

struct reader {
    const char *path;
    const char *at, *end;
    int line;
    struct cs_arena *arena;
    char *room; /* for values; no more bytes than the text has */
    struct cs_env_file file;
    struct cs_error *err;
};

static size_t name_len(const struct reader *reader)
{
    const char *c = reader->at;
    while (c < reader->end && (cs_ascii_is_alnum(*c) || *c == '_') &&
           !(c == reader->at && cs_ascii_is_digit(*c)))
        c++;
    return (size_t)(c - reader->at);
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end &&
           (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r'))
        reader->at++;
}

static void skip_line(struct reader *reader)
{
    while (reader->at < reader->end && *reader->at != '\n')
        reader->at++;
    if (reader->at < reader->end) {
        reader->at++;
        reader->line++;
    }
}

/* Take one character that a backslash stands in front of. */
static void take_escaped(struct reader *reader, const char *special, char **out)
{
    char c = reader->at + 1 < reader->end ? reader->at[1] : '\0';
    if (c == '\0' || (special && !strchr(special, c))) {
        *(*out)++ = '\\';
        reader->at++;
        return;
    }
    if (c == '\n')
        reader->line++;
    else
        *(*out)++ = c;
    reader->at += 2;
}

/* Up to the closing quote, which `at` then stands behind. */
static enum cs_status take_quoted(struct reader *reader, char **out,
                                  bool *ret_computed)
{
    char quote = *reader->at++;
    int line = reader->line;
    while (reader->at < reader->end && *reader->at != quote) {
        char c = *reader->at;
        if (quote == '"' && c == '\\') {
            take_escaped(reader, "\"\\$`\n", out);
            continue;
        }
        if (quote == '"' && (c == '$' || c == '`'))
            *ret_computed = true;
        reader->line += c == '\n';
        *(*out)++ = c;
        reader->at++;
    }
    if (reader->at++ < reader->end)
        return CS_OK;
    (void)cs_error_set(reader->err, CS_ERR_CONFIG,
                       "%s:%d: a quote that is never closed", reader->path,
                       line);
    cs_error_hint(reader->err, "close it, or give the values otherwise");
    return CS_ERR_CONFIG;
}

static enum cs_status take_value(struct reader *reader, const char *name)
{
    char *text = reader->room, *out = text;
    bool computed = false;
    enum cs_status status = CS_OK;
    int line = reader->line;
    while (status == CS_OK && reader->at < reader->end &&
           !cs_ascii_is_space(*reader->at)) {
        char c = *reader->at;
        if (c == '\'' || c == '"')
            status = take_quoted(reader, &out, &computed);
        else if (c == '\\')
            take_escaped(reader, NULL, &out);
        else {
            computed = computed || strchr("$`;&|<>(", c);
            *out++ = c;
            reader->at++;
        }
    }
    *out = '\0';
    reader->room = out + 1;
    if (status == CS_OK && !computed) {
        reader->file.lines[reader->file.n++] =
            (struct cs_env_line){name, text, line};
        return CS_OK;
    }
    explicit_bzero(text, (size_t)(out - text));
    if (status == CS_OK)
        reader->file.lines[reader->file.n++] =
            (struct cs_env_line){name, NULL, line};
    return status;
}

/* NAME=value, once or more on a line, "export" in front or not. */
static enum cs_status take_line(struct reader *reader)
{
    enum cs_status status = CS_OK;
    bool first = true;
    for (;;) {
        skip_blanks(reader);
        size_t len = name_len(reader);
        if (first && len == 6 && strncmp(reader->at, "export", 6) == 0 &&
            reader->at + 6 < reader->end &&
            (reader->at[6] == ' ' || reader->at[6] == '\t')) {
            reader->at += 6;
            first = false;
            continue;
        }
        first = false;
        const char *name = cs_arena_strndup(reader->arena, reader->at, len);
        if (!name)
            return cs_arena_status(reader->arena, reader->err);
        reader->at += len;
        if (len == 0 || reader->at == reader->end || *reader->at != '=')
            break;
        reader->at++;
        status = take_value(reader, name);
        if (status != CS_OK)
            return status;
    }
    skip_line(reader);
    return CS_OK;
}

enum cs_status cs_env_file_parse(const char *path, const char *text, size_t len,
                                 struct cs_arena *arena,
                                 struct cs_env_file *ret, struct cs_error *err)
{
    struct reader reader = {.path = path,
                            .at = text,
                            .end = text + len,
                            .line = 1,
                            .arena = arena,
                            .err = err};
    size_t signs = 1;
    if (memchr(text, '\0', len))
        return cs_error_set(err, CS_ERR_CONFIG, "%s: not a text file", path);
    for (size_t i = 0; i < len; i++)
        signs += text[i] == '=';
    reader.room = cs_arena_alloc(arena, len + 1);
    reader.file.lines =
        cs_arena_array(arena, signs, sizeof(*reader.file.lines));
    enum cs_status status = cs_arena_status(arena, err);
    while (status == CS_OK && reader.at < reader.end)
        status = take_line(&reader);
    if (status == CS_OK)
        *ret = reader.file;
    else
        cs_env_file_wipe(&reader.file);
    return status;
}

const struct cs_env_line *cs_env_file_find(const struct cs_env_file *file,
                                           const char *name)
{
    for (size_t i = file->n; i-- > 0;)
        if (strcmp(file->lines[i].name, name) == 0)
            return &file->lines[i];
    return NULL;
}

void cs_env_file_wipe(struct cs_env_file *file)
{
    for (size_t i = 0; i < file->n; i++)
        cs_str_wipe(file->lines[i].value);
}
