/*
 * fulltext.h - what maintenance says of the full-text index.
 */
#ifndef CS_INDEX_UPKEEP_FULLTEXT_H
#define CS_INDEX_UPKEEP_FULLTEXT_H

#include "index/fulltext.h"
#include "index/upkeep/internal.h"

/* Report that it is to be built anew, with its size. */
enum cs_status cs_fulltext_report(struct cs_check *check, const char *message,
                                  enum cs_check_severity severity,
                                  struct cs_error *err);

#endif
