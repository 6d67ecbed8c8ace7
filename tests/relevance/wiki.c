/*
 * wiki.c - a team's pages, and what is asked of them.
 *
 * Each page is about one action on one part of one service; others mention it.
 * Error codes, identifiers and copies of pages are strewn over them; queries
 * are made from what was written, so that it is known what they should find.
 */
#include "tests/relevance/words.h"

#include "src/strbuf.h"

#include <stdio.h>

enum {
    TOPICS = 700,
    CODES = 120,
    NAMES = 120, /* identifiers */
    COPIES = 80,
    QUESTIONS = 200,
    DAY_MS = 86400000
};

#define NOW_MS INT64_C(1760000000000)

struct topic {
    const struct rel_action *action;
    const char *service, *part;
    const char *project; /* a name, with some */
    const char *title, *heading;
    struct cs_strbuf text;
};

struct wiki {
    struct rel_set *set;
    struct rel_random random;
    struct topic topics[TOPICS];
};

/* ---- pages ---- */

static bool is_taken(const struct wiki *wiki, size_t n,
                     const struct topic *topic)
{
    for (size_t i = 0; i < n; i++) {
        const struct topic *other = &wiki->topics[i];
        if (other->action == topic->action &&
            other->service == topic->service && other->part == topic->part)
            return true;
    }
    return false;
}

static void choose_title(struct wiki *wiki, struct topic *topic)
{
    const struct rel_action *action = topic->action;
    struct rel_set *set = wiki->set;
    switch (rel_random_below(&wiki->random, 4)) {
    case 0:
        topic->title = rel_set_text(set, "How to %s the %s %s", action->verb,
                                    topic->service, topic->part);
        break;
    case 1:
        topic->title = rel_set_text(set, "%s %s: %s", topic->service,
                                    topic->part, action->noun);
        break;
    case 2:
        topic->title =
            rel_set_text(set, "Notes on %s the %s %s", action->gerund,
                         topic->service, topic->part);
        break;
    default:
        topic->project = rel_made_up(set, &wiki->random);
        topic->title =
            rel_set_text(set, "Project %s: %s of the %s %s", topic->project,
                         action->noun, topic->service, topic->part);
    }
}

static void put_filler(struct wiki *wiki, struct topic *topic, size_t n)
{
    for (size_t i = 0; i < n; i++)
        rel_put_filler(&topic->text, &wiki->random);
    cs_strbuf_puts(&topic->text, "\n\n");
}

static void put_mention(struct wiki *wiki, struct topic *topic)
{
    const struct topic *other = &REL_PICK(&wiki->random, wiki->topics);
    if (other->title)
        cs_strbuf_printf(&topic->text, "- See [%s](https://wiki.example/x)\n",
                         other->title);
}

static void write_page(struct wiki *wiki, struct topic *topic)
{
    struct rel_random *random = &wiki->random;
    struct cs_strbuf *out = &topic->text;
    const struct rel_action *action = topic->action;
    *out = (struct cs_strbuf)CS_STRBUF_INIT(1 << 20);
    cs_strbuf_printf(out, "This page is about %s the %s of the %s team. ",
                     action->gerund, topic->part, topic->service);
    put_filler(wiki, topic, 2 + rel_random_below(random, 3));
    const char *one = REL_PICK(random, rel_traits);
    const char *two = REL_PICK(random, rel_things);
    topic->heading = rel_set_text(wiki->set, "%s %s after the %s %s", one, two,
                                  REL_PICK(random, rel_traits),
                                  REL_PICK(random, rel_things));
    cs_strbuf_printf(out, "## %s\n\n", topic->heading);
    put_filler(wiki, topic, 3 + rel_random_below(random, 4));
    cs_strbuf_printf(out,
                     "## Steps\n\n1. Open the %s %s.\n2. Begin the %s.\n"
                     "3. Wait.\n\n",
                     topic->service, topic->part, action->noun);
    put_filler(wiki, topic, 1 + rel_random_below(random, 8));
    cs_strbuf_puts(out, "## Related\n\n");
    for (size_t n = rel_random_below(random, 4); n > 0; n--)
        put_mention(wiki, topic);
    cs_strbuf_puts(out, "\n");
}

static void make_topics(struct wiki *wiki)
{
    for (size_t i = 0; i < TOPICS; i++) {
        struct topic *topic = &wiki->topics[i];
        do {
            topic->action = &REL_PICK(&wiki->random, rel_actions);
            topic->service = REL_PICK(&wiki->random, rel_services);
            topic->part = REL_PICK(&wiki->random, rel_parts);
        } while (is_taken(wiki, i, topic));
        choose_title(wiki, topic);
    }
    for (size_t i = 0; i < TOPICS; i++)
        write_page(wiki, &wiki->topics[i]);
}

/* ---- what is strewn over them ---- */

static void strew_codes(struct wiki *wiki)
{
    static const struct {
        const char *head, *tail;
    } forms[] = {
        {"ORA-0", ""}, {"E", ""}, {"ERR_0", ""}, {"CS", "-X"}, {"0x8007", ""}};
    size_t class = rel_set_class(wiki->set, "error code", false);
    for (size_t i = 0; i < CODES; i++) {
        char code[32];
        const size_t form = i % CS_ARRAY_LEN(forms);
        (void)snprintf(code, sizeof(code), "%s%zu%s", forms[form].head,
                       1000 + 50 * i + rel_random_below(&wiki->random, 50),
                       forms[form].tail);
        size_t query = rel_set_query(wiki->set, class,
                                     rel_set_text(wiki->set, "%s", code));
        size_t home = rel_random_below(&wiki->random, TOPICS);
        cs_strbuf_printf(&wiki->topics[home].text,
                         "## %s\n\nThis means: ", code);
        put_filler(wiki, &wiki->topics[home], 2);
        rel_set_gain(wiki->set, query, home, 4);
        for (size_t n = rel_random_below(&wiki->random, 4); n > 0; n--) {
            size_t other = rel_random_below(&wiki->random, TOPICS);
            cs_strbuf_printf(&wiki->topics[other].text,
                             "On Monday we saw %s again. ", code);
            put_filler(wiki, &wiki->topics[other], 1);
            rel_set_gain(wiki->set, query, other, 2);
        }
    }
}

static const char *capital(struct wiki *wiki, const char *word)
{
    return rel_set_text(wiki->set, "%c%s", word[0] - 'a' + 'A', word + 1);
}

enum { EXACT, FLAT, SPACED, PART, SPELLINGS };

/* An identifier stands in code and in prose; elsewhere its words stand beside
 * each other, and elsewhere again apart. */
static void strew_name(struct wiki *wiki, size_t i, const size_t *classes)
{
    static const char *const verbs[] = {"get", "set", "load", "send", "is"};
    static const char *const ends[] = {"id", "name", "state", "list", "key"};
    static const char *const glue[] = {"", "_", "-"};
    const char *verb = REL_PICK(&wiki->random, verbs);
    const char *rare = rel_made_up(wiki->set, &wiki->random);
    const char *end = REL_PICK(&wiki->random, ends), *join = glue[i % 3];
    const char *spelt[SPELLINGS] = {
        [EXACT] = i % 3 ? rel_set_text(wiki->set, "%s%s%s%sby%s%s", verb, join,
                                       rare, join, join, end)
                        : rel_set_text(wiki->set, "%s%sBy%s", verb,
                                       capital(wiki, rare), capital(wiki, end)),
        [FLAT] = rel_set_text(wiki->set, "%s%sby%s", verb, rare, end),
        [SPACED] = rel_set_text(wiki->set, "%s %s by %s", verb, rare, end),
        [PART] = rare,
    };
    size_t queries[SPELLINGS];
    for (size_t s = 0; s < SPELLINGS; s++)
        queries[s] = rel_set_query(wiki->set, classes[s], spelt[s]);
    for (size_t n = 1 + rel_random_below(&wiki->random, 3); n > 0; n--) {
        size_t page = rel_random_below(&wiki->random, TOPICS);
        struct topic *topic = &wiki->topics[page];
        if (n % 2)
            cs_strbuf_printf(&topic->text,
                             "```java\nreturn %s(request);\n```\n\n",
                             spelt[EXACT]);
        else
            cs_strbuf_printf(&topic->text, "Then call `%s` once. ",
                             spelt[EXACT]);
        put_filler(wiki, topic, 1);
        for (size_t s = 0; s < SPELLINGS; s++)
            rel_set_gain(wiki->set, queries[s], page, 4);
    }
    size_t prose = rel_random_below(&wiki->random, TOPICS);
    cs_strbuf_printf(&wiki->topics[prose].text, "You can %s. ", spelt[SPACED]);
    put_filler(wiki, &wiki->topics[prose], 1);
    rel_set_gain(wiki->set, queries[SPACED], prose, 4);
    rel_set_gain(wiki->set, queries[PART], prose, 4);
    size_t apart = rel_random_below(&wiki->random, TOPICS);
    cs_strbuf_printf(&wiki->topics[apart].text,
                     "The %s of a %s is what we %s by hand. ", end, rare, verb);
    put_filler(wiki, &wiki->topics[apart], 1);
    rel_set_gain(wiki->set, queries[SPACED], apart, 1);
    rel_set_gain(wiki->set, queries[PART], apart, 4);
}

static void strew_names(struct wiki *wiki)
{
    const size_t classes[SPELLINGS] = {
        [EXACT] = rel_set_class(wiki->set, "identifier exact", true),
        [FLAT] = rel_set_class(wiki->set, "identifier flat", true),
        [SPACED] = rel_set_class(wiki->set, "identifier spaced", true),
        [PART] = rel_set_class(wiki->set, "identifier part", true),
    };
    for (size_t i = 0; i < NAMES; i++)
        strew_name(wiki, i, classes);
}

/* ---- what is asked ---- */

static void ask_titles(struct wiki *wiki)
{
    size_t title = rel_set_class(wiki->set, "title", false);
    size_t heading = rel_set_class(wiki->set, "heading", false);
    for (size_t i = 0; i < TOPICS; i += 3) {
        const struct topic *topic = &wiki->topics[i];
        size_t query = rel_set_query(wiki->set, title, topic->title);
        rel_set_gain(wiki->set, query, i, 4);
        query = rel_set_query(wiki->set, heading, topic->heading);
        for (size_t k = 0; k < TOPICS; k++)
            if (strcmp(wiki->topics[k].heading, topic->heading) == 0)
                rel_set_gain(wiki->set, query, k, 4);
    }
}

/* One slip of the fingers, behind the first letter. */
static const char *misspell(struct wiki *wiki, const char *word)
{
    size_t len = strlen(word);
    size_t at = 1 + rel_random_below(&wiki->random, len - 2);
    int rest = (int)at;
    switch (rel_random_below(&wiki->random, 4)) {
    case 0: /* left out */
        return rel_set_text(wiki->set, "%.*s%s", rest, word, word + at + 1);
    case 1: /* twice */
        return rel_set_text(wiki->set, "%.*s%c%s", rest, word, word[at],
                            word + at);
    case 2: /* another one */
        return rel_set_text(wiki->set, "%.*s%c%s", rest, word,
                            word[at] == 'x' ? 'y' : 'x', word + at + 1);
    default: /* in the wrong order */
        return word[at] == word[at + 1]
                   ? rel_set_text(wiki->set, "%.*s%s", rest, word,
                                  word + at + 1)
                   : rel_set_text(wiki->set, "%.*s%c%c%s", rest, word,
                                  word[at + 1], word[at], word + at + 2);
    }
}

static void ask_typos(struct wiki *wiki)
{
    size_t class = rel_set_class(wiki->set, "typo", false);
    for (size_t i = 1; i < TOPICS; i += 4) {
        const struct topic *topic = &wiki->topics[i];
        const char *text =
            topic->project ? rel_set_text(wiki->set, "project %s",
                                          misspell(wiki, topic->project))
            : i % 3 == 0
                ? rel_set_text(wiki->set, "%s %s %s", topic->action->gerund,
                               misspell(wiki, topic->service), topic->part)
                : rel_set_text(wiki->set, "%s %s %s", topic->action->gerund,
                               topic->service, misspell(wiki, topic->part));
        size_t query = rel_set_query(wiki->set, class, text);
        for (size_t k = 0; k < TOPICS; k++) {
            const struct topic *other = &wiki->topics[k];
            if (k == i || (topic->project && other->project &&
                           strcmp(topic->project, other->project) == 0))
                rel_set_gain(wiki->set, query, k, 4);
        }
    }
}

/* Questions use the verb where pages use the noun or the gerund, and words
 * that no page about it has. */
static void ask_questions(struct wiki *wiki)
{
    static const char *const forms[] = {
        "how do I %s the %s %s",
        "what must be done before we %s the %s %s again",
        "who can %s the %s %s when I am away",
        "is it safe to %s the %s %s on a friday",
        "steps to %s the %s %s",
    };
    size_t class = rel_set_class(wiki->set, "question", false);
    for (size_t i = 0; i < QUESTIONS; i++) {
        const struct topic *topic = &wiki->topics[i * TOPICS / QUESTIONS];
        struct cs_strbuf text = CS_STRBUF_INIT(1 << 16);
        const char *const words[] = {topic->action->verb, topic->service,
                                     topic->part};
        size_t n = 0;
        for (const char *at = REL_PICK(&wiki->random, forms); *at; at++) {
            if (*at == '%' && n < 3) {
                cs_strbuf_puts(&text, words[n++]);
                at++;
            } else {
                cs_strbuf_putc(&text, *at);
            }
        }
        size_t query = rel_set_query(wiki->set, class,
                                     rel_set_text(wiki->set, "%s", text.data));
        cs_strbuf_clear(&text);
        for (size_t k = 0; k < TOPICS; k++) {
            const struct topic *other = &wiki->topics[k];
            unsigned same = (unsigned)(other->action == topic->action) +
                            (unsigned)(other->service == topic->service) +
                            (unsigned)(other->part == topic->part);
            if (same >= 2)
                rel_set_gain(wiki->set, query, k, same == 3 ? 4 : 1);
        }
    }
}

static size_t add_copy(struct wiki *wiki, const char *title, const char *text,
                       int64_t days, const char *label, bool archived)
{
    const struct rel_doc doc = {.title = title,
                                .markdown = text,
                                .label = label,
                                .updated = NOW_MS - days * DAY_MS,
                                .archived = archived};
    return rel_set_doc(wiki->set, &doc);
}

/* A guide as it is today, beside one that is archived, one that is labelled as
 * outdated, and one that nobody has touched for years. */
static void add_copies(struct wiki *wiki)
{
    size_t class = rel_set_class(wiki->set, "stale copies", false);
    for (size_t i = 0; i < COPIES; i++) {
        const char *name = rel_made_up(wiki->set, &wiki->random);
        const struct topic *topic = &wiki->topics[i * 7];
        struct cs_strbuf text = CS_STRBUF_INIT(1 << 20);
        cs_strbuf_printf(&text, "The %s handbook says how we work. ", name);
        for (size_t n = 0; n < 12; n++)
            rel_put_filler(&text, &wiki->random);
        const char *body = rel_set_text(wiki->set, "%s\n", text.data);
        const char *title =
            rel_set_text(wiki->set, "%s %s handbook", name, topic->part);
        const char *old = rel_set_text(wiki->set, "%s %s handbook %d", name,
                                       topic->part, 2016 + (int)(i % 5));
        size_t query = rel_set_query(
            wiki->set, class,
            rel_set_text(wiki->set, "%s %s handbook", name, topic->part));
        cs_strbuf_clear(&text);
        /* The order of rows must not decide. */
        static const unsigned gains[] = {1, 1, 2, 4};
        for (size_t k = 0; k < 4; k++) {
            size_t kind = (k + i) % 4;
            size_t doc = add_copy(wiki, kind == 3 ? title : old, body,
                                  kind == 3 ? 20 : 2200,
                                  kind == 1 ? "deprecated" : NULL, kind == 0);
            rel_set_gain(wiki->set, query, doc, gains[kind]);
        }
    }
}

void rel_wiki(struct rel_set *set)
{
    static struct wiki wiki;
    rel_set_init(set, "wiki");
    wiki = (struct wiki){.set = set, .random = {42}};
    make_topics(&wiki);
    ask_titles(&wiki);
    strew_codes(&wiki);
    strew_names(&wiki);
    ask_typos(&wiki);
    ask_questions(&wiki);
    for (size_t i = 0; i < TOPICS; i++) {
        struct topic *topic = &wiki.topics[i];
        int64_t days = (int64_t)rel_random_below(&wiki.random, 1500);
        (void)add_copy(&wiki, topic->title,
                       rel_set_text(set, "%s", topic->text.data), days, NULL,
                       false);
        cs_strbuf_clear(&topic->text);
    }
    add_copies(&wiki);
}
