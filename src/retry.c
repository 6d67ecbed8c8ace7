/*
 * retry.c - the rules of retry.h, and the token bucket.
 */
#include "src/retry.h"

#include "src/clock.h"
#include "src/text.h"

#define MIN_ASKED_MS INT64_C(1000)
#define MAX_ASKED_MS INT64_C(120000)
#define MAX_DELAY_MS INT64_C(60000)

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Whole seconds, a fraction ignored; -1 when it is no number. */
static int64_t parse_seconds(const char *text)
{
    int64_t value = 0;
    const char *at = text;
    for (; cs_ascii_is_digit(*at); at++)
        value = clamp(value * 10 + (*at - '0'), 0, MAX_ASKED_MS);
    bool end = !*at || *at == '.' || cs_ascii_is_space(*at);
    return at != text && end ? value : -1;
}

int64_t cs_retry_after(const char *value, int64_t now_ms)
{
    int64_t seconds = parse_seconds(value), until;
    if (seconds >= 0)
        return clamp(seconds * 1000, MIN_ASKED_MS, MAX_ASKED_MS);
    if (cs_time_parse_http(value, &until, NULL) == CS_OK)
        return clamp(until - now_ms, MIN_ASKED_MS, MAX_ASKED_MS);
    return -1;
}

/* X-RateLimit-Reset is a moment: RFC 3339, or seconds since 1970. */
static int64_t rate_limit_reset(const char *value, int64_t now_ms)
{
    int64_t until;
    if (cs_time_parse(value, &until, NULL) != CS_OK) {
        until = 0;
        for (const char *at = value; cs_ascii_is_digit(*at); at++)
            until = clamp(until * 10 + (*at - '0'), 0, INT64_C(1) << 40);
        until *= 1000;
    }
    if (until <= 0)
        return -1;
    return clamp(until - now_ms, MIN_ASKED_MS, MAX_ASKED_MS);
}

static int64_t asked_wait(const struct cs_retry_outcome *outcome,
                          int64_t now_ms)
{
    int64_t wait = -1;
    if (outcome->retry_after)
        wait = cs_retry_after(outcome->retry_after, now_ms);
    if (wait < 0 && outcome->x_ratelimit_reset)
        wait = rate_limit_reset(outcome->x_ratelimit_reset, now_ms);
    return wait;
}

static int64_t doubling_wait(int64_t first_ms, unsigned attempt, double jitter)
{
    int64_t wait = first_ms;
    for (unsigned i = 1; i < attempt && wait < MAX_DELAY_MS; i++)
        wait *= 2;
    if (wait > MAX_DELAY_MS)
        wait = MAX_DELAY_MS;
    return (int64_t)((double)wait * (0.7 + 0.6 * jitter) + 0.5);
}

static struct cs_retry_decision again(const struct cs_retry_state *state,
                                      unsigned max_attempts, int64_t wait_ms,
                                      bool throttled)
{
    struct cs_retry_decision decision = {.throttled = throttled};
    if (state->attempt >= max_attempts ||
        wait_ms > state->budget_ms - state->waited_ms) {
        decision.action = CS_RETRY_GIVE_UP;
        return decision;
    }
    decision.action = CS_RETRY_AGAIN;
    decision.wait_ms = wait_ms;
    return decision;
}

static struct cs_retry_decision throttled(
    const struct cs_retry_outcome *outcome, const struct cs_retry_state *state)
{
    int64_t wait = asked_wait(outcome, state->now_ms);
    /* A little more than was asked for, so that several clients that were
     * told the same moment do not come back in the same moment. */
    if (wait >= 0)
        wait += (int64_t)((double)wait * 0.1 * state->jitter);
    else
        wait = doubling_wait(outcome->http_status == 429 ? 5000 : 1000,
                             state->attempt, state->jitter);
    return again(state, CS_RETRY_THROTTLE_ATTEMPTS, wait, true);
}

static struct cs_retry_decision failed(const struct cs_retry_state *state,
                                       unsigned max)
{
    if (!state->reached && state->patient)
        max = CS_RETRY_PATIENT_ATTEMPTS;
    else if (!state->reached && max > 2)
        max = 2;
    return again(state, max, doubling_wait(1000, state->attempt, state->jitter),
                 false);
}

struct cs_retry_decision cs_retry_decide(const struct cs_retry_outcome *outcome,
                                         const struct cs_retry_state *state)
{
    long status = outcome->http_status;
    if (outcome->transfer == CS_TRANSFER_BROKEN)
        return failed(state, CS_RETRY_ATTEMPTS);
    if (outcome->transfer == CS_TRANSFER_FAILED)
        return (struct cs_retry_decision){.action = CS_RETRY_GIVE_UP};
    if (status == 429 || status == 503 ||
        (status == 403 && outcome->retry_after))
        return throttled(outcome, state);
    if (status == 408 || status >= 500)
        return failed(state, state->max_attempts ? state->max_attempts
                                                 : CS_RETRY_ATTEMPTS);
    return (struct cs_retry_decision){.action = CS_RETRY_DONE};
}

void cs_bucket_init(struct cs_bucket *bucket, double rate, int64_t now_ms)
{
    *bucket = (struct cs_bucket){
        .rate = rate, .tokens = rate > 1 ? rate : 1, .at_ms = now_ms};
}

int64_t cs_bucket_take(struct cs_bucket *bucket, int64_t now_ms)
{
    if (bucket->rate <= 0)
        return 0;
    double burst = bucket->rate > 1 ? bucket->rate : 1;
    if (now_ms > bucket->at_ms) {
        bucket->tokens +=
            (double)(now_ms - bucket->at_ms) / 1000.0 * bucket->rate;
        bucket->at_ms = now_ms;
    }
    if (bucket->tokens > burst)
        bucket->tokens = burst;
    if (bucket->tokens >= 1) {
        bucket->tokens -= 1;
        return 0;
    }
    return (int64_t)((1 - bucket->tokens) / bucket->rate * 1000.0) + 1;
}
