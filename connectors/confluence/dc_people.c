/*
 * dc_people.c - GET /user for each, many in flight.
 */
#include "connectors/confluence/dc_people.h"

#include "connectors/answer.h"
#include "connectors/idset.h"
#include "src/url.h"

#include <stdlib.h>

#define ID_MAX    512
#define IN_FLIGHT 32

/* Somebody who was noted and not handed over yet. */
struct person {
    struct person *next;
    const char *id, *name; /* no name: to be asked for */
    struct cs_answer *answer;
};

struct cs_dc_people {
    struct cs_http *http;
    struct cs_idset asked, named; /* handed over, or about to be */
    struct cs_arena *arena;       /* of the list */
    struct person *head, **tail;
    bool refused;
};

struct cs_dc_people *cs_dc_people_new(struct cs_http *http)
{
    struct cs_dc_people *people = calloc(1, sizeof(*people));
    if (!people)
        return NULL;
    people->http = http;
    people->tail = &people->head;
    people->arena = cs_arena_new(0);
    if (!people->arena) {
        free(people);
        return NULL;
    }
    return people;
}

static void drop_list(struct cs_dc_people *people)
{
    for (struct person *at = people->head; at; at = at->next)
        cs_answer_free(at->answer);
    people->head = NULL;
    people->tail = &people->head;
    cs_arena_clear(people->arena);
}

void cs_dc_people_free(struct cs_dc_people *people)
{
    if (!people)
        return;
    drop_list(people);
    cs_idset_clear(&people->asked);
    cs_idset_clear(&people->named);
    cs_arena_free(people->arena);
    free(people);
}

enum cs_status cs_dc_people_note(struct cs_dc_people *people, const char *id,
                                 const char *name, struct cs_error *err)
{
    bool fresh = true;
    if (!id || !*id || strlen(id) > ID_MAX || cs_idset_has(&people->named, id))
        return CS_OK;
    if (name && !*name)
        name = NULL;
    enum cs_status status =
        cs_idset_add(name ? &people->named : &people->asked, id, &fresh, err);
    if (status || !fresh)
        return status;
    struct person *person = cs_arena_alloc(people->arena, sizeof(*person));
    if (!person)
        return cs_error_no_memory(err);
    person->id = cs_arena_strdup(people->arena, id);
    person->name = cs_arena_strdup(people->arena, name);
    *people->tail = person;
    people->tail = &person->next;
    return cs_arena_status(people->arena, err);
}

/* A key is 32 hexadecimal digits; old texts hold the name of the account. */
static bool is_key(const char *id)
{
    return strlen(id) == 32 && strspn(id, "0123456789abcdefABCDEF") == 32;
}

static enum cs_status ask(struct cs_dc_people *people, struct person *person,
                          struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_printf(
        &path, "/rest/api/user?%s=", is_key(person->id) ? "key" : "username");
    cs_url_put_escaped(person->id, &path);
    struct cs_answer_request request = {.path = path.data};
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_answer_ask(people->http, &request, &person->answer, err);
}

/* The name in an answer, or what stands for it. */
static enum cs_status take(struct cs_dc_people *people, struct person *person,
                           struct cs_error *err)
{
    struct cs_json root;
    struct cs_error why = CS_ERROR_INIT;
    const char *name = NULL;
    enum cs_status status = cs_answer_wait(person->answer, &root, &why);
    if (!status)
        (void)cs_json_text(&root, "displayName", CS_JSON_OPTIONAL, &name, NULL);
    if (!status || status == CS_ERR_NOT_FOUND || status == CS_ERR_PROTOCOL) {
        person->name = name && *name ? name : person->id;
        return CS_OK;
    }
    if (status == CS_ERR_FORBIDDEN) {
        people->refused = true;
        return CS_OK;
    }
    return cs_error_pass(err, status, &why);
}

static bool must_ask(const struct cs_dc_people *people,
                     const struct person *person)
{
    return !person->name && !people->refused &&
           !cs_idset_has(&people->named, person->id);
}

static enum cs_status hand_over(struct cs_dc_people *people,
                                struct person *person,
                                const struct cs_fetch_io *io,
                                struct cs_error *err)
{
    enum cs_status status = CS_OK;
    if (person->answer)
        status = take(people, person, err);
    struct cs_person made = {.id = person->id, .name = person->name};
    if (!status && made.name)
        status = io->person(io->payload, &made, err);
    cs_answer_free(person->answer);
    person->answer = NULL;
    return status;
}

enum cs_status cs_dc_people_resolve(struct cs_dc_people *people,
                                    const struct cs_fetch_io *io,
                                    struct cs_error *err)
{
    struct person *ahead = people->head;
    size_t in_flight = 0;
    enum cs_status status = CS_OK;
    for (struct person *at = people->head; at && !status; at = at->next) {
        for (; ahead && in_flight < IN_FLIGHT && !status; ahead = ahead->next) {
            if (!must_ask(people, ahead))
                continue;
            status = ask(people, ahead, err);
            in_flight++;
        }
        in_flight -= at->answer != NULL;
        if (!status)
            status = hand_over(people, at, io, err);
    }
    drop_list(people);
    return status;
}
