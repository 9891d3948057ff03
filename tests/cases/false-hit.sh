# SPDX-License-Identifier: GPL-2.0
# A loop reaches the limit, but then the global DSQ has a task for it: this is no hit, also if a
# real-time task runs next. Such a task became ready before the CPU entered __schedule(). It is the
# tracer of a task that stops again and again. One CPU, as another one could take the task.
# needs: balance
# built: yes
# exact: yes
# cpus: 1
. /case/guest.sh

stopped() {
	[ "$(sched_value stops)" -ge "$1" ]
}

load_cap limit=1
sched_start -g -w 2 -i 0 -T
await 120 "a task to stop 1000 times" stopped 1000
is $CAP/state active
sched_stop
check "$(stat kicks) >= 1000" "loops that reached the limit"
check "$(stat hits) == 0" "hits"
check "$(stat max_rounds) == 1" "max_rounds"
unload_cap
