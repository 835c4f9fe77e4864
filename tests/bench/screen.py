"""What is seen at the terminal: the start, keys, bytes, rest."""

import os
import re
import shutil
import time

import goods
from report import figure, part
from shop import ENV, GOODS, MINIMAL, WORK, ZHANGGUI, leave, scan, sign_in, till
from terminal import Terminal

SALES, KEYS = int(os.environ.get("SALES", 1000)), int(os.environ.get("KEYS", 300))
STARTS, REST = int(os.environ.get("STARTS", 20)), int(os.environ.get("REST", 20))


def start_figures(home, past):
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
    words = "start to first full frame, %s past sales, " % format(past, ",")
    figure("start_p50", words + "median", "ms", part(ours, 0.5), part(theirs, 0.5), bar_ratio=2.5)
    figure("start_worst", words + "slowest of %d" % STARTS, "ms", part(ours, 1), part(theirs, 1))


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
    for kind, what in (("type", "a typed digit"), ("look up", "Enter: looked up, rung up, drawn"), ("search", "a letter that searches names")):
        name, what = "key_" + kind.replace(" ", "_"), "key to last byte, " + what
        mine, yard = times[kind]
        figure(name + "_p50", what + ", p50", "ms", part(mine, 0.5), part(yard, 0.5), bar_ratio=1.5)
        figure(name + "_p99", what + ", p99", "ms", part(mine, 0.99), part(yard, 0.99), bar=5)


def htop_figures():
    """What a well-known program needs to answer the arrow keys, where it is installed."""
    htop = shutil.which("htop")
    if not htop:
        return
    terminal = Terminal([htop, "--no-color", "--delay=200"], ENV)
    terminal.quiet(0.5, 5)
    times = [terminal.key(key) for _ in range(KEYS // 6) for key in (b"\033[B", b"\033[A")]
    terminal.send(b"q")
    terminal.end()
    times = [took for took in times if took is not None]
    if times:
        figure("htop_p50", "beside it: htop, an arrow key, p50", "ms", part(times, 0.5))
        figure("htop_p99", "beside it: htop, an arrow key, p99", "ms", part(times, 0.99))


def rest_figures(home):
    """Nobody touches a key: how often the till wakes, and what it sends."""
    terminal = till(home)
    sign_in(terminal)
    terminal.quiet(1.5, 3)

    def wakes():
        with open("/proc/%d/status" % terminal.pid) as file:
            return sum(int(line.split()[1]) for line in file if "ctxt_switches" in line and not line.startswith("non"))

    woken, written, end = wakes(), terminal.written, time.monotonic() + REST
    while time.monotonic() < end:
        terminal.quiet(0.2, max(0.01, end - time.monotonic()))
    woken, written = wakes() - woken, terminal.written - written
    leave(terminal)
    figure("rest_wakes", "wake-ups a second while nobody touches a key (%d s)" % REST, "/s", round(woken / REST, 2), None, 2)
    figure("rest_bytes", "bytes to the terminal meanwhile", "bytes/s", round(written / REST, 1))


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
    figure("bytes_worst", "bytes to the terminal, three-item sale, largest of %d" % SALES, "bytes", part(sizes, 1), None, 2000)
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
    figure("syncs_most", "syncs from the settle key to Paid, most of %d sales (fewest: %d)" % (sales, min(counts)), "syncs", max(counts),
           1, bar=1, least_ratio=1)
