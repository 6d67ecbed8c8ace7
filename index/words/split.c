/*
 * split.c - the walk: separators, then a run of pairs or a compound.
 *
 * A plain ASCII word between blanks, which is most of all text, is seen by
 * plain_word() without a look at single characters' meanings. All else is
 * gathered as a compound of up to PARTS_MAX parts, and then told: what is
 * longer is no name of anything, and has no wholes.
 */
#include "index/words/split.h"

#include "index/words/fold.h"

enum { PARTS_MAX = 32, NOWHERE = -1 };

/* What stands before the place where the walk is. */
enum before { BEFORE_OTHER, BEFORE_WORD, BEFORE_DOT };

struct part {
    size_t at, end;      /* in the text */
    size_t folded, unit; /* where its form begins; which run it is of */
};

struct walk {
    const char *text;
    size_t len, at;
    cs_word_fn *visit;
    void *payload;
    enum before before;
    bool rest; /* of a compound that was too long */

    /* the compound at hand: runs (units) of parts, joined by dots, hyphens */
    struct part parts[PARTS_MAX + 1]; /* one more: the end */
    size_t n, units;
    size_t next; /* where the text goes on behind it */
    bool more;   /* it goes on as well */
    bool digit, dot;
    char folded[PARTS_MAX * CS_WORD_MAX];
};

/* The character at `at`; at the end of the text a separator. A backslash is
 * looked through. */
static struct cs_char look(const struct walk *w, size_t at)
{
    if (at >= w->len)
        return (struct cs_char){.len = 1};
    struct cs_char c = cs_char_at(w->text + at, w->len - at);
    if (c.kind != CS_CHAR_BACKSLASH || at + 1 >= w->len)
        return c;
    unsigned char escaped = (unsigned char)w->text[at + 1];
    uint8_t kind =
        escaped < 0x80 ? cs_char_ascii[escaped] : (uint8_t)CS_CHAR_LETTER;
    bool punctuation = escaped > ' ' && escaped < 0x7F &&
                       (kind == CS_CHAR_SEPARATOR || kind > CS_CHAR_IGNORED);
    if (!punctuation)
        return c;
    c.len = 2;
    c.kind = escaped == '\\' ? (uint8_t)CS_CHAR_SEPARATOR : kind;
    return c;
}

static bool is_word(struct cs_char c)
{
    return c.kind >= CS_CHAR_LOWER && c.kind <= CS_CHAR_WORDS;
}

static bool is_pair(struct cs_char c)
{
    return c.script >= CS_SCRIPT_PAIRS;
}

/* Behind the marks of the character that ends at `at`. */
static size_t skip_marks(const struct walk *w, size_t at)
{
    for (;;) {
        struct cs_char c = look(w, at);
        if (c.kind != CS_CHAR_MARK && c.kind != CS_CHAR_IGNORED)
            return at;
        at += c.len;
    }
}

static bool emit(struct walk *w, const struct cs_word *word)
{
    return w->visit(w->payload, word);
}

/* ---- pairs ---- */

/* Tell the characters from `at` to `end` as one token. */
static bool emit_pair(struct walk *w, size_t at, size_t end, bool as_is,
                      enum cs_script script)
{
    char folded[CS_WORD_MAX];
    struct cs_word word = {.text = w->text + at,
                           .len = end - at,
                           .at = at,
                           .end = end,
                           .pair = true};
    if (!as_is) {
        word.text = folded;
        word.len = cs_fold(w->text + at, end - at, script, folded);
    }
    return word.len == 0 || emit(w, &word);
}

static bool walk_pairs(struct walk *w, struct cs_char c)
{
    enum cs_script script = (enum cs_script)c.script;
    size_t first = w->at, second = w->at;
    bool first_as_is = false, any = false, going = true;
    while (going && is_word(c) && c.script == script) {
        size_t plain_end = second + c.len;
        size_t end = skip_marks(w, plain_end);
        bool as_is = c.folded && end == plain_end;
        if (any)
            going = emit_pair(w, first, end, as_is && first_as_is, script);
        any = true;
        first = second;
        first_as_is = as_is;
        second = end;
        c = look(w, second);
    }
    w->at = second;
    w->before = BEFORE_WORD;
    return going && emit_pair(w, first, second, first_as_is, script);
}

/* ---- a compound, gathered ---- */

/* Is a word cut between `before` and the capital that ends at `end`? */
static bool cut_before_capital(const struct walk *w, uint8_t before, size_t end,
                               uint8_t script)
{
    if (before == CS_CHAR_LOWER)
        return true;
    if (before != CS_CHAR_UPPER && before != CS_CHAR_DIGIT)
        return false;
    size_t at = skip_marks(w, end);
    struct cs_char c = look(w, at);
    if (c.kind != CS_CHAR_LOWER || c.script != script)
        return false;
    c = look(w, skip_marks(w, at + c.len));
    return c.kind == CS_CHAR_LOWER && c.script == script;
}

/* The end of the part that begins at `at`. `*script` is that of the run. */
static size_t part_end(struct walk *w, size_t at, uint8_t *script)
{
    uint8_t before = CS_CHAR_SEPARATOR;
    for (;;) {
        struct cs_char c = look(w, at);
        bool other = c.script && *script && c.script != *script;
        if (!is_word(c) || is_pair(c) || other)
            return at;
        if (c.kind == CS_CHAR_UPPER &&
            cut_before_capital(w, before, at + c.len, c.script))
            return at;
        if (c.script)
            *script = c.script;
        w->digit = w->digit || c.kind == CS_CHAR_DIGIT;
        before = c.kind;
        at = skip_marks(w, at + c.len);
    }
}

static size_t fold_part(struct walk *w, const struct part *part, uint8_t script)
{
    char *out = w->folded + part->folded;
    size_t len = part->end - part->at;
    size_t n = len < CS_WORD_MAX ? len : CS_WORD_MAX;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)w->text[part->at + i];
        if (c >= 0x80)
            return cs_fold(w->text + part->at, len, (enum cs_script)script,
                           out);
        out[i] = (char)(cs_char_ascii[c] == CS_CHAR_UPPER ? c | 0x20 : c);
    }
    return n;
}

/* Gather the parts of the run that begins at `at`; where it ends. */
static size_t gather_unit(struct walk *w, size_t at)
{
    uint8_t script = CS_SCRIPT_NONE;
    for (;;) {
        struct cs_char c = look(w, at);
        for (; c.kind == CS_CHAR_UNDERSCORE; c = look(w, at))
            at += c.len;
        if (w->n == PARTS_MAX) {
            w->more = is_word(c) && !is_pair(c);
            return at;
        }
        size_t end = part_end(w, at, &script);
        if (end == at)
            return at;
        struct part *part = &w->parts[w->n];
        part->at = at;
        part->end = end;
        part->unit = w->units;
        size_t len = fold_part(w, part, script);
        if (len > 0) {
            w->n++;
            part[1].folded = part->folded + len;
        }
        at = end;
    }
}

static void gather(struct walk *w)
{
    size_t at = w->at;
    w->n = w->units = 0;
    w->parts[0].folded = 0;
    w->more = w->digit = w->dot = false;
    for (;;) {
        at = gather_unit(w, at);
        w->units++;
        struct cs_char c = look(w, at);
        if (w->more || (c.kind != CS_CHAR_DOT && c.kind != CS_CHAR_HYPHEN))
            break;
        struct cs_char behind = look(w, at + c.len);
        if (!is_word(behind) || is_pair(behind))
            break;
        w->dot = w->dot || c.kind == CS_CHAR_DOT;
        at += c.len;
    }
    w->next = at;
}

/* Behind "++", or the "#" of a single letter, that ends a name; else as it
 * was. */
static size_t name_end(const struct walk *w)
{
    struct cs_char c = look(w, w->next);
    struct cs_char behind = look(w, w->next + c.len);
    size_t end = w->next + c.len;
    bool one = w->n == 1 && !w->more && w->parts[0].end == w->next;
    if (one && c.kind == CS_CHAR_PLUS && behind.kind == CS_CHAR_PLUS)
        return end + behind.len;
    if (one && c.kind == CS_CHAR_HASH && !w->digit && !is_word(behind) &&
        w->parts[1].folded == 1)
        return end;
    return w->next;
}

/* ---- a compound, told ---- */

static bool emit_whole(struct walk *w, const char *text, size_t len, size_t at,
                       size_t end)
{
    return len > CS_WORD_MAX ||
           emit(w, &(struct cs_word){text, len, at, end, true, false});
}

/* The parts first to last - 1, without what joins them. */
static bool emit_joined(struct walk *w, size_t first, size_t last)
{
    size_t from = w->parts[first].folded;
    return emit_whole(w, w->folded + from, w->parts[last].folded - from,
                      w->parts[first].at, w->parts[last - 1].end);
}

static void put(char *out, size_t *len, const char *text, size_t n)
{
    if (*len + n <= CS_WORD_MAX)
        memcpy(out + *len, text, n);
    *len += n;
}

/* What joins two parts, or ends the last: dots, hyphens, and so on. */
static void put_between(const struct walk *w, size_t at, size_t end, char *out,
                        size_t *len)
{
    while (at < end) {
        struct cs_char c = look(w, at);
        const char *shown = c.kind == CS_CHAR_UNDERSCORE ? "_"
                            : c.kind == CS_CHAR_DOT      ? "."
                            : c.kind == CS_CHAR_HYPHEN   ? "-"
                            : c.kind == CS_CHAR_PLUS     ? "+"
                            : c.kind == CS_CHAR_HASH     ? "#"
                                                         : "";
        put(out, len, shown, strlen(shown));
        at += c.len;
    }
}

/* As it is written, from `at` to `end`. */
static bool emit_written(struct walk *w, size_t at, size_t end)
{
    char out[CS_WORD_MAX];
    size_t len = 0, from = at;
    for (size_t i = 0; i < w->n && len <= CS_WORD_MAX; i++) {
        const struct part *part = &w->parts[i];
        put_between(w, from, part->at, out, &len);
        put(out, &len, w->folded + part->folded, part[1].folded - part->folded);
        from = part->end;
    }
    put_between(w, from, end, out, &len);
    return emit_whole(w, out, len, at, end);
}

/* Behind the first part: the wholes of the compound. */
static bool emit_compound(struct walk *w, ptrdiff_t dot, size_t name)
{
    size_t at = dot == NOWHERE ? w->parts[0].at : (size_t)dot;
    bool named = name != w->next;
    size_t end = named ? name : w->parts[w->n - 1].end;
    bool joined = w->units > 1 && (w->digit || w->dot);
    if ((joined || named || dot != NOWHERE) && !emit_written(w, at, end))
        return false;
    return w->units < 3 || w->dot || emit_joined(w, 0, w->n);
}

static size_t unit_end(const struct walk *w, size_t first)
{
    size_t last = first + 1;
    while (last < w->n && w->parts[last].unit == w->parts[first].unit)
        last++;
    return last;
}

static bool emit_parts(struct walk *w, ptrdiff_t dot, size_t name)
{
    bool wholes = !w->rest && !w->more;
    size_t next_unit = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct part *part = &w->parts[i];
        struct cs_word word = {.text = w->folded + part->folded,
                               .len = part[1].folded - part->folded,
                               .at = part->at,
                               .end = part->end};
        if (!emit(w, &word))
            return false;
        if (i == next_unit) {
            next_unit = unit_end(w, i);
            if (wholes && next_unit - i > 1 && !emit_joined(w, i, next_unit))
                return false;
        }
        if (i == 0 && wholes && !emit_compound(w, dot, name))
            return false;
    }
    return true;
}

/* `'s` at the end of a word says nothing. */
static size_t skip_possessive(const struct walk *w, size_t at)
{
    struct cs_char c = look(w, at);
    size_t letter = at + c.len;
    if (c.kind != CS_CHAR_APOSTROPHE || letter >= w->len ||
        (w->text[letter] != 's' && w->text[letter] != 'S'))
        return at;
    struct cs_char behind = look(w, letter + 1);
    bool goes_on = is_word(behind) || behind.kind == CS_CHAR_UNDERSCORE ||
                   behind.kind == CS_CHAR_MARK ||
                   behind.kind == CS_CHAR_IGNORED;
    return goes_on ? at : letter + 1;
}

/* `dot` is where a dot stands in front of it. */
static bool walk_compound(struct walk *w, ptrdiff_t dot)
{
    gather(w);
    size_t name = w->rest ? w->next : name_end(w);
    bool going = w->n == 0 || emit_parts(w, dot, name);
    w->rest = w->more;
    w->at = name != w->next ? name : skip_possessive(w, w->next);
    w->before = BEFORE_WORD;
    return going;
}

/* ---- plain words ---- */

/* Does a word end at `at`, with nothing behind it that might belong to it? */
static bool ends_plainly(const char *text, size_t len, size_t at)
{
    if (at >= len)
        return true;
    unsigned char c = (unsigned char)text[at];
    if (c >= 0x80)
        return false;
    uint8_t kind = cs_char_ascii[c];
    if (kind == CS_CHAR_SEPARATOR)
        return true;
    if (kind != CS_CHAR_DOT && kind != CS_CHAR_HYPHEN &&
        kind != CS_CHAR_APOSTROPHE)
        return false;
    if (at + 1 >= len)
        return true;
    c = (unsigned char)text[at + 1];
    return c < 0x80 && cs_char_ascii[c] == CS_CHAR_SEPARATOR;
}

/* A word of one part: small letters and digits behind at most one capital, or
 * capitals and digits alone. `*ret_going` is what the callback says. False:
 * there is none at this place. */
static bool plain_word(struct walk *w, bool *ret_going)
{
    const char *text = w->text;
    size_t at = w->at, end, len = w->len;
    uint8_t first = cs_char_ascii[(unsigned char)text[at]];
    unsigned kinds = 0;
    for (end = at + 1; end < len && (unsigned char)text[end] < 0x80; end++) {
        uint8_t kind = cs_char_ascii[(unsigned char)text[end]];
        if (kind != CS_CHAR_LOWER && kind != CS_CHAR_DIGIT &&
            kind != CS_CHAR_UPPER)
            break;
        kinds |= 1U << kind;
    }
    bool capitals = kinds & (1U << CS_CHAR_UPPER);
    bool small = (kinds & (1U << CS_CHAR_LOWER)) || first == CS_CHAR_LOWER;
    if (end - at > CS_WORD_MAX || (capitals && small) ||
        !ends_plainly(text, len, end))
        return false;
    struct cs_word word = {
        .text = text + at, .len = end - at, .at = at, .end = end};
    if (capitals || first == CS_CHAR_UPPER) {
        size_t n = capitals ? word.len : 1;
        memcpy(w->folded, text + at, word.len);
        for (size_t i = 0; i < n; i++)
            if (cs_char_ascii[(unsigned char)text[at + i]] == CS_CHAR_UPPER)
                w->folded[i] = (char)(text[at + i] | 0x20);
        word.text = w->folded;
    }
    w->at = end;
    w->before = BEFORE_WORD;
    *ret_going = emit(w, &word);
    return true;
}

/* ---- the walk ---- */

/* Go over what is no word. Returns where the dot is that a name may begin
 * with. */
static ptrdiff_t skip_separators(struct walk *w)
{
    ptrdiff_t dot = NOWHERE;
    while (w->at < w->len) {
        unsigned char byte = (unsigned char)w->text[w->at];
        if (byte < 0x80 && cs_char_ascii[byte] == CS_CHAR_SEPARATOR) {
            w->before = BEFORE_OTHER;
            w->at++;
            continue;
        }
        struct cs_char c = look(w, w->at);
        if (is_word(c))
            return w->before == BEFORE_DOT ? dot : NOWHERE;
        dot = c.kind == CS_CHAR_DOT && w->before == BEFORE_OTHER
                  ? (ptrdiff_t)w->at
                  : NOWHERE;
        w->before = c.kind == CS_CHAR_DOT ? BEFORE_DOT : BEFORE_OTHER;
        w->at += c.len;
    }
    return NOWHERE;
}

bool cs_words_split(const char *text, size_t len, cs_word_fn *visit,
                    void *payload)
{
    struct walk w;
    w.text = text;
    w.len = len;
    w.at = 0;
    w.visit = visit;
    w.payload = payload;
    w.before = BEFORE_OTHER;
    w.rest = false;
    for (;;) {
        bool going = true;
        size_t from = w.at;
        ptrdiff_t dot = skip_separators(&w);
        if (w.at >= len)
            return true;
        bool ascii = (unsigned char)text[w.at] < 0x80;
        w.rest = w.rest && w.at == from;
        if (dot == NOWHERE && !w.rest && ascii && plain_word(&w, &going)) {
            if (!going)
                return false;
            continue;
        }
        struct cs_char c = look(&w, w.at);
        if (is_pair(c))
            w.rest = false;
        if (!(is_pair(c) ? walk_pairs(&w, c) : walk_compound(&w, dot)))
            return false;
    }
}
