#!/bin/sh
# The quick form of make fuzz: 100,000 inputs to every parser.
exec python3 "${ZG_SOURCE:-.}/tests/fuzz/fuzz.py"
