/*
 * Reading JSON that came from a file or a request: values by key with a
 * default, numbers cut to what they are stored in.
 */
#ifndef FAKE_ORDER_H
#define FAKE_ORDER_H

#include "tests/fake/buf.h"

#include <cjson/cJSON.h>

/* Parse a buffer; NULL when it is no JSON. The caller deletes. */
cJSON *fk_order_parse(const struct fk_buf *text);

/* The string under `key`, borrowed, or the fallback. */
const char *fk_order_text(const cJSON *o, const char *key,
                          const char *fallback);

/* The whole number under `key`, cut to the range of int, or the fallback. */
int fk_order_int(const cJSON *o, const char *key, int fallback);

bool fk_order_bool(const cJSON *o, const char *key, bool fallback);

/* The time under `key` in ms since 1970, or the fallback. */
int64_t fk_order_time(const cJSON *o, const char *key, int64_t fallback);

/* An id, given as number or as text of digits; 0 when it is neither. */
uint64_t fk_order_id(const cJSON *o, const char *key);
uint64_t fk_order_id_value(const cJSON *value);

#endif
