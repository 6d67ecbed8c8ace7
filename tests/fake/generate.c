/*
 * A made-up site of any size for measurements: the same seed and count give
 * the same bytes. Sizes are log-normal about 3 KB with one page in 500 above
 * 100 KB; words follow a Zipf-like law; pages hang in a tree of about four
 * levels, and above 5,000 pages there are several spaces.
 */
#include "tests/fake/generate.h"
#include "tests/fake/server.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SPACE_ID     200001u
#define PAGE_ID      1000001u
#define USERS        40
#define LABELS       60
#define BRANCHES     9
#define PER_SPACE    5000
#define MEDIAN_BYTES 3000.0
#define BIG_ONE_IN   500

struct maker {
    struct fk_site *site;
    struct fk_words *words;
    uint64_t state;
    long count;
    long spaces;
    uint64_t labels[LABELS];
};

uint64_t fk_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ull);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static unsigned below(struct maker *m, unsigned n)
{
    return (unsigned)(fk_random(&m->state) >> 33) % n;
}

/* About normal, mean 0, deviation 1: the sum of twelve even ones less six. */
static double normal(struct maker *m)
{
    double sum = -6.0;

    for (int i = 0; i < 12; i++)
        sum += (double)(fk_random(&m->state) >> 11) / 9007199254740992.0;
    return sum;
}

static size_t page_size(struct maker *m)
{
    if (below(m, BIG_ONE_IN) == 0)
        return 100000 + below(m, 100000);
    return (size_t)(MEDIAN_BYTES * exp(0.9 * normal(m)));
}

static void add_words(struct maker *m, struct fk_buf *out, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (i)
            fk_buf_add(out, " ", 1);
        fk_words_add(m->words, &m->state, out);
    }
}

static void make_title(struct maker *m, long index, struct fk_buf *out)
{
    uint64_t own = (uint64_t)index * 7919 + 17; /* not the running state */
    static const char *const kinds[] = {"Runbook",  "Decision", "Guide",
                                        "Notes",    "Review",   "Plan",
                                        "Overview", "How-to"};

    fk_buf_str(out, kinds[fk_random(&own) % 8]);
    fk_buf_str(out, " ");
    fk_words_add(m->words, &own, out);
    fk_buf_str(out, " ");
    fk_words_add(m->words, &own, out);
    fk_buf_fmt(out, " %ld", index + 1);
}

static long home_of(const struct maker *m, long space)
{
    return space * m->count / m->spaces;
}

static void add_link(struct maker *m, long space, struct fk_buf *out)
{
    long from = home_of(m, space);
    long to = home_of(m, space + 1);
    long target = from + (long)below(m, (unsigned)(to - from));

    fk_buf_str(out, "<ac:link><ri:page ri:content-title=\"");
    make_title(m, target, out);
    fk_buf_str(out, "\" /><ac:link-body>");
    add_words(m, out, 2);
    fk_buf_str(out, "</ac:link-body></ac:link>");
}

static void add_paragraph(struct maker *m, long space, struct fk_buf *out)
{
    unsigned sentences = 2 + below(m, 4);

    fk_buf_str(out, "<p>");
    for (unsigned i = 0; i < sentences; i++) {
        add_words(m, out, 6 + below(m, 12));
        if (below(m, 6) == 0) {
            fk_buf_str(out, " <strong>");
            add_words(m, out, 2);
            fk_buf_str(out, "</strong>");
        }
        if (below(m, 12) == 0) {
            fk_buf_str(out, " see ");
            add_link(m, space, out);
        }
        fk_buf_str(out, ". ");
    }
    fk_buf_str(out, "</p>");
}

static void add_heading(struct maker *m, struct fk_buf *out)
{
    unsigned level = 2 + below(m, 2);

    fk_buf_fmt(out, "<h%u>", level);
    add_words(m, out, 2 + below(m, 4));
    fk_buf_fmt(out, "</h%u>", level);
}

static void add_list(struct maker *m, struct fk_buf *out)
{
    const char *tag = below(m, 3) ? "ul" : "ol";
    unsigned rows = 3 + below(m, 6);

    fk_buf_fmt(out, "<%s>", tag);
    for (unsigned i = 0; i < rows; i++) {
        fk_buf_str(out, "<li><p>");
        add_words(m, out, 4 + below(m, 10));
        fk_buf_str(out, "</p></li>");
    }
    fk_buf_fmt(out, "</%s>", tag);
}

static void add_table(struct maker *m, struct fk_buf *out)
{
    unsigned rows = 3 + below(m, 6);
    unsigned columns = 2 + below(m, 3);

    fk_buf_str(out, "<table data-layout=\"default\"><tbody>");
    for (unsigned r = 0; r < rows; r++) {
        const char *tag = r ? "td" : "th";

        fk_buf_str(out, "<tr>");
        for (unsigned c = 0; c < columns; c++) {
            fk_buf_fmt(out, "<%s><p>", tag);
            add_words(m, out, 1 + below(m, 4));
            fk_buf_fmt(out, "</p></%s>", tag);
        }
        fk_buf_str(out, "</tr>");
    }
    fk_buf_str(out, "</tbody></table>");
}

static void add_code(struct maker *m, struct fk_buf *out)
{
    unsigned lines = 3 + below(m, 8);

    fk_buf_fmt(out,
               "<ac:structured-macro ac:name=\"code\" ac:schema-version=\"1\" "
               "ac:macro-id=\"%016llx\"><ac:parameter ac:name=\"language\">"
               "bash</ac:parameter><ac:plain-text-body><![CDATA[",
               (unsigned long long)fk_random(&m->state));
    for (unsigned i = 0; i < lines; i++) {
        fk_buf_str(out, "run --");
        fk_words_add(m->words, &m->state, out);
        fk_buf_str(out, "=\"");
        fk_words_add(m->words, &m->state, out);
        fk_buf_fmt(out, "\" --error ERR-%u\n", below(m, 5000));
    }
    fk_buf_str(out, "]]></ac:plain-text-body></ac:structured-macro>");
}

static void add_panel(struct maker *m, struct fk_buf *out)
{
    static const char *const names[] = {"info", "note", "tip", "warning"};

    fk_buf_fmt(out,
               "<ac:structured-macro ac:name=\"%s\" ac:schema-version=\"1\">"
               "<ac:rich-text-body><p>",
               names[below(m, 4)]);
    add_words(m, out, 10 + below(m, 20));
    fk_buf_str(out, "</p></ac:rich-text-body></ac:structured-macro>");
}

static void make_body(struct maker *m, long space, struct fk_buf *out)
{
    size_t wanted = page_size(m);

    add_paragraph(m, space, out);
    while (out->len < wanted) {
        unsigned dice = below(m, 20);

        if (dice < 3)
            add_heading(m, out);
        else if (dice < 14)
            add_paragraph(m, space, out);
        else if (dice < 16)
            add_list(m, out);
        else if (dice < 17)
            add_table(m, out);
        else if (dice < 19)
            add_code(m, out);
        else
            add_panel(m, out);
    }
}

static void user_id(char out[32], unsigned n)
{
    (void)snprintf(out, 32, "5b10a2844c20165700ed%04x", n);
}

static void make_users(struct maker *m)
{
    struct fk_site *site = m->site;

    site->users = fk_realloc(site->users,
                             (site->user_count + USERS) * sizeof(*site->users));
    for (unsigned i = 0; i < USERS; i++) {
        struct fk_buf name = {0};
        char id[32];

        user_id(id, i);
        if (fk_site_user(site, id)) /* of a site that was read */
            continue;
        fk_buf_fmt(&name, "Person %u", i + 1);
        site->users[site->user_count++] = (struct fk_user){
            .id = fk_strdup(id),
            .name = fk_buf_take(&name),
            .status = fk_strdup("active"),
            .zone = fk_strdup("Europe/Berlin"),
        };
    }
    if (!site->account)
        site->account = fk_strdup(site->users[0].id);
}

static void make_labels(struct maker *m)
{
    for (int i = 0; i < LABELS; i++) {
        struct fk_buf name = {0};

        fk_words_add(m->words, &m->state, &name);
        fk_buf_fmt(&name, "-%d", i);
        m->labels[i] = fk_site_label(m->site, "global", name.data)->item.id;
        fk_buf_clear(&name);
    }
}

static struct fk_space *make_space(struct maker *m, long index)
{
    struct fk_space *s = fk_alloc(sizeof(*s));
    struct fk_buf text = {0};
    char id[32];

    user_id(id, 0);
    s->item.id = SPACE_ID + (uint64_t)index;
    fk_buf_fmt(&text, "GEN%ld", index + 1);
    s->item.key = fk_strdup(text.data);
    s->item.title = fk_buf_take(&text);
    s->item.status = fk_strdup("current");
    s->item.created = fk_time_parse("2024-01-01");
    s->type = fk_strdup("global");
    s->author = fk_strdup(id);
    s->home = PAGE_ID + (uint64_t)home_of(m, index);
    fk_set_add(&m->site->spaces, &s->item);
    return s;
}

static void make_dates(struct maker *m, struct fk_item *item)
{
    const int64_t start = fk_time_parse("2024-01-02T08:00:00");
    char id[32];

    item->created = start + (int64_t)below(m, 60000000) * 1000;
    user_id(id, below(m, USERS));
    item->version.number = 1 + (int)below(m, 20);
    item->version.created = item->created + (int64_t)below(m, 20000000) * 1000;
    item->version.author = fk_strdup(id);
}

static void make_page(struct maker *m, struct fk_space *space, long space_index,
                      long index)
{
    struct fk_content *c = fk_alloc(sizeof(*c));
    long place = index - home_of(m, space_index);
    struct fk_buf text = {0};

    make_title(m, index, &text);
    c->item.title = fk_buf_take(&text);
    c->item.id = PAGE_ID + (uint64_t)index;
    c->item.owner =
        place ? space->home + (uint64_t)((place - 1) / BRANCHES) : 0;
    c->item.status = fk_strdup("current");
    c->item.position = place ? (int)((place - 1) % BRANCHES) : FK_NO_POSITION;
    make_dates(m, &c->item);
    c->kind = FK_PAGE;
    c->space = space;
    c->author = fk_strdup(c->item.version.author);
    for (unsigned n = below(m, 5); n > 0; n--)
        fk_content_add_label(c, m->labels[below(m, LABELS)]);
    make_body(m, space_index, &text);
    fk_body_set(&c->body, text.data, text.len);
    fk_buf_clear(&text);
    fk_set_add(&m->site->content, &c->item);
}

void fk_site_generate(struct fk_site *site, const struct fk_options *o)
{
    struct maker m = {.site = site,
                      .words = fk_words_new(),
                      .state = (uint64_t)o->seed * 0x2545f4914f6cdd1dull,
                      .count = o->generate,
                      .spaces = (o->generate + PER_SPACE - 1) / PER_SPACE};

    if (m.spaces > 20)
        m.spaces = 20;
    make_users(&m);
    make_labels(&m);
    for (long s = 0; s < m.spaces; s++) {
        struct fk_space *space = make_space(&m, s);

        for (long i = home_of(&m, s); i < home_of(&m, s + 1); i++)
            make_page(&m, space, s, i);
    }
    if (o->files || o->comments)
        fk_generate_leaves(site, m.words, o->seed, o->files, o->comments);
    fk_words_free(m.words);
}
