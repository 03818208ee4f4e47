#!/bin/sh
# House style that a program can check.
set -u
cd "$(dirname "$0")/.." || exit 1
n=0 bad=0
expect_none() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | head -20 | sed 's/^/# /'
		bad=1
	fi
}
sources=$(ls common/*.[ch] sync/*.[ch] tui/*.[ch] tests/*/*.[ch])
# shellcheck disable=SC2086 # a list of names
set -- $sources
expect_none "formatted as .clang-format says" "$(
	for f; do
		clang-format --style=file "$f" | cmp -s - "$f" || echo "$f"
	done)"
expect_none "no line past 80 columns in headers" "$(
	expand -t 8 common/*.h sync/*.h tui/*.h | awk 'length($0) > 80')"
expect_none "no banned calls" "$(grep -nE \
	'\b(strcpy|strcat|sprintf|gets|strtok|atoi|system|popen) *\(' \
	common/*.c sync/*.c tui/*.c)"
expect_none "nothing left for later" "$(
	grep -nE '\b(TODO|FIXME|XXX|HACK)\b' "$@" README.md \
		CHANGELOG.md)"
expect_none "no // comments in C" "$(
	grep -nE '^[[:space:]]*// |; *// ' "$@")"
expect_none "each .c includes its own header first" "$(
	for f in common/*.c sync/*.c tui/*.c; do
		h=${f%.c}.h
		[ -f "$h" ] || continue
		[ "$(grep -m1 '^#include' "$f")" = "#include \"$h\"" ] ||
			echo "$f"
	done)"
expect_none "planted bugs fit" "$(
	for f in tests/planted/*.patch; do
		patch --dry-run -s -p1 <"$f" >/dev/null || echo "$f"
	done)"
expect_none "shell scripts are clean" "$(
	shellcheck -x tests/*.sh tests/*/*.sh common/*.sh .ci/run 2>&1)"
exit $bad
