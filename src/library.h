/*
 * library.h - large libraries that are loaded when they are first needed.
 *
 * libcurl and libxml2 bring some forty others with them; the dynamic loader
 * would spend most of a search on what no search uses. So their functions are
 * defined in library_*.c under their own names, and pass each call on to the
 * library; callers include the library's headers as ever. So are those of PCRE2
 * and libzstd, which few searches use. Whoever calls first loads it first. A
 * package depends on them all the same.
 */
#ifndef CS_SRC_LIBRARY_H
#define CS_SRC_LIBRARY_H

#include "src/error.h"

/* Load libcurl, PCRE2, libxml2 or libzstd; cheap from the second call on.
 * CS_ERR_CONFIG when it is not installed. Until this has succeeded no function
 * of the library may be called. They stay loaded until the process ends. Not
 * for threads. */
enum cs_status cs_library_curl(struct cs_error *err);
enum cs_status cs_library_pcre2(struct cs_error *err);
enum cs_status cs_library_xml(struct cs_error *err);
enum cs_status cs_library_zstd(struct cs_error *err);

/* A function of a library, and the address of the pointer to it. */
struct cs_library_slot {
    const char *name;
    void *pointer;
};

/* For the files above: open `file` and fill `n` slots, unless `*loaded` says
 * that this was done; it does so afterwards. */
enum cs_status cs_library_load(const char *file,
                               const struct cs_library_slot *slots, size_t n,
                               bool *loaded, struct cs_error *err);

#endif
