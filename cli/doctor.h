/*
 * doctor.h - one examination: what is looked at says how it is, and what to do.
 *
 * Each examiner looks at one thing and goes on whatever it finds, so that one
 * run names everything that is wrong. Nothing is changed by any of them.
 */
#ifndef CS_CLI_DOCTOR_H
#define CS_CLI_DOCTOR_H

#include "cli/printer.h"

enum cs_doctor_state {
    CS_DOCTOR_OK,
    CS_DOCTOR_ADVICE, /* works; could be better */
    CS_DOCTOR_PROBLEM,
    CS_DOCTOR_STATES
};

struct cs_doctor {
    struct cs_app *app;
    struct cs_printer printer;
    cJSON *checks;     /* in its tree */
    bool json;         /* nothing is printed before the end */
    const char *what;  /* is looked at now: "disk" */
    const char *where; /* in which source; NULL: in none */
    size_t counts[CS_DOCTOR_STATES];
    enum cs_status failure; /* of the output */
};

/* All is well; the text says what there is. */
void cs_doctor_good(struct cs_doctor *doctor, const char *fmt, ...)
    CS_PRINTF(2, 3);

/* Say what is so, and what to do about it. */
void cs_doctor_tell(struct cs_doctor *doctor, enum cs_doctor_state state,
                    const char *what_to_do, const char *fmt, ...)
    CS_PRINTF(4, 5);

/* A failure is a problem; its hint says what to do. */
void cs_doctor_blame(struct cs_doctor *doctor, const struct cs_error *why);

/* doctor_mirror.c: what lies on this machine. */
void cs_doctor_see_folder(struct cs_doctor *doctor);
void cs_doctor_see_disk(struct cs_doctor *doctor);
void cs_doctor_see_index(struct cs_doctor *doctor);

/* doctor_timer.c: what runs by itself. */
void cs_doctor_see_timer(struct cs_doctor *doctor);

/* doctor_site.c: what a source needs; offline, what of it is here. */
void cs_doctor_see_source(struct cs_doctor *doctor,
                          const struct cs_source_config *config, bool offline);

#endif
