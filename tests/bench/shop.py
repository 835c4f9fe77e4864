"""A shop for the bench, and its till at a terminal."""

import os
import re
import resource
import shutil
import subprocess
import time

import goods
from terminal import Terminal

SOURCE, BUILD = os.environ["ZG_SOURCE"], os.environ["ZG_BUILD"]
ZHANGGUI, MINIMAL = BUILD + "/zhanggui", BUILD + "/tests/bench/minimal"
WORK = BUILD + "/bench.tmp"
PIN = "48151"
GOODS = int(os.environ.get("GOODS", 1000000))
ENV = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", LANGUAGE="en", ZHANGGUI_DATA=SOURCE + "/data")


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
