#!/usr/bin/env python3
"""Fuzzes every parser of tests/fuzz/parsers.tsv: make fuzz [NAME=csv] [RUNS=10000000] [SECONDS=60] [SEED=...].

Each harness is built by clang with libFuzzer, ASan, UBSan and its coverage counters, in build/fuzz, or in a build that was configured
with --enable-fuzz itself. A parser holds when so many inputs
(ZG_COUNT, or RUNS) end without a crash, a report of a sanitizer, a hang or too much memory, and when the runs reached 90 % of the lines of its
files. What they did not reach is listed. make check runs the quick form (tests/fuzz/fuzz.sh); make prove NAME=P28 the full one.
Without SEED the inputs of make fuzz go on from what the last run found (build/fuzz/found); with one, a run can be repeated.
Exit code 77: no clang with libFuzzer is here, nothing was run.
"""
import concurrent.futures
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.abspath(os.environ.get("ZG_SOURCE", "."))


def is_for_fuzz(build):
    try:
        with open(os.path.join(build, "config.status"), encoding="utf-8") as file:
            return "'--enable-fuzz'" in file.read()
    except OSError:
        return False


BUILD = os.path.abspath(os.environ.get("ZG_BUILD", "."))
IS_OWN = not is_for_fuzz(BUILD)    # a build for libFuzzer takes the harnesses itself
if IS_OWN:
    BUILD = os.path.join(BUILD, "fuzz")
HERE = os.path.join(SOURCE, "tests/fuzz")
BAR = 90.0
CLANG = os.environ.get("FUZZ_CC", "clang")


def parsers():
    rows = []
    with open(os.path.join(HERE, "parsers.tsv"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                name, share, longest, files, what = line.rstrip("\n").split("\t")
                rows.append({"name": name, "share": int(share), "longest": int(longest), "files": files.split(), "what": what})
    return rows


def tool(name):
    """llvm-cov is llvm-cov-14 where only the numbered one is installed."""
    answer = subprocess.run([CLANG, "--print-prog-name=" + name], stdout=subprocess.PIPE, check=False).stdout.decode().strip()
    return answer or name


def has_fuzzer():
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "empty.c")
        with open(path, "w", encoding="utf-8") as file:
            file.write("int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d[n - n] == 0 ? 0 : 0; }\n")
        try:
            made = subprocess.run([CLANG, "-fsanitize=fuzzer,address,undefined", path, "-o", os.path.join(place, "empty")],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        except OSError:
            return False
        return made.returncode == 0


def build(rows):
    """The library and the harnesses; "" or what the compiler said."""
    os.makedirs(BUILD, exist_ok=True)
    status = os.path.join(BUILD, "config.status")
    configure = os.path.join(SOURCE, "configure")
    log = ""
    if IS_OWN and (not os.path.exists(status) or os.path.getmtime(configure) > os.path.getmtime(status)):
        done = subprocess.run([configure, "-q", "--enable-fuzz", "CC=" + CLANG, "CFLAGS=-O2 -gline-tables-only"], cwd=BUILD,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        log = done.stdout.decode("utf-8", "replace")
        if done.returncode:
            return log
        subprocess.run(["make", "-s", "-C", BUILD, "mostlyclean"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    done = subprocess.run(["make", "-s", "-C", BUILD, f"-j{os.cpu_count()}"] + ["tests/fuzz/" + row["name"] for row in rows],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return "" if done.returncode == 0 else log + done.stdout.decode("utf-8", "replace")


def without_random_addresses():
    """Old sanitizers stumble over addresses that are too random; not everywhere may one ask for plain ones."""
    words = ["setarch", os.uname().machine, "-R"]
    try:
        return words if subprocess.run(words + ["true"], stderr=subprocess.DEVNULL, check=False).returncode == 0 else []
    except OSError:
        return []


def reached(row, place):
    """Lines reached and lines there are, of the parser's files, and where the others stand."""
    profile = os.path.join(place, "profile")
    raws = [os.path.join(place, name) for name in os.listdir(place) if name.endswith(".profraw")]
    program = os.path.join(BUILD, "tests/fuzz", row["name"])
    if not raws or subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-o", profile] + raws, check=False).returncode:
        return 0, 0, ["no profile was written"]
    files = [os.path.join(SOURCE, name.split(":")[0]) for name in row["files"]]
    text = subprocess.run([tool("llvm-cov"), "export", "-format=lcov", "-instr-profile=" + profile, program] + files, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False).stdout.decode("utf-8", "replace")
    hit, all_lines, missed = 0, 0, []
    for name, part in zip(row["files"], by_file(text, files)):
        lines = chosen_lines(part, name)
        gone = sorted(line for line, count in lines.items() if count == 0)
        hit, all_lines = hit + len(lines) - len(gone), all_lines + len(lines)
        if not lines:
            missed.append(name + ": none of it is in the program")
        elif gone:
            missed.append(name.split(":")[0] + ":" + ",".join(ranges(gone)))
    return hit, all_lines, missed


def by_file(text, files):
    parts = {os.path.realpath(part.split("\n", 1)[0]): part for part in re.split(r"^SF:", text, flags=re.M)[1:]}
    return [parts.get(os.path.realpath(name), "") for name in files]


def chosen_lines(part, name):
    """Line → how often it ran; of the functions named behind the colon, if any: each goes up to where the next begins."""
    lines = {int(line): int(count) for line, count in re.findall(r"^DA:(\d+),(\d+)", part, re.M)}
    if ":" not in name:
        return lines
    wanted = set(name.split(":")[1].split(","))
    starts = sorted({(int(line), function.split(":")[-1]) for line, function in re.findall(r"^FN:(\d+),(.*)$", part, re.M)})
    chosen = {}
    for i, (first, function) in enumerate(starts):
        last = starts[i + 1][0] if i + 1 < len(starts) else 1 << 30
        if function in wanted:
            wanted.discard(function)
            chosen.update({line: count for line, count in lines.items() if first <= line < last})
    return chosen if not wanted else {}


def ranges(numbers):
    groups = []
    for number in numbers:
        if groups and groups[-1][1] == number - 1:
            groups[-1][1] = number
        else:
            groups.append([number, number])
    return [f"{a}" if a == b else f"{a}-{b}" for a, b in groups]


def run(row, runs, seconds, seed, keep):
    """One harness; seconds are the processor's, because other tests run beside it."""
    name = row["name"]
    place = os.path.join(BUILD, "run", name)
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    scratch = tempfile.mkdtemp(prefix="zg-fuzz-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    found = os.path.join(BUILD, "found", name) if keep else os.path.join(scratch, "found")
    os.makedirs(found, exist_ok=True)
    env = dict(os.environ, TMPDIR=scratch, ZHANGGUI_DATA=os.path.join(SOURCE, "data"), LLVM_PROFILE_FILE=os.path.join(place, "%p.profraw"),
               ASAN_OPTIONS="detect_leaks=1:quarantine_size_mb=8:allocator_may_return_null=0", UBSAN_OPTIONS="print_stacktrace=1",
               TZ="Asia/Shanghai", LANGUAGE="en")
    # the shortest hang is the full run's to look for; the quick one may have a slow machine
    env.setdefault("FUZZ_HANG_MS", "100" if runs > 100000 else "1000")
    share = max(1, -(-runs // row["share"]))
    command = without_random_addresses() + [
        os.path.join(BUILD, "tests/fuzz", name), f"-runs={share}", f"-seed={seed % 0xFFFFFFFF + 1}", f"-max_len={row['longest']}",
        "-timeout=20", "-reload=0", "-rss_limit_mb=1024",    # reading its own finds again each second would hang on the machine's speed
        "-malloc_limit_mb=128", "-print_final_stats=1",
        f"-artifact_prefix={BUILD}/crash-{name}-"]
    if seconds:
        command.append(f"-max_total_time={seconds}")
    words = os.path.join(HERE, name + ".dict")
    if os.path.exists(words):
        command.append("-dict=" + words)
    # by name: the order in which a directory lists its files would make the same seed another run on another machine
    corpus = os.path.join(HERE, "corpus", name)
    command += ["-seed_inputs=" + ",".join(os.path.join(corpus, file) for file in sorted(os.listdir(corpus))), found]
    with open(os.path.join(place, "log"), "wb") as file:
        child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    took = usage.ru_utime + usage.ru_stime
    shutil.rmtree(scratch, ignore_errors=True)
    with open(os.path.join(place, "log"), encoding="utf-8", errors="replace") as file:
        log = file.read()
    number = re.search(r"number_of_executed_units: (\d+)", log)
    inputs = int(number.group(1)) if number else 0
    said = "" if child.returncode == 0 else tail_of(log)
    # a run that was cut short has left no counters
    hit, lines, missed = reached(row, place) if not said else (0, 0, [])
    percent = 100.0 * hit / lines if lines else 0.0
    if not said and inputs < share and not seconds:
        said = f"only {inputs} of {share} inputs were tried\n"
    if not said and percent < BAR:
        said = f"only {percent:.1f} % of its lines were reached\n"
    return {"row": row, "held": not said, "said": said, "inputs": inputs, "seconds": took, "percent": percent, "lines": lines, "missed": missed}


def tail_of(log):
    """From the first sign of trouble on; the input is in the artifact's name."""
    at = re.search(r"^(fuzz: |.*runtime error:|==\d+== ?ERROR|zhanggui: )", log, re.M)
    lines = (log[at.start():] if at else log[-2000:]).splitlines()
    ours = [line for line in lines if not re.match(r" *#\d+ ", line) or SOURCE + "/" in line.split("(")[0]]    # of the calls, only our own
    return "\n".join(ours[:40]) + "\n"


def show(result):
    row = result["row"]
    lines = f"{result['percent']:5.1f} % of {result['lines']} lines" if result["lines"] else "ended before its lines were counted"
    print(f"{'held  ' if result['held'] else 'FAILED'} {row['name']:<10} {result['inputs']:>9} inputs  {result['seconds']:6.1f} s  "
          f"{result['inputs'] / max(result['seconds'], 0.01):>7.0f}/s  {lines}: {row['what']}")
    if result["missed"] and (not result["held"] or os.environ.get("FUZZ_SHOW")):
        print("       not reached: " + "; ".join(result["missed"]))
    if not result["held"]:
        print("    " + result["said"].replace("\n", "\n    "))
    sys.stdout.flush()


def main():
    by_hand = bool(os.environ.get("FUZZ_SHOW"))
    chosen = sys.argv[1:] or [name for name in [os.environ.get("NAME", "")] if name and by_hand]
    rows = [row for row in parsers() if not chosen or row["name"] in chosen]
    if not rows or len(chosen) > len(rows):
        print("fuzz: no such parser; tests/fuzz/parsers.tsv lists them\n0 passed, 1 failed")
        return 1
    if not has_fuzzer():
        print("fuzz: no clang with libFuzzer is here (Debian: clang), nothing was run")
        return 77
    seconds = int(os.environ.get("SECONDS") or 0)
    runs = int(os.environ.get("ZG_COUNT") or os.environ.get("RUNS") or (1 << 40 if seconds else 8000))
    given = os.environ.get("ZG_SEED") or os.environ.get("SEED")
    seed = int(given or random.SystemRandom().getrandbits(32))
    print(f"fuzz: ZG_SEED={seed}, {runs if runs < 1 << 40 else 'as many as fit'} inputs a parser, {len(rows)} parsers")
    trouble = build(rows)
    if trouble:
        print(trouble[-4000:] + "\nfuzz: the harnesses do not build\n0 passed, 1 failed")
        return 1
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(run, row, runs, seconds, seed, by_hand and not given) for row in rows]
        results = []
        for job in concurrent.futures.as_completed(jobs):
            results.append(job.result())
            show(results[-1])
    failed = sum(not result["held"] for result in results)
    print(f"figure: {sum(result['inputs'] for result in results)} inputs to {len(results)} parsers, {failed} with a fault; "
          f"least line coverage {min(result['percent'] for result in results):.1f} %; {time.monotonic() - begun:.0f} s")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
