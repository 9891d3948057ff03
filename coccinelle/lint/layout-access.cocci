// SPDX-License-Identifier: GPL-2.0
// Forbids to read or write kernel memory of unknown layout in any other way
// than through the accessors of module/resolve/layout.h.
//
// What struct rq and its relatives look like is known only once the running
// kernel has been asked, so a void pointer or an address is never given a type
// and dereferenced, and nothing is found at an offset from it by hand. The
// accessors take an offset of struct slc_layout and see to READ_ONCE().
//
// The other way round, from a member to what contains it, there is
// slc_layout_container() and nothing else.
//
// Bytes (u8, char) are fine: that is how the readers of BTF and of machine code
// look at their buffers. Structures of this module that a callback gets as a
// void pointer are listed under "own". Lists and mutexes that were looked up by
// their symbol are fine as well: the kernel's headers do tell what these are.
//
// Reports the lines marked in the diff that spatch prints.

@accessor disable drop_cast@
identifier f = {
	slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_str,
	slc_layout_container, slc_layout_set_u32
};
type T;
expression e;
position p;
@@
f(...) { <... (T)e@p ...> }

// *(T *)e: whatever e is.
@disable drop_cast@
type T;
expression e;
position p != accessor.p;
@@
* *(T *)e@p

// ((T *)e)[i] and ((T *)e)->member, unless it only asks for the type.
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

// An address or a void pointer that is cast to something with a type. What
// happens to functions is the concern of static-call-only.cocci.
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

// The same without a cast: a void pointer converts to any other by itself.
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

// What an accessor returns is such a pointer, too, and stays one.
@@
type T;
identifier x;
identifier get = {slc_layout_ptr, slc_layout_container};
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
identifier get = {slc_layout_ptr, slc_layout_container};
position p;
@@
(
 vd = get(@p...)
|
 cvd = get(@p...)
)

@@
expression x;
identifier get = {slc_layout_ptr, slc_layout_container};
position p != stays.p;
@@
* x = get(@p...)

// An offset added by hand and given a type; into struct slc_layout it is ours.
@accessor_sum disable drop_cast@
identifier f = {slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_set_u32};
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

// The same with void pointer arithmetic, and copies from such a place.
@disable drop_cast@
type T;
void *v;
expression offset;
@@
* (T *)(v + offset)

// What such a place is converted to by being handed to a function is not seen,
// so only the accessors get one.
@accessed@
identifier f = {
	slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_str,
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

// From a member back to what contains it, by an offset that is subtracted.
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

// container_of() from something that is not typed.
@disable drop_cast@
type T1, T2;
identifier member;
identifier get = {slc_layout_ptr, slc_layout_container};
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

// A private copy of a structure of the kernel.
@@
identifier theirs = {
	rq, task_struct, sched_ext_entity, sched_ext_ops, scx_rq, scx_sched,
	scx_sched_pcpu, scx_dsp_ctx, scx_dispatch_q
};
@@
* struct theirs
{ ... };
