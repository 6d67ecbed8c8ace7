/*
 * age.c - see age.h.
 */
#include "cli/age.h"

#include "src/clock.h"

bool cs_age_is_stale(int64_t now, int64_t last_success, int64_t max_age)
{
    return last_success == 0 || now - last_success > max_age;
}

void cs_age_put(int64_t now, int64_t then, struct cs_strbuf *out)
{
    if (then == 0) {
        cs_strbuf_puts(out, "never");
        return;
    }
    cs_duration_format(now > then ? now - then : 0, out);
    cs_strbuf_puts(out, " ago");
}
