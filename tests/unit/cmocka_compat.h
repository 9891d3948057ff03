/* SPDX-License-Identifier: GPL-2.0 */
/* cmocka.h needs these headers before it, in this order. */
#ifndef _CMOCKA_COMPAT_H
#define _CMOCKA_COMPAT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#endif /* _CMOCKA_COMPAT_H */
