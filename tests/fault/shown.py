#!/usr/bin/env python3
"""The code that we show is read by a phone: the real program against the simulator's gateways in tmux at 80x24, in every theme and both
languages; a picture is made of the terminal, and of the virtual printer's paper, and zbarimg reads both. What it reads must be what the
gateway said. ZG_COUNT codes
(4, one in each theme; 24: each wallet's in each theme and language).
"""
import os
import re
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.environ.get("ZG_SOURCE", "."), "tests/lab"))
import counter  # noqa: E402
import picture  # noqa: E402

PROFILES = ("epson-tm-t20", "generic-80")    # one that makes codes itself, one that is sent a picture of them
WALLETS = {"1": "WeChat", "2": "Alipay", "3": "UnionPay"}
passed = failed = 0


def check(holds, words, shop=None):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"FAILED: {words}")
        print(re.sub("^", "    |", shop.text("till"), flags=re.M) if shop else "")
    return holds


def themes():
    """As the program has them: a theme that is added is tried."""
    with open(os.path.join(counter.SOURCE, "tui/theme.c"), encoding="utf-8") as file:
        return re.findall(r'^\t\{ "([a-z-]+)", N_\(', file.read(), re.M)


def show(shop, theme, language, wallet, profile):
    shop.settle(language, theme, f"[printer]\nlink = file:{shop.place}/printer\nprofile = {profile}")
    shop.sign_in("till", language)
    shop.ring()
    before = len(shop.orders())
    shop.press("till", "+")
    shop.type("till", wallet)
    shop.type("till", "..")    # at once, without waiting whether an amount follows
    what = f"{WALLETS[wallet]}'s code in theme {theme}, {language}"
    if not check(shop.sees("till", "█▀▀▀▀▀█"), f"{what} is shown", shop):
        return
    orders = shop.orders()
    check(len(orders) == before + 1 and orders[-1]["url"], f"{what} is the gateway's one order", shop)
    read = picture.codes_in(picture.draw(shop.colours("till"), 80, 24), shop.place)
    check(read == [orders[-1]["url"]], f"{what}: read {read}, not {orders[-1]['url']}", shop)
    print_it(shop, what, orders[-1]["url"])


def print_it(shop, what, url):
    """The same code on paper."""
    path = os.path.join(shop.place, "paper")
    had = os.path.getsize(path)
    shop.type("till", "p")
    until = time.monotonic() + counter.WAIT_S
    text = ""
    while "✂" not in text and time.monotonic() < until:
        time.sleep(0.1)
        with open(path, encoding="utf-8") as file:
            file.seek(had)
            text = file.read()
    read = picture.codes_in(picture.paper(text), shop.place)
    check(read == [url], f"{what} on paper: read {read}, not {url}\n{text}", shop)


def main():
    seed, count = int(os.environ.get("ZG_SEED", "20261125")), int(os.environ.get("ZG_COUNT", "4"))
    print(f"shown: seed {seed}, {count} codes")
    for tool in ("tmux", "zbarimg"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed\n0 passed, 0 failed")
            return 0
    looks, tongues, tried = themes(), ["en", "zh_CN"] if counter.has_chinese() else ["en"], set()
    check(len(looks) >= 4, "the themes are found in tui/theme.c")
    with counter.Counter() as shop:
        shop.found(seed)
        shop.tell("phone vanishes")
        shop.start_printer("--paper", os.path.join(shop.place, "paper"))
        for one in range(count):
            theme, language = looks[one % len(looks)], tongues[(one + one // len(looks)) % len(tongues)]
            tried.add((theme, language))
            show(shop, theme, language, str((seed + one) % len(WALLETS) + 1), PROFILES[one % 2])
            shop.press("till", "F7")    # the sale is hung, and the next one is another
            shop.close("till")
    print(f"figure: {count} codes in {len(tried)} looks (theme and language), each read back from screen and paper")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
