// SPDX-License-Identifier: GPL-2.0
/* Instantiates the tracepoint of include/trace/events/scx_loop_cap.h, which hit.c fires. */
#define CREATE_TRACE_POINTS
#include "../../include/trace/events/scx_loop_cap.h"
