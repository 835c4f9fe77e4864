#!/usr/bin/env python3
"""make bench: what the till costs, beside a minimal program and beside its bars.

Prints a line a figure: what, ours, yardstick, ratio, bar. With JSON=1 in the environment one JSON
document. Exit 0: every bar held; 1: one did not, or a figure could not be taken.

GOODS, SALES, KEYS, STARTS set the size (1,000,000 goods, 1,000 sales, 300 keys, 20 starts); KEEP=1
leaves the shop in bench.tmp.
"""

import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import time

import goods
from terminal import Terminal

SOURCE, BUILD = os.environ["ZG_SOURCE"], os.environ["ZG_BUILD"]
ZHANGGUI, MINIMAL = BUILD + "/zhanggui", BUILD + "/tests/bench/minimal"
WORK = BUILD + "/bench.tmp"
PIN = "48151"
GOODS, SALES = int(os.environ.get("GOODS", 1000000)), int(os.environ.get("SALES", 1000))
KEYS, STARTS = int(os.environ.get("KEYS", 300)), int(os.environ.get("STARTS", 20))
ENV = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", LANGUAGE="en", ZHANGGUI_DATA=SOURCE + "/data")

figures = []


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def figure(name, what, unit, ours, yardstick=None, bar=None):
    """bar: the most that `ours` may be."""
    figures.append({
        "name": name, "what": what, "unit": unit, "ours": ours, "yardstick": yardstick,
        "ratio": round(ours / yardstick, 2) if yardstick else None, "bar": bar,
        "held": None if bar is None else ours <= bar,
    })


def part(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(len(values) * share))], 2)


def shop(name):
    return "%s/%s" % (WORK, name)


def command(home, *words):
    done = subprocess.run([ZHANGGUI, "--home", home, "--as", "boss", "--pin-file", WORK + "/pin", *words], env=ENV,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit("bench: zhanggui %s: exit %d: %s%s" % (" ".join(words), done.returncode, done.stdout, done.stderr))


def found(name, count):
    """A new shop with so many goods; the seconds that the import took, by the clock and of the processor."""
    home, file = shop(name), "%s/%s.csv" % (WORK, name)
    subprocess.run([ZHANGGUI, "init", "--home", home, "--name", "Bench", "--admin", "boss", "--pin-file", WORK + "/pin",
                    "--language", "en"], env=ENV, check=True, stdout=subprocess.DEVNULL)
    with open(home + "/zhanggui.conf") as conf:
        text = re.sub(r"(?m)^#? ?link *=.*$", "link = file:%s/slips" % home, conf.read(), count=1)
        text = text.replace("profile = generic-80", "profile = generic-58")    # asks the printer nothing: a file answers nothing
    with open(home + "/zhanggui.conf", "w") as conf:
        conf.write(text)
    open(home + "/slips", "w").close()
    goods.write(file, count)
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command(home, "product", "import", file)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def till(home, trace=None):
    words = [ZHANGGUI, "--home", home]
    if trace:
        words = [shutil.which("strace"), "-f", "-qq", "-s", "65536", "-o", trace, "-e",
                 "trace=read,write,writev,fsync,fdatasync,sync_file_range,msync,sync,syncfs", "--"] + words
    return Terminal(words, ENV)


def sign_in(terminal):
    terminal.quiet(0.3, 20)
    for text in (b"boss", b"\r", PIN.encode(), b"\r"):
        terminal.send(text)
        terminal.quiet(0.1)
    terminal.quiet(0.5)


def leave(terminal):
    code = terminal.end()
    if code != 0:
        raise SystemExit("bench: the till ended with %d: %r" % (code, terminal.tail[-400:]))


def scan(n):
    return goods.barcode(n * 7127 % GOODS).encode() + b"\r"


# ---- the figures ----

def start_figures(home):
    def first_frame(words):
        terminal = Terminal(words, ENV)
        last, data = terminal.quiet(0.25, 20)
        code = terminal.end()
        if not data or code != (1 if words[0] == MINIMAL else 0):    # ncurses alone ends a program so on SIGTERM
            raise SystemExit("bench: %s ended with %d: %r" % (words[0], code, data[-400:]))
        return (last - terminal.started) * 1000

    ours, theirs = [], []
    for _ in range(STARTS):
        theirs.append(first_frame([MINIMAL, home + "/zhanggui.db"]))
        ours.append(first_frame([ZHANGGUI, "--home", home]))
    figure("start_p50", "start to first full frame, median", "ms", part(ours, 0.5), part(theirs, 0.5))
    figure("start_worst", "start to first full frame, slowest of %d" % STARTS, "ms", part(ours, 1), part(theirs, 1))


def key_figures(home):
    """The same keys to both, by turns: a code typed digit by digit, Enter, and letters that search."""
    ours, theirs = till(home), Terminal([MINIMAL, home + "/zhanggui.db"], ENV)
    sign_in(ours)
    theirs.quiet(0.3, 20)
    times = {"type": ([], []), "look up": ([], []), "search": ([], [])}
    per_round = len(goods.code(0)) + 1

    def press(kind, key):
        for side, terminal in enumerate((ours, theirs)):
            took = terminal.key(key)
            if took is None:
                raise SystemExit("bench: no answer to %r: %r" % (key, terminal.tail[-400:]))
            times[kind][side].append(took)

    for n in range(KEYS // per_round):
        for digit in goods.code(n * 6131 % GOODS):
            press("type", digit.encode())
        press("look up", b"\r")
    letters = "nfsq kshlc ynsn ylwt".replace(" ", "")
    for n in range(KEYS // per_round):
        press("search", letters[n % len(letters)].encode())
        press("search", letters[(n * 5 + 1) % len(letters)].encode())
        for terminal in (ours, theirs):
            terminal.send(b"\x1b")
            terminal.quiet(0.1)
    leave(ours)
    theirs.end()
    for kind, what, bar in (("type", "a typed digit", 5), ("look up", "Enter: looked up, rung up, drawn", None),
                            ("search", "a letter that searches names", None)):
        mine, yard = times[kind]
        figure("key_%s_p50" % kind.replace(" ", "_"), "key to last byte, %s, p50" % what, "ms", part(mine, 0.5), part(yard, 0.5))
        figure("key_%s_p99" % kind.replace(" ", "_"), "key to last byte, %s, p99" % what, "ms", part(mine, 0.99), part(yard, 0.99), bar)


def sell(terminal, n):
    """Three scanned goods, paid in cash with two keys; the bytes that it took."""
    before = terminal.written
    for k in range(3):
        terminal.send(scan(3 * n + k))
        terminal.quiet(0.012)
    terminal.send(b"+")
    terminal.quiet(0.012)
    terminal.send(b"\r")
    terminal.until(b"Paid")
    terminal.quiet(0.012, 0.03)
    return terminal.written - before


def day_figures(home):
    terminal = till(home)
    sign_in(terminal)
    sizes = [sell(terminal, n) for n in range(SALES)]
    rss = terminal.rss_kb() / 1024
    leave(terminal)
    figure("bytes_per_sale", "bytes to the terminal, three-item sale, median of %d" % SALES, "bytes", part(sizes, 0.5), None, 2000)
    figure("bytes_worst", "bytes to the terminal, three-item sale, largest of %d" % SALES, "bytes", part(sizes, 1))
    figure("rss_mb", "memory (RSS) after %d sales in one till" % SALES, "MB", round(rss, 1), None, 20)


CALL = re.compile(r"^\d+ +(?:<\.\.\. )?(\w+)(?:\((\d+), \"((?:[^\"\\]|\\.)*)\"|[ (])")


def syncs_in(trace):
    """For each sale in a trace: the syncs between its Enter (the read of it) and the write that says Paid."""
    counts, now = [], None
    with open(trace, errors="replace") as file:
        for line in file:
            call = CALL.match(line)
            if not call:
                continue
            name, _, data = call.groups()
            if name == "read" and data in ("\\r", "\\n"):
                now = 0
            elif name in ("fsync", "fdatasync", "sync_file_range", "msync", "sync", "syncfs") and now is not None:
                now += "unfinished" not in line
            elif name in ("write", "writev") and data and "Paid" in data and now is not None:
                counts.append(now)
                now = None
    return counts


def sync_figures(home):
    trace, sales = WORK + "/trace", 30
    if not shutil.which("strace"):
        raise SystemExit("bench: strace is missing: install it to count syncs")
    terminal = till(home, trace)
    sign_in(terminal)
    for n in range(sales):
        sell(terminal, n)
    leave(terminal)
    counts = syncs_in(trace)
    if len(counts) != sales:
        raise SystemExit("bench: %d sales in the trace, %d were made" % (len(counts), sales))
    figure("syncs_least", "syncs from the settle key to Paid, fewest of %d sales" % sales, "syncs", min(counts), 1)
    figure("syncs_most", "syncs from the settle key to Paid, most of %d sales" % sales, "syncs", max(counts), 1, 1)
    figures[-1]["held"] = figures[-2]["held"] = min(counts) == max(counts) == 1


def import_figures():
    rows = min(100000, GOODS)
    took, busy = found("hundred", rows)
    figure("import_s", "product import, %s rows" % format(rows, ","), "s", round(took, 2), None, 5)
    figure("import_cpu_s", "the same, time of the processor", "s", round(busy, 2))
    figure("import_rows", "product import, rows a second", "rows/s", round(rows / took))


# ---- the report ----

def first_line(path, key):
    try:
        with open(path) as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "")
    except OSError:
        return ""


def git(*words):
    done = subprocess.run(["git", "-C", SOURCE, *words], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def report():
    commit = git("rev-parse", "--short=12", "HEAD") or "unknown"
    facts = {
        "commit": commit, "changed": bool(git("status", "--porcelain", "--untracked-files=no")),
        "command": "make bench GOODS=%d SALES=%d KEYS=%d STARTS=%d" % (GOODS, SALES, KEYS, STARTS),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": {
            "cpu": first_line("/proc/cpuinfo", "model name") or platform.machine(), "cores": os.cpu_count(),
            "memory_mb": int(first_line("/proc/meminfo", "MemTotal").split()[0]) // 1024,
            "system": "%s %s" % (platform.system(), platform.release()), "load": round(os.getloadavg()[0], 2),
        },
        "figures": figures,
    }
    if os.environ.get("JSON"):
        print(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    machine = facts["machine"]
    print("commit %s%s, %s, %d cores, %d MB, %s, load %s" % (commit, " (changed)" if facts["changed"] else "", machine["cpu"],
          machine["cores"], machine["memory_mb"], machine["system"], machine["load"]))
    print(facts["command"])
    print("%-62s %12s %10s %7s  %s" % ("what", "ours", "yardstick", "ratio", "bar"))
    for f in figures:
        print("%-62s %12s %10s %7s  %s" % (
            f["what"], "%g %s" % (f["ours"], f["unit"]), "-" if f["yardstick"] is None else "%g" % f["yardstick"],
            "-" if f["ratio"] is None else "%.2f" % f["ratio"],
            "-" if f["held"] is None else "%g %s" % (f["bar"] or 1, "held" if f["held"] else "MISSED")))


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK, 0o700)
    with open(WORK + "/pin", "w") as file:
        file.write(PIN + "\n")
    say("imports %d goods" % min(100000, GOODS))
    import_figures()
    say("imports %d goods" % GOODS)
    took, _ = found("shop", GOODS)
    home = shop("shop")
    figure("import_all_s", "product import, %s rows" % format(GOODS, ","), "s", round(took, 1))
    command(home, "shift", "open", "--float", "100")
    say("starts %d times" % STARTS)
    start_figures(home)
    say("presses %d keys" % KEYS)
    key_figures(home)
    say("sells with its syncs counted")
    sync_figures(home)
    say("sells %d times" % SALES)
    day_figures(home)
    if not os.environ.get("KEEP"):
        shutil.rmtree(WORK, ignore_errors=True)
    report()
    return 0 if all(f["held"] is not False for f in figures) else 1


sys.exit(main())
