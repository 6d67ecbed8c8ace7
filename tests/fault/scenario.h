/*
 * scenario.h - the runs that are failed, one row of a table each.
 *
 * A scenario makes a state, and does something to it that may be failed at
 * any point and then done again. To add one is to write these two functions
 * and a row in scenario.c.
 */
#ifndef CS_TESTS_FAULT_SCENARIO_H
#define CS_TESTS_FAULT_SCENARIO_H

#include "src/error.h"
#include "tests/fault/inject.h"
#include "tests/lib/sandbox.h"

struct fault_scenario {
    const char *name;
    bool network; /* needs the sample server; has points of the kind http */
    /* The state before, in an empty sandbox, without faults; may be NULL. */
    enum cs_status (*prepare)(struct sandbox *box, struct cs_error *err);
    /* What is failed. Done again without a fault it must succeed, and lead to
     * the same state from wherever the fault left things. */
    enum cs_status (*run)(struct sandbox *box, struct cs_error *err);
    const char *skip; /* an action that makes a lasting difference */
};

/* The table; NULL behind its end. */
const struct fault_scenario *fault_scenario(size_t i);

/* scenario_site.c: runs of the real connector against the sample server, which
 * is started for each preparation and ends with this process. */
void fault_site_use(const char *program, const char *folder);
bool fault_site_is_there(void);
enum cs_status fault_site_start(struct sandbox *box, struct cs_error *err);
enum cs_status fault_site_sync(struct sandbox *box, struct cs_error *err);
enum cs_status fault_site_sync_and_change(struct sandbox *box,
                                          struct cs_error *err);

/* scenario_mirror.c: what maintenance does. */
enum cs_status fault_prepare_killed(struct sandbox *box, struct cs_error *err);
enum cs_status fault_prepare_damaged(struct sandbox *box, struct cs_error *err);
enum cs_status fault_prepare_lost(struct sandbox *box, struct cs_error *err);
/* An index of that schema, as an older program left it. */
enum cs_status fault_prepare_version_1(struct sandbox *box,
                                       struct cs_error *err);
enum cs_status fault_prepare_version_2(struct sandbox *box,
                                       struct cs_error *err);
enum cs_status fault_prepare_version_3(struct sandbox *box,
                                       struct cs_error *err);
enum cs_status fault_check_and_fix(struct sandbox *box, struct cs_error *err);
enum cs_status fault_reindex(struct sandbox *box, struct cs_error *err);
enum cs_status fault_optimize(struct sandbox *box, struct cs_error *err);
enum cs_status fault_backup(struct sandbox *box, struct cs_error *err);
enum cs_status fault_reconvert(struct sandbox *box, struct cs_error *err);

/* scenario_search.c: what is found is what was found before. */
enum cs_status fault_prepare_search(struct sandbox *box, struct cs_error *err);
enum cs_status fault_search(struct sandbox *box, struct cs_error *err);

/* scenario_gone.c: all pages; some of them deleted; what maintenance does with
 * those. */
enum cs_status fault_sync_all(struct sandbox *box, struct cs_error *err);
enum cs_status fault_sync_deleted(struct sandbox *box, struct cs_error *err);
enum cs_status fault_prepare_deleted(struct sandbox *box, struct cs_error *err);
enum cs_status fault_restore(struct sandbox *box, struct cs_error *err);
enum cs_status fault_purge(struct sandbox *box, struct cs_error *err);
enum cs_status fault_expire(struct sandbox *box, struct cs_error *err);

/* scenario_files.c: attachments, comments and folders, before and after. */
enum cs_status fault_files_before(struct sandbox *box, struct cs_error *err);
enum cs_status fault_files_after(struct sandbox *box, struct cs_error *err);
enum cs_status fault_prepare_unshifted(struct sandbox *box,
                                       struct cs_error *err);

/* scenario.c: the scripted source before and after it changed. */
enum cs_status fault_sync_before(struct sandbox *box, struct cs_error *err);
enum cs_status fault_sync_after(struct sandbox *box, struct cs_error *err);

#endif
