#!/usr/bin/env python3
"""make bench: what the till costs, beside a minimal program and beside its bars.

Prints a line a figure: what, ours, yardstick, ratio, bar. With JSON=1 in the environment one JSON
document. Exit 0: every bar held; 1: one did not, or a figure could not be taken.

GOODS, SALES, KEYS, STARTS, PAST, COMMITS, SEARCHES, REST, ROWS, PAYS set the sizes (1,000,000 goods, 1,000 sales typed, 300 keys, 20 starts,
1,000,000 past sales, 2,000 sales committed, 1,000 searches a kind, 20 s of rest, 1,000,000 rows of a journal, 24 payments by phone); KEEP=1
leaves the shops in bench.tmp. PART=pay measures the payments by phone alone.
"""

import os
import shutil
import sys

import books
import past
import pay
import screen
from report import figure, figures, report
from shop import GOODS, PIN, WORK, command, found, shop

PAST = int(os.environ.get("PAST", 1000000))
SIZES = "GOODS SALES KEYS STARTS PAST COMMITS SEARCHES REST ROWS PAYS PART".split()


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def sell_and_grow_old(home):
    """One sale, its shift closed, then so many copies of it; a shift is open again afterwards."""
    command(home, "shift", "open", "--float", "100")
    terminal = screen.till(home)
    screen.sign_in(terminal)
    screen.sell(terminal, 0)
    screen.leave(terminal)
    command(home, "shift", "count", "--total", "0")
    command(home, "shift", "close")
    past.add(home, PAST)
    command(home, "shift", "open", "--float", "100")


def measure():
    if os.environ.get("PART") == "pay":
        say("pays by phone")
        pay.pay_figures()
        return
    say("commits sales")
    books.commit_figures()
    say("verifies a journal")
    books.journal_figures()
    say("imports and searches %d goods" % min(100000, GOODS))
    books.import_figures()
    if GOODS > 100000:
        say("imports and searches %d goods" % GOODS)
    took, _ = found("shop", GOODS)
    home = shop("shop")
    figure("import_all_s", "product import, %s rows" % format(GOODS, ","), "s", round(took, 1))
    if GOODS > 100000:
        books.search_figures(home, GOODS)
    say("makes %d past sales" % PAST)
    sell_and_grow_old(home)
    say("starts, presses keys, rests")
    screen.start_figures(home, PAST)
    screen.key_figures(home)
    screen.htop_figures()
    screen.rest_figures(home)
    say("sells with its syncs counted")
    screen.sync_figures(home)
    say("sells")
    screen.day_figures(home)
    say("pays by phone")
    pay.pay_figures()
    books.package_figures()


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK, 0o700)
    with open(WORK + "/pin", "w") as file:
        file.write(PIN + "\n")
    measure()
    if not os.environ.get("KEEP"):
        shutil.rmtree(WORK, ignore_errors=True)
    report("make bench " + " ".join("%s=%s" % (name, os.environ[name]) for name in SIZES if name in os.environ))
    return 0 if all(f["held"] is not False for f in figures) else 1


sys.exit(main())
