/*
 * test.h - what every unit test includes first: cmocka and what it needs.
 */
#ifndef CS_TESTS_LIB_TEST_H
#define CS_TESTS_LIB_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A call that must succeed; on failure the test ends with its message. */
#define assert_ok(call, error)                                                 \
    do {                                                                       \
        if ((call) != CS_OK)                                                   \
            fail_msg("%s: %s", #call, (error)->message);                       \
    } while (0)

#endif
