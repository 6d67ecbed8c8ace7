/*
 * retry.h - what to do after an exchange: done, once more, or give up.
 *
 * Pure policy: no clock, no randomness and no network of its own, so that each
 * rule is a test of one line. The rules:
 *
 *   429, 503, 403 with Retry-After   the host asks for a pause; it holds for
 *                                    all transfers. Retry-After in either form,
 *                                    else X-RateLimit-Reset, clamped to
 *                                    1..120 s; with neither, doubling from 5 s
 *                                    (429) or 1 s to 60 s
 *   408, other 5xx, broken transfers this request alone waits, doubling from
 *                                    1 s to 60 s, at most CS_RETRY_ATTEMPTS
 *   anything else                    done
 *
 * A run has a budget of waiting. When it is spent the next wait is refused.
 */
#ifndef CS_SRC_RETRY_H
#define CS_SRC_RETRY_H

#include "src/cs.h"

#define CS_RETRY_ATTEMPTS          5
#define CS_RETRY_THROTTLE_ATTEMPTS 10
#define CS_RETRY_PATIENT_ATTEMPTS  7 /* about a minute */

/* How the transfer itself went, below HTTP. */
enum cs_transfer {
    CS_TRANSFER_ANSWERED, /* there is a complete answer */
    CS_TRANSFER_BROKEN,   /* refused, reset, timed out, cut: may pass */
    CS_TRANSFER_FAILED    /* certificate, address, ...: will not pass */
};

struct cs_retry_outcome {
    enum cs_transfer transfer;
    long http_status;              /* when answered */
    const char *retry_after;       /* header value, or NULL */
    const char *x_ratelimit_reset; /* header value, or NULL */
};

struct cs_retry_state {
    unsigned attempt;      /* the one that just ended, from 1 */
    unsigned max_attempts; /* answered 5xx; 0: CS_RETRY_ATTEMPTS */
    bool reached;          /* the host has answered before in this run */
    bool patient;          /* nobody waits, a minute more is nothing */
    int64_t waited_ms;     /* so far in this run */
    int64_t budget_ms;     /* of the run */
    int64_t now_ms;        /* wall time, for dates in headers */
    double jitter;         /* 0 to 1, from anywhere */
};

enum cs_retry_action { CS_RETRY_DONE, CS_RETRY_AGAIN, CS_RETRY_GIVE_UP };

struct cs_retry_decision {
    enum cs_retry_action action;
    int64_t wait_ms; /* before the next attempt */
    bool throttled;  /* the host asked for it: pause all, send less */
};

/* Judge the exchange that just ended. A host that was never reached gets one
 * more attempt only: its address is probably wrong. Where nobody waits it may
 * also be that the network is not there yet, as after a sleep. */
struct cs_retry_decision cs_retry_decide(const struct cs_retry_outcome *outcome,
                                         const struct cs_retry_state *state);

/* The wait that Retry-After asks for, in milliseconds, clamped to 1..120 s; -1
 * when the value can not be read. */
int64_t cs_retry_after(const char *value, int64_t now_ms);

/* A token bucket: at most `rate` requests a second over time, with bursts of
 * up to one second's worth. */
struct cs_bucket {
    double rate; /* 0: no limit */
    double tokens;
    int64_t at_ms;
};

/* A full bucket; `now_ms` is monotonic time. */
void cs_bucket_init(struct cs_bucket *bucket, double rate, int64_t now_ms);

/* Take a token and return 0, or return the milliseconds until there is one. */
int64_t cs_bucket_take(struct cs_bucket *bucket, int64_t now_ms);

#endif
