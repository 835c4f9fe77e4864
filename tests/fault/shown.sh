#!/bin/sh
# The codes that we show, read from pictures of the terminal: a code in each theme.
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
exec python3 "${ZG_SOURCE:-.}/tests/fault/shown.py"
