// SPDX-License-Identifier: GPL-2.0
// Removes the cap on dispatch rounds from a kernel's source: the inverse of
// cap.cocci, to build kernels without the cap for tests. Do not use such a kernel
// for any other purpose.
//
//	spatch --very-quiet --no-includes --in-place --sp-file uncap.cocci \
//		$(find kernel/sched -path '*/ext*' -name '*.[ch]')
//
// Only the kernel's own cap and that of cap.cocci are recognised and removed.

@cap exists@
identifier f, dspc, n, kick;
position p;
@@
f(...)
{
	... when any
	int n = SCX_DSP_MAX_LOOPS;
	... when any
	do {
		dspc->nr_tasks = 0;
		... when any
		if@p (unlikely(!--n)) {
			kick(...);
			break;
		}
	} while (dspc->nr_tasks);
	... when any
}

@@
identifier cap.n, cap.kick;
position cap.p;
@@
-	if@p (unlikely(!--n)) {
-		kick(...);
-		break;
-	}

@@
identifier cap.f, cap.n;
@@
f(...)
{
	...
-	int n = SCX_DSP_MAX_LOOPS;
	...
}

// Remove the declaration of the kick as well, unless another function needs it.
// Kfuncs do not need it, as they are defined after the kick.
@needed@
identifier cap.kick;
identifier g !~ "^scx_bpf_";
@@
g(...)
{
	<+... kick(...) ...+>
}

@depends on !needed@
identifier cap.kick;
type T;
@@
-static T kick(...);

@depends on cap@
identifier consts;
@@
enum consts {
	...,
-	SCX_DSP_MAX_LOOPS = ...,
	...
};
