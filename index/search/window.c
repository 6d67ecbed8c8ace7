/*
 * window.c - see window.h.
 */
#include "index/search/window.h"

#include "src/cs.h"

#include <stdlib.h>

struct cs_window *cs_window_new(void)
{
    return calloc(1, sizeof(struct cs_window));
}

void cs_window_move(struct cs_window *window, int64_t first)
{
    window->first = first;
    memset(window->touched, 0, sizeof(window->touched));
}

bool cs_window_each(struct cs_window *window, cs_board_fn *visit, void *payload)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(window->touched); i++)
        for (uint64_t bits = window->touched[i]; bits; bits &= bits - 1) {
            size_t at = i * 64 + (size_t)__builtin_ctzll(bits);
            if (!visit(payload, window->first + (int64_t)at, &window->of[at]))
                return false;
        }
    return true;
}
