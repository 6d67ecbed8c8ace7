/*
 * runs.h - the changes beside the base, and all of the lexicon in one order.
 *
 * A run is a row of lexicon_delta: chunks one behind another, each with its
 * length as a number before it. Its row id is its tier, shifted, and a number.
 *
 * Included by index/words/ only.
 */
#ifndef CS_INDEX_WORDS_RUNS_H
#define CS_INDEX_WORDS_RUNS_H

#include "index/db.h"
#include "index/words/chunk.h"

#define CS_RUN_TIER_SHIFT 32 /* of a row id */
#define CS_RUN_TIERS      30 /* more than a file can hold */

/* A run in memory. */
struct cs_run {
    char *data;
    struct cs_chunk *chunks;
    size_t n;
};

/* Runs, the oldest first; {0} is none. */
struct cs_runs {
    struct cs_run *runs;
    size_t n, max;
};

/* Append the runs with row ids from `from` up to `to`. */
enum cs_status cs_runs_load(struct cs_db *db, int64_t from, int64_t to,
                            struct cs_runs *runs, struct cs_error *err);
void cs_runs_clear(struct cs_runs *runs);

/* The chunk of the run in which a term stands if it stands in any, or NULL. */
const struct cs_chunk *cs_delta_chunk(const struct cs_run *run,
                                      const char *term, size_t len);

/* A run in the making: terms in order, then its bytes for the row. */
struct cs_delta_writer {
    struct cs_chunk_writer chunk;
    struct cs_strbuf piece, run;
};

#define CS_RUN_MAX ((size_t)1 << 30)

void cs_delta_writer_init(struct cs_delta_writer *writer);
void cs_delta_writer_clear(struct cs_delta_writer *writer);
void cs_delta_add(struct cs_delta_writer *writer, const char *term, size_t len,
                  int64_t df);
/* The last chunk too; what was written is in writer->run. */
enum cs_status cs_delta_end(struct cs_delta_writer *writer,
                            struct cs_error *err);

/* The sources of a merge: runs and, if it is wanted, the base. */
struct cs_merge;

struct cs_merge_options {
    struct cs_db *db;           /* of the base; NULL: the runs alone */
    const struct cs_runs *runs; /* must stay; NULL: the base alone */
    const char *from;           /* the first terms that are wanted; NULL: all */
    size_t from_len;
    bool consume; /* delete each row of the base that was read */
};

enum cs_status cs_merge_open(const struct cs_merge_options *options,
                             struct cs_merge **ret, struct cs_error *err);
void cs_merge_close(struct cs_merge *merge);

/* The next term of all sources with the sum of its numbers, which may be 0 or
 * less; `*ret_more` is false behind the last. The term is borrowed until the
 * next call. CS_ERR_CORRUPT when a source is not in order. */
struct cs_merged {
    const char *term;
    size_t len;
    int64_t df;
};
enum cs_status cs_merge_next(struct cs_merge *merge, struct cs_merged *ret,
                             bool *ret_more, struct cs_error *err);

/* The error of bytes that cannot be. */
enum cs_status cs_lexicon_damaged(struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_merge *, cs_merge_cleanup, cs_merge_close);

#endif
