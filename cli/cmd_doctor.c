/*
 * cmd_doctor.c - is everything as it should be, and if not, what to do.
 */
#include "cli/commands.h"

#include "cli/doctor.h"

#include <unistd.h>

struct doctor_args {
    bool json, offline;
};

static void see_config(struct cs_doctor *doctor)
{
    struct cs_app *app = doctor->app;
    struct cs_error err = CS_ERROR_INIT;
    doctor->what = "configuration";
    if (cs_app_open_config(app, &err) ||
        (cs_config_n_sources(app->config) == 0 &&
         cs_config_no_source(app->config, &err))) {
        cs_doctor_blame(doctor, &err);
        return;
    }
    size_t n = cs_config_n_sources(app->config);
    const char *path = cs_config_path(app->config);
    bool file = access(path, F_OK) == 0;
    cs_doctor_good(doctor, "%zu source%s, %s%s", n, n == 1 ? "" : "s",
                   file ? path : "from the environment alone; no ",
                   file ? "" : path);
}

static void examine(struct cs_doctor *doctor, bool offline)
{
    struct cs_app *app = doctor->app;
    see_config(doctor);
    if (!app->config)
        return;
    for (size_t i = 0; i < cs_config_n_sources(app->config); i++)
        cs_doctor_see_source(doctor, cs_config_source(app->config, i), offline);
    cs_doctor_see_folder(doctor);
    cs_doctor_see_disk(doctor);
    cs_doctor_see_index(doctor);
    cs_doctor_see_timer(doctor);
}

static enum cs_status conclude(struct cs_doctor *doctor, struct cs_error *err)
{
    size_t n = doctor->counts[CS_DOCTOR_PROBLEM];
    enum cs_status status = doctor->failure;
    if (doctor->json) {
        cs_printer_number(&doctor->printer, doctor->printer.root, "problems",
                          (double)n);
        status = cs_printer_finish(&doctor->printer, doctor->app, err);
    } else if (status) {
        return cs_error_set(err, status, "output");
    }
    if (status || n == 0)
        return status;
    (void)cs_error_set(err, CS_ERR_PARTIAL, "%zu problem%s", n,
                       n == 1 ? "" : "s");
    cs_error_hint(err, "each line says what to do");
    return CS_ERR_PARTIAL;
}

static enum cs_status run(struct cs_app *app, const void *args,
                          CS_UNUSED int n_words, CS_UNUSED char **words,
                          struct cs_error *err)
{
    const struct doctor_args *options = args;
    struct cs_doctor doctor = {.app = app, .json = options->json};
    cs_printer_start(&doctor.printer, "doctor");
    doctor.checks =
        cs_printer_array(&doctor.printer, doctor.printer.root, "checks");
    examine(&doctor, options->offline);
    enum cs_status status = conclude(&doctor, err);
    cs_printer_clear(&doctor.printer);
    return status;
}

#define ARG(member) offsetof(struct doctor_args, member)

static const struct cs_option options[] = {
    {0, "offline", CS_OPTION_FLAG, ARG(offline), NULL,
     "ask no site; look at this machine only", 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_doctor = {
    .name = "doctor",
    .summary = "Find out what is wrong, and what to do about it",
    .synopsis = "[OPTION...]",
    .example = "cs doctor",
    .about =
        "Looks at configuration, credential, site, clock, rights, disk and\n"
        "index, and changes nothing. The exit status is 3 for a problem.",
    .needs = CS_NEED_NOTHING,
    .options = options,
    .args_size = sizeof(struct doctor_args),
    .run = run,
};
