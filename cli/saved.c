/*
 * saved.c - the tree of cJSON is what is in memory, too.
 *
 * Writers lock the folder, so that two runs that end at once both leave their
 * marks.
 */
#include "cli/saved.h"

#include "cli/state.h"
#include "src/file.h"
#include "src/json.h"
#include "src/path.h"
#include "src/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define SCHEMA   "cs.searches/1"
#define FILE_MAX ((size_t)1 << 20)

struct cs_saved {
    cJSON *root, *list;
    struct cs_strbuf path;
    int lock; /* the folder, or -1 */
    bool failed;
};

static const char *const modes[] = {
    [CS_SEARCH_QUERY] = "query",
    [CS_SEARCH_LITERAL] = "literal",
    [CS_SEARCH_REGEX] = "regex",
};

void cs_saved_close(struct cs_saved *saved)
{
    if (!saved)
        return;
    if (saved->lock >= 0)
        (void)close(saved->lock);
    cJSON_Delete(saved->root);
    cs_strbuf_clear(&saved->path);
    free(saved);
}

static enum cs_status lock_folder(struct cs_saved *saved, struct cs_error *err)
{
    char *slash = strrchr(saved->path.data, '/');
    *slash = '\0';
    enum cs_status status = cs_file_make_dirs(saved->path.data, err);
    if (!status)
        saved->lock =
            open(saved->path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!status && (saved->lock < 0 || flock(saved->lock, LOCK_EX) != 0))
        status = cs_error_errno(err, errno, "%s", saved->path.data);
    *slash = '/';
    return status;
}

static enum cs_status make_empty(struct cs_saved *saved, struct cs_error *err)
{
    saved->root = cJSON_CreateObject();
    bool made = saved->root &&
                cJSON_AddStringToObject(saved->root, "schema", SCHEMA) &&
                cJSON_AddArrayToObject(saved->root, "searches");
    return made ? CS_OK : cs_error_no_memory(err);
}

static enum cs_status load(struct cs_saved *saved, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(FILE_MAX);
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_file_read(saved->path.data, &text, &why);
    if (status == CS_ERR_NOT_FOUND)
        status = make_empty(saved, &why);
    else if (!status)
        status = cs_json_parse(text.data, text.len, &saved->root, &why);
    saved->list = cJSON_GetObjectItemCaseSensitive(saved->root, "searches");
    if (!status && !cJSON_IsArray(saved->list))
        status = cs_error_set(&why, CS_ERR_PARSE, "there are no searches");
    if (!status)
        return CS_OK;
    (void)cs_error_set(err, status, "%s: %s", saved->path.data, why.message);
    if (status == CS_ERR_PARSE)
        cs_error_hint(err, "mend it, or remove it");
    return status;
}

enum cs_status cs_saved_open(bool change, struct cs_saved **ret,
                             struct cs_error *err)
{
    struct cs_saved *saved = calloc(1, sizeof(*saved));
    if (!saved)
        return cs_error_no_memory(err);
    saved->lock = -1;
    cs_strbuf_init(&saved->path, 2 * CS_PATH_MAX);
    enum cs_status status = cs_state_path("searches", &saved->path, err);
    if (!status && change)
        status = lock_folder(saved, err);
    if (!status)
        status = load(saved, err);
    if (status)
        cs_saved_close(saved);
    else
        *ret = saved;
    return status;
}

static const char *text_of(const cJSON *item, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, name));
}

static cJSON *find(const struct cs_saved *saved, const char *name)
{
    cJSON *item;
    cJSON_ArrayForEach (item, saved->list) {
        const char *other = text_of(item, "name");
        if (other && cs_str_equal(other, name))
            return item;
    }
    return NULL;
}

static void read_search(const cJSON *item, struct cs_saved_search *ret)
{
    const char *mode = text_of(item, "mode");
    *ret = (struct cs_saved_search){.name = text_of(item, "name"),
                                    .query = text_of(item, "query"),
                                    .sort = text_of(item, "sort"),
                                    .since = text_of(item, "since")};
    for (size_t i = 0; mode && i < CS_ARRAY_LEN(modes); i++)
        if (cs_str_equal(modes[i], mode))
            ret->mode = (enum cs_search_mode)i;
    const struct cs_search_filter *row = cs_search_filter_rows;
    for (; row->option; row++) {
        struct cs_option_list *list = cs_search_filter_list(&ret->filters, row);
        const cJSON *value;
        cJSON_ArrayForEach (
            value, cJSON_GetObjectItemCaseSensitive(item, row->member)) {
            const char *text = cJSON_GetStringValue(value);
            if (text && list->n < CS_OPTION_LIST_MAX)
                list->items[list->n++] = text;
        }
    }
    ret->name = ret->name ? ret->name : "";
    ret->query = ret->query ? ret->query : "";
}

size_t cs_saved_count(const struct cs_saved *saved)
{
    return (size_t)cJSON_GetArraySize(saved->list);
}

void cs_saved_at(const struct cs_saved *saved, size_t i,
                 struct cs_saved_search *ret)
{
    read_search(cJSON_GetArrayItem(saved->list, (int)i), ret);
}

bool cs_saved_find(const struct cs_saved *saved, const char *name,
                   struct cs_saved_search *ret)
{
    const cJSON *item = find(saved, name);
    if (item)
        read_search(item, ret);
    return item != NULL;
}

static bool is_name(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++)
        if (!cs_ascii_is_alnum(name[i]) && !strchr("-_.", name[i]))
            return false;
    return len > 0 && len <= CS_SAVED_NAME_MAX;
}

static cJSON *add_text(struct cs_saved *saved, cJSON *item, const char *name,
                       const char *text)
{
    cJSON *added = text ? cJSON_AddStringToObject(item, name, text) : NULL;
    saved->failed = saved->failed || (text && !added);
    return added;
}

enum cs_status cs_saved_put(struct cs_saved *saved,
                            const struct cs_saved_search *search,
                            struct cs_error *err)
{
    if (!is_name(search->name)) {
        (void)cs_error_set(err, CS_ERR_USAGE, "\"%.80s\" is no name",
                           search->name);
        cs_error_hint(err, "use letters, digits, '-', '_' and '.'");
        return CS_ERR_USAGE;
    }
    (void)cs_saved_forget(saved, search->name);
    cJSON *item = cJSON_CreateObject();
    if (!cJSON_AddItemToArray(saved->list, item)) {
        cJSON_Delete(item);
        return cs_error_no_memory(err);
    }
    (void)add_text(saved, item, "name", search->name);
    (void)add_text(saved, item, "query", search->query);
    (void)add_text(saved, item, "mode", modes[search->mode]);
    (void)add_text(saved, item, "sort", search->sort);
    (void)add_text(saved, item, "since", search->since);
    const struct cs_search_filter *row = cs_search_filter_rows;
    for (; row->option; row++) {
        const struct cs_option_list *list =
            cs_search_filter_items(&search->filters, row);
        cJSON *array = cJSON_CreateStringArray(list->items, (int)list->n);
        if (!cJSON_AddItemToObject(item, row->member, array)) {
            cJSON_Delete(array);
            saved->failed = true;
        }
    }
    return saved->failed ? cs_error_no_memory(err) : CS_OK;
}

bool cs_saved_forget(struct cs_saved *saved, const char *name)
{
    cJSON *item = find(saved, name);
    if (item)
        cJSON_Delete(cJSON_DetachItemViaPointer(saved->list, item));
    return item != NULL;
}

int64_t cs_saved_mark(const struct cs_saved *saved, const char *name,
                      const char *root)
{
    const cJSON *seen =
        cJSON_GetObjectItemCaseSensitive(find(saved, name), "seen");
    const cJSON *mark = cJSON_GetObjectItemCaseSensitive(seen, root);
    return cJSON_IsNumber(mark) && mark->valuedouble > 0
               ? (int64_t)mark->valuedouble
               : 0;
}

void cs_saved_set_mark(struct cs_saved *saved, const char *name,
                       const char *root, int64_t generation)
{
    cJSON *item = find(saved, name);
    cJSON *seen = cJSON_GetObjectItemCaseSensitive(item, "seen");
    if (!item)
        return;
    if (!seen)
        seen = cJSON_AddObjectToObject(item, "seen");
    cJSON_DeleteItemFromObjectCaseSensitive(seen, root);
    if (!cJSON_AddNumberToObject(seen, root, (double)generation))
        saved->failed = true;
}

enum cs_status cs_saved_commit(struct cs_saved *saved, struct cs_error *err)
{
    char *text = saved->failed ? NULL : cJSON_Print(saved->root);
    if (!text)
        return cs_error_no_memory(err);
    enum cs_status status =
        cs_file_write(saved->path.data, text, strlen(text), err);
    cJSON_free(text);
    return status;
}
