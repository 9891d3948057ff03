/* SPDX-License-Identifier: GPL-2.0 */
/* The formats in which a snapshot is shown. */
#ifndef _SCX_LOOP_CAP_OUTPUT_H
#define _SCX_LOOP_CAP_OUTPUT_H

#include <stdio.h>

#include "snapshot.h"

/* Where the module is not loaded, the snapshot is NULL. */
void output_table(FILE *f, const struct snapshot *snap);
void output_json(FILE *f, const struct snapshot *snap);
void output_prometheus(FILE *f, const struct snapshot *snap);

void json_string(FILE *f, const char *text);

#endif /* _SCX_LOOP_CAP_OUTPUT_H */
