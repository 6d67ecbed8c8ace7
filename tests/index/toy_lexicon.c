/*
 * toy_lexicon.c - words in a list, looked at one by one.
 */
#include "tests/index/toy_lexicon.h"

#include "src/strbuf.h"
#include "tests/lib/test.h"

void toy_lexicon_clear(struct cs_lexicon *lexicon)
{
    lexicon->n = lexicon->texts = 0;
}

static bool add_word(void *payload, const struct cs_word *word)
{
    struct cs_lexicon *lexicon = payload;
    assert_true(lexicon->n < TOY_WORDS_MAX);
    struct toy_word *made = &lexicon->words[lexicon->n++];
    lexicon->position += !word->whole;
    *made = (struct toy_word){lexicon->texts, lexicon->field, lexicon->position,
                              ""};
    memcpy(made->term, word->text, word->len);
    return true;
}

struct source {
    struct cs_lexicon *lexicon;
    const char *markdown;
};

/* A column is the ranges of its field one behind the other. */
static bool add_range(void *payload, enum cs_field field, size_t at, size_t end)
{
    struct source *source = payload;
    source->lexicon->field = field;
    (void)cs_words_split(source->markdown + at, end - at, add_word,
                         source->lexicon);
    return true;
}

void toy_lexicon_add(struct cs_lexicon *lexicon, const char *markdown,
                     size_t len)
{
    struct source source = {lexicon, markdown};
    lexicon->position = 0;
    cs_fields_walk(markdown, len, add_range, &source);
    lexicon->texts++;
}

enum cs_status cs_lexicon_df(struct cs_lexicon *lexicon, const char *term,
                             size_t len, int64_t *ret_df, struct cs_error *err)
{
    bool in[TOY_TEXTS_MAX] = {false};
    (void)err;
    *ret_df = 0;
    for (size_t i = 0; i < lexicon->n; i++) {
        const struct toy_word *word = &lexicon->words[i];
        if (strlen(word->term) != len || memcmp(word->term, term, len) != 0 ||
            in[word->text])
            continue;
        in[word->text] = true;
        ++*ret_df;
    }
    return CS_OK;
}

enum cs_status cs_lexicon_walk(struct cs_lexicon *lexicon, const char *prefix,
                               size_t len, cs_lexicon_fn *visit, void *payload,
                               struct cs_error *err)
{
    (void)err;
    for (size_t i = 0; i < lexicon->n; i++) {
        const char *term = lexicon->words[i].term;
        if (strncmp(term, prefix, len) == 0 &&
            !visit(payload, term, strlen(term), 1))
            break;
    }
    return CS_OK;
}

enum cs_status cs_lexicon_chunks(struct cs_lexicon *lexicon,
                                 cs_lexicon_chunk_fn *visit, void *payload,
                                 struct cs_error *err)
{
    struct cs_strbuf chunk CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    (void)err;
    for (size_t i = 0; i < lexicon->n; i++) {
        cs_strbuf_printf(&chunk, "%s\n", lexicon->words[i].term);
        if (chunk.len < 100 && i + 1 < lexicon->n)
            continue;
        if (!visit(payload, chunk.data, chunk.len))
            break;
        cs_strbuf_reset(&chunk);
    }
    return CS_OK;
}

/* ---- expressions ---- */

static bool is_one_of(const char *term, const char *alternatives, size_t len)
{
    size_t n = strlen(term);
    for (size_t at = 0; at < len;) {
        const char *bar = memchr(alternatives + at, '|', len - at);
        size_t end = bar ? (size_t)(bar - alternatives) : len;
        if (end - at == n && memcmp(alternatives + at, term, n) == 0)
            return true;
        at = end + 1;
    }
    return false;
}

static bool stands_at(const struct cs_lexicon *lexicon, size_t first,
                      size_t position, const char *alternatives, size_t len)
{
    const struct toy_word *start = &lexicon->words[first];
    for (size_t i = 0; i < lexicon->n; i++) {
        const struct toy_word *word = &lexicon->words[i];
        if (word->text == start->text && word->field == start->field &&
            word->position == position &&
            is_one_of(word->term, alternatives, len))
            return true;
    }
    return false;
}

static bool phrase_from(const struct cs_lexicon *lexicon, size_t first,
                        const char *phrase, size_t len)
{
    size_t position = lexicon->words[first].position;
    for (size_t at = 0; at < len; position++) {
        const char *blank = memchr(phrase + at, ' ', len - at);
        size_t end = blank ? (size_t)(blank - phrase) : len;
        if (!stands_at(lexicon, first, position, phrase + at, end - at))
            return false;
        at = end + 1;
    }
    return true;
}

static bool holds_phrase(const struct cs_lexicon *lexicon, size_t text,
                         const char *phrase, size_t len)
{
    for (size_t i = 0; i < lexicon->n; i++)
        if (lexicon->words[i].text == text &&
            phrase_from(lexicon, i, phrase, len))
            return true;
    return false;
}

/* The phrases of a NEAR may stand in any order, all in one field, with `slop`
 * positions at most between the end of the first and the start of the last. */
struct near {
    const char *phrases[32];
    size_t lens[32];
    size_t n, slop;
};

static size_t count_words(const char *phrase, size_t len)
{
    size_t n = 1;
    for (size_t i = 0; i < len; i++)
        n += phrase[i] == ' ';
    return n;
}

/* All within `span` positions from `from` on? */
static bool near_from(const struct cs_lexicon *lexicon, size_t from,
                      const struct near *near)
{
    const struct toy_word *start = &lexicon->words[from];
    size_t longest = 0;
    for (size_t i = 0; i < near->n; i++) {
        size_t n = count_words(near->phrases[i], near->lens[i]);
        longest = n > longest ? n : longest;
    }
    for (size_t i = 0; i < near->n; i++) {
        bool any = false;
        for (size_t j = 0; j < lexicon->n && !any; j++) {
            const struct toy_word *word = &lexicon->words[j];
            any = word->text == start->text && word->field == start->field &&
                  word->position >= start->position &&
                  word->position <= start->position + longest + near->slop &&
                  phrase_from(lexicon, j, near->phrases[i], near->lens[i]);
        }
        if (!any)
            return false;
    }
    return true;
}

static bool holds_near(const struct cs_lexicon *lexicon, size_t text,
                       const char **at)
{
    struct near near = {.n = 0};
    *at += strlen("NEAR(");
    while (**at == '"') {
        near.phrases[near.n] = *at + 1;
        *at = strchr(*at + 1, '"');
        near.lens[near.n] = (size_t)(*at - near.phrases[near.n]);
        near.n++;
        *at += (*at)[1] == ' ' ? 2 : 1;
    }
    assert_int_equal(**at, ',');
    char *end;
    near.slop = strtoul(*at + 2, &end, 10);
    *at = end + 1;
    for (size_t i = 0; i < lexicon->n; i++)
        if (lexicon->words[i].text == text && near_from(lexicon, i, &near))
            return true;
    return false;
}

bool toy_lexicon_match(const struct cs_lexicon *lexicon, size_t text,
                       const char **at)
{
    if (**at == 'N')
        return holds_near(lexicon, text, at);
    if (**at == '"') {
        const char *phrase = ++*at;
        *at = strchr(phrase, '"') + 1;
        return holds_phrase(lexicon, text, phrase, (size_t)(*at - phrase) - 1);
    }
    assert_int_equal(**at, '(');
    ++*at;
    bool value = toy_lexicon_match(lexicon, text, at);
    while (**at == ' ') {
        bool all = strncmp(*at, " AND ", 5) == 0;
        *at += all ? 5 : 4;
        bool other = toy_lexicon_match(lexicon, text, at);
        value = all ? value && other : value || other;
    }
    assert_int_equal(**at, ')');
    ++*at;
    return value;
}
