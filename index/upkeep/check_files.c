/*
 * check_files.c - what lies in the folders of the sources.
 *
 * Every entry is one of: the file of a document, something of our own beside
 * them (.stage, .sync_state, .cs), what an intent still has to settle, a file
 * that we wrote and that belongs to no document any more, or somebody else's.
 */
#include "index/upkeep/internal.h"

#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <stdlib.h>

/* Of a file that might be ours only the front matter is read. */
enum { HEAD_MAX = 64 << 10 };

static struct cs_check_source *find_source(struct cs_check *check, int64_t row)
{
    for (size_t i = 0; i < check->n_sources; i++)
        if (check->sources[i].row == row)
            return &check->sources[i];
    return NULL;
}

static enum cs_status report_file(struct cs_check *check,
                                  struct cs_check_source *source,
                                  int64_t document, const char *name,
                                  struct cs_finding finding,
                                  struct cs_error *err)
{
    struct cs_check_item item = {finding, source, document, name, NULL};
    return cs_check_report(check, &item, err);
}

/* What became of a document's file. */
static enum cs_status judge_missing(struct cs_check *check,
                                    struct cs_check_source *source,
                                    int64_t document, const char *file,
                                    const char *path, struct cs_error *err)
{
    enum cs_entry_kind kind = CS_ENTRY_NONE;
    enum cs_status status = CS_OK;
    if (file && source->dir)
        status = cs_dir_probe(source->dir, file, &kind, err);
    if (status || kind == CS_ENTRY_FILE)
        return status;
    const char *message = !file ? "its file was never published"
                          : kind == CS_ENTRY_NONE
                              ? "its file is gone"
                              : "something else stands in place of its file";
    return report_file(check, source, document, file ? file : path,
                       (struct cs_finding){.severity = CS_CHECK_PROBLEM,
                                           .message = message,
                                           .action = "write it again",
                                           .fixable = true},
                       err);
}

/* Documents of which an intent still speaks are left to the intents. */
enum cs_status cs_check_find_missing(struct cs_check *check,
                                     struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status =
        cs_db_query(check->db, &query, err,
                    "SELECT d.source, d.id, d.file_path, d.path"
                    " FROM document d JOIN body b ON b.document = d.id"
                    " WHERE d.path IS NOT NULL AND d.kind <> 'folder'"
                    " AND d.id NOT IN (SELECT document FROM intent)"
                    " ORDER BY d.source, d.path",
                    "");
    while (!status) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        struct cs_check_source *source =
            find_source(check, cs_query_int(&query, 0));
        if (source)
            status = judge_missing(check, source, cs_query_int(&query, 1),
                                   cs_query_text(&query, 2),
                                   cs_query_text(&query, 3), err);
    }
    return status;
}

static enum cs_status judge_changed(struct cs_check *check,
                                    struct cs_check_source *source,
                                    struct cs_query *query,
                                    struct cs_error *err)
{
    struct cs_hash stored, present;
    struct cs_error why = CS_ERROR_INIT;
    size_t len;
    const char *file = cs_query_text(query, 2);
    const void *hash = cs_query_blob(query, 3, &len);
    if (!hash || len != CS_HASH_SIZE)
        return CS_OK;
    memcpy(stored.bytes, hash, CS_HASH_SIZE);
    enum cs_entry_kind kind;
    enum cs_status status = cs_dir_probe(source->dir, file, &kind, err);
    if (status || kind != CS_ENTRY_FILE)
        return status;
    status = cs_dir_hash(source->dir, file, &present, &why);
    if (!status && cs_hash_equal(&stored, &present))
        return CS_OK;
    return report_file(
        check, source, cs_query_int(query, 1), file,
        (struct cs_finding){.severity = CS_CHECK_PROBLEM,
                            .message =
                                status ? why.message : "was changed by hand",
                            .action = "kept aside when the page changes next"},
        err);
}

enum cs_status cs_check_find_changed(struct cs_check *check,
                                     struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status =
        cs_db_query(check->db, &query, err,
                    "SELECT source, id, file_path, file_hash FROM document"
                    " WHERE file_path IS NOT NULL"
                    " AND id NOT IN (SELECT document FROM intent)"
                    " ORDER BY source, file_path",
                    "");
    while (!status) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        struct cs_check_source *source =
            find_source(check, cs_query_int(&query, 0));
        if (source && source->dir)
            status = judge_changed(check, source, &query, err);
    }
    return status;
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

/* ".stage/<row>.md" is wanted as long as an intent puts that document. */
static enum cs_status visit_stage(void *payload, const char *name,
                                  enum cs_entry_kind kind, struct cs_error *err)
{
    const struct walk *walk = payload;
    int64_t wanted = 0;
    char *end;
    if (kind == CS_ENTRY_DIR)
        return CS_OK;
    long long document = strtoll(name + strlen(".stage/"), &end, 10);
    enum cs_status status = CS_OK;
    if (strcmp(end, ".md") == 0)
        status = cs_db_int(walk->check->db, &wanted, err,
                           "SELECT 1 FROM intent WHERE source = ?"
                           " AND document = ? AND op = 'put'",
                           "ii", walk->source->row, (int64_t)document);
    if (status || wanted)
        return status;
    return report_file(
        walk->check, walk->source, 0, name,
        (struct cs_finding){.severity = CS_CHECK_PROBLEM,
                            .message = "was staged, and nothing waits for it",
                            .action = "remove it",
                            .fixable = true},
        err);
}

enum cs_status cs_check_find_stage(struct cs_check *check, struct cs_error *err)
{
    return walk_all(check, ".stage", false, visit_stage, err);
}

/* What a front matter of ours says; empty when it is not one. */
struct claim {
    char source[256], id[256];
};

/* The value of `key: "value"` at the start of a line; escapes do not occur in
 * names of sources and in ids. */
static void read_key(const char *head, const char *key, char *value,
                     size_t size)
{
    const char *line = strstr(head, key);
    if (!line)
        return;
    line += strlen(key);
    size_t len = strcspn(line, "\"\\\n");
    if (line[len] != '"' || len >= size)
        return;
    memcpy(value, line, len);
    value[len] = '\0';
}

static void read_claim(const struct walk *walk, const char *name,
                       struct claim *ret)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    char *head = malloc(HEAD_MAX + 1);
    *ret = (struct claim){{0}, {0}};
    cs_path_join(&path, cs_dir_path(walk->source->dir), name);
    FILE *file = head && !path.status ? fopen(path.data, "re") : NULL;
    size_t len = file ? fread(head, 1, HEAD_MAX, file) : 0;
    if (file)
        (void)fclose(file);
    if (head) {
        head[len] = '\0';
        char *end = strstr(head, "\n---\n");
        if (cs_str_starts(head, "---\n") && end) {
            end[1] = '\0';
            read_key(head, "\nid: \"", ret->id, sizeof(ret->id));
            read_key(head, "\nsource: \"", ret->source, sizeof(ret->source));
        }
    }
    free(head);
}

static bool is_own_furniture(const char *name)
{
    static const char *const names[] = {".stage", ".sync_state",
                                        ".sync_state.tmp", ".cs"};
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        size_t n = strlen(names[i]);
        if (strncmp(name, names[i], n) == 0 &&
            (name[n] == '\0' || name[n] == '/'))
            return true;
    }
    return false;
}

static enum cs_status is_known(const struct walk *walk, const char *name,
                               bool *ret, struct cs_error *err)
{
    int64_t known = 0;
    enum cs_status status =
        cs_db_int(walk->check->db, &known, err,
                  "SELECT EXISTS (SELECT 1 FROM document WHERE source = ?1"
                  " AND file_path = ?2) OR EXISTS (SELECT 1 FROM intent"
                  " WHERE source = ?1 AND path = ?2)",
                  "is", walk->source->row, name);
    *ret = known != 0;
    return status;
}

/* The document that the file says it is: 0 if there is none. `*ret_same` says
 * that the document's own file is in place and has the same bytes. */
static enum cs_status find_original(const struct walk *walk, const char *name,
                                    const struct claim *claim,
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
                                      const struct claim *claim,
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
        (struct cs_finding){
            .severity = CS_CHECK_PROBLEM,
            .message = message,
            .action = same ? "remove it" : "look at it, and remove it by hand",
            .fixable = same},
        err);
}

static enum cs_status visit_other(void *payload, const char *name,
                                  enum cs_entry_kind kind, struct cs_error *err)
{
    const struct walk *walk = payload;
    struct claim claim = {{0}, {0}};
    bool known;
    if (kind == CS_ENTRY_DIR || is_own_furniture(name))
        return CS_OK;
    enum cs_status status = is_known(walk, name, &known, err);
    if (status || known)
        return status;
    if (kind == CS_ENTRY_FILE && cs_str_ends(name, ".md"))
        read_claim(walk, name, &claim);
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
