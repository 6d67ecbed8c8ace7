/*
 * config_variables.c - the rows of the key table that have a variable.
 */
#include "src/config_variables.h"

#include "src/config_values.h"
#include "src/text.h"

/* The key of variable `i`, or NULL. */
static const struct cs_key *find(size_t i)
{
    for (size_t id = 0; id < CS_KEY_COUNT; id++)
        if (cs_config_keys[id].env && i-- == 0)
            return &cs_config_keys[id];
    return NULL;
}

bool cs_config_variable(size_t i, struct cs_config_variable *ret)
{
    const struct cs_key *key = find(i);
    if (!key)
        return false;
    *ret = (struct cs_config_variable){
        .name = key->env,
        .key = key->name,
        .source =
            key->scope == CS_SCOPE_MIRROR ? NULL : CS_CONFIG_DEFAULT_SOURCE,
        .list = cs_key_is_list(key),
    };
    return true;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? cs_str_equal(a, b) : a == b;
}

static bool same_spaces(const struct cs_source_config *a,
                        const struct cs_source_config *b)
{
    if (a->n_spaces != b->n_spaces)
        return false;
    for (size_t i = 0; i < a->n_spaces; i++)
        if (!cs_str_equal(a->spaces[i], b->spaces[i]))
            return false;
    return true;
}

static const char *text_at(const void *record, const struct cs_key *key)
{
    const char *text;
    memcpy(&text, (const char *)record + key->offset, sizeof(text));
    return text;
}

bool cs_config_variable_same(size_t i, const struct cs_config *a,
                             const struct cs_config *b)
{
    const struct cs_key *key = find(i);
    if (!key || key->scope == CS_SCOPE_MIRROR)
        return same_text(cs_config_root(a), cs_config_root(b));
    const struct cs_source_config *left =
        cs_config_find_source(a, CS_CONFIG_DEFAULT_SOURCE);
    const struct cs_source_config *right =
        cs_config_find_source(b, CS_CONFIG_DEFAULT_SOURCE);
    if (!left || !right)
        return left == right;
    if (cs_key_is_list(key))
        return same_spaces(left, right);
    if (key->type == &cs_key_choice)
        return memcmp((const char *)left + key->offset,
                      (const char *)right + key->offset, sizeof(int)) == 0;
    return same_text(text_at(left, key), text_at(right, key));
}

const char *cs_config_variable_path(size_t i, const struct cs_config *config)
{
    const struct cs_key *key = find(i);
    if (!key || key->type != &cs_key_path)
        return NULL;
    if (key->scope == CS_SCOPE_MIRROR)
        return cs_config_root(config);
    const struct cs_source_config *source =
        cs_config_find_source(config, CS_CONFIG_DEFAULT_SOURCE);
    return source ? text_at(source, key) : NULL;
}
