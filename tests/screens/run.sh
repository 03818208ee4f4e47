#!/bin/sh
# The screens as a user has them: in tmux, by keys alone. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
status=0
for part in shift; do
	python3 -B "tests/screens/$part.py" || status=1
done
exit $status
