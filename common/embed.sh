#!/bin/sh
# Print C source that holds the named files, for common/embedded.h.
set -eu
echo '#include "common/embedded.h"'
i=0
for file; do
	echo "static const unsigned char file_${i}[] = {"
	od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
	echo '0};'
	i=$((i + 1))
done
echo 'const struct embedded embedded_files[] = {'
i=0
for file; do
	echo "	{\"$file\", (const char *)file_$i, sizeof(file_$i) - 1},"
	i=$((i + 1))
done
echo '	{0, 0, 0}};'
