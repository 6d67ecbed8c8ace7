/*
 * chores.c - what is due now and then: old logs, an index in many pieces, a
 * large write-ahead log; and all of it at once, as `optimize`.
 */
#include "index/upkeep/fulltext.h"
#include "index/words/lexicon.h"
#include "src/path.h"
#include "src/text.h"

#include <sys/stat.h>

/* More pieces than this make searching slow; FTS5 itself joins 16 of a size. */
enum { PIECES_MAX = 16 };
/* Outside of the largest piece: blocks that do not matter, and a share. */
enum { REST_MIN = 256, REST_PERCENT = 20 };
/* Of a file, unused pages that do not matter. */
enum { UNUSED_PERCENT = 4, UNUSED_MIN = 256 };

static enum cs_status report_chore(struct cs_check *check, int step,
                                   const char *message, const char *action,
                                   int64_t bytes, struct cs_error *err)
{
    struct cs_check_item item = {.finding = {.severity = CS_CHECK_CHORE,
                                             .message = message,
                                             .action = action,
                                             .bytes = bytes,
                                             .fixable = true},
                                 .step = step};
    return cs_check_report(check, &item, err);
}

/* The folder of the logs; NULL when there is none. */
static enum cs_status open_logs(struct cs_check *check, struct cs_dir **ret,
                                struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct stat st;
    *ret = NULL;
    cs_path_join(&path, cs_index_root(check->index), "logs");
    enum cs_status status = cs_strbuf_status(&path, err);
    if (status || lstat(path.data, &st) != 0 || !S_ISDIR(st.st_mode))
        return status;
    return cs_dir_open(path.data, ret, err);
}

struct log_walk {
    struct cs_check *check;
    struct cs_dir *dir;
    char before[CS_TIME_TEXT_SIZE]; /* the first day to keep */
};

/* Only names that the log gives: sync_YYYYMMDD.log. */
static bool is_old_log(const struct log_walk *walk, const char *name)
{
    const char *day = name + strlen("sync_");
    return cs_str_starts(name, "sync_") && strspn(day, "0123456789") == 8 &&
           strcmp(day + 8, ".log") == 0 && strncmp(day, walk->before, 8) < 0;
}

static enum cs_status visit_log(void *payload, const char *name,
                                enum cs_entry_kind kind, struct cs_error *err)
{
    const struct log_walk *walk = payload;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_strbuf full CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct stat st;
    if (kind != CS_ENTRY_FILE || !is_old_log(walk, name))
        return CS_OK;
    cs_path_join(&path, "logs", name);
    cs_path_join(&full, cs_dir_path(walk->dir), name);
    enum cs_status status = cs_strbuf_status(&full, err);
    if (status || stat(full.data, &st) != 0)
        return status;
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_CHORE,
                    .path = path.data,
                    .message = "is older than 30 days",
                    .action = "remove it",
                    .bytes = (int64_t)st.st_size,
                    .fixable = true},
        .name = name,
    };
    return cs_check_report(walk->check, &item, err);
}

_Static_assert(CS_LOG_DAYS == 30, "the message says so");

enum cs_status cs_check_find_logs(struct cs_check *check, struct cs_error *err)
{
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    int64_t now = cs_clock_now(cs_index_clock(check->index));
    struct log_walk walk = {.check = check};
    enum cs_status status = open_logs(check, &dir, err);
    if (status || !dir)
        return status;
    walk.dir = dir;
    cs_time_format_day(now - (int64_t)CS_LOG_DAYS * 24 * 3600 * 1000,
                       walk.before);
    return cs_dir_walk(dir, NULL, visit_log, &walk, err);
}

enum cs_status cs_check_fix_logs(struct cs_check *check,
                                 const struct cs_check_item *item,
                                 struct cs_error *err)
{
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    enum cs_status status = open_logs(check, &dir, err);
    return status || !dir ? status : cs_dir_remove(dir, item->name, err);
}

static enum cs_status report_pieces(struct cs_check *check, int64_t more_than,
                                    int step, struct cs_error *err)
{
    char message[80];
    int64_t pieces = 0, bytes = 0;
    enum cs_status status = cs_fulltext_size(check->db, &pieces, &bytes, err);
    if (status || pieces <= more_than)
        return status;
    (void)snprintf(message, sizeof(message),
                   "the full-text index is in %lld pieces", (long long)pieces);
    return report_chore(check, step, message, "join them", bytes, err);
}

/* What a first sync leaves is in many pieces, which repeat each other's words
 * and hold entries that others take back. So they are joined when they are
 * many, or when a good part lies outside of the largest. */
enum cs_status cs_check_find_merge(struct cs_check *check, struct cs_error *err)
{
    int64_t pieces = 0, blocks = 0, rest = 0;
    enum cs_status status =
        cs_fulltext_blocks(check->db, &pieces, &blocks, &rest, err);
    bool due = pieces > PIECES_MAX ||
               (rest > REST_MIN && rest > blocks * REST_PERCENT / 100);
    return status || !due ? status : report_pieces(check, 1, 0, err);
}

enum cs_status cs_check_fix_merge(struct cs_check *check,
                                  const struct cs_check_item *item,
                                  struct cs_error *err)
{
    (void)item;
    return cs_fulltext_join(check->db, err);
}

static int64_t log_size(struct cs_check *check)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct stat st;
    cs_strbuf_printf(&path, "%s-wal", cs_index_path(check->index));
    return path.status == CS_OK && stat(path.data, &st) == 0
               ? (int64_t)st.st_size
               : 0;
}

enum cs_status cs_check_find_checkpoint(struct cs_check *check,
                                        struct cs_error *err)
{
    const struct cs_check_options *options = check->options;
    bool anew = options->set == CS_SET_ROUTINE && options->n_only == 0;
    int64_t bytes = anew ? cs_index_left_log(check->index) : log_size(check);
    if (!bytes) /* what this very run wrote goes when it ends */
        return CS_OK;
    return report_chore(check, 0,
                        "the write-ahead log has not been carried"
                        " over",
                        "write it into the database", bytes, err);
}

/* Readers may hold it back: then the next time does it. */
enum cs_status cs_check_fix_checkpoint(struct cs_check *check,
                                       const struct cs_check_item *item,
                                       struct cs_error *err)
{
    (void)item;
    int code = sqlite3_wal_checkpoint_v2(
        cs_db_handle(check->db), NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return code == SQLITE_OK || code == SQLITE_BUSY
               ? CS_OK
               : cs_db_error(check->db, "index", err);
}

/* `*ret_pays`: so many that it is worth writing the file anew. */
static enum cs_status unused_bytes(struct cs_check *check, int64_t *ret,
                                   bool *ret_pays, struct cs_error *err)
{
    int64_t total = 0, unused = 0, page = 0;
    enum cs_status status =
        cs_db_int(check->db, &unused, err, "PRAGMA freelist_count", "");
    if (!status)
        status = cs_db_int(check->db, &total, err, "PRAGMA page_count", "");
    if (!status)
        status = cs_db_int(check->db, &page, err, "PRAGMA page_size", "");
    *ret = unused * page;
    *ret_pays = unused > UNUSED_MIN && unused > total * UNUSED_PERCENT / 100;
    return status;
}

static enum cs_status report_unused(struct cs_check *check, int step,
                                    int64_t bytes, struct cs_error *err)
{
    return report_chore(check, step, "unused pages in the database file",
                        "give them back if it pays", bytes, err);
}

enum cs_status cs_check_find_unused(struct cs_check *check,
                                    struct cs_error *err)
{
    int64_t bytes = 0;
    bool pays = false;
    enum cs_status status = unused_bytes(check, &bytes, &pays, err);
    return status || !pays ? status : report_unused(check, 0, bytes, err);
}

static enum cs_status vacuum(struct cs_check *check, struct cs_error *err)
{
    int64_t bytes = 0;
    bool pays = false;
    enum cs_status status = unused_bytes(check, &bytes, &pays, err);
    return status || !pays ? status : cs_db_exec(check->db, "VACUUM", err);
}

/* That takes room for two more of the file, for a while. Where there is none,
 * it stays as it is: the pages are used by and by. */
enum cs_status cs_check_fix_unused(struct cs_check *check,
                                   const struct cs_check_item *item,
                                   struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = vacuum(check, &why);
    (void)item;
    if (status == CS_OK || status == CS_ERR_NO_SPACE)
        return CS_OK;
    return cs_error_pass(err, status, &why);
}

enum step { STEP_JOIN, STEP_ANALYZE, STEP_VACUUM, STEP_CHECKPOINT };

enum cs_status cs_check_find_optimize(struct cs_check *check,
                                      struct cs_error *err)
{
    int64_t unused = 0;
    bool pays = false;
    enum cs_status status = report_pieces(check, 1, STEP_JOIN, err);
    if (!status)
        status =
            report_chore(check, STEP_ANALYZE, "statistics for planning queries",
                         "take them anew", 0, err);
    if (!status)
        status = unused_bytes(check, &unused, &pays, err);
    if (!status && (pays || check->n_items > 1)) /* joining frees pages */
        status = report_unused(check, STEP_VACUUM, unused, err);
    if (!status)
        status =
            report_chore(check, STEP_CHECKPOINT, "the write-ahead log",
                         "write it into the database", log_size(check), err);
    return status;
}

static enum cs_status fold_words(struct cs_check *check, struct cs_error *err)
{
    enum cs_status status = cs_db_begin(check->db, err);
    if (!status)
        status = cs_lexicon_fold(check->db, 0, err);
    if (!status)
        status = cs_db_commit(check->db, err);
    if (status)
        cs_db_rollback(check->db);
    return status;
}

static enum cs_status join_all(struct cs_check *check, struct cs_error *err)
{
    enum cs_status status = cs_fulltext_join(check->db, err);
    return status ? status : fold_words(check, err);
}

enum cs_status cs_check_fix_optimize(struct cs_check *check,
                                     const struct cs_check_item *item,
                                     struct cs_error *err)
{
    switch ((enum step)item->step) {
    case STEP_JOIN: return join_all(check, err);
    case STEP_ANALYZE:
        return cs_db_exec(check->db,
                          "PRAGMA analysis_limit=1000;"
                          "ANALYZE; PRAGMA optimize",
                          err);
    case STEP_VACUUM: return vacuum(check, err);
    case STEP_CHECKPOINT: return cs_check_fix_checkpoint(check, item, err);
    }
    return CS_OK;
}
