# SPDX-License-Identifier: GPL-2.0
# The guest's part of "make bench-trace"; runs in place of a case. Whoever traces it is told
# when with lines "RESULT trace=VARIANT/SITUATION", and says when that is done.
# shellcheck shell=sh
. /case/guest.sh

# traced SITUATION: what two tasks do that pass a byte to and fro.
traced() {
	chrt -o 0 /case/meter pass 100000000 &
	_meter=$!
	sleep 1
	# Where modules and what was made at run time are.
	grep '\[' /proc/kallsyms | sed 's/^/SYMBOL /'
	echo "RESULT trace=$variant/$1"
	read -r _ <&3
	kill $_meter
	wait $_meter
}

nested() {
	nest_start -L 2
	echo 0 >/sys/fs/cgroup/nest.pinned/nest1/cgroup.procs || fail "cgroup.procs"
	traced nested
	echo 0 >/sys/fs/cgroup/cgroup.procs
	sched_stop
}

all() {
	variant=$1
	sched_start
	traced rounds-1
	sched_stop
	sched_start -g
	traced global
	sched_stop
	sched_start -b 3
	traced rounds-4
	sched_stop
	[ ! -e /case/scx_nest ] || nested
}

exec 3</dev/ttyS2
stty -F /dev/ttyS2 raw -echo
all stock
for BACKEND in livepatch direct; do
	load_cap
	all $BACKEND
	unload_cap
done
echo "RESULT done=1"
