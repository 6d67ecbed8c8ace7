/*
 * convert_tool.c - storage format on standard input, Markdown on standard
 * output, references in canonical form. For measuring the converter alone.
 */
#include "connectors/confluence/storage_format.h"

#include <errno.h>

int main(void)
{
    struct cs_strbuf in CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)64 << 20);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)256 << 20);
    struct cs_error err = CS_ERROR_INIT;
    while (!feof(stdin) && !ferror(stdin) && cs_strbuf_reserve(&in, 65536))
        in.len += fread(in.data + in.len, 1, 65536, stdin);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_body body;
    enum cs_status status = cs_strbuf_status(&in, &err);
    if (!status)
        status =
            cs_storage_convert(arena, in.data, in.len, NULL, &body, NULL, &err);
    if (!status) {
        cs_body_render(&body, cs_resolve_canonical, NULL, &out);
        status = cs_strbuf_status(&out, &err);
    }
    if (status) {
        (void)fprintf(stderr, "cs-convert-tool: %s\n", err.message);
        return cs_status_exit(status);
    }
    return fwrite(out.data, 1, out.len, stdout) == out.len ? 0 : 74;
}
