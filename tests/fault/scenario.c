/*
 * scenario.c - the table, and the runs of the scripted source.
 *
 * Between `before` and `after`: an edit, a rename with children, a swap of
 * names, a move, a change of label, a new page that a link waits for, and one
 * that vanished.
 */
#include "tests/fault/scenario.h"

#include "tests/lib/script.h"

static const struct script_page before[] = {
    SCRIPT_PAGE("1", "Home", NULL, "Welcome", 1, "Runbook", NULL),
    SCRIPT_PAGE("2", "Runbook", "1", "Restart the pump", 1, NULL, "ops"),
    SCRIPT_PAGE("3", "On call", "2", "Ask Ada", 1, "Later", NULL),
    SCRIPT_PAGE("4", "A", "1", "text of four", 1, NULL, NULL),
    SCRIPT_PAGE("5", "B", "1", "text of five", 1, "Runbook", NULL),
    SCRIPT_PAGE("6", "Old", "1", "will vanish", 1, NULL, NULL),
    SCRIPT_PAGE("8", "Rota", "4", "this week", 1, NULL, NULL),
};

static const struct script_page after[] = {
    SCRIPT_PAGE("1", "Home", NULL, "Welcome again", 2, "Runbook", NULL),
    SCRIPT_PAGE("2", "Manual", "1", "Restart the pump", 2, NULL, "pumps"),
    SCRIPT_PAGE("3", "On call", "2", "Ask Ada", 1, "Later", NULL),
    SCRIPT_PAGE("4", "B", "1", "text of four", 2, NULL, NULL),
    SCRIPT_PAGE("5", "A", "1", "text of five", 2, "Runbook", NULL),
    SCRIPT_PAGE("7", "Later", "1", "new", 1, NULL, NULL),
    SCRIPT_PAGE("8", "Rota", "2", "this week", 1, NULL, NULL),
};

static enum cs_status sync_pages(struct sandbox *box,
                                 const struct script_page *pages, size_t n,
                                 struct cs_error *err)
{
    struct cs_run_summary summary;
    return script_try(box, pages, n, &summary, err);
}

enum cs_status fault_sync_before(struct sandbox *box, struct cs_error *err)
{
    return sync_pages(box, before, CS_ARRAY_LEN(before), err);
}

enum cs_status fault_sync_after(struct sandbox *box, struct cs_error *err)
{
    return sync_pages(box, after, CS_ARRAY_LEN(after), err);
}

/* A file at a wanted path that may not be read is somebody else's, and the
 * document keeps clear of it from then on. */
#define UNREADABLE "EACCES"
/* A credential that is refused people's names only shows ids in their place. */
#define REFUSED "401"

static const struct fault_scenario scenarios[] = {
    {"full", false, NULL, fault_sync_after, NULL},
    {"incremental", false, fault_sync_before, fault_sync_after, NULL},
    {"replay", false, fault_prepare_killed, fault_sync_after, NULL},
    {"migrate", false, fault_prepare_version_1, fault_sync_after, NULL},
    {"migrate-2", false, fault_prepare_version_2, fault_sync_after, NULL},
    {"migrate-3", false, fault_prepare_version_3, fault_sync_after, NULL},
    {"reindex-old", false, fault_prepare_version_3, fault_reindex, NULL},
    {"lost", false, fault_prepare_lost, fault_sync_after, UNREADABLE},
    {"mend", false, fault_prepare_damaged, fault_check_and_fix, NULL},
    {"reconvert", false, fault_sync_before, fault_reconvert, NULL},
    {"reindex", false, fault_sync_before, fault_reindex, NULL},
    {"optimize", false, fault_sync_before, fault_optimize, NULL},
    {"backup", false, fault_sync_before, fault_backup, NULL},
    {"search", false, fault_prepare_search, fault_search, NULL},
    {"deletions", false, fault_sync_all, fault_sync_deleted, NULL},
    {"return", false, fault_prepare_deleted, fault_sync_all, NULL},
    {"restore", false, fault_prepare_deleted, fault_restore, NULL},
    {"purge", false, fault_prepare_deleted, fault_purge, NULL},
    {"expire", false, fault_prepare_deleted, fault_expire, NULL},
    {"files-full", false, NULL, fault_files_after, NULL},
    {"files", false, fault_files_before, fault_files_after, NULL},
    {"files-replay", false, fault_prepare_unshifted, fault_files_after, NULL},
    {"site-full", true, fault_site_start, fault_site_sync, REFUSED},
    {"site-changes", true, fault_site_sync_and_change, fault_site_sync,
     REFUSED},
};

const struct fault_scenario *fault_scenario(size_t i)
{
    return i < CS_ARRAY_LEN(scenarios) ? &scenarios[i] : NULL;
}
