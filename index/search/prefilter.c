/*
 * prefilter.c - from literals to terms to MATCH.
 *
 * A literal is cut into runs of letters, digits and `_`. Where a run has
 * separators on both sides, the very same run stands in the text, and its words
 * are terms. Where it has not, as at the ends of the literal, the run in the
 * text may be longer: then some term contains it, the whole of that longer run
 * if it has several parts. Words of runs that stand side by side do so in the
 * index: they become a phrase. Where case is not known, `gitHub` may have been
 * cut where `github` is not: a run is looked for as one, near the others, and
 * in a phrase only where all are common and the text may have its cuts instead.
 *
 * A condition that does not help is dropped: in doubt more documents are read.
 */
#include "index/search/prefilter.h"

#include "index/search/literal_run.h"
#include "index/words/fields.h"
#include "index/words/fts.h"
#include "index/words/split.h"
#include "src/strbuf.h"

enum {
    RUN_MAX = 100,         /* bytes; the term of a longer one may be cut */
    PARTS_MAX = 32,        /* of a run, and of a phrase */
    CONDITIONS_MAX = 32,   /* of a literal, or of the children of one */
    SHORT_BYTES = 2,       /* an infix below says nothing */
    POSTINGS_A_PAGE = 100, /* may be walked to spare one page being read */
    COMMON_PART = 8,       /* a word in every eighth document is common */
    RARE_PART = 200,  /* documents that are read as fast as terms are found */
    WHOLE_PARTS = 32, /* of a compound that has a whole, at most */
    CUT_MAX = 24,     /* bytes of a word whose cuts are looked for */
    DEPTH_MAX = 24,
    EXPRESSION_MAX = 1 << 20,
};

struct condition {
    const char *expression; /* NULL: no help */
    int64_t documents;      /* at most that many; 0: none can match */
    bool several;           /* phrases: no place in NEAR() */
};

static const struct condition no_help = {NULL, INT64_MAX, false};

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
static bool read_words(struct make *make, const struct cs_run *run,
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
                              documents, false};
}

/* What stands side by side in a line: one expression of MATCH each. */
struct group {
    struct condition items[PARTS_MAX];
    size_t n;
    size_t span;                       /* positions of all of it at most */
    struct condition words[PARTS_MAX]; /* one behind another, no item yet */
    size_t n_words;
    bool caseless; /* they may be cut in the text */
};

static void add_item(struct make *make, struct group *group, const char *text,
                     int64_t documents)
{
    if (group->n < PARTS_MAX)
        group->items[group->n++] = quoted(make, text, documents);
}

/* How many documents a phrase of `n` words may be in, of which the rarest is in
 * `least`: a guess, half as many for each word more. Never 0, which would say
 * that there are none. */
static int64_t guess_phrase(int64_t least, size_t n)
{
    int64_t guess = least >> (n - 1);
    return least > 0 && guess == 0 ? 1 : guess;
}

/* A word of letters may be cut at a capital: `tHe` into `t` and `he`. The
 * phrases of its first two parts, wherever the cuts are. */
static void put_cuts(struct cs_strbuf *out, const char *word)
{
    size_t len = strlen(word);
    for (size_t cut = 1; cut < len; cut++) {
        cs_strbuf_printf(out, " OR \"%.*s", (int)cut, word);
        for (size_t end = cut + 1; end <= len; end++)
            cs_strbuf_printf(out, "%c%.*s", end == cut + 1 ? ' ' : CS_FTS_OR,
                             (int)(end - cut), word + cut);
        cs_strbuf_putc(out, '"');
    }
}

/* Make a phrase of `n` words. The last one may be cut: its first part is where
 * its whole is. */
static void add_phrase(struct make *make, struct group *group,
                       const struct condition *words, size_t n)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(EXPRESSION_MAX);
    struct condition phrase = {.documents = INT64_MAX,
                               .several = group->caseless && n > 1};
    if (n == 0 || group->n == PARTS_MAX)
        return;
    cs_strbuf_puts(&text, phrase.several ? "(\"" : "\"");
    for (size_t i = 0; i < n; i++) {
        cs_strbuf_printf(&text, "%s%s", i ? " " : "", words[i].expression);
        if (words[i].documents < phrase.documents)
            phrase.documents = words[i].documents;
    }
    cs_strbuf_putc(&text, '"');
    for (size_t i = 0; i + 1 < n && phrase.several; i++)
        put_cuts(&text, words[i].expression);
    if (phrase.several)
        cs_strbuf_putc(&text, ')');
    if (cs_strbuf_status(&text, NULL))
        return; /* too long */
    phrase.documents = guess_phrase(phrase.documents, n);
    phrase.expression = cs_arena_strndup(make->arena, text.data, text.len);
    group->items[group->n++] = phrase;
}

/* Make phrases of the words. What is common stays out where there are others:
 * its postings are long. */
static void end_phrase(struct make *make, struct group *group)
{
    int64_t rarest = INT64_MAX, common = make->documents / COMMON_PART;
    size_t first = 0;
    for (size_t i = 0; i < group->n_words; i++)
        if (group->words[i].documents < rarest)
            rarest = group->words[i].documents;
    for (size_t i = 0; i < group->n_words; i++) {
        const struct condition *word = &group->words[i];
        bool alone = group->caseless && rarest <= common;
        bool dropped = rarest <= common && word->documents > common;
        if (alone || dropped)
            add_phrase(make, group, &group->words[first], i - first);
        if (alone || dropped)
            first = i + dropped;
    }
    add_phrase(make, group, &group->words[first], group->n_words - first);
    group->n_words = 0;
}

static void add_word(struct make *make, struct group *group, const char *word,
                     int64_t documents)
{
    if (group->n_words == PARTS_MAX)
        end_phrase(make, group);
    group->words[group->n_words++] = (struct condition){word, documents, false};
    group->span += group->caseless ? strlen(word) : 1;
}

/* Those of `n` conditions that are worth to be asked for, and the least number
 * of documents. */
static size_t keep_rare(const struct make *make, struct condition *all,
                        size_t n, int64_t *ret_rarest)
{
    int64_t rarest = INT64_MAX, common = make->documents / COMMON_PART;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (all[i].documents < rarest)
            rarest = all[i].documents;
    for (size_t i = 0; i < n; i++)
        if (rarest > common || all[i].documents <= common)
            all[kept++] = all[i];
    *ret_rarest = rarest;
    return kept;
}

/* Make one condition of a group and empty it. */
static void end_group(struct make *make, struct group *group,
                      struct conditions *list)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(EXPRESSION_MAX);
    int64_t rarest;
    end_phrase(make, group);
    size_t kept = keep_rare(make, group->items, group->n, &rarest);
    bool fits = kept > 1;
    cs_strbuf_puts(&text, "NEAR(");
    for (size_t i = 0; i < kept; i++) {
        cs_strbuf_printf(&text, "%s%s", i ? " " : "",
                         group->items[i].expression);
        fits = fits && !group->items[i].several;
    }
    cs_strbuf_printf(&text, ", %zu)", group->span);
    fits = fits && !cs_strbuf_status(&text, NULL);
    if (fits)
        add(list, (struct condition){
                      cs_arena_strndup(make->arena, text.data, text.len),
                      rarest, false});
    for (size_t i = 0; i < kept && !fits; i++)
        add(list, group->items[i]);
    group->n = group->span = 0;
}

/* Can a phrase have it, of which `text` is the folded form? Letters can, with a
 * known beginning: behind it there may be more, and the next run not. */
static bool is_phrasable(const struct cs_run *run, const char *text,
                         bool caseless)
{
    for (size_t i = 0; i < run->len; i++) {
        char c = caseless || i == 0 ? text[i] : run->text[i];
        if (c < 'a' || c > 'z')
            return false;
    }
    return run->len == strlen(text) && run->len <= CUT_MAX &&
           !(caseless && run->open_left);
}

/* Terms that hold the run. Digits at its open beginning may belong to letters
 * of another script before them. */
static void add_terms(struct make *make, const struct cs_run *run,
                      const char *text, struct group *group)
{
    int64_t documents = -1;
    const char *terms = "";
    size_t digits = run->open_left ? strspn(text, "0123456789") : 0;
    if (text[digits])
        text += digits;
    size_t len = strlen(text);
    bool open = run->open_left || run->open_right;
    bool phrasable = is_phrasable(run, text, group->caseless);
    if (!make->status && (!open || len >= SHORT_BYTES))
        make->status = cs_prefilter_terms(
            make->arena, make->lexicon, text, len, run->open_left,
            run->open_right, phrasable ? INT64_MAX : make->documents, &terms,
            &documents, make->err);
    if (phrasable && documents >= 0) {
        add_word(make, group, terms,
                 documents < make->documents ? documents : make->documents);
        return;
    }
    end_phrase(make, group);
    group->span += len + (run->open_left ? WHOLE_PARTS : 0);
    if (documents >= 0)
        add_item(make, group, terms, documents);
}

/* Every two characters that stand side by side; of one alone, the terms that
 * hold it. */
static void add_pairs(struct make *make, const struct cs_run *run,
                      const struct words *words, struct conditions *list)
{
    struct group group = {.n = 0};
    struct cs_run open = *run;
    open.open_left = open.open_right = true;
    if (words->n == 1)
        add_terms(make, &open, words->parts[0], &group);
    for (size_t i = 0; i + 1 < words->n; i++)
        add_word(make, &group, words->parts[i], df_of(make, words->parts[i]));
    end_group(make, &group, list);
}

/* ---- from conditions to one ---- */

static struct condition nothing(void)
{
    return (struct condition){"", 0, false};
}

static struct condition join(struct make *make, const struct condition *all,
                             size_t n, const char *operator, int64_t documents)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(EXPRESSION_MAX);
    if (n == 1)
        return (struct condition){all[0].expression, documents, false};
    for (size_t i = 0; i < n; i++)
        cs_strbuf_printf(&text, "%s%s", i ? operator: "(", all[i].expression);
    cs_strbuf_putc(&text, ')');
    if (cs_strbuf_status(&text, NULL))
        return no_help; /* too long */
    return (struct condition){
        cs_arena_strndup(make->arena, text.data, text.len), documents, false};
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
static bool is_plain(const struct cs_run *run, const struct cs_literal *literal)
{
    return !run->open_left && !run->open_right && !literal->caseless &&
           run->letter == CS_LETTER_WORD;
}

/* Is there a word so rare that one need not look for terms that hold others? */
static bool has_rare(struct make *make, const struct cs_literal *literal)
{
    struct cs_run_cursor cursor = cs_run_first(literal);
    struct words words;
    struct cs_run run;
    while (cs_run_next(&cursor, &run)) {
        if (run.open_left || run.open_right || run.letter != CS_LETTER_WORD ||
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
    struct cs_run_cursor cursor = cs_run_first(literal);
    struct conditions list = {.n = 0};
    struct group group = {.caseless = literal->caseless};
    struct words words;
    struct cs_run run;
    bool rare = has_rare(make, literal);
    while (cs_run_next(&cursor, &run)) {
        bool open = run.open_left || run.open_right;
        bool known = read_words(make, &run, &words);
        if (!known || !run.beside || run.letter == CS_LETTER_PAIR)
            end_group(make, &group, &list);
        if (!known)
            continue;
        if (run.letter == CS_LETTER_PAIR)
            add_pairs(make, &run, &words, &list);
        else if (is_plain(&run, literal))
            for (size_t i = 0; i < words.n; i++)
                add_word(make, &group, words.parts[i],
                         df_of(make, words.parts[i]));
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
