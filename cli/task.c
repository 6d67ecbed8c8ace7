/*
 * task.c - the table of tasks.
 */
#include "cli/task.h"

#include "src/text.h"

static const struct cs_task *const tasks[] = {
    &cs_task_backup,    &cs_task_prune_spaces, &cs_task_purge,
    &cs_task_reconvert, &cs_task_recover,      &cs_task_restore,
};

const struct cs_task *cs_task_find(const char *name)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(tasks); i++)
        if (cs_str_equal(tasks[i]->name, name))
            return tasks[i];
    return NULL;
}

const struct cs_task *cs_task_at(size_t i)
{
    return i < CS_ARRAY_LEN(tasks) ? tasks[i] : NULL;
}

size_t cs_task_keeps(const struct cs_app *app,
                     struct cs_check_keep ret_keeps[CS_TASK_KEEPS_MAX])
{
    size_t n = cs_config_n_sources(app->config);
    n = n < CS_TASK_KEEPS_MAX ? n : CS_TASK_KEEPS_MAX;
    for (size_t i = 0; i < n; i++) {
        const struct cs_source_config *source =
            cs_config_source(app->config, i);
        ret_keeps[i] = (struct cs_check_keep){.source = source->name,
                                              .ms = source->keep_deleted_ms};
    }
    return n;
}
