/*
 * fuzz_words.c - any bytes cut into words and fields.
 *
 * Words are valid, in order and inside the text; a line alone has the words
 * that it has among others; the ranges of fields are in order, and no word
 * goes over their borders.
 */
#include "index/words/fields.h"
#include "index/words/split.h"
#include "src/text.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    const char *text;
    size_t len, n, end;
};

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s\n", what);
    abort();
}

static bool look(void *payload, const struct cs_word *word)
{
    struct seen *seen = payload;
    check(word->len >= 1 && word->len <= CS_WORD_MAX, "its length");
    check(cs_text_valid(word->text, word->len), "valid");
    check(!memchr(word->text, ' ', word->len), "no blank in it");
    check(!memchr(word->text, '|', word->len), "no bar in it");
    check(word->at < word->end && word->end <= seen->len, "inside");
    check(cs_text_valid(seen->text + word->at, word->end - word->at),
          "on borders");
    check(word->whole || word->pair || word->at >= seen->end, "in order");
    check(!word->whole || seen->n > 0, "a whole behind its first part");
    if (!word->whole)
        seen->end = word->end;
    seen->n++;
    return true;
}

static size_t count(const char *text, size_t len)
{
    struct seen seen = {.text = text, .len = len};
    check(cs_words_split(text, len, look, &seen), "to the end");
    return seen.n;
}

static size_t count_lines(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t at = 0; at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t line = end ? (size_t)(end - text) - at : len - at;
        n += count(text + at, line);
        at += line + 1;
    }
    return n;
}

struct ranges {
    const char *text;
    size_t end, words;
};

static bool range(void *payload, enum cs_field field, size_t at, size_t end)
{
    struct ranges *ranges = payload;
    check(field == CS_FIELD_HEADINGS || field == CS_FIELD_BODY ||
              field == CS_FIELD_CODE,
          "a field of Markdown");
    check(at >= ranges->end && at < end, "ranges in order");
    ranges->end = end;
    ranges->words += count(ranges->text + at, end - at);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    size_t all = count(text, size);
    check(all == count_lines(text, size), "lines are apart");
    struct ranges ranges = {.text = text};
    cs_fields_walk(text, size, range, &ranges);
    check(ranges.end <= size && ranges.words <= all, "words of fields");
    return 0;
}
