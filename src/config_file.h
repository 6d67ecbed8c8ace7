/*
 * config_file.h - the configuration file, word by word.
 *
 * Private to src/config*.c. libconfuse reads the file; what comes out is the
 * words of each key, already checked against the table of keys, so that a bad
 * value is reported with its line. Nothing is merged here.
 */
#ifndef CS_SRC_CONFIG_FILE_H
#define CS_SRC_CONFIG_FILE_H

#include "src/config_keys.h"

/* A larger file is no configuration. */
#define CS_CONFIG_FILE_MAX ((size_t)256 << 10)
/* A mirror of more sources is not foreseen. */
#define CS_CONFIG_SOURCES_MAX 32

/* The top of the file (title NULL), or one source. */
struct cs_config_section {
    const char *title;
    struct cs_key_words keys[CS_KEY_COUNT];
};

/* Everything lives in the arena it was read into. */
struct cs_config_file {
    struct cs_config_section top;
    struct cs_config_section *sources;
    size_t n_sources;
};

/* Parse `text`, the content of the file `path`. CS_ERR_CONFIG with "path:line:
 * what is wrong". Strings and sections are made in the context's arena. */
enum cs_status cs_config_file_parse(const char *path, const char *text,
                                    size_t len,
                                    const struct cs_key_context *context,
                                    struct cs_config_file *ret,
                                    struct cs_error *err);

/* Blank out comments, keeping every other byte and the line ends where they
 * are; `text` has a NUL behind its end. NULL, or what is wrong in line
 * `*ret_line`: a '#' in the middle of an unquoted value would silently cut it,
 * and an open quote would make libconfuse print. */
const char *cs_config_file_blank(char *text, size_t len, int *ret_line);

/* True when a secret stands in it. */
bool cs_config_file_has_secret(const struct cs_config_file *file);

#endif
