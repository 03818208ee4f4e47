#!/bin/sh
# Run test programs and scripts one after another and count what they say.
# Each prints TAP lines (ok, not ok, ok … # SKIP), and leaves no file behind in
# TMPDIR, which is its home as well. The last line is the sum.
set -u
passed=0 failed=0 skipped=0
log=$(mktemp)
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/tests-XXXXXX")
trap 'rm -rf "$log" "$TMPDIR"' EXIT
trap 'exit 1' HUP INT TERM
unset XDG_DATA_HOME XDG_CONFIG_HOME
export HOME="$TMPDIR" TMPDIR CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8
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
	left=$(ls -A "$TMPDIR")
	if [ "$bad" = 0 ] && [ -n "$left" ]; then
		bad=1
		printf 'not ok - leaves files behind:\n%s\n' "$left" >>"$log"
	fi
	find "$TMPDIR" -mindepth 1 -delete
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
