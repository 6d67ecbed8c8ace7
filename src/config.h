/*
 * config.h - what the user wants, from file and environment.
 *
 * $XDG_CONFIG_HOME/context-sync/config is read by libconfuse: global keys and
 * one section per source. One table of keys (config.c) drives parsing,
 * defaults, environment names and the printed documentation. The environment
 * wins over the file for the default source, "confluence".
 */
#ifndef CS_SRC_CONFIG_H
#define CS_SRC_CONFIG_H

#include "src/strbuf.h"

/* The source that the environment configures. */
#define CS_DEFAULT_SOURCE "confluence"

enum cs_attachments {
    CS_ATTACHMENTS_REFERENCED,
    CS_ATTACHMENTS_ALL,
    CS_ATTACHMENTS_NONE
};

enum cs_deployment {
    CS_DEPLOYMENT_AUTO,
    CS_DEPLOYMENT_CLOUD,
    CS_DEPLOYMENT_DATACENTER
};

/* Patterns as the shell has them: *, ?, [a-z]; letters of both cases count as
 * one. */
struct cs_patterns {
    const char *const *items;
    size_t n;
};

/* Does one of them match all of `text`? */
bool cs_patterns_match(const struct cs_patterns *patterns, const char *text);

/* One source, with the global keys already merged in. Strings are owned by
 * the configuration; what was not set is NULL. */
struct cs_source_config {
    const char *name; /* "confluence" */
    const char *type; /* "confluence" */
    const char *base_url;
    const char *username;
    const char *api_token, *api_token_file, *api_token_command;
    const char *const *spaces; /* keys; empty: all readable */
    size_t n_spaces;
    const char *output_dir; /* NULL: <root>/<name> */
    enum cs_deployment deployment;
    const char *cloud_id;
    bool allow_http;
    const char *ca_file, *client_cert, *client_key;
    unsigned jobs;
    double max_rps; /* 0: no limit */
    enum cs_attachments attachments;
    int64_t attachment_max_size; /* bytes */
    bool comments;
    struct cs_patterns exclude_titles, exclude_labels;
    bool restrictions; /* note which documents not everybody may read */
    int64_t keep_deleted_ms;
    int64_t reconcile_interval_ms; /* 0: auto */
    unsigned sweep_requests;
    int64_t run_budget_ms; /* of a scheduled run, 0: none */
    unsigned deletion_brake_percent, deletion_brake_count;
};

struct cs_config;

/* How to find it; NULL members are taken from the process (tests pass their
 * own). */
struct cs_config_options {
    const char *file; /* --config; must exist */
    const char *root; /* --root: wins over everything */
    const char *(*getenv)(void *ctx, const char *name);
    void *ctx;
};

/* Read file and environment and check every value. A missing file is no
 * error, an unknown key or a bad value is: CS_ERR_CONFIG with file and line.
 * The caller frees `ret` with cs_config_free(). */
enum cs_status cs_config_load(const struct cs_config_options *options,
                              struct cs_config **ret, struct cs_error *err);
void cs_config_free(struct cs_config *config);

/* The mirror's root, absolute, "~" resolved; the folder of the index. */
const char *cs_config_root(const struct cs_config *config);
const char *cs_config_index_dir(const struct cs_config *config);
/* The file that was read or would be read. */
const char *cs_config_path(const struct cs_config *config);

/* The sources, in the order of the file. */
size_t cs_config_n_sources(const struct cs_config *config);
const struct cs_source_config *cs_config_source(const struct cs_config *config,
                                                size_t i);
const struct cs_source_config *cs_config_find_source(
    const struct cs_config *config, const char *name);

/* CS_ERR_CONFIG naming what is missing (URL, token, ...) and how to set it,
 * when a sync of this source could not start. */
enum cs_status cs_source_config_check(const struct cs_source_config *source,
                                      struct cs_error *err);

/* CS_ERR_CONFIG that says, by example, how to configure a first source. */
enum cs_status cs_config_no_source(const struct cs_config *config,
                                   struct cs_error *err);

/* The path of the file that a load would read, without reading it. */
enum cs_status cs_config_locate(const struct cs_config_options *options,
                                struct cs_strbuf *out, struct cs_error *err);

/* One key, for those who show it or ask for it. Static strings. */
struct cs_config_key {
    const char *name, *type, *doc;
    const char *fallback; /* the default as it would be written, or NULL */
    const char *variable; /* in the environment, or NULL */
    bool list, path, secret;
    bool at_top, in_source; /* where it may stand */
};

/* The row `i` of the table of keys; false behind the last. */
bool cs_config_key_at(size_t i, struct cs_config_key *ret);
/* The key of that name. */
bool cs_config_key_find(const char *name, struct cs_config_key *ret);

enum cs_config_origin {
    CS_ORIGIN_DEFAULT,
    CS_ORIGIN_FILE, /* the source's section, or the top of the file */
    CS_ORIGIN_ENVIRONMENT,
    CS_ORIGIN_OPTION /* --root */
};

/* "default", "file", "environment", "option". */
const char *cs_config_origin_name(enum cs_config_origin origin);

/* What holds for a key, and why. */
struct cs_config_entry {
    const char *source; /* NULL: the mirror, and sources that say nothing */
    struct cs_config_key key;
    const char *value; /* a list with ", "; NULL: not set, or a secret */
    bool set;
    bool inherited; /* by a source from the top of the file */
    enum cs_config_origin origin;
};

/* Of the mirror and of every source, each key that may stand there. Borrowed
 * like all else. */
size_t cs_config_n_entries(const struct cs_config *config);
const struct cs_config_entry *cs_config_entry(const struct cs_config *config,
                                              size_t i);

/* Append the table of keys as text for people. */
void cs_config_describe(struct cs_strbuf *out);

CS_DEFINE_CLEANUP(struct cs_config *, cs_config_cleanup, cs_config_free);

#endif
