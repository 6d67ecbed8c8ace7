/*
 * task.c - the table of tasks.
 */
#include "cli/task.h"

#include "src/text.h"

static const struct cs_task *const tasks[] = {
    &cs_task_backup,
    &cs_task_reconvert,
    &cs_task_recover,
};

const struct cs_task *cs_task_find(const char *name)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(tasks); i++)
        if (cs_str_equal(tasks[i]->name, name))
            return tasks[i];
    return NULL;
}
