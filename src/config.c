/*
 * config.c - file, environment and defaults made one.
 *
 * For each key of each source the first of these that is set wins: the
 * environment (default source only), the source's section, the top of the
 * file, the default. Key table: config_keys.c. Values: config_values.c. File:
 * config_file.c.
 */
#include "src/config.h"

#include "src/config_file.h"
#include "src/config_values.h"
#include "src/file.h"
#include "src/path.h"
#include "src/text.h"
#include "src/url.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)8 << 20)

struct cs_config {
    struct cs_arena *arena;
    const char *path;
    struct cs_config_mirror mirror;
    struct cs_source_config *sources;
    size_t n_sources;
    struct cs_config_entry *entries;
    size_t n_entries;
};

/* What a load works with. */
struct load {
    const struct cs_config_options *options;
    struct cs_config *config;
    struct cs_config_file file;
    const char *home, *cwd, *folder; /* folder: of the file */
};

static const char *variable(const struct cs_config_options *options,
                            const char *name)
{
    const char *value =
        options->getenv ? options->getenv(options->ctx, name) : getenv(name);
    return value;
}

/* The value of a variable, or NULL when it is not set or empty. */
static const char *filled_variable(const struct cs_config_options *options,
                                   const char *name)
{
    const char *value = name ? variable(options, name) : NULL;
    return value && value[0] != '\0' ? value : NULL;
}

static enum cs_status find_places(struct load *load, struct cs_error *err)
{
    struct cs_arena *arena = load->config->arena;
    const char *home = filled_variable(load->options, "HOME");
    const char *xdg = filled_variable(load->options, "XDG_CONFIG_HOME");
    char cwd[PATH_MAX];
    struct passwd *user = home ? NULL : getpwuid(getuid());
    if (user)
        home = user->pw_dir;
    if (!home || home[0] != '/') {
        (void)cs_error_set(err, CS_ERR_CONFIG, "no home folder is known");
        cs_error_hint(err, "set HOME");
        return CS_ERR_CONFIG;
    }
    if (!getcwd(cwd, sizeof(cwd)))
        (void)snprintf(cwd, sizeof(cwd), "%s", home);
    load->home = cs_arena_strdup(arena, home);
    load->cwd = cs_arena_strdup(arena, cwd);
    const char *path = load->options->file;
    if (!path && xdg && xdg[0] == '/')
        path = cs_arena_printf(arena, "%s/context-sync/config", xdg);
    else if (!path)
        path = cs_arena_printf(arena, "%s/.config/context-sync/config", home);
    else if (path[0] != '/')
        path = cs_arena_printf(arena, "%s/%s", cwd, path);
    load->config->path = cs_arena_strdup(arena, path);
    load->folder =
        path ? cs_arena_strndup(arena, path, cs_path_dirname_len(path)) : NULL;
    return cs_arena_status(arena, err);
}

/* A file that holds a token is for its owner alone. */
static enum cs_status check_mode(const struct load *load, struct cs_error *err)
{
    struct stat st;
    const char *path = load->config->path;
    if (!cs_config_file_has_secret(&load->file) || stat(path, &st) != 0 ||
        (st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG,
                       "%s holds a token and can be read by others (mode %03o)",
                       path, (unsigned)st.st_mode & 0777);
    cs_error_hint(err, "run: chmod 600 %s", path);
    return CS_ERR_CONFIG;
}

static enum cs_status read_file(struct load *load, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    struct cs_strbuf text;
    cs_strbuf_init(&text, CS_CONFIG_FILE_MAX);
    const struct cs_key_context context = {load->config->arena, load->home,
                                           load->folder};
    enum cs_status status = cs_file_read(load->config->path, &text, &why);
    if (status == CS_ERR_NOT_FOUND && !load->options->file)
        status = CS_OK;
    else if (status != CS_OK && status != CS_ERR_NO_MEMORY) {
        status = cs_error_set(err, CS_ERR_CONFIG, "%s", why.message);
        cs_error_hint(err, "make it readable, or name another with --config");
    } else if (status == CS_OK)
        status = cs_config_file_parse(load->config->path, text.data, text.len,
                                      &context, &load->file, err);
    else
        status = cs_error_no_memory(err);
    explicit_bzero(text.data, text.len);
    cs_strbuf_clear(&text);
    return status == CS_OK ? check_mode(load, err) : status;
}

/* Parse one text for a key: from the environment, the command line, or a
 * default. `from` names where it came from, NULL for a default. */
static enum cs_status apply_text(const struct load *load,
                                 const struct cs_key *key, const char *text,
                                 const char *from, void *record,
                                 struct cs_error *err)
{
    struct cs_key_words words = {&text, 1, true};
    const struct cs_key_context context = {load->config->arena, load->home,
                                           load->cwd};
    enum cs_status status = CS_OK;
    if (cs_key_is_list(key))
        status = cs_key_split(text, context.arena, &words, err);
    if (status == CS_OK)
        status = cs_key_parse(key, &words, &context, record, err);
    if (status == CS_ERR_CONFIG && from) {
        (void)cs_error_prefix(err, "%s", from);
        cs_error_hint(err, "see cs help keys");
    }
    return status;
}

/* Where the value of a key comes from: one text, or the file's words. */
struct choice {
    enum cs_config_origin origin;
    const char *text;
    const struct cs_key_words *words;
    bool inherited;
};

/* An empty variable counts as not set, but for the list of spaces, where it
 * means all of them. `source` is NULL for the mirror. */
static const char *find_variable(const struct load *load,
                                 const struct cs_key *key, const char *source)
{
    if (!key->env || (source && !cs_str_equal(source, CS_DEFAULT_SOURCE)))
        return NULL;
    return cs_key_is_list(key) ? variable(load->options, key->env)
                               : filled_variable(load->options, key->env);
}

static struct choice choose(const struct load *load, enum cs_key_id id,
                            const struct cs_config_section *section,
                            const char *source)
{
    const struct cs_key *key = &cs_config_keys[id];
    const struct cs_key_words *top = &load->file.top.keys[id];
    const char *root = id == CS_KEY_ROOT ? load->options->root : NULL;
    const char *text = find_variable(load, key, source);
    if (root)
        return (struct choice){CS_ORIGIN_OPTION, root, NULL, false};
    if (text)
        return (struct choice){CS_ORIGIN_ENVIRONMENT, text, NULL, false};
    if (section && section->keys[id].set)
        return (struct choice){CS_ORIGIN_FILE, NULL, &section->keys[id], false};
    if (top->set)
        return (struct choice){CS_ORIGIN_FILE, NULL, top, source != NULL};
    return (struct choice){CS_ORIGIN_DEFAULT, key->fallback, NULL, false};
}

/* A value as it would be written; paths as they were understood. */
static const char *show(struct cs_arena *arena, const struct cs_key *key,
                        const struct choice *choice, const void *record)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_CONFIG_FILE_MAX);
    if (key->type == &cs_key_path && record)
        return *(const char *const *)(const void *)((const char *)record +
                                                    key->offset);
    if (choice->text)
        return cs_arena_strdup(arena, choice->text);
    for (size_t i = 0; choice->words && i < choice->words->n; i++)
        cs_strbuf_printf(&text, "%s%s", i > 0 ? ", " : "",
                         choice->words->words[i]);
    return choice->words ? cs_arena_strdup(arena, text.data) : NULL;
}

/* Note what holds, for those who ask; a secret is not copied. */
static void note(const struct load *load, enum cs_key_id id, const char *source,
                 const struct choice *choice, const void *record)
{
    struct cs_config *config = load->config;
    const struct cs_key *key = &cs_config_keys[id];
    struct cs_config_entry *entry = &config->entries[config->n_entries++];
    *entry = (struct cs_config_entry){.source = source,
                                      .set = choice->text || choice->words,
                                      .inherited = choice->inherited,
                                      .origin = choice->origin};
    (void)cs_config_key_at((size_t)id, &entry->key);
    if (!key->secret)
        entry->value = show(config->arena, key, choice, record);
}

/* The default first: a value may leave a part of it standing. */
static enum cs_status merge_key(const struct load *load, enum cs_key_id id,
                                const struct cs_config_section *section,
                                const char *source, void *record,
                                struct cs_error *err)
{
    const struct cs_key *key = &cs_config_keys[id];
    struct choice choice = choose(load, id, section, source);
    const struct cs_key_context context = {load->config->arena, load->home,
                                           load->folder};
    enum cs_status status = CS_OK;
    if (key->fallback)
        status = apply_text(load, key, key->fallback, NULL, record, err);
    if (status == CS_OK && choice.words)
        status = cs_key_parse(key, choice.words, &context, record, err);
    else if (status == CS_OK && choice.origin != CS_ORIGIN_DEFAULT)
        status =
            apply_text(load, key, choice.text,
                       choice.origin == CS_ORIGIN_OPTION ? "--root" : key->env,
                       record, err);
    if (status == CS_OK)
        note(load, id, source, &choice, record);
    return status;
}

/* Keys of the mirror, and those that sources may inherit; index_dir lies in
 * the root unless it is set. */
static enum cs_status merge_mirror(struct load *load, struct cs_error *err)
{
    struct cs_config_mirror *mirror = &load->config->mirror;
    enum cs_status status = CS_OK;
    for (unsigned i = 0; status == CS_OK && i < CS_KEY_COUNT; i++) {
        enum cs_key_id id = (enum cs_key_id)i;
        if (cs_config_keys[i].scope == CS_SCOPE_MIRROR) {
            status = merge_key(load, id, NULL, NULL, mirror, err);
        } else if (cs_config_keys[i].scope == CS_SCOPE_BOTH) {
            struct choice choice = choose(load, id, NULL, NULL);
            note(load, id, NULL, &choice, NULL);
        }
    }
    if (status != CS_OK || mirror->index_dir)
        return status;
    mirror->index_dir =
        cs_arena_printf(load->config->arena, "%s/.cs", mirror->root);
    return cs_arena_status(load->config->arena, err);
}

/* A rate is for other people's servers. Only a host that may be such an address
 * is looked at closely: that takes libcurl. */
static bool is_loopback(const char *url)
{
    struct cs_origin origin;
    const char *host = url ? strstr(url, "://") : NULL;
    host = host ? host + 3 : url;
    return host &&
           (cs_ascii_is_digit(*host) || *host == '[' ||
            strncasecmp(host, "localhost", 9) == 0) &&
           cs_url_origin(url, &origin, NULL) == CS_OK &&
           cs_origin_is_loopback(&origin);
}

static enum cs_status merge_source(const struct load *load,
                                   const struct cs_config_section *section,
                                   const char *name,
                                   struct cs_source_config *source,
                                   struct cs_error *err)
{
    source->name = name;
    for (unsigned id = 0; id < CS_KEY_COUNT; id++) {
        if (cs_config_keys[id].scope == CS_SCOPE_MIRROR)
            continue;
        enum cs_status status =
            merge_key(load, (enum cs_key_id)id, section, name, source, err);
        if (status != CS_OK)
            return status;
    }
    bool rate_set = load->file.top.keys[CS_KEY_MAX_RPS].set ||
                    (section && section->keys[CS_KEY_MAX_RPS].set);
    if (!rate_set && is_loopback(source->base_url))
        source->max_rps = 0;
    if (!source->type)
        source->type = name;
    return CS_OK;
}

/* The environment alone makes the default source when it tells who or where. */
static bool environment_has_source(const struct load *load)
{
    static const enum cs_key_id ids[] = {CS_KEY_BASE_URL, CS_KEY_USERNAME,
                                         CS_KEY_API_TOKEN};
    for (size_t i = 0; i < CS_ARRAY_LEN(ids); i++) {
        if (filled_variable(load->options, cs_config_keys[ids[i]].env))
            return true;
    }
    return false;
}

static enum cs_status merge_sources(struct load *load, struct cs_error *err)
{
    struct cs_config *config = load->config;
    const struct cs_config_file *file = &load->file;
    config->sources = cs_arena_array(config->arena, file->n_sources + 1,
                                     sizeof(*config->sources));
    if (!config->sources)
        return cs_arena_status(config->arena, err);
    enum cs_status status = CS_OK;
    bool has_default = false;
    for (size_t i = 0; status == CS_OK && i < file->n_sources; i++) {
        const char *name = file->sources[i].title;
        status = cs_source_name_check(name, err);
        if (status == CS_ERR_CONFIG)
            (void)cs_error_prefix(err, "%s", config->path);
        if (status == CS_OK)
            status = merge_source(load, &file->sources[i], name,
                                  &config->sources[config->n_sources++], err);
        has_default = has_default || cs_str_equal(name, CS_DEFAULT_SOURCE);
    }
    if (status == CS_OK && !has_default && environment_has_source(load))
        status = merge_source(load, NULL, CS_DEFAULT_SOURCE,
                              &config->sources[config->n_sources++], err);
    return status;
}

static enum cs_status make_entries(const struct load *load,
                                   struct cs_error *err)
{
    struct cs_config *config = load->config;
    config->entries = cs_arena_array(
        config->arena, (load->file.n_sources + 2) * (size_t)CS_KEY_COUNT,
        sizeof(*config->entries));
    return cs_arena_status(config->arena, err);
}

enum cs_status cs_config_locate(const struct cs_config_options *options,
                                struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_config config = {.arena = cs_arena_new(ARENA_MAX)};
    struct load load = {.options = options, .config = &config};
    if (!config.arena)
        return cs_error_no_memory(err);
    enum cs_status status = find_places(&load, err);
    if (status == CS_OK)
        cs_strbuf_puts(out, config.path);
    cs_arena_free(config.arena);
    return status == CS_OK ? cs_strbuf_status(out, err) : status;
}

enum cs_status cs_config_load(const struct cs_config_options *options,
                              struct cs_config **ret, struct cs_error *err)
{
    struct cs_config *config CS_CLEANUP(cs_config_cleanup) =
        calloc(1, sizeof(*config));
    struct load load = {.options = options, .config = config};
    if (!config)
        return cs_error_no_memory(err);
    config->arena = cs_arena_new(ARENA_MAX);
    if (!config->arena)
        return cs_error_no_memory(err);
    enum cs_status status = find_places(&load, err);
    if (status == CS_OK)
        status = read_file(&load, err);
    if (status == CS_OK)
        status = make_entries(&load, err);
    if (status == CS_OK)
        status = merge_mirror(&load, err);
    if (status == CS_OK)
        status = merge_sources(&load, err);
    if (status == CS_OK)
        status = cs_arena_status(config->arena, err);
    if (status != CS_OK)
        return status;
    *ret = config;
    config = NULL;
    return CS_OK;
}

void cs_config_free(struct cs_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->n_sources; i++)
        cs_str_wipe(config->sources[i].api_token);
    cs_arena_free(config->arena);
    free(config);
}

const char *cs_config_root(const struct cs_config *config)
{
    return config->mirror.root;
}

const char *cs_config_index_dir(const struct cs_config *config)
{
    return config->mirror.index_dir;
}

const char *cs_config_path(const struct cs_config *config)
{
    return config->path;
}

size_t cs_config_n_sources(const struct cs_config *config)
{
    return config->n_sources;
}

const struct cs_source_config *cs_config_source(const struct cs_config *config,
                                                size_t i)
{
    return i < config->n_sources ? &config->sources[i] : NULL;
}

const struct cs_source_config *cs_config_find_source(
    const struct cs_config *config, const char *name)
{
    for (size_t i = 0; i < config->n_sources; i++) {
        if (cs_str_equal(config->sources[i].name, name))
            return &config->sources[i];
    }
    return NULL;
}

size_t cs_config_n_entries(const struct cs_config *config)
{
    return config->n_entries;
}

const struct cs_config_entry *cs_config_entry(const struct cs_config *config,
                                              size_t i)
{
    return i < config->n_entries ? &config->entries[i] : NULL;
}

const char *cs_config_origin_name(enum cs_config_origin origin)
{
    static const char *const names[] = {
        [CS_ORIGIN_DEFAULT] = "default",
        [CS_ORIGIN_FILE] = "file",
        [CS_ORIGIN_ENVIRONMENT] = "environment",
        [CS_ORIGIN_OPTION] = "option",
    };
    return names[origin];
}

void cs_config_describe(struct cs_strbuf *out)
{
    cs_key_describe(out);
}
