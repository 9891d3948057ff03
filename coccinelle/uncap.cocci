// SPDX-License-Identifier: GPL-2.0
// Takes the cap on dispatch rounds out of a kernel's source: the inverse of
// cap.cocci, to build kernels that are to be tested without it. Do not run such
// a kernel for any other purpose.
//
//	spatch --very-quiet --no-includes --in-place --sp-file uncap.cocci \
//		$(find kernel/sched -path '*/ext*' -name '*.[ch]')
//
// Only the cap of the kernel and that of cap.cocci are known; any other is left.

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

// The declaration of the kick goes as well, unless there are others who need it.
// Kfuncs do not, as they are defined after it.
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
