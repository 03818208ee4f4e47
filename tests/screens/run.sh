#!/bin/sh
# The screens as a user has them: in tmux, by keys alone. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
python3 -B tests/screens/shift.py
