#!/bin/sh
# Every test: as shipped, with clang and the sanitizers, and from the distribution's archive.
# Ends with "N passed, N failed" over all of it. Called by ./bootstrap check.
# The seed is always the same here, so that a red check tells of the change and not of chance; make prove draws new ones.
set -u
export ZG_SEED="${ZG_SEED:-20261125}"

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$here" || exit 1
jobs=$(nproc)
passed=0
failed=0
started=$(date +%s)

# step WORDS COMMAND...: one thing that either works or counts as one failure.
step() {
	words=$1
	shift
	begun=$(date +%s)
	if "$@" >build-step.log 2>&1; then
		echo "ok      $words ($(($(date +%s) - begun)) s)"
		passed=$((passed + 1))
	else
		echo "FAILED  $words ($(($(date +%s) - begun)) s)"
		tail -n 60 build-step.log
		failed=$((failed + 1))
	fi
}

configure_in() {
	dir=$1
	shift
	mkdir -p "$dir" && (cd "$dir" && "${source:-$here}/configure" -q --enable-werror "$@") && make -s -C "$dir" -j"$jobs"
}

configure_and_make() {
	configure_in "$@" && make -s -C "$1" -j"$jobs" check TESTS=
}

# The two suites and the harnesses of the fuzz, with clang and the sanitizers, from the archive: so they tell too whether everything is in it.
unpack_for_suites() {
	rm -rf build-archive && mkdir build-archive && make -s -C build-check dist && tar -xJf build-check/zhanggui-*.tar.xz -C build-archive &&
		(source=$(echo "$here"/build-archive/zhanggui-*) && configure_in "$@") && make -s -C "$1" -j"$jobs" check TESTS= check_PROGRAMS="$two"
}

# A suite's own figures: Criterion's synthesis, or "N passed, N failed"; a log with neither counts as one failure.
count() {
	log=$1
	line=$(grep -aE 'Synthesis: Tested: [0-9]+|^([a-z]+: )?[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
	case $line in
	*Synthesis*)
		good=$(printf '%s' "$line" | sed -E 's/.*Passing: ([0-9]+).*/\1/')
		failing=$(printf '%s' "$line" | sed -E 's/.*Failing: ([0-9]+).*/\1/')
		crashing=$(printf '%s' "$line" | sed -E 's/.*Crashing: ([0-9]+).*/\1/')
		bad=$((failing + crashing))
		;;
	*passed*)
		good=$(printf '%s' "$line" | sed -E 's/^([a-z]+: )?([0-9]+) passed.*/\2/')
		bad=$(printf '%s' "$line" | sed -E 's/.*passed, ([0-9]+) failed.*/\1/')
		;;
	*)
		good=0
		bad=1
		;;
	esac
	# A leak that only printed, or an exit code that no line explains, is a failure too.
	if grep -aqE 'LeakSanitizer|AddressSanitizer|runtime error:' "$log"; then
		bad=$((bad + 1))
	elif [ "$bad" -eq 0 ] && ! grep -aq '^:test-result: PASS' "${log%.log}.trs" 2>/dev/null; then
		bad=1
	fi
	echo "$([ "$bad" -eq 0 ] && echo ok || echo FAILED)      ${log%.log}: $good passed, $bad failed"
	[ "$bad" -eq 0 ] || grep -avE '^\[(RUN|PASS|SKIP)' "$log" | tail -n 60
	passed=$((passed + good))
	failed=$((failed + bad))
}

# suites DIR [TESTS]: make check there, one more at once than there are processors, for many of them wait; and every log counted. Without TESTS all
# but the fuzz, which has the other build.
suites() {
	dir=$1
	begun=$(date +%s)
	find "$dir" -name '*.trs' -exec sh -c 'rm -f "$1" "${1%.trs}.log"' _ {} \;
	if [ $# -gt 1 ]; then
		make -s -k -j"$((jobs + 1))" -C "$dir" check TESTS="$2" check_PROGRAMS="$two" >build-step.log 2>&1
	else
		make -s -k -j"$((jobs + 1))" -C "$dir" check FUZZ_TEST= >build-step.log 2>&1
	fi
	found=0
	for trs in $(find "$dir" -name '*.trs' | sort); do
		found=1
		count "${trs%.trs}.log"
	done
	if [ "$found" -eq 0 ]; then
		echo "FAILED  no test ran in $dir"
		tail -n 60 build-step.log
		failed=$((failed + 1))
	fi
	echo "        $dir took $(($(date +%s) - begun)) s"
}

two='tests/unit/unit tests/screen/screen'
step 'builds as shipped, gcc, no warnings' configure_and_make build-check
suites build-check
# to compile without optimising takes half as long, which is more than the runs lose by it
step 'builds with clang and the sanitizers, no warnings, from the archive' unpack_for_suites build-sanitize --enable-fuzz CC=clang CFLAGS='-O0 -g'
LLVM_PROFILE_FILE=/dev/null ASAN_OPTIONS=abort_on_error=1:detect_leaks=1:quarantine_size_mb=8 UBSAN_OPTIONS=print_stacktrace=1 suites build-sanitize "$two tests/fuzz/fuzz.sh"
# the suites have run from the archive: here it is built where nothing may be written, installed, taken away and cleaned up
step 'the archive builds, installs and cleans up (distcheck)' make -s -j"$jobs" -C build-check distcheck TESTS= check_PROGRAMS= \
	DISTCHECK_CONFIGURE_FLAGS=CFLAGS=-O0
rm -f build-step.log

echo "checked in $(($(date +%s) - started)) s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
