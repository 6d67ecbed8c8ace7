/*
 * The vocabulary of generated pages: a few hundred real words at the frequent
 * end, and made-up ones behind them, 20,000 in all. Rank r is drawn with a
 * weight of 1 / (r + 2.7) by way of a table of a million entries.
 */
#include "tests/fake/generate.h"

#include <stdlib.h>
#include <string.h>

#define WORDS      20000
#define TABLE_BITS 20
#define TABLE_SIZE (1u << TABLE_BITS)
#define WORD_MAX   24

struct fk_words {
    char text[WORDS][WORD_MAX];
    unsigned char len[WORDS];
    uint16_t table[TABLE_SIZE];
};

static const char common[] =
    "the of and to in a is for on that with as be by this are from at or it "
    "an not we have was can if when will all which must has one no after per "
    "service request error page team time data user server change deploy "
    "queue retry database index token account system release cluster node "
    "payment invoice order customer backup restore timeout limit cache log "
    "alert monitor dashboard incident owner review decision record plan step "
    "check run start stop version config value key field table row column "
    "schema migration branch merge commit build test stage production region "
    "network latency throughput memory disk thread process worker job batch "
    "schedule daily weekly report metric trace span sample rate budget policy "
    "access role permission secret certificate rotate expire renew login "
    "session cookie header response body status code client library module "
    "package contract interface endpoint gateway proxy balancer health probe "
    "ready live traffic route rule filter search query result rank snippet "
    "document folder title label comment attachment image file size format "
    "parse convert render store fetch sync mirror cursor offset page limit "
    "support ticket escalate on-call handover meeting agenda action item "
    "question answer risk impact cause fix follow-up deadline quarter goal "
    "hire onboarding training holiday travel expense office equipment laptop "
    "Kubernetes Postgres Redis Kafka Grafana Terraform GitHub Jira Linux";

/* Real words first, then syllables strung together by a fixed sequence. */
static void fill_words(struct fk_words *w)
{
    static const char *const parts[] = {
        "ba",  "con", "der", "fin", "gra", "hel", "in",  "jor", "ka",  "lum",
        "mer", "nor", "op",  "par", "qua", "rel", "sta", "tor", "ul",  "ver",
        "wen", "xi",  "yar", "zon", "tri", "plo", "ske", "um",  "ent", "ion"};
    uint64_t state = 42;
    size_t n = 0;

    for (const char *p = common; *p; n++) {
        size_t len = strcspn(p, " ");

        memcpy(w->text[n], p, len);
        w->len[n] = (unsigned char)len;
        p += len + (p[len] == ' ');
    }
    for (; n < WORDS; n++) {
        unsigned syllables = 2 + (unsigned)(fk_random(&state) % 3);
        size_t len = 0;

        for (unsigned i = 0; i < syllables; i++) {
            const char *part = parts[fk_random(&state) % 30];
            size_t add = strlen(part);

            memcpy(w->text[n] + len, part, add);
            len += add;
        }
        w->len[n] = (unsigned char)len;
    }
}

static void fill_table(struct fk_words *w)
{
    double total = 0;
    double sum = 0;
    size_t at = 0;

    for (size_t r = 0; r < WORDS; r++)
        total += 1.0 / ((double)r + 2.7);
    for (size_t r = 0; r < WORDS; r++) {
        size_t end;

        sum += 1.0 / ((double)r + 2.7);
        end = (size_t)(sum / total * TABLE_SIZE);
        while (at < end && at < TABLE_SIZE)
            w->table[at++] = (uint16_t)r;
    }
}

struct fk_words *fk_words_new(void)
{
    struct fk_words *w = fk_alloc(sizeof(*w));

    fill_words(w);
    fill_table(w);
    return w;
}

void fk_words_free(struct fk_words *words)
{
    free(words);
}

void fk_words_add(const struct fk_words *words, uint64_t *state,
                  struct fk_buf *out)
{
    uint16_t rank = words->table[fk_random(state) >> (64 - TABLE_BITS)];

    fk_buf_add(out, words->text[rank], words->len[rank]);
}
