# SPDX-License-Identifier: GPL-2.0
# The newer kernel runs, with the module and the limit that were installed before.
. ./lib.sh

booted "$NEW"
active 8
is version "$(loaded_version)" "$(version 1)"
