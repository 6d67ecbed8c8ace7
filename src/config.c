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

#define DEFAULT_SOURCE "confluence"
#define ARENA_MAX      ((size_t)8 << 20)

struct cs_config {
    struct cs_arena *arena;
    const char *path;
    struct cs_config_mirror mirror;
    struct cs_source_config *sources;
    size_t n_sources;
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
        cs_error_hint(err, "see cs help config");
    }
    return status;
}

static enum cs_status apply_words(const struct load *load,
                                  const struct cs_key *key,
                                  const struct cs_key_words *words,
                                  void *record, struct cs_error *err)
{
    const struct cs_key_context context = {load->config->arena, load->home,
                                           load->folder};
    return words->set ? cs_key_parse(key, words, &context, record, err) : CS_OK;
}

/* root: --root, environment, file, default; index_dir: file, or .cs in it. */
static enum cs_status merge_mirror(struct load *load, struct cs_error *err)
{
    struct cs_config_mirror *mirror = &load->config->mirror;
    const struct cs_key *root = &cs_config_keys[CS_KEY_ROOT];
    const struct cs_key *dir = &cs_config_keys[CS_KEY_INDEX_DIR];
    const char *variable_root = filled_variable(load->options, root->env);
    enum cs_status status;
    if (load->options->root)
        status =
            apply_text(load, root, load->options->root, "--root", mirror, err);
    else if (variable_root)
        status = apply_text(load, root, variable_root, root->env, mirror, err);
    else if (load->file.top.keys[CS_KEY_ROOT].set)
        status = apply_words(load, root, &load->file.top.keys[CS_KEY_ROOT],
                             mirror, err);
    else
        status = apply_text(load, root, root->fallback, NULL, mirror, err);
    if (status == CS_OK)
        status = apply_words(load, dir, &load->file.top.keys[CS_KEY_INDEX_DIR],
                             mirror, err);
    if (status != CS_OK || mirror->index_dir)
        return status;
    mirror->index_dir =
        cs_arena_printf(load->config->arena, "%s/.cs", mirror->root);
    return cs_arena_status(load->config->arena, err);
}

/* An empty variable counts as not set, but for the list of spaces, where it
 * means all of them. */
static const char *source_variable(const struct load *load,
                                   const struct cs_key *key, const char *name)
{
    if (!key->env || !cs_str_equal(name, DEFAULT_SOURCE))
        return NULL;
    return cs_key_is_list(key) ? variable(load->options, key->env)
                               : filled_variable(load->options, key->env);
}

static enum cs_status merge_key(const struct load *load, enum cs_key_id id,
                                const struct cs_config_section *section,
                                struct cs_source_config *source,
                                struct cs_error *err)
{
    const struct cs_key *key = &cs_config_keys[id];
    const char *text = source_variable(load, key, source->name);
    enum cs_status status = CS_OK;
    if (key->fallback)
        status = apply_text(load, key, key->fallback, NULL, source, err);
    if (status != CS_OK)
        return status;
    if (text)
        return apply_text(load, key, text, key->env, source, err);
    if (section && section->keys[id].set)
        return apply_words(load, key, &section->keys[id], source, err);
    return apply_words(load, key, &load->file.top.keys[id], source, err);
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
            merge_key(load, (enum cs_key_id)id, section, source, err);
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
        has_default = has_default || cs_str_equal(name, DEFAULT_SOURCE);
    }
    if (status == CS_OK && !has_default && environment_has_source(load))
        status = merge_source(load, NULL, DEFAULT_SOURCE,
                              &config->sources[config->n_sources++], err);
    return status;
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
        status = merge_mirror(&load, err);
    if (status == CS_OK)
        status = merge_sources(&load, err);
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
    for (size_t i = 0; i < config->n_sources; i++) {
        const char *token = config->sources[i].api_token;
        if (token) /* lives in our own arena */
            explicit_bzero((char *)(uintptr_t)token, strlen(token));
    }
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

/* True when the token can come from somewhere; whether it does, only reading
 * it tells (credential.h). */
static bool has_token(const struct cs_source_config *source)
{
    return source->api_token || source->api_token_file ||
           source->api_token_command || getenv("CREDENTIALS_DIRECTORY");
}

enum cs_status cs_source_config_check(const struct cs_source_config *source,
                                      struct cs_error *err)
{
    bool token = has_token(source);
    if (source->base_url && token)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_CONFIG, "source %s has no %s", source->name,
                       source->base_url ? "api_token"
                       : token          ? "base_url"
                                        : "base_url and no api_token");
    if (cs_str_equal(source->name, DEFAULT_SOURCE))
        cs_error_hint(err,
                      "set, for example, %s%s%sin the environment, or see "
                      "cs help config",
                      source->base_url ? ""
                                       : "CONFLUENCE_BASE_URL="
                                         "https://acme.atlassian.net/wiki ",
                      source->base_url || token ? "" : "and ",
                      token ? "" : "CONFLUENCE_API_TOKEN=... ");
    else
        cs_error_hint(err, "add it to source %s { ... }; see cs help config",
                      source->name);
    return CS_ERR_CONFIG;
}

enum cs_status cs_config_no_source(const struct cs_config *config,
                                   struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_CONFIG,
                       "no source is configured (no %s, and no "
                       "CONFLUENCE_BASE_URL in the environment)",
                       config->path);
    cs_error_hint(err,
                  "export CONFLUENCE_BASE_URL=https://acme.atlassian.net/wiki "
                  "CONFLUENCE_USERNAME=you@acme.com CONFLUENCE_API_TOKEN=... "
                  "and run cs sync");
    return CS_ERR_CONFIG;
}

void cs_config_describe(struct cs_strbuf *out)
{
    cs_key_describe(out);
}
