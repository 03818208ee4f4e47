#!/bin/sh
# A first fill over a slow link, as the screens show it. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
python3 -B tests/screens/filling.py
