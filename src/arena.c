/*
 * arena.c - a list of chunks, the newest first; each twice the one before up
 * to a megabyte. A request larger than a chunk gets a chunk of its own size.
 */
#include "src/arena.h"

#include "src/strbuf.h"

#include <stdarg.h>
#include <stdlib.h>

enum { FIRST_CHUNK = 16 * 1024, LAST_CHUNK = 8 * 1024 * 1024 };
enum { GROW_FIRST = 16 }; /* members of an array */

struct chunk {
    struct chunk *next;
    size_t size, used;
    max_align_t data[];
};

struct cs_arena {
    struct chunk *chunks;
    size_t max, used;
    enum cs_status status;
};

struct cs_arena *cs_arena_new(size_t max)
{
    struct cs_arena *arena = calloc(1, sizeof(*arena));
    if (arena)
        arena->max = max;
    return arena;
}

static void free_chunks(struct chunk *chunk)
{
    while (chunk) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void cs_arena_free(struct cs_arena *arena)
{
    if (!arena)
        return;
    free_chunks(arena->chunks);
    free(arena);
}

/* The newest chunk is the largest, so it is the one worth keeping; one that a
 * single huge request made is not. */
static bool worth_keeping(const struct chunk *chunk)
{
#ifdef CS_DEBUG_ARENA
    (void)chunk;
    return false;
#else
    return chunk->size <= LAST_CHUNK;
#endif
}

void cs_arena_clear(struct cs_arena *arena)
{
    if (!arena)
        return;
    struct chunk *newest = arena->chunks;
    arena->used = 0;
    arena->status = CS_OK;
    if (newest && worth_keeping(newest)) {
        free_chunks(newest->next);
        newest->next = NULL;
        newest->used = 0;
    } else {
        free_chunks(newest);
        arena->chunks = NULL;
    }
}

static size_t chunk_size_for(const struct cs_arena *arena, size_t size)
{
#ifdef CS_DEBUG_ARENA
    (void)arena;
    return size;
#else
    size_t want = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    if (want > LAST_CHUNK)
        want = LAST_CHUNK;
    return size > want ? size : want;
#endif
}

static struct chunk *add_chunk(struct cs_arena *arena, size_t size)
{
    size_t chunk_size = chunk_size_for(arena, size);
    struct chunk *chunk = malloc(sizeof(*chunk) + chunk_size);
    if (!chunk) {
        arena->status = CS_ERR_NO_MEMORY;
        return NULL;
    }
    chunk->size = chunk_size;
    chunk->used = 0;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk;
}

static size_t round_up(size_t size)
{
    size_t align = _Alignof(max_align_t);
    return (size + align - 1) / align * align;
}

void *cs_arena_take(struct cs_arena *arena, size_t size)
{
    if (!arena || arena->status)
        return NULL;
    if (size > SIZE_MAX / 4 ||
        (arena->max && size > arena->max - arena->used)) {
        arena->status = CS_ERR_LIMIT;
        return NULL;
    }
    size_t need = round_up(size ? size : 1);
    struct chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < need)
        chunk = add_chunk(arena, need);
    if (!chunk)
        return NULL;
    void *memory = (char *)chunk->data + chunk->used;
    chunk->used += need;
    arena->used += size;
    return memory;
}

void *cs_arena_alloc(struct cs_arena *arena, size_t size)
{
    void *memory = cs_arena_take(arena, size);
    return memory ? memset(memory, 0, size) : NULL;
}

void *cs_arena_array(struct cs_arena *arena, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        return cs_arena_alloc(arena, SIZE_MAX);
    return cs_arena_alloc(arena, n * size);
}

void *cs_arena_grow(struct cs_arena *arena, void *array, size_t n, size_t *cap,
                    size_t size)
{
    if (n < *cap)
        return array;
    size_t more = *cap ? *cap * 2 : GROW_FIRST;
    void *grown = cs_arena_array(arena, more, size);
    if (!grown)
        return NULL;
    if (n)
        memcpy(grown, array, n * size);
    *cap = more;
    return grown;
}

char *cs_arena_strndup(struct cs_arena *arena, const char *text, size_t len)
{
    if (!text)
        return NULL;
    char *copy = cs_arena_take(arena, len + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *cs_arena_strbuf(struct cs_arena *arena, const struct cs_strbuf *buf)
{
    if (arena && !arena->status && buf->status == CS_ERR_NO_MEMORY)
        arena->status = CS_ERR_NO_MEMORY;
    return cs_arena_strndup(arena, buf->data, buf->len);
}

char *cs_arena_strdup(struct cs_arena *arena, const char *text)
{
    return text ? cs_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *cs_arena_printf(struct cs_arena *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = n < 0 ? NULL : cs_arena_alloc(arena, (size_t)n + 1);
    if (!text)
        return NULL;
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)n + 1, fmt, args);
    va_end(args);
    return text;
}

size_t cs_arena_used(const struct cs_arena *arena)
{
    return arena->used;
}

enum cs_status cs_arena_status(const struct cs_arena *arena,
                               struct cs_error *err)
{
    if (!arena || arena->status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (arena->status == CS_ERR_LIMIT)
        return cs_error_set(err, CS_ERR_LIMIT,
                            "the document needs more than %zu MB of memory",
                            arena->max >> 20);
    return CS_OK;
}
