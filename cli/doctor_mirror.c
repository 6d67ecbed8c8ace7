/*
 * doctor_mirror.c - the folder, the disk below it, and the index.
 */
#include "cli/doctor.h"

#include "cli/age.h"
#include "index/stats.h"
#include "index/upkeep/check.h"
#include "src/file.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Under this a sync of a large site may not end. */
#define ROOM_MIN ((uint64_t)200 << 20)

void cs_doctor_see_folder(struct cs_doctor *doctor)
{
    const char *root = cs_config_root(doctor->app->config);
    const char *index_dir = cs_config_index_dir(doctor->app->config);
    struct cs_error err = CS_ERROR_INIT;
    struct stat st;
    doctor->what = "folder";
    if (stat(root, &st)) {
        if (errno == ENOENT)
            cs_doctor_tell(doctor, CS_DOCTOR_ADVICE, "run cs sync",
                           "%s is not there yet", root);
        else
            cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM,
                           "check the path and its permissions", "%s: %s", root,
                           strerror(errno));
        return;
    }
    if (!S_ISDIR(st.st_mode) || access(root, R_OK | W_OK | X_OK))
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM,
                       "make it a folder that you may write to, or set another "
                       "root",
                       "%s: %s", root,
                       S_ISDIR(st.st_mode) ? strerror(errno) : "is no folder");
    else if (cs_file_check_local(index_dir ? index_dir : root, &err))
        cs_doctor_blame(doctor, &err);
    else if (st.st_mode & (S_IRWXG | S_IRWXO))
        cs_doctor_tell(doctor, CS_DOCTOR_ADVICE, "chmod 700 it",
                       "%s is open to others (mode %03o)", root,
                       (unsigned)st.st_mode & 0777);
    else
        cs_doctor_good(doctor, "%s", root);
}

/* Where the mirror is, or will be. */
static bool look_at_disk(const char *path, struct statvfs *ret)
{
    char folder[4096];
    if (strlen(path) >= sizeof(folder))
        return false;
    (void)snprintf(folder, sizeof(folder), "%s", path);
    while (statvfs(folder, ret)) {
        char *slash = strrchr(folder, '/');
        if (!slash || errno != ENOENT)
            return false;
        slash[slash == folder] = '\0';
    }
    return true;
}

void cs_doctor_see_disk(struct cs_doctor *doctor)
{
    struct cs_strbuf size CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    struct statvfs disk;
    doctor->what = "disk";
    if (!look_at_disk(cs_config_root(doctor->app->config), &disk)) {
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM, "check the path", "%s: %s",
                       cs_config_root(doctor->app->config), strerror(errno));
        return;
    }
    uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
    cs_size_put((int64_t)room, &size);
    if (room < ROOM_MIN)
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM,
                       "make room: what does not fit is not mirrored",
                       "the disk of the mirror is full: %s left", size.data);
    else if (disk.f_files > 0 && disk.f_favail < 1000)
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM,
                       "remove files that nobody needs",
                       "the disk of the mirror takes only %ju files more",
                       (uintmax_t)disk.f_favail);
    else
        cs_doctor_good(doctor, "%s left", size.data);
}

/* ---- the index ---- */

static void see_finding(void *payload, const struct cs_finding *finding)
{
    struct cs_doctor *doctor = payload;
    if (finding->severity == CS_CHECK_PROBLEM)
        cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM,
                       finding->fixable ? "run cs maintenance" : CS_DB_WAY_BACK,
                       "%s", finding->message);
}

/* The checks that look at the database alone. */
static void check_index(struct cs_doctor *doctor)
{
    static const char *const tasks[] = {"intents", "database", "index-entries",
                                        "dangling-rows"};
    struct cs_error err = CS_ERROR_INIT;
    struct cs_check_summary summary;
    const struct cs_check_options options = {.mode = CS_CHECK_DRY_RUN,
                                             .only = tasks,
                                             .n_only = CS_ARRAY_LEN(tasks),
                                             .found = see_finding,
                                             .payload = doctor};
    if (cs_check_run(doctor->app->index, &options, &summary, &err))
        cs_doctor_blame(doctor, &err);
}

static void see_age(struct cs_doctor *doctor, const struct cs_stats *stats)
{
    struct cs_strbuf age CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    int64_t now = cs_clock_now(doctor->app->clock);
    doctor->what = "freshness";
    for (size_t i = 0; i < stats->n_sources; i++) {
        const struct cs_stats_source *source = &stats->sources[i];
        doctor->where = source->name;
        cs_strbuf_reset(&age);
        cs_age_put(now, source->last_success, &age);
        if (source->last_success == 0)
            cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM, "run cs sync",
                           "was never synced to its end");
        else if (cs_age_is_stale(now, source->last_success, CS_STALE_AFTER_MS))
            cs_doctor_tell(doctor, CS_DOCTOR_PROBLEM, "run cs sync",
                           "last synced %s", age.data);
        else
            cs_doctor_good(doctor, "last synced %s", age.data);
        if (source->failed > 0)
            cs_doctor_tell(doctor, CS_DOCTOR_ADVICE, "cs status names them",
                           "%" PRId64 " documents could not be fetched",
                           source->failed);
    }
    doctor->where = NULL;
}

void cs_doctor_see_index(struct cs_doctor *doctor)
{
    struct cs_app *app = doctor->app;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)64 << 20);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_stats stats = {0};
    doctor->what = "index";
    enum cs_status status = cs_app_open_index(app, CS_DB_READ, true, &err);
    if (status == CS_ERR_NO_INDEX) {
        cs_doctor_tell(doctor, CS_DOCTOR_ADVICE, "run cs sync",
                       "nothing was synced yet");
        return;
    }
    size_t before = doctor->counts[CS_DOCTOR_PROBLEM];
    if (!status && !arena)
        status = cs_error_no_memory(&err);
    if (!status)
        check_index(doctor);
    if (!status)
        status = cs_stats_read(app->index, arena, &stats, &err);
    bool whole = doctor->counts[CS_DOCTOR_PROBLEM] == before;
    if (status && whole)
        cs_doctor_blame(doctor, &err);
    else if (whole)
        cs_doctor_good(doctor, "whole, %" PRId64 " documents", stats.documents);
    if (!status)
        see_age(doctor, &stats);
}
