#!/bin/sh
# The quick form of make fuzz: 8,000 inputs to every parser, the same ones each time; make fuzz and make prove NAME=P28 try others.
export ZG_SEED="${ZG_SEED:-20261125}"
exec python3 "${ZG_SOURCE:-.}/tests/fuzz/fuzz.py"
