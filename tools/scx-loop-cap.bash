# SPDX-License-Identifier: GPL-2.0
# bash completion for scx-loop-cap(8).
# shellcheck shell=bash

_scx_loop_cap() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=

	COMPREPLY=()
	# bash splits "backend=direct" and "--backend=direct" at the "=", into three words.
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [ "$COMP_CWORD" -eq 1 ]; then
		words="status set watch check load unload --help --version"
	else
		case $prev in
		--output | --module)
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--backend | backend)
			words="auto livepatch direct"
			;;
		--interval | --count | --timeout | limit | pick_limit)
			return
			;;
		*)
			case ${COMP_WORDS[1]} in
			status) words="--json --prometheus --output --help" ;;
			set) words="--pick --persist --help" ;;
			watch) words="--interval --count --help" ;;
			check) words="--backend --json --quiet --condition --help" ;;
			load)
				words="--timeout --module --help limit= pick_limit= backend="
				[[ $cur = -* ]] || compopt -o nospace
				;;
			unload) words="--force --timeout --help" ;;
			esac
			;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _scx_loop_cap scx-loop-cap
