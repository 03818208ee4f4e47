#!/bin/sh
# Run test programs and scripts one after another and count what they say.
# Each prints TAP lines (ok, not ok, ok … # SKIP). The last line is the sum.
set -u
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8
for test; do
	"$test" >"$log" 2>&1
	status=$?
	ok=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	skip=$(grep -c '^ok .*# SKIP' "$log")
	# A test that dies, or says nothing, has failed.
	if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$ok" = 0 ]; }; then
		bad=1
	fi
	printf '%-44s %4d ok %s\n' "${test##*/tests/}" "$ok" \
		"$([ "$bad" = 0 ] || echo "$bad FAILED")"
	if [ "$bad" != 0 ]; then
		cat "$log"
	else
		grep '# SKIP' "$log"
	fi
	passed=$((passed + ok - skip)) failed=$((failed + bad))
	skipped=$((skipped + skip))
done
if [ "$skipped" = 0 ]; then
	echo "$passed passed, $failed failed"
else
	echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" = 0 ]
