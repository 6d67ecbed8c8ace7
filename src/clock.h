/*
 * clock.h - time, injected.
 *
 * Whoever needs the time or wants to wait takes a struct cs_clock, so that a
 * test can run a day in a moment. Wall time is milliseconds since 1970 in UTC,
 * for dates that people see; monotonic time is for measuring and waiting.
 */
#ifndef CS_SRC_CLOCK_H
#define CS_SRC_CLOCK_H

#include "src/error.h"

struct cs_strbuf;

struct cs_clock {
    int64_t (*now_ms)(void *ctx);
    int64_t (*mono_ms)(void *ctx);
    /* Wait; may return early when a signal arrives. */
    void (*sleep_ms)(void *ctx, int64_t ms);
    void *ctx;
};

/* The machine's clock. A constant: no state, valid for ever. */
const struct cs_clock *cs_clock_system(void);

int64_t cs_clock_now(const struct cs_clock *clock);
int64_t cs_clock_mono(const struct cs_clock *clock);
void cs_clock_sleep(const struct cs_clock *clock, int64_t ms);

/* Parse an RFC 3339 date and time ("2026-05-06T07:08:09.101Z", offsets and a
 * missing fraction allowed; a date alone means midnight UTC). CS_ERR_PARSE. */
enum cs_status cs_time_parse(const char *text, int64_t *ret_ms,
                             struct cs_error *err);

/* Parse an HTTP date in any of the three forms of RFC 9110, section 5.6.7. */
enum cs_status cs_time_parse_http(const char *text, int64_t *ret_ms,
                                  struct cs_error *err);

/* Parse a length of time such as "90s", "15min", "36h", "2d", "2w", "3months",
 * "1y" (a month is 30 days, a year 365) into milliseconds. A bare number is an
 * error: it does not say of what. */
enum cs_status cs_duration_parse(const char *text, int64_t *ret_ms,
                                 struct cs_error *err);

#define CS_TIME_TEXT_SIZE 32
/* Write "2026-05-06T07:08:09Z" (UTC, whole seconds) into `buf`. */
void cs_time_format(int64_t ms, char buf[CS_TIME_TEXT_SIZE]);
/* Write "20260506" and "2026-05-06", the day in UTC. */
void cs_time_format_day(int64_t ms, char buf[CS_TIME_TEXT_SIZE]);
void cs_time_format_date(int64_t ms, char buf[CS_TIME_TEXT_SIZE]);
/* Append an age for people: "3 minutes", "5 hours", "2 days". */
void cs_duration_format(int64_t ms, struct cs_strbuf *out);

#endif
