/*
 * status_conversion.h - `cs status --conversion`.
 */
#ifndef CS_CLI_STATUS_CONVERSION_H
#define CS_CLI_STATUS_CONVERSION_H

#include "cli/app.h"

/* Print how well the mirror was converted, as a table or as JSON. */
enum cs_status cs_status_conversion(struct cs_app *app, bool json,
                                    struct cs_error *err);

#endif
