#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Checks the relative links of all Markdown files: the file must exist, and have the
# heading that an anchor names. Prints what is broken, and fails then.
#
#	$ tests/links.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# anchors FILE: the anchors of its headings, as GitHub makes them.
anchors() {
	awk '
		/^ *```/ { code = !code }
		!code && /^#+ / {
			sub(/^#+ +/, "")
			gsub(/\]\([^)]*\)/, "")
			$0 = tolower($0)
			gsub(/[^a-z0-9 _-]/, "")
			gsub(/ /, "-")
			print seen[$0]++ ? $0 "-" seen[$0] - 1 : $0
		}' "$1"
}

# links FILE: the targets of its links and pictures, without those in code.
links() {
	awk '
		/^ *```/ { code = !code }
		code || /^(    |\t)/ { next }
		{
			gsub(/`[^`]*`/, "")
			while (match($0, /\]\([^)]+\)/)) {
				print substr($0, RSTART + 2, RLENGTH - 3)
				$0 = substr($0, RSTART + RLENGTH)
			}
		}' "$1"
}

failed=0
while read -r file; do
	while read -r link; do
		case $link in
		*://* | mailto:*) continue ;;
		'#'*) path=$file ;;
		*) path=$(dirname "$file")/${link%%#*} ;;
		esac
		if [ ! -e "$path" ]; then
			echo "$file: no file $link"
			failed=1
		elif [[ $link = *#* ]] && ! anchors "$path" | grep -qxF -e "${link#*#}"; then
			echo "$file: no heading for $link"
			failed=1
		fi
	done < <(links "$file")
done < <(find . -name '*.md' ! -path './dist/*' | sort)
exit $failed
