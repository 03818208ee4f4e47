#!/bin/sh
# The store, then the screens, on the same 20,000 invented records; what syncs
# cost; a hub under load; what becomes of a large replica at its ends.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$BUILD/tests/bench/bench" "$place/crowd.db"
echo
python3 -B tests/bench/screens.py "$BUILD/beatbook" "$place/crowd.db"
echo
python3 -B tests/bench/sync.py
echo
"$BUILD/tests/bench/load" "$BUILD/beatbook-hub" "$place"
python3 -B tests/bench/tls.py
echo
python3 -B tests/bench/ends.py
