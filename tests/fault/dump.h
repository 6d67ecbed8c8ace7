/*
 * dump.h - all that a mirror holds, as text, so that two can be compared.
 */
#ifndef CS_TESTS_FAULT_DUMP_H
#define CS_TESTS_FAULT_DUMP_H

#include "src/error.h"
#include "tests/lib/sandbox.h"

/* Every table of the index but what tells of runs, with rows named by the
 * vendor's ids; every word of the full-text index at its place; what the
 * integrity checks of SQLite and FTS5 say; every file of every source. New
 * tables and columns come in by themselves. Needs an index without a writer;
 * the index is opened for writing. */
enum cs_status fault_dump(struct sandbox *box, struct cs_strbuf *out,
                          struct cs_error *err);

#endif
