/*
 * index.h - the handle on one mirror: its root, its database, its lock.
 *
 * Opening for writing takes the lock and brings the schema up to date; the
 * store (store/store.h), opened on top of it, carries out what a killed run
 * left undone. Opening for reading does neither, and never waits for a
 * writer. Opening to inspect (dry runs) reads too, leaves no trace, and keeps
 * writers out meanwhile; it does not wait for one that is there.
 */
#ifndef CS_INDEX_INDEX_H
#define CS_INDEX_INDEX_H

#include "index/db.h"
#include "src/clock.h"
#include "src/strbuf.h"

struct cs_index;

struct cs_index_options {
    const char *root;      /* the mirror, absolute */
    const char *index_dir; /* NULL: <root>/.cs */
    const struct cs_clock *clock;
    enum cs_db_mode mode;
    bool existing; /* writing: do not make one where there is none */
};

/* Open it. CS_ERR_NO_INDEX (not when making one), CS_ERR_LOCKED, CS_ERR_NEWER,
 * CS_ERR_CORRUPT, CS_ERR_IO. The caller closes it with cs_index_close(). */
enum cs_status cs_index_open(const struct cs_index_options *options,
                             struct cs_index **ret, struct cs_error *err);

/* A new index in the file `path`, without a lock: for whoever has one. */
enum cs_status cs_index_make(const char *root, const char *path,
                             const struct cs_clock *clock,
                             struct cs_index **ret, struct cs_error *err);

void cs_index_close(struct cs_index *index);

struct cs_db *cs_index_db(struct cs_index *index);
const char *cs_index_root(const struct cs_index *index);
const struct cs_clock *cs_index_clock(const struct cs_index *index);
/* Bytes of the write-ahead log that was there when it was opened. */
int64_t cs_index_left_log(const struct cs_index *index);
/* Was its full-text index built anew, and all that is derived with it, when it
 * was opened? */
bool cs_index_is_fresh(const struct cs_index *index);
/* The database file. */
const char *cs_index_path(const struct cs_index *index);

/* Append the absolute path of a source's folder, `folder` being as stored:
 * below the root, or absolute. */
void cs_index_put_folder(const struct cs_index *index, const char *folder,
                         struct cs_strbuf *out);

CS_DEFINE_CLEANUP(struct cs_index *, cs_index_cleanup, cs_index_close);

#endif
