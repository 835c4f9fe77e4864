#!/usr/bin/env python3
"""Runs the experiments of tests/lab/experiments.tsv in full: make prove [NAME=P2] [SEED=...] [COUNT=...] [JSON=1].

One line each: promises, name, seed, count, result, seconds, and the figure that the experiment prints. NAME is an experiment or a
promise. A failure shows what was printed last, and the command that repeats it. With JSON=1, one JSON document instead.
Exit code 0: all held; 1: something did not, or nothing was chosen.
"""
import json
import os
import random
import re
import subprocess
import sys
import time

BUILD = os.environ.get("ZG_BUILD", ".")
SOURCE = os.environ.get("ZG_SOURCE", ".")
TALLY = re.compile(r"^(?:[a-z]+: )?(\d+) passed, (\d+) failed", re.M)
BAD = re.compile(r"LeakSanitizer|AddressSanitizer|runtime error:")


def experiments():
    rows = []
    with open(os.path.join(SOURCE, "tests/lab/experiments.tsv"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                name, promises, program, count, unit, claim = line.rstrip("\n").split("\t")
                rows.append({"name": name, "promises": promises.split(), "program": program, "count": int(count), "unit": unit,
                             "claim": claim})
    return rows


def chosen(rows, name):
    return [row for row in rows if not name or name == row["name"] or name in row["promises"]]


def command(program):
    """A built program, or a script that the sources bring."""
    words = program.split()
    built = os.path.join(BUILD, words[0])
    if os.path.exists(built) and not words[0].endswith((".py", ".sh")):
        return [built] + words[1:]
    script = os.path.join(SOURCE, words[0])
    return ["python3" if script.endswith(".py") else "sh", script] + words[1:]


def run(program, seed, count, more=None):
    """What it printed, and whether it held: a tally with something passed and nothing failed, exit 0, no sanitizer's word."""
    env = dict(os.environ, ZG_SEED=str(seed), PYTHONDONTWRITEBYTECODE="1", **(more or {}))
    if count:
        env["ZG_COUNT"] = str(count)
    begun = time.monotonic()
    done = subprocess.run(command(program), env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    text = done.stdout.decode("utf-8", "replace")
    tallies = TALLY.findall(text)
    held = done.returncode == 0 and not BAD.search(text) and bool(tallies) and int(tallies[-1][0]) > 0 and int(tallies[-1][1]) == 0
    return {"held": held, "text": text, "seconds": round(time.monotonic() - begun, 1), "exit": done.returncode,
            "figures": re.findall(r"^figure: (.*)$", text, re.M), "table": re.findall(r"^table: ?(.*)$", text, re.M)}


def show(row, seed, count, result):
    print(f"{','.join(row['promises']):<12} {row['name']:<12} seed {seed} count {count} {row['unit']}: "
          f"{'held' if result['held'] else 'FAILED'}  {result['seconds']} s  {'; '.join(result['figures'])}", flush=True)
    for line in result["table"]:
        print("    " + line)
    if not result["held"]:
        print("\n".join("    " + line for line in result["text"].splitlines()[-40:]))
        print(f"    repeat it: make prove NAME={row['name']} SEED={seed} COUNT={count}", flush=True)


def main():
    rows = chosen(experiments(), os.environ.get("NAME", ""))
    if not rows:
        print("prove: no such promise or experiment; tests/lab/experiments.tsv lists them", file=sys.stderr)
        return 1
    failed, document = 0, []
    for row in rows:
        seed = int(os.environ.get("SEED") or random.SystemRandom().getrandbits(48))
        count = int(os.environ.get("COUNT") or row["count"])
        result = run(row["program"], seed, count)
        failed += not result["held"]
        if os.environ.get("JSON"):
            document.append({"name": row["name"], "promises": row["promises"], "claim": row["claim"], "seed": seed, "count": count,
                             "unit": row["unit"], "held": result["held"], "seconds": result["seconds"], "figures": result["figures"],
                             **({"table": result["table"]} if result["table"] else {})})
        else:
            show(row, seed, count, result)
    if document:
        print(json.dumps(document, ensure_ascii=False, indent=1))
    print(f"{len(rows) - failed} passed, {failed} failed", file=sys.stderr if document else sys.stdout)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
