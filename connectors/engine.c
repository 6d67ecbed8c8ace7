/*
 * engine.c - one run, from begin to end.
 *
 * All containers are listed before the first text is fetched: then every
 * document is known when another one's links to it are resolved. The order of
 * the passes is that of src/sink.h.
 *
 * Two kinds of failure. One that belongs to a container (not there, forbidden,
 * the network, a server that breaks its rules) is told to the watcher, and the
 * next container has its turn; so is a pass over all of them that fails like
 * this, and the next pass begins. One that belongs to the run (credential,
 * configuration, cancel, anything the sink says) ends it. Whatever happens
 * after begin, the sink hears the end.
 */
#include "connectors/engine_parts.h"

/* ---- the outcome ---- */

/* All containers failed alike: then that is what happened to the run. A name
 * that is not there is a matter of the configuration. */
static enum cs_status all_failed(const struct cs_engine *run,
                                 struct cs_error *err)
{
    enum cs_status status =
        run->missing_only ? CS_ERR_CONFIG : run->first.status;
    cs_error_set(err, status, "%s", run->first.message);
    if (run->first.hint[0])
        cs_error_hint(err, "%s", run->first.hint);
    if (run->failed > 1)
        cs_error_prefix(err, "all %zu %ss failed, the first with", run->failed,
                        run->connector->noun);
    return status;
}

static enum cs_status out_of_time(const struct cs_engine *run,
                                  struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_PARTIAL, "the time of this run was up");
    cs_error_hint(err, "the next run goes on; run_budget sets the time");
    (void)run;
    return CS_ERR_PARTIAL;
}

static enum cs_status held_back(const struct cs_engine *run,
                                struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_PARTIAL,
                       "%llu deletions are held back, since they are so many",
                       (unsigned long long)run->removal.braked);
    cs_error_hint(err, "if they are right: cs sync --allow-deletions");
    return CS_ERR_PARTIAL;
}

static enum cs_status judge(const struct cs_engine *run, struct cs_error *err)
{
    const char *noun = run->connector->noun;
    if (run->failed > 0 && run->done == 0 && !run->mixed)
        return all_failed(run, err);
    if (run->failed > 0)
        return cs_error_set(err, CS_ERR_PARTIAL,
                            "%zu of %zu %ss could not be synced", run->failed,
                            run->failed + run->done, noun);
    if (run->stopped)
        return out_of_time(run, err);
    if (run->n_places == 0) {
        cs_error_set(err, CS_ERR_CONFIG, "the site shows no %s to this account",
                     noun);
        cs_error_hint(err, "check the account's permissions");
        return CS_ERR_CONFIG;
    }
    if (run->removal.braked > 0)
        return held_back(run, err);
    if (run->look_failed)
        return cs_error_set(err, CS_ERR_PARTIAL,
                            "not all could be asked for what changed");
    return CS_OK;
}

/* ---- the run ---- */

/* "Not found" answers a question. Of a run that lacks what must be there, such
 * as the list of spaces, it says that the server's answers make no sense. */
static enum cs_status as_outcome(enum cs_status status, struct cs_error *err)
{
    if (status != CS_ERR_NOT_FOUND)
        return status;
    if (err)
        err->status = CS_ERR_PROTOCOL;
    return CS_ERR_PROTOCOL;
}

static enum cs_status work(struct cs_engine *run, struct cs_error *err)
{
    static enum cs_status (*const passes[])(struct cs_engine *,
                                            struct cs_error *) = {
        cs_engine_list,  cs_engine_look,        cs_engine_remove,
        cs_engine_fetch, cs_engine_remove_late, cs_engine_download,
    };
    struct cs_identity identity;
    enum cs_status status = cs_engine_check_refusal(run, err);
    if (!status)
        status = run->connector->check(run->self, &identity, err);
    if (!status)
        status = cs_engine_note_refusal(run, false, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(passes) && !status; i++) {
        if (i > 0 && cs_engine_over(run))
            break;
        status = cs_engine_check_cancel(run, err);
        if (!status)
            status = passes[i](run, err);
    }
    return as_outcome(status ? status : judge(run, err), err);
}

/* What the source can tell and the user wants. */
static unsigned wished_aspects(const struct cs_engine *run)
{
    const struct cs_source_config *config = run->options->source;
    unsigned aspects = run->connector->aspects;
    if (!config->comments)
        aspects &= ~(unsigned)CS_ASPECT_COMMENTS;
    if (config->attachments == CS_ATTACHMENTS_NONE)
        aspects &= ~(unsigned)CS_ASPECT_ATTACHMENTS;
    if (!config->restrictions)
        aspects &= ~(unsigned)CS_ASPECT_RESTRICTIONS;
    return aspects;
}

static void on_planned(void *payload, const struct cs_planned_step *step)
{
    const struct cs_engine *run = payload;
    cs_engine_plan(run, step->action, step->id, step->path, step->detail);
}

static enum cs_status begin(struct cs_engine *run,
                            struct cs_run_options *wishes, struct cs_error *err)
{
    const struct cs_source_config *config = run->options->source;
    const struct cs_source_info info = {
        .name = config->name,
        .type = config->type,
        .base_url = run->connector->site ? run->connector->site(run->self)
                                         : config->base_url,
        .folder = config->output_dir,
    };
    run->aspects = wished_aspects(run);
    if (run->options->scheduled && config->run_budget_ms > 0)
        run->deadline =
            cs_clock_mono(run->options->env->clock) + config->run_budget_ms;
    *wishes = (struct cs_run_options){
        .aspects = run->aspects,
        .attachments = config->attachments,
        .attachment_max_size = config->attachment_max_size,
        .keep_deleted_ms = config->keep_deleted_ms,
        .brake_percent = config->deletion_brake_percent,
        .brake_count = config->deletion_brake_count,
        .allow_deletions = run->options->allow_deletions,
        .only_container = run->options->only_container,
        .dry_run = run->options->dry_run,
        .planned = on_planned,
        .payload = run,
    };
    return run->sink->ops->begin(run->sink, &info, wishes, err);
}

/* Numbers that do not agree after a run that went well: then it did not. */
static enum cs_status prove(const struct cs_engine *run,
                            const struct cs_run_summary *summary,
                            struct cs_error *err)
{
    if (run->options->only_container || run->options->dry_run ||
        (summary->listed == summary->stored + summary->failed &&
         summary->stored == summary->indexed))
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_PARTIAL,
                       "not the same: %llu listed, %llu stored, %llu indexed",
                       (unsigned long long)summary->listed,
                       (unsigned long long)summary->stored,
                       (unsigned long long)summary->indexed);
    cs_error_hint(err, summary->stored < summary->listed
                           ? "the next run tries again; cs status says more"
                           : "run cs maintenance check");
    return CS_ERR_PARTIAL;
}

/* The sink hears the outcome; its own failure counts only when there was none
 * before. Documents that failed for the first time make a good run partial. */
static enum cs_status end(struct cs_engine *run, enum cs_status outcome,
                          struct cs_run_summary *ret_summary,
                          struct cs_error *err)
{
    bool good = outcome == CS_OK || outcome == CS_ERR_PARTIAL;
    struct cs_error why = CS_ERROR_INIT;
    if (outcome == CS_ERR_AUTH)
        (void)cs_engine_note_refusal(run, true, NULL);
    enum cs_status status =
        run->sink->ops->end(run->sink, outcome, ret_summary, &why);
    cs_engine_tell(run, CS_PHASE_DONE, NULL, 0, 0);
    if (good && status)
        return cs_error_pass(err, status, &why);
    uint64_t failed = ret_summary->failed_new + ret_summary->files_failed_new;
    if (outcome == CS_OK && failed > 0)
        return cs_error_set(err, CS_ERR_PARTIAL, "%llu could not be fetched",
                            (unsigned long long)failed);
    return outcome == CS_OK ? prove(run, ret_summary, err) : outcome;
}

enum cs_status cs_engine_run(const struct cs_connector *connector,
                             const struct cs_engine_options *options,
                             struct cs_sink *sink,
                             struct cs_run_summary *ret_summary,
                             struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_run_options wishes;
    struct cs_engine run = {.connector = connector,
                            .options = options,
                            .sink = sink,
                            .arena = arena};
    *ret_summary = (struct cs_run_summary){0};
    if (!arena)
        return cs_error_no_memory(err);
    run.titles = cs_arena_array(arena, CS_ENGINE_TITLES, sizeof(*run.titles));
    if (!run.titles)
        return cs_error_no_memory(err);
    enum cs_status status =
        connector->open(options->source, options->env, &run.self, err);
    if (status)
        return status;
    status = begin(&run, &wishes, err);
    if (!status)
        status = end(&run, work(&run, err), ret_summary, err);
    connector->close(run.self);
    cs_engine_exclude_clear(&run);
    return status;
}
