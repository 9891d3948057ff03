# SPDX-License-Identifier: GPL-2.0
# Loads and pins the schedulers that most cases use, before the guest is saved; see
# start_prog in guest.sh.
# shellcheck shell=sh
for timeout in 1000 5000 30000; do
	/case/scx_loop -p /sys/fs/bpf -t $timeout -d 1
done
if [ -e /case/scx_nest ]; then
	for timeout in 5000 30000; do
		/case/scx_nest -p /sys/fs/bpf -t $timeout -L 4 -d 1
	done
fi
