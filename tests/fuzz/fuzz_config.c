/*
 * fuzz_config.c - any bytes as a configuration file: read or refused, never a
 * crash, and a refusal always says something.
 */
#include "src/config_file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)8 << 20);
    const struct cs_key_context context = {arena, "/home/ada", "/etc"};
    struct cs_config_file file;
    struct cs_error err = CS_ERROR_INIT;
    if (size > CS_CONFIG_FILE_MAX)
        return 0;
    enum cs_status status = cs_config_file_parse("config", (const char *)data,
                                                 size, &context, &file, &err);
    if (status != CS_OK && err.message[0] == '\0')
        abort();
    if (status == CS_OK)
        (void)cs_config_file_has_secret(&file);
    return 0;
}
