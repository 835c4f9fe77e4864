#!/bin/sh
# The customer's terminal beside the till, both real, in tmux.
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
exec python3 "${ZG_SOURCE:-.}/tests/fault/customer.py"
