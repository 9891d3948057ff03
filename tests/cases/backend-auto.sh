# SPDX-License-Identifier: GPL-2.0
# The default backend is livepatch if the kernel has livepatches, else direct. A backend that
# the kernel does not have is refused.
# backends: direct
# built: plain
. /case/guest.sh

for BACKEND in auto ''; do
	if [ -n "$BACKEND" ]; then
		insmod_cap || fail "insmod backend=$BACKEND"
	else
		insmod $CAP_KO || fail "insmod"
	fi
	if [ -d /sys/kernel/livepatch ]; then
		BACKEND=livepatch
	else
		BACKEND=direct
	fi
	await 60 "state active" state_is active
	is $CAP/backend $BACKEND
	unload_cap
done
if [ ! -d /sys/kernel/livepatch ]; then
	BACKEND=livepatch
	load_cap_fails "not supported" 'this kernel has no backend "livepatch" (CONFIG_LIVEPATCH)'
fi
