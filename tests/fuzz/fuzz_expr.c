/*
 * fuzz_expr.c - any bytes as a query: parsed in every mode, printed, and parsed
 * again to the same trees, none of it in more than 5 ms of the thread's time.
 */
#include "tests/lib/expr_hostile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT_NS = 5000000, TRIES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_strbuf what CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    const char *text = size ? (const char *)data : "";
    int64_t ns;
    const char *wrong = expr_check(text, size, &what, &ns);
    for (int i = 1; !wrong && ns > LIMIT_NS && i < TRIES; i++) {
        cs_strbuf_reset(&what); /* the machine had other things to do? */
        wrong = expr_check(text, size, &what, &ns);
    }
    if (!wrong && ns > LIMIT_NS)
        wrong = "too slow";
    if (!wrong)
        return 0;
    (void)fprintf(stderr, "%s: %s\n", wrong, what.data);
    abort();
}
