/* SPDX-License-Identifier: GPL-2.0 */
/* Which limits are valid, and how they take effect. */
#ifndef _SCX_LOOP_CAP_LIMIT_H
#define _SCX_LOOP_CAP_LIMIT_H

int scx_limit_parse(const char *text, unsigned int *limit);
int scx_limit_parse_pick(const char *text, unsigned int *limit);
unsigned int scx_limit_default(void);
unsigned int scx_limit_pick_default(void);
int scx_limit_set(unsigned int limit, char *why);
void scx_limit_release(void);

#endif /* _SCX_LOOP_CAP_LIMIT_H */
