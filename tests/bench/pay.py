"""Payments by phone, before the simulator's gateways over HTTPS on this machine: how soon paid is seen, and what TLS weighs."""

import http.client
import json
import os
import re
import ssl
import subprocess
import time

import goods
from report import figure, part
from shop import BUILD, ENV, command, found, leave, shop, sign_in, till

SIM = BUILD + "/zhanggui-sim"
PAYS = int(os.environ.get("PAYS", 24))
WALLETS = (("wechat", "13", 16), ("alipay", "28", 16), ("unionpay", "62", 17))


class Gateways:
    """The gateways of a merchant who does not exist, with the keys of both sides made for this run."""

    def __init__(self, home):
        self.keys, self.log, self.ledger = home + "/gateways", home + "/requests.jsonl", home + "/phones.jsonl"
        subprocess.run([SIM, "gateway", "--make-shop", self.keys, "--port", "1", "--https-port", "1"], check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([SIM, "gateway", "--keys", self.keys, "--https-port", "0", "--log", self.log, "--ledger", self.ledger,
                                         "--until-eof"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"https://127\.0\.0\.1:(\d+)", self.process.stdout.readline()).group(1))
        with open(self.keys + "/pay.conf") as file:
            self.settings = re.sub(r"https://127\.0\.0\.1:1\b", "https://127.0.0.1:%d" % self.port, file.read())

    def order(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        if not self.process.stdout.readline().startswith("ok"):
            raise SystemExit("bench: the gateways do not know %r" % line)

    def told(self):
        """When a gateway first answered that the last payment is paid, Unix milliseconds: the first answer about it after the phone's charge."""
        with open(self.ledger) as file:
            charge = json.loads(file.readlines()[-1])
        with open(self.log) as file:
            rows = [row for row in map(json.loads, file) if row["number"] == charge["number"] and row["at_ms"] >= charge["at_ms"]]
        return rows[0]["at_ms"]

    def exchanges(self, count):
        """The least of the kind: a request and an answer on a kept connection over TLS, milliseconds each."""
        trust = ssl.create_default_context(cafile=self.keys + "/ca_certificate.pem")
        line, times = http.client.HTTPSConnection("127.0.0.1", self.port, context=trust), []
        for _ in range(count):
            begun = time.monotonic()
            line.request("GET", "/sim/status")
            line.getresponse().read()
            times.append((time.monotonic() - begun) * 1000)
        line.close()
        return times[1:]    # without the handshake

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)


def pay(terminal, gateways, n):
    """One sale, paid by a customer's code, each fourth by ours; the milliseconds from the gateway's "paid" to "Paid" on the screen."""
    wallet, first, digits = WALLETS[n % len(WALLETS)]
    shown = n % 4 == 3
    keys = [goods.barcode(n % 1000).encode() + b"\r", b"+"]
    keys += [b"%d.\r" % (n % len(WALLETS) + 1) if shown else ("%s%0*d\r" % (first, digits, int(time.time() * 1000))).encode()]
    for key in keys:
        terminal.send(key)
        terminal.quiet(0.1, 0.5)
    terminal.until(b"received", 60)    # what the screen says of a sale that is paid
    seen = time.time() * 1000
    terminal.quiet(0.1)
    return seen - gateways.told()


def pay_figures():
    found("pay", 1000)
    home = shop("pay")
    gateways = Gateways(home)
    with open(home + "/zhanggui.conf", "a") as conf:
        conf.write("\n" + gateways.settings)
    command(home, "shift", "open", "--float", "100")
    gateways.order("phone pays-after 1500")
    gateways.order("set scan-ms 1000")
    yard = gateways.exchanges(100)
    terminal = till(home)
    sign_in(terminal)
    before = terminal.rss_kb() / 1024
    times = [pay(terminal, gateways, n) for n in range(PAYS)]
    after = terminal.rss_kb() / 1024
    leave(terminal)
    gateways.end()
    what = "from the gateway's \"paid\" to Paid on the screen, over HTTPS, "
    figure("paid_p50", what + "median", "ms", part(times, 0.5), part(yard, 0.5), bar=50)
    figure("paid_worst", what + "worst of %d" % PAYS, "ms", part(times, 1), part(yard, 1), bar=50)
    figure("rss_tls_mb", "memory (RSS) after %d payments over TLS; beside: before them" % PAYS, "MB", round(after, 1), round(before, 1), bar=20)
