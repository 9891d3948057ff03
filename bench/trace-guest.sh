# SPDX-License-Identifier: GPL-2.0
# Runs in the guest for "make bench-trace", in place of a case. Prints
# "RESULT trace=VARIANT/SITUATION" when a situation has begun, and ends it when bench/trace.sh
# has written a line to the third serial port.
# shellcheck shell=sh
. /case/guest.sh

# traced SITUATION: let two tasks pass a byte to and fro while they are traced
traced() {
	chrt -o 0 /case/meter pass 100000000 &
	_meter=$!
	sleep 1
	# The symbols of modules, and of code that was generated at run time.
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
