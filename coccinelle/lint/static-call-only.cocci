// SPDX-License-Identifier: GPL-2.0
// An address that was looked up may only be called through static_call().
//
// The result of slc_ksym_lookup() and similar functions may be compared, used in
// arithmetic, stored as unsigned long, and cast in static_call_update(). An indirect call
// of such an address fails with kernel control flow integrity (kCFI), faults with IBT if
// the target was sealed, and costs a retpoline in the hot path.
//
// So calls through pointers are forbidden, except for the members listed under "own",
// which only hold functions of this module. To add one, list it there and make sure that
// nothing else is stored in it.
//
// Reports the lines that are marked in the diff that spatch prints.

@named@
identifier f;
position p;
@@
f(@p...)

@own@
struct slc_kernel *k;
identifier m = {lookup, each, where, size, text};
position p;
@@
k->m(@p...)

@own_backend@
const struct slc_backend *b;
identifier m = {attach, detach, state};
position p;
@@
b->m(@p...)

@trampoline@
identifier key;
position p;
@@
static_call(key)(@p...)

// A call through a member, an array element, a cast, or the result of a function.
@@
expression e;
position p != {named.p, own.p, own_backend.p, trampoline.p};
@@
* e(@p...)

// A call through a local variable or a parameter.
@@
local idexpression v;
@@
* v(...)

// A call through a variable of the file or of a header. "T v;" also matches prototypes.
@prototype@
type T;
identifier v;
parameter list ps;
position p;
@@
T v@p(ps);

@outer@
type T;
identifier v;
position p != prototype.p;
@@
T v@p;

@@
identifier outer.v;
@@
* v(...)

@outer_init@
type T;
identifier v;
expression e;
@@
T v = e;

@@
identifier outer_init.v;
@@
* v(...)

// Casts to a function pointer of any type. The rule cannot see whether a typedef is a
// function pointer, so the integer types are listed.
@to_update disable drop_cast@
type T;
expression e;
identifier key;
position p;
@@
static_call_update(key, (T)e@p)

@disable drop_cast@
typedef bool, u8, u16, u32, u64, s8, s16, s32, s64, loff_t;
type T;
expression e;
identifier tag;
position p != to_update.p;
@@
(
 (char)e
|
 (int)e
|
 (unsigned int)e
|
 (long)e
|
 (unsigned long)e
|
 (long long)e
|
 (unsigned long long)e
|
 (bool)e
|
 (u8)e
|
 (u16)e
|
 (u32)e
|
 (u64)e
|
 (s8)e
|
 (s16)e
|
 (s32)e
|
 (s64)e
|
 (size_t)e
|
 (ssize_t)e
|
 (loff_t)e
|
 (enum tag)e
|
 (T *)e
|
* (T)e@p
)

@disable drop_cast@
expression e, x;
position p != to_update.p;
@@
(
* (typeof(x))e@p
|
* (typeof(x) *)e@p
)

// A void pointer is converted to a function pointer implicitly. So an address may be cast
// to one only to compare it or to pass it to an accessor. To only read data, cast it to a
// const void pointer.
@compared disable drop_cast@
unsigned long a;
expression e;
position p;
@@
(
e == (void *)a@p
|
e != (void *)a@p
|
 (void *)a@p == e
|
 (void *)a@p != e
)

@accessed disable drop_cast@
unsigned long a;
identifier f = {
	slc_layout_u32, slc_layout_u64, slc_layout_ptr, slc_layout_str,
	slc_layout_own_u32, slc_layout_own_u64, slc_layout_own_ptr,
	slc_layout_container, slc_layout_set_u32
};
position p;
@@
f((void *)a@p, ...)

@data_only disable drop_cast@
unsigned long a;
position p;
@@
 (const void *)a@p

@disable drop_cast@
unsigned long a;
position p != {compared.p, accessed.p, data_only.p};
@@
* (void *)a@p

@disable drop_cast@
@@
* (void *)slc_ksym_lookup(...)

// The members under "own" may only be set to a function, by its name.
@@
struct slc_kernel k;
identifier m = {lookup, each, where, size, text};
expression e;
@@
* k.m = e

@disable drop_cast@
struct slc_kernel *k;
identifier m = {lookup, each, where, size, text};
expression e;
@@
* k->m = e

@by_name disable drop_cast@
identifier k, f;
identifier m = {lookup, each, where, size, text};
position p;
@@
struct slc_kernel k = { ..., .m =@p f, ... };

@disable drop_cast@
identifier k;
identifier m = {lookup, each, where, size, text};
expression e;
position p != by_name.p;
@@
struct slc_kernel k = { ...,
* .m =@p e,
... };

// The backends are constants, so only their initializers are checked.
@backend_by_name disable drop_cast@
identifier b, f;
identifier m = {attach, detach, state};
position p;
@@
const struct slc_backend b = { ..., .m =@p f, ... };

@disable drop_cast@
identifier b;
identifier m = {attach, detach, state};
expression e;
position p != backend_by_name.p;
@@
const struct slc_backend b = { ...,
* .m =@p e,
... };
