#!/bin/sh
# Writes the migrations as C arrays: embed.sh FILE.sql... > schema.c
set -eu
echo '/* Made by src/store/schema/embed.sh from the .sql files beside it. */'
echo '#include "src/store/private.h"'
i=0
for file in "$@"; do
	echo "static const char migration_$i[] = {"
	od -An -v -td1 "$file" | sed 's/  */ /g; s/^ //; s/ *$//; s/ /,/g; s/$/,/'
	echo '0 };'
	i=$((i + 1))
done
echo 'const char *const zg_schema[] = {'
j=0
while [ "$j" -lt "$i" ]; do
	echo "migration_$j,"
	j=$((j + 1))
done
echo '};'
echo "const int zg_schema_count = $i;"
