#!/bin/sh
# Each fault that the lab plants still fits the sources, and each experiment has one; make check-lab plants them.
exec python3 "${ZG_SOURCE:-.}/tests/lab/plants.py" fit
