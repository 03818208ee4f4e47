#!/bin/sh
# The store, then the screens, on the same 20,000 invented records; then
# what syncs cost.
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
