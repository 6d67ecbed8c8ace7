/*
 * config_file.c - libconfuse, and what it takes to get good messages out of it.
 *
 * libconfuse gives its error function no pointer of the caller's, so the first
 * option of every section is a hidden one that nobody can write and that holds
 * the pointer. It also counts comment lines more than once: comments are
 * blanked out before it sees them.
 */
#include "src/config_file.h"

#include "src/text.h"

#include <confuse.h>
#include <stdlib.h>

struct reading {
    const char *path;
    const struct cs_key_context *context;
    struct cs_error *err;
    bool failed; /* err holds the first failure */
};

#define HIDDEN_NAME ""

static struct reading *reading_of(cfg_t *cfg)
{
    return (struct reading *)(void *)cfg_getnopt(cfg, 0)->simple_value.ptr;
}

/* Put "path:line: " in front of a failure. */
static void note_place(struct reading *reading, int line)
{
    char hint[CS_ERROR_HINT_MAX];
    (void)snprintf(hint, sizeof(hint), "%s", reading->err->hint);
    (void)cs_error_prefix(reading->err, "%s:%d", reading->path, line);
    cs_error_hint(reading->err, "%s", hint);
    reading->failed = true;
}

static void hint_unknown_key(struct reading *reading, cfg_t *cfg,
                             const char *name)
{
    const struct cs_key *key = cs_key_find(name);
    const char *near = cs_key_suggest(name);
    if (key && key->scope == CS_SCOPE_SOURCE)
        cs_error_hint(
            reading->err,
            "it belongs into a source: source confluence { %s = ... }", name);
    else if (key && cfg_title(cfg))
        cs_error_hint(reading->err, "it belongs to the top of the file");
    else if (near)
        cs_error_hint(reading->err, "did you mean %s?", near);
    else
        cs_error_hint(reading->err, "cs help keys lists the keys");
}

__attribute__((format(printf, 2, 0))) static void on_error(cfg_t *cfg,
                                                           const char *fmt,
                                                           va_list args)
{
    static const char unknown[] = "no such option '";
    struct reading *reading = reading_of(cfg);
    if (reading->failed)
        return;
    char text[256];
    (void)vsnprintf(text, sizeof(text), fmt, args);
    if (strncmp(text, unknown, strlen(unknown)) == 0) {
        char *name = text + strlen(unknown);
        name[strcspn(name, "'")] = '\0';
        (void)cs_error_set(reading->err, CS_ERR_CONFIG, "unknown key \"%s\"",
                           name);
        hint_unknown_key(reading, cfg, name);
    } else {
        (void)cs_error_set(reading->err, CS_ERR_CONFIG, "%s", text);
        cs_error_hint(reading->err,
                      "put values with blanks, commas or signs into double "
                      "quotes");
    }
    note_place(reading, cfg->line);
}

/* Check a value where its line is still known; libconfuse keeps the word. */
static int check_value(cfg_t *cfg, cfg_opt_t *opt, const char *value,
                       void *result)
{
    struct reading *reading = reading_of(cfg);
    const struct cs_key *key = cs_key_find(cfg_opt_name(opt));
    union {
        struct cs_source_config source;
        struct cs_config_mirror mirror;
    } scratch = {0};
    const struct cs_key_words words = {&value, 1, true};
    if (cs_key_parse(key, &words, reading->context, &scratch, reading->err) !=
        CS_OK) {
        note_place(reading, cfg->line);
        return -1;
    }
    *(const char **)result = value;
    return 0;
}

static cfg_opt_t hidden_option(struct reading *reading)
{
    cfg_opt_t opt = CFG_PTR_CB(HIDDEN_NAME, NULL, CFGF_NONE, NULL, NULL);
    opt.simple_value.ptr = (void **)(void *)reading;
    return opt;
}

/* Fill `opts` (room for CS_KEY_COUNT + 3) with the keys that may stand at the
 * top of the file, or in a source. Returns how many. */
static size_t list_options(cfg_opt_t *opts, bool top, struct reading *reading)
{
    size_t n = 0;
    opts[n++] = hidden_option(reading);
    for (size_t i = 0; i < CS_KEY_COUNT; i++) {
        const struct cs_key *key = &cs_config_keys[i];
        cfg_opt_t one = CFG_STR_CB(key->name, NULL, CFGF_NONE, check_value);
        cfg_opt_t list =
            CFG_STR_LIST_CB(key->name, NULL, CFGF_NONE, check_value);
        if (key->scope != (top ? CS_SCOPE_SOURCE : CS_SCOPE_MIRROR))
            opts[n++] = cs_key_is_list(key) ? list : one;
    }
    return n;
}

/* Where a comment that starts at `at` ends, or `at` when none does; `fresh`
 * says that no word reaches up to here. `text` has a NUL behind its end. */
static size_t comment_end(const char *text, size_t len, size_t at, bool fresh)
{
    bool slash = fresh && text[at] == '/';
    size_t end = at;
    if (slash && text[at + 1] == '*') {
        const char *close = strstr(text + at + 2, "*/");
        return close ? (size_t)(close - text) + 2 : len;
    }
    if (text[at] == '#' || (slash && text[at + 1] == '/')) {
        while (end < len && text[end] != '\n')
            end++;
    }
    return end;
}

const char *cs_config_file_blank(char *text, size_t len, int *ret_line)
{
    char quote = '\0';
    bool fresh = true;
    int line = 1;
    for (size_t i = 0; i < len;) {
        size_t end = quote ? i : comment_end(text, len, i, fresh);
        if (end > i && !fresh) {
            *ret_line = line;
            return "'#' in the middle of a value";
        }
        bool comment = end > i;
        for (; i < end; i++) {
            line += text[i] == '\n';
            text[i] = text[i] == '\n' ? '\n' : ' ';
        }
        if (comment)
            continue; /* another one may follow */
        char c = text[i++];
        if (quote && c == '\\' && i < len)
            c = text[i++];
        else if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? '\0' : c;
            *ret_line = line;
        }
        line += c == '\n';
        fresh = cs_ascii_is_space(c) || strchr("={}(),+\"'", c) != NULL;
    }
    return quote ? "a quote that is never closed" : NULL;
}

static enum cs_status take_words(cfg_opt_t *opt, struct cs_arena *arena,
                                 struct cs_key_words *ret, struct cs_error *err)
{
    unsigned n = cfg_opt_size(opt);
    const char **words = cs_arena_array(arena, (size_t)n + 1, sizeof(*words));
    size_t kept = 0;
    for (unsigned i = 0; words && i < n; i++) {
        const char *word = cfg_opt_getnstr(opt, i);
        if (word)
            words[kept++] = cs_arena_strdup(arena, word);
    }
    ret->words = words;
    ret->n = kept;
    ret->set = kept > 0;
    return cs_arena_status(arena, err);
}

static enum cs_status take_section(cfg_t *cfg, struct cs_arena *arena,
                                   struct cs_config_section *ret,
                                   struct cs_error *err)
{
    ret->title = cs_arena_strdup(arena, cfg_title(cfg));
    for (size_t i = 0; i < CS_KEY_COUNT; i++) {
        cfg_opt_t *opt = cfg_getopt(cfg, cs_config_keys[i].name);
        if (opt && take_words(opt, arena, &ret->keys[i], err) != CS_OK)
            return err ? err->status : CS_ERR_NO_MEMORY;
    }
    return cs_arena_status(arena, err);
}

static enum cs_status take_file(cfg_t *cfg, struct reading *reading,
                                struct cs_config_file *ret,
                                struct cs_error *err)
{
    struct cs_arena *arena = reading->context->arena;
    unsigned n = cfg_size(cfg, "source");
    if (n > CS_CONFIG_SOURCES_MAX)
        return cs_error_set(err, CS_ERR_CONFIG, "%s: more than %d sources",
                            reading->path, CS_CONFIG_SOURCES_MAX);
    struct cs_config_file file = {.n_sources = n};
    file.sources = cs_arena_array(arena, (size_t)n + 1, sizeof(*file.sources));
    if (!file.sources)
        return cs_arena_status(arena, err);
    enum cs_status status = take_section(cfg, arena, &file.top, err);
    for (unsigned i = 0; status == CS_OK && i < n; i++)
        status = take_section(cfg_getnsec(cfg, "source", i), arena,
                              &file.sources[i], err);
    if (status == CS_OK)
        *ret = file;
    return status;
}

CS_DEFINE_CLEANUP(cfg_t *, cfg_cleanup, (void)cfg_free);

static void file_cleanup(FILE **file)
{
    if (*file)
        (void)fclose(*file);
}

static enum cs_status run_parser(struct reading *reading, char *text,
                                 size_t len, struct cs_config_file *ret)
{
    cfg_opt_t in_source[CS_KEY_COUNT + 3], at_top[CS_KEY_COUNT + 3];
    const cfg_opt_t end = CFG_END();
    in_source[list_options(in_source, false, reading)] = end;
    size_t n = list_options(at_top, true, reading);
    cfg_opt_t section = CFG_SEC("source", in_source,
                                CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
    at_top[n++] = section;
    at_top[n] = end;

    cfg_t *cfg CS_CLEANUP(cfg_cleanup) = cfg_init(at_top, CFGF_NONE);
    FILE *file CS_CLEANUP(file_cleanup) = fmemopen(text, len, "r");
    if (!cfg || !file)
        return cs_error_no_memory(reading->err);
    cfg->filename = strdup(reading->path);
    (void)cfg_set_error_function(cfg, on_error);
    if (cfg_parse_fp(cfg, file) != CFG_SUCCESS || reading->failed) {
        if (!reading->failed)
            (void)cs_error_set(reading->err, CS_ERR_CONFIG,
                               "%s: cannot be read as a configuration",
                               reading->path);
        return reading->err->status;
    }
    return take_file(cfg, reading, ret, reading->err);
}

enum cs_status cs_config_file_parse(const char *path, const char *text,
                                    size_t len,
                                    const struct cs_key_context *context,
                                    struct cs_config_file *ret,
                                    struct cs_error *err)
{
    struct cs_error local = CS_ERROR_INIT;
    struct reading reading = {path, context, err ? err : &local, false};
    int line = 1;
    *ret = (struct cs_config_file){0};
    if (len == 0)
        return CS_OK;
    if (memchr(text, '\0', len))
        return cs_error_set(err, CS_ERR_CONFIG, "%s: not a text file", path);
    char *copy = cs_arena_strndup(context->arena, text, len);
    if (!copy)
        return cs_arena_status(context->arena, err);
    const char *wrong = cs_config_file_blank(copy, len, &line);
    if (wrong) {
        (void)cs_error_set(err, CS_ERR_CONFIG, "%s:%d: %s", path, line, wrong);
        cs_error_hint(err, "put the value into double quotes");
        return CS_ERR_CONFIG;
    }
    enum cs_status status = run_parser(&reading, copy, len, ret);
    explicit_bzero(copy, len);
    return status;
}

bool cs_config_file_has_secret(const struct cs_config_file *file)
{
    for (size_t i = 0; i < CS_KEY_COUNT; i++) {
        if (!cs_config_keys[i].secret)
            continue;
        for (size_t j = 0; j < file->n_sources; j++) {
            if (file->sources[j].keys[i].n > 0)
                return true;
        }
    }
    return false;
}
