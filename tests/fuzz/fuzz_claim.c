/*
 * fuzz_claim.c - any bytes as the head of a file in the mirror: what it claims
 * stands in it, and ends.
 */
#include "index/store/claim.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_claim claim;
    char *head = malloc(size + 1), *copy = malloc(size + 1);
    if (!head || !copy)
        abort();
    if (size)
        memcpy(head, data, size);
    head[size] = '\0';
    memcpy(copy, head, size + 1);
    cs_claim_parse(head, &claim);
    if (!memchr(claim.id, '\0', sizeof(claim.id)) || !strstr(copy, claim.id) ||
        !memchr(claim.source, '\0', sizeof(claim.source)) ||
        !strstr(copy, claim.source))
        abort();
    free(head);
    free(copy);
    return 0;
}
