/*
 * cmd_maintenance.c - is the mirror what its index says, and what is there to
 * be done?
 *
 * The first word names a task: one of cli/task.h, or of the table in
 * index/upkeep/check.h, which this file runs.
 */
#include "cli/commands.h"

#include "cli/task.h"
#include "index/reader.h"
#include "src/text.h"

struct maintenance_args {
    bool dry_run, json;
    const char *older_than;
};

/* Tasks that only look, and may take a word of their own. */
enum looking { NOT_LOOKING, CHECK, LINKS, STALE, DUPLICATES };

static enum looking looking_of(int n_words, char **words)
{
    static const struct {
        const char *name;
        enum looking looking;
    } names[] = {{"check", CHECK},
                 {"links", LINKS},
                 {"stale", STALE},
                 {"duplicates", DUPLICATES}};
    for (size_t i = 0; n_words > 0 && i < CS_ARRAY_LEN(names); i++)
        if (cs_str_equal(words[0], names[i].name))
            return names[i].looking;
    return NOT_LOOKING;
}

static bool only_looks(const struct maintenance_args *args, int n_words,
                       char **words)
{
    return args->dry_run || looking_of(n_words, words) != NOT_LOOKING;
}

static unsigned needs_of(const void *args, int n_words, char **words)
{
    const struct maintenance_args *options = args;
    const struct cs_task *task = n_words > 0 ? cs_task_find(words[0]) : NULL;
    if (task)
        return options->dry_run ? task->dry_needs : task->needs;
    return only_looks(args, n_words, words) ? CS_NEED_INSPECT : CS_NEED_WRITER;
}

static enum cs_status usage(struct cs_error *err, const char *what,
                            const char *write)
{
    (void)cs_error_set(err, CS_ERR_USAGE, "%s", what);
    cs_error_hint(err, "write: cs maintenance %s", write);
    return CS_ERR_USAGE;
}

/* What stands behind "links" and "stale". */
static enum cs_status read_words(struct cs_app *app, enum looking looking,
                                 const struct maintenance_args *args,
                                 int n_words, char **words,
                                 struct cs_check_options *options,
                                 struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_reader_document document;
    if (!arena)
        return cs_error_no_memory(err);
    if (looking != STALE && args->older_than)
        return usage(err, "--older-than is for stale",
                     "stale --older-than 52w");
    if (looking == STALE && args->older_than)
        return cs_duration_parse(args->older_than, &options->older_than, err);
    if (looking == STALE && n_words > 1)
        return usage(err, "stale takes no word", "stale");
    if (looking == DUPLICATES && n_words > 1)
        return usage(err, "duplicates takes no word", "duplicates");
    if (looking != LINKS || n_words < 2)
        return CS_OK;
    if (n_words > 2)
        return usage(err, "links takes one id", "links ID");
    enum cs_status status =
        cs_reader_find(app->index, arena, words[1], &document, err);
    if (!status)
        options->document = document.document;
    return status;
}

/* Opening the store carries out what a killed run left: by then it is done. */
static void on_intent(void *payload, const struct cs_finding *finding)
{
    struct cs_finding done = *finding;
    done.fixed = true;
    cs_results_add(payload, &done);
}

static enum cs_status open_store(struct cs_app *app, struct cs_results *results,
                                 struct cs_store **ret, struct cs_error *err)
{
    static const char *const only[] = {"intents"};
    struct cs_check_summary summary;
    const struct cs_check_options options = {.mode = CS_CHECK_DRY_RUN,
                                             .only = only,
                                             .n_only = 1,
                                             .found = on_intent,
                                             .payload = results};
    enum cs_status status = cs_check_run(app->index, &options, &summary, err);
    if (!status)
        status = cs_store_open(app->index, ret, err);
    if (status) { /* then it was not done */
        bool json = results->json;
        cs_results_clear(results);
        cs_results_start(results, app, false, json);
    }
    return status;
}

/* The names that are left are rows of the table. */
static enum cs_status run_table(struct cs_app *app,
                                const struct maintenance_args *args,
                                struct cs_results *results, int n_words,
                                char **words, struct cs_error *err)
{
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    const char *only[CS_OPTION_LIST_MAX];
    struct cs_check_keep keeps[CS_TASK_KEEPS_MAX];
    enum looking looking = looking_of(n_words, words);
    struct cs_check_summary summary;
    struct cs_check_options options = {
        .mode = results->dry_run ? CS_CHECK_DRY_RUN : CS_CHECK_FIX,
        .set = looking == CHECK ? CS_SET_CHECKS : CS_SET_ROUTINE,
        .only = only,
        .keeps = keeps,
        .n_keeps = cs_task_keeps(app, keeps),
        .found = cs_results_add,
        .payload = results,
    };
    if (n_words > CS_OPTION_LIST_MAX)
        return usage(err, "too many tasks", "without any, for all");
    enum cs_status status =
        read_words(app, looking, args, n_words, words, &options, err);
    bool alone = looking != NOT_LOOKING && looking != CHECK;
    for (int i = looking == CHECK; i < (alone ? 1 : n_words); i++)
        only[options.n_only++] = words[i];
    if (!status && options.mode == CS_CHECK_FIX)
        status = open_store(app, results, &store, err);
    options.store = store;
    return status ? status : cs_check_run(app->index, &options, &summary, err);
}

static enum cs_status run_task(struct cs_app *app, const struct cs_task *task,
                               struct cs_results *results, int n_words,
                               char **words, struct cs_error *err)
{
    struct cs_task_call call = {app, results, n_words - 1, words + 1};
    char write[80];
    (void)snprintf(write, sizeof(write), "%s%s%s", task->name,
                   *task->words ? " " : "", task->words);
    if (call.n_words < task->min_words ||
        (task->max_words >= 0 && call.n_words > task->max_words))
        return usage(err,
                     call.n_words < task->min_words ? "something is missing"
                                                    : "too many words",
                     write);
    return task->run(&call, err);
}

/* A failure is told after what was done. */
static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    const struct maintenance_args *options = args;
    const struct cs_task *task = n_words > 0 ? cs_task_find(words[0]) : NULL;
    struct cs_results results;
    struct cs_error print_error = CS_ERROR_INIT;
    cs_results_start(&results, app, only_looks(options, n_words, words),
                     options->json);
    enum cs_status status =
        task ? run_task(app, task, &results, n_words, words, err)
             : run_table(app, options, &results, n_words, words, err);
    bool summed_up = status == CS_ERR_PARTIAL && results.sentence[0] != '\0';
    bool silent =
        status == CS_ERR_USAGE ||
        (status && !options->json && !summed_up && results.text.len == 0);
    enum cs_status printed =
        silent ? CS_OK : cs_results_print(&results, &print_error);
    if (status == CS_OK && printed != CS_OK) {
        *err = print_error;
        status = printed;
    }
    if (status == CS_OK)
        status = cs_results_judge(&results, err);
    cs_results_clear(&results);
    return status;
}

#define ARG(member) offsetof(struct maintenance_args, member)

static const struct cs_option options[] = {
    {'n', "dry-run", CS_OPTION_FLAG, ARG(dry_run), NULL,
     "say what would be done, change nothing", 0, 0},
    {0, "older-than", CS_OPTION_TIME, ARG(older_than), "TIME",
     "for stale: how long (1y)", 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_maintenance = {
    .name = "maintenance",
    .summary = "Compare the mirror with its index, and mend it",
    .synopsis = "[OPTION...] [TASK...]",
    .example = "cs maintenance --dry-run",
    .about = "Without a task everything is compared, what can be mended is\n"
             "mended, and chores that are due are done. The status is 3 when\n"
             "findings remain. Tasks that stand alone:\n"
             "  check [NAME...]  compare only      links [ID]   broken links\n"
             "  optimize         small and quick   stale        old pages\n"
             "  reindex          full text anew    backup FILE  of the index\n"
             "  reconvert        all texts anew    recover      after damage\n"
             "  restore ID       what was deleted  purge ID...  erase it\n"
             "  duplicates       pages that say the same, or nearly\n"
             "  prune-spaces     those not configured any more\n"
             "The names of single checks are in the manual page.",
    .needs_of = needs_of,
    .options = options,
    .args_size = sizeof(struct maintenance_args),
    .max_words = -1,
    .run = run,
};
