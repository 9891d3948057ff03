# SPDX-License-Identifier: GPL-2.0
# What the steps are written in; runs in the booted machine, where 1/ and 2/ have the
# packages, 2/ of a higher version. OLD and NEW are the releases of the kernels.
# shellcheck shell=sh
# shellcheck disable=SC1091
. ./env

CAP=/sys/kernel/scx_loop_cap
# shellcheck disable=SC2034
CONF=/etc/modprobe.d/scx-loop-cap.conf
UNIT=scx-loop-cap.service
# shellcheck disable=SC2034
METRICS=/var/lib/prometheus/node-exporter/scx_loop_cap.prom
# What steps keep for later ones.
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

# is WHAT VALUE EXPECTED
is() {
	[ "$2" = "$3" ] || fail "$1 is \"$2\", not \"$3\""
	note "ok: $1 is $2"
}

# await WHAT COMMAND...
await() {
	_left=1200 _what=$1
	shift
	while ! "$@"; do
		[ $_left -gt 0 ] || fail "gave up waiting for $_what"
		_left=$((_left - 1))
		sleep 0.5
	done
}

# --- the machine ---------------------------------------------------------------

up() {
	case $(systemctl is-system-running) in
	running | degraded) ;;
	*) return 1 ;;
	esac
}

failed_units() {
	systemctl list-units --failed --plain --no-legend | cut -d' ' -f1 | paste -sd ' '
}

# booted RELEASE [UNIT]: it has come up with this kernel, and nothing but that has failed.
booted() {
	await "the end of the boot" up
	is "the kernel" "$(uname -r)" "$1"
	is "what failed" "$(failed_units)" "${2:-}"
}

# apt_get ARGUMENT...: must succeed, with all packages in order after it. What it said is
# in /run/apt.
apt_get() {
	note "# apt-get $*"
	{
		apt-get -y -o Dpkg::Use-Pty=0 "$@" 2>&1
		echo $? >/run/apt-exit
	} | tee /run/apt
	is "how apt-get ended" "$(cat /run/apt-exit)" 0
	is "dpkg --audit" "$(dpkg --audit)" ""
	is "what is half installed" "$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' |
		grep -vE '^(ii|rc|un|hi) ')" ""
	apt-get check >/run/check 2>&1 || fail "apt-get check: $(cat /run/check)"
}

# apt_said TEXT: it told the administrator.
apt_said() {
	grep -F -- "$1" /run/apt || fail "apt did not say \"$1\""
}

apt_said_not() {
	! grep -F -- "$1" /run/apt || fail "apt said that"
}

# status_says TEXT: what systemctl shows of the service.
status_says() {
	systemctl status --no-pager -l $UNIT >/run/status 2>&1
	grep -qF -- "$1" /run/status || { cat /run/status; fail "its status does not say \"$1\""; }
}

# --- the module ------------------------------------------------------------------

state_is() {
	[ "$(cat $CAP/state 2>/dev/null)" = "$1" ]
}

# active LIMIT: by the service, and with this limit.
active() {
	[ -d $CAP ] || fail "not loaded"
	await "state active" state_is active
	is limit "$(cat $CAP/limit)" "$1"
	status_says 'Active: active (exited)'
	cat /run/status
}

not_loaded() {
	[ ! -e $CAP ] || fail "$CAP is there"
	[ ! -e /sys/kernel/livepatch/scx_loop_cap ] || fail "it is patched"
	! grep ^scx_loop_cap /proc/modules || fail "it is loaded"
}

# built RELEASE: DKMS has the module ready for this kernel, and has signed it.
built() {
	dkms status scx-loop-cap -k "$1" | grep ': installed' ||
		fail "DKMS has nothing for $1"
	modinfo -k "$1" -n scx_loop_cap || fail "no module for $1"
	modinfo -k "$1" -F signer scx_loop_cap | grep . || fail "not signed for $1"
}

not_built() {
	! modinfo -k "$1" -n scx_loop_cap 2>/dev/null || fail "there is a module for $1"
}

# version DIRECTORY: of the packages in it.
version() {
	dpkg-deb -f "$1"/scx-loop-cap-dkms_*.deb Version
}

loaded_version() {
	cat /sys/module/scx_loop_cap/version
}

# --- schedulers --------------------------------------------------------------------

# One that wastes 20 rounds before each task, and so hits a limit of 8 all the time, while
# everybody runs.
sched_start() {
	# No program may run in /run, where the step is.
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
		fail "the scheduler ended otherwise: $(cat /run/sched)"
}

# --- files -----------------------------------------------------------------------------

# All there are, but for what apt, dpkg, systemd and DKMS keep for themselves (its key),
# logs, and what depmod makes; in /etc also what is in them.
files() {
	{
		find / -xdev \( -path /tmp -o -path $KEEP -o -path /var/log -o -path /var/cache \
			-o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/lib/systemd \
			-o -path '/var/tmp/systemd-private-*' -o -path /var/lib/dkms \
			-o -path '/usr/lib/modules/*/modules.*' \) -prune -o -print
		find /etc -xdev -type f ! -name ld.so.cache -exec sha256sum {} +
	} | sort
}

# send_kernel RELEASE: to whoever boots this machine again.
send_kernel() {
	mkdir /run/kernel
	cp "/boot/vmlinuz-$1" /run/kernel || fail "no kernel"
	cp "/boot/initrd.img-$1" "/run/kernel/initrd-$1" || fail "no initramfs"
	tar -cf /dev/vdc -C /run/kernel "vmlinuz-$1" "initrd-$1" ||
		fail "cannot send the kernel"
}
