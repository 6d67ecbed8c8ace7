/*
 * sandbox.h - a folder of its own for each test, and a clock that stands.
 */
#ifndef CS_TESTS_LIB_SANDBOX_H
#define CS_TESTS_LIB_SANDBOX_H

#include "src/clock.h"
#include "src/strbuf.h"

struct sandbox {
    char root[64]; /* a new folder below TMPDIR */
    int64_t now_ms;
    struct cs_clock clock; /* says now_ms until a test changes it */
};

/* cmocka set-up and tear-down: *state is a struct sandbox. */
int sandbox_setup(void **state);
int sandbox_teardown(void **state);

/* The bytes of root/name; the test fails when there is no such file. Borrowed
 * until the next call with the same buffer. */
const char *sandbox_read(const struct sandbox *box, const char *name,
                         struct cs_strbuf *buf);
void sandbox_write(const struct sandbox *box, const char *name,
                   const char *text);
bool sandbox_exists(const struct sandbox *box, const char *name);
void sandbox_remove(const struct sandbox *box, const char *name);

/* All entries below root/below, one a line: "name kind hash" for files, sorted;
 * so that two trees can be compared as text. */
void sandbox_tree(const struct sandbox *box, const char *below,
                  struct cs_strbuf *out);

#endif
