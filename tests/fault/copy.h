/*
 * copy.h - a sandbox's folder copied, so that each run starts from the same.
 */
#ifndef CS_TESTS_FAULT_COPY_H
#define CS_TESTS_FAULT_COPY_H

#include <stdbool.h>

/* Make `to` the same as `from`: what it held is removed; files, folders and
 * links are copied with their modes. False, and said on stderr, when that
 * fails. */
bool fault_copy(const char *from, const char *to);

#endif
