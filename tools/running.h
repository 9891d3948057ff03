/* SPDX-License-Identifier: GPL-2.0 */
/* Lets the resolver of the module work on the running kernel. */
#ifndef _SCX_LOOP_CAP_RUNNING_H
#define _SCX_LOOP_CAP_RUNNING_H

#include "layout.h"

int running_resolve(struct scx_layout *layout, char *why);
void running_close(void);

#endif /* _SCX_LOOP_CAP_RUNNING_H */
