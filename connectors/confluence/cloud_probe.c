/*
 * cloud_probe.c - is it still there? Asked by id, answered by the site itself.
 *
 * First many ids in a request: a row in the answer is a proof, in the trash or
 * not. What no row shows is asked for by itself, and then the status of that
 * answer counts. Only a 404 in JSON is the site's own; a proxy's page and a
 * failing server say nothing.
 */
#include "connectors/confluence/cloud.h"

#include "src/url.h"

#include <stdlib.h>

#define IDS_PER_REQUEST 250

struct question {
    const struct cs_want *want;
    bool answered;
    struct cs_answer *answer;
};

struct probe {
    struct cs_cloud *cloud;
    cs_verdict_fn *verdict;
    void *payload;
    struct cs_arena *arena; /* strings of one row */
    struct question *questions;
    size_t n;
    bool credential_good; /* proved after a 401 */
    bool theirs;          /* a failure came from `verdict` */
};

static const char *status_query(enum cs_item_kind kind)
{
    switch (kind) {
    case CS_ITEM_PAGE: return "status=current&status=archived&status=trashed";
    case CS_ITEM_BLOG_POST: return "status=current&status=trashed";
    default: return "";
    }
}

static enum cs_status answer(struct probe *probe, struct question *question,
                             const struct cs_verdict *verdict,
                             struct cs_error *err)
{
    question->answered = true;
    enum cs_status status =
        probe->verdict(probe->payload, question->want->id, verdict, err);
    probe->theirs = probe->theirs || status;
    return status;
}

/* What a row says; CS_PRESENCE_UNKNOWN for a status that says nothing. */
static enum cs_status judge_row(struct probe *probe, struct question *question,
                                const struct cs_json *row, long http_status,
                                struct cs_error *err)
{
    struct cs_item item;
    struct cs_verdict verdict = {.http_status = http_status};
    const char *word;
    bool skip;
    cs_arena_clear(probe->arena);
    enum cs_status status =
        cs_cloud_item(&probe->cloud->site, row, question->want->kind,
                      probe->arena, &item, &skip, err);
    if (!status)
        status = cs_json_text(row, "status", CS_JSON_OPTIONAL, &word, err);
    if (!status)
        status = cs_json_text(row, "spaceId", CS_JSON_OPTIONAL,
                              &verdict.container_id, err);
    if (status)
        return status;
    if (!skip && verdict.container_id) {
        verdict.presence = CS_PRESENCE_HERE;
        verdict.item = &item;
    } else if (word && strcmp(word, "trashed") == 0) {
        verdict.presence = CS_PRESENCE_TRASHED;
    } else if (word && strcmp(word, "deleted") == 0) {
        verdict.presence = CS_PRESENCE_GONE;
    }
    return answer(probe, question, &verdict, err);
}

/* ---- many in a request ---- */

static enum cs_status take_row(void *payload, const struct cs_json *row,
                               bool *stop, struct cs_error *err)
{
    struct probe *probe = payload;
    const char *id;
    (void)stop;
    enum cs_status status = cs_json_text(row, "id", CS_JSON_REQUIRED, &id, err);
    for (size_t i = 0; !status && i < probe->n; i++) {
        struct question *question = &probe->questions[i];
        if (!question->answered && strcmp(question->want->id, id) == 0)
            return judge_row(probe, question, row, 200, err);
    }
    return status;
}

/* A path with the next ids of a kind from `at` on; 0 when there are none. */
static size_t put_ids(const struct probe *probe, enum cs_item_kind kind,
                      size_t *at, struct cs_strbuf *path)
{
    size_t n = 0;
    cs_strbuf_reset(path);
    cs_strbuf_printf(path, "/wiki/api/v2/%s?%s&limit=250",
                     cs_cloud_collection(kind), status_query(kind));
    for (; *at < probe->n && n < IDS_PER_REQUEST; ++*at) {
        const struct cs_want *want = probe->questions[*at].want;
        if (want->kind != kind)
            continue;
        cs_strbuf_puts(path, n++ ? "," : "&id=");
        cs_url_put_escaped(want->id, path);
    }
    return n;
}

/* A failure of the request leaves its ids to be asked one by one. */
static enum cs_status ask_many(struct probe *probe, const char *path,
                               struct cs_error *err)
{
    struct cs_paging *paging CS_CLEANUP(cs_paging_cleanup) = NULL;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status =
        cs_paging_open(&probe->cloud->paging, path, 1, &paging, err);
    if (status)
        return status;
    status = cs_paging_each(paging, take_row, probe, &why);
    bool ends = probe->theirs || status == CS_ERR_CANCELLED ||
                status == CS_ERR_NO_MEMORY;
    if (!ends)
        return CS_OK;
    return cs_error_pass(err, status, &why);
}

static enum cs_status ask_kind(struct probe *probe, enum cs_item_kind kind,
                               struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    size_t at = 0;
    enum cs_status status = CS_OK;
    while (!status && put_ids(probe, kind, &at, &path) > 0) {
        status = cs_strbuf_status(&path, err);
        if (!status)
            status = ask_many(probe, path.data, err);
    }
    return status;
}

/* ---- one by one ---- */

static enum cs_status ask_one(struct probe *probe, struct question *question,
                              struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    const char *query = status_query(question->want->kind);
    cs_strbuf_printf(&path, "/wiki/api/v2/%s/",
                     cs_cloud_collection(question->want->kind));
    cs_url_put_escaped(question->want->id, &path);
    cs_strbuf_printf(&path, "%s%s", *query ? "?" : "", query);
    struct cs_answer_request request = {.path = path.data, .max_attempts = 2};
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_answer_ask(probe->cloud->http, &request,
                                  &question->answer, err);
}

static enum cs_presence presence_of(const struct cs_answer *answer)
{
    long status = cs_answer_http_status(answer);
    if (status == 401 || status == 403)
        return CS_PRESENCE_FORBIDDEN;
    if ((status == 404 || status == 410) && cs_answer_is_json(answer))
        return CS_PRESENCE_GONE;
    return CS_PRESENCE_UNKNOWN;
}

/* A 401 may be about this document, or the credential may have run out: then
 * nothing follows for any document. */
static enum cs_status prove_credential(struct probe *probe,
                                       struct cs_error *err)
{
    struct cs_identity identity;
    if (probe->credential_good)
        return CS_OK;
    enum cs_status status = cs_cloud_check(probe->cloud, &identity, err);
    probe->credential_good = !status;
    return status;
}

static enum cs_status take_one(struct probe *probe, struct question *question,
                               struct cs_error *err)
{
    struct cs_json root;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_answer_wait(question->answer, &root, &why);
    long http_status = cs_answer_http_status(question->answer);
    struct cs_verdict verdict = {.http_status = http_status};
    if (!status) {
        status = judge_row(probe, question, &root, http_status, &why);
        if (!status || probe->theirs || status == CS_ERR_NO_MEMORY) {
            return cs_error_pass(err, status, &why);
        }
    } else if (status == CS_ERR_CANCELLED || status == CS_ERR_NO_MEMORY) {
        return cs_error_pass(err, status, &why);
    } else {
        verdict.presence = presence_of(question->answer);
    }
    status = http_status == 401 ? prove_credential(probe, err) : CS_OK;
    return status ? status : answer(probe, question, &verdict, err);
}

static enum cs_status ask_rest(struct probe *probe, struct cs_error *err)
{
    size_t ahead = 0, max = 2 * (size_t)probe->cloud->config->jobs + 2;
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < probe->n && !status; i++) {
        for (; ahead < probe->n && ahead < i + max && !status; ahead++) {
            if (!probe->questions[ahead].answered)
                status = ask_one(probe, &probe->questions[ahead], err);
        }
        if (!status && !probe->questions[i].answered)
            status = take_one(probe, &probe->questions[i], err);
    }
    return status;
}

enum cs_status cs_cloud_probe(void *self, const struct cs_want *wants, size_t n,
                              cs_verdict_fn *verdict, void *payload,
                              struct cs_error *err)
{
    struct cs_cloud *cloud = self;
    struct probe probe = {
        .cloud = cloud, .verdict = verdict, .payload = payload, .n = n};
    probe.arena = cs_arena_new(0);
    probe.questions = calloc(n + 1, sizeof(*probe.questions));
    enum cs_status status = CS_OK;
    if (!probe.arena || !probe.questions)
        status = cs_error_no_memory(err);
    for (size_t i = 0; i < n && !status; i++)
        probe.questions[i].want = &wants[i];
    if (!status)
        status = ask_kind(&probe, CS_ITEM_PAGE, err);
    if (!status)
        status = ask_kind(&probe, CS_ITEM_BLOG_POST, err);
    if (!status)
        status = ask_rest(&probe, err);
    for (size_t i = 0; probe.questions && i < n; i++)
        cs_answer_free(probe.questions[i].answer);
    free(probe.questions);
    cs_arena_free(probe.arena);
    return status;
}
