# SPDX-License-Identifier: GPL-2.0
# Loads, shows the documented files with the documented modes and values, and
# leaves without a trace, twice.
. /case/guest.sh

for _ in 1 2; do
	load_cap
	is $CAP/kernel_limit 32
	is $CAP/limit 32
	is $CAP/backend livepatch
	for f in hits kicks loops rounds max_rounds; do
		is $CAP/stats/$f 0
	done
	is $CAP/stats/last_hit none
	[ -z "$(stat hits_by_cpu)" ] || fail "hits_by_cpu is not empty"
	for f in kernel_limit state backend stats/hits stats/kicks stats/loops \
		stats/rounds stats/max_rounds stats/last_hit stats/hits_by_cpu; do
		case $(ls -l $CAP/$f) in
		-r--r--r--*) ;;
		*) fail "$f: $(ls -l $CAP/$f)" ;;
		esac
	done
	case $(ls -l $CAP/limit) in
	-rw-r--r--*) ;;
	*) fail "limit: $(ls -l $CAP/limit)" ;;
	esac
	rmmod scx_loop_cap 2>/dev/null && fail "rmmod of an active patch succeeded"
	unload_cap
done
