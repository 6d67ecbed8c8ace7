/*
 * scratch.h - a copy of an index to try things in.
 *
 * Some work can only be foretold by doing it. A scratch index has all rows of
 * the real one, open for writing, and a mirror of its own, which is empty: both
 * lie in a temporary folder that goes when it is closed.
 */
#ifndef CS_INDEX_UPKEEP_SCRATCH_H
#define CS_INDEX_UPKEEP_SCRATCH_H

#include "index/index.h"

struct cs_scratch;

/* Copy `index`. The caller closes it with cs_scratch_close(). */
enum cs_status cs_scratch_open(struct cs_index *index, struct cs_scratch **ret,
                               struct cs_error *err);
void cs_scratch_close(struct cs_scratch *scratch);

/* Borrowed. */
struct cs_index *cs_scratch_index(struct cs_scratch *scratch);

CS_DEFINE_CLEANUP(struct cs_scratch *, cs_scratch_cleanup, cs_scratch_close);

#endif
