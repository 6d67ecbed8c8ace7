/*
 * schema.c - which files are ours, and how they become current.
 */
#include "index/schema.h"

#include "index/fulltext.h"
#include "index/migrations.h"
#include "index/words/fts.h"
#include "index/words/split.h"

static enum cs_status read_version(struct cs_db *db, int64_t *ret_version,
                                   struct cs_error *err)
{
    int64_t id = 0, version = 0;
    /* In this order: a first sync may commit both in between, and a version
     * without our id is what a foreign file has. */
    enum cs_status status =
        cs_db_int(db, &version, err, "PRAGMA user_version", "");
    if (!status)
        status = cs_db_int(db, &id, err, "PRAGMA application_id", "");
    if (status)
        return status;
    if (id != CS_APPLICATION_ID && (id != 0 || version != 0)) {
        cs_error_set(err, CS_ERR_CORRUPT, "the index is not a file of cs");
        cs_error_hint(err, "move it away and run cs sync");
        return CS_ERR_CORRUPT;
    }
    if (version > CS_SCHEMA_VERSION) {
        cs_error_set(err, CS_ERR_NEWER,
                     "the index has version %lld, this cs knows %d",
                     (long long)version, CS_SCHEMA_VERSION);
        cs_error_hint(err, "install a newer cs");
        return CS_ERR_NEWER;
    }
    *ret_version = version;
    return CS_OK;
}

static enum cs_status refuse_older(const char *what, struct cs_error *err)
{
    cs_error_set(err, CS_ERR_NO_INDEX, "%s", what);
    cs_error_hint(err, "run cs maintenance reindex or cs sync: both bring "
                       "it up to date");
    return CS_ERR_NO_INDEX;
}

/* Are its words ours? A damaged index is opened all the same. */
static enum cs_status compare_words(struct cs_db *db, bool *ret_same,
                                    struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    int64_t version = CS_WORDS_VERSION;
    enum cs_status status = cs_fulltext_words(db, &version, &why);
    if (status && status != CS_ERR_CORRUPT)
        return cs_error_set(err, status, "%s", why.message);
    if (version > CS_WORDS_VERSION) {
        cs_error_set(err, CS_ERR_NEWER,
                     "the index has words of version %lld, this cs knows %d",
                     (long long)version, CS_WORDS_VERSION);
        cs_error_hint(err, "install a newer cs");
        return CS_ERR_NEWER;
    }
    *ret_same = version == CS_WORDS_VERSION;
    return CS_OK;
}

enum cs_status cs_schema_check(struct cs_db *db, struct cs_error *err)
{
    int64_t version = 0;
    bool same = false;
    enum cs_status status = cs_fts_register(db, err);
    if (!status)
        status = read_version(db, &version, err);
    if (status)
        return status;
    if (version == 0) {
        return cs_error_set(err, CS_ERR_NO_INDEX, "the index is empty");
    }
    if (version < CS_SCHEMA_VERSION)
        return refuse_older("the index is from an older cs", err);
    status = compare_words(db, &same, err);
    if (status || same)
        return status;
    return refuse_older("the full-text index is from an older cs", err);
}

static enum cs_status set_version(struct cs_db *db, int64_t version,
                                  struct cs_error *err)
{
    char sql[128];
    (void)snprintf(sql, sizeof(sql),
                   "PRAGMA application_id=%d; PRAGMA user_version=%lld",
                   CS_APPLICATION_ID, (long long)version);
    return cs_db_exec(db, sql, err);
}

/* Since then the words are ours; what is made of them is filled once. */
enum { OWN_WORDS = 4 };

static enum cs_status migrate(struct cs_db *db, int64_t version,
                              struct cs_error *err)
{
    bool fill = version < OWN_WORDS;
    enum cs_status status = CS_OK;
    for (; !status && version < CS_SCHEMA_VERSION; version++) {
        if (version == OWN_WORDS - 1)
            status = cs_fulltext_drop(db, err);
        for (int i = 0; cs_migrations[version][i] && !status; i++)
            status = cs_db_exec(db, cs_migrations[version][i], err);
    }
    if (!status && fill)
        status = cs_fulltext_fill(db, err);
    return status ? status : set_version(db, version, err);
}

static enum cs_status bring_up(struct cs_db *db, bool *ret_built,
                               struct cs_error *err)
{
    int64_t version = 0;
    enum cs_status status = cs_db_begin(db, err);
    if (status)
        return status;
    status = read_version(db, &version, err); /* now nobody else can */
    bool older = !status && version < CS_SCHEMA_VERSION;
    if (older)
        status = migrate(db, version, err);
    if (!status)
        status = cs_db_commit(db, err);
    if (status)
        cs_db_rollback(db);
    else
        *ret_built = older && version > 0;
    return status;
}

enum cs_status cs_schema_prepare(struct cs_db *db, bool *ret_built,
                                 struct cs_error *err)
{
    int64_t version = 0;
    bool same = false, built = false;
    enum cs_status status = cs_fts_register(db, err);
    if (!status)
        status = read_version(db, &version, err);
    if (!status && version < CS_SCHEMA_VERSION)
        status = bring_up(db, &built, err);
    if (!status)
        status = compare_words(db, &same, err);
    if (!status && !same) {
        status = cs_fulltext_rebuild(db, err);
        built = true;
    }
    if (!status && ret_built)
        *ret_built = built;
    return status;
}
