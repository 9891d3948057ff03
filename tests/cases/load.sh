# SPDX-License-Identifier: GPL-2.0
# Load the module: it has the documented files, with the documented modes and values. Unload it:
# nothing is left. Twice.
# built: yes
. /case/guest.sh

COUNTERS="hits pick_hits kicks loops rounds max_rounds max_pick_rounds
	max_loop_ns max_pick_ns"
# The default is 1024 on kernels with nested schedulers, else 0.
pick_limit=0
! grep -q ' scx_bpf_sub_dispatch$' /proc/kallsyms || pick_limit=1024

for _ in 1 2; do
	load_cap
	is $CAP/kernel_limit "$KERNEL_LIMIT"
	is $CAP/limit 32
	is $CAP/pick_limit $pick_limit
	is $CAP/backend "$BACKEND"
	for f in $COUNTERS; do
		is $CAP/stats/"$f" 0
	done
	is $CAP/stats/last_hit none
	for f in by_ops hits_by_cpu; do
		[ -z "$(stat $f)" ] || fail "$f is not empty"
	done
	check "$(stat loop_histogram | grep -c '^[0-9]*-[0-9]* 0$') == 16" "empty buckets"
	for f in kernel_limit state backend; do
		case $(ls -l $CAP/$f) in
		-r--r--r--*) ;;
		*) fail "$f: $(ls -l $CAP/$f)" ;;
		esac
	done
	for f in limit pick_limit; do
		case $(ls -l $CAP/$f) in
		-rw-r--r--*) ;;
		*) fail "$f: $(ls -l $CAP/$f)" ;;
		esac
	done
	for f in $COUNTERS last_hit by_ops hits_by_cpu loop_histogram; do
		case $(ls -l $CAP/stats/"$f") in
		-r--r--r--*) ;;
		*) fail "$f: $(ls -l $CAP/stats/"$f")" ;;
		esac
	done
	# And there are no undocumented files.
	set -- $CAP/* $CAP/stats/*
	check "$# == 6 + 13" "files"
	[ "$BACKEND" = direct ] || ! rmmod scx_loop_cap 2>/dev/null ||
		fail "rmmod of an active patch succeeded"
	unload_cap
done
