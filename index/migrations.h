/*
 * migrations.h - the steps from one version of the schema to the next.
 */
#ifndef CS_INDEX_MIGRATIONS_H
#define CS_INDEX_MIGRATIONS_H

#include "index/schema.h"

enum { CS_MIGRATION_STEPS = 5 };

/* The n-th leads from version n to n + 1: SQL in steps, NULL behind the last.
 */
extern const char *const cs_migrations[CS_SCHEMA_VERSION][CS_MIGRATION_STEPS];

#endif
