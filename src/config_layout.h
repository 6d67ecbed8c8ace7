/*
 * config_layout.h - where in the text of a configuration each key stands.
 *
 * Private to src/config*.c. Finds settings and sections by their form alone,
 * so that what nobody knows is found too. Positions are bytes of the text.
 */
#ifndef CS_SRC_CONFIG_LAYOUT_H
#define CS_SRC_CONFIG_LAYOUT_H

#include "src/arena.h"

#define CS_CONFIG_TOP ((size_t)-1)

/* key = value, key += value, key = {value, ...} */
struct cs_config_setting {
    const char *key; /* a copy */
    size_t block;    /* the section it stands in, or CS_CONFIG_TOP */
    size_t at, end;  /* all of it */
    size_t sign;     /* where "=" or "+=" stands */
};

/* name title { ... } */
struct cs_config_block {
    const char *name, *title; /* copies; title "" when it has none */
    size_t parent;            /* or CS_CONFIG_TOP */
    size_t at, end;           /* all of it, braces included */
    size_t open, close;       /* behind "{"; at "}" */
};

/* In the order of the text; arrays live in the arena. */
struct cs_config_layout {
    struct cs_config_setting *settings;
    size_t n_settings;
    struct cs_config_block *blocks;
    size_t n_blocks;
};

/* CS_ERR_CONFIG with "path:line: ..." for a text of another form. */
enum cs_status cs_config_layout_find(const char *path, const char *text,
                                     size_t len, struct cs_arena *arena,
                                     struct cs_config_layout *ret,
                                     struct cs_error *err);

#endif
