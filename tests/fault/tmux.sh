#!/bin/sh
# The whole program in a real terminal emulator: tmux at three sizes and in two languages. Sign in, open a shift, sell three
# scanned goods within 5 keys, hang and take within 3, count and close; the text of the screen is looked at each time.
# Ends with "N passed, N failed".
set -u

build=$(cd "${ZG_BUILD:-.}" && pwd)
source=$(cd "${ZG_SOURCE:-.}" && pwd)
if ! command -v tmux >/dev/null 2>&1; then
	echo "skipped: tmux is not installed"
	echo "0 passed, 0 failed"
	exit 0
fi
ZHANGGUI_DATA=$source/data
ZHANGGUI_LOCALEDIR=$build/po/locale
TZ=Asia/Shanghai
export ZHANGGUI_DATA ZHANGGUI_LOCALEDIR TZ
unset NO_COLOR LANGUAGE TMUX
work=$(mktemp -d "${TMPDIR:-/tmp}/zg-tmux-XXXXXX")
socket=$work/tmux
passed=0
failed=0
keys=0
printer=

mux() {
	LC_ALL=C.UTF-8 tmux -S "$socket" -f /dev/null "$@"
}

finish() {
	mux kill-server 2>/dev/null
	[ -z "$printer" ] || kill "$printer" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

# say MSGID: as this language has it.
say() {
	if [ "$language" = en ]; then
		printf '%s' "$1"
	else
		LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN TEXTDOMAINDIR=$ZHANGGUI_LOCALEDIR gettext zhanggui "$1"
	fi
}

screen() {
	mux capture-pane -p -t till
}

check() {
	words=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $size $language: $words"
		screen | sed 's/^/    |/'
	fi
}

# sees TEXT: it stands on the screen within 5 s.
sees() {
	tries=0
	until screen | grep -qF -- "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.05
	done
}

# press KEY...: each is one key of the cashier.
press() {
	for key; do
		mux send-keys -t till "$key"
		keys=$((keys + 1))
		sleep 0.06
	done
}

# A scanner's burst: one act of the cashier.
scan() {
	mux send-keys -t till -l "$1
"
	keys=$((keys + 1))
	sleep 0.06
}

word() {
	mux send-keys -t till -l "$1"
	sleep 0.06
}

fits() {
	[ "$(screen | wc -l)" -le "$rows" ] && screen | python3 -c '
import sys, unicodedata
wide = lambda text: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
sys.exit(any(wide(line.rstrip("\n")) > int(sys.argv[1]) for line in sys.stdin))' "$columns"
}

# The last line names the live keys.
key_line() {
	screen | tail -n 1 | grep -qF -- "$1"
}

one() {
	size=$1
	language=$2
	columns=${size%x*}
	rows=${size#*x}
	home=$work/$size-$language
	echo 8526 >"$work/pin"
	"$build/zhanggui" init --home "$home" --name 街角店 --admin boss --pin-file "$work/pin" --language "$language" >/dev/null || return
	printf 'code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,龙井绿茶,杯,12.98,13%%,,piece\nT2,6901234567908,Milk 牛奶,盒,5.50,13%%,,piece\nT3,6901234567915,Bread,个,8.02,9%%,,piece\n' >"$work/goods.csv"
	"$build/zhanggui" product import "$work/goods.csv" --home "$home" --as boss --pin-file "$work/pin" >/dev/null || return
	"$build/zhanggui-sim" printer --link "$work/printer" --paper "$home/paper.txt" >/dev/null </dev/null &
	printer=$!
	printf '[shop]\nname = 街角店\nlanguage = %s\n[printer]\nlink = file:%s/printer\nprofile = generic-80\n' "$language" "$work" >"$home/zhanggui.conf"
	mux new-session -d -s till -x "$columns" -y "$rows" "env LC_ALL=$3 TERM=tmux-256color '$build/zhanggui' till --home '$home'; sleep 5"
	mux set-option -g status off
	mux resize-window -t till -x "$columns" -y "$rows" 2>/dev/null

	check "the sign-in screen" sees "$(say 'Sign in')"
	word boss
	press Enter
	word 8526
	press Enter
	check "the selling screen" sees "$(say 'Settle')"
	check "the key line of the selling screen" key_line "$(say 'Settle')"

	press F9
	check "the shift screen" sees "$(say 'Open the shift')"
	press Enter
	check "the box that asks for the float" sees "$(say 'Float')"
	word 200
	press Enter
	check "the open shift" sees "$(say 'Count and close')"
	press Escape
	check "back to selling" sees "$(say 'Settle')"

	keys=0
	scan 6901234567892
	scan 6901234567908
	scan 6901234567915
	check "three lines with their amounts" sees 8.02
	check "the first name" sees 龙井绿茶
	check "no line is wider than the terminal" fits
	press + Enter
	check "paid" sees "R010000001"
	check "the word for it" sees "$(say 'Paid')"
	check "3 goods paid in cash within 5 keys, not $keys" [ "$keys" -le 5 ]
	check "no line is wider than the terminal when paid" fits

	scan 6901234567908
	check "a line to hang" sees 5.50
	keys=0
	press F7
	check "the lamp of hung sales" sees "$(say 'Hung')"
	press F7
	sees "$(say 'Hung sales')" || true
	press Enter
	check "the sale is back" sees 'Milk 牛奶'
	check "hang and take within 3 keys, not $keys" [ "$keys" -le 3 ]
	press + Enter
	check "paid too" sees "R010000002"

	press F9
	check "the shift screen again" sees "$(say 'Count and close')"
	press c
	check "the count" sees "$(say 'All counted')"
	# 232.00 by the list of notes, and the first row is the note of 100
	word 2
	press Enter
	check "no line is wider than the terminal while counting" fits
	press +
	check "the question" sees "$(say 'Close the shift')"
	press Enter
	sleep 0.3
	check "the Z report is printed" printed
	press Escape Escape
	mux kill-session -t till
	kill "$printer"
	wait "$printer" 2>/dev/null
	printer=
	figures=$("$build/zhanggui" report z --json --home "$home")
	check "the Z has both sales" has '"sold_fen":3200'
	check "the count was taken" has '"counted_fen":20000'
}

has() {
	printf '%s' "$figures" | tr -d ' ' | grep -qF -- "$1"
}

printed() {
	tries=0
	until grep -qE 'Z REPORT|日结|Z 报' "$home/paper.txt"; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.05
	done
}

for size in 40x12 80x24 120x40; do
	one "$size" en C.UTF-8
	case $(locale -a 2>/dev/null) in
	*zh_CN.utf8*) one "$size" zh_CN zh_CN.UTF-8 ;;
	*) echo "skipped: $size in Chinese, the locale zh_CN.UTF-8 is missing" ;;
	esac
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
