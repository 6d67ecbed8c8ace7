/*
 * fake_clock.c - time stands still but for sleeping, or moves in steps.
 */
#include "tests/lib/fake_clock.h"

static int64_t fake_now(void *ctx)
{
    return ((struct fake_clock *)ctx)->wall_ms;
}

static int64_t fake_mono(void *ctx)
{
    struct fake_clock *fake = ctx;
    fake->mono_ms += fake->step_ms;
    return fake->mono_ms;
}

static void fake_sleep(void *ctx, int64_t ms)
{
    struct fake_clock *fake = ctx;
    if (ms < 0)
        return;
    fake->wall_ms += ms;
    fake->mono_ms += ms;
    fake->slept_ms += ms;
}

void fake_clock_init(struct fake_clock *fake)
{
    *fake =
        (struct fake_clock){.wall_ms = INT64_C(1778051289000), .mono_ms = 5000};
    fake->clock = (struct cs_clock){.now_ms = fake_now,
                                    .mono_ms = fake_mono,
                                    .sleep_ms = fake_sleep,
                                    .ctx = fake};
}
