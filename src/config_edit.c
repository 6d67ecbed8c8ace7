/*
 * config_edit.c - one setting changed in a text, and the proof that it was one.
 */
#include "src/config_edit.h"

#include "src/config_change.h"
#include "src/config_file.h"
#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_MAX  ((size_t)16 << 20)
#define FIRST_LINE "# Configuration of cs; cs help keys describes it.\n\n"

struct cs_config_edit {
    char *path;
    bool exists;
    bool sound; /* the text can be read as a configuration */
    struct cs_strbuf old, text;
};

/* Read the text as cs_config_load() would. */
static enum cs_status parse(const struct cs_config_edit *edit,
                            const struct cs_strbuf *text,
                            struct cs_arena *arena, struct cs_config_file *ret,
                            struct cs_error *err)
{
    const char *home = getenv("HOME");
    const struct cs_key_context context = {
        arena, home && home[0] == '/' ? home : "/",
        cs_arena_strndup(arena, edit->path, cs_path_dirname_len(edit->path))};
    enum cs_status status = cs_arena_status(arena, err);
    return status == CS_OK ? cs_config_file_parse(edit->path, text->data,
                                                  text->len, &context, ret, err)
                           : status;
}

/* Wipe the words of secrets, which the arena would leave behind. */
static void wipe_words(const struct cs_config_file *file)
{
    for (size_t i = 0; i < file->n_sources; i++)
        for (size_t k = 0; k < CS_KEY_COUNT; k++)
            for (size_t w = 0;
                 cs_config_keys[k].secret && w < file->sources[i].keys[k].n;
                 w++)
                cs_str_wipe(file->sources[i].keys[k].words[w]);
}

static enum cs_status read_old(struct cs_config_edit *edit,
                               struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    char *real = realpath(edit->path, NULL);
    if (real) {
        free(edit->path);
        edit->path = real;
    }
    enum cs_status status = cs_file_read(edit->path, &edit->old, &why);
    edit->exists = status == CS_OK;
    if (status == CS_ERR_NOT_FOUND)
        cs_strbuf_puts(&edit->old, FIRST_LINE);
    else if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    else if (status != CS_OK)
        return cs_error_set(err, CS_ERR_CONFIG, "%s", why.message);
    cs_strbuf_put(&edit->text, edit->old.data, edit->old.len);
    return cs_strbuf_status(&edit->text, err);
}

enum cs_status cs_config_edit_open(const char *path,
                                   struct cs_config_edit **ret,
                                   struct cs_error *err)
{
    struct cs_config_edit *edit CS_CLEANUP(cs_config_edit_cleanup) =
        calloc(1, sizeof(*edit));
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new(ARENA_MAX);
    struct cs_config_layout layout;
    struct cs_config_file file = {0};
    if (!edit || !arena)
        return cs_error_no_memory(err);
    cs_strbuf_init(&edit->old, CS_CONFIG_FILE_MAX);
    cs_strbuf_init(&edit->text, CS_CONFIG_FILE_MAX);
    edit->path = strdup(path);
    if (!edit->path)
        return cs_error_no_memory(err);
    enum cs_status status = read_old(edit, err);
    if (status == CS_OK)
        status = cs_config_layout_find(edit->path, edit->text.data,
                                       edit->text.len, arena, &layout, err);
    if (status != CS_OK)
        return status;
    struct cs_error why = CS_ERROR_INIT;
    status = parse(edit, &edit->text, arena, &file, &why);
    wipe_words(&file);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    edit->sound = status == CS_OK;
    *ret = edit;
    edit = NULL;
    return CS_OK;
}

void cs_config_edit_free(struct cs_config_edit *edit)
{
    if (!edit)
        return;
    cs_config_wipe(&edit->old);
    cs_config_wipe(&edit->text);
    free(edit->path);
    free(edit);
}

static bool same_words(const struct cs_key_words *a,
                       const struct cs_key_words *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!cs_str_equal(a->words[i], b->words[i]))
            return false;
    return true;
}

static const struct cs_config_section *find_section(
    const struct cs_config_file *file, const char *source)
{
    static const struct cs_config_section none = {0};
    if (!source)
        return &file->top;
    for (size_t i = 0; i < file->n_sources; i++)
        if (cs_str_equal(file->sources[i].title, source))
            return &file->sources[i];
    return &none;
}

/* Every key of both texts says the same, but for one. */
static bool same_but(const struct cs_config_file *was,
                     const struct cs_config_file *is, const char *source,
                     size_t key)
{
    for (size_t i = 0; i <= was->n_sources + is->n_sources; i++) {
        const char *name = i == 0 ? NULL
                           : i <= was->n_sources
                               ? was->sources[i - 1].title
                               : is->sources[i - 1 - was->n_sources].title;
        const struct cs_config_section *a = find_section(was, name);
        const struct cs_config_section *b = find_section(is, name);
        for (size_t k = 0; k < CS_KEY_COUNT; k++)
            if (!same_words(&a->keys[k], &b->keys[k]) &&
                !(k == key && cs_str_equal(name, source)))
                return false;
    }
    return true;
}

/* Read both texts: what was to change did, and nothing else. `want` is NULL
 * when the key, which may be unknown, was to go. */
static enum cs_status prove(const struct cs_config_edit *edit,
                            const struct cs_strbuf *text, const char *source,
                            const char *name, const struct cs_key_words *want,
                            struct cs_arena *arena, struct cs_error *err)
{
    static const struct cs_key_words nothing = {0};
    struct cs_config_file was = {0}, is = {0};
    const struct cs_key *key = cs_key_find(name);
    size_t id = key ? (size_t)(key - cs_config_keys) : CS_KEY_COUNT;
    enum cs_status status = parse(edit, &edit->text, arena, &was, err);
    if (status == CS_OK)
        status = parse(edit, text, arena, &is, err);
    bool fine = status == CS_OK && same_but(&was, &is, source, id);
    if (fine && key)
        fine = same_words(&find_section(&is, source)->keys[id],
                          want ? want : &nothing);
    wipe_words(&was);
    wipe_words(&is);
    if (status == CS_ERR_NO_MEMORY || fine)
        return status;
    (void)cs_error_set(err, CS_ERR_CONFIG,
                       "%s: %s cannot be changed by a program", edit->path,
                       name);
    cs_error_hint(err, "change it with an editor");
    return CS_ERR_CONFIG;
}

/* Take over a changed text. */
static enum cs_status adopt(struct cs_config_edit *edit, struct cs_strbuf *text,
                            const char *source, const char *key,
                            const struct cs_key_words *want,
                            struct cs_arena *arena, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    struct cs_config_file file = {0};
    enum cs_status status = cs_strbuf_status(text, err);
    if (status == CS_OK && edit->sound)
        status = prove(edit, text, source, key, want, arena, err);
    if (status != CS_OK)
        return status;
    struct cs_strbuf old = edit->text;
    edit->text = *text;
    *text = old;
    if (!edit->sound) {
        edit->sound = parse(edit, &edit->text, arena, &file, &why) == CS_OK;
        wipe_words(&file);
    }
    return CS_OK;
}

static enum cs_status refuse_key(const char *name, const char *source,
                                 const struct cs_key *key, struct cs_error *err)
{
    const char *near = cs_key_suggest(name);
    (void)cs_error_set(err, CS_ERR_CONFIG, "%s \"%.80s\"%s",
                       key ? "key" : "unknown key", name,
                       !key     ? ""
                       : source ? " is for the whole mirror"
                                : " belongs to a source");
    if (key && source)
        cs_error_hint(err, "leave out \"%.80s\"", source);
    else if (key)
        cs_error_hint(err, "such as confluence.%s", name);
    else if (near)
        cs_error_hint(err, "did you mean %s?", near);
    else
        cs_error_hint(err, "cs help keys lists the keys");
    return CS_ERR_CONFIG;
}

/* The key, if it may stand there and may have this value. */
static enum cs_status check(const struct cs_config_edit *edit,
                            const char *source, const char *name,
                            const struct cs_key_words *words,
                            struct cs_arena *arena, const struct cs_key **ret,
                            struct cs_error *err)
{
    union {
        struct cs_source_config source;
        struct cs_config_mirror mirror;
    } scratch = {0};
    const struct cs_key *key = cs_key_find(name);
    const char *home = getenv("HOME");
    const struct cs_key_context context = {
        arena, home && home[0] == '/' ? home : "/",
        cs_arena_strndup(arena, edit->path, cs_path_dirname_len(edit->path))};
    if (!key || key->scope == (source ? CS_SCOPE_MIRROR : CS_SCOPE_SOURCE))
        return refuse_key(name, source, key, err);
    if (words->n == 0 || (words->n > 1 && !cs_key_is_list(key)))
        return cs_error_set(err, CS_ERR_CONFIG, "%s takes one value", name);
    enum cs_status status = source ? cs_source_name_check(source, err) : CS_OK;
    if (status == CS_OK)
        status = cs_key_parse(key, words, &context, &scratch, err);
    *ret = key;
    return status;
}

enum cs_status cs_config_edit_set(struct cs_config_edit *edit,
                                  const char *source, const char *key,
                                  const char *const *words, size_t n,
                                  struct cs_error *err)
{
    const char *empty = "";
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new(ARENA_MAX);
    struct cs_strbuf text CS_CLEANUP(cs_config_wipe) =
        CS_STRBUF_INIT(CS_CONFIG_FILE_MAX);
    const struct cs_key *row = NULL;
    struct cs_config_layout layout;
    if (!arena)
        return cs_error_no_memory(err);
    const char **copy = cs_arena_array(arena, n + 1, sizeof(*copy));
    if (!copy)
        return cs_arena_status(arena, err);
    for (size_t i = 0; i < n; i++)
        copy[i] = words[i];
    const struct cs_key *known = cs_key_find(key);
    /* A list without any word would count as not set. */
    bool none = n == 0 && known && cs_key_is_list(known);
    const struct cs_key_words want = {none ? &empty : copy, none ? 1 : n, true};
    enum cs_status status = check(edit, source, key, &want, arena, &row, err);
    if (status == CS_OK)
        status = cs_config_layout_find(edit->path, edit->text.data,
                                       edit->text.len, arena, &layout, err);
    if (status != CS_OK)
        return status;
    cs_strbuf_put(&text, edit->text.data, edit->text.len);
    cs_config_change_set(&text, &layout, source, row, &want);
    return adopt(edit, &text, source, key, &want, arena, err);
}

enum cs_status cs_config_edit_set_text(struct cs_config_edit *edit,
                                       const char *source, const char *key,
                                       const char *text, struct cs_error *err)
{
    const struct cs_key *row = cs_key_find(key);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new(ARENA_MAX);
    struct cs_key_words words = {&text, 1, true};
    enum cs_status status = CS_OK;
    if (!arena)
        return cs_error_no_memory(err);
    if (row && cs_key_is_list(row))
        status = cs_key_split(text, arena, &words, err);
    return status == CS_OK ? cs_config_edit_set(edit, source, key, words.words,
                                                words.n, err)
                           : status;
}

enum cs_status cs_config_edit_unset(struct cs_config_edit *edit,
                                    const char *source, const char *key,
                                    bool *ret_found, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new(ARENA_MAX);
    struct cs_strbuf text CS_CLEANUP(cs_config_wipe) =
        CS_STRBUF_INIT(CS_CONFIG_FILE_MAX);
    struct cs_config_layout layout = {0};
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = cs_config_layout_find(
        edit->path, edit->text.data, edit->text.len, arena, &layout, err);
    if (status != CS_OK)
        return status;
    cs_strbuf_put(&text, edit->text.data, edit->text.len);
    bool found = cs_config_change_unset(&text, &layout, source, key);
    status = adopt(edit, &text, source, key, NULL, arena, err);
    if (status == CS_OK && ret_found)
        *ret_found = found;
    return status;
}

const char *cs_config_edit_text(const struct cs_config_edit *edit)
{
    return edit->text.data;
}

bool cs_config_edit_changed(const struct cs_config_edit *edit)
{
    return edit->text.len != edit->old.len ||
           memcmp(edit->text.data, edit->old.data, edit->old.len) != 0;
}

/* Two programs that edit at the same time: the second must not undo what the
 * first wrote. */
static enum cs_status check_untouched(const struct cs_config_edit *edit,
                                      struct cs_error *err)
{
    struct cs_strbuf now CS_CLEANUP(cs_config_wipe) =
        CS_STRBUF_INIT(CS_CONFIG_FILE_MAX);
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_file_read(edit->path, &now, &why);
    if (edit->exists ? status == CS_OK && now.len == edit->old.len &&
                           memcmp(now.data, edit->old.data, now.len) == 0
                     : status == CS_ERR_NOT_FOUND)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG, "%s was changed by somebody else",
                       edit->path);
    cs_error_hint(err, "run it again");
    return CS_ERR_CONFIG;
}

enum cs_status cs_config_edit_save(struct cs_config_edit *edit,
                                   struct cs_error *err)
{
    if (!cs_config_edit_changed(edit)) {
        if (edit->exists && chmod(edit->path, 0600) != 0)
            return cs_error_errno(err, errno, "%s", edit->path);
        return CS_OK;
    }
    enum cs_status status = cs_file_make_dirs_of(edit->path, err);
    if (status == CS_OK)
        status = check_untouched(edit, err);
    if (status == CS_OK)
        status =
            cs_file_write(edit->path, edit->text.data, edit->text.len, err);
    if (status != CS_OK)
        return status;
    cs_config_wipe(&edit->old);
    cs_strbuf_put(&edit->old, edit->text.data, edit->text.len);
    edit->exists = true;
    return cs_strbuf_status(&edit->old, err);
}
