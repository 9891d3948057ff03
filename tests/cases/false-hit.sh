# SPDX-License-Identifier: GPL-2.0
# A loop reaches the limit, but then the global DSQ has a task for it: this is no hit, also if a
# real-time task runs next. Such a task became ready before the CPU entered __schedule(). It is the
# tracer of a task that stops again and again. With -X the scheduler then takes the task back
# (ops.cpu_release()), so that it is not queued there any more when the module looks. One CPU:
# another one could take the task.
# needs: balance
# built: yes
# exact: yes
# cpus: 1
. /case/guest.sh

stopped() {
	[ "$(sched_value stops)" -ge "$1" ]
}

for release in '' -X; do
	load_cap limit=1
	# shellcheck disable=SC2086
	sched_start -g -w 2 -i 0 -T $release
	await 120 "a task to stop 1000 times" stopped 1000
	is $CAP/state active
	sched_stop
	[ -z "$release" ] ||
		check "$(sched_value queued_anew) >= 500" "tasks that were queued anew"
	check "$(stat kicks) >= 1000" "loops that reached the limit"
	check "$(stat hits) == 0" "hits"
	check "$(stat max_rounds) == 1" "max_rounds"
	unload_cap
done
