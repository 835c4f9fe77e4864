#!/bin/sh
# Collects every msgid of the program: extract.sh > zhanggui.pot. Run in the source tree.
set -eu
find src tui drivers -name '*.c' -o -name '*.h' | LC_ALL=C sort |
	xgettext --files-from=- --language=C --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=P_:1,2 \
		--package-name=zhanggui --no-location --sort-output --output=- |
	sed -e '/^"POT-Creation-Date:/d' -e 's/charset=CHARSET/charset=UTF-8/'
