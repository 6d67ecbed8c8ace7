/*
 * results.h - what `cs maintenance` found and did, for people and programs.
 *
 * Every task delivers findings (index/upkeep/check.h); this shows them as lines
 * or as one JSON object, sums them up in a sentence and draws the exit status
 * from them.
 */
#ifndef CS_CLI_RESULTS_H
#define CS_CLI_RESULTS_H

#include "cli/app.h"
#include "cli/printer.h"
#include "index/upkeep/check.h"

struct cs_results {
    struct cs_app *app;
    bool dry_run, json;
    struct cs_strbuf text;
    struct cs_printer printer;
    cJSON *findings, *actions;
    struct cs_check_summary summary;
    const char *next;   /* what to do after it, for the last line; or NULL */
    char sentence[200]; /* the last line, when a task knows a better one */
};

/* Clear it with cs_results_clear(), after a failure too. */
void cs_results_start(struct cs_results *results, struct cs_app *app,
                      bool dry_run, bool json);
void cs_results_clear(struct cs_results *results);

/* Take a finding; `payload` are the results, so that this fits as callback. */
void cs_results_add(void *payload, const struct cs_finding *finding);

/* Something to be done, and nothing is wrong: a chore of the task `task`, done
 * unless this is a dry run. */
void cs_results_act(struct cs_results *results, const char *task,
                    const char *path, const char *reason, const char *action,
                    int64_t bytes);

/* Print it. */
enum cs_status cs_results_print(struct cs_results *results,
                                struct cs_error *err);

/* CS_ERR_PARTIAL when findings remain. */
enum cs_status cs_results_judge(const struct cs_results *results,
                                struct cs_error *err);

#endif
