// SPDX-License-Identifier: GPL-2.0
// Kernel memory of unknown layout may only be read and written through the accessors
// of module/resolve/layout.h.
//
// The layout of struct rq and other structures is known only at run time. So a void
// pointer or an address must not be cast to a type and dereferenced, and no offset may
// be added to it outside of the accessors. The accessors take an offset from struct
// slc_layout and use READ_ONCE().
//
// From a member to the structure that contains it, use only slc_layout_container().
//
// Access to bytes (u8, char) is allowed: the readers of BTF and of machine code access
// their buffers so. Structures of this module that a callback gets as a void pointer are
// listed under "own". Lists and mutexes that were looked up by symbol are allowed, as
// the kernel's headers define their types.
//
// Reports the lines that are marked in the diff that spatch prints.

@accessor disable drop_cast@
identifier f = {
	slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_str,
	slc_layout_own_u32, slc_layout_own_u64, slc_layout_own_ptr,
	slc_layout_container, slc_layout_set_u32
};
type T;
expression e;
position p;
@@
f(...) { <... (T)e@p ...> }

// *(T *)e, for any e.
@disable drop_cast@
type T;
expression e;
position p != accessor.p;
@@
* *(T *)e@p

// ((T *)e)[i] and ((T *)e)->member, except with NULL, which only serves to name a type.
@disable drop_cast@
type T;
expression e, i;
@@
* ((T *)e)[i]

@disable drop_cast@
type T;
expression e != NULL;
identifier member;
@@
* ((T *)e)->member

// An address or a void pointer that is cast to a typed pointer. Function pointers are
// checked by static-call-only.cocci.
@update disable drop_cast@
identifier key;
expression a, x;
position p;
@@
static_call_update(key, (typeof(x) *)a@p)

@disable drop_cast@
typedef u8;
type T;
unsigned long a;
void *v;
identifier own = {
	slc_gate_cpu, slc_loop_cpu, slc_hit_cpu, slc_hit_sched, slc_hit_round,
	slc_hit, slc_sched_id, slc_stats_sched, slc_kick, slc_layout, slc_kernel
};
position p != {accessor.p, update.p};
@@
(
 (T *)NULL
|
 (void *)a
|
 (const void *)a
|
 (char *)v
|
 (const char *)v
|
 (u8 *)v
|
 (const u8 *)v
|
 (void *)v
|
 (const void *)v
|
 (struct own *)v
|
 (const struct own *)v
|
 (struct list_head *)a
|
 (struct mutex *)a
|
* (T *)a@p
|
* (T *)v@p
)

// The same without a cast, as a void pointer is converted implicitly.
@@
typedef u8;
type T;
void *v;
identifier x;
identifier own = {
	slc_gate_cpu, slc_loop_cpu, slc_hit_cpu, slc_hit_sched, slc_hit_round,
	slc_hit, slc_sched_id, slc_stats_sched, slc_kick, slc_layout, slc_kernel
};
@@
(
 T *x = NULL;
|
 void *x = v;
|
 const void *x = v;
|
 char *x = v;
|
 const char *x = v;
|
 u8 *x = v;
|
 const u8 *x = v;
|
 struct own *x = v;
|
 const struct own *x = v;
|
* T *x = v;
)

@bytes@
void *v, vd;
char *cd;
u8 *bd;
const void *cvd;
const char *ccd;
const u8 *cbd;
identifier own = {
	slc_gate_cpu, slc_loop_cpu, slc_hit_cpu, slc_hit_sched, slc_hit_round,
	slc_hit, slc_sched_id, slc_stats_sched, slc_kick, slc_layout, slc_kernel
};
struct own *od;
position p;
@@
(
 vd = v@p
|
 cvd = v@p
|
 cd = v@p
|
 ccd = v@p
|
 bd = v@p
|
 cbd = v@p
|
 od = v@p
)

@@
type T;
T *x;
void *v;
position p != bytes.p;
@@
(
 x = NULL
|
* x = v@p
)

// A pointer that an accessor returns must also stay a void pointer.
@@
type T;
identifier x;
identifier get = {slc_layout_ptr, slc_layout_own_ptr, slc_layout_container};
@@
(
 void *x = get(...);
|
 const void *x = get(...);
|
* T *x = get(...);
)

@stays@
void *vd;
const void *cvd;
identifier get = {slc_layout_ptr, slc_layout_own_ptr, slc_layout_container};
position p;
@@
(
 vd = get(@p...)
|
 cvd = get(@p...)
)

@@
expression x;
identifier get = {slc_layout_ptr, slc_layout_own_ptr, slc_layout_container};
position p != stays.p;
@@
* x = get(@p...)

// An offset that is added and cast to a type, except within struct slc_layout.
@accessor_sum disable drop_cast@
identifier f = {slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_own_u32,
		slc_layout_own_u64, slc_layout_own_ptr, slc_layout_set_u32};
type T1, T2;
expression e, offset;
position p;
@@
f(...) { <... (T1 *)((T2 *)e@p + offset) ...> }

@disable drop_cast@
type T1, T2;
struct slc_layout *ours;
expression e, offset;
position p != accessor_sum.p;
@@
(
 (T1 *)((T2 *)ours + offset)
|
 (char *)((T2 *)e + offset)
|
 (const char *)((T2 *)e + offset)
|
 (u8 *)((T2 *)e + offset)
|
 (const u8 *)((T2 *)e + offset)
|
 (void *)((T2 *)e + offset)
|
 (const void *)((T2 *)e + offset)
|
* (T1 *)((T2 *)e@p + offset)
)

// The same with void pointer arithmetic.
@disable drop_cast@
type T;
void *v;
expression offset;
@@
* (T *)(v + offset)

// A parameter's type is not visible to this rule, so such a pointer may only be passed to
// the accessors.
@accessed@
identifier f = {
	slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_str,
	slc_layout_own_u32, slc_layout_own_u64, slc_layout_own_ptr,
	slc_layout_container, slc_layout_set_u32
};
void *v;
expression offset;
position p;
@@
f(v@p + offset, ...)

@disable drop_cast@
void *v;
expression f, offset;
position p != accessed.p;
@@
* f(..., v@p + offset, ...)

// From a member to the structure that contains it, by subtracting an offset.
@container disable drop_cast@
type T;
expression e, offset;
position p;
@@
slc_layout_container(...) { <... (T *)e@p - offset ...> }

@disable drop_cast@
type T;
void *v;
unsigned long a;
expression offset;
position p != container.p;
@@
(
* (T *)v@p - offset
|
* (T *)a@p - offset
|
* v@p - offset
)

@disable drop_cast@
identifier copy = {memcpy, __builtin_memcpy, memmove, memcmp, strscpy, strcmp, strncmp, copy_from_kernel_nofault, get_unaligned, get_kernel_nofault, READ_ONCE, WRITE_ONCE};
type T;
void *v;
expression e, offset;
@@
(
* copy(..., (T *)e + offset, ...)
|
* copy(..., v + offset, ...)
)

// container_of() of an untyped pointer.
@disable drop_cast@
type T1, T2;
identifier member;
identifier get = {slc_layout_ptr, slc_layout_own_ptr, slc_layout_container};
void *v;
expression e;
@@
(
* container_of(v, T1, member)
|
* container_of((T2 *)e, T1, member)
|
* container_of(get(...), T1, member)
)

// A private definition of a kernel structure.
@@
identifier theirs = {
	rq, task_struct, sched_ext_entity, sched_ext_ops, scx_rq, scx_sched,
	scx_sched_pcpu, scx_dsp_ctx, scx_dispatch_q
};
@@
* struct theirs
{ ... };
