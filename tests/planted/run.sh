#!/bin/sh
# Plant one bug after another in a copy of the tree, and see it caught: by the
# fleet within the seeds that the patch states, and by the tests it names.
# usage: run.sh [NAME…]      all patches, or those of these names
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
tree=$BUILD/planted
mkdir -p "$tree/$BUILD"
cp -a Makefile LICENSE keymap.conf common sync tui tests "$tree"
# Objects go along, so that only what a patch touches is built anew.
tar -C "$BUILD" -cf - --exclude=planted --exclude=asan --exclude=clang \
	--exclude=fuzz --exclude=gcc . | tar -C "$tree/$BUILD" -xpf -
n=0 bad=0
said() { # ok or not ok, what
	n=$((n + 1))
	[ "$1" = ok ] || bad=1
	echo "$1 $n - $2"
}
stated() { # member of the patch's head
	sed -n "s/^$1: //p;/^---/q" "$patch"
}
caught_by_fleet() {
	seeds=$(stated seeds)
	[ -n "$seeds" ] || return 0
	if SIM_FIRST=1 "./$BUILD/tests/sim/fleet" "$seeds" >planted.log; then
		said "not ok" "$name: not caught within $seeds seeds"
		return 0
	fi
	oracle=$(sed -n '/dies: signal/d;/^# fleet:/d;s/^# \([^:]*\):.*/\1/p' \
		planted.log | head -1)
	seed=$(sed -n 's/^not ok .* - seed //p' planted.log | head -1)
	said ok "$name: seed $seed of $seeds: ${oracle:-a crash}"
}
caught_by_tests() {
	for test in $(stated tests); do
		if "./$BUILD/tests/$test" >planted.log 2>&1; then
			said "not ok" "$name: $test does not see it"
		else
			said ok "$name: $test"
		fi
	done
}
programs() {
	[ -z "$(stated seeds)" ] || echo "$BUILD/tests/sim/fleet"
	for test in $(stated tests); do
		echo "$BUILD/tests/$test"
	done
}
plant() {
	if ! patch -s -p1 <"$patch"; then
		said "not ok" "$name: the patch does not fit any more"
		return
	fi
	# shellcheck disable=SC2046 # a list of names
	if make -s BUILD="$BUILD" $(programs) >planted.log 2>&1; then
		caught_by_fleet
		caught_by_tests
	else
		said "not ok" "$name: it does not compile"
		sed 's/^/# /' planted.log
	fi
	patch -s -R -p1 <"$patch"
}
[ $# -gt 0 ] || set -- tests/planted/*.patch
cd "$tree" || exit 1
for name; do
	name=$(basename "$name" .patch)
	patch=tests/planted/$name.patch
	plant
done
exit $bad
