/* SPDX-License-Identifier: GPL-2.0 */
/* Which limits are valid, and how they take effect. */
#ifndef _SLC_LIMIT_H
#define _SLC_LIMIT_H

struct slc_why;

int slc_limit_parse(const char *text, unsigned int *limit);
int slc_limit_parse_pick(const char *text, unsigned int *limit);
unsigned int slc_limit_default(void);
unsigned int slc_limit_pick_default(void);
int slc_limit_set(unsigned int limit, struct slc_why *why);
void slc_limit_set_pick(unsigned int limit);
unsigned int slc_limit_get_pick(void);
void slc_limit_release(void);

#endif /* _SLC_LIMIT_H */
