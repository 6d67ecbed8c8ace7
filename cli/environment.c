/*
 * environment.c - a list of variables that can stand in for `environ`.
 */
#include "cli/environment.h"

#include "src/text.h"

#include <stdlib.h>

extern char **environ;

/* Where `name` stands, or the end. */
static size_t find(const struct cs_environment *env, const char *name)
{
    size_t len = strlen(name), i = 0;
    while (i < env->n && !(strncmp(env->items[i], name, len) == 0 &&
                           env->items[i][len] == '='))
        i++;
    return i;
}

static void add(struct cs_environment *env, const char *item)
{
    if (!item)
        return;
    if (env->n + 1 >= env->room) {
        size_t room = env->room ? 2 * env->room : 64;
        const char **items = cs_arena_array(env->arena, room, sizeof(*items));
        if (!items)
            return;
        if (env->n)
            memcpy(items, env->items, env->n * sizeof(*items));
        env->items = items;
        env->room = room;
    }
    env->items[env->n++] = item;
    env->items[env->n] = NULL;
}

/* One escape of $'...', behind its backslash; moves `*at` behind it. */
static char unescape(const char **at)
{
    static const char letters[] = "abefnrtv", values[] = "\a\b\033\f\n\r\t\v";
    const char *letter = strchr(letters, **at);
    char digits[4] = "";
    char *end;
    if (**at == 'x' || (**at >= '0' && **at <= '7')) {
        int base = **at == 'x' ? 16 : 8;
        *at += base == 16;
        (void)snprintf(digits, sizeof(digits), "%.*s", base == 16 ? 2 : 3, *at);
        long value = strtol(digits, &end, base);
        *at += end - digits;
        return (char)value;
    }
    (*at)++;
    return letter && *letter ? values[letter - letters] : (*at)[-1];
}

/* "NAME=value" or "NAME=$'value'" as it is meant. */
static const char *plain(struct cs_arena *arena, const char *line, size_t len)
{
    char *copy = cs_arena_strndup(arena, line, len);
    char *value = copy ? strchr(copy, '=') : NULL;
    if (!value || value[1] != '$' || value[2] != '\'')
        return copy;
    char *to = value + 1;
    for (const char *at = value + 3; *at && *at != '\'';) {
        bool escaped = *at == '\\' && at[1];
        if (escaped)
            at++;
        *to++ = escaped ? unescape(&at) : *at++;
    }
    *to = '\0';
    return copy;
}

void cs_environment_parse(struct cs_environment *env, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        if (memchr(text, '=', len))
            add(env, plain(env->arena, text, len));
        text += len + (text[len] == '\n');
    }
}

void cs_environment_copy(const struct cs_environment *env,
                         struct cs_environment *ret)
{
    *ret = (struct cs_environment){.arena = env->arena};
    for (size_t i = 0; i < env->n; i++)
        add(ret, env->items[i]);
}

const char *cs_environment_get(const struct cs_environment *env,
                               const char *name)
{
    size_t i = find(env, name);
    return i < env->n ? strchr(env->items[i], '=') + 1 : NULL;
}

void cs_environment_set(struct cs_environment *env, const char *name,
                        const char *value)
{
    size_t i = find(env, name);
    if (i < env->n) {
        env->items[i] = env->items[env->n - 1];
        env->items[--env->n] = NULL;
    }
    if (value)
        add(env, cs_arena_printf(env->arena, "%s=%s", name, value));
}

char **cs_environment_enter(const struct cs_environment *env)
{
    static const char *nothing[] = {NULL};
    char **before = environ;
    const char **items = env->items ? env->items : nothing;
    memcpy(&environ, &items, sizeof(environ));
    return before;
}

void cs_environment_leave(char **before)
{
    environ = before;
}
