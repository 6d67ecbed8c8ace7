/*
 * conversion.h - how well the texts of a mirror were converted, summed up over
 * all documents.
 */
#ifndef CS_INDEX_CONVERSION_H
#define CS_INDEX_CONVERSION_H

#include "index/index.h"
#include "src/arena.h"
#include "src/document.h"

/* One construct over the whole mirror. */
struct cs_conversion_sum {
    const char *kind, *name;
    int64_t counts[CS_OUTCOMES];
    int64_t documents; /* in which it was not rendered as it should be */
};

/* Sum up, the worst first: by what was dropped, then kept raw, then degraded.
 * Everything lives in `arena`. */
enum cs_status cs_conversion_read(struct cs_index *index,
                                  struct cs_arena *arena,
                                  struct cs_conversion_sum **ret, size_t *ret_n,
                                  struct cs_error *err);

#endif
