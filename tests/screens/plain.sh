#!/bin/sh
# The screens as lines: a whole shift from a script on a pipe, and on a terminal
# without a cursor. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
python3 -B tests/screens/plain.py
