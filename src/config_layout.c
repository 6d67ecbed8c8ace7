/*
 * config_layout.c - words and signs, and the two forms that they make.
 *
 * Comments are blanked out first, byte for byte, so what is left has the
 * positions of the text.
 */
#include "src/config_layout.h"

#include "src/config_file.h"
#include "src/text.h"

/* A quoted or bare word ('w'), one of the signs, or the end (0). */
struct token {
    char kind;
    size_t at, end;
};

struct walk {
    const char *path, *text;
    size_t len, at;
    struct cs_arena *arena;
    struct cs_config_layout layout;
    size_t open; /* innermost block that is open, or CS_CONFIG_TOP */
    struct cs_error *err;
};

static size_t quoted_end(const struct walk *walk, size_t at)
{
    char quote = walk->text[at++];
    while (at < walk->len && walk->text[at] != quote)
        at += walk->text[at] == '\\' && at + 1 < walk->len ? 2 : 1;
    return at < walk->len ? at + 1 : walk->len;
}

/* "${NAME}" belongs to a word. */
static size_t bare_end(const struct walk *walk, size_t at)
{
    while (at < walk->len) {
        const char *c = walk->text + at;
        const char *close = c[0] == '$' && c[1] == '{' ? strchr(c, '}') : NULL;
        if (close)
            at = (size_t)(close - walk->text) + 1;
        else if (cs_ascii_is_space(*c) || strchr("={}(),\"'", *c) ||
                 (*c == '+' && c[1] == '='))
            break;
        else
            at++;
    }
    return at;
}

static struct token next(struct walk *walk)
{
    while (walk->at < walk->len && cs_ascii_is_space(walk->text[walk->at]))
        walk->at++;
    struct token token = {0, walk->at, walk->at};
    if (walk->at == walk->len)
        return token;
    char c = walk->text[walk->at];
    if (c == '"' || c == '\'') {
        token.kind = 'w';
        token.end = quoted_end(walk, walk->at);
    } else if (c == '+' && walk->text[walk->at + 1] == '=') {
        token.kind = '=';
        token.end += 2;
    } else if (strchr("={}(),", c)) {
        token.kind = c;
        token.end++;
    } else {
        token.kind = 'w';
        token.end = bare_end(walk, walk->at);
    }
    walk->at = token.end;
    return token;
}

static enum cs_status refuse_for(struct walk *walk, size_t at, const char *why,
                                 const char *hint)
{
    int line = 1;
    for (size_t i = 0; i < at; i++)
        line += walk->text[i] == '\n';
    (void)cs_error_set(walk->err, CS_ERR_CONFIG, "%s:%d: %s", walk->path, line,
                       why);
    cs_error_hint(walk->err, "%s", hint);
    return CS_ERR_CONFIG;
}

static enum cs_status refuse(struct walk *walk, size_t at)
{
    return refuse_for(walk, at, "neither key = value nor source NAME { ... }",
                      "mend it with an editor");
}

/* A word without its quotes; what is escaped in it matters to nobody here. */
static const char *word_of(const struct walk *walk, struct token token)
{
    bool quoted = strchr("\"'", walk->text[token.at]) != NULL;
    size_t len = token.end - token.at;
    if (quoted && len >= 2)
        return cs_arena_strndup(walk->arena, walk->text + token.at + 1,
                                len - 2);
    return cs_arena_strndup(walk->arena, walk->text + token.at, len);
}

/* Behind "key =": a word, or words in braces. */
static enum cs_status take_setting(struct walk *walk, struct token key,
                                   struct token sign)
{
    struct token token = next(walk);
    if (token.kind == '{') {
        do
            token = next(walk);
        while (token.kind == 'w' || token.kind == ',');
        if (token.kind != '}')
            return refuse(walk, token.at);
    } else if (token.kind != 'w')
        return refuse(walk, token.at);
    walk->layout.settings[walk->layout.n_settings++] =
        (struct cs_config_setting){word_of(walk, key), walk->open, key.at,
                                   token.end, sign.at};
    return CS_OK;
}

static void open_block(struct walk *walk, struct token name,
                       const struct token *title)
{
    walk->layout.blocks[walk->layout.n_blocks] = (struct cs_config_block){
        .name = word_of(walk, name),
        .title = title ? word_of(walk, *title) : "",
        .parent = walk->open,
        .at = name.at,
        .open = walk->at,
    };
    walk->open = walk->layout.n_blocks++;
}

static void close_block(struct walk *walk, struct token brace)
{
    struct cs_config_block *block = &walk->layout.blocks[walk->open];
    block->close = brace.at;
    block->end = brace.end;
    walk->open = block->parent;
}

static enum cs_status take_all(struct walk *walk)
{
    for (;;) {
        struct token word = next(walk);
        bool open = walk->open != CS_CONFIG_TOP;
        if (word.kind == 0)
            return open ? refuse_for(walk, walk->layout.blocks[walk->open].at,
                                     "a section that is never closed",
                                     "put } at its end")
                        : CS_OK;
        if (word.kind == '}' && open) {
            close_block(walk, word);
            continue;
        }
        struct token second = word.kind == 'w' ? next(walk) : word;
        struct token third = second.kind == 'w' ? next(walk) : second;
        enum cs_status status = CS_OK;
        if (word.kind != 'w' || third.kind == 0 ||
            !strchr(second.kind == 'w' ? "{" : "={", third.kind))
            status = refuse(walk, third.at);
        else if (third.kind == '{')
            open_block(walk, word, second.kind == 'w' ? &second : NULL);
        else
            status = take_setting(walk, word, third);
        if (status != CS_OK)
            return status;
    }
}

enum cs_status cs_config_layout_find(const char *path, const char *text,
                                     size_t len, struct cs_arena *arena,
                                     struct cs_config_layout *ret,
                                     struct cs_error *err)
{
    int line = 1;
    size_t signs = 1, braces = 1;
    char *copy = cs_arena_strndup(arena, text, len);
    if (!copy)
        return cs_arena_status(arena, err);
    const char *wrong = memchr(text, '\0', len)
                            ? "a zero byte"
                            : cs_config_file_blank(copy, len, &line);
    if (wrong) {
        explicit_bzero(copy, len);
        (void)cs_error_set(err, CS_ERR_CONFIG, "%s:%d: %s", path, line, wrong);
        cs_error_hint(err, "mend it with an editor");
        return CS_ERR_CONFIG;
    }
    for (size_t i = 0; i < len; i++) {
        signs += copy[i] == '=';
        braces += copy[i] == '{';
    }
    struct walk walk = {.path = path,
                        .text = copy,
                        .len = len,
                        .arena = arena,
                        .open = CS_CONFIG_TOP,
                        .err = err};
    walk.layout.settings =
        cs_arena_array(arena, signs, sizeof(*walk.layout.settings));
    walk.layout.blocks =
        cs_arena_array(arena, braces, sizeof(*walk.layout.blocks));
    enum cs_status status = cs_arena_status(arena, err);
    if (status == CS_OK)
        status = take_all(&walk);
    explicit_bzero(copy, len);
    if (status == CS_OK)
        status = cs_arena_status(arena, err);
    if (status == CS_OK)
        *ret = walk.layout;
    return status;
}
