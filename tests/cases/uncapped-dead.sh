# SPDX-License-Identifier: GPL-2.0
# A kernel without the cap, and no module: scx_qmap -l is the end of the machine.
# What uncapped-saved does is the same but for the module.
# needs: uncapped
# built: yes
# backends: direct
# expect: hang
. /case/guest.sh

heartbeat_start
qmap_storm 50
sleep 1000
