/*
 * Reading values out of parsed JSON; see order.h.
 */
#include "tests/fake/order.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ID 999999999999999.0 /* exact in a double, and plenty */

cJSON *fk_order_parse(const struct fk_buf *text)
{
    return text->data ? cJSON_ParseWithLength(text->data, text->len) : NULL;
}

const char *fk_order_text(const cJSON *o, const char *key, const char *fallback)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(o, key));

    return text ? text : fallback;
}

int fk_order_int(const cJSON *o, const char *key, int fallback)
{
    const cJSON *v = cJSON_GetObjectItem(o, key);

    return cJSON_IsNumber(v) ? v->valueint : fallback; /* saturates */
}

bool fk_order_bool(const cJSON *o, const char *key, bool fallback)
{
    const cJSON *v = cJSON_GetObjectItem(o, key);

    return cJSON_IsBool(v) ? cJSON_IsTrue(v) : fallback;
}

int64_t fk_order_time(const cJSON *o, const char *key, int64_t fallback)
{
    int64_t t = fk_time_parse(fk_order_text(o, key, NULL));

    return t < 0 ? fallback : t;
}

uint64_t fk_order_id_value(const cJSON *value)
{
    const char *text = cJSON_GetStringValue(value);

    if (text) {
        size_t n = strspn(text, "0123456789");

        return n && n < 16 && !text[n] ? strtoull(text, NULL, 10) : 0;
    }
    if (cJSON_IsNumber(value) && value->valuedouble >= 1 &&
        value->valuedouble <= MAX_ID)
        return (uint64_t)value->valuedouble;
    return 0;
}

uint64_t fk_order_id(const cJSON *o, const char *key)
{
    return fk_order_id_value(cJSON_GetObjectItem(o, key));
}
