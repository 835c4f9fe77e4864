#!/bin/sh
# zh_CN is complete: it compiles with every check, has nothing fuzzy, nothing empty, and every msgid of the sources.
set -u
srcdir=${srcdir:-.}
passed=0
failed=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

ok() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		echo "FAILED: $1: $2, should be $3"
		failed=$((failed + 1))
	fi
}

cd "$srcdir" || exit 1
sh po/extract.sh >"$scratch/now.pot" || exit 1
msgfmt --check --statistics -o "$scratch/zh.mo" po/zh_CN.po 2>"$scratch/statistics"
ok "msgfmt --check" $? 0
ok "fuzzy messages" "$(msgattrib --only-fuzzy po/zh_CN.po | grep -c '^msgid')" 0
ok "empty messages" "$(msgattrib --untranslated po/zh_CN.po | grep -c '^msgid')" 0
msgcmp --use-untranslated po/zh_CN.po "$scratch/now.pot" >/dev/null 2>"$scratch/compare"
ok "msgids of the sources that zh_CN.po lacks" "$(grep -c 'this message is used but not defined' "$scratch/compare")" 0
[ -s "$scratch/compare" ] && head -n 20 "$scratch/compare"
cat "$scratch/statistics"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
