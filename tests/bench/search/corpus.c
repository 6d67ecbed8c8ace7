/*
 * corpus.c - a large mirror of generated documents, made and changed through
 * the store, as cs sync does: with the chores that are due.
 *
 *     cs-bench-corpus ROOT DOCUMENTS             a new mirror
 *     cs-bench-corpus ROOT DOCUMENTS CHANGED N   change so many, for the
 *                                            Nth time
 *
 * Prints the seconds that the store was given texts and committed them: CPU,
 * wall.
 */
#include "tests/bench/pages.h"
#include "tests/bench/search/prose.h"

#include "index/store/store.h"
#include "index/upkeep/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { SPACES = 20 };

struct corpus {
    struct cs_sink *sink;
    size_t documents;
    size_t step;               /* every so many documents are touched */
    size_t offset;             /* the first of them */
    unsigned version;          /* that they get */
    struct bench_watch stored; /* what the store has taken */
};

static void must(enum cs_status status, const struct cs_error *err)
{
    if (status == CS_OK)
        return;
    (void)fprintf(stderr, "corpus: %s\n", err->message);
    exit(1);
}

static bool is_touched(const struct corpus *corpus, size_t i)
{
    return i % corpus->step == corpus->offset;
}

static void list_space(struct corpus *corpus, const struct cs_container *space,
                       size_t number)
{
    struct cs_sink *sink = corpus->sink;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_list_summary summary;
    struct cs_strbuf title CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1024);
    must(sink->ops->list_begin(
             sink, space, corpus->step > 1 ? CS_LIST_CHANGES : CS_LIST_COMPLETE,
             &err),
         &err);
    for (size_t i = number; i < corpus->documents; i += SPACES) {
        char id[32], author[32];
        if (!is_touched(corpus, i))
            continue;
        cs_strbuf_truncate(&title, 0);
        prose_title(i, &title);
        (void)snprintf(id, sizeof(id), "%zu", i);
        (void)snprintf(author, sizeof(author), "u%zu", i * 7 % 97);
        const struct cs_item item = {
            .id = id,
            .title = title.data,
            .status = i % 25 == 3 ? CS_ITEM_ARCHIVED : CS_ITEM_CURRENT,
            .position = -1,
            .version = corpus->version,
            .created = 1500000000000 + (int64_t)i * 2000000,
            .updated = 1600000000000 + (int64_t)(i * 7919 % 100000) * 1500000 +
                       corpus->version,
            .author_id = author,
            .url = "https://wiki.example/page",
        };
        must(sink->ops->list_add(sink, &item, &err), &err);
    }
    must(sink->ops->list_end(sink, false, &summary, &err), &err);
}

static void add(struct bench_watch *sum, struct bench_watch *watch)
{
    bench_watch_stop(watch);
    sum->wall += watch->wall;
    sum->cpu += watch->cpu;
}

static void put_space(struct corpus *corpus, const struct cs_container *space,
                      size_t number)
{
    static const char *const labels[] = {"deprecated", "howto", "meeting",
                                         "runbook", "team"};
    struct cs_sink *sink = corpus->sink;
    struct cs_error err = CS_ERROR_INIT;
    struct bench_watch watch;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    must(sink->ops->fetch_begin(sink, space, &err), &err);
    for (size_t i = number; i < corpus->documents; i += SPACES) {
        char id[32];
        if (!is_touched(corpus, i))
            continue;
        cs_strbuf_truncate(&text, 0);
        prose_text(i, corpus->version, &text);
        (void)snprintf(id, sizeof(id), "%zu", i);
        const struct cs_document doc = {
            .id = id,
            .aspects = CS_ASPECT_TEXT | CS_ASPECT_LABELS,
            .version = corpus->version,
            .text = {.body = {.markdown = text.data, .len = text.len},
                     .source = "<p/>",
                     .source_len = 4,
                     .source_format = "storage"},
            .labels = &labels[i % CS_ARRAY_LEN(labels)],
            .n_labels = i % 3 == 0 ? 1 : 0,
        };
        bench_watch_start(&watch);
        must(sink->ops->put(sink, &doc, &err), &err);
        add(&corpus->stored, &watch);
    }
    bench_watch_start(&watch);
    must(sink->ops->commit(sink, &err), &err);
    add(&corpus->stored, &watch);
}

static void each_space(struct corpus *corpus,
                       void (*step)(struct corpus *,
                                    const struct cs_container *, size_t))
{
    for (size_t i = 0; i < SPACES; i++) {
        char key[32];
        (void)snprintf(key, sizeof(key), "S%02zu", i);
        const struct cs_container space = {.id = key, .key = key, .name = key};
        step(corpus, &space, i);
    }
}

static void run(struct corpus *corpus, const char *root)
{
    static const struct cs_source_info source = {.name = "confluence",
                                                 .type = "confluence",
                                                 .base_url =
                                                     "https://wiki.example"};
    static const struct cs_run_options options = {.aspects = CS_ASPECT_TEXT |
                                                             CS_ASPECT_LABELS};
    const struct cs_index_options opening = {
        .root = root, .clock = cs_clock_system(), .mode = CS_DB_WRITE};
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_run_summary summary;
    struct cs_check_summary done;
    bool ran;
    must(cs_index_open(&opening, &index, &err), &err);
    must(cs_store_open(index, &store, &err), &err);
    corpus->sink = cs_store_sink(store);
    must(corpus->sink->ops->begin(corpus->sink, &source, &options, &err), &err);
    for (size_t i = 0; i < 97 && corpus->step == 1; i++) {
        char id[32], name[32];
        (void)snprintf(id, sizeof(id), "u%zu", i);
        (void)snprintf(name, sizeof(name), "Person %zu", i);
        const struct cs_person person = {id, name};
        must(corpus->sink->ops->put_person(corpus->sink, &person, &err), &err);
    }
    each_space(corpus, list_space);
    each_space(corpus, put_space);
    must(corpus->sink->ops->end(corpus->sink, CS_OK, &summary, &err), &err);
    must(cs_check_routine(index, store, NULL, 0, &ran, &done, &err), &err);
}

int main(int argc, char **argv)
{
    struct corpus corpus = {.step = 1, .version = 1};
    if (argc != 3 && argc != 5) {
        (void)fprintf(stderr,
                      "usage: corpus ROOT DOCUMENTS [CHANGED NUMBER]\n");
        return 2;
    }
    corpus.documents = strtoul(argv[2], NULL, 10);
    if (argc == 5) {
        size_t changed = strtoul(argv[3], NULL, 10);
        size_t number = strtoul(argv[4], NULL, 10);
        corpus.step = corpus.documents / (changed ? changed : 1);
        corpus.step = corpus.step > 1 ? corpus.step : 2;
        corpus.offset = number % corpus.step;
        corpus.version = (unsigned)(1 + number);
    }
    run(&corpus, argv[1]);
    (void)printf("%.3f %.3f\n", corpus.stored.cpu, corpus.stored.wall);
    return 0;
}
