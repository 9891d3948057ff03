/* SPDX-License-Identifier: GPL-2.0 */
/* The module as such. */
#ifndef _SCX_LOOP_CAP_MODULE_H
#define _SCX_LOOP_CAP_MODULE_H

int module_remove(void);

#endif /* _SCX_LOOP_CAP_MODULE_H */
