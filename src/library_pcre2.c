/*
 * library_pcre2.c - the functions of PCRE2 that are used, loaded when needed.
 */
#include "src/library.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define FUNCTIONS(X)                                                           \
    X(pcre2_code_free)                                                         \
    X(pcre2_compile)                                                           \
    X(pcre2_get_error_message)                                                 \
    X(pcre2_get_ovector_pointer)                                               \
    X(pcre2_jit_compile)                                                       \
    X(pcre2_jit_stack_assign)                                                  \
    X(pcre2_jit_stack_create)                                                  \
    X(pcre2_jit_stack_free)                                                    \
    X(pcre2_match)                                                             \
    X(pcre2_match_context_create)                                              \
    X(pcre2_match_context_free)                                                \
    X(pcre2_match_data_create)                                                 \
    X(pcre2_match_data_free)                                                   \
    X(pcre2_set_depth_limit)                                                   \
    X(pcre2_set_heap_limit)                                                    \
    X(pcre2_set_match_limit)

/* The names are macros for those of the width: "pcre2_match_8". */
#define NAME(name)    #name
#define POINTER(name) __typeof__(name) *name;
#define SLOT(name)    {NAME(name), &real.name},

/* Filled once, by cs_library_pcre2(). */
static struct {
    FUNCTIONS(POINTER)
    bool loaded;
} real;

enum cs_status cs_library_pcre2(struct cs_error *err)
{
    const struct cs_library_slot slots[] = {FUNCTIONS(SLOT)};
    return cs_library_load(CS_LIBRARY_PCRE2, slots, CS_ARRAY_LEN(slots),
                           &real.loaded, err);
}

pcre2_code *pcre2_compile(PCRE2_SPTR pattern, PCRE2_SIZE len, uint32_t options,
                          int *ret_code, PCRE2_SIZE *ret_at,
                          pcre2_compile_context *context)
{
    return real.pcre2_compile(pattern, len, options, ret_code, ret_at, context);
}

void pcre2_code_free(pcre2_code *code)
{
    real.pcre2_code_free(code);
}

int pcre2_get_error_message(int code, PCRE2_UCHAR *ret, PCRE2_SIZE room)
{
    return real.pcre2_get_error_message(code, ret, room);
}

int pcre2_match(const pcre2_code *code, PCRE2_SPTR text, PCRE2_SIZE len,
                PCRE2_SIZE from, uint32_t options, pcre2_match_data *data,
                pcre2_match_context *context)
{
    return real.pcre2_match(code, text, len, from, options, data, context);
}

PCRE2_SIZE *pcre2_get_ovector_pointer(pcre2_match_data *data)
{
    return real.pcre2_get_ovector_pointer(data);
}

pcre2_match_data *pcre2_match_data_create(uint32_t pairs,
                                          pcre2_general_context *context)
{
    return real.pcre2_match_data_create(pairs, context);
}

void pcre2_match_data_free(pcre2_match_data *data)
{
    real.pcre2_match_data_free(data);
}

pcre2_match_context *pcre2_match_context_create(pcre2_general_context *context)
{
    return real.pcre2_match_context_create(context);
}

void pcre2_match_context_free(pcre2_match_context *context)
{
    real.pcre2_match_context_free(context);
}

int pcre2_set_match_limit(pcre2_match_context *context, uint32_t limit)
{
    return real.pcre2_set_match_limit(context, limit);
}

int pcre2_set_depth_limit(pcre2_match_context *context, uint32_t limit)
{
    return real.pcre2_set_depth_limit(context, limit);
}

int pcre2_set_heap_limit(pcre2_match_context *context, uint32_t kib)
{
    return real.pcre2_set_heap_limit(context, kib);
}

int pcre2_jit_compile(pcre2_code *code, uint32_t options)
{
    return real.pcre2_jit_compile(code, options);
}

pcre2_jit_stack *pcre2_jit_stack_create(PCRE2_SIZE first, PCRE2_SIZE last,
                                        pcre2_general_context *context)
{
    return real.pcre2_jit_stack_create(first, last, context);
}

void pcre2_jit_stack_assign(pcre2_match_context *context,
                            pcre2_jit_callback callback, void *data)
{
    real.pcre2_jit_stack_assign(context, callback, data);
}

void pcre2_jit_stack_free(pcre2_jit_stack *stack)
{
    real.pcre2_jit_stack_free(stack);
}
