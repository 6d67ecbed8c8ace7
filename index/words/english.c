/*
 * english.c - what Snowball makes of its English algorithm, by the names that
 * its compiler gives (https://snowballstem.org/runtime/use.html).
 *
 * No header that is installed declares them. tests/index/test_english.c holds
 * them against the library's own front.
 */
#include "index/words/english.h"

/* The beginning of Snowball's environment; it is longer, and made by
 * Snowball. */
struct SN_env {
    unsigned char *p; /* the word, then its stem */
    int c, l;         /* the cursor, the length */
};

struct SN_env *english_UTF_8_create_env(void);
void english_UTF_8_close_env(struct SN_env *env);
int english_UTF_8_stem(struct SN_env *env);
int SN_set_current(struct SN_env *env, int len, const unsigned char *word);

struct cs_english *cs_english_new(void)
{
    return (struct cs_english *)english_UTF_8_create_env();
}

void cs_english_free(struct cs_english *english)
{
    if (english)
        english_UTF_8_close_env((struct SN_env *)english);
}

const char *cs_english_stem(struct cs_english *english, const char *word,
                            size_t len, size_t *ret_len)
{
    struct SN_env *env = (struct SN_env *)english;
    if (SN_set_current(env, (int)len, (const unsigned char *)word) < 0 ||
        english_UTF_8_stem(env) < 0)
        return NULL;
    *ret_len = (size_t)env->l;
    return (const char *)env->p;
}
