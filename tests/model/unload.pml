/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The order in which module/main.c unloads, as a model for spin: nothing of the module may be
 * in use when it is freed.
 *
 *	spin -a unload.pml && cc -O2 -o pan pan.c && ./pan
 *
 * That goes through all interleavings of
 *
 * - two CPUs, which enter the kernel's functions with interrupts off, and from there the gate
 *   for as long as they are patched. Either may kick itself, and under core scheduling the
 *   other. A pending kick runs when its CPU has interrupts on;
 * - the reporter, which a kick wakes;
 * - a reader of a file under stats/, and a writer of limit, which replaces the host and puts it
 *   back;
 * - the unload, in the steps of slc_exit().
 *
 * Modelled are orders, not weak memory: each step is atomic, and synchronize_rcu() is a wait
 * until each CPU has had its interrupts on once. How ftrace patches a call, and that RCU waits
 * for CPUs with interrupts off, is taken as given.
 *
 * A name given with -D plants a mistake that must be found:
 *
 *	NO_GRACE_PERIOD		the gate is left without synchronize_rcu()
 *	KICKS_NOT_WAITED_FOR	slc_kick_flush() is left out
 *	KICKS_FIRST		slc_kick_flush() before slc_detach()
 *	REPORTER_FIRST		slc_log_stop() before slc_kick_flush()
 *	FILES_FIRST		the files are removed before the reporter stops
 *	HITS_FIRST		slc_hit_exit() before the files are removed
 *	HOST_FIRST		slc_limit_release() before the files are removed
 *	HOST_FORGOTTEN		slc_limit_release() is left out
 *	HOST_KICKS_LEFT		slc_kick_flush() is not called again after slc_limit_release()
 */
#define CPUS	2

bool irqs_off[CPUS];

/* Which of the kernel's functions call the module. */
bool flush_patched = true, host_patched;

/* The irq_work of each CPU: it has to run; it has to, or is running. */
bool kick_pending[CPUS], kick_busy[CPUS];

/* A CPU has counted a hit that its kick has to report. */
bool unreported[CPUS];

bool reporter_woken, reporter_should_stop, reporter_gone;
bool files_exist = true;
/* How many are in a callback of a file. */
byte in_files;

/* What is gone when the unload is done with it. */
bool hits_freed, files_freed, module_freed;

inline queue_kick(cpu)
{
	if
	:: !kick_pending[cpu] -> kick_pending[cpu] = true; kick_busy[cpu] = true
	:: else
	fi
}

/* slc_hook_flush_*(): a round, which may be a hit of this CPU's run queue or of the other one. */
inline gate(me)
{
	if
	:: skip
	:: atomic {
		assert(!hits_freed && !module_freed);
		unreported[me] = true;
		queue_kick(me)
	   };
	   if
	   :: skip
	   :: atomic { assert(!hits_freed && !module_freed); queue_kick(1 - me) }
	   fi
	fi
}

/* slc_kick_run() and slc_kicked() */
inline kick(me)
{
	atomic { assert(!module_freed && !hits_freed); kick_pending[me] = false };
	if
	:: atomic { unreported[me] -> unreported[me] = false };
	   atomic { assert(!module_freed && !reporter_gone); reporter_woken = true }
	:: else
	fi;
	atomic {
		assert(!module_freed);
		kick_busy[me] = kick_pending[me];
		irqs_off[me] = false
	}
}

active [CPUS] proctype cpu()
{
	bool host, flush;

	do
	:: atomic { kick_pending[_pid] -> irqs_off[_pid] = true };
	   kick(_pid)
	   /* The host is called, which calls the flush. */
	:: atomic {
		irqs_off[_pid] = true;
		host = host_patched;
		assert(!host || !module_freed)
	   };
	   /* Its replacement may queue a kick that has nothing to report. */
	   if
	   :: atomic { host -> queue_kick(_pid) }
	   :: skip
	   fi;
	   atomic { flush = flush_patched; assert(!flush || !module_freed) };
	   if
	   :: flush -> gate(_pid)
	   :: else
	   fi;
	   /* Both return. */
	   atomic {
		assert(!(host || flush) || !module_freed);
		host = false;
		flush = false;
		irqs_off[_pid] = false
	   }
	od
}

active proctype reporter()
{
end:
	do
	:: reporter_should_stop -> break
	:: atomic { reporter_woken -> reporter_woken = false };
	   /* slc_log_check_all(), slc_stats_files_notify() */
	   assert(!hits_freed && !module_freed);
	   assert(!files_freed && !module_freed)
	od;
	reporter_gone = true
}

active proctype reader()
{
end:
	do
	:: atomic { files_exist -> in_files++ };
	   atomic { assert(!hits_freed && !module_freed && !files_freed); in_files-- }
	:: !files_exist -> break
	od
}

inline synchronize_rcu(i)
{
	i = 0;
	do
	:: atomic { i < CPUS && !irqs_off[i] -> i++ }
	:: i == CPUS -> break
	od;
	i = 0
}

/* slc_limit_set(): to above the kernel's cap, and back. */
active proctype writer()
{
	byte w;

end:
	do
	:: atomic { files_exist -> in_files++ };
	   if
	   :: atomic { !host_patched -> assert(!module_freed); host_patched = true }
	   :: atomic { host_patched -> assert(!module_freed); host_patched = false };
	      synchronize_rcu(w)
	   fi;
	   atomic { assert(!module_freed); in_files-- }
	:: !files_exist -> break
	od
}

inline detach()
{
	flush_patched = false;
#ifndef NO_GRACE_PERIOD
	synchronize_rcu(i)
#endif
}

/* One CPU after the other. */
inline flush_kicks()
{
	!kick_busy[0];
	!kick_busy[1]
}

inline stop_reporter()
{
	reporter_should_stop = true;
	reporter_gone
}

inline remove_files()
{
	files_exist = false;
	in_files == 0;
	files_freed = true
}

inline release_host()
{
	if
	:: host_patched -> host_patched = false; synchronize_rcu(i)
	:: else
	fi
}

active proctype unload()
{
	byte i;

#ifdef KICKS_FIRST
	flush_kicks();
#endif
	detach();
#ifdef REPORTER_FIRST
	stop_reporter();
#endif
#if !defined(KICKS_FIRST) && !defined(KICKS_NOT_WAITED_FOR)
	flush_kicks();
#endif
#ifdef FILES_FIRST
	remove_files();
#endif
#ifndef REPORTER_FIRST
	stop_reporter();
#endif
#ifdef HITS_FIRST
	hits_freed = true;
#endif
#ifdef HOST_FIRST
	release_host();
#endif
#ifndef FILES_FIRST
	remove_files();
#endif
#if !defined(HOST_FIRST) && !defined(HOST_FORGOTTEN)
	release_host();
#endif
#ifndef HOST_KICKS_LEFT
	flush_kicks();
#endif
	hits_freed = true;
	module_freed = true
}
