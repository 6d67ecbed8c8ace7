/*
 * people.c - POST /users-bulk, up to 250 ids at a time.
 */
#include "connectors/confluence/people.h"

#include "connectors/answer.h"
#include "connectors/idset.h"

#include <stdlib.h>

#define USERS_PER_REQUEST 250
#define ID_MAX            512

struct cs_people {
    struct cs_http *http;
    struct cs_idset noted; /* asked for or about to be */
    struct cs_arena *ids;  /* holds what `waiting` points to */
    const char **waiting;
    size_t n_waiting, cap_waiting;
    bool refused;
};

struct cs_people *cs_people_new(struct cs_http *http)
{
    struct cs_people *people = calloc(1, sizeof(*people));
    if (!people)
        return NULL;
    people->http = http;
    people->ids = cs_arena_new(0);
    if (!people->ids) {
        free(people);
        return NULL;
    }
    return people;
}

void cs_people_free(struct cs_people *people)
{
    if (!people)
        return;
    cs_idset_clear(&people->noted);
    cs_arena_free(people->ids);
    free(people->waiting);
    free(people);
}

static bool make_room(struct cs_people *people)
{
    if (people->n_waiting < people->cap_waiting)
        return true;
    size_t cap = people->cap_waiting ? people->cap_waiting * 2 : 64;
    const char **waiting = reallocarray(people->waiting, cap, sizeof(*waiting));
    if (!waiting)
        return false;
    people->waiting = waiting;
    people->cap_waiting = cap;
    return true;
}

enum cs_status cs_people_note(struct cs_people *people, const char *id,
                              struct cs_error *err)
{
    bool fresh;
    if (!id || !*id || strlen(id) > ID_MAX)
        return CS_OK;
    enum cs_status status = cs_idset_add(&people->noted, id, &fresh, err);
    if (status || !fresh)
        return status;
    char *copy = cs_arena_strdup(people->ids, id);
    if (!copy || !make_room(people))
        return cs_error_no_memory(err);
    people->waiting[people->n_waiting++] = copy;
    return CS_OK;
}

static char *request_body(const char *const *ids, size_t n)
{
    char *text = NULL;
    cJSON *array = cJSON_CreateStringArray(ids, (int)n);
    cJSON *body = cJSON_CreateObject();
    if (array && body && cJSON_AddItemToObject(body, "accountIds", array)) {
        array = NULL;
        text = cJSON_PrintUnformatted(body);
    }
    cJSON_Delete(array);
    cJSON_Delete(body);
    return text;
}

static bool not_empty(const char *text)
{
    return text && *text;
}

/* One row: displayName may be hidden, publicName then is what is shown. */
static enum cs_status tell(const struct cs_fetch_io *io,
                           const struct cs_json *row, struct cs_idset *told,
                           struct cs_error *err)
{
    const char *id, *display, *public;
    enum cs_status status =
        cs_json_text(row, "accountId", CS_JSON_REQUIRED, &id, err);
    if (!status)
        status =
            cs_json_text(row, "displayName", CS_JSON_OPTIONAL, &display, err);
    if (!status)
        status =
            cs_json_text(row, "publicName", CS_JSON_OPTIONAL, &public, err);
    if (!status)
        status = cs_idset_add(told, id, NULL, err);
    if (status)
        return status;
    struct cs_person person = {.id = id, .name = id};
    if (not_empty(display))
        person.name = display;
    else if (not_empty(public))
        person.name = public;
    return io->person(io->payload, &person, err);
}

static enum cs_status tell_missing(const struct cs_fetch_io *io,
                                   const char *const *ids, size_t n,
                                   const struct cs_idset *told,
                                   struct cs_error *err)
{
    for (size_t i = 0; i < n; i++) {
        struct cs_person person = {.id = ids[i], .name = ids[i]};
        if (cs_idset_has(told, ids[i]))
            continue;
        enum cs_status status = io->person(io->payload, &person, err);
        if (status)
            return status;
    }
    return CS_OK;
}

static enum cs_status take_rows(const struct cs_answer *answer,
                                const struct cs_json *root,
                                const struct cs_fetch_io *io,
                                const char *const *ids, size_t n,
                                struct cs_error *err)
{
    struct cs_idset told CS_CLEANUP(cs_idset_clear) = CS_IDSET_INIT;
    struct cs_json rows, row = {.node = NULL};
    enum cs_status status =
        cs_json_array(root, "results", CS_JSON_REQUIRED, &rows, err);
    while (!status && cs_json_next(&rows, &row))
        status = tell(io, &row, &told, err);
    if (status)
        return cs_answer_blame(answer, status, err);
    return tell_missing(io, ids, n, &told, err);
}

static enum cs_status ask(struct cs_people *people,
                          const struct cs_fetch_io *io, const char *const *ids,
                          size_t n, struct cs_error *err)
{
    struct cs_answer *answer CS_CLEANUP(cs_answer_cleanup) = NULL;
    struct cs_json root;
    char *body = request_body(ids, n);
    if (!body)
        return cs_error_no_memory(err);
    struct cs_answer_request request = {.path = "/wiki/api/v2/users-bulk",
                                        .post_json = body};
    enum cs_status status = cs_answer_ask(people->http, &request, &answer, err);
    cJSON_free(body);
    if (!status)
        status = cs_answer_wait(answer, &root, err);
    else
        return status;
    long http_status = cs_answer_http_status(answer);
    if (http_status >= 400 && http_status < 500 && http_status != 429) {
        people->refused = true;
        return CS_OK;
    }
    return status ? status : take_rows(answer, &root, io, ids, n, err);
}

enum cs_status cs_people_resolve(struct cs_people *people,
                                 const struct cs_fetch_io *io,
                                 struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < people->n_waiting && !status && !people->refused;) {
        size_t n = people->n_waiting - i;
        if (n > USERS_PER_REQUEST)
            n = USERS_PER_REQUEST;
        status = ask(people, io, people->waiting + i, n, err);
        i += n;
    }
    /* Who was not answered for is to be asked for again by the next documents
     * that name them. */
    if (status)
        cs_idset_clear(&people->noted);
    people->n_waiting = 0;
    cs_arena_clear(people->ids);
    return status;
}
