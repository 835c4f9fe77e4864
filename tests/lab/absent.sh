#!/bin/sh
# What only the lab may do is not in the programs that a shop gets: no clock but the machine's, no environment variable
# that would hand in another, nor a name of the lab's. The same look at the lab's own builds must find it, or it proves nothing.
set -u

build=${ZG_BUILD:-.}
marks='ZG_LAB_|lab_clock|memory_plan'
passed=0
failed=0

# look WANTED PROGRAM: its symbols and its bytes
look() {
	found=$({ nm -a "$2" 2>/dev/null; tr -c '[:print:]' '\n' <"$2"; } | grep -cE "$marks")
	if { [ "$1" = nothing ] && [ -s "$2" ] && [ "$found" -eq 0 ]; } || { [ "$1" = something ] && [ "$found" -gt 0 ]; }; then
		passed=$((passed + 1))
	else
		echo "FAILED: $2: $found names of the lab, and $1 was expected"
		failed=$((failed + 1))
	fi
}

look nothing "$build/zhanggui"
look nothing "$build/zhanggui-sim"
look something "$build/tests/lab/zhanggui"
look something "$build/tests/lab/zhanggui-sim"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
