/*
 * task.h - tasks of `cs maintenance` that are more than a row of the table in
 * index/upkeep/tasks.c: they take words, or tie other parts of the program in.
 */
#ifndef CS_CLI_TASK_H
#define CS_CLI_TASK_H

#include "cli/results.h"

/* What was typed behind the name of the task. */
struct cs_task_call {
    struct cs_app *app;
    struct cs_results *results;
    int n_words;
    char **words;
};

struct cs_task {
    const char *name;
    const char *words;         /* as the usage shows them; "" for none */
    int min_words, max_words;  /* -1: no maximum */
    unsigned needs, dry_needs; /* what is made ready, see verb.h */
    /* Do it, or in a dry run (of the results) say what would be done. What it
     * finds and does goes to the results. */
    enum cs_status (*run)(struct cs_task_call *call, struct cs_error *err);
};

/* The task of that name, or NULL. */
const struct cs_task *cs_task_find(const char *name);

/* The tasks in order; NULL behind the last. */
const struct cs_task *cs_task_at(size_t i);

/* Sources that cs_task_keeps() tells of; others keep for 30 days. */
#define CS_TASK_KEEPS_MAX 64

/* How long the configured sources keep what was deleted; returns how many. */
size_t cs_task_keeps(const struct cs_app *app,
                     struct cs_check_keep ret_keeps[CS_TASK_KEEPS_MAX]);

extern const struct cs_task cs_task_backup, cs_task_prune_spaces, cs_task_purge,
    cs_task_reconvert, cs_task_recover, cs_task_restore;

#endif
