/*
 * Connections that wait: delayed answers and hangs. One thread resumes each
 * when its time has come, so a slow answer never blocks the others.
 */
#include "tests/fake/server.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <time.h>

struct wait_entry {
    int64_t due; /* monotonic, ms */
    struct MHD_Connection *connection;
};

struct fk_waits {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct wait_entry *entries;
    size_t count;
    size_t cap;
    bool stop;
};

static int64_t monotonic_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Resume what is due; returns the time of the next one or -1. */
static int64_t resume_due(struct fk_waits *w, int64_t now)
{
    int64_t next = -1;
    size_t kept = 0;

    for (size_t i = 0; i < w->count; i++) {
        struct wait_entry e = w->entries[i];

        if (e.due <= now || w->stop) {
            MHD_resume_connection(e.connection);
            continue;
        }
        if (next < 0 || e.due < next)
            next = e.due;
        w->entries[kept++] = e;
    }
    w->count = kept;
    return next;
}

static void *wait_loop(void *arg)
{
    struct fk_waits *w = arg;

    pthread_mutex_lock(&w->lock);
    while (!w->stop) {
        int64_t next = resume_due(w, monotonic_ms());

        if (next < 0) {
            pthread_cond_wait(&w->wake, &w->lock);
        } else {
            struct timespec until = {.tv_sec = next / 1000,
                                     .tv_nsec = next % 1000 * 1000000};

            pthread_cond_timedwait(&w->wake, &w->lock, &until);
        }
    }
    (void)resume_due(w, 0);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct fk_waits *fk_waits_new(void)
{
    struct fk_waits *w = fk_alloc(sizeof(*w));
    pthread_condattr_t attr;

    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&w->thread, NULL, wait_loop, w) != 0) {
        fputs("cs-fake-confluence: cannot start a thread\n", stderr);
        exit(70);
    }
    return w;
}

void fk_waits_add(struct fk_waits *w, struct MHD_Connection *connection,
                  long ms)
{
    pthread_mutex_lock(&w->lock);
    if (w->count == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 32;
        w->entries = fk_realloc(w->entries, w->cap * sizeof(*w->entries));
    }
    w->entries[w->count++] =
        (struct wait_entry){monotonic_ms() + ms, connection};
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

void fk_waits_free(struct fk_waits *w)
{
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    free(w->entries);
    free(w);
}
