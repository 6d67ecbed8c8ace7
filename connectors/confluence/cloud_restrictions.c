/*
 * cloud_restrictions.c - its own, then those above it.
 */
#include "connectors/confluence/cloud_restrictions.h"

#include "src/url.h"

static enum cs_status ask(struct cs_cloud *cloud, const char *prefix,
                          const char *id, const char *suffix,
                          struct cs_answer **ret, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_strbuf_puts(&path, prefix);
    cs_url_put_escaped(id, &path);
    cs_strbuf_puts(&path, suffix);
    struct cs_answer_request request = {.path = path.data};
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status : cs_answer_ask(cloud->http, &request, ret, err);
}

static enum cs_status ask_own(struct cs_cloud *cloud, const char *id,
                              struct cs_answer **ret, struct cs_error *err)
{
    return ask(cloud, "/wiki/rest/api/content/", id, "/restriction/byOperation",
               ret, err);
}

enum cs_status cs_cloud_restrictions_open(struct cs_cloud *cloud,
                                          struct cs_cloud_task *task,
                                          struct cs_error *err)
{
    enum cs_status status =
        ask_own(cloud, task->want.id, &task->restrictions, err);
    if (status || task->want.kind == CS_ITEM_BLOG_POST)
        return status;
    return ask(cloud, "/wiki/api/v2/pages/", task->want.id,
               "/ancestors?limit=250", &task->ancestors, err);
}

/* True when somebody is named who alone may read. */
static enum cs_status read_names(const struct cs_json *root, bool *ret,
                                 struct cs_error *err)
{
    static const char *const kinds[] = {"user", "group"};
    struct cs_json read, restrictions, kind, results;
    enum cs_status status =
        cs_json_object(root, "read", CS_JSON_OPTIONAL, &read, err);
    if (!status)
        status = cs_json_object(&read, "restrictions", CS_JSON_OPTIONAL,
                                &restrictions, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++) {
        status = cs_json_object(&restrictions, kinds[i], CS_JSON_OPTIONAL,
                                &kind, err);
        if (!status)
            status = cs_json_array(&kind, "results", CS_JSON_OPTIONAL, &results,
                                   err);
        if (!status && results.node && cJSON_GetArraySize(results.node) > 0)
            *ret = true;
    }
    return status;
}

static enum cs_status wait_names(struct cs_answer *answer, bool *ret,
                                 struct cs_error *err)
{
    struct cs_json root;
    enum cs_status status = cs_answer_wait(answer, &root, err);
    if (status)
        return status;
    return cs_answer_blame(answer, read_names(&root, ret, err), err);
}

/* One ancestor, asked for when it is met for the first time. */
static enum cs_status look_at(struct cs_cloud *cloud, const char *id,
                              bool *ret_closed, long *ret_http_status,
                              struct cs_error *err)
{
    struct cs_answer *answer CS_CLEANUP(cs_answer_cleanup) = NULL;
    bool closed = false;
    if (cs_idset_has(&cloud->closed, id))
        *ret_closed = true;
    if (*ret_closed || cs_idset_has(&cloud->open, id))
        return CS_OK;
    enum cs_status status = ask_own(cloud, id, &answer, err);
    if (status)
        return status;
    status = wait_names(answer, &closed, err);
    *ret_http_status = cs_answer_http_status(answer);
    if (status && !cs_cloud_refused(cs_answer_http_status(answer)))
        return status;
    *ret_closed = closed;
    return cs_idset_add(closed ? &cloud->closed : &cloud->open, id, NULL, err);
}

static enum cs_status look_above(struct cs_cloud *cloud,
                                 struct cs_answer *ancestors, bool *ret_closed,
                                 long *ret_http_status, struct cs_error *err)
{
    struct cs_json root, rows, row = {.node = NULL};
    enum cs_status status = cs_answer_wait(ancestors, &root, err);
    *ret_http_status = cs_answer_http_status(ancestors);
    if (status)
        return cs_cloud_refused(*ret_http_status) ? CS_OK : status;
    status = cs_json_array(&root, "results", CS_JSON_REQUIRED, &rows, err);
    while (!status && !*ret_closed && cs_json_next(&rows, &row)) {
        const char *id;
        status = cs_json_text(&row, "id", CS_JSON_REQUIRED, &id, err);
        if (!status)
            status = look_at(cloud, id, ret_closed, ret_http_status, err);
    }
    return cs_answer_blame(ancestors, status, err);
}

enum cs_status cs_cloud_restrictions_take(struct cs_cloud *cloud,
                                          struct cs_cloud_task *task,
                                          long *ret_http_status,
                                          struct cs_error *err)
{
    bool closed = false;
    enum cs_status status = wait_names(task->restrictions, &closed, err);
    *ret_http_status = cs_answer_http_status(task->restrictions);
    if (!status && !closed && task->ancestors)
        status =
            look_above(cloud, task->ancestors, &closed, ret_http_status, err);
    if (!status)
        task->doc.restricted = closed;
    return status;
}
