/*
 * match.c - the only writer of FTS5's query syntax.
 */
#include "index/search/match.h"

enum { SMALL = 4000, GAIN = 12 };

enum reach {
    NOTHING, /* no document at all; nothing is written */
    SOME,    /* the documents of the expression that was written */
    ALL      /* it does not narrow the documents; nothing is written */
};

struct writer {
    const struct cs_plan *plan;
    struct cs_strbuf *out;
    struct cs_match_place *places;
    size_t n;
    bool full;
    bool lacking; /* a part was left out, with words that it asks for */
};

static void put_phrase(const struct cs_term_group *group, size_t phrase,
                       struct cs_strbuf *out)
{
    if (group->fields != CS_TERMS_FIELDS_ALL) {
        cs_strbuf_putc(out, '{');
        for (unsigned f = 0; f < CS_FIELDS; f++)
            if (group->fields >> f & 1)
                cs_strbuf_printf(out, "%s ", cs_field_name((enum cs_field)f));
        cs_strbuf_puts(out, "} : ");
    }
    cs_strbuf_putc(out, '"');
    for (const char *c = group->phrases[phrase].text; *c; c++) {
        if (*c == '"')
            cs_strbuf_putc(out, '"');
        cs_strbuf_putc(out, *c);
    }
    cs_strbuf_putc(out, '"');
}

void cs_match_put_any(const struct cs_plan *plan, bool longer,
                      struct cs_strbuf *out)
{
    for (size_t g = 0; g < plan->n_groups; g++)
        for (size_t p = 0; p < plan->groups[g].n_phrases; p++) {
            if (longer && cs_term_is_single(&plan->groups[g].phrases[p]))
                continue;
            cs_strbuf_puts(out, out->len ? " OR " : "");
            put_phrase(&plan->groups[g], p, out);
        }
}

static enum reach put_group(struct writer *writer, size_t number)
{
    const struct cs_term_group *group = &writer->plan->groups[number];
    if (group->n_phrases == 0)
        return NOTHING;
    cs_strbuf_putc(writer->out, '(');
    for (size_t p = 0; p < group->n_phrases; p++) {
        if (writer->n == CS_MATCH_PHRASES_MAX) {
            writer->full = true;
            break;
        }
        writer->places[writer->n++] =
            (struct cs_match_place){(uint16_t)number, (uint16_t)p};
        cs_strbuf_puts(writer->out, p ? " OR " : "");
        put_phrase(group, p, writer->out);
    }
    cs_strbuf_putc(writer->out, ')');
    return SOME;
}

/* A NEAR is more than its words, so is a pattern: what lacks them all is sure
 * not to suit, but not the other way round. */
static bool is_exact(const struct cs_plan_node *node)
{
    bool exact = node->kind == CS_PLAN_GROUP || node->kind == CS_PLAN_OR ||
                 node->kind == CS_PLAN_AND;
    for (const struct cs_plan_node *child = node->first; child && exact;
         child = child->next)
        exact = is_exact(child);
    return exact;
}

static enum reach put_node(struct writer *writer,
                           const struct cs_plan_node *node);

/* Take back what was written since. */
static void take_back(struct writer *writer, size_t len, size_t n)
{
    cs_strbuf_truncate(writer->out, len);
    writer->n = n;
}

static enum reach put_or(struct writer *writer, const struct cs_plan_node *node)
{
    size_t len = writer->out->len, n = writer->n, written = 0;
    cs_strbuf_putc(writer->out, '(');
    for (const struct cs_plan_node *child = node->first; child;
         child = child->next) {
        size_t before = writer->out->len;
        cs_strbuf_puts(writer->out, written ? " OR " : "");
        enum reach reach = put_node(writer, child);
        if (reach == ALL) {
            take_back(writer, len, n);
            return ALL;
        }
        if (reach == NOTHING)
            cs_strbuf_truncate(writer->out, before);
        written += reach == SOME;
    }
    cs_strbuf_putc(writer->out, ')');
    if (written)
        return SOME;
    take_back(writer, len, n);
    return NOTHING;
}

/* What must not be there, behind what must: (a AND b) NOT (c OR d). */
static void put_negative(struct writer *writer, const struct cs_plan_node *node)
{
    size_t written = 0;
    for (const struct cs_plan_node *child = node->first; child;
         child = child->next) {
        size_t before = writer->out->len;
        if (child->kind != CS_PLAN_NOT)
            continue;
        if (!is_exact(child->first)) {
            writer->lacking = true;
            continue;
        }
        cs_strbuf_puts(writer->out, written ? " OR " : " NOT (");
        if (put_node(writer, child->first) == SOME)
            written++;
        else
            cs_strbuf_truncate(writer->out, before);
    }
    cs_strbuf_puts(writer->out, written ? ")" : "");
}

static enum reach put_and(struct writer *writer,
                          const struct cs_plan_node *node)
{
    size_t len = writer->out->len, n = writer->n, written = 0;
    cs_strbuf_puts(writer->out, "((");
    for (const struct cs_plan_node *child = node->first; child;
         child = child->next) {
        size_t before = writer->out->len;
        if (child->kind == CS_PLAN_NOT)
            continue;
        cs_strbuf_puts(writer->out, written ? " AND " : "");
        enum reach reach = put_node(writer, child);
        if (reach == NOTHING) {
            take_back(writer, len, n);
            return NOTHING;
        }
        if (reach == ALL)
            cs_strbuf_truncate(writer->out, before);
        written += reach == SOME;
    }
    if (!written) {
        take_back(writer, len, n);
        return ALL;
    }
    cs_strbuf_putc(writer->out, ')');
    put_negative(writer, node);
    cs_strbuf_putc(writer->out, ')');
    return SOME;
}

static enum reach put_node(struct writer *writer,
                           const struct cs_plan_node *node)
{
    switch (node->kind) {
    case CS_PLAN_GROUP: return put_group(writer, node->number);
    case CS_PLAN_OR: return put_or(writer, node);
    case CS_PLAN_AND:
    case CS_PLAN_NEAR: return put_and(writer, node);
    case CS_PLAN_NOT:
    case CS_PLAN_PATTERN: break;
    }
    writer->lacking = true;
    return ALL;
}

bool cs_match_put_tree(const struct cs_plan *plan, struct cs_strbuf *out,
                       struct cs_match_place *places, size_t *ret_n)
{
    struct writer writer = {.plan = plan, .out = out, .places = places};
    if (!plan->root)
        return false;
    enum reach reach = put_node(&writer, plan->root);
    *ret_n = writer.n;
    return reach != ALL && !writer.full && !writer.lacking;
}

/* At most so many documents can suit. */
static int64_t most(const struct cs_plan *plan, const struct cs_plan_node *node)
{
    int64_t least = INT64_MAX, sum = 0;
    if (node->kind == CS_PLAN_GROUP)
        return plan->groups[node->number].df;
    if (node->kind == CS_PLAN_NOT || node->kind == CS_PLAN_PATTERN)
        return INT64_MAX;
    for (const struct cs_plan_node *child = node->first; child;
         child = child->next) {
        int64_t df = most(plan, child);
        least = df < least ? df : least;
        sum = df > INT64_MAX - sum ? INT64_MAX : sum + df;
    }
    return node->kind == CS_PLAN_OR ? sum : least;
}

bool cs_match_is_selective(const struct cs_plan *plan)
{
    int64_t postings = 0;
    for (size_t g = 0; g < plan->n_groups; g++)
        postings += plan->groups[g].df;
    int64_t limit = plan->root ? most(plan, plan->root) : INT64_MAX;
    return postings > SMALL && limit < postings / GAIN;
}
