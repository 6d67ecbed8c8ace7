/*
 * dc_probe.c - ask for what seems to be gone, each by itself.
 *
 * "any" answers for what is there and what is in the trash; what it does not
 * find may be archived, and only a second 404 says that it is gone.
 */
#include "connectors/confluence/clients.h"
#include "connectors/confluence/dc_batch.h"
#include "connectors/confluence/dc_item.h"

#include "src/url.h"

#define IN_FLIGHT 32

struct question {
    const char *id;
    struct cs_answer *answer;
};

struct probe {
    struct cs_dc *dc;
    cs_verdict_fn *verdict;
    void *payload;
    struct cs_arena *arena; /* of one answer */
};

static enum cs_status ask(struct cs_dc *dc, const char *id, const char *status,
                          struct cs_answer **ret, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_puts(&path, "/rest/api/content/");
    cs_url_put_escaped(id, &path);
    cs_strbuf_printf(&path, "?status=%s&expand=" CS_DC_EXPAND, status);
    struct cs_answer_request request = {.path = path.data, .max_attempts = 2};
    enum cs_status done = cs_strbuf_status(&path, err);
    return done ? done : cs_answer_ask(dc->http, &request, ret, err);
}

static enum cs_status tell(struct probe *probe, const char *id,
                           enum cs_presence presence, long http_status,
                           struct cs_error *err)
{
    const struct cs_verdict verdict = {.presence = presence,
                                       .http_status = http_status};
    return probe->verdict(probe->payload, id, &verdict, err);
}

static enum cs_status tell_row(struct probe *probe, const char *id,
                               const struct cs_json *root, long http_status,
                               struct cs_error *err)
{
    struct cs_dc_row row;
    cs_arena_clear(probe->arena);
    enum cs_status status =
        cs_dc_item(&probe->dc->site, root, probe->arena, &row, NULL);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (!status && row.trashed)
        return tell(probe, id, CS_PRESENCE_TRASHED, http_status, err);
    if (status || row.skip || !row.space_id || strcmp(row.item.id, id) != 0)
        return tell(probe, id, CS_PRESENCE_UNKNOWN, http_status, err);
    const struct cs_verdict verdict = {.presence = CS_PRESENCE_HERE,
                                       .http_status = http_status,
                                       .item = &row.item,
                                       .container_id = row.space_id};
    return probe->verdict(probe->payload, id, &verdict, err);
}

/* Judge one answer; with `ret_absent` a 404 is left to the caller. */
static enum cs_status judge(struct probe *probe, const char *id,
                            struct cs_answer *answer, bool *ret_absent,
                            struct cs_error *err)
{
    struct cs_json root;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_answer_wait(answer, &root, &why);
    long http_status = cs_answer_http_status(answer);
    if (!status)
        return tell_row(probe, id, &root, http_status, err);
    if (status == CS_ERR_FORBIDDEN)
        return tell(probe, id, CS_PRESENCE_FORBIDDEN, http_status, err);
    if (!cs_client_may_be_document(status, http_status))
        return cs_error_pass(err, status, &why);
    if (!cs_dc_unsupported(http_status))
        return tell(probe, id, CS_PRESENCE_UNKNOWN, http_status, err);
    if (ret_absent) {
        *ret_absent = true;
        return CS_OK;
    }
    /* A server that knows no archive may answer that with another status. */
    return tell(probe, id, CS_PRESENCE_GONE, 404, err);
}

static enum cs_status settle(struct probe *probe, struct question *question,
                             struct cs_error *err)
{
    struct cs_answer *archived CS_CLEANUP(cs_answer_cleanup) = NULL;
    bool absent = false;
    enum cs_status status =
        judge(probe, question->id, question->answer, &absent, err);
    long http_status = cs_answer_http_status(question->answer);
    if (status || !absent)
        return status;
    if (http_status != 404 && http_status != 410)
        return tell(probe, question->id, CS_PRESENCE_UNKNOWN, http_status, err);
    status = ask(probe->dc, question->id, "archived", &archived, err);
    return status ? status : judge(probe, question->id, archived, NULL, err);
}

static enum cs_status settle_all(struct probe *probe,
                                 struct question *questions, size_t n,
                                 struct cs_error *err)
{
    size_t ahead = 0;
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < n && !status; i++) {
        for (; ahead < n && ahead < i + IN_FLIGHT && !status; ahead++)
            status = ask(probe->dc, questions[ahead].id, "any",
                         &questions[ahead].answer, err);
        if (!status)
            status = settle(probe, &questions[i], err);
        cs_answer_free(questions[i].answer);
        questions[i].answer = NULL;
    }
    return status;
}

enum cs_status cs_dc_probe(void *self, const struct cs_want *wants, size_t n,
                           cs_verdict_fn *verdict, void *payload,
                           struct cs_error *err)
{
    struct cs_dc *dc = self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_arena *list CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct probe probe = {
        .dc = dc, .verdict = verdict, .payload = payload, .arena = arena};
    if (!arena || !list)
        return cs_error_no_memory(err);
    struct question *questions =
        cs_arena_array(list, n + 1, sizeof(*questions));
    if (!questions)
        return cs_arena_status(list, err);
    for (size_t i = 0; i < n; i++)
        questions[i].id = wants[i].id;
    enum cs_status status = settle_all(&probe, questions, n, err);
    for (size_t i = 0; i < n; i++)
        cs_answer_free(questions[i].answer);
    return status;
}
