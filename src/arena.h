/*
 * arena.h - memory that is given back all at once.
 *
 * Fetch, tree and Markdown of one document live in one arena, dropped when the
 * document has been handed on. Failure is sticky: once an allocation failed or
 * the ceiling was reached, every later one returns NULL and cs_arena_status()
 * says why, so straight-line code checks once at its end.
 *
 * With CS_DEBUG_ARENA each allocation is a malloc of its own, so that
 * AddressSanitizer and valgrind see its borders.
 */
#ifndef CS_SRC_ARENA_H
#define CS_SRC_ARENA_H

#include "src/error.h"

struct cs_arena;

/* A new arena that will hand out at most `max` bytes (0: no ceiling). NULL
 * when there is no memory. The caller frees it with cs_arena_free(). */
struct cs_arena *cs_arena_new(size_t max);

/* Free the arena and everything in it. NULL is legal. */
void cs_arena_free(struct cs_arena *arena);

/* Forget everything in it, keeping one chunk for the next use; clears a sticky
 * failure. NULL is legal. */
void cs_arena_clear(struct cs_arena *arena);

/* `size` zeroed bytes aligned for any type, or NULL. Borrowed until the arena
 * is cleared or freed. */
void *cs_arena_alloc(struct cs_arena *arena, size_t size);

/* The same, not zeroed. */
void *cs_arena_take(struct cs_arena *arena, size_t size);

/* A zeroed array of `n` members, or NULL (also when n * size overflows). */
void *cs_arena_array(struct cs_arena *arena, size_t n, size_t size);

/* Room for one member more in an array of `n` that grows in the arena: `array`
 * itself while `n` is below `*cap`, else a copy of twice the size, zeroed
 * behind its members. NULL without memory; `array` is as it was then. */
void *cs_arena_grow(struct cs_arena *arena, void *array, size_t n, size_t *cap,
                    size_t size);

/* Copies of a string, of `len` bytes as a string, of a formatted string. NULL
 * in gives NULL out. */
char *cs_arena_strdup(struct cs_arena *arena, const char *text);
char *cs_arena_strndup(struct cs_arena *arena, const char *text, size_t len);
char *cs_arena_printf(struct cs_arena *arena, const char *fmt, ...)
    CS_PRINTF(2, 3);

/* A copy of a buffer's text. A buffer that found no memory has none: then the
 * arena gives no more, either. */
struct cs_strbuf;
char *cs_arena_strbuf(struct cs_arena *arena, const struct cs_strbuf *buf);

/* Bytes handed out since the last clear. */
size_t cs_arena_used(const struct cs_arena *arena);

/* CS_OK, or why it stopped giving: CS_ERR_NO_MEMORY or CS_ERR_LIMIT, with a
 * message in `err`. */
enum cs_status cs_arena_status(const struct cs_arena *arena,
                               struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_arena *, cs_arena_cleanup, cs_arena_free);

#endif
