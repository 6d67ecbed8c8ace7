/*
 * setup_spaces.c - which spaces, by key, by number, or all.
 */
#include "cli/setup.h"

#include "cli/ask.h"
#include "src/text.h"

#include <stdlib.h>
#include <strings.h>

#define SHOWN_MAX  40
#define PICKED_MAX 1000

/* Those picked; n 0: all. */
struct picked {
    const char **keys;
    size_t n;
};

static int by_key(const void *a, const void *b)
{
    const struct cs_setup_space *one = a, *other = b;
    int order = cs_ascii_casecmp(one->key, other->key);
    return order ? order : strcmp(one->key, other->key);
}

static void put_row(const struct cs_setup *setup, size_t i,
                    struct cs_strbuf *out)
{
    const struct cs_terminal *terminal = &setup->app->err_terminal;
    unsigned width = terminal->width > 24 ? terminal->width : 24;
    cs_strbuf_printf(out, "  %3zu  ", i + 1);
    size_t used = cs_terminal_put_fit(terminal, CS_STYLE_TITLE,
                                      setup->spaces[i].key, 20, out);
    cs_strbuf_fill(out, ' ', used < 12 ? 12 - used : 1);
    cs_terminal_put_fit(terminal, CS_STYLE_NONE, setup->spaces[i].name,
                        width - 8 - (used < 12 ? 12 : used + 1), out);
    cs_strbuf_putc(out, '\n');
}

/* Those with `word` in key or name; all of them for "". */
static void show(const struct cs_setup *setup, const char *word)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    size_t shown = 0, more = 0;
    for (size_t i = 0; i < setup->n_spaces; i++) {
        if (!strcasestr(setup->spaces[i].key, word) &&
            !strcasestr(setup->spaces[i].name, word))
            continue;
        if (shown == SHOWN_MAX)
            more++;
        else {
            put_row(setup, i, &text);
            shown++;
        }
    }
    if (more > 0)
        cs_strbuf_printf(
            &text, "  ... and %zu more; ?word shows those with it\n", more);
    if (shown == 0)
        cs_strbuf_puts(&text, "  none\n");
    (void)fputs(text.data, setup->app->err);
}

static const char *known_key(const struct cs_setup *setup, const char *word)
{
    char *end;
    for (size_t i = 0; i < setup->n_spaces; i++)
        if (cs_ascii_casecmp(setup->spaces[i].key, word) == 0)
            return setup->spaces[i].key;
    if (!cs_ascii_is_digit(word[0]))
        return NULL;
    unsigned long number = strtoul(word, &end, 10);
    return *end == '\0' && number >= 1 && number <= setup->n_spaces
               ? setup->spaces[number - 1].key
               : NULL;
}

/* "2-5", by the numbers of the list. */
static bool read_range(const struct cs_setup *setup, const char *word,
                       size_t *ret_first, size_t *ret_last)
{
    char *end;
    if (!cs_ascii_is_digit(word[0]))
        return false;
    *ret_first = strtoul(word, &end, 10);
    if (*end != '-' || !cs_ascii_is_digit(end[1]))
        return false;
    *ret_last = strtoul(end + 1, &end, 10);
    return *end == '\0' && *ret_first >= 1 && *ret_first <= *ret_last &&
           *ret_last <= setup->n_spaces;
}

/* Once each; those beyond the room are told of by the count. */
static void add_key(struct picked *picked, const char *key)
{
    for (size_t i = 0; i < picked->n; i++)
        if (cs_str_equal(picked->keys[i], key))
            return;
    if (picked->n < PICKED_MAX)
        picked->keys[picked->n++] = key;
}

/* The words of `text`, as keys; `*ret_odd` when there is one that was not in
 * the list, such as somebody's own space. */
static enum cs_status read_words(struct cs_setup *setup, const char *text,
                                 struct picked *ret, bool *ret_odd,
                                 struct cs_error *err)
{
    char *copy = cs_arena_strdup(setup->arena, text), *rest = copy, *word;
    *ret = (struct picked){
        cs_arena_array(setup->arena, PICKED_MAX, sizeof(*ret->keys)), 0};
    *ret_odd = false;
    if (!copy || !ret->keys)
        return cs_arena_status(setup->arena, err);
    while ((word = strsep(&rest, ", \t"))) {
        size_t first = 0, last = 0;
        if (strcmp(word, "*") == 0) {
            ret->n = 0;
            *ret_odd = false;
            return CS_OK;
        }
        const char *key = known_key(setup, word);
        if (!key && read_range(setup, word, &first, &last)) {
            for (size_t i = first; i <= last; i++)
                add_key(ret, setup->spaces[i - 1].key);
            continue;
        }
        *ret_odd = *ret_odd || (*word && !key);
        if (*word)
            add_key(ret, key ? key : word);
    }
    return ret->n < PICKED_MAX
               ? CS_OK
               : cs_error_set(err, CS_ERR_USAGE, "too many spaces");
}

static void take(struct cs_setup *setup, const struct picked *picked)
{
    setup->source.spaces = picked->keys;
    setup->source.n_spaces = picked->n;
}

/* What is configured now, as it would be typed. */
static void put_now(const struct cs_setup *setup, struct cs_strbuf *out)
{
    for (size_t i = 0; i < setup->source.n_spaces; i++)
        cs_strbuf_printf(out, "%s%s", i > 0 ? " " : "",
                         setup->source.spaces[i]);
    if (setup->source.n_spaces == 0)
        cs_strbuf_puts(out, "*");
}

/* Ask for those that no list showed; true when all of them are there. */
static enum cs_status verify(struct cs_setup *setup,
                             const struct picked *picked, bool *ret,
                             struct cs_error *err)
{
    struct cs_setup_space *spaces = setup->spaces;
    size_t n = setup->n_spaces, room = setup->room;
    const char *missing = NULL;
    setup->spaces = NULL;
    setup->room = 0;
    enum cs_status status =
        cs_setup_list_spaces(setup, picked->keys, picked->n, &missing, err);
    setup->spaces = spaces;
    setup->n_spaces = n;
    setup->room = room;
    if (status == CS_OK && missing)
        cs_setup_say(setup, "  You can read no %s %s.\n",
                     setup->connector->noun, missing);
    *ret = !missing;
    return status;
}

static enum cs_status ask(struct cs_setup *setup, struct cs_error *err)
{
    struct cs_strbuf answer CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_ASK_MAX);
    struct cs_strbuf now CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_ASK_MAX);
    put_now(setup, &now);
    cs_setup_say(setup, "\n%zu %s%s can be read:\n", setup->n_spaces,
                 setup->connector->noun, setup->n_spaces == 1 ? "" : "s");
    show(setup, "");
    for (;;) {
        struct picked picked;
        bool odd = false, good = true;
        enum cs_status status =
            cs_ask_line(setup->app, "Which ones? Numbers or keys, * for all",
                        now.data, &answer, err);
        if (status == CS_OK && answer.data[0] == '?') {
            show(setup, answer.data + 1);
            continue;
        }
        if (status == CS_OK)
            status = read_words(setup, answer.data, &picked, &odd, err);
        if (status == CS_OK && odd)
            status = verify(setup, &picked, &good, err);
        if (status != CS_OK)
            return status;
        if (good) {
            take(setup, &picked);
            return CS_OK;
        }
    }
}

/* Somebody may look for another account; alone, it is a failure. */
static enum cs_status none_at_all(struct cs_setup *setup, struct cs_error *err)
{
    bool other = false;
    struct cs_error why = CS_ERROR_INIT;
    (void)cs_error_set(&why, CS_ERR_FORBIDDEN, "%s can read no %s at %s",
                       setup->identity.name, setup->connector->noun,
                       setup->guide.url);
    cs_error_hint(&why, "ask for access to one, or use another account");
    if (setup->dialogue) {
        cs_setup_say_error(setup, &why);
        enum cs_status status =
            cs_ask_yes(setup->app, "Try another account?", true, &other, err);
        if (status != CS_OK)
            return status;
    }
    if (!other)
        return cs_error_pass(err, CS_ERR_FORBIDDEN, &why);
    setup->refused = true;
    enum cs_status status = cs_setup_ask_account(setup, err);
    setup->refused = false;
    return status == CS_OK ? cs_setup_connect(setup, err) : status;
}

/* An option, or what was configured before; `*ret_given` says which spaces are
 * settled. */
static enum cs_status take_given(struct cs_setup *setup, bool *ret_given,
                                 struct cs_error *err)
{
    struct picked picked;
    bool odd;
    *ret_given = setup->args->spaces || !setup->dialogue ||
                 cs_setup_is_given(setup, "space_keys");
    if (!setup->args->spaces)
        return CS_OK;
    enum cs_status status =
        read_words(setup, setup->args->spaces, &picked, &odd, err);
    if (status == CS_OK)
        take(setup, &picked);
    return status;
}

enum cs_status cs_setup_ask_spaces(struct cs_setup *setup, struct cs_error *err)
{
    bool given = false;
    enum cs_status status = take_given(setup, &given, err);
    while (status == CS_OK) {
        const struct cs_source_config *source = &setup->source;
        status = cs_setup_list_spaces(setup, given ? source->spaces : NULL,
                                      given ? source->n_spaces : 0, NULL, err);
        if (status != CS_OK || setup->n_spaces > 0)
            break;
        status = none_at_all(setup, err);
    }
    if (status != CS_OK)
        return status;
    qsort(setup->spaces, setup->n_spaces, sizeof(*setup->spaces), by_key);
    if (!given)
        return ask(setup, err);
    cs_setup_say(setup, "  %zu %s%s can be read.\n", setup->n_spaces,
                 setup->connector->noun, setup->n_spaces == 1 ? "" : "s");
    return CS_OK;
}
