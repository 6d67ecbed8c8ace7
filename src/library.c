/*
 * library.c - dlopen and dlsym.
 */
#include "src/library.h"

#include <dlfcn.h>

static enum cs_status missing(const char *file, struct cs_error *err)
{
    const char *why = dlerror();
    cs_error_set(err, CS_ERR_CONFIG, "a library cannot be loaded: %s",
                 why ? why : file);
    cs_error_hint(err, "install the package that holds %s", file);
    return CS_ERR_CONFIG;
}

enum cs_status cs_library_load(const char *file,
                               const struct cs_library_slot *slots, size_t n,
                               bool *loaded, struct cs_error *err)
{
    if (*loaded)
        return CS_OK;
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library)
        return missing(file, err);
    for (size_t i = 0; i < n; i++) {
        void *symbol = dlsym(library, slots[i].name);
        if (!symbol)
            return missing(file, err);
        /* C has no cast from a pointer to data to one to a function. */
        memcpy(slots[i].pointer, &symbol, sizeof(symbol));
    }
    *loaded = true;
    return CS_OK;
}
