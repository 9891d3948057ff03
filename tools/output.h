/* SPDX-License-Identifier: GPL-2.0 */
/* Output formats of a snapshot. */
#ifndef _SCX_LOOP_CAP_OUTPUT_H
#define _SCX_LOOP_CAP_OUTPUT_H

#include <stdio.h>

#include "snapshot.h"

/* @snap is NULL if the module is not loaded. */
void output_table(FILE *f, const struct snapshot *snap);
void output_json(FILE *f, const struct snapshot *snap);
void output_prometheus(FILE *f, const struct snapshot *snap);

void json_string(FILE *f, const char *text);

#endif /* _SCX_LOOP_CAP_OUTPUT_H */
