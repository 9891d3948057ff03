# SPDX-License-Identifier: GPL-2.0
# Helpers for the steps, which run in the virtual machine. Directory 1/ has the packages, 2/
# those of a higher version. OLD and NEW are the releases of the kernels.
# shellcheck shell=sh
# shellcheck disable=SC1091
. ./env

CAP=/sys/kernel/scx_loop_cap
# shellcheck disable=SC2034
CONF=/etc/modprobe.d/scx-loop-cap.conf
UNIT=scx-loop-cap.service
# shellcheck disable=SC2034
METRICS=/var/lib/prometheus/node-exporter/scx_loop_cap.prom
# Files that a step keeps for later steps.
KEEP=/var/lib/story
mkdir -p $KEEP

# --- verdict -----------------------------------------------------------------

fail() {
	echo "FAIL: $*"
	dkms status 2>&1
	systemctl status --no-pager -l $UNIT 2>&1
	[ ! -d $CAP ] || grep -H . $CAP/state $CAP/limit
	exit 1
}

note() {
	echo "$(cut -d' ' -f1 /proc/uptime) $*"
}

# is WHAT VALUE EXPECTED: compare a value with the expected one.
is() {
	[ "$2" = "$3" ] || fail "$1 is \"$2\", not \"$3\""
	note "ok: $1 is $2"
}

# await WHAT COMMAND...: repeat the command until it succeeds, for at most 10 minutes.
await() {
	_left=1200 _what=$1
	shift
	while ! "$@"; do
		[ $_left -gt 0 ] || fail "timeout while waiting for $_what"
		_left=$((_left - 1))
		sleep 0.5
	done
}

# --- the machine ---------------------------------------------------------------

# up: the boot is complete.
up() {
	case $(systemctl is-system-running) in
	running | degraded) ;;
	*) return 1 ;;
	esac
}

failed_units() {
	systemctl list-units --failed --plain --no-legend | cut -d' ' -f1 | paste -sd ' '
}

# booted RELEASE [UNIT]: wait for the end of the boot. This kernel runs, and no unit but UNIT
# has failed.
booted() {
	await "the end of the boot" up
	is "the kernel" "$(uname -r)" "$1"
	is "failed units" "$(failed_units)" "${2:-}"
}

# apt_get ARGUMENT...: run apt-get, which must succeed and leave no package half installed.
# /run/apt has its output.
apt_get() {
	note "# apt-get $*"
	{
		apt-get -y -o Dpkg::Use-Pty=0 "$@" 2>&1
		echo $? >/run/apt-exit
	} | tee /run/apt
	is "exit status of apt-get" "$(cat /run/apt-exit)" 0
	is "dpkg --audit" "$(dpkg --audit)" ""
	is "half installed packages" "$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' |
		grep -vE '^(ii|rc|un|hi) ')" ""
	apt-get check >/run/check 2>&1 || fail "apt-get check: $(cat /run/check)"
}

# apt_said TEXT: apt_get has printed this text.
apt_said() {
	grep -F -- "$1" /run/apt || fail "apt did not print \"$1\""
}

# apt_said_not TEXT: apt_get has not printed this text.
apt_said_not() {
	! grep -F -- "$1" /run/apt || fail "apt printed \"$1\""
}

# status_says TEXT: "systemctl status" of the service prints this text.
status_says() {
	systemctl status --no-pager -l $UNIT >/run/status 2>&1
	grep -qF -- "$1" /run/status || { cat /run/status; fail "systemctl status does not print \"$1\""; }
}

# --- the module ------------------------------------------------------------------

state_is() {
	[ "$(cat $CAP/state 2>/dev/null)" = "$1" ]
}

# active LIMIT: the service has loaded the module, and this limit is in effect.
active() {
	[ -d $CAP ] || fail "not loaded"
	await "state active" state_is active
	is limit "$(cat $CAP/limit)" "$1"
	status_says 'Active: active (exited)'
	cat /run/status
}

# not_loaded: the module is not loaded.
not_loaded() {
	[ ! -e $CAP ] || fail "$CAP exists"
	[ ! -e /sys/kernel/livepatch/scx_loop_cap ] || fail "the livepatch exists"
	! grep ^scx_loop_cap /proc/modules || fail "the module is loaded"
}

# built RELEASE: DKMS has installed and signed the module for this kernel.
built() {
	dkms status scx-loop-cap -k "$1" | grep ': installed' ||
		fail "DKMS has not installed the module for $1"
	modinfo -k "$1" -n scx_loop_cap || fail "no module for $1"
	modinfo -k "$1" -F signer scx_loop_cap | grep . || fail "not signed for $1"
}

# not_built RELEASE: there is no module for this kernel.
not_built() {
	! modinfo -k "$1" -n scx_loop_cap 2>/dev/null || fail "there is a module for $1"
}

# version DIRECTORY: print the version of the packages in it.
version() {
	dpkg-deb -f "$1"/scx-loop-cap-dkms_*.deb Version
}

loaded_version() {
	cat /sys/module/scx_loop_cap/version
}

# --- schedulers --------------------------------------------------------------------

# sched_start: start a scheduler that dispatches for 20 rounds before each task. It hits a limit
# of 8 permanently, while all tasks still run.
sched_start() {
	# /run, where the step is, is mounted noexec.
	cp scx_loop /tmp || fail "no scheduler"
	/tmp/scx_loop -o /run/sched -t 30000 -b 20 -w 1 -i 20000 </dev/null >/run/sched.out 2>&1 &
	SCHED_PID=$!
	await "the scheduler" sched_runs
	await "hits" hits
}

hits() {
	[ "$(cat $CAP/stats/hits)" -gt 0 ]
}

sched_runs() {
	[ -d "/proc/$SCHED_PID" ] || fail "scx_loop: $(cat /run/sched.out)"
	[ "$(cat /sys/kernel/sched_ext/state)" = enabled ] &&
		grep -q '^state=running' /run/sched
}

sched_stop() {
	kill -INT "$SCHED_PID"
	wait "$SCHED_PID"
	grep -q "^exit_reason=unregistered from user space" /run/sched ||
		fail "the scheduler exited for another reason: $(cat /run/sched)"
}

# --- files -----------------------------------------------------------------------------

# files: print all files, except logs, the files of depmod, and those that apt, dpkg, systemd
# and DKMS (its key) keep for themselves; for files in /etc also a checksum.
files() {
	{
		find / -xdev \( -path /tmp -o -path $KEEP -o -path /var/log -o -path /var/cache \
			-o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/lib/systemd \
			-o -path '/var/tmp/systemd-private-*' -o -path /var/lib/dkms \
			-o -path '/usr/lib/modules/*/modules.*' \) -prune -o -print
		find /etc -xdev -type f ! -name ld.so.cache -exec sha256sum {} +
	} | sort
}

# send_kernel RELEASE: send the kernel and its initramfs to the host, for the next boot.
send_kernel() {
	mkdir /run/kernel
	cp "/boot/vmlinuz-$1" /run/kernel || fail "no kernel"
	cp "/boot/initrd.img-$1" "/run/kernel/initrd-$1" || fail "no initramfs"
	tar -cf /dev/vdc -C /run/kernel "vmlinuz-$1" "initrd-$1" ||
		fail "cannot send the kernel"
}
