/*
 * clock.c - the machine's clock, and dates as the network writes them.
 *
 * Dates are read with a small cursor of our own rather than with strptime():
 * that one follows the locale and accepts more than the standards do.
 */
#include "src/clock.h"

#include "src/strbuf.h"
#include "src/text.h"

#include <time.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

static int64_t read_clock(clockid_t id)
{
    struct timespec ts = {0};
    (void)clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * SECOND_MS + ts.tv_nsec / 1000000;
}

static int64_t system_now(void *ctx)
{
    (void)ctx;
    return read_clock(CLOCK_REALTIME);
}

static int64_t system_mono(void *ctx)
{
    (void)ctx;
    return read_clock(CLOCK_MONOTONIC);
}

static void system_sleep(void *ctx, int64_t ms)
{
    (void)ctx;
    if (ms <= 0)
        return;
    struct timespec ts = {.tv_sec = (time_t)(ms / SECOND_MS),
                          .tv_nsec = (long)(ms % SECOND_MS) * 1000000};
    (void)nanosleep(&ts, NULL);
}

const struct cs_clock *cs_clock_system(void)
{
    static const struct cs_clock clock = {
        .now_ms = system_now, .mono_ms = system_mono, .sleep_ms = system_sleep};
    return &clock;
}

int64_t cs_clock_now(const struct cs_clock *clock)
{
    return clock->now_ms(clock->ctx);
}

int64_t cs_clock_mono(const struct cs_clock *clock)
{
    return clock->mono_ms(clock->ctx);
}

void cs_clock_sleep(const struct cs_clock *clock, int64_t ms)
{
    clock->sleep_ms(clock->ctx, ms);
}

/* Days since 1970-01-01 in the Gregorian calendar; years 1 to 9999. */
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400, year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
    day_of_year += day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

struct civil {
    int year, month, day, hour, minute, second;
    int64_t ms, offset_ms;
};

/* Check the ranges and convert. A leap second counts as the last one. */
static bool civil_to_ms(const struct civil *c, int64_t *ret_ms)
{
    if (c->year < 1 || c->month < 1 || c->month > 12 || c->day < 1 ||
        c->day > days_in_month(c->year, c->month))
        return false;
    if (c->hour > 23 || c->minute > 59 || c->second > 60)
        return false;
    int second = c->second == 60 ? 59 : c->second;
    int64_t ms = days_from_civil(c->year, c->month, c->day) * DAY_MS;
    ms += c->hour * HOUR_MS + c->minute * MINUTE_MS + second * SECOND_MS;
    *ret_ms = ms + c->ms - c->offset_ms;
    return true;
}

/* Exactly `n` digits at *at; -1 when they are not there. */
static int take_digits(const char **at, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!cs_ascii_is_digit((*at)[i]))
            return -1;
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += n;
    return value;
}

static bool take(const char **at, const char *text)
{
    size_t n = strlen(text);
    if (strncmp(*at, text, n) != 0)
        return false;
    *at += n;
    return true;
}

/* "hh:mm:ss"; the seconds may be missing with `short_ok`. */
static bool take_time(const char **at, struct civil *c, bool short_ok)
{
    c->hour = take_digits(at, 2);
    if (c->hour < 0 || !take(at, ":"))
        return false;
    c->minute = take_digits(at, 2);
    if (c->minute < 0)
        return false;
    if (!take(at, ":"))
        return short_ok;
    c->second = take_digits(at, 2);
    return c->second >= 0;
}

/* Any number of digits after the point; beyond milliseconds they are cut. */
static bool take_fraction(const char **at, struct civil *c)
{
    if (!take(at, ".") && !take(at, ","))
        return true;
    if (!cs_ascii_is_digit(**at))
        return false;
    for (int64_t scale = 100; cs_ascii_is_digit(**at); (*at)++, scale /= 10)
        c->ms += (**at - '0') * scale;
    return true;
}

/* "Z", "+hh:mm" or "+hhmm". */
static bool take_offset(const char **at, struct civil *c)
{
    if (take(at, "Z") || take(at, "z"))
        return true;
    int sign = **at == '-' ? -1 : 1;
    if (**at != '+' && **at != '-')
        return false;
    (*at)++;
    int hours = take_digits(at, 2);
    (void)take(at, ":");
    int minutes = take_digits(at, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    c->offset_ms = sign * (hours * HOUR_MS + minutes * MINUTE_MS);
    return true;
}

static bool parse_rfc3339(const char *at, int64_t *ret_ms)
{
    struct civil c = {0};
    c.year = take_digits(&at, 4);
    if (c.year < 0 || !take(&at, "-"))
        return false;
    c.month = take_digits(&at, 2);
    if (c.month < 0 || !take(&at, "-"))
        return false;
    c.day = take_digits(&at, 2);
    if (c.day < 0)
        return false;
    if (*at) {
        if (!take(&at, "T") && !take(&at, "t") && !take(&at, " "))
            return false;
        if (!take_time(&at, &c, true) || !take_fraction(&at, &c) ||
            !take_offset(&at, &c) || *at)
            return false;
    }
    return civil_to_ms(&c, ret_ms);
}

enum cs_status cs_time_parse(const char *text, int64_t *ret_ms,
                             struct cs_error *err)
{
    if (!parse_rfc3339(text, ret_ms))
        return cs_error_set(err, CS_ERR_PARSE,
                            "\"%.40s\" is not a date such as "
                            "2026-05-06T07:08:09Z",
                            text);
    return CS_OK;
}

static bool take_month(const char **at, struct civil *c)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr",
                                        "May", "Jun", "Jul", "Aug",
                                        "Sep", "Oct", "Nov", "Dec"};
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        if (take(at, names[i])) {
            c->month = (int)i + 1;
            return true;
        }
    }
    return false;
}

/* "06 Nov 1994 08:49:37 GMT", after "Sun, ". */
static bool parse_imf_fixdate(const char *at, struct civil *c)
{
    c->day = take_digits(&at, 2);
    if (c->day < 0 || !take(&at, " ") || !take_month(&at, c) || !take(&at, " "))
        return false;
    c->year = take_digits(&at, 4);
    return c->year >= 0 && take(&at, " ") && take_time(&at, c, false) &&
           take(&at, " GMT") && !*at;
}

/* "06-Nov-94 08:49:37 GMT", after "Sunday, ". Two digits mean the year that
 * is closest: up to 69 this century, as POSIX has it. */
static bool parse_rfc850(const char *at, struct civil *c)
{
    c->day = take_digits(&at, 2);
    if (c->day < 0 || !take(&at, "-") || !take_month(&at, c) || !take(&at, "-"))
        return false;
    c->year = take_digits(&at, 2);
    if (c->year < 0)
        return false;
    c->year += c->year < 70 ? 2000 : 1900;
    return take(&at, " ") && take_time(&at, c, false) && take(&at, " GMT") &&
           !*at;
}

/* "Nov  6 08:49:37 1994", after "Sun ". */
static bool parse_asctime(const char *at, struct civil *c)
{
    if (!take_month(&at, c) || !take(&at, " "))
        return false;
    c->day = take_digits(&at, take(&at, " ") ? 1 : 2);
    if (c->day < 0 || !take(&at, " ") || !take_time(&at, c, false) ||
        !take(&at, " "))
        return false;
    c->year = take_digits(&at, 4);
    return c->year >= 0 && !*at;
}

static bool parse_http_date(const char *text, int64_t *ret_ms)
{
    struct civil c = {0};
    const char *comma = strchr(text, ',');
    if (!comma) {
        if (strlen(text) < 4 || text[3] != ' ' || !parse_asctime(text + 4, &c))
            return false;
    } else if (comma[1] != ' ') {
        return false;
    } else if (!parse_imf_fixdate(comma + 2, &c)) {
        c = (struct civil){0};
        if (!parse_rfc850(comma + 2, &c))
            return false;
    }
    return civil_to_ms(&c, ret_ms);
}

enum cs_status cs_time_parse_http(const char *text, int64_t *ret_ms,
                                  struct cs_error *err)
{
    if (!parse_http_date(text, ret_ms))
        return cs_error_set(err, CS_ERR_PARSE, "\"%.40s\" is not an HTTP date",
                            text);
    return CS_OK;
}

/* Units of a duration. A lone "m" would be a minute to one reader and a month
 * to the next, so it is none. */
static const struct unit {
    const char *name;
    int64_t ms;
} units[] = {
    {"ms", 1},
    {"s", SECOND_MS},
    {"sec", SECOND_MS},
    {"second", SECOND_MS},
    {"min", MINUTE_MS},
    {"minute", MINUTE_MS},
    {"h", HOUR_MS},
    {"hour", HOUR_MS},
    {"d", DAY_MS},
    {"day", DAY_MS},
    {"w", 7 * DAY_MS},
    {"week", 7 * DAY_MS},
    {"month", 30 * DAY_MS},
    {"y", 365 * DAY_MS},
    {"year", 365 * DAY_MS},
};

static const struct unit *find_unit(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < CS_ARRAY_LEN(units); i++) {
        size_t n = strlen(units[i].name);
        bool plural = n >= 3 && len == n + 1 && text[n] == 's';
        if (strncmp(text, units[i].name, n) == 0 && (len == n || plural))
            return &units[i];
    }
    return NULL;
}

enum cs_status cs_duration_parse(const char *text, int64_t *ret_ms,
                                 struct cs_error *err)
{
    const char *at = text;
    int64_t value = 0;
    while (cs_ascii_is_digit(*at) && value < INT64_C(100000000))
        value = value * 10 + (*at++ - '0');
    bool number = at != text && !cs_ascii_is_digit(*at);
    while (*at == ' ')
        at++;
    const struct unit *unit = number ? find_unit(at) : NULL;
    if (!unit) {
        cs_error_set(err, CS_ERR_PARSE, "\"%.40s\" is not a length of time",
                     text);
        cs_error_hint(err, "write a number and a unit: 90s, 15min, 36h, 2d, "
                           "2w, 3months, 1y");
        return CS_ERR_PARSE;
    }
    if (value > INT64_MAX / unit->ms)
        return cs_error_set(err, CS_ERR_PARSE, "\"%.40s\" is too long a time",
                            text);
    *ret_ms = value * unit->ms;
    return CS_OK;
}

static struct tm utc_of(int64_t ms)
{
    time_t when = (time_t)(ms / SECOND_MS - (ms % SECOND_MS < 0 ? 1 : 0));
    struct tm tm = {.tm_mday = 1, .tm_year = 70};
    (void)gmtime_r(&when, &tm);
    return tm;
}

void cs_time_format(int64_t ms, char buf[CS_TIME_TEXT_SIZE])
{
    struct tm tm = utc_of(ms);
    if (!strftime(buf, CS_TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm))
        buf[0] = '\0';
}

void cs_time_format_day(int64_t ms, char buf[CS_TIME_TEXT_SIZE])
{
    struct tm tm = utc_of(ms);
    if (!strftime(buf, CS_TIME_TEXT_SIZE, "%Y%m%d", &tm))
        buf[0] = '\0';
}

void cs_time_format_date(int64_t ms, char buf[CS_TIME_TEXT_SIZE])
{
    struct tm tm = utc_of(ms);
    if (!strftime(buf, CS_TIME_TEXT_SIZE, "%Y-%m-%d", &tm))
        buf[0] = '\0';
}

void cs_duration_format(int64_t ms, struct cs_strbuf *out)
{
    static const struct unit steps[] = {
        {"day", DAY_MS},
        {"hour", HOUR_MS},
        {"minute", MINUTE_MS},
        {"second", SECOND_MS},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(steps); i++) {
        int64_t n = ms / steps[i].ms;
        /* Two days begin at 48 hours: "36 hours" says more than "1 day". */
        if (n >= (steps[i].ms == DAY_MS ? 2 : 1)) {
            cs_strbuf_printf(out, "%lld %s%s", (long long)n, steps[i].name,
                             n == 1 ? "" : "s");
            return;
        }
    }
    cs_strbuf_puts(out, "0 seconds");
}
