/*
 * layout.c - a set of folded names, filled in the order of age.
 */
#include "index/store/layout.h"

#include "src/hash.h"
#include "src/path.h"
#include "src/text.h"

#include <stdlib.h>

/* Open addressing over hashes of folded names; a power of two in size. */
struct name_set {
    struct cs_hash *slots;
    bool *used;
    size_t mask;
};

static const struct cs_hash *find_slot(const struct name_set *set,
                                       const struct cs_hash *hash, size_t *at)
{
    uint64_t start;
    memcpy(&start, hash->bytes, sizeof(start));
    for (*at = (size_t)start & set->mask; set->used[*at];
         *at = (*at + 1) & set->mask)
        if (cs_hash_equal(&set->slots[*at], hash))
            return &set->slots[*at];
    return NULL;
}

static bool set_init(struct name_set *set, struct cs_arena *arena, size_t n)
{
    size_t size = 16;
    while (size < n * 8) /* three names an entry, and room */
        size *= 2;
    set->mask = size - 1;
    set->slots = cs_arena_array(arena, size, sizeof(*set->slots));
    set->used = cs_arena_array(arena, size, sizeof(*set->used));
    return set->slots && set->used;
}

static struct cs_hash folded_hash(struct cs_strbuf *scratch, const char *stem,
                                  const char *ending)
{
    cs_strbuf_reset(scratch);
    cs_text_put_folded(scratch, stem, strlen(stem));
    cs_strbuf_puts(scratch, ending);
    return cs_hash_of(scratch->data, scratch->len);
}

static const char *const endings[] = {"", ".md", ".assets"};

static size_t n_endings(bool has_file)
{
    return has_file ? CS_ARRAY_LEN(endings) : 1;
}

static bool is_free(const struct name_set *set, struct cs_strbuf *scratch,
                    const char *stem, bool has_file)
{
    size_t at;
    for (size_t i = 0; i < n_endings(has_file); i++) {
        struct cs_hash hash = folded_hash(scratch, stem, endings[i]);
        if (find_slot(set, &hash, &at))
            return false;
    }
    return true;
}

static void take(struct name_set *set, struct cs_strbuf *scratch,
                 const char *stem, bool has_file)
{
    size_t at;
    for (size_t i = 0; i < n_endings(has_file); i++) {
        struct cs_hash hash = folded_hash(scratch, stem, endings[i]);
        if (find_slot(set, &hash, &at))
            continue;
        set->slots[at] = hash;
        set->used[at] = true;
    }
}

/* "*.assets" is kept for attachments wherever it stands. */
static bool is_reserved(struct cs_strbuf *scratch, const char *stem)
{
    cs_strbuf_reset(scratch);
    cs_text_put_folded(scratch, stem, strlen(stem));
    return cs_str_ends(scratch->data, ".assets");
}

static const char *make_stem(struct cs_arena *arena, const char *title,
                             const char *suffix)
{
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_path_put_name(&name, title, CS_NAME_MAX - strlen(suffix));
    cs_strbuf_puts(&name, suffix);
    return name.status ? NULL : cs_arena_strdup(arena, name.data);
}

/* " (<id>)", with an id that is fit for a file name and short. */
static const char *make_suffix(struct cs_arena *arena, const char *id)
{
    struct cs_strbuf clean CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_path_put_name(&clean, id, 64);
    return clean.status ? NULL : cs_arena_printf(arena, " (%s)", clean.data);
}

static const char *choose(struct cs_arena *arena, struct name_set *set,
                          struct cs_strbuf *scratch,
                          const struct cs_layout_entry *entry)
{
    const char *stem = make_stem(arena, entry->title, "");
    if (!stem)
        return NULL;
    if (!entry->suffixed && !is_reserved(scratch, stem) &&
        is_free(set, scratch, stem, entry->has_file))
        return stem;
    const char *suffix = make_suffix(arena, entry->id);
    const char *more = suffix;
    for (;;) { /* ends: each round the suffix is longer */
        stem = suffix ? make_stem(arena, entry->title, suffix) : NULL;
        if (!stem || strlen(suffix) > CS_NAME_MAX / 2 ||
            is_free(set, scratch, stem, entry->has_file))
            return stem;
        suffix = cs_arena_printf(arena, "%s%s", suffix, more);
    }
}

int cs_layout_compare_ids(const char *a, const char *b)
{
    size_t digits_a = strspn(a, "0123456789"),
           digits_b = strspn(b, "0123456789");
    bool numbers = !a[digits_a] && !b[digits_b];
    if (numbers && digits_a != digits_b)
        return digits_a < digits_b ? -1 : 1;
    return strcmp(a, b);
}

static int compare_age(const void *a, const void *b)
{
    const struct cs_layout_entry *x = *(struct cs_layout_entry *const *)a;
    const struct cs_layout_entry *y = *(struct cs_layout_entry *const *)b;
    if (x->created != y->created)
        return x->created < y->created ? -1 : 1;
    return cs_layout_compare_ids(x->id, y->id);
}

enum cs_status cs_layout_names(struct cs_arena *arena,
                               struct cs_layout_entry *entries, size_t n,
                               bool at_top, struct cs_error *err)
{
    static const char *const reserved[] = {"blog", "archived", ".stage"};
    struct cs_strbuf scratch CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct name_set set;
    struct cs_layout_entry **order = cs_arena_array(arena, n, sizeof(*order));
    if (!order || !set_init(&set, arena, n + CS_ARRAY_LEN(reserved)))
        return cs_arena_status(arena, err);
    for (size_t i = 0; at_top && i < CS_ARRAY_LEN(reserved); i++)
        take(&set, &scratch, reserved[i], false);
    for (size_t i = 0; i < n; i++)
        order[i] = &entries[i];
    qsort(order, n, sizeof(*order), compare_age);
    for (size_t i = 0; i < n; i++) {
        order[i]->stem = choose(arena, &set, &scratch, order[i]);
        if (!order[i]->stem)
            return cs_error_no_memory(err);
        take(&set, &scratch, order[i]->stem, order[i]->has_file);
    }
    return cs_strbuf_status(&scratch, err);
}

/* An ending of a file's name is at most this long, with its dot. */
enum { ENDING_MAX = 16 };

/* ".png" of "net.png"; "" of a name that has none. */
static const char *find_ending(const char *name)
{
    const char *dot = strrchr(name, '.');
    if (!dot || !dot[1] || strlen(dot) > ENDING_MAX)
        return "";
    for (const char *p = dot + 1; *p; p++)
        if (!cs_ascii_is_alnum(*p))
            return "";
    return dot;
}

/* The name of a file with `suffix` before its ending. */
static const char *make_leaf(struct cs_arena *arena, const char *name,
                             const char *suffix)
{
    struct cs_strbuf clean CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_strbuf leaf CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_path_put_name(&clean, name, CS_PATH_MAX / 2);
    if (clean.status)
        return NULL;
    const char *ending = find_ending(clean.data);
    const char *stem =
        cs_arena_strndup(arena, clean.data, clean.len - strlen(ending));
    if (!stem)
        return NULL;
    cs_path_put_name(&leaf, stem,
                     CS_NAME_MAX - strlen(ending) - strlen(suffix));
    cs_strbuf_printf(&leaf, "%s%s", suffix, ending);
    return leaf.status ? NULL : cs_arena_strdup(arena, leaf.data);
}

static const char *choose_leaf(struct cs_arena *arena, struct name_set *set,
                               struct cs_strbuf *scratch,
                               const struct cs_layout_file *file)
{
    const char *leaf = make_leaf(arena, file->name, "");
    if (!leaf || (!file->suffixed && is_free(set, scratch, leaf, false)))
        return leaf;
    const char *suffix = make_suffix(arena, file->id);
    const char *more = suffix;
    for (;;) { /* ends: each round the suffix is longer */
        leaf = suffix ? make_leaf(arena, file->name, suffix) : NULL;
        if (!leaf || strlen(suffix) > CS_NAME_MAX / 2 ||
            is_free(set, scratch, leaf, false))
            return leaf;
        suffix = cs_arena_printf(arena, "%s%s", suffix, more);
    }
}

static int compare_files(const void *a, const void *b)
{
    const struct cs_layout_file *x = *(struct cs_layout_file *const *)a;
    const struct cs_layout_file *y = *(struct cs_layout_file *const *)b;
    return cs_layout_compare_ids(x->id, y->id);
}

enum cs_status cs_layout_files(struct cs_arena *arena,
                               struct cs_layout_file *files, size_t n,
                               struct cs_error *err)
{
    struct cs_strbuf scratch CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct name_set set;
    struct cs_layout_file **order = cs_arena_array(arena, n, sizeof(*order));
    if (!order || !set_init(&set, arena, n))
        return cs_arena_status(arena, err);
    for (size_t i = 0; i < n; i++)
        order[i] = &files[i];
    qsort(order, n, sizeof(*order), compare_files);
    for (size_t i = 0; i < n; i++) {
        order[i]->leaf = choose_leaf(arena, &set, &scratch, order[i]);
        if (!order[i]->leaf)
            return cs_error_no_memory(err);
        take(&set, &scratch, order[i]->leaf, false);
    }
    return cs_strbuf_status(&scratch, err);
}
