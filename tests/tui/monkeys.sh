#!/bin/sh
# Many monkeys of many keys (tests/tui/test_monkeys.c), as many at once as there
# are cores: MONKEYS (30) of MONKEY_KEYS (20000). Prints TAP. One that found
# something is sent again by: MONKEY_SEED=7 MONKEY_KEYS=20000 MONKEY_SHOW=1
# build/tests/tui/test_monkeys
set -u
cd "$(dirname "$0")/../.." || exit 1
export BUILD="${BUILD:-build}" MONKEY_KEYS="${MONKEY_KEYS:-20000}"
TMPDIR=$(mktemp -d /dev/shm/monkeys-XXXXXX || mktemp -d) || exit 1
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 1' HUP INT TERM
export TMPDIR
# shellcheck disable=SC2016 # the inner shell expands it
seq "${MONKEYS:-30}" | xargs -P "$(nproc)" -n 1 sh -c '
	if said=$(MONKEY_SEED=$1 "$BUILD/tests/tui/test_monkeys" 2>&1); then
		echo "ok - monkey $1, $MONKEY_KEYS keys"
	else
		printf "not ok - monkey %s, %s keys\n%s\n" "$1" "$MONKEY_KEYS" \
			"$(printf "%s\n" "$said" | tail -60 | sed "s/^/# /")"
		exit 1
	fi' monkey
