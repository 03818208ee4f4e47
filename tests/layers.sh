#!/bin/sh
# Arrows point down only: tui -> sync -> common; no circles among headers; and
# each outside library is included where it belongs.
set -u
cd "$(dirname "$0")/.." || exit 1
n=0 bad=0
# expect_none NAME LINES: an empty LINES is good.
expect_none() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | sed 's/^/# /'
		bad=1
	fi
}
# included LIBRARY FILES...: who includes <LIBRARY> outside of FILES.
included() {
	library=$1
	shift
	grep -lE "#include <$library" common/*.[ch] sync/*.[ch] tui/*.[ch] |
		grep -vxF "$(printf '%s\n' "$@")"
}
expect_none "common/ includes nothing of sync/ or tui/" \
	"$(grep -nE '#include "(sync|tui|tests)/' common/*.[ch])"
expect_none "sync/ includes nothing of tui/" \
	"$(grep -nE '#include "(tui|tests)/' sync/*.[ch])"
expect_none "tui/ includes nothing of tests/" \
	"$(grep -nE '#include "tests/' tui/*.[ch])"
expect_none "curses.h only in tui/term.c and tui/paint.c" \
	"$(included '(n?curses|term)' tui/term.c tui/paint.c)"
expect_none "curl.h only in sync/curl.h" "$(included curl sync/curl.h)"
expect_none "microhttpd.h only in sync/hub_http.c" \
	"$(included microhttpd sync/hub_http.c)"
expect_none "zlib.h only in sync/pack.c" "$(included zlib sync/pack.c)"
expect_none "no circle among headers" "$(
	grep -HE '^#include "' common/*.h sync/*.h tui/*.h |
		sed 's/^\([^:]*\):#include "\(.*\)"/\1 \2/' |
		tsort 2>&1 >/dev/null | grep 'loop' )"
expect_none "no file past 800 lines" "$(
	wc -l common/*.[ch] sync/*.[ch] tui/*.[ch] tests/*/*.[ch] |
		awk '$1 > 800 && $2 != "total"')"
expect_none "nothing printed from common/ or sync/ but the hub's program" "$(
	grep -nE '\b(printf|puts|putchar) *\(' common/*.c sync/*.c |
		grep -vE '^sync/hub_(main|commands|people|devices|serve|listen)')"
exit $bad
