/*
 * Random faults, drawn from a seed: which, and after how many good answers.
 */
#include "tests/fake/control.h"
#include "tests/fake/generate.h"
#include "tests/fake/server.h"

#define MAX_TRIES 100000

/* Faults to draw from, by the name that an order may ask for. */
static const struct {
    const char *name;
    const char *order;
} faults[] = {
    {"500", "\"kind\":\"status\",\"status\":500"},
    {"502", "\"kind\":\"status\",\"status\":502,\"html\":true"},
    {"503", "\"kind\":\"status\",\"status\":503,\"retryAfter\":1"},
    {"429", "\"kind\":\"rate\",\"form\":\"zero\""},
    {"reset", "\"kind\":\"reset\""},
    {"truncate", "\"kind\":\"truncate\""},
    {"cut-chunked", "\"kind\":\"cut-chunked\""},
    {"delay", "\"kind\":\"delay\",\"ms\":50"},
    {"repeat-cursor", "\"kind\":\"repeat-cursor\""},
    {"login", "\"kind\":\"login\""},
    {"401", "\"kind\":\"status\",\"status\":401"},
    {"404", "\"kind\":\"status\",\"status\":404"},
};

static size_t below(uint64_t *state, size_t n)
{
    return (size_t)(fk_random(state) >> 33) % n;
}

/* As if it had been posted, and written down. */
static void post_fault(struct fk_request *req, const char *members, size_t skip,
                       const char *path)
{
    struct fk_request sub = {
        .server = req->server, .site = req->site, .path = req->path};

    fk_json_open(&sub.upload, '{');
    fk_buf_str(&sub.upload, members);
    fk_json_kint(&sub.upload, "skip", (int64_t)skip);
    fk_json_kstr(&sub.upload, "path", path);
    fk_json_close(&sub.upload, '}');
    fk_faults_post(&sub);
    fk_json_raw(&req->body, sub.upload.data);
    fk_buf_clear(&sub.upload);
    fk_buf_clear(&sub.body);
}

/* Some of them at random moments; without `kinds` any but the last four,
 * which are lies that a client must see through or stop at. */
void fk_control_random_faults(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    int count = fk_order_int(o, "count", 1);
    int span = fk_order_int(o, "span", 30);
    const char *kinds = fk_order_text(
        o, "kinds", "500,502,503,429,reset,truncate,cut-chunked,delay");
    const char *path = fk_order_text(o, "path", "/");
    uint64_t state = (uint64_t)fk_order_int(o, "seed", 1);

    req->status = 200;
    fk_buf_str(&req->body, "{\"faults\":[");
    for (long i = 0; count > 0 && i < MAX_TRIES; i++) {
        size_t n = below(&state, sizeof(faults) / sizeof(*faults));

        if (!fk_word_in(kinds, ',', faults[n].name))
            continue;
        post_fault(req, faults[n].order,
                   below(&state, (size_t)(span > 0 ? span : 1)), path);
        count--;
    }
    fk_buf_str(&req->body, "]}");
    cJSON_Delete(o);
}
