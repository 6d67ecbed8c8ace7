/*
 * report.c - the table, the goals, the baseline.
 *
 * A line of a baseline is "set/class", a tab, and a figure for each column of
 * `kept`, apart by tabs.
 */
#include "tests/relevance/report.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MAX = 64 };

#define ALLOWED_LOSS 0.005

struct row {
    char name[64]; /* set/class */
    struct rel_score *ours, *plain;
    size_t n;
};

struct rel_report {
    struct row rows[ROWS_MAX];
    size_t n;
};

static const enum rel_figure kept[] = {REL_NDCG, REL_MRR, REL_RECALL, REL_FIRST,
                                       REL_TOP5};

/* What the search should reach. */
static const struct goal {
    const char *name;
    enum rel_figure figure;
    double least;
} goals[] = {
    {"cranfield/abstracts", REL_NDCG, 0.38},
    {"wiki/title", REL_MRR, 0.95},
    {"wiki/identifier exact", REL_RECALL, 1},
    {"wiki/identifier exact", REL_FIRST, 0.98},
    {"wiki/identifier flat", REL_RECALL, 1},
    {"wiki/identifier spaced", REL_RECALL, 1},
    {"wiki/identifier part", REL_RECALL, 1},
    {"wiki/typo", REL_TOP5, 0.9},
    {"cjk/1 character", REL_RECALL, 1},
    {"cjk/1 character", REL_PRECISION, 1},
    {"cjk/2 characters", REL_RECALL, 1},
    {"cjk/2 characters", REL_PRECISION, 1},
    {"cjk/3 characters", REL_RECALL, 1},
    {"cjk/3 characters", REL_PRECISION, 1},
    {"cjk/4 characters", REL_RECALL, 1},
    {"cjk/4 characters", REL_PRECISION, 1},
};

struct rel_report *rel_report_new(void)
{
    struct rel_report *report = calloc(1, sizeof(*report));
    if (!report)
        exit(1);
    return report;
}

void rel_report_free(struct rel_report *report)
{
    for (size_t i = 0; report && i < report->n; i++) {
        free(report->rows[i].ours);
        free(report->rows[i].plain);
    }
    free(report);
}

static struct row *find_row(const struct rel_report *report, const char *name)
{
    for (size_t i = 0; i < report->n; i++)
        if (strcmp(report->rows[i].name, name) == 0)
            return (struct row *)(uintptr_t)&report->rows[i];
    return NULL;
}

static struct rel_score *append(struct rel_score *scores, size_t n,
                                const struct rel_score *score)
{
    if ((n & (n - 1)) == 0)
        scores = reallocarray(scores, n ? n * 2 : 1, sizeof(*scores));
    if (!scores)
        exit(1);
    scores[n] = *score;
    return scores;
}

void rel_report_add(struct rel_report *report, const struct rel_set *set,
                    size_t class, const struct rel_score *ours,
                    const struct rel_score *plain)
{
    char name[64];
    (void)snprintf(name, sizeof(name), "%s/%s", set->name,
                   set->classes[class].name);
    struct row *row = find_row(report, name);
    if (!row) {
        if (report->n == ROWS_MAX)
            exit(1);
        row = &report->rows[report->n++];
        memcpy(row->name, name, sizeof(name));
    }
    row->ours = append(row->ours, row->n, ours);
    row->plain = append(row->plain, row->n, plain);
    row->n++;
}

static double mean(const struct rel_score *scores, size_t n,
                   enum rel_figure figure)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += scores[i].of[figure];
    return sum / (double)n;
}

static double chance(const struct row *row)
{
    double *a = calloc(row->n, sizeof(*a)), *b = calloc(row->n, sizeof(*b));
    if (!a || !b)
        exit(1);
    for (size_t i = 0; i < row->n; i++) {
        a[i] = row->ours[i].of[REL_NDCG];
        b[i] = row->plain[i].of[REL_NDCG];
    }
    double p = rel_chance(a, b, row->n);
    free(a);
    free(b);
    return p;
}

void rel_report_print(const struct rel_report *report)
{
    (void)printf("| class | n |");
    for (int f = 0; f < REL_FIGURES; f++)
        (void)printf(" %s |", rel_figure_name((enum rel_figure)f));
    (void)printf(" FTS5 bm25: ndcg10 | mrr10 | recall | p |\n| --- |");
    for (int f = 0; f < REL_FIGURES + 5; f++)
        (void)printf(" --- |");
    (void)printf("\n");
    for (size_t i = 0; i < report->n; i++) {
        const struct row *row = &report->rows[i];
        (void)printf("| %s | %zu |", row->name, row->n);
        for (int f = 0; f < REL_FIGURES; f++)
            (void)printf(" %.3f |",
                         mean(row->ours, row->n, (enum rel_figure)f));
        (void)printf(" %.3f | %.3f | %.3f | %.4f |\n",
                     mean(row->plain, row->n, REL_NDCG),
                     mean(row->plain, row->n, REL_MRR),
                     mean(row->plain, row->n, REL_RECALL), chance(row));
    }
    for (size_t i = 0; i < CS_ARRAY_LEN(goals); i++) {
        const struct goal *goal = &goals[i];
        const struct row *row = find_row(report, goal->name);
        double is = row ? mean(row->ours, row->n, goal->figure) : 0;
        if (row && is < goal->least - 1e-9)
            (void)printf("goal not reached: %s: %s %.3f, should be %.2f\n",
                         goal->name, rel_figure_name(goal->figure), is,
                         goal->least);
    }
}

/* Compare one line; moves the figures off it. */
static bool check_line(const struct rel_report *report, char *line)
{
    const char *name = strsep(&line, "\t");
    const struct row *row = find_row(report, name);
    bool ok = true;
    for (size_t i = 0; row && line && i < CS_ARRAY_LEN(kept); i++) {
        double was = strtod(strsep(&line, "\t"), NULL);
        double is = mean(row->ours, row->n, kept[i]);
        if (is >= was - ALLOWED_LOSS)
            continue;
        (void)printf("worse than the baseline: %s: %s %.4f, was %.4f\n", name,
                     rel_figure_name(kept[i]), is, was);
        ok = false;
    }
    return ok;
}

bool rel_report_check(const struct rel_report *report, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    bool ok = file != NULL;
    if (!file)
        perror(path);
    while (file && getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#')
            ok = check_line(report, line) && ok;
    }
    free(line);
    if (file)
        (void)fclose(file);
    return ok;
}

void rel_report_write(const struct rel_report *report, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    (void)fprintf(file, "# set/class");
    for (size_t f = 0; f < CS_ARRAY_LEN(kept); f++)
        (void)fprintf(file, "\t%s", rel_figure_name(kept[f]));
    (void)fprintf(file, "\n");
    for (size_t i = 0; i < report->n; i++) {
        const struct row *row = &report->rows[i];
        (void)fprintf(file, "%s", row->name);
        for (size_t f = 0; f < CS_ARRAY_LEN(kept); f++)
            (void)fprintf(file, "\t%.4f", mean(row->ours, row->n, kept[f]));
        (void)fprintf(file, "\n");
    }
    if (fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

void rel_report_query(const struct rel_set *set, const struct rel_query *query,
                      const struct rel_score *score,
                      const struct rel_hits *hits, const char *wanted)
{
    char name[64];
    (void)snprintf(name, sizeof(name), "%s/%s", set->name,
                   set->classes[query->class].name);
    if (strcmp(name, wanted) != 0 ||
        (score->of[REL_NDCG] > 0.9999 && score->of[REL_RECALL] > 0.9999))
        return;
    (void)printf("%.3f  %s\n", score->of[REL_NDCG], query->text);
    for (size_t i = 0; i < query->n_gains && i < 4; i++)
        (void)printf("       wanted (%u): %s\n", query->gains[i].gain,
                     set->docs[query->gains[i].doc].title);
    for (size_t i = 0; i < hits->n && i < 3; i++)
        (void)printf("       found: %s\n", set->docs[hits->docs[i]].title);
}
