/*
 * fake_clock.h - a clock that a test moves: sleeping takes no time.
 */
#ifndef CS_TESTS_LIB_FAKE_CLOCK_H
#define CS_TESTS_LIB_FAKE_CLOCK_H

#include "src/clock.h"

struct fake_clock {
    struct cs_clock clock; /* hand out &fake.clock */
    int64_t wall_ms, mono_ms;
    int64_t slept_ms; /* all in all */
    int64_t step_ms;  /* that monotonic time goes on each time it is read */
};

/* Start at 2026-05-06T07:08:09Z. The struct must not be moved afterwards. */
void fake_clock_init(struct fake_clock *fake);

#endif
