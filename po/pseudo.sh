#!/bin/sh
# A made-up language in which every translated text is marked, «so»: what a screen shows unmarked was never
# translated. pseudo.sh < zhanggui.pot > pseudo.po
set -eu
msgen --force-po - | msgfilter --keep-header sed -e '1s/^/«/' -e '$s/$/»/' | sed 's/Language: .*\\n/Language: en\\n/'
