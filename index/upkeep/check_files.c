/*
 * check_files.c - what lies in the folders of the sources.
 *
 * Every entry is one of: the file of a document, something of our own beside
 * them (.stage, .sync_state, .cs), what an intent still has to settle, a file
 * that we wrote and that belongs to no document any more, or somebody else's.
 */
#include "index/upkeep/internal.h"

#include "index/store/claim.h"
#include "index/store/render.h"
#include "src/path.h"
#include "src/text.h"

#include <stdlib.h>
#include <sys/stat.h>

static enum cs_status report_file(struct cs_check *check,
                                  struct cs_check_source *source,
                                  int64_t document, const char *name,
                                  struct cs_finding finding,
                                  struct cs_error *err)
{
    struct cs_check_item item = {.finding = finding,
                                 .source = source,
                                 .document = document,
                                 .name = name};
    return cs_check_report(check, &item, err);
}

/* How many bytes a file has, or would have; 0 when that cannot be told. */
static int64_t size_of(struct cs_check_source *source, const char *name)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct stat st;
    cs_path_join(&path, cs_dir_path(source->dir), name);
    return !path.status && lstat(path.data, &st) == 0 ? (int64_t)st.st_size : 0;
}

static int64_t rendered_size(struct cs_check *check, int64_t document)
{
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_error why = CS_ERROR_INIT;
    return cs_render_file(check->index, document, &bytes, &why) == CS_OK
               ? (int64_t)bytes.len
               : 0;
}

/* What stands where a file of ours should be; NULL when it does. */
static const char *what_is_wrong(struct cs_check_source *source,
                                 const char *file, struct cs_error *err)
{
    enum cs_entry_kind kind = CS_ENTRY_NONE;
    if (!file)
        return "its file was never published";
    if (source->dir && cs_dir_probe(source->dir, file, &kind, err) != CS_OK)
        return err->message;
    return kind == CS_ENTRY_FILE   ? NULL
           : kind == CS_ENTRY_NONE ? "its file is gone"
                                   : "something else stands in place of its "
                                     "file";
}

static enum cs_status add_missing(void *payload, struct cs_query *row,
                                  struct cs_error *err)
{
    struct cs_check *check = payload;
    struct cs_error why = CS_ERROR_INIT;
    struct cs_check_source *source =
        cs_check_source_of(check, cs_query_int(row, 0));
    const char *file = cs_query_text(row, 2);
    const char *message = source ? what_is_wrong(source, file, &why) : NULL;
    if (!message)
        return CS_OK;
    return report_file(
        check, source, cs_query_int(row, 1),
        file ? file : cs_query_text(row, 3),
        (struct cs_finding){.severity = CS_CHECK_PROBLEM,
                            .message = message,
                            .action = "write it again",
                            .bytes = rendered_size(check, cs_query_int(row, 1)),
                            .fixable = true},
        err);
}

/* The bytes of an attachment are not in the index: the next sync has them. */
static enum cs_status add_missing_attachment(void *payload,
                                             struct cs_query *row,
                                             struct cs_error *err)
{
    struct cs_check *check = payload;
    struct cs_error why = CS_ERROR_INIT;
    struct cs_check_source *source =
        cs_check_source_of(check, cs_query_int(row, 0));
    const char *file = cs_query_text(row, 2);
    const char *message = source ? what_is_wrong(source, file, &why) : NULL;
    if (!message)
        return CS_OK;
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_PROBLEM,
                    .message = message,
                    .action = "have the next cs sync fetch it again",
                    .bytes = cs_query_int(row, 3),
                    .fixable = true},
        .source = source,
        .name = file,
        .attachment = cs_query_int(row, 1),
    };
    return cs_check_report(check, &item, err);
}

/* Files whose folder is still to be renamed. */
#define NOT_SHIFTED                                                            \
    " AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.op = 'shift'"             \
    "  AND i.source = d.source AND instr(d.file_path, i.target || '/') = 1)"

/* Documents of which an intent still speaks are left to the intents. */
enum cs_status cs_check_find_missing(struct cs_check *check,
                                     struct cs_error *err)
{
    enum cs_status status = cs_db_each(
        check->db, add_missing, check, err,
        "SELECT d.source, d.id, d.file_path, d.path"
        " FROM document d JOIN body b ON b.document = d.id"
        " WHERE d.path IS NOT NULL AND d.kind <> 'folder'"
        " AND d.id NOT IN (SELECT document FROM intent"
        "  WHERE kind = 'document')" NOT_SHIFTED " ORDER BY d.source, d.path",
        "");
    if (status)
        return status;
    return cs_db_each(
        check->db, add_missing_attachment, check, err,
        "SELECT source, id, file_path, file_size FROM attachment d"
        " WHERE file_path IS NOT NULL"
        " AND (source, file_path) NOT IN"
        "  (SELECT source, path FROM intent)" NOT_SHIFTED
        " ORDER BY source, file_path",
        "");
}

enum cs_status cs_check_fix_missing(struct cs_check *check,
                                    const struct cs_check_item *item,
                                    struct cs_error *err)
{
    if (!item->attachment)
        return cs_store_reemit(check->options->store, item->document, err);
    return cs_store_refetch(check->options->store, item->attachment, err);
}

static enum cs_status add_changed(void *payload, struct cs_query *row,
                                  struct cs_error *err)
{
    struct cs_check *check = payload;
    struct cs_check_source *source =
        cs_check_source_of(check, cs_query_int(row, 0));
    struct cs_hash present;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_entry_kind kind;
    size_t len;
    const char *file = cs_query_text(row, 2);
    const void *hash = cs_query_blob(row, 3, &len);
    if (!source || !source->dir || !hash || len != CS_HASH_SIZE)
        return CS_OK;
    enum cs_status status = cs_dir_probe(source->dir, file, &kind, err);
    if (status || kind != CS_ENTRY_FILE)
        return status;
    bool unread = cs_dir_hash(source->dir, file, &present, &why) != CS_OK;
    if (!unread && memcmp(hash, present.bytes, CS_HASH_SIZE) == 0)
        return CS_OK;
    return report_file(
        check, source, cs_query_int(row, 1), file,
        (struct cs_finding){
            .severity = unread ? CS_CHECK_PROBLEM : CS_CHECK_NOTE,
            .message = unread ? why.message : "was changed by hand",
            .action = unread ? "make it readable"
                             : "kept aside when the page changes next"},
        err);
}

enum cs_status cs_check_find_changed(struct cs_check *check,
                                     struct cs_error *err)
{
    return cs_db_each(check->db, add_changed, check, err,
                      "SELECT source, id, file_path, file_hash FROM document d"
                      " WHERE file_path IS NOT NULL"
                      " AND id NOT IN (SELECT document FROM intent)"
                      " AND NOT EXISTS (SELECT 1 FROM document o"
                      "  WHERE o.source = d.source"
                      "  AND o.file_path = d.file_path AND o.id <> d.id)"
                      " UNION ALL"
                      " SELECT source, document, file_path, file_hash"
                      " FROM attachment d WHERE file_path IS NOT NULL"
                      " AND (source, file_path) NOT IN"
                      "  (SELECT source, path FROM intent)"
                      " ORDER BY 1, 3",
                      "");
}

/* A walk through the folder of one source. */
struct walk {
    struct cs_check *check;
    struct cs_check_source *source;
    bool ours; /* look for leftovers; else for foreign files */
};

static enum cs_status walk_all(struct cs_check *check, const char *below,
                               bool ours, cs_dir_walk_fn *visit,
                               struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < check->n_sources && !status; i++) {
        struct walk walk = {check, &check->sources[i], ours};
        if (walk.source->dir)
            status = cs_dir_walk(walk.source->dir, below, visit, &walk, err);
    }
    return status;
}

static enum cs_status visit_stage(void *payload, const char *name,
                                  enum cs_entry_kind kind, struct cs_error *err)
{
    const struct walk *walk = payload;
    bool ours = false, needed = false;
    if (kind != CS_ENTRY_FILE)
        return CS_OK;
    enum cs_status status = cs_store_judge_staged(
        walk->check->db, walk->source->row, name, &ours, &needed, err);
    if (status || !ours || needed)
        return status;
    return report_file(
        walk->check, walk->source, 0, name,
        (struct cs_finding){.severity = CS_CHECK_PROBLEM,
                            .message = "was staged, and nothing waits for it",
                            .action = "remove it",
                            .bytes = size_of(walk->source, name),
                            .fixable = true},
        err);
}

enum cs_status cs_check_find_stage(struct cs_check *check, struct cs_error *err)
{
    return walk_all(check, ".stage", false, visit_stage, err);
}

static enum cs_status is_own_furniture(const struct walk *walk,
                                       const char *name, bool *ret,
                                       struct cs_error *err)
{
    static const char *const names[] = {".sync_state", ".sync_state.tmp"};
    bool needed;
    *ret = cs_str_starts(name, ".cs/");
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        *ret = *ret || strcmp(name, names[i]) == 0;
    return *ret || !cs_str_starts(name, ".stage/")
               ? CS_OK
               : cs_store_judge_staged(walk->check->db, walk->source->row, name,
                                       ret, &needed, err);
}

static enum cs_status is_known(const struct walk *walk, const char *name,
                               bool *ret, struct cs_error *err)
{
    int64_t known = 0;
    enum cs_status status =
        cs_db_int(walk->check->db, &known, err,
                  "SELECT EXISTS (SELECT 1 FROM document WHERE source = ?1"
                  " AND file_path = ?2) OR EXISTS (SELECT 1 FROM document"
                  " WHERE source = ?1 AND path = ?2 AND path IS NOT file_path"
                  "  AND +file_path IS NOT NULL)"
                  " OR EXISTS (SELECT 1 FROM attachment"
                  " WHERE source = ?1 AND file_path = ?2) OR EXISTS"
                  " (SELECT 1 FROM intent WHERE source = ?1 AND (path = ?2"
                  "   OR op = 'shift' AND instr(?2, path || '/') = 1))",
                  "is", walk->source->row, name);
    *ret = known != 0;
    return status;
}

/* The document that the file says it is: 0 if there is none. `*ret_same` says
 * that the document's own file is in place and has the same bytes. */
static enum cs_status find_original(const struct walk *walk, const char *name,
                                    const struct cs_claim *claim,
                                    int64_t *ret_document, bool *ret_same,
                                    struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_hash here, there;
    struct cs_error why = CS_ERROR_INIT;
    size_t len;
    bool row = false;
    *ret_document = 0;
    *ret_same = false;
    enum cs_status status =
        cs_db_query(walk->check->db, &query, err,
                    "SELECT id, file_path, file_hash FROM document"
                    " WHERE source = ? AND vendor_id = ?",
                    "is", walk->source->row, claim->id);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    *ret_document = cs_query_int(&query, 0);
    const char *file = cs_query_text(&query, 1);
    const void *stored = cs_query_blob(&query, 2, &len);
    *ret_same = file && stored && len == CS_HASH_SIZE &&
                !cs_dir_hash(walk->source->dir, name, &here, &why) &&
                !cs_dir_hash(walk->source->dir, file, &there, &why) &&
                memcmp(here.bytes, stored, CS_HASH_SIZE) == 0 &&
                cs_hash_equal(&here, &there);
    return CS_OK;
}

static enum cs_status report_leftover(const struct walk *walk, const char *name,
                                      const struct cs_claim *claim,
                                      struct cs_error *err)
{
    int64_t document;
    bool same;
    enum cs_status status =
        find_original(walk, name, claim, &document, &same, err);
    if (status)
        return status;
    const char *message = same       ? "is a copy of the document's file"
                          : document ? "is an old or edited file of a document"
                                     : "is the file of an unknown document";
    return report_file(
        walk->check, walk->source, document, name,
        (struct cs_finding){.severity = same ? CS_CHECK_PROBLEM : CS_CHECK_NOTE,
                            .message = message,
                            .action =
                                same ? "remove it" : "left as a file of yours",
                            .bytes = same ? size_of(walk->source, name) : 0,
                            .fixable = same},
        err);
}

static enum cs_status visit_other(void *payload, const char *name,
                                  enum cs_entry_kind kind, struct cs_error *err)
{
    const struct walk *walk = payload;
    struct cs_claim claim = {{0}, {0}};
    bool known = false;
    if (kind == CS_ENTRY_DIR)
        return CS_OK;
    enum cs_status status = is_own_furniture(walk, name, &known, err);
    if (!status && !known)
        status = is_known(walk, name, &known, err);
    if (status || known)
        return status;
    if (kind == CS_ENTRY_FILE && cs_str_ends(name, ".md"))
        status = cs_claim_read(walk->source->dir, name, &claim, err);
    if (status)
        return status;
    bool ours = claim.id[0] && strcmp(claim.source, walk->source->name) == 0;
    if (ours != walk->ours)
        return CS_OK;
    if (ours)
        return report_leftover(walk, name, &claim, err);
    return report_file(
        walk->check, walk->source, 0, name,
        (struct cs_finding){.severity = CS_CHECK_NOTE,
                            .message = kind == CS_ENTRY_FILE
                                           ? "is not a file of cs"
                                           : "is not a file"},
        err);
}

enum cs_status cs_check_find_leftover(struct cs_check *check,
                                      struct cs_error *err)
{
    return walk_all(check, NULL, true, visit_other, err);
}

enum cs_status cs_check_find_foreign(struct cs_check *check,
                                     struct cs_error *err)
{
    return walk_all(check, NULL, false, visit_other, err);
}
