/*
 * intent.h - file operations: written down before the commit, carried out
 * after it.
 *
 * A batch's operations are carried out in the order of enum cs_intent_op, so
 * that whatever leaves a name has left it before something else comes there:
 * names may be swapped and passed on in a circle. Doing one twice does no harm.
 */
#ifndef CS_INDEX_STORE_INTENT_H
#define CS_INDEX_STORE_INTENT_H

#include "index/store/internal.h"

/* The folder of a document's attachments is named after it, with this. */
#define CS_ASSETS_ENDING ".assets"

/* What a file belongs to. */
enum cs_file_kind { CS_FILE_DOCUMENT, CS_FILE_ATTACHMENT, CS_FILE_KINDS };

enum cs_intent_op {
    CS_INTENT_SHIFT,  /* rename the folder `path` to `target` */
    CS_INTENT_TAKE,   /* the attachment's file at `path` goes to the stage */
    CS_INTENT_REMOVE, /* the file at `path` goes */
    CS_INTENT_TRASH,  /* ... to the trash, under the name `target` */
    CS_INTENT_PUT,    /* the staged file goes to `path` */
    CS_INTENT_OPS
};

struct cs_intent {
    enum cs_intent_op op;
    enum cs_file_kind kind;
    int64_t row; /* of the document or attachment */
    const char *path, *target;
    bool has_old, has_new;
    struct cs_hash old_hash; /* what of ours may stand at `path` */
    struct cs_hash new_hash; /* what shall stand there */
};

/* Write it down. */
enum cs_status cs_intent_add(struct cs_store *store,
                             const struct cs_intent *intent,
                             struct cs_error *err);

/* Load those of the current source that are not carried out, in order. Strings
 * live in `arena`. `*ret_last` is the number of the last one. */
enum cs_status cs_intent_load(struct cs_store *store, struct cs_arena *arena,
                              struct cs_intent **ret, size_t *ret_n,
                              int64_t *ret_last, struct cs_error *err);

/* Where the bytes of a document or attachment are staged. */
void cs_intent_stage_name(enum cs_file_kind kind, int64_t row,
                          char buf[CS_STAGE_NAME_SIZE]);

/* A hash as a query has it; false when the column holds none. */
bool cs_intent_read_hash(struct cs_query *query, int column,
                         struct cs_hash *ret);

/* A file that is looked at before the commit: where it is, and where it is to
 * be. */
struct cs_staged {
    enum cs_file_kind kind;
    int64_t row, document, container;
    const char *path, *file_path; /* wanted; present or NULL */
    bool has_hash;
    struct cs_hash file_hash;
};

/* obstacle.c: what of ours stands at the file's new path: its own old file, or
 * another one that leaves the path in this very batch. */
enum cs_status cs_obstacle_ours(struct cs_store *store,
                                const struct cs_staged *file,
                                struct cs_hash *ret_hash, bool *ret_found,
                                struct cs_error *err);

/* How a wanted path is taken. */
enum cs_obstacle {
    CS_OBSTACLE_NONE,
    CS_OBSTACLE_FOREIGN, /* something there is not ours */
    CS_OBSTACLE_BLOCKED  /* a folder of the path is no folder */
};

/* obstacle.c: what is in the way of a file that is to be at file->path. */
enum cs_status cs_obstacle_find(struct cs_store *store,
                                const struct cs_staged *file,
                                enum cs_obstacle *ret, struct cs_error *err);

/* obstacle.c: a document takes another name, and its container is laid out
 * anew.
 */
enum cs_status cs_obstacle_yield(struct cs_store *store, int64_t document,
                                 struct cs_error *err);

/* obstacle.c: the document whose folder `path` leads through something that is
 * no folder must take another name. */
enum cs_status cs_obstacle_unblock(struct cs_store *store, const char *path,
                                   struct cs_error *err);

/* assets.c: give the attachments of touched documents their paths; then, in
 * rounds, names that foreign files leave free: `*ret_again` says that one was
 * changed. */
enum cs_status cs_assets_layout(struct cs_store *store, struct cs_error *err);
enum cs_status cs_assets_avoid(struct cs_store *store, bool *ret_again,
                               struct cs_error *err);
/* assets.c: a dry run tells that an attachment's file would go. */
enum cs_status cs_assets_tell_removal(struct cs_store *store, int64_t row,
                                      struct cs_error *err);
/* assets.c: the bytes of an attachment are lost: it is not held any more, and
 * whoever shows it links to the site again. */
enum cs_status cs_assets_lose(struct cs_store *store, int64_t attachment,
                              struct cs_error *err);
/* assets.c: write the intents of the attachments of touched documents. */
enum cs_status cs_assets_stage(struct cs_store *store, struct cs_error *err);

/* shift.c: where whole folders of ours get another name, write one intent for
 * each; the rows then say that their files are there already. */
enum cs_status cs_shift_stage(struct cs_store *store, struct cs_error *err);
/* shift.c: carry one out. */
enum cs_status cs_shift_do(struct cs_store *store,
                           const struct cs_intent *intent,
                           struct cs_error *err);

#endif
