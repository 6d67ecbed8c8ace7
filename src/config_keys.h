/*
 * config_keys.h - the table of configuration keys.
 *
 * Private to src/config*.c. One row says all there is to know about a key: its
 * type and range, its default, the environment variable that overrides it, and
 * what it is for. Parsing, defaults and the printed documentation read this
 * table; adding a key is adding a row (docs/HACKING.md).
 */
#ifndef CS_SRC_CONFIG_KEYS_H
#define CS_SRC_CONFIG_KEYS_H

#include "src/arena.h"
#include "src/config.h"

/* Index into cs_config_keys; CS_KEY_COUNT is their number. */
enum cs_key_id {
    CS_KEY_ROOT,
    CS_KEY_INDEX_DIR,
    CS_KEY_JOBS,
    CS_KEY_MAX_RPS,
    CS_KEY_RECONCILE_INTERVAL,
    CS_KEY_DELETION_BRAKE,
    CS_KEY_ATTACHMENTS,
    CS_KEY_ATTACHMENT_MAX_SIZE,
    CS_KEY_COMMENTS,
    CS_KEY_KEEP_DELETED,
    CS_KEY_EXCLUDE_TITLES,
    CS_KEY_EXCLUDE_LABELS,
    CS_KEY_RESTRICTIONS,
    CS_KEY_SWEEP_REQUESTS,
    CS_KEY_RUN_BUDGET,
    CS_KEY_TYPE,
    CS_KEY_BASE_URL,
    CS_KEY_USERNAME,
    CS_KEY_API_TOKEN,
    CS_KEY_API_TOKEN_FILE,
    CS_KEY_API_TOKEN_COMMAND,
    CS_KEY_SPACE_KEYS,
    CS_KEY_OUTPUT_DIR,
    CS_KEY_DEPLOYMENT,
    CS_KEY_CLOUD_ID,
    CS_KEY_ALLOW_HTTP,
    CS_KEY_CA_FILE,
    CS_KEY_CLIENT_CERT,
    CS_KEY_CLIENT_KEY,
    CS_KEY_COUNT
};

/* Where a key may stand. */
enum cs_key_scope {
    CS_SCOPE_MIRROR, /* at the top of the file only */
    CS_SCOPE_BOTH,   /* at the top, and in a source, which then wins */
    CS_SCOPE_SOURCE, /* in a source only */
};

struct cs_key_type;

struct cs_key {
    const char *name;
    const struct cs_key_type *type;
    enum cs_key_scope scope;
    size_t offset;        /* of its member, in the struct of its scope */
    const char *fallback; /* the default as it would be written, or NULL */
    int64_t min, max;     /* of numbers, in the unit of the member */
    const char *const *choices; /* of an enumeration, in its order */
    const char *env;            /* variable that wins for the default source */
    bool secret;                /* never shown, not even in an error */
    bool reserved;              /* read and checked, but nothing asks yet */
    const char *doc;            /* one line for people */
};

extern const struct cs_key cs_config_keys[CS_KEY_COUNT];

/* What the top of the file sets for the whole mirror. */
struct cs_config_mirror {
    const char *root, *index_dir;
};

/* What a value may refer to. */
struct cs_key_context {
    struct cs_arena *arena; /* strings of the result live here */
    const char *home;       /* for "~" */
    const char *base_dir;   /* for relative paths */
};

/* The words written for one key; more than one for a list. */
struct cs_key_words {
    const char **words;
    size_t n;
    bool set;
};

/* True when the key takes a list: key = {a, b}. */
bool cs_key_is_list(const struct cs_key *key);

/* Split "a, b" at its commas into the words of a list, in `arena`. */
enum cs_status cs_key_split(const char *text, struct cs_arena *arena,
                            struct cs_key_words *ret, struct cs_error *err);

/* Parse `words` into the member of `record` that the key names. CS_ERR_CONFIG
 * with a message that begins with the key's name, and a hint. */
enum cs_status cs_key_parse(const struct cs_key *key,
                            const struct cs_key_words *words,
                            const struct cs_key_context *context, void *record,
                            struct cs_error *err);

/* The key of that name, or NULL. */
const struct cs_key *cs_key_find(const char *name);

/* May a source be called that? Its name becomes a folder of the mirror.
 * CS_ERR_CONFIG with a hint. */
enum cs_status cs_source_name_check(const char *name, struct cs_error *err);

/* The configured key whose name is nearest to `word`, or NULL. */
const char *cs_key_suggest(const char *word);

/* Append the table as text for people, one block for each scope. */
void cs_key_describe(struct cs_strbuf *out);

#endif
