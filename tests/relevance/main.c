/*
 * main.c - how good the answers of a search are, in figures.
 *
 *     cs-relevance [--baseline FILE] [--write FILE] [--worst SET/CLASS]
 *
 * Evaluates the generated sets, and Cranfield when CS_SHARED names a folder
 * that has it, beside FTS5's own bm25 over the same documents. Fails when a
 * class lost more than half a point against the baseline. --write makes a new
 * baseline; --worst shows the queries of a class that went worst.
 */
#include "tests/relevance/measure.h"
#include "tests/relevance/report.h"

#include <stdio.h>
#include <stdlib.h>

struct options {
    const char *baseline, *write, *worst;
};

static void evaluate(const struct rel_set *set, struct rel_report *report,
                     const struct options *options)
{
    struct rel_mirror *mirror = rel_mirror_new(set);
    static struct rel_hits hits;
    for (size_t i = 0; i < set->n_queries; i++) {
        const struct rel_query *query = &set->queries[i];
        bool all = set->classes[query->class].all;
        if (query->n_gains == 0)
            continue;
        rel_mirror_search(mirror, query->text, &hits);
        const struct rel_score ours = rel_measure(query, all, &hits);
        if (options->worst)
            rel_report_query(set, query, &ours, &hits, options->worst);
        rel_mirror_plain(mirror, query->text, &hits);
        const struct rel_score plain = rel_measure(query, all, &hits);
        rel_report_add(report, set, query->class, &ours, &plain);
    }
    rel_mirror_free(mirror);
}

static bool read_options(int argc, char **argv, struct options *ret)
{
    for (int i = 1; i < argc; i++) {
        const char **where = strcmp(argv[i], "--baseline") == 0 ? &ret->baseline
                             : strcmp(argv[i], "--write") == 0  ? &ret->write
                             : strcmp(argv[i], "--worst") == 0  ? &ret->worst
                                                                : NULL;
        if (!where || i + 1 == argc)
            return false;
        *where = argv[++i];
    }
    return true;
}

int main(int argc, char **argv)
{
    static void (*const makers[])(struct rel_set *) = {rel_wiki, rel_cjk};
    struct options options = {0};
    struct rel_report *report = rel_report_new();
    struct rel_set set;
    char folder[4096];
    const char *shared = getenv("CS_SHARED");
    if (!read_options(argc, argv, &options)) {
        (void)fprintf(stderr, "usage: cs-relevance [--baseline FILE] "
                              "[--write FILE] [--worst SET/CLASS]\n");
        return 2;
    }
    for (size_t i = 0; i < CS_ARRAY_LEN(makers); i++) {
        makers[i](&set);
        evaluate(&set, report, &options);
        rel_set_clear(&set);
    }
    (void)snprintf(folder, sizeof(folder), "%s/relevance/cranfield",
                   shared ? shared : ".");
    if (rel_cranfield(&set, folder)) {
        evaluate(&set, report, &options);
        rel_set_clear(&set);
    } else {
        (void)printf("Cranfield is not at hand (CS_SHARED)\n");
    }
    rel_report_print(report);
    bool ok = !options.baseline || rel_report_check(report, options.baseline);
    if (options.write)
        rel_report_write(report, options.write);
    rel_report_free(report);
    return ok ? 0 : 1;
}
