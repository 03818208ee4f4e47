#!/bin/sh
# Run each fuzzer for some seconds on its corpus: run.sh SECONDS NAME…
set -u
seconds=$1
shift
n=0 bad=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name; do
	n=$((n + 1))
	seeds=
	[ -d "tests/fuzz/$name" ] && seeds=tests/fuzz/$name
	mkdir -p "$work/$name"
	# shellcheck disable=SC2086 # no folder, no word
	if "$BUILD/tests/fuzz/$name" -max_total_time="$seconds" -max_len=8192 \
		-print_final_stats=0 -verbosity=0 -timeout=10 \
		-artifact_prefix="$work/$name-" "$work/$name" $seeds \
		>"$work/log" 2>&1; then
		echo "ok $n - $name for $seconds s"
	else
		echo "not ok $n - $name"
		tail -40 "$work/log" | sed 's/^/# /'
		for crash in "$work/$name-"*; do
			[ -f "$crash" ] && base64 "$crash" | sed 's/^/# /'
		done
		bad=1
	fi
done
exit $bad
