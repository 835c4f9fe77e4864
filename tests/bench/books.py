"""What the books cost: a sale's commit, the search, an import, the package."""

import os
import shutil
import subprocess
import time

import goods
from report import figure
from shop import BUILD, ENV, GOODS, SOURCE, WORK, found, shop

COMMITS, SEARCHES = int(os.environ.get("COMMITS", 2000)), int(os.environ.get("SEARCHES", 1000))


def output(*words, **more):
    done = subprocess.run(words, env=dict(ENV, **more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("bench: %s: exit %d" % (" ".join(words), done.returncode))
    return done.stdout


def commit_figures():
    act, raw, slow_act, _, flushes, written, grown = (
        float(word) for word in output(BUILD + "/tests/bench/commit", str(COMMITS), TMPDIR=WORK).split())
    figure("commit", "sales a second, beside 4 KiB pwrite + fdatasync", "/s", round(1e6 / act), round(1e6 / raw), least_ratio=0.6)
    figure("commit_slow", "flushes of 10 ms more that a paid sale takes longer by", "flushes", round((slow_act - act) / 10000, 3), 1,
           bar=1.15)
    figure("commit_flushes", "flushes counted in the act of paying", "flushes", flushes, 1)
    figure("commit_kb", "written by the process for a three-item sale, checkpoints included", "KB", written)
    figure("commit_rss", "memory (RSS) that the second half of %d sales added" % COMMITS, "KB", grown, None, 1024)


def journal_figures():
    rows = int(os.environ.get("ROWS", 1000000))
    took, busy, _, size = (float(word) for word in output(BUILD + "/tests/bench/journal", str(rows), TMPDIR=WORK).split())
    words = "journal verify, %s rows" % format(rows, ",")
    figure("journal_s", words + ", books of %d MB" % (size / 1024), "s", round(took, 2), None, 5)
    figure("journal_cpu_s", "the same, time of the processor", "s", round(busy, 2))


def search_figures(home, count):
    """Bars: 1 ms at 100,000 goods, 10 ms at 1,000,000."""
    for line in output(BUILD + "/tests/bench/search", home, str(SEARCHES)).splitlines():
        kind, _, p50, p99, _ = line.split("\t")
        words = "search among %s goods, %s" % (format(count, ","), kind)
        figure("search_%d_%s_p50" % (count, kind), words + ", p50", "ms", int(p50) / 1000)
        figure("search_%d_%s_p99" % (count, kind), words + ", p99", "ms", int(p99) / 1000, None, 1 if count <= 100000 else 10)


def shell_import(file):
    """Seconds that the sqlite3 shell needs to take the same file in as bare text, without rules, search or journal; None without it."""
    shell = shutil.which("sqlite3")
    if not shell:
        return None
    begun = time.monotonic()
    subprocess.run([shell, WORK + "/bare.db", ".mode csv", ".import %s goods" % file], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def import_figures():
    rows = min(100000, GOODS)
    took, busy = found("hundred", rows)
    bare = shell_import(WORK + "/hundred.csv")
    figure("import_s", "product import, %s rows" % format(rows, ","), "s", round(took, 2), round(bare, 2) if bare else None, 5)
    figure("import_cpu_s", "the same, time of the processor", "s", round(busy, 2))
    figure("import_rows", "product import, rows a second (beside: the sqlite3 shell's .import)", "rows/s", round(rows / took),
           round(rows / bare) if bare else None)
    search_figures(shop("hundred"), rows)


def package_figures():
    """What make install lays down, the programs stripped."""
    place = WORK + "/installed"
    subprocess.run(["make", "-s", "-C", BUILD, "install-strip", "DESTDIR=" + place], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    size = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(place) for name in names)
    figure("package_mb", "installed size, everything", "MB", round(size / 1e6, 2), None, 5)
