#!/bin/sh
# A whole shift by F-keys alone, by names of actions alone, and with the keys of
# vi and of mutt, against a hub. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
python3 -B tests/screens/hands.py
