/*
 * inject_sqlite.c - SQLite's statements and allocations.
 *
 * A statement that fails here never ran, and until the next one SQLite is made
 * to say that it failed. What fails below SQLite is in inject_vfs.c.
 */
#include "tests/fault/inject.h"
#include "tests/fault/inject_vfs.h"

#include <sqlite3.h>

/* The result of the last statement, when it was made up. */
static int made_up;

static int fails(const char *name)
{
    made_up = inject_point(INJECT_SQLITE, name);
    return made_up;
}

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt)
{
    return fails("sqlite3_step") ? made_up : __real_sqlite3_step(stmt);
}

typedef int exec_fn(void *, int, char **, char **);
int __real_sqlite3_exec(sqlite3 *db, const char *sql, exec_fn *call, void *arg,
                        char **ret_message);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, exec_fn *call, void *arg,
                        char **ret_message);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, exec_fn *call, void *arg,
                        char **ret_message)
{
    return fails("sqlite3_exec")
               ? made_up
               : __real_sqlite3_exec(db, sql, call, arg, ret_message);
}

int __real_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n,
                              sqlite3_stmt **ret, const char **tail);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n,
                              sqlite3_stmt **ret, const char **tail);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n,
                              sqlite3_stmt **ret, const char **tail)
{
    *ret = NULL;
    return fails("sqlite3_prepare")
               ? made_up
               : __real_sqlite3_prepare_v2(db, sql, n, ret, tail);
}

int __real_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n,
                              unsigned flags, sqlite3_stmt **ret,
                              const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n,
                              unsigned flags, sqlite3_stmt **ret,
                              const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n,
                              unsigned flags, sqlite3_stmt **ret,
                              const char **tail)
{
    *ret = NULL;
    return fails("sqlite3_prepare")
               ? made_up
               : __real_sqlite3_prepare_v3(db, sql, n, flags, ret, tail);
}

int __real_sqlite3_extended_errcode(sqlite3 *db);
int __wrap_sqlite3_extended_errcode(sqlite3 *db);
int __wrap_sqlite3_extended_errcode(sqlite3 *db)
{
    return made_up ? made_up : __real_sqlite3_extended_errcode(db);
}

const char *__real_sqlite3_errmsg(sqlite3 *db);
const char *__wrap_sqlite3_errmsg(sqlite3 *db);
const char *__wrap_sqlite3_errmsg(sqlite3 *db)
{
    return made_up ? sqlite3_errstr(made_up) : __real_sqlite3_errmsg(db);
}

static sqlite3_mem_methods plain;

static void *give(int n)
{
    return inject_point(INJECT_ALLOC, "sqlite3_malloc") ? NULL
                                                        : plain.xMalloc(n);
}

static void *resize(void *old, int n)
{
    return inject_point(INJECT_ALLOC, "sqlite3_realloc")
               ? NULL
               : plain.xRealloc(old, n);
}

/* Before SQLite is used for the first time. */
__attribute__((constructor)) static void take_over(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
    sqlite3_mem_methods failing = plain;
    failing.xMalloc = give;
    failing.xRealloc = resize;
    (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    inject_vfs_register();
}
