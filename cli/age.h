/*
 * age.h - how long ago something was, and from when on a mirror is stale.
 */
#ifndef CS_CLI_AGE_H
#define CS_CLI_AGE_H

#include "src/strbuf.h"

/* A source whose last success is longer ago is stale, in milliseconds. */
#define CS_STALE_AFTER_MS INT64_C(86400000)

/* True when the last success (0: there was none) is more than `max_age` ago. */
bool cs_age_is_stale(int64_t now, int64_t last_success, int64_t max_age);

/* Append "3 days ago", or "never" for 0. What lies ahead was just now. */
void cs_age_put(int64_t now, int64_t then, struct cs_strbuf *out);

#endif
