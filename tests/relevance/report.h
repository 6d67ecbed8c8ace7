/*
 * report.h - figures of all classes: printed, compared, kept.
 */
#ifndef CS_TESTS_RELEVANCE_REPORT_H
#define CS_TESTS_RELEVANCE_REPORT_H

#include "tests/relevance/measure.h"

struct rel_report;

/* Ends the program without memory. Free with rel_report_free(). */
struct rel_report *rel_report_new(void);
void rel_report_free(struct rel_report *report);

/* What one query of a class got from our search, and from plain FTS5. */
void rel_report_add(struct rel_report *report, const struct rel_set *set,
                    size_t class, const struct rel_score *ours,
                    const struct rel_score *plain);

/* A table in Markdown, and which goals are reached. */
void rel_report_print(const struct rel_report *report);

/* Compare with a baseline and say what was lost. False when a figure of a
 * class fell by more than half a point, or the baseline cannot be read. */
bool rel_report_check(const struct rel_report *report, const char *path);

/* Write the figures as a baseline. */
void rel_report_write(const struct rel_report *report, const char *path);

/* Print a query of the class called "set/class" when its answer is not the
 * best one. */
void rel_report_query(const struct rel_set *set, const struct rel_query *query,
                      const struct rel_score *score,
                      const struct rel_hits *hits, const char *wanted);

#endif
