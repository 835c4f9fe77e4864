#!/bin/sh
# The house's floors: an include goes down, never up and never sideways. Reads every #include.
set -u
srcdir=${srcdir:-.}
cd "$srcdir" || exit 1

find src tui drivers contrib/sim -name '*.[ch]' | sort | xargs awk '
function floor(path) {
	if (path ~ /^src\/base\//) return 1
	if (path ~ /^src\/shop\//) return 2
	if (path ~ /^src\/(io|store)\//) return 3
	if (path ~ /^(src\/till|drivers)\//) return 4
	if (path ~ /^(tui|src\/cli)\//) return 5
	if (path ~ /^src\/main\./) return 6
	return 0
}
function room(path) {
	if (path ~ /^tui\//) return "tui"
	if (path ~ /^drivers\//) return "drivers"
	match(path, /^[^\/]+\/[^\/]+/)
	return substr(path, RSTART, RLENGTH)
}
function wrong(why) {
	printf "%s:%d: %s: %s\n", FILENAME, FNR, why, $0
	bad++
}
/^#include "/ {
	split($0, part, "\"")
	target = part[2]
	seen++
	if (FILENAME ~ /^contrib\/sim\//) {
		if (target ~ /^src\/base\/(crypt|xml)\./) wrong("the simulator signs and reads by code of its own")
		if (target ~ /^(drivers|src\/till|src\/cli|src\/store|src\/io|src\/shop|tui)\//) wrong("the simulator must not know the till")
		next
	}
	a = floor(FILENAME); b = floor(target)
	if (a == 0 || b == 0) next
	if (b > a) wrong("climbs")
	else if (a == b && room(FILENAME) != room(target)) wrong("goes sideways")
	if (a == 5 && target ~ /^(drivers\/|src\/till\/(private|slip_parts)\.h|src\/store\/(query|private|sale_rows)\.h)/) wrong("a screen or command reaches past its floor")
	if (target ~ /^src\/store\/(query|private|sale_rows)\.h/ && FILENAME !~ /^src\/store\//) wrong("private to src/store")
	if (target ~ /^src\/till\/(private|slip_parts)\.h/ && FILENAME !~ /^src\/till\//) wrong("private to src/till")
}
/struct zg_store \*/ && FILENAME ~ /^(tui|src\/cli)\// && !/const struct zg_store \*/ && !/zg_store_(open|close)/ {
	if ($0 !~ /struct zg_store \*store;|struct zg_store \*store = NULL;/ || FILENAME ~ /^tui\//) wrong("a screen or command reads the books, the till writes them")
}
END {
	if (seen < 100) { print "only " seen + 0 " includes were seen"; bad++ }
	printf "%d passed, %d failed\n", bad ? 0 : 1, bad ? 1 : 0
	exit bad != 0
}'
