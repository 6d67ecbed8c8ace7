/*
 * cases.h - the pairs <case>.xhtml and <case>.md of a folder, for every test
 * that holds for all of them.
 */
#ifndef CS_TESTS_CONNECTORS_CASES_H
#define CS_TESTS_CONNECTORS_CASES_H

#include "tests/lib/test.h"

#include "src/strbuf.h"

/* One document. */
struct storage_case {
    const char *dir, *name;
    const char *xhtml;
    size_t len;
};

/* False when the case fails; it has said why. */
typedef bool storage_case_fn(const struct storage_case *it);

/* Check every case in `dir`; the test fails when one does, after all have
 * run. Returns how many there were. */
size_t storage_cases_each(const char *dir, storage_case_fn *check);

/* The same for the documents in $CS_SHARED/corpus; skips the test when
 * CS_SHARED is not set. */
void storage_cases_each_shared(storage_case_fn *check);

/* A file next to the case, "<case><suffix>"; NULL when there is none. To be
 * freed. */
char *storage_case_read(const struct storage_case *it, const char *suffix);

/* The Markdown of a fragment, references in canonical form; to be freed. */
char *storage_case_convert(const char *xhtml, size_t len);

#endif
