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
			printf "Elapsed time in the virtual machine: insmod %.0f ms (livepatch: %.0f ms, " \
				"plus %.0f ms until the state was *active*), rmmod %.0f ms " \
				"(livepatch: %.0f ms to switch it off, plus %.0f ms). On the machine " \
				"that measured this, DKMS built the module in %d s.\n\n",
				r["direct/load-wait"] / 1e6, r["livepatch/load-wait"] / 1e6,
				r["livepatch/active-wait"] / 1e6, r["direct/unload-wait"] / 1e6,
				r["livepatch/disable-wait"] / 1e6, r["livepatch/unload-wait"] / 1e6,
				seconds
		}' "$WORK/load.found"
}

load_intro() {
	cat <<-'EOF'
	# What loading costs

	Instructions are those that the insmod or rmmod process itself ran, in a virtual machine with
	one CPU in which each instruction takes one virtual nanosecond (`qemu -icount shift=0`). Most
	of the elapsed time is spent waiting, for RCU and for the kernel to move tasks over; it
	differs from run to run. *Memory* is the size in /proc/modules. *Memory for each CPU* is
	allocated in addition, for each CPU that the machine can have. To reproduce, as root on
	Debian: `make bench-load`.

	EOF
}
