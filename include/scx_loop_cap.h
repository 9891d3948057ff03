/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers of the user-visible interface, shared by the module, the command and the
 * unit tests. docs/abi.md describes them.
 */
#ifndef _SCX_LOOP_CAP_H
#define _SCX_LOOP_CAP_H

/* Directory under /sys/kernel, livepatch name and log prefix. */
#define SCX_LOOP_CAP_NAME		"scx_loop_cap"

/* Bounds of the `limit` knob, in rounds per dispatch loop. */
#define SCX_LOOP_CAP_LIMIT_MIN		1
#define SCX_LOOP_CAP_LIMIT_MAX		65535

/* Highest `pick_limit`, in rounds per pick at all levels; 0 is no limit. */
#define SCX_LOOP_CAP_PICK_LIMIT_MAX	1048576

/* Used where schedulers can be nested; docs/design.md says why this much. */
#define SCX_LOOP_CAP_PICK_LIMIT_DEFAULT	1024

/* Used where the kernel has no cap of its own; upstream's SCX_DSP_MAX_LOOPS. */
#define SCX_LOOP_CAP_LIMIT_DEFAULT	32

/* The limit that a hit is about: "kind" of the tracepoint. */
#define SCX_LOOP_CAP_KIND_LOOP		1
#define SCX_LOOP_CAP_KIND_PICK		2

/* Room for the name of a scheduler; SCX_OPS_NAME_LEN of the kernel. */
#define SCX_LOOP_CAP_OPS_LEN		128

#endif /* _SCX_LOOP_CAP_H */
