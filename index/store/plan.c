/*
 * plan.c - a dry run: each step told, none taken.
 *
 * A dry run does what a run does, in one transaction that is rolled back at
 * its end; only files are not touched. So what it tells is what a run does.
 */
#include "index/store/internal.h"

void cs_plan_tell(struct cs_store *store, const char *action, const char *id,
                  const char *path, const char *detail)
{
    const struct cs_planned_step step = {action, id, path, detail};
    if (store->options.planned)
        store->options.planned(store->options.payload, &step);
}
