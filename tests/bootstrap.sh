#!/bin/sh
# ./bootstrap against a made-up Debian: what it says, what it installs, when it asks for sudo, and that it is quick when nothing
# is missing. Every tool that it calls is a stub here that writes down how it was called.
# Ends with a line "N passed, N failed".
set -u

source=$(cd "${ZG_SOURCE:-.}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/zg-bootstrap-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
passed=0
failed=0

check() {
	if eval "$2"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $1"
		sed 's/^/    /' "$work/out" "$work/calls"
	fi
}

# stub NAME: a tool of that name; its script comes from standard input.
stub() {
	{
		echo '#!/bin/sh'
		echo "work='$work'"
		cat
	} >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}

mkdir -p "$work/bin" "$work/tree"
cp "$source/bootstrap" "$work/tree/bootstrap"
touch -t 200001010000 "$work/tree/configure.ac" "$work/tree/Makefile.am"
for name in configure Makefile.in; do
	printf '#!/bin/sh\necho "configure" >>"%s/calls"\n: >config.status\n' "$work" >"$work/tree/$name"
	chmod +x "$work/tree/$name"
done
: >"$work/installed"
: >"$work/locales"
stub dpkg-query <<'S'
for last; do :; done
grep -qx "$last" "$work/installed" && echo 'install ok installed' || exit 1
S
stub apt-get <<'S'
echo "apt-get $*" >>"$work/calls"
for word; do case $word in -* | install | update) ;; *) echo "$word" >>"$work/installed" ;; esac; done
S
stub sudo <<'S'
echo "sudo $1" >>"$work/calls"
exec "$@"
S
stub id <<'S'
cat "$work/uid"
S
stub locale <<'S'
cat "$work/locales"
S
stub localedef <<'S'
echo "localedef" >>"$work/calls"
echo zh_CN.utf8 >>"$work/locales"
S
stub make <<'S'
echo "make" >>"$work/calls"
S

# run UID WORD...: from a directory that is not the tree.
run() {
	echo "$1" >"$work/uid"
	shift
	: >"$work/calls"
	(cd / && PATH="$work/bin:$PATH" sh "$work/tree/bootstrap" "$@") >"$work/out" 2>&1
	code=$?
}

calls() {
	grep -c "$1" "$work/calls"
}

run 1000 build
check 'a first run ends well' '[ "$code" -eq 0 ]'
check 'it says what it installs' 'grep -q "installs with apt:.*libtermkey-dev" "$work/out"'
check 'it installs what the build needs, and nothing of the checks' \
	'grep -qx libncurses-dev "$work/installed" && ! grep -qx libcriterion-dev "$work/installed"'
check 'who is not root is asked for sudo' '[ "$(calls sudo)" -eq 3 ]'
check 'the locale is made' '[ "$(calls "^localedef")" -eq 1 ]'
check 'it builds' '[ "$(calls "^configure")" -eq 1 ] && [ "$(calls "^make")" -eq 1 ]'

run 1000 build
check 'a second run installs nothing, asks for nothing, and configures nothing' \
	'[ "$code" -eq 0 ] && [ "$(calls .)" -eq 1 ] && [ "$(calls "^make")" -eq 1 ]'

grep -vx libjansson-dev "$work/installed" >"$work/fewer"
mv "$work/fewer" "$work/installed"
run 0 build
check 'root needs no sudo, and only what is missing is installed' \
	'[ "$(calls sudo)" -eq 0 ] && grep -q "install.* libjansson-dev *$" "$work/calls" && ! grep -q libsqlite3-dev "$work/calls"'

run 1000
check 'without a word it says its words' '[ "$code" -eq 2 ] && grep -q "bootstrap check" "$work/out" && [ "$(calls .)" -eq 0 ]'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
