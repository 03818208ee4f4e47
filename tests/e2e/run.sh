#!/bin/sh
# End to end: both programs over loopback, each in a folder of its own. Prints
# TAP and the sum at the end. `run.sh commands fleet` runs some of it.
set -u
cd "$(dirname "$0")/../.." || exit 1
[ $# -gt 0 ] || set -- commands day fleet identity held scope clocks cuts badlink new_kind bad_input hub_commands wire stranger watch pages kills
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for part; do
	python3 -B "tests/e2e/$part.py" 2>&1 ||
		echo "not ok - $part ended with $?"
done | tee "$log"
passed=$(grep -c '^ok ' "$log")
failed=$(grep -c '^not ok ' "$log")
echo "# $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
