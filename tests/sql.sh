#!/bin/sh
# No SQL text is made at run time.
exec python3 "${ZG_SOURCE:-.}/tests/sql.py"
