/*
 * cs.h - what every file of the tree may take for granted.
 *
 * Attributes, the cleanup idiom and the functions nobody may call. It holds no
 * declarations of its own modules: include those by name.
 */
#ifndef CS_SRC_CS_H
#define CS_SRC_CS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CS_ARRAY_LEN(a)      (sizeof(a) / sizeof((a)[0]))
#define CS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define CS_CLEANUP(fn)       __attribute__((cleanup(fn)))
#define CS_UNUSED            __attribute__((unused))

/* Define the function `name` that a CS_CLEANUP(name) local calls: it passes
 * the pointer held by the local to `free_fn`, which must accept NULL. */
#define CS_DEFINE_CLEANUP(type, name, free_fn)                                 \
    static inline CS_UNUSED void name(type *slot)                              \
    {                                                                          \
        free_fn(*slot);                                                        \
    }                                                                          \
    struct cs_swallow_semicolon

/* Functions with no bound, hidden state or a locale in them. The replacement
 * name does not exist, so a use of one of them does not compile. */
#define CS_BANNED(fn) cs_banned_##fn
#undef strcpy
#define strcpy CS_BANNED(strcpy)
#undef strcat
#define strcat CS_BANNED(strcat)
#undef strncpy
#define strncpy CS_BANNED(strncpy)
#undef strncat
#define strncat CS_BANNED(strncat)
#undef sprintf
#define sprintf CS_BANNED(sprintf)
#undef vsprintf
#define vsprintf CS_BANNED(vsprintf)
#undef strtok
#define strtok CS_BANNED(strtok)
#undef gmtime
#define gmtime CS_BANNED(gmtime)
#undef localtime
#define localtime CS_BANNED(localtime)
#undef ctime
#define ctime CS_BANNED(ctime)
#undef asctime
#define asctime CS_BANNED(asctime)
#undef atoi
#define atoi CS_BANNED(atoi)
#undef system
#define system CS_BANNED(system)
#undef popen
#define popen CS_BANNED(popen)

#endif
