# SPDX-License-Identifier: GPL-2.0
# The newer kernel is running, with what was built and configured before.
. ./lib.sh

booted "$NEW"
active 8
is version "$(loaded_version)" "$(version 1)"
