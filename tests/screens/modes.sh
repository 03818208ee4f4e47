#!/bin/sh
# Every way the screens can be started and shown, in tmux. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
python3 -B tests/screens/modes.py
