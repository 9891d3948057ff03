# SPDX-License-Identifier: GPL-2.0
# A kernel without the cap, without the module: scx_qmap -l hangs the machine. The case
# uncapped-saved does the same with the module.
# needs: uncapped
# built: yes
# backends: direct
# expect: hang
. /case/guest.sh

heartbeat_start
qmap_storm 50
sleep 1000
