#!/bin/sh
# A whole shift by F-keys alone, and by names of actions alone, against a hub.
# Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
python3 -B tests/screens/hands.py
