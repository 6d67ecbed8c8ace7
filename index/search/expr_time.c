/*
 * expr_time.c - times as people write them, and ranges of them.
 *
 * A time is a span: 2025 is a year, 2025-03-31 a day, yesterday one, too. What
 * is counted back from now, 7d, is a point; alone it means "since then". All
 * in UTC, years 1000 to 9999; a month has 30 days and a year 365 when counted
 * back.
 */
#include "index/search/expr.h"

#include "src/text.h"

#define SECOND_MS INT64_C(1000)
#define DAY_MS    (INT64_C(24) * 60 * 60 * SECOND_MS)
/* 1000-01-01, and the last millisecond of 9999. */
#define FIRST_MS INT64_C(-30610224000000)
#define LAST_MS  INT64_C(253402300799999)

enum { TEXT_MAX = 64 };

struct span {
    int64_t from, to;
    bool point; /* from == to */
};

static int64_t clamp(int64_t ms)
{
    return ms < FIRST_MS ? FIRST_MS : ms > LAST_MS ? LAST_MS : ms;
}

static bool parse_day(int year, int month, int day, int64_t *ret_ms)
{
    char text[TEXT_MAX];
    struct cs_error err = CS_ERROR_INIT;
    if (year < 1000 || month < 1 || month > 12 || day < 1)
        return false;
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
    return cs_time_parse(text, ret_ms, &err) == CS_OK;
}

/* Exactly `n` digits; -1 when they are not there. */
static int digits(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (!cs_ascii_is_digit(text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Months that begin at `month`, which may be beyond the year's borders. */
static bool month_span(int year, int month, int n, struct span *ret)
{
    int last = month + n - 1;
    while (month < 1) {
        month += 12;
        last += 12;
        year--;
    }
    int last_year = year + (last - 1) / 12, last_month = (last - 1) % 12 + 1;
    int64_t to = 0;
    for (int day = 31; day > 27; day--)
        if (parse_day(last_year, last_month, day, &to))
            break;
    ret->to = to + DAY_MS;
    return to && parse_day(year, month, 1, &ret->from);
}

/* Monday of the week that a day is in. */
static int64_t monday_of(int64_t day_ms)
{
    int64_t days = day_ms / DAY_MS - (day_ms % DAY_MS < 0);
    int64_t weekday = ((days + 3) % 7 + 7) % 7;
    return (days - weekday) * DAY_MS;
}

/* "2025-W07": week 1 is that of 4 January. */
static bool week_span(int year, int week, struct span *ret)
{
    int64_t january;
    if (week < 1 || week > 53 || !parse_day(year, 1, 4, &january))
        return false;
    ret->from = monday_of(january) + (week - 1) * 7 * DAY_MS;
    ret->to = ret->from + 7 * DAY_MS;
    return true;
}

/* A day with a time behind it, to the minute or finer. */
static bool clock_span(const char *text, struct span *ret)
{
    struct cs_error err = CS_ERROR_INIT;
    char full[TEXT_MAX];
    size_t len = strlen(text);
    const char *time = text + 11;
    if (len < 16 || (text[10] != 'T' && text[10] != 't' && text[10] != ' '))
        return false;
    bool zone = strpbrk(time, "Zz+-") != NULL;
    (void)snprintf(full, sizeof(full), "%s%s", text, zone ? "" : "Z");
    if (cs_time_parse(full, &ret->from, &err) || ret->from < FIRST_MS)
        return false;
    int64_t precision = strpbrk(time, ".,") ? 1
                        : time[5] == ':'    ? SECOND_MS
                                            : 60 * SECOND_MS;
    ret->to = ret->from + precision;
    return true;
}

/* 2025, 2025-Q2, 2025-W07, 2025-03, 2025-03-31, with a time or without. */
static bool date_span(const char *text, struct span *ret)
{
    size_t len = strlen(text);
    int year = digits(text, 4);
    if (year < 1000)
        return false;
    if (len == 4)
        return month_span(year, 1, 12, ret);
    if (text[4] != '-')
        return false;
    if (len == 7 && (text[5] == 'q' || text[5] == 'Q'))
        return text[6] >= '1' && text[6] <= '4' &&
               month_span(year, (text[6] - '1') * 3 + 1, 3, ret);
    if (len == 8 && (text[5] == 'w' || text[5] == 'W'))
        return week_span(year, digits(text + 6, 2), ret);
    int month = digits(text + 5, 2);
    if (month < 1 || month > 12)
        return false;
    if (len == 7)
        return month_span(year, month, 1, ret);
    if (text[7] != '-' || len < 10)
        return false;
    if (len > 10)
        return clock_span(text, ret);
    ret->to = 0;
    if (!parse_day(year, month, digits(text + 8, 2), &ret->from))
        return false;
    ret->to = ret->from + DAY_MS;
    return true;
}

/* "7d", "3 months": a point before now. */
static bool ago(const char *text, int64_t now_ms, struct span *ret)
{
    struct cs_error err = CS_ERROR_INIT;
    char full[TEXT_MAX];
    int64_t length;
    size_t n = strspn(text, "0123456789");
    const char *unit = text + n + strspn(text + n, "-");
    if (!n)
        return false;
    bool month = strcmp(unit, "m") == 0 || strcmp(unit, "mo") == 0;
    (void)snprintf(full, sizeof(full), "%.*s%s", (int)n, text,
                   month ? "month" : unit);
    if (cs_duration_parse(full, &length, &err))
        return false;
    *ret = (struct span){clamp(now_ms - length), clamp(now_ms - length), true};
    return true;
}

static bool named_span(const char *name, int64_t now_ms, struct span *ret)
{
    char today[CS_TIME_TEXT_SIZE];
    int64_t day;
    if (!strchr("ntyl", *name)) /* none of the names below */
        return false;
    cs_time_format_date(now_ms, today);
    int year = digits(today, 4), month = year < 0 ? -1 : digits(today + 5, 2);
    if (!parse_day(year, month, month < 0 ? 0 : digits(today + 8, 2), &day))
        return false;
    int64_t week = monday_of(day);
    const struct {
        const char *name;
        int64_t from, to;
    } days[] = {
        {"now", now_ms, now_ms},
        {"today", day, day + DAY_MS},
        {"yesterday", day - DAY_MS, day},
        {"this-week", week, week + 7 * DAY_MS},
        {"last-week", week - 7 * DAY_MS, week},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(days); i++)
        if (strcmp(name, days[i].name) == 0) {
            *ret = (struct span){days[i].from, days[i].to,
                                 days[i].from == days[i].to};
            return true;
        }
    const struct {
        const char *name;
        int year, month, n;
    } months[] = {
        {"this-month", year, month, 1},
        {"last-month", year, month - 1, 1},
        {"this-year", year, 1, 12},
        {"last-year", year - 1, 1, 12},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(months); i++)
        if (strcmp(name, months[i].name) == 0)
            return month_span(months[i].year, months[i].month, months[i].n,
                              ret);
    return false;
}

/* In small letters, `last week` as `last-week`, `2025/03/31` with hyphens. */
static bool read_span(const char *text, size_t len, int64_t now_ms,
                      struct span *ret)
{
    char plain[TEXT_MAX / 2];
    while (len && text[0] == ' ') {
        text++;
        len--;
    }
    while (len && text[len - 1] == ' ')
        len--;
    if (!len || len >= sizeof(plain))
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        plain[i] = strchr("/_ ", c) ? '-' : c;
    }
    plain[len] = '\0';
    *ret = (struct span){0};
    if (len > 10 && plain[10] == '-') /* the blank before a time of day */
        plain[10] = 'T';
    return date_span(plain, ret) || named_span(plain, now_ms, ret) ||
           ago(plain, now_ms, ret);
}

/* ">=t" and its like. */
static bool compare(const char *text, int64_t now_ms, struct span *ret)
{
    bool later = text[0] == '>', or_equal = text[1] == '=';
    struct span span = {0};
    const char *time = text + 1 + or_equal;
    if (!read_span(time, strlen(time), now_ms, &span))
        return false;
    int64_t border = later == or_equal ? span.from : span.to;
    *ret = (struct span){.from = later ? clamp(border) : INT64_MIN,
                         .to = later ? INT64_MAX : clamp(border)};
    return true;
}

static bool between(const char *text, const char *dots, int64_t now_ms,
                    struct span *ret)
{
    struct span a = {.from = INT64_MIN}, b = {.to = INT64_MAX};
    size_t len = (size_t)(dots - text);
    const char *behind = dots + 2;
    bool first = len > 0, last = *behind != '\0';
    if ((!first && !last) || (first && !read_span(text, len, now_ms, &a)) ||
        (last && !read_span(behind, strlen(behind), now_ms, &b)))
        return false;
    if (first && last && a.from > b.from) { /* the other way round */
        struct span swapped = a;
        a = b;
        b = swapped;
    }
    *ret = (struct span){.from = a.from, .to = last ? clamp(b.to) : INT64_MAX};
    if (ret->to <= ret->from) /* two points that are one */
        ret->to = ret->from + 1;
    return true;
}

bool cs_expr_time_range(const char *text, int64_t now_ms, int64_t *ret_from_ms,
                        int64_t *ret_to_ms)
{
    struct span span = {0};
    const char *dots = strstr(text, "..");
    if (strlen(text) >= TEXT_MAX)
        return false;
    bool found = *text == '<' || *text == '>' ? compare(text, now_ms, &span)
                 : dots ? between(text, dots, now_ms, &span)
                        : read_span(text, strlen(text), now_ms, &span);
    if (!found)
        return false;
    if (span.point)
        span.to = INT64_MAX;
    *ret_from_ms = span.from;
    *ret_to_ms = span.to == INT64_MAX ? span.to : clamp(span.to);
    return true;
}
