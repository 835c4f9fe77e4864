#!/bin/sh
# The commands of payments by phone, against the simulated gateways.
exec python3 "${ZG_SOURCE:-.}/tests/cli/pay.py"
