/*
 * fulltext.c - the full-text index as maintenance sees it.
 */
#include "index/upkeep/fulltext.h"

enum cs_status cs_fulltext_report(struct cs_check *check, const char *message,
                                  enum cs_check_severity severity,
                                  struct cs_error *err)
{
    struct cs_error ignored = CS_ERROR_INIT;
    int64_t pieces = 0, bytes = 0;
    (void)cs_fulltext_size(check->db, &pieces, &bytes, &ignored);
    struct cs_check_item item = {.finding = {.severity = severity,
                                             .message = message,
                                             .action = "build it anew",
                                             .bytes = bytes,
                                             .fixable = true}};
    return cs_check_report(check, &item, err);
}

enum cs_status cs_check_find_reindex(struct cs_check *check,
                                     struct cs_error *err)
{
    return cs_fulltext_report(check,
                              "the full-text index, because it was asked"
                              " for",
                              CS_CHECK_CHORE, err);
}

enum cs_status cs_check_fix_reindex(struct cs_check *check,
                                    const struct cs_check_item *item,
                                    struct cs_error *err)
{
    (void)item;
    return cs_fulltext_rebuild(check->db, err);
}

/* An index of an older cs was built anew when it was opened. */
enum cs_status cs_check_fix_asked(struct cs_check *check,
                                  const struct cs_check_item *item,
                                  struct cs_error *err)
{
    return cs_index_is_fresh(check->index)
               ? CS_OK
               : cs_check_fix_reindex(check, item, err);
}
