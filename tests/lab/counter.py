"""A shop for experiments that look at real terminals: the real program, the simulator's three gateways, and tmux with as many terminals as
are wanted. All of it in one scratch directory, and gone with it."""
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

BUILD = os.path.abspath(os.environ.get("ZG_BUILD", "."))
SOURCE = os.path.abspath(os.environ.get("ZG_SOURCE", "."))
PIN = "8526"
WAIT_S = 20
GOODS = """code,barcodes,name,unit,price,tax_rate,tax_code,kind
T1,6901234567892,龙井绿茶,杯,12.98,13%,,piece
T2,6901234567908,Milk 牛奶,盒,5.50,13%,,piece
"""
LOCALES = {"en": "C.UTF-8", "zh_CN": "zh_CN.UTF-8"}


def environment(language="en"):
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "LANGUAGE", "TMUX", "ZHANGGUI_HOME")}
    env.update(LC_ALL=LOCALES[language], TZ="Asia/Shanghai", ZHANGGUI_DATA=os.path.join(SOURCE, "data"))
    env.setdefault("ZHANGGUI_LOCALEDIR", os.path.join(BUILD, "po/locale"))
    return env


def has_chinese():
    have = subprocess.run(["locale", "-a"], stdout=subprocess.PIPE, check=False).stdout.decode().lower()
    if "zh_cn.utf8" in have or "zh_cn.utf-8" in have:
        return True
    print("skipped: Chinese, the locale zh_CN.UTF-8 is missing")
    return False


def must(holds, words):
    if not holds:
        print(f"{words}\n0 passed, 1 failed")
        sys.exit(1)


class Counter:
    def __init__(self):
        self.place = tempfile.mkdtemp(prefix="zg-counter-", dir=os.environ.get("TMPDIR"))
        self.home = os.path.join(self.place, "shop")
        self.gateway = self.printer = None
        self.port = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["tmux", "-S", self.place + "/tmux", "kill-server"], stderr=subprocess.DEVNULL, check=False)
        for child in (self.gateway, self.printer):
            if child:
                child.stdin.close()
                child.terminate()
                child.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    # ---- the shop ----

    def run(self, *words, language="en"):
        done = subprocess.run([os.path.join(BUILD, "zhanggui"), *words, "--home", self.home], env=environment(language), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
        must(done.returncode == 0, f"zhanggui {' '.join(words)}: {done.stdout.decode()}")
        return done.stdout.decode()

    def write(self, name, text):
        with open(os.path.join(self.place, name), "w", encoding="utf-8") as file:
            file.write(text)
        return file.name

    def found(self, seed=1):
        """A shop with goods, an open shift, and the gateways at work. The cashier is boss."""
        pin = self.write("pin", PIN + "\n")
        keys = os.path.join(self.place, "gate")
        made = subprocess.run([os.path.join(BUILD, "zhanggui-sim"), "gateway", "--make-shop", keys, "--port", "65511"], stdout=subprocess.DEVNULL,
                              check=False)
        must(made.returncode == 0, "the simulator makes no keys")
        self.gateway = subprocess.Popen([os.path.join(BUILD, "zhanggui-sim"), "gateway", "--keys", keys, "--seed", str(seed), "--until-eof"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ready = re.match(r"ready http://127\.0\.0\.1:(\d+)", self.gateway.stdout.readline())
        must(ready, "the simulator does not start")
        self.port = int(ready[1])
        self.run("init", "--name", "街角店", "--admin", "boss", "--pin-file", pin)
        self.run("product", "import", self.write("goods.csv", GOODS), "--as", "boss", "--pin-file", pin)
        with open(os.path.join(keys, "pay.conf"), encoding="utf-8") as file:
            self.accounts = file.read().replace("65511", str(self.port))
        self.settle()
        self.run("shift", "open", "--float", "200", "--as", "boss", "--pin-file", pin)

    def settle(self, language="en", theme="dark", more=""):
        """zhanggui.conf, for the next start of the till."""
        text = f"[shop]\nname = 街角店\nlanguage = {language}\n[till]\nid = 1\ntheme = {theme}\n{more}\n{self.accounts}"
        with open(os.path.join(self.home, "zhanggui.conf"), "w", encoding="utf-8") as file:
            file.write(text)

    def start_printer(self, *options):
        self.printer = subprocess.Popen([os.path.join(BUILD, "zhanggui-sim"), "printer", "--link", self.place + "/printer", *options],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def tell(self, line):
        self.gateway.stdin.write(line + "\n")
        self.gateway.stdin.flush()
        answer = self.gateway.stdout.readline()
        must(answer.startswith("ok "), f"the simulator does not take {line!r}: {answer}")

    def orders(self):
        """What the gateways have, oldest first."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        line.request("GET", "/sim/orders")
        text = line.getresponse().read().decode()
        line.close()
        return [json.loads(row) for row in text.splitlines()]

    # ---- terminals ----

    def tmux(self, *words):
        return subprocess.run(["tmux", "-S", self.place + "/tmux", "-f", "/dev/null", *words], env=dict(environment(), LC_ALL="C.UTF-8"),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False).stdout.decode()

    def open(self, name, words, language="en", columns=80, rows=24):
        """A terminal of that name, in which `zhanggui WORDS` runs."""
        env = environment(language)
        given = [f"{key}={env[key]}" for key in ("LC_ALL", "TZ", "ZHANGGUI_DATA", "ZHANGGUI_LOCALEDIR")]
        self.tmux("new-session", "-d", "-s", name, "-x", str(columns), "-y", str(rows), "env", *given, "TERM=tmux-256color",
                  os.path.join(BUILD, "zhanggui"), *words, "--home", self.home)
        self.tmux("set-option", "-g", "status", "off")
        self.tmux("resize-window", "-t", name, "-x", str(columns), "-y", str(rows))

    def close(self, name):
        """As by a terminal that is shut; returns once the program has ended."""
        child = int(self.tmux("list-panes", "-t", name, "-F", "#{pane_pid}").split()[0])
        self.tmux("kill-session", "-t", name)
        until = time.monotonic() + WAIT_S
        while os.path.exists(f"/proc/{child}") and time.monotonic() < until:
            time.sleep(0.02)

    def is_open(self, name):
        return "can't find" not in self.tmux("has-session", "-t", name)

    def text(self, name):
        return self.tmux("capture-pane", "-p", "-t", name)

    def colours(self, name):
        return self.tmux("capture-pane", "-e", "-p", "-t", name)

    def press(self, name, *keys):
        for key in keys:
            self.tmux("send-keys", "-t", name, key)
            time.sleep(0.05)

    def type(self, name, text):
        self.tmux("send-keys", "-t", name, "-l", text)
        time.sleep(0.08)

    def sees(self, name, *wanted, seconds=WAIT_S):
        """One of these stands on that terminal in time."""
        until = time.monotonic() + seconds
        while True:
            text = self.text(name)
            if any(one in text for one in wanted):
                return True
            if time.monotonic() > until:
                return False
            time.sleep(0.05)

    def sign_in(self, name="till", language="en", columns=80, rows=24):
        """The till in a terminal, with boss at the selling screen."""
        self.open(name, ["till"], language, columns, rows)
        must(self.sees(name, "boss", "Login", "登录名"), f"the till does not start:\n{self.text(name)}")
        self.type(name, "boss")
        self.press(name, "Enter")
        self.type(name, PIN)
        self.press(name, "Enter")
        must(self.sees(name, "Settle", "结算"), f"nobody is signed in:\n{self.text(name)}")

    def ring(self, name="till", code="6901234567892"):
        self.type(name, code + "\n")
        time.sleep(0.2)
