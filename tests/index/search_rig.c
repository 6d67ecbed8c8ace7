/*
 * search_rig.c - an index of plain INSERTs, built anew after each change.
 */
#include "tests/lib/test.h"

#include "index/fulltext.h"
#include "tests/index/search_rig.h"

int rig_setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    void *box = NULL;
    int failed = rig ? sandbox_setup(&box) : 1;
    if (failed)
        return failed;
    rig->box = box;
    rig->index = sample_open(rig->box);
    *state = rig;
    return 0;
}

int rig_teardown(void **state)
{
    struct rig *rig = *state;
    void *box = rig->box;
    cs_search_result_free(rig->result);
    cs_index_close(rig->index);
    free(rig);
    return sandbox_teardown(&box);
}

void rig_index(struct rig *rig)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_fulltext_rebuild(cs_index_db(rig->index), &err), &err);
}

void rig_add(struct rig *rig, const struct sample_page *pages, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)sample_page(rig->index, &pages[i]);
    rig_index(rig);
}

void rig_page(struct rig *rig, const char *id, const char *title,
              const char *markdown)
{
    (void)sample_page(
        rig->index,
        &(struct sample_page){.id = id, .title = title, .markdown = markdown});
}

const struct cs_search_result *rig_run(struct rig *rig,
                                       struct cs_search_request request)
{
    struct cs_error err = CS_ERROR_INIT;
    cs_search_result_free(rig->result);
    rig->result = NULL;
    assert_ok(cs_search_run(rig->index, &request, &rig->result, &err), &err);
    return rig->result;
}

const char *rig_ids(struct rig *rig, struct cs_search_request request)
{
    const struct cs_search_result *result = rig_run(rig, request);
    bool relaxed = false;
    size_t len = 0;
    rig->text[0] = '\0';
    for (size_t i = 0; i < result->n; i++) {
        bool first = result->hits[i].tier == CS_SEARCH_RELAXED && !relaxed;
        relaxed |= first;
        int n = snprintf(rig->text + len, sizeof(rig->text) - len, "%s%s%s",
                         i ? " " : "", first ? "| " : "",
                         strchr(result->hits[i].id, ':') + 1);
        len += n > 0 && (size_t)n < sizeof(rig->text) - len ? (size_t)n : 0;
    }
    return rig->text;
}

const char *rig_find(struct rig *rig, const char *query)
{
    return rig_ids(rig, (struct cs_search_request){.text = query});
}
