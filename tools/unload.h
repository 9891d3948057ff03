/* SPDX-License-Identifier: GPL-2.0 */
/* Removes the module from the kernel. */
#ifndef _SCX_LOOP_CAP_UNLOAD_H
#define _SCX_LOOP_CAP_UNLOAD_H

int module_remove(void);

#endif /* _SCX_LOOP_CAP_UNLOAD_H */
