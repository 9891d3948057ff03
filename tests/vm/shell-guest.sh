# SPDX-License-Identifier: GPL-2.0
# The guest's part of "make vm"; runs in place of a case, on the console.
# shellcheck shell=sh

export PATH=/case:$PATH HOME=/tmp
modules=/lib/modules/$(uname -r)

# The parameters of the kernel's command line that it does not know are in our environment.
# shellcheck disable=SC2154
[ -z "${scx_rows:-}" ] || stty rows "$scx_rows" columns "$scx_columns"

# For modprobe, which scx-loop-cap load uses.
mkdir -p /etc/modprobe.d "$modules"
echo "extra/scx_loop_cap.ko:" >"$modules/modules.dep"
[ -z "${scx_backend:-}" ] ||
	echo "options scx_loop_cap backend=$scx_backend" >/etc/modprobe.d/scx-loop-cap.conf

echo
echo "Linux $(uname -r), $(grep -c ^processor /proc/cpuinfo) CPUs. This shell has real-time priority, as the schedulers here"
echo "starve everything else. Loading the module:"
scx-loop-cap load || dmesg | tail -n 3
if [ -e /case/scx_loop ]; then
	cat <<-END

		  scx_loop -l 100 -w 2 -t 30000 &
		                            a scheduler that loops; it is ejected after 30 s
		  scx-loop-cap status       the counters; watch shows them as they change
		  scx-loop-cap set 8        another limit
		  scx-loop-cap unload       and load, with backend=livepatch or backend=direct
		  dmesg | tail              what the module said; -h is the help of each program
	END
	for prog in scx_nest scx_qmap fentry; do
		[ ! -e /case/$prog ] || others="${others:-}, $prog"
	done
	echo "  ${others#, }: more to try, as scx_loop"
fi
echo "  exit                      ends the guest; so does Ctrl-A X, at once"
echo
# Warnings come to the console from here on.
dmesg -n 5
echo ready >/dev/ttyS1
cd /tmp || exit
exec sh -i
