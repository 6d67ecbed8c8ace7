/*
 * inject_alloc.h - allocation functions that are fault points, for libraries
 * that take such functions.
 */
#ifndef CS_TESTS_FAULT_INJECT_ALLOC_H
#define CS_TESTS_FAULT_INJECT_ALLOC_H

#include <stddef.h>

void *inject_malloc(size_t n);
void *inject_calloc(size_t n, size_t size);
void *inject_realloc(void *old, size_t n);
char *inject_strdup(const char *text);

#endif
