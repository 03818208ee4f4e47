#!/bin/sh
# The manual page with its table of actions made anew, on standard output:
#
#   beatbook keys | actions.sh PAGE
#
# `make pages` does it; a test compares.
set -eu
table() {
	awk '
	{
		help = $0
		sub(/^.* # /, "", help)
		for (hash = 2; $hash != "#"; hash++)
			;
		action = $(hash - 1)
		helps[action] = help
		if ($1 != "bind")
			next
		key = $3
		for (i = 4; i < hash - 1; i++)
			key = key " " $i
		if (last[action] == $2)
			keys[action] = keys[action] ", " key
		else
			keys[action] = keys[action] \
				(keys[action] == "" ? "" : "; ") $2 ": " key
		last[action] = $2
	}
	END {
		for (action in helps) {
			gsub(/\\/, "\\e", keys[action])
			print action "\t" helps[action] "\t" \
				(keys[action] == "" ? "no key" : keys[action])
		}
	}' | LC_ALL=C sort |
		awk -F '\t' '
		BEGIN { print ".Bl -tag -width \"previous-match\" -compact" }
		{ printf ".It %s\n%s.\n.br\n(%s)\n", $1, $2, $3 }
		END { print ".El" }'
}
sed '/^\.\\" `make pages`/q' "$1"
table
sed -n '/^\.\\" end of the table/,$p' "$1"
