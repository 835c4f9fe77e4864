#!/bin/sh
# Every command against a real shop, with and without a running till.
exec python3 "${ZG_SOURCE:-.}/tests/cli/cli.py"
