/*
 * doctor_timer.c - does anything bring the mirror up to date by itself?
 */
#include "cli/doctor.h"

#include "cli/scheduler.h"

#include <unistd.h>

static void tell_failed(struct cs_doctor *doctor,
                        const struct cs_scheduler *timer)
{
    struct cs_strbuf why CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    cs_scheduler_put_outcome(timer, &why);
    cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM, "see cs scheduler logs",
                   "the last run failed: %s", why.data);
}

/* Where no timer can be had, cron may well do it: nobody is blamed. */
void cs_doctor_see_timer(struct cs_doctor *doctor)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_scheduler timer = {0};
    const char *enable = "run cs scheduler enable";
    doctor->what = "timer";
    if (!arena || cs_scheduler_read(arena, &timer, &err)) {
        cs_doctor_blame(doctor, &err);
        return;
    }
    if (timer.manager != CS_MANAGER_RUNS && !timer.enabled)
        return;
    cs_scheduler_put_line(&timer, cs_clock_now(doctor->app->clock), &line);
    if (timer.manager != CS_MANAGER_RUNS)
        cs_doctor_tell(doctor, CS_DOCTOR_ADVICE,
                       "to have it run always: loginctl enable-linger", "%s",
                       line.data);
    else if (!timer.enabled)
        cs_doctor_tell(doctor, CS_DOCTOR_ADVICE, enable,
                       "nothing brings the mirror up to date by itself");
    else if (!timer.active)
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM, enable, "%s", line.data);
    else if (timer.program && access(timer.program, X_OK) != 0)
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM, enable,
                       "its program is not there any more: %s", timer.program);
    else if (cs_scheduler_failed(&timer))
        tell_failed(doctor, &timer);
    else
        cs_doctor_good(doctor, "%s", line.data);
}
