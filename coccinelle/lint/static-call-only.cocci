// SPDX-License-Identifier: GPL-2.0
// Forbids to call an address that was looked up in any other way than through
// static_call().
//
// What slc_ksym_lookup() and the like return may be compared, calculated with,
// kept as unsigned long, and cast in static_call_update(). An indirect call to
// such an address trips kernel control flow integrity, faults under IBT where
// the target was sealed, and goes through a retpoline in the hot path.
//
// So there are no calls through pointers at all, with the exception listed
// under "own": members that only ever hold functions of this module. To add
// one, name it there and make sure that nothing else is stored in it.
//
// Reports the lines marked in the diff that spatch prints.

@named@
identifier f;
position p;
@@
f(@p...)

@own@
struct slc_kernel *k;
identifier m = {lookup, size, text};
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

// A member, an array element, a cast, the result of a function: all are pointers.
@@
expression e;
position p != {named.p, own.p, own_backend.p, trampoline.p};
@@
* e(@p...)

// A local variable or a parameter.
@@
local idexpression v;
@@
* v(...)

// A variable of the file or a header; "T v;" fits prototypes of functions too.
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

// Casts to a function pointer, whatever spelling its type has. Whether a name
// is that of such a type cannot be seen, so the names of integers are listed.
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

// A void pointer turns into a function pointer without a cast, so an address
// becomes one only to be compared or handed to an accessor. Data that is only
// read is reached with a const void pointer.
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

// What the members under "own" may hold: a function by its name.
@@
struct slc_kernel k;
identifier m = {lookup, size, text};
expression e;
@@
* k.m = e

@disable drop_cast@
struct slc_kernel *k;
identifier m = {lookup, size, text};
expression e;
@@
* k->m = e

@by_name disable drop_cast@
identifier k, f;
identifier m = {lookup, size, text};
position p;
@@
struct slc_kernel k = { ..., .m =@p f, ... };

@disable drop_cast@
identifier k;
identifier m = {lookup, size, text};
expression e;
position p != by_name.p;
@@
struct slc_kernel k = { ...,
* .m =@p e,
... };

// The backends are constants, so there is nothing else to assign them.
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
