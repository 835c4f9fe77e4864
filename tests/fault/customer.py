#!/usr/bin/env python3
"""The customer's terminal beside the till: two real programs in tmux, the simulator's gateways behind them. What is rung up, the code (read
by zbarimg from a picture), "paid, thank you", a till that ends and comes back, the one key; and no word of the staff. ZG_COUNT rounds (1).
"""
import gettext
import os
import re
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.environ.get("ZG_SOURCE", "."), "tests/lab"))
import counter  # noqa: E402
import picture  # noqa: E402

WORDS = {"moment": "One moment, please.", "welcome": "Welcome", "pay": "To pay", "scan": "Scan with %s to pay", "unfit": "The code does not fit",
         "thanks": "✓ Paid. Thank you!", "closed": "This counter is closed.", "change": "Change  %s"}
UNFIT = "The code does not fit on this screen. Please ask for it on paper, or show your own code."
STAFF = ("boss", "Shift", "班", "R01", "Slips", "待印", "In doubt", "待决")
passed = failed = 0


def say(language, word):
    """As this language has it, up to what stands in it; a word that is none of ours is itself."""
    text = WORDS.get(word, word)
    if language == "zh_CN":
        whole = gettext.translation("zhanggui", counter.environment()["ZHANGGUI_LOCALEDIR"], ["zh_CN"], fallback=True).gettext
        text = whole(UNFIT)[:5] if word == "unfit" else whole(text)
    return text.split("%", maxsplit=1)[0]


def check(holds, words, shop):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"FAILED: {words}")
        print(re.sub("^", "    |", shop.text("customer"), flags=re.M))
    return holds


def see(shop, look, word, *more):
    columns, rows, language = look
    what = say(language, word)
    check(shop.sees("customer", what, *more), f"{columns}x{rows} {language}: {what!r} is shown", shop)
    text = shop.text("customer")
    check(not any(word in text for word in STAFF), f"{columns}x{rows} {language}: nothing of the staff at {what!r}", shop)
    check("街角店" in text.split("\n", maxsplit=1)[0], f"{columns}x{rows} {language}: the shop's name at {what!r}", shop)


def pay_by_phone(shop, look):
    columns, rows, _ = look
    shop.press("till", "+")
    shop.type("till", "1..")
    shop.sees("till", "█▀▀▀▀▀█")
    if rows < 24:
        see(shop, look, "unfit")
    else:
        see(shop, look, "scan")
        check(shop.sees("customer", "█▀▀▀▀▀█"), "our code is shown", shop)
        url = shop.orders()[-1]["url"]
        read = picture.codes_in(picture.draw(shop.colours("customer"), columns, rows), shop.place)
        check(read == [url], f"{columns}x{rows}: read {read}, not {url}", shop)
    shop.tell("phone now pays")
    see(shop, look, "thanks")


def one(shop, look):
    columns, rows, language = look
    shop.settle(language)
    shop.open("customer", ["customer"], language, columns, rows)
    see(shop, look, "moment", say(language, "closed"))
    shop.sign_in("till", language)
    see(shop, look, "welcome")
    shop.ring()
    see(shop, look, "龙井绿茶")
    shop.ring(code="6901234567908")
    see(shop, look, "Milk 牛奶")
    see(shop, look, "pay")
    check("12.98" in shop.text("customer") and "5.50" in shop.text("customer"), "both amounts stand there", shop)
    before = shop.text("customer")
    shop.press("customer", "Escape", "?", "F1", "Enter", "7")
    time.sleep(0.5)
    check(shop.text("customer") == before, "no other key does anything", shop)
    shop.close("till")
    see(shop, look, "moment", say(language, "closed"))
    shop.sign_in("till", language)
    see(shop, look, "Milk 牛奶")
    pay_by_phone(shop, look)
    shop.ring()
    see(shop, look, "龙井绿茶")
    check(say(language, "thanks") not in shop.text("customer"), "the next customer is not thanked", shop)
    shop.press("till", "+")
    shop.type("till", "13")
    shop.press("till", "Enter")
    see(shop, look, "change")
    check("0.02" in shop.text("customer") and say(language, "thanks") in shop.text("customer"), "thanked, and how much comes back", shop)
    shop.press("customer", "q")
    until = time.monotonic() + counter.WAIT_S
    while shop.is_open("customer") and time.monotonic() < until:
        time.sleep(0.05)
    check(not shop.is_open("customer"), "q ends it", shop)
    shop.close("till")


def main():
    count = int(os.environ.get("ZG_COUNT", "1"))
    print(f"customer: seed {os.environ.get('ZG_SEED', '20261125')}, {count} rounds")
    for tool in ("tmux", "zbarimg"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed\n0 passed, 0 failed")
            return 0
    looks = [(80, 24, "en")] + ([(40, 12, "zh_CN")] if counter.has_chinese() else [])
    with counter.Counter() as shop:
        shop.found()
        shop.tell("phone vanishes")
        for _ in range(count):
            for look in looks:
                one(shop, look)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
