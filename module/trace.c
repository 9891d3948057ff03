// SPDX-License-Identifier: GPL-2.0
/* Instantiates the tracepoints of include/trace/events/scx_loop_cap.h. */
#define CREATE_TRACE_POINTS
#include "../include/trace/events/scx_loop_cap.h"
