/*
 * http.c - which request runs when: jobs, rate, pauses, attempts, cancel.
 *
 * A request is in one of three lists: queued (waiting for a slot, a token of
 * the bucket, or the end of a pause), flying (libcurl has it), finished (its
 * callback is due). turn() moves requests along these lists once; everything
 * else is waiting for the next turn. Before callbacks run, the slots that
 * became free are filled, so that the line stays busy while they work.
 */
#include "src/http.h"

#include "src/http_transfer.h"
#include "src/library.h"
#include "src/text.h"

#include <stdlib.h>
#include <sys/random.h>

#define CANCEL_CHECK_MS       100
#define SUCCESSES_FOR_ONE_JOB 20

struct list {
    struct cs_http_transfer *head, *tail;
    size_t n;
};

struct cs_http {
    struct cs_http_setup setup;
    CURLM *multi;
    CURL *idle[CS_HTTP_MAX_JOBS];
    size_t n_idle;
    struct list queued, flying, finished;

    unsigned allowed, successes; /* jobs at present, and on the way to more */
    struct cs_bucket bucket;
    int64_t paused_until;  /* the host asked for it */
    int64_t waiting_until; /* what is already counted as waited */
    int64_t wake_at;       /* when a queued request may start */
    uint64_t random;
    bool reached;
    struct cs_http_stats stats;
};

static void push(struct list *list, struct cs_http_transfer *transfer)
{
    transfer->next = NULL;
    if (list->tail)
        list->tail->next = transfer;
    else
        list->head = transfer;
    list->tail = transfer;
    list->n++;
}

static void take_out(struct list *list, struct cs_http_transfer *transfer)
{
    struct cs_http_transfer *before = NULL, *at = list->head;
    while (at && at != transfer) {
        before = at;
        at = at->next;
    }
    if (!at)
        return;
    if (before)
        before->next = at->next;
    else
        list->head = at->next;
    if (list->tail == at)
        list->tail = before;
    list->n--;
}

static int64_t mono(const struct cs_http *http)
{
    return cs_clock_mono(http->setup.options.clock);
}

/* xorshift64: the spread of waits needs no better. */
static double jitter(struct cs_http *http)
{
    http->random ^= http->random << 13;
    http->random ^= http->random >> 7;
    http->random ^= http->random << 17;
    return (double)(http->random >> 11) / 9007199254740992.0;
}

enum cs_status cs_http_new(const struct cs_http_options *options,
                           struct cs_http **ret, struct cs_error *err)
{
    enum cs_status status = cs_library_curl(err);
    if (status)
        return status;
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return cs_error_no_memory(err);
    struct cs_http *http = calloc(1, sizeof(*http));
    if (!http) {
        curl_global_cleanup();
        return cs_error_no_memory(err);
    }
    status = cs_http_setup_init(&http->setup, options, err);
    if (!status) {
        http->multi = curl_multi_init();
        if (!http->multi)
            status = cs_error_no_memory(err);
    }
    if (status) {
        cs_http_free(http);
        return status;
    }
    long jobs = (long)http->setup.options.jobs;
    (void)curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, jobs);
    (void)curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, jobs + 1);
    http->allowed = http->setup.options.jobs;
    cs_bucket_init(&http->bucket, options->max_rps, mono(http));
    if (getrandom(&http->random, sizeof(http->random), 0) < 0 || !http->random)
        http->random = 88172645463325252u;
    *ret = http;
    return CS_OK;
}

/* Take the easy handle off a transfer and keep it for the next one. */
static void land(struct cs_http *http, struct cs_http_transfer *transfer)
{
    (void)curl_multi_remove_handle(http->multi, transfer->easy);
    http->idle[http->n_idle++] = transfer->easy;
    transfer->easy = NULL;
    take_out(&http->flying, transfer);
}

static void free_list(struct list *list)
{
    while (list->head) {
        struct cs_http_transfer *transfer = list->head;
        take_out(list, transfer);
        cs_http_transfer_free(transfer);
    }
}

void cs_http_free(struct cs_http *http)
{
    if (!http)
        return;
    while (http->flying.head) {
        struct cs_http_transfer *transfer = http->flying.head;
        land(http, transfer);
        cs_http_transfer_free(transfer);
    }
    free_list(&http->queued);
    free_list(&http->finished);
    while (http->n_idle > 0)
        curl_easy_cleanup(http->idle[--http->n_idle]);
    (void)curl_multi_cleanup(http->multi);
    cs_http_setup_clear(&http->setup);
    free(http);
    curl_global_cleanup();
}

/* What a server wrote into a "next" link ends up here, so look at it. */
static enum cs_status check_path(const char *path, struct cs_error *err)
{
    bool ok = path[0] == '/';
    for (const char *at = path; ok && *at; at++)
        ok = *at > 0x20 && *at < 0x7f;
    if (ok)
        return CS_OK;
    struct cs_strbuf brief CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    cs_url_put_brief(path, &brief);
    return cs_error_set(err, CS_ERR_PROTOCOL, "\"%s\" is no path of a URL",
                        brief.data);
}

enum cs_status cs_http_submit(struct cs_http *http,
                              const struct cs_http_request *request,
                              struct cs_error *err)
{
    enum cs_status status = check_path(request->path, err);
    if (status)
        return status;
    struct cs_strbuf url CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    if (request->absolute_path)
        cs_origin_put(&http->setup.origin, &url);
    else
        cs_strbuf_puts(&url, http->setup.options.base_url);
    cs_strbuf_puts(&url, request->path);
    status = cs_strbuf_status(&url, err);
    if (status)
        return status;
    struct cs_http_transfer *transfer =
        cs_http_transfer_new(&http->setup, url.data, request);
    if (!transfer)
        return cs_error_no_memory(err);
    push(&http->queued, transfer);
    return CS_OK;
}

static void drop_from(struct cs_http *http, struct list *list,
                      const void *payload)
{
    struct cs_http_transfer *next;
    for (struct cs_http_transfer *at = list->head; at; at = next) {
        next = at->next;
        if (at->payload != payload)
            continue;
        if (at->easy)
            land(http, at);
        else
            take_out(list, at);
        cs_http_transfer_free(at);
    }
}

void cs_http_cancel(struct cs_http *http, const void *payload)
{
    drop_from(http, &http->queued, payload);
    drop_from(http, &http->flying, payload);
    drop_from(http, &http->finished, payload);
}

size_t cs_http_pending(const struct cs_http *http)
{
    return http->queued.n + http->flying.n + http->finished.n;
}

void cs_http_stats(const struct cs_http *http, struct cs_http_stats *ret)
{
    *ret = http->stats;
}

static void finish(struct cs_http *http, struct cs_http_transfer *transfer,
                   CURLcode code)
{
    cs_http_verdict(transfer, code);
    push(&http->finished, transfer);
}

static void finish_with(struct cs_http *http, struct cs_http_transfer *transfer,
                        const struct cs_error *why)
{
    transfer->status = why->status;
    transfer->why = *why;
    push(&http->finished, transfer);
}

/* The host asked for a pause: it holds for all, and fewer jobs come back. */
static void throttle(struct cs_http *http, int64_t until, int64_t now)
{
    if (http->paused_until <= now && http->allowed > 1)
        http->allowed /= 2;
    http->successes = 0;
    if (until > http->paused_until)
        http->paused_until = until;
}

static void note_success(struct cs_http *http)
{
    http->reached = true;
    if (http->allowed >= http->setup.options.jobs)
        return;
    if (++http->successes >= SUCCESSES_FOR_ONE_JOB * http->allowed) {
        http->allowed++;
        http->successes = 0;
    }
}

static void tell_pause(const struct cs_http *http,
                       const struct cs_http_transfer *transfer,
                       const struct cs_retry_decision *decision)
{
    const struct cs_http_options *options = &http->setup.options;
    const struct cs_http_pause pause = {.wait_ms = decision->wait_ms,
                                        .asked = decision->throttled,
                                        .http_status = transfer->http_status};
    if (options->paused && pause.wait_ms > 0)
        options->paused(options->payload, &pause);
}

/* Back into the queue for another attempt. Waits that overlap count once. */
static void try_again(struct cs_http *http, struct cs_http_transfer *transfer,
                      const struct cs_retry_decision *decision)
{
    struct cs_error err = CS_ERROR_INIT;
    if (cs_http_transfer_rewind(transfer, &err)) {
        finish_with(http, transfer, &err);
        return;
    }
    int64_t now = mono(http), until = now + decision->wait_ms;
    int64_t counted = http->waiting_until > now ? http->waiting_until : now;
    if (until > counted) {
        http->stats.waited_ms += until - counted;
        http->waiting_until = until;
    }
    if (decision->throttled)
        throttle(http, until, now);
    tell_pause(http, transfer, decision);
    http->stats.retries++;
    transfer->not_before = until;
    push(&http->queued, transfer);
}

static const char *header_or_null(const struct cs_strbuf *value)
{
    return value->len ? value->data : NULL;
}

/* Every exchange ends here, and nowhere else. */
static void exchange_done(struct cs_http *http,
                          struct cs_http_transfer *transfer, CURLcode code)
{
    const struct cs_http_options *options = &http->setup.options;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE,
                            &transfer->http_status);
    if (code)
        transfer->http_status = 0; /* half an answer is none */
    land(http, transfer);
    http->stats.bytes += transfer->body.len;
    if (transfer->progressed) /* what was handed on is not asked for again */
        transfer->attempt = 1;
    struct cs_retry_outcome outcome = {
        .transfer = cs_http_verdict_transfer(code),
        .http_status = transfer->http_status,
        .retry_after = header_or_null(&transfer->retry_after),
        .x_ratelimit_reset = header_or_null(&transfer->rate_reset),
    };
    struct cs_retry_state state = {
        .attempt = transfer->attempt,
        .max_attempts = transfer->max_attempts,
        .reached = http->reached || !code,
        .patient = options->patient,
        .waited_ms = http->stats.waited_ms,
        .budget_ms = options->retry_budget_ms,
        .now_ms = cs_clock_now(options->clock),
        .jitter = jitter(http),
    };
    struct cs_retry_decision decision = cs_retry_decide(&outcome, &state);
    struct cs_error err = CS_ERROR_INIT;
    if (decision.action == CS_RETRY_AGAIN) {
        try_again(http, transfer, &decision);
    } else if (!code && cs_http_transfer_redirected(transfer)) {
        transfer->attempt--;
        if (cs_http_transfer_redirect(transfer, &err))
            finish_with(http, transfer, &err);
        else
            push(&http->queued, transfer);
    } else {
        if (decision.action == CS_RETRY_DONE)
            note_success(http);
        finish(http, transfer, code);
    }
}

static enum cs_status launch(struct cs_http *http,
                             struct cs_http_transfer *transfer,
                             struct cs_error *err)
{
    CURL *easy = http->n_idle ? http->idle[--http->n_idle]
                              : cs_http_easy_new(&http->setup);
    if (!easy)
        return cs_error_no_memory(err);
    enum cs_status status = cs_http_transfer_arm(transfer, easy, err);
    if (!status && curl_multi_add_handle(http->multi, easy))
        status = cs_error_no_memory(err);
    if (status) {
        http->idle[http->n_idle++] = easy;
        return status;
    }
    transfer->easy = easy;
    transfer->attempt++;
    http->stats.requests++;
    push(&http->flying, transfer);
    return CS_OK;
}

/* The first queued request that may start by now. Leaves in wake_at when the
 * next one may. */
static struct cs_http_transfer *find_ready(struct cs_http *http, int64_t now)
{
    http->wake_at = INT64_MAX;
    for (struct cs_http_transfer *at = http->queued.head; at; at = at->next) {
        int64_t when = at->not_before > http->paused_until ? at->not_before
                                                           : http->paused_until;
        if (when <= now)
            return at;
        if (when < http->wake_at)
            http->wake_at = when;
    }
    return NULL;
}

/* Fill free slots. True when something started. */
static bool start_ready(struct cs_http *http)
{
    bool started = false;
    http->wake_at = INT64_MAX;
    while (http->flying.n < http->allowed) {
        int64_t now = mono(http);
        struct cs_http_transfer *transfer = find_ready(http, now);
        if (!transfer)
            break;
        int64_t wait = cs_bucket_take(&http->bucket, now);
        if (wait > 0) {
            http->wake_at = now + wait;
            break;
        }
        struct cs_error err = CS_ERROR_INIT;
        take_out(&http->queued, transfer);
        if (launch(http, transfer, &err))
            finish_with(http, transfer, &err);
        started = true;
    }
    return started;
}

static void collect(struct cs_http *http)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(http->multi, &left))) {
        void *transfer = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        /* The message is gone once the handle is taken out. */
        CURLcode code = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
                                (char **)&transfer);
        exchange_done(http, transfer, code);
    }
}

static enum cs_status deliver(struct cs_http *http, struct cs_error *err)
{
    while (http->finished.head) {
        struct cs_http_transfer *transfer = http->finished.head;
        take_out(&http->finished, transfer);
        struct cs_http_response response = cs_http_transfer_response(transfer);
        enum cs_status status = transfer->done(
            transfer->payload, transfer->status,
            transfer->http_status ? &response : NULL, &transfer->why, err);
        cs_http_transfer_free(transfer);
        if (status)
            return status;
    }
    return CS_OK;
}

/* Fast servers answer within the second call already, so both collect. */
static enum cs_status turn(struct cs_http *http, struct cs_error *err)
{
    int running;
    (void)start_ready(http);
    CURLMcode code = curl_multi_perform(http->multi, &running);
    collect(http);
    if (!code && start_ready(http)) {
        code = curl_multi_perform(http->multi, &running);
        collect(http);
    }
    if (code)
        return cs_error_set(err, CS_ERR_INTERNAL, "libcurl: %s",
                            curl_multi_strerror(code));
    return deliver(http, err);
}

/* Wait for the next thing to do, but not for long: the cancel flag is looked
 * at between two calls. */
static void idle(struct cs_http *http)
{
    int64_t wait = CANCEL_CHECK_MS;
    if (http->wake_at != INT64_MAX) {
        int64_t until_wake = http->wake_at - mono(http);
        if (until_wake < wait)
            wait = until_wake > 0 ? until_wake : 0;
    }
    if (http->flying.n > 0)
        (void)curl_multi_poll(http->multi, NULL, 0, (int)wait, NULL);
    else
        cs_clock_sleep(http->setup.options.clock, wait);
}

enum cs_status cs_http_wait(struct cs_http *http, size_t until,
                            struct cs_error *err)
{
    const volatile sig_atomic_t *cancel = http->setup.options.cancel;
    for (;;) {
        if (cancel && *cancel)
            return cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
        enum cs_status status = turn(http, err);
        if (status || cs_http_pending(http) <= until)
            return status;
        if (!start_ready(http))
            idle(http);
    }
}
