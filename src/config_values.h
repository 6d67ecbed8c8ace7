/*
 * config_values.h - the types of configuration values.
 *
 * Private to src/config*.c. A type turns the words written in the file or in
 * the environment into a member of a struct, or says why it cannot.
 */
#ifndef CS_SRC_CONFIG_VALUES_H
#define CS_SRC_CONFIG_VALUES_H

#include "src/config_keys.h"

/* One type: what it is called, and how it is parsed. `slot` is the member that
 * the key names, `record` the struct around it. The message of a failure says
 * only what is wrong with the value; the caller names the key. */
struct cs_key_type {
    const char *name;
    bool list;
    enum cs_status (*parse)(const struct cs_key *key,
                            const struct cs_key_words *words,
                            const struct cs_key_context *context, void *slot,
                            void *record, struct cs_error *err);
};

extern const struct cs_key_type cs_key_text;     /* const char * */
extern const struct cs_key_type cs_key_path;     /* const char *, absolute */
extern const struct cs_key_type cs_key_bool;     /* bool */
extern const struct cs_key_type cs_key_number;   /* unsigned */
extern const struct cs_key_type cs_key_rate;     /* double */
extern const struct cs_key_type cs_key_size;     /* int64_t bytes */
extern const struct cs_key_type cs_key_duration; /* int64_t ms; "auto" is 0 */
extern const struct cs_key_type cs_key_choice;   /* an enum of int's size */
extern const struct cs_key_type cs_key_list;     /* spaces, n_spaces */
extern const struct cs_key_type cs_key_patterns; /* struct cs_patterns */
extern const struct cs_key_type cs_key_brake;    /* percent and count */

/* What a value of this key looks like, for people. */
const char *cs_key_type_name(const struct cs_key *key);

#endif
