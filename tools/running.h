/* SPDX-License-Identifier: GPL-2.0 */
/* Runs the module's resolver on the running kernel, from user space. */
#ifndef _SCX_LOOP_CAP_RUNNING_H
#define _SCX_LOOP_CAP_RUNNING_H

#include "layout.h"
#include "why.h"

int running_resolve(struct slc_layout *layout, struct slc_why *why);
void running_close(void);

#endif /* _SCX_LOOP_CAP_RUNNING_H */
