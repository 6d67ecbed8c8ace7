/*
 * prefilter.c - from literals to terms to MATCH.
 *
 * A literal is cut into runs of letters, digits and `_`. Where a run has
 * separators on both sides, the very same run stands in the text, and its words
 * are terms. Where it has not, as at the ends of the literal, the run in the
 * text may be longer: then some term contains it, the whole of that longer run
 * if it has several parts. Where case is known, words of runs that stand side
 * by side do so in the index: they become a phrase. Where it is not, `gitHub`
 * may have been cut where `github` is not; so there a run is looked for as one,
 * and there are no phrases.
 *
 * A condition that does not help is dropped: in doubt more documents are read.
 */
#include "index/search/prefilter.h"

#include "index/words/fields.h"
#include "index/words/split.h"
#include "src/strbuf.h"
#include "src/text.h"

enum {
    RUN_MAX = 100,         /* bytes; the term of a longer one may be cut */
    PARTS_MAX = 32,        /* of a run, and of a phrase */
    CONDITIONS_MAX = 32,   /* of a literal, or of the children of one */
    SHORT_BYTES = 2,       /* an infix below says nothing */
    POSTINGS_A_PAGE = 100, /* may be walked to spare one page being read */
    COMMON_PART = 8,       /* a word in every eighth document is common */
    RARE_PART = 200,  /* documents that are read as fast as terms are found */
    WHOLE_PARTS = 32, /* of a compound that has a whole, at most */
    DEPTH_MAX = 24,
    EXPRESSION_MAX = 1 << 20,
};

struct condition {
    const char *expression; /* NULL: no help */
    int64_t documents;      /* at most that many; 0: none can match */
};

static const struct condition no_help = {NULL, INT64_MAX};

struct conditions {
    struct condition all[CONDITIONS_MAX];
    size_t n;
};

struct make {
    struct cs_arena *arena;
    struct cs_lexicon *lexicon;
    struct cs_error *err;
    enum cs_status status; /* the first failure */
    int64_t documents;     /* in all */
};

/* ---- runs ---- */

enum letter {
    LETTER_NONE,  /* separates words */
    LETTER_BREAK, /* and fields: a line's end */
    LETTER_ODD,   /* may or may not */
    LETTER_WORD,
    LETTER_PAIR, /* of a script that is cut into pairs */
};

struct run {
    const char *text;
    size_t len;
    enum letter letter;
    bool open_left, open_right; /* in the text it may be longer */
    bool beside; /* nothing but separators since the run before */
};

struct cursor {
    const char *text;
    size_t len, at;
    enum letter before; /* here */
};

static bool see_letter(void *payload, const struct cs_word *word)
{
    enum letter *letter = payload;
    *letter = word->pair ? LETTER_PAIR : LETTER_WORD;
    return false;
}

/* The character at the cursor, and its bytes; at the end ODD and 0. */
static enum letter letter_at(const struct cursor *c, size_t *ret_len)
{
    uint32_t rune;
    enum letter letter = LETTER_ODD;
    *ret_len = 0;
    if (c->at == c->len)
        return LETTER_ODD;
    const char *text = c->text + c->at;
    *ret_len = cs_text_decode(text, c->len - c->at, &rune);
    if (rune == '\n')
        return LETTER_BREAK;
    if (rune == '\\' || rune == '\'')
        return LETTER_ODD;
    if (rune < 0x80)
        return cs_ascii_is_alnum((char)rune) || rune == '_' ? LETTER_WORD
                                                            : LETTER_NONE;
    (void)cs_words_split(text, *ret_len, see_letter, &letter);
    return letter;
}

static bool next_run(struct cursor *c, struct run *ret)
{
    struct run run = {.beside = true};
    size_t n;
    enum letter letter = letter_at(c, &n);
    for (; letter < LETTER_WORD && n > 0; letter = letter_at(c, &n)) {
        run.beside = run.beside && letter == LETTER_NONE;
        c->before = letter;
        c->at += n;
    }
    run.text = c->text + c->at;
    run.letter = letter;
    run.open_left = c->before == LETTER_ODD;
    for (; letter == run.letter && n > 0; letter = letter_at(c, &n)) {
        c->before = letter;
        c->at += n;
        run.len += n;
    }
    run.open_right = letter == LETTER_ODD;
    *ret = run;
    return run.len > 0;
}

/* ---- the words of a run ---- */

struct words {
    struct cs_arena *arena;
    const char *parts[PARTS_MAX];
    size_t at[PARTS_MAX], end[PARTS_MAX];
    size_t n;
    const char *whole; /* of all parts, NULL when there is none */
    size_t whole_end;
    bool full;
};

static bool see_word(void *payload, const struct cs_word *word)
{
    struct words *words = payload;
    const char *text = cs_arena_strndup(words->arena, word->text, word->len);
    if (!text || words->n == PARTS_MAX) {
        words->full = true;
        return false;
    }
    if (word->whole) {
        words->whole = words->whole ? words->whole : text;
        words->whole_end = word->end;
        return true;
    }
    words->parts[words->n] = text;
    words->at[words->n] = word->at;
    words->end[words->n++] = word->end;
    return true;
}

/* False when nothing can be said of the run. */
static bool read_words(struct make *make, const struct run *run,
                       struct words *ret)
{
    *ret = (struct words){.arena = make->arena};
    if (run->len > RUN_MAX)
        return false;
    (void)cs_words_split(run->text, run->len, see_word, ret);
    return !ret->full && ret->n > 0;
}

/* All of a run as one term; NULL when there may be none. */
static const char *joined(const struct words *words)
{
    if (words->n == 1)
        return words->parts[0];
    return words->whole && words->whole_end == words->end[words->n - 1]
               ? words->whole
               : NULL;
}

/* ---- conditions ---- */

static void add(struct conditions *list, struct condition condition)
{
    if (condition.expression && list->n < CONDITIONS_MAX)
        list->all[list->n++] = condition;
}

static int64_t df_of(struct make *make, const char *term)
{
    int64_t df = 0;
    if (!make->status)
        make->status =
            cs_lexicon_df(make->lexicon, term, strlen(term), &df, make->err);
    return df;
}

static struct condition quoted(struct make *make, const char *text,
                               int64_t documents)
{
    return (struct condition){cs_arena_printf(make->arena, "\"%s\"", text),
                              documents};
}

/* What stands side by side in a line: one expression of MATCH each. */
struct group {
    struct condition items[PARTS_MAX];
    size_t n;
    size_t span;                  /* positions that all of it takes at most */
    const char *words[PARTS_MAX]; /* one behind another, no item yet */
    size_t n_words;
};

static void add_item(struct make *make, struct group *group, const char *text,
                     int64_t documents)
{
    if (group->n < PARTS_MAX)
        group->items[group->n++] = quoted(make, text, documents);
}

/* Make phrases of the words. What is common stays out where there are others:
 * its postings are long. */
static void end_phrase(struct make *make, struct group *group)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(EXPRESSION_MAX);
    int64_t dfs[PARTS_MAX], rarest = INT64_MAX, least = INT64_MAX;
    int64_t common = make->documents / COMMON_PART;
    for (size_t i = 0; i < group->n_words; i++) {
        dfs[i] = df_of(make, group->words[i]);
        rarest = dfs[i] < rarest ? dfs[i] : rarest;
    }
    for (size_t i = 0; i < group->n_words; i++) {
        bool dropped = rarest <= common && dfs[i] > common;
        if (!dropped) {
            cs_strbuf_printf(&text, "%s%s", text.len ? " " : "",
                             group->words[i]);
            least = dfs[i] < least ? dfs[i] : least;
        }
        if (text.len > 0 && (dropped || i + 1 == group->n_words)) {
            add_item(make, group, text.data, least);
            cs_strbuf_reset(&text);
            least = INT64_MAX;
        }
    }
    group->n_words = 0;
}

static void add_word(struct make *make, struct group *group, const char *word)
{
    if (group->n_words == PARTS_MAX)
        end_phrase(make, group);
    group->words[group->n_words++] = word;
    group->span++;
}

/* Make one condition of a group and empty it. */
static void end_group(struct make *make, struct group *group,
                      struct conditions *list)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(EXPRESSION_MAX);
    int64_t rarest = INT64_MAX, common = make->documents / COMMON_PART;
    size_t kept = 0;
    end_phrase(make, group);
    for (size_t i = 0; i < group->n; i++)
        if (group->items[i].documents < rarest)
            rarest = group->items[i].documents;
    cs_strbuf_puts(&text, "NEAR(");
    for (size_t i = 0; i < group->n; i++) {
        if (rarest <= common && group->items[i].documents > common)
            continue;
        group->items[kept++] = group->items[i];
        cs_strbuf_printf(&text, "%s ", group->items[kept - 1].expression);
    }
    cs_strbuf_truncate(&text, text.len - 1);
    cs_strbuf_printf(&text, ", %zu)", group->span);
    bool fits = kept > 1 && !cs_strbuf_status(&text, NULL);
    if (fits)
        add(list,
            (struct condition){
                cs_arena_strndup(make->arena, text.data, text.len), rarest});
    for (size_t i = 0; i < kept && !fits; i++)
        add(list, group->items[i]);
    group->n = group->span = 0;
}

/* Terms that hold the run. Digits at its open beginning may belong to letters
 * of another script before them. */
static void add_terms(struct make *make, const struct run *run,
                      const char *text, struct group *group)
{
    int64_t documents = 0;
    const char *terms = "";
    size_t digits = run->open_left ? strspn(text, "0123456789") : 0;
    if (text[digits])
        text += digits;
    size_t len = strlen(text);
    end_phrase(make, group);
    group->span += len + (run->open_left ? WHOLE_PARTS : 0);
    if ((run->open_left || run->open_right) && len < SHORT_BYTES)
        return;
    if (!make->status)
        make->status = cs_prefilter_terms(
            make->arena, make->lexicon, text, len, run->open_left,
            run->open_right, make->documents, &terms, &documents, make->err);
    if (documents >= 0)
        add_item(make, group, terms, documents);
}

/* Every two characters that stand side by side; of one alone, the terms that
 * hold it. */
static void add_pairs(struct make *make, const struct run *run,
                      const struct words *words, struct conditions *list)
{
    struct group group = {.n = 0};
    struct run open = *run;
    open.open_left = open.open_right = true;
    if (words->n == 1)
        add_terms(make, &open, words->parts[0], &group);
    for (size_t i = 0; i + 1 < words->n; i++)
        add_word(make, &group, words->parts[i]);
    end_group(make, &group, list);
}

/* ---- from conditions to one ---- */

static struct condition nothing(void)
{
    return (struct condition){"", 0};
}

static struct condition join(struct make *make, const struct condition *all,
                             size_t n, const char *operator, int64_t documents)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(EXPRESSION_MAX);
    if (n == 1)
        return (struct condition){all[0].expression, documents};
    for (size_t i = 0; i < n; i++)
        cs_strbuf_printf(&text, "%s%s", i ? operator: "(", all[i].expression);
    cs_strbuf_putc(&text, ')');
    if (cs_strbuf_status(&text, NULL))
        return no_help; /* too long */
    return (struct condition){
        cs_arena_strndup(make->arena, text.data, text.len), documents};
}

/* All must hold. Those that would cost more than they spare are dropped. */
static struct condition all_of(struct make *make, struct conditions *list)
{
    int64_t rarest = INT64_MAX;
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++)
        if (list->all[i].documents < rarest)
            rarest = list->all[i].documents;
    if (list->n == 0)
        return no_help;
    if (rarest == 0)
        return nothing();
    for (size_t i = 0; i < list->n; i++)
        if (list->all[i].documents / POSTINGS_A_PAGE <= rarest)
            list->all[kept++] = list->all[i];
    return join(make, list->all, kept, " AND ", rarest);
}

static struct condition any_of(struct make *make, struct conditions *list)
{
    int64_t documents = 0;
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++)
        if (list->all[i].documents > 0) {
            documents += list->all[i].documents;
            list->all[kept++] = list->all[i];
        }
    return kept ? join(make, list->all, kept, " OR ", documents) : nothing();
}

/* ---- literals ---- */

/* Its parts are words of the text. */
static bool is_plain(const struct run *run, const struct cs_literal *literal)
{
    return !run->open_left && !run->open_right && !literal->caseless &&
           run->letter == LETTER_WORD;
}

/* Is there a word so rare that one need not look for terms that hold others? */
static bool has_rare(struct make *make, const struct cs_literal *literal)
{
    struct cursor cursor = {literal->text, literal->len, 0, LETTER_ODD};
    struct words words;
    struct run run;
    while (next_run(&cursor, &run)) {
        if (run.open_left || run.open_right || run.letter != LETTER_WORD ||
            !read_words(make, &run, &words))
            continue;
        const char *whole = literal->caseless ? joined(&words) : words.parts[0];
        if (whole && df_of(make, whole) <= make->documents / RARE_PART)
            return true;
    }
    return false;
}

static struct condition of_text(struct make *make,
                                const struct cs_literal *literal)
{
    struct cursor cursor = {literal->text, literal->len, 0, LETTER_ODD};
    struct conditions list = {.n = 0};
    struct group group = {.n = 0};
    struct words words;
    struct run run;
    bool rare = has_rare(make, literal);
    while (next_run(&cursor, &run)) {
        bool open = run.open_left || run.open_right;
        bool known = read_words(make, &run, &words);
        if (!known || !run.beside || run.letter == LETTER_PAIR)
            end_group(make, &group, &list);
        if (!known)
            continue;
        if (run.letter == LETTER_PAIR)
            add_pairs(make, &run, &words, &list);
        else if (is_plain(&run, literal))
            for (size_t i = 0; i < words.n; i++)
                add_word(make, &group, words.parts[i]);
        else if (!joined(&words) || (open && rare))
            end_group(make, &group, &list);
        else
            add_terms(make, &run, joined(&words), &group);
    }
    end_group(make, &group, &list);
    return all_of(make, &list);
}

static struct condition condition_of(struct make *make,
                                     const struct cs_literal *literal,
                                     unsigned depth)
{
    struct conditions list = {.n = 0};
    bool any = literal->kind == CS_LITERAL_ANY;
    if (literal->kind == CS_LITERAL_TEXT)
        return of_text(make, literal);
    if (depth == DEPTH_MAX)
        return no_help;
    for (const struct cs_literal *at = literal->first; at; at = at->next) {
        struct condition child = condition_of(make, at, depth + 1);
        if (any && (!child.expression || list.n == CONDITIONS_MAX))
            return no_help;
        add(&list, child);
    }
    return any ? any_of(make, &list) : all_of(make, &list);
}

enum cs_status cs_prefilter_make(struct cs_arena *arena,
                                 struct cs_lexicon *lexicon,
                                 const struct cs_literal *literals,
                                 int64_t documents, enum cs_prefilter *ret,
                                 const char **ret_expression,
                                 struct cs_error *err)
{
    struct make make = {
        .arena = arena, .lexicon = lexicon, .err = err, .documents = documents};
    struct condition condition = no_help;
    if (literals)
        condition = condition_of(&make, literals, 0);
    if (make.status || cs_arena_status(arena, err))
        return make.status ? make.status : cs_arena_status(arena, err);
    *ret_expression = "";
    *ret = CS_PREFILTER_SCAN;
    if (!condition.expression || condition.documents > documents / 2)
        return CS_OK;
    *ret = condition.documents ? CS_PREFILTER_MATCH : CS_PREFILTER_NONE;
    if (condition.documents)
        *ret_expression = cs_arena_printf(
            arena, "{%s %s %s %s} : %s", cs_field_name(CS_FIELD_HEADINGS),
            cs_field_name(CS_FIELD_BODY), cs_field_name(CS_FIELD_CODE),
            cs_field_name(CS_FIELD_COMMENTS), condition.expression);
    return cs_arena_status(arena, err);
}
