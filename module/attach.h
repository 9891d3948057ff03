/* SPDX-License-Identifier: GPL-2.0 */
/* Puts the gate in the place of the kernel's flush. */
#ifndef _SCX_LOOP_CAP_ATTACH_H
#define _SCX_LOOP_CAP_ATTACH_H

int scx_attach(char *why);
const char *scx_attach_state(void);
const char *scx_attach_backend(void);

#endif /* _SCX_LOOP_CAP_ATTACH_H */
