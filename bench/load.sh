# SPDX-License-Identifier: GPL-2.0
# make bench-load: what building, loading and unloading the module costs. See run.
# shellcheck shell=bash

load_wants() {
	kernel_has_sched_ext "$1"
}

# load_build RELEASE SUITE: print the seconds that DKMS takes to build the module.
load_build() {
	local release=$1 suite=$2

	# shellcheck disable=SC2016
	quietly root_try "$suite" sh -euc '
		apt-get install -y --no-install-recommends dkms
		version=$(sed -n "s/^PACKAGE_VERSION=\"\(.*\)\"/\1/p" /src/dkms.conf)
		cp -r /src "/usr/src/scx-loop-cap-$version"
		dkms add "scx-loop-cap/$version"
		begin=$(date +%s.%N)
		dkms build "scx-loop-cap/$version" -k "$1"
		echo "$begin $(date +%s.%N)" >/build/load.dkms' sh "$release" || return
	awk '{ printf "%.0f\n", $2 - $1 }' "$WORK/load.dkms"
}

load_section() {
	local release=$1 suite=$2 kernel=$3 seconds

	# The headers are not installed yet if the module was taken from the cache.
	root_install "$suite" "linux-headers-$release"
	seconds=$(load_build "$release" "$suite") || die "DKMS cannot build it"
	bench_guest "$kernel" load-guest.sh \
		"$WORK/$release/module/scx_loop_cap.ko=case/scx_loop_cap.ko" >"$WORK/load.found"
	awk -F= -v release="$release" -v seconds="$seconds" '
		{ r[$1] = $2 }
		function row(what, key, unit, format,   d, l) {
			d = ("direct/" key) in r ? sprintf(format, r["direct/" key] / unit) : "-"
			l = ("livepatch/" key) in r ? sprintf(format, r["livepatch/" key] / unit) : "-"
			printf "| %s | %s | %s |\n", what, d, l
		}
		END {
			print "## Linux " release
			print ""
			print "| | direct | livepatch |"
			print "|---|---|---|"
			row("insmod, million instructions", "load", 1e6, "%.1f")
			row("rmmod, million instructions", "unload", 1e6, "%.2f")
			row("memory, bytes", "size", 1, "%d")
			row("memory for each CPU, bytes", "percpu", 1, "%d")
			print ""
			printf "By the clock of the virtual machine insmod took %.0f ms (livepatch: %.0f ms, " \
				"and %.0f ms more until the state was *active*), rmmod %.0f ms " \
				"(%.0f ms to switch the livepatch off, and %.0f ms). By that of " \
				"the machine that wrote this, DKMS built the module in %d s.\n\n",
				r["direct/load-wait"] / 1e6, r["livepatch/load-wait"] / 1e6,
				r["livepatch/active-wait"] / 1e6, r["direct/unload-wait"] / 1e6,
				r["livepatch/disable-wait"] / 1e6, r["livepatch/unload-wait"] / 1e6,
				seconds
		}' "$WORK/load.found"
}

load_intro() {
	cat <<-'EOF'
	# What it takes to load

	Instructions are those that the process itself ran; virtual machine with one CPU, one
	instruction a virtual nanosecond (`qemu -icount shift=0`). Most of the time that loading
	and unloading take is spent waiting, for RCU and for the kernel to move tasks over: that
	is what the clock shows, and it is not the same each time. *Memory* is what
	/proc/modules shows, and *for each CPU* what is allocated on top of that for each CPU that
	the machine can have. To reproduce, as root on Debian: `make bench-load`.

	EOF
}
