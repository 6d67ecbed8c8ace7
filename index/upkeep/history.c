/*
 * history.c - tombstones that were kept long enough, and events that tell of
 * what is long past.
 */
#include "index/store/removal.h"
#include "index/upkeep/internal.h"

#include <inttypes.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* How long a source keeps what was deleted, in milliseconds. */
static int64_t keep_of(const struct cs_check *check, const char *source)
{
    const struct cs_check_options *options = check->options;
    for (size_t i = 0; i < options->n_keeps; i++)
        if (strcmp(options->keeps[i].source, source) == 0)
            return options->keeps[i].ms;
    return CS_KEEP_DELETED_DAYS * DAY_MS;
}

static int64_t expiry_of(const struct cs_check *check, const char *source)
{
    return cs_clock_now(cs_index_clock(check->index)) - keep_of(check, source);
}

static enum cs_status add_tombstone(void *payload,
                                    const struct cs_removal_item *removed,
                                    struct cs_error *err)
{
    struct cs_check *check = payload;
    struct cs_strbuf message CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(2048);
    char day[CS_TIME_TEXT_SIZE];
    cs_time_format_date(removed->deleted, day);
    cs_strbuf_printf(&message, "%s was removed on %s", removed->id, day);
    struct cs_check_item item = {.finding = {.severity = CS_CHECK_CHORE,
                                             .message = message.data,
                                             .action = "forget it",
                                             .bytes = removed->bytes,
                                             .fixable = true}};
    enum cs_status status = cs_strbuf_status(&message, err);
    return status ? status : cs_check_report(check, &item, err);
}

enum cs_status cs_check_find_expired(struct cs_check *check,
                                     struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < check->n_sources && !status; i++) {
        const char *source = check->sources[i].name;
        status = cs_removal_find_expired(check->index, source,
                                         expiry_of(check, source),
                                         add_tombstone, check, err);
    }
    return status;
}

enum cs_status cs_check_fix_expired(struct cs_check *check,
                                    const struct cs_check_item *item,
                                    struct cs_error *err)
{
    uint64_t n = 0;
    enum cs_status status = CS_OK;
    (void)item;
    for (size_t i = 0; i < check->n_sources && !status; i++) {
        const char *source = check->sources[i].name;
        status = cs_removal_expire(check->options->store, source,
                                   expiry_of(check, source), &n, err);
    }
    return status;
}

enum cs_status cs_check_find_trash(struct cs_check *check, struct cs_error *err)
{
    char message[80];
    uint64_t n = 0;
    int64_t bytes = 0;
    enum cs_status status = cs_trash_count(check->index, &n, &bytes, err);
    if (status || n == 0)
        return status;
    (void)snprintf(message, sizeof(message),
                   "%" PRIu64 " file%s that no removed document has any more",
                   n, n == 1 ? "" : "s");
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_CHORE,
                    .message = message,
                    .action = n == 1 ? "remove it" : "remove them",
                    .bytes = bytes,
                    .fixable = true}};
    return cs_check_report(check, &item, err);
}

enum cs_status cs_check_fix_trash(struct cs_check *check,
                                  const struct cs_check_item *item,
                                  struct cs_error *err)
{
    (void)item;
    return cs_trash_sweep(check->options->store, err);
}

static int64_t last_day(const struct cs_check *check)
{
    return cs_clock_now(cs_index_clock(check->index)) - CS_EVENT_DAYS * DAY_MS;
}

/* As cs_removal_prune_events() counts. */
enum cs_status cs_check_find_events(struct cs_check *check,
                                    struct cs_error *err)
{
    char message[80];
    int64_t n = 0;
    enum cs_status status =
        cs_db_int(check->db, &n, err,
                  "SELECT count(*) FROM event e WHERE at < ?1"
                  " AND (SELECT count(*) FROM event n WHERE n.source = e.source"
                  "  AND n.vendor_id = e.vendor_id AND n.id > e.id) >= ?2",
                  "ii", last_day(check), (int64_t)CS_EVENTS_KEPT);
    if (status || n == 0)
        return status;
    (void)snprintf(message, sizeof(message),
                   "%lld event%s of more than %d days ago", (long long)n,
                   n == 1 ? "" : "s", CS_EVENT_DAYS);
    struct cs_check_item item = {.finding = {.severity = CS_CHECK_CHORE,
                                             .message = message,
                                             .action = "forget them",
                                             .fixable = true}};
    return cs_check_report(check, &item, err);
}

enum cs_status cs_check_fix_events(struct cs_check *check,
                                   const struct cs_check_item *item,
                                   struct cs_error *err)
{
    uint64_t n = 0;
    (void)item;
    return cs_removal_prune_events(check->options->store, last_day(check),
                                   CS_EVENTS_KEPT, &n, err);
}
