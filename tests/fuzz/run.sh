#!/bin/sh
# Run each fuzzer for some seconds on its corpus: run.sh SECONDS NAME…
set -u
seconds=$1
shift
n=0 bad=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
mkdir "$work/seeds"
if ! "$BUILD/tests/fuzz/seeds" "$work/seeds" >"$work/log" 2>&1; then
	echo "not ok - seeds"
	sed 's/^/# /' "$work/log"
	exit 1
fi
for name; do
	n=$((n + 1))
	corpus=$BUILD/corpus/$name
	seeds=
	for folder in "$work/seeds/$name" "tests/fuzz/$name"; do
		[ -d "$folder" ] && seeds="$seeds $folder"
	done
	mkdir -p "$corpus"
	# shellcheck disable=SC2086 # folders without blanks; none, no word
	if "$BUILD/tests/fuzz/$name" -max_total_time="$seconds" -max_len=8192 \
		-print_final_stats=1 -verbosity=0 -timeout=20 \
		-artifact_prefix="$work/$name-" "$corpus" $seeds \
		>"$work/log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' \
			"$work/log")
		echo "ok $n - $name for $seconds s, $runs runs"
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
