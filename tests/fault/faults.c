/*
 * faults.c - every point of every run fails once, and the next run mends it.
 *
 *     faults [--sample N] [--seed N] [--jobs N] [--fake PROGRAM --site FOLDER]
 *            [--scenario NAME] [--kind NAME] [--action NAME] [--point N]
 *            [--keep]
 *
 * For each scenario the state before is made once, and the state after an
 * undisturbed run. Then, for each kind of point, each action and each point: a
 * copy of the state before, a child process that does the run and is failed at
 * that point; it must be killed, end with an error that fits, or survive. Then
 * the run once more, undisturbed: the mirror must be the same, file by file and
 * row by row.
 *
 * --sample takes at most N points of each group, spread evenly. Without it the
 * whole takes long: see docs/HACKING.md. --keep leaves the mirrors of runs that
 * went wrong. Exit status 1 when anything did.
 */
#include "tests/fault/copy.h"
#include "tests/fault/dump.h"
#include "tests/fault/inject.h"
#include "tests/fault/scenario.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define HAS_LEAKED() (__lsan_do_recoverable_leak_check() != 0)
#else
#define HAS_LEAKED() false
#endif

enum {
    MAX_JOBS = 16,
    SECONDS = 120, /* a run that takes longer hangs */
    DUMP_MAX = 64 << 20,
    LOUD = 2,          /* failures of a group that each worker tells of */
    WIDTH = 300,       /* of what it shows of a line */
    EXIT_SILENT = 100, /* failed without a message */
    EXIT_LEAKED = 101
};

struct tally {
    unsigned long points, errors, survived, killed, bad;
};

/* What a worker shares with its children and with the program. */
struct shared {
    struct inject_state state;
    struct tally tally;
    char message[WIDTH]; /* of the run that was failed */
};

struct harness {
    unsigned long sample, point;
    unsigned seed, jobs;
    bool keep;
    const char *scenario, *kind, *action;
    struct shared *shared; /* one a worker */
    struct sandbox *box;   /* holds "before", and a copy a worker */
    struct tally total;
};

/* One group of runs: a scenario with its points of a kind, failed one way. */
struct group {
    const struct fault_scenario *scenario;
    const struct sandbox *before;
    const char *want; /* the undisturbed state as text */
    enum inject_kind kind;
    const char *action;
    bool onwards; /* all later points fail, too */
    unsigned long points;
};

/* The statuses that fit a failure; others tell the user the wrong thing. */
#define AS(status) (1u << (status))
static const struct {
    const char *action;
    unsigned statuses;
} fitting[] = {
    {"ENOSPC", AS(CS_ERR_NO_SPACE) | AS(CS_ERR_LIMIT)}, /* no name is free */
    {"short", AS(CS_ERR_NO_SPACE) | AS(CS_ERR_IO)},
    {"FULL", AS(CS_ERR_NO_SPACE) | AS(CS_ERR_IO)},
    {"EIO", AS(CS_ERR_IO)},
    {"EACCES", AS(CS_ERR_IO) | AS(CS_ERR_NO_INDEX)},
    {"EMFILE", AS(CS_ERR_IO)},
    {"EROFS", AS(CS_ERR_IO)},
    {"IOERR", AS(CS_ERR_IO) | AS(CS_ERR_CORRUPT)},
    {"fail", AS(CS_ERR_NO_MEMORY) | AS(CS_ERR_PARTIAL)},
    {"NOMEM", AS(CS_ERR_NO_MEMORY)},
    {"BUSY", AS(CS_ERR_LOCKED)},
    {"reset", AS(CS_ERR_NETWORK) | AS(CS_ERR_PARTIAL)},
    {"truncate", AS(CS_ERR_NETWORK) | AS(CS_ERR_PARTIAL)},
    {"timeout", AS(CS_ERR_NETWORK) | AS(CS_ERR_PARTIAL)},
    {"429", AS(CS_ERR_NETWORK) | AS(CS_ERR_PARTIAL)},
    {"500", AS(CS_ERR_NETWORK) | AS(CS_ERR_PARTIAL)},
    {"401", AS(CS_ERR_AUTH) | AS(CS_ERR_PARTIAL)},
    {"cut", AS(CS_ERR_PROTOCOL) | AS(CS_ERR_PARSE) | AS(CS_ERR_PARTIAL)},
};

static bool fits(const char *action, int status)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(fitting); i++)
        if (strcmp(fitting[i].action, action) == 0)
            return (fitting[i].statuses & AS(status)) != 0;
    return false; /* partial, kill: must not end with an error */
}

static void die(const char *what, const struct cs_error *err)
{
    (void)fprintf(stderr, "faults: %s: %s\n", what, err->message);
    exit(1);
}

static void copy_state(const struct sandbox *from, const struct sandbox *to)
{
    if (!fault_copy(from->root, to->root))
        exit(1);
}

/* A sandbox in a folder of the harness's own. */
static struct sandbox place(const struct harness *harness, const char *name)
{
    struct sandbox box = *harness->box;
    (void)snprintf(box.root, sizeof(box.root), "%.40s/%s", harness->box->root,
                   name);
    return box;
}

/* Do the run in a child with this wish; returns its wait status. */
static int run_child(const struct fault_scenario *scenario, struct sandbox *box,
                     const char *wish, struct shared *shared)
{
    struct inject_state *state = &shared->state;
    memset(state, 0, sizeof(*state));
    shared->message[0] = '\0';
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct cs_error err = CS_ERROR_INIT;
        box->clock.ctx = box;
        (void)alarm(SECONDS);
        (void)inject_arm(wish, state);
        enum cs_status status = scenario->run(box, &err);
        (void)inject_arm(NULL, NULL);
        (void)snprintf(shared->message, WIDTH, "%.*s", WIDTH - 1, err.message);
        if (HAS_LEAKED())
            _exit(EXIT_LEAKED);
        _exit(status && !err.message[0] ? EXIT_SILENT : (int)status);
    }
    int ended = -1;
    if (pid < 0 || waitpid(pid, &ended, 0) != pid)
        perror("faults: fork");
    return ended;
}

static int shown(const char *line)
{
    size_t len = strcspn(line, "\n");
    return len < WIDTH ? (int)len : WIDTH;
}

static void print_difference(const char *have, const char *want)
{
    size_t line = 0;
    for (size_t i = 0; have[i] && have[i] == want[i]; i++)
        if (have[i] == '\n')
            line = i + 1;
    (void)fprintf(stderr, "  have %.*s\n  want %.*s\n", shown(have + line),
                  have + line, shown(want + line), want + line);
}

/* The run once more, in a child; true when it leads to the state that is
 * wanted. */
static bool recovers(const struct group *group, struct sandbox *box, bool loud)
{
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_strbuf have = CS_STRBUF_INIT(DUMP_MAX);
        box->clock.ctx = box;
        (void)alarm(SECONDS);
        enum cs_status status = group->scenario->run(box, &err);
        if (!status)
            status = fault_dump(box, &have, &err);
        if (!status && strcmp(have.data, group->want) == 0)
            _exit(0);
        if (status && loud)
            (void)fprintf(stderr, "  the next run: %s\n", err.message);
        else if (loud)
            print_difference(have.data, group->want);
        _exit(1);
    }
    int ended = -1;
    return pid > 0 && waitpid(pid, &ended, 0) == pid && ended == 0;
}

/* How the run ended, or NULL when that is not right. */
static unsigned long *judge(const struct group *group, struct tally *tally,
                            const struct inject_state *state, int ended)
{
    bool kills = strcmp(group->action, "kill") == 0;
    if (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL && kills)
        return &tally->killed;
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0 && !(kills && state->fired))
        return &tally->survived;
    if (WIFEXITED(ended) && WEXITSTATUS(ended) < 32 &&
        fits(group->action, WEXITSTATUS(ended)))
        return &tally->errors;
    return NULL;
}

static void complain(const struct group *group, const char *wish,
                     const struct shared *shared, int ended)
{
    int code = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    (void)fprintf(stderr, "%s %s (%s): ", group->scenario->name, wish,
                  shared->state.at);
    if (code == EXIT_LEAKED)
        (void)fprintf(stderr, "leaked\n");
    else if (code == EXIT_SILENT)
        (void)fprintf(stderr, "failed without a message\n");
    else if (code >= 0)
        (void)fprintf(stderr, "ended as \"%s\": %s\n",
                      cs_status_name((enum cs_status)code), shared->message);
    else
        (void)fprintf(stderr, "killed by signal %d\n", WTERMSIG(ended));
}

/* Leave the mirror of a run that went wrong where it can be looked at. */
static void keep_mirror(const struct sandbox *box, const char *wish)
{
    struct sandbox kept = *box;
    char *end = strrchr(kept.root, '/') + 1;
    size_t room = sizeof(kept.root) - (size_t)(end - kept.root);
    (void)snprintf(end, room, "%s", wish);
    (void)rename(box->root, kept.root);
}

static void fail_point(const struct group *group, struct sandbox *box,
                       unsigned long point, struct shared *shared)
{
    bool loud = shared->tally.bad < LOUD;
    char wish[64];
    (void)snprintf(wish, sizeof(wish), "%s:%lu%s:%s",
                   inject_kind_name(group->kind), point,
                   group->onwards ? "+" : "", group->action);
    copy_state(group->before, box);
    int ended = run_child(group->scenario, box, wish, shared);
    unsigned long *outcome =
        judge(group, &shared->tally, &shared->state, ended);
    shared->tally.points++;
    if (outcome)
        ++*outcome;
    else if (loud)
        complain(group, wish, shared, ended);
    bool mended = recovers(group, box, loud);
    if (!mended && loud)
        (void)fprintf(stderr, "%s %s (%s): did not converge\n",
                      group->scenario->name, wish, shared->state.at);
    if (!outcome || !mended) {
        shared->tally.bad++;
        keep_mirror(box, wish);
    }
}

/* The i-th of n points out of `count`: one at random of each n-th part. */
static unsigned long pick(unsigned long i, unsigned long n, unsigned long count,
                          unsigned *seed)
{
    unsigned long from = i * count / n, to = (i + 1) * count / n;
    return from + 1 + (unsigned long)rand_r(seed) % (to > from ? to - from : 1);
}

static void work(const struct harness *harness, const struct group *group,
                 unsigned worker)
{
    char name[16];
    unsigned seed = harness->seed;
    (void)snprintf(name, sizeof(name), "w%u", worker);
    struct sandbox box = place(harness, name);
    unsigned long n = group->points;
    if (harness->sample && n > harness->sample)
        n = harness->sample;
    for (unsigned long i = 0; i < n; i++) {
        unsigned long point = pick(i, n, group->points, &seed);
        if (harness->point && harness->point != point)
            continue;
        if (i % harness->jobs == worker)
            fail_point(group, &box, point, &harness->shared[worker]);
    }
}

static void add(struct tally *sum, const struct tally *more)
{
    sum->points += more->points;
    sum->errors += more->errors;
    sum->survived += more->survived;
    sum->killed += more->killed;
    sum->bad += more->bad;
}

static void run_group(struct harness *harness, const struct group *group)
{
    struct tally sum = {0};
    pid_t workers[MAX_JOBS];
    (void)fflush(NULL);
    for (unsigned i = 0; i < harness->jobs; i++) {
        harness->shared[i].tally = (struct tally){0};
        workers[i] = fork();
        if (workers[i] == 0) {
            work(harness, group, i);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < harness->jobs; i++) {
        int ended = -1;
        (void)waitpid(workers[i], &ended, 0);
        add(&sum, &harness->shared[i].tally);
        sum.bad += ended != 0; /* a worker that died told nothing */
    }
    add(&harness->total, &sum);
    (void)printf("%-13s %-7s %-9s%s %6lu of %6lu points: %lu errors, %lu"
                 " killed, %lu survived; %lu converged\n",
                 group->scenario->name, inject_kind_name(group->kind),
                 group->action, group->onwards ? "+" : " ", sum.points,
                 group->points, sum.errors, sum.killed, sum.survived,
                 sum.points - sum.bad);
}

static bool is_chosen(const char *choice, const char *name)
{
    return !choice || strcmp(choice, name) == 0;
}

/* Failures that stay: a full disk, no memory, a server that is down. */
static bool stays(const char *action)
{
    static const char *const names[] = {"ENOSPC", "fail",  "FULL",
                                        "IOERR",  "reset", "429"};
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        if (strcmp(names[i], action) == 0)
            return true;
    return false;
}

static void run_kinds(struct harness *harness, struct group *group,
                      const struct inject_state *counted)
{
    for (unsigned kind = 0; kind < INJECT_KINDS; kind++) {
        group->kind = (enum inject_kind)kind;
        group->points = counted->passed[kind];
        if (!group->points ||
            !is_chosen(harness->kind, inject_kind_name(group->kind)))
            continue;
        for (size_t i = 0;; i++) {
            group->action = inject_action_name(group->kind, i);
            if (!group->action)
                break;
            const char *skip = group->scenario->skip;
            if (!is_chosen(harness->action, group->action) ||
                (skip && strcmp(skip, group->action) == 0))
                continue;
            group->onwards = false;
            run_group(harness, group);
            group->onwards = stays(group->action);
            if (group->onwards)
                run_group(harness, group);
        }
    }
}

static void run_scenario(struct harness *harness,
                         const struct fault_scenario *scenario)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf want CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(DUMP_MAX);
    struct sandbox before = place(harness, "before");
    struct sandbox after = place(harness, "after");
    struct sandbox empty = place(harness, "empty");
    copy_state(&empty, &before);
    before.clock.ctx = &before;
    after.clock.ctx = &after;
    if (scenario->prepare && scenario->prepare(&before, &err))
        die(scenario->name, &err);
    copy_state(&before, &after);
    if (scenario->run(&after, &err) || fault_dump(&after, &want, &err))
        die(scenario->name, &err);
    copy_state(&before, &after);
    if (run_child(scenario, &after, "report", &harness->shared[0]) != 0)
        die(scenario->name, &err);
    struct group group = {
        .scenario = scenario, .before = &before, .want = want.data};
    const struct inject_state counted = harness->shared[0].state;
    run_kinds(harness, &group, &counted);
}

static const struct option options[] = {
    {"sample", required_argument, NULL, 'n'},
    {"seed", required_argument, NULL, 's'},
    {"jobs", required_argument, NULL, 'j'},
    {"fake", required_argument, NULL, 'f'},
    {"site", required_argument, NULL, 'S'},
    {"scenario", required_argument, NULL, 'c'},
    {"kind", required_argument, NULL, 'k'},
    {"action", required_argument, NULL, 'a'},
    {"point", required_argument, NULL, 'p'},
    {"keep", no_argument, NULL, 'K'},
    {0},
};

static bool read_options(struct harness *harness, int argc, char **argv)
{
    const char *fake = NULL, *site = NULL;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'n': harness->sample = strtoul(optarg, NULL, 10); break;
        case 's': harness->seed = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'j': harness->jobs = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'f': fake = optarg; break;
        case 'S': site = optarg; break;
        case 'c': harness->scenario = optarg; break;
        case 'k': harness->kind = optarg; break;
        case 'a': harness->action = optarg; break;
        case 'p': harness->point = strtoul(optarg, NULL, 10); break;
        case 'K': harness->keep = true; break;
        default: return false;
        }
    }
    fault_site_use(fake, site);
    return optind == argc && harness->jobs > 0 && harness->jobs <= MAX_JOBS;
}

int main(int argc, char **argv)
{
    struct harness harness = {.seed = 1, .jobs = 2};
    void *box = NULL;
    if (!read_options(&harness, argc, argv)) {
        (void)fprintf(stderr, "wrong usage; the file's comment says more\n");
        return 2;
    }
    size_t size = sizeof(struct shared) * MAX_JOBS;
    harness.shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (harness.shared == MAP_FAILED || sandbox_setup(&box) != 0)
        return 1;
    harness.box = box;
    struct sandbox empty = place(&harness, "empty");
    if (mkdir(empty.root, 0700) != 0)
        return 1;
    const struct fault_scenario *scenario;
    for (size_t i = 0; (scenario = fault_scenario(i)); i++)
        if (is_chosen(harness.scenario, scenario->name) &&
            (!scenario->network || fault_site_is_there()))
            run_scenario(&harness, scenario);
    (void)printf("failed %lu points: %lu errors, %lu killed, %lu survived;"
                 " %lu converged\n",
                 harness.total.points, harness.total.errors,
                 harness.total.killed, harness.total.survived,
                 harness.total.points - harness.total.bad);
    if (harness.keep)
        (void)printf("what went wrong is left in %s\n", harness.box->root);
    else
        (void)sandbox_teardown(&box);
    return harness.total.bad ? 1 : 0;
}
