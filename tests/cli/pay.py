"""
The commands of payments by phone, against the simulated gateways over loopback: what they print in both languages, their JSON, their exit codes;
what `pay check` says of each thing that can be set up wrongly; and that no secret and no whole code is ever printed.
Ends with a line "N passed, N failed".
"""
import glob
import json
import os
import re
import socket
import stat
import struct
import subprocess
import sys
import time

import cli
from cli import BUILD, ENV, GOODS, SIM, Shop, Till, check, keys

LAB_SIM = os.path.join(BUILD, "tests/lab/zhanggui-sim")
PORT = "65511"    # stands in what the simulator writes; the port that it got takes its place
CHINESE = {"LANGUAGE": "zh_CN", "LC_ALL": "zh_CN.UTF-8"}
PAYMENT = """number channel wallet way amount_fen state begun_at begun_by sent_at paid_at ended_at channel_no statement_no payer note""".split()
RECORD = PAYMENT + "sale expires_at code_end let_go_by settled_at settled_by merchant events refunds".split()
EVENT = "at call event says proof amount_fen status code words request_id serial body_sha256 took_ms refund".split()
REFUND = "number amount_fen state begun_at begun_by ended_at channel_no reason note is_late settled_at settled_by".split()
CHECK = "channel way address well fault text code request_id serial proof status skew_ms took_ms".split()


def clock_file(path, ahead_ms):
    """A clock of the lab, as tests/lab/clock.c writes it: it runs as the machine's does, its wall clock so far ahead."""
    begun = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    wall = time.time_ns() // 1000000 - begun // 1000000 + ahead_ms
    with open(path, "wb") as file:
        file.write(struct.pack("=qqqqqq", 0x5A47434C4F434B31, 1, begun, begun // 1000000, 0, wall))
    return path


class Gateway:
    """The three channels and their customers, in a process of their own."""

    def __init__(self, keys_dir, ahead_ms=0):
        env = dict(ENV)
        if ahead_ms:
            env["ZG_LAB_CLOCK"] = clock_file(keys_dir + ".clock", ahead_ms)
        self.process = subprocess.Popen([LAB_SIM if ahead_ms else SIM, "gateway", "--keys", keys_dir, "--until-eof"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=env, text=True)
        ready = self.process.stdout.readline()
        check(ready.startswith("ready http://127.0.0.1:"), "the gateways start", ready)
        self.port = ready.split()[1].rsplit(":", 1)[1]

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def tell(self, line):
        answer = self.ask(line)
        check(answer.startswith("ok "), f"the gateways take {line!r}", answer)

    def end(self):
        self.process.stdin.close()
        self.process.wait(30)


class PayShop(Shop):
    """A shop with all three channels; everything that its commands print is kept."""

    def __init__(self):
        self.said, self.secrets = "", []
        super().__init__()
        self.gate = self.make_keys("gate")
        self.plain = self.read("shop/zhanggui.conf")

    def make_keys(self, name):
        path = self.path(name)
        done = subprocess.run([SIM, "gateway", "--make-shop", path, "--port", PORT], env=ENV, stdout=subprocess.DEVNULL)
        check(done.returncode == 0, "the simulator makes keys")
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def set_up(self, port, change=None, but=()):
        """[pay...] for these gateways; change: {line: another}; but: settings that are left out."""
        text = self.read("gate/pay.conf").replace(PORT, str(port))
        for old, new in (change or {}).items():
            check(re.search(old, text) is not None, f"{old} stands in the settings")
            text = re.sub(old, lambda _, new=new: new, text)
        lines = [line for line in text.splitlines() if line.split(" =")[0] not in but]
        with open(self.path("shop/zhanggui.conf"), "w", encoding="utf-8") as file:
            file.write(self.plain + "\n" + "\n".join(lines) + "\n")

    def run(self, *words, **more):
        code, out, err = super().run(*words, **more)
        self.said += out + err
        return code, out, err

    def hear_secrets(self):
        """Nothing secret in all that was printed: keys, whole payment codes."""
        secrets = list(self.secrets)
        for path in glob.glob(self.path("*/*")):
            if os.path.basename(path) in ("apiv2_key", "apiv3_key"):
                secrets.append(open(path, encoding="utf-8").read().strip())
            elif path.endswith("_key.pem"):
                secrets += [line for line in open(path, encoding="utf-8").read().splitlines() if len(line) > 40 and "--" not in line][:3]
        check(len(secrets) > 4, "there are secrets to look for", str(len(secrets)))
        for secret in secrets:
            check(len(secret) >= 16 and secret not in self.said, f"no secret is printed: {secret[:4]}...")


def wait_until(what, holds, limit=25):
    until = time.time() + limit
    while not holds() and time.time() < until:
        time.sleep(0.1)
    return check(holds(), what)


def state_of(shop, number):
    return shop.json("pay", "show", number)["payment"]["state"]


def pay(shop, till, gateway, wallet):
    """Rings something up and lets a customer pay it; the payment's number."""
    code = gateway.ask(f"code {wallet}")
    check(code.isdigit() and len(code) >= 16, "the simulator gives a code", code)
    shop.secrets.append(code)
    till.need("sale.add", {"code": "1001"})
    return till.need("pay.code", {"code": code})["number"]


def test_paid(shop, till, gateway):
    gateway.tell("phone pays")
    number = pay(shop, till, gateway, "wechat")
    wait_until("a payment is paid", lambda: state_of(shop, number) == "paid")
    document = shop.json("pay", "list")
    keys(document["payments"][0], PAYMENT, "a payment in a list")
    check([p["number"] for p in document["payments"]] == [number], "the day's payments are listed", str(document))
    shop.ok("pay", "list", says="WeChat Pay")
    out = shop.ok("pay", "list", env=CHINESE)
    check("微信支付" in out and "已付" in out and "金额" in out, "the list speaks Chinese", out)
    document = shop.json("pay", "show", number)["payment"]
    keys(document, RECORD, "a payment")
    keys(document["events"][0], EVENT, "an event of it")
    check(document["amount_fen"] == 350 and document["sale"].startswith("R") and document["channel_no"] and document["paid_at"], "a payment is shown",
          str(document))
    paid = [e for e in document["events"] if e["event"] == "paid"]
    check(paid and paid[0]["proof"] == "verified" and paid[0]["amount_fen"] == 350 and len(paid[0]["body_sha256"]) == 64, "its proof is shown", str(paid))
    check(document["code_end"] == shop.secrets[-1][-4:], "of the customer's code only its end is kept")
    out = shop.ok("pay", "show", number)
    check(f"…{document['code_end']}" in out and "take the money" in out and "verified" in out and "3.50" in out, "a payment is shown to people", out)
    out = shop.ok("pay", "show", number, env=CHINESE)
    check("已付" in out and not re.search(r"^[A-Z][a-z]+:", out, re.M), "it is shown in Chinese", out)
    shop.ok("pay", "query", number, says="paid", who="lin")
    shop.ok("pay", "query", number, says="已付", who="lin", env=CHINESE)
    shop.expect(3, "pay", "cancel", number, says="over", who="lin")
    shop.expect(1, "pay", "list", "--open", says="No payment")
    shop.expect(1, "pay", "list", "--day", "2001-01-01", says="No payment")
    shop.expect(2, "pay", "list", "--day", "2001-01-01", "--open", says="not both")
    shop.expect(2, "pay", "list", "--day", "yesterday", says="not a day")
    for words in (["show"], ["query"], ["cancel"], ["case"]):
        shop.expect(1, "pay", *words, "P0000000000000000000000", says="no such payment", who="lin" if words[0] in ("query", "cancel") else None)
    return number


def test_cancelled(shop, till, gateway):
    """A customer who walks away: the channel is asked, and the payment is taken back."""
    gateway.tell("phone vanishes")
    number = pay(shop, till, gateway, "alipay")
    wait_until("the customer is waited for", lambda: state_of(shop, number) == "waiting")
    check(number in shop.ok("pay", "list", "--open"), "a payment under way is listed as open")
    document = shop.json("pay", "query", number, who="lin")
    check(document["payment"]["state"] == "waiting", "a query is answered", str(document))
    shop.expect(2, "pay", "query", number, says="--as")
    shop.ok("pay", "query", number, says="customer is paying", who="lin")
    shop.ok("pay", "query", number, says="顾客", who="lin", env=CHINESE)
    begun = time.time()
    shop.ok("pay", "cancel", number, says="cancelled", who="lin")
    check(time.time() - begun < 20, "it waits no longer than it says")
    check(state_of(shop, number) == "cancelled", "a payment is taken back")
    shop.ok("pay", "query", number, says="已作废", who="lin", env=CHINESE)
    till.need("sale.void", {"reason": "gone"}, who="ding")


def test_doubt(shop, till, gateway):
    """Nobody knows: said so, listed, written about; and then the channel proves it."""
    gateway.tell("phone pays")
    gateway.tell("fault wechat pay drop-after")
    gateway.tell("fault wechat query drop-before 100%")
    number = pay(shop, till, gateway, "wechat")
    wait_until("a payment is in doubt", lambda: state_of(shop, number) == "unknown")
    shop.expect(4, "pay", "query", number, says="proves nothing", who="lin")
    document = shop.json("pay", "query", number, code=4, who="lin")
    check(document["result"] == "unknown" and document["payment"]["number"] == number, "an unknown outcome is called so", str(document))
    check([p["number"] for p in shop.json("pay", "list", "--open")["payments"]] == [number], "what is in doubt is listed")
    text = shop.ok("pay", "case", number)
    for word in ("95017", "does not know how", number, "1900009191", "wxd678efh567hg6787", "3.50", "UTC+08:00", "HTTP 0", "take the money", "好又多"):
        check(word in text, f"the case has {word!r}", text)
    gateway.tell("fault off")
    document = shop.json("pay", "query", number, who="lin")
    check(document["payment"]["state"] == "paid", "the channel proves it", str(document))
    return number


def test_settled(shop, till, gateway):
    """The channel will not give it back: people do, once."""
    gateway.tell("phone pays")
    number = pay(shop, till, gateway, "wechat")
    wait_until("a payment is paid", lambda: state_of(shop, number) == "paid")
    gateway.tell("set refund-fails 1")
    shop.ok("pay", "refund", number, "--reason", "broken", who="ding")
    gone = lambda: shop.json("pay", "show", number)["payment"]["refunds"][0]
    wait_until("a refund does not arrive", lambda: gone()["state"] == "manual")
    refund = gone()["number"]
    document = shop.json("pay", "list", "--open")
    check(document["payments"] == [] and [r["number"] for r in document["refunds"]] == [refund], "a refund that does not arrive is listed as open", str(document))
    check(refund in shop.ok("pay", "list", "--open"), "to people too")
    shop.expect(2, "pay", "settle", refund, says="--reason", who="ding")
    shop.expect(3, "pay", "settle", number, "--reason", "x", says="not for people", who="ding")
    shop.expect(3, "pay", "settle", refund, "--reason", "x", says="right", who="lin")
    shop.ok("pay", "settle", refund, "--reason", "cash", "--cash", says="taken from the drawer", who="boss")
    check(shop.json("report", "x")["figures"]["cash_out_fen"] == 350, "its money left the drawer")
    check(gone()["settled_by"] == "boss" and gone()["settled_at"] > 0, "it is known who settled it", str(gone()))
    shop.ok("pay", "show", number, says="settled another way")
    shop.ok("pay", "show", number, says="已用其他方式了结", env=CHINESE)
    shop.expect(1, "pay", "list", "--open", says="No payment")
    shop.expect(3, "pay", "settle", refund, "--reason", "again", says="settled already", who="ding")
    gateway.tell("set refund-fails 0")


def test_case(shop, number):
    document = shop.json("pay", "show", number)["payment"]
    text = shop.ok("pay", "case", number)
    for word in ("proved by your signature", document["channel_no"], "HTTP 200", "verified", *[e["body_sha256"] for e in document["events"] if e["status"]]):
        check(word in text, f"the case of a paid one has {word!r}", text)
    text = shop.ok("pay", "case", number, env=CHINESE)
    check("微信支付" in text and "商户号" in text and not re.search(r"^[A-Z][a-z]+[a-z ]*:", text, re.M), "the case is written in Chinese", text)
    path = shop.path("case.txt")
    check(shop.ok("pay", "case", number, path) == "", "a case that goes into a file is not printed")
    written = shop.read("case.txt")
    check(number in written and stat.S_IMODE(os.stat(path).st_mode) == 0o600, "a case lies in a file of its owner alone", written)
    shop.said += written
    shop.expect(3, "pay", "case", number, path, says="cannot be made")
    os.symlink(shop.path("nowhere"), shop.path("link.txt"))
    shop.expect(3, "pay", "case", number, shop.path("link.txt"), says="cannot be made")
    check(not os.path.exists(shop.path("nowhere")), "no link is followed")
    keys(shop.json("pay", "case", number), "number file text".split(), "pay case")
    check(shop.json("pay", "case", number, shop.path("other.txt"))["file"] == shop.path("other.txt"), "the file is named")


def test_commands():
    shop = PayShop()
    for login, role in (("ding", "supervisor"), ("lin", "cashier")):
        shop.ok("user", "add", login, "--name", login, "--role", role, "--new-pin-file", shop.path(f"{login}.pin"), who="boss")
    shop.ok("product", "import", shop.write("goods.csv", GOODS), who="boss")
    gateway = Gateway(shop.gate)
    shop.set_up(gateway.port)
    shop.expect(1, "pay", "list", says="No payment")
    shop.expect(1, "pay", "list", says="没有", env=CHINESE)
    check(shop.json("pay", "list", code=1)["payments"] == [], "an empty list is one")
    till = Till(shop)
    till.need("session.start", who="lin")
    till.need("shift.open", {"float_fen": 0})
    paid = test_paid(shop, till, gateway)
    test_cancelled(shop, till, gateway)
    doubtful = test_doubt(shop, till, gateway)
    test_settled(shop, till, gateway)
    till.end()
    test_case(shop, doubtful)
    shop.expect(3, "pay", "cancel", paid, says="running", who="lin")    # no till runs
    test_certificates(shop, gateway)
    test_without_till(shop, gateway)
    gateway.end()
    shop.hear_secrets()
    shop.done()


def test_certificates(shop, gateway):
    """A shop without WeChat's public key: the till fetches the certificates by itself, and what they sign is proved."""
    gateway.tell("set certificate-mode 1")
    gateway.tell("fault wechat keys drop-before")    # it is tried again
    gateway.tell("phone pays")
    shop.set_up(gateway.port, change={"codepay = off": "codepay = on"}, but=("public_key", "public_key_id"))
    till = Till(shop)
    till.need("session.start", who="lin")
    number = pay(shop, till, gateway, "wechat")
    wait_until("what a fetched certificate signs is proved", lambda: state_of(shop, number) == "paid")
    events = shop.json("pay", "show", number)["payment"]["events"]
    check(re.fullmatch("[0-9A-F]{40}", events[-1]["serial"]) and events[0]["proof"] == "other_key", "by its serial number", str(events))
    check("certificate. It is being fetched" in shop.ok("pay", "show", number), "and until then the till says what it waits for")
    till.end()
    gateway.tell("set certificate-mode 0")
    shop.set_up(gateway.port)


def test_without_till(shop, gateway):
    """What was under way when the till was closed: a query says that the till must run, and asks nobody."""
    gateway.tell("phone vanishes")
    till = Till(shop)
    till.need("session.start", who="lin")
    number = pay(shop, till, gateway, "alipay")
    wait_until("the customer is waited for", lambda: state_of(shop, number) == "waiting")
    till.end()
    before = len(shop.json("pay", "show", number)["payment"]["events"])
    shop.expect(3, "pay", "query", number, says="running", who="lin")
    check(len(shop.json("pay", "show", number)["payment"]["events"]) == before, "without a till nothing is asked")


# ---- pay check ----

def faults(shop, code, **more):
    document = shop.json("pay", "check", code=code, **more)
    for row in document["checks"]:
        keys(row, CHECK, "a check")
        check(row["well"] == (row["fault"] == "well"), "well is well", str(row))
    return {(row["channel"], row["way"]): row["fault"] for row in document["checks"]}


WELL = {("wechat", "code"): "well", ("wechat", "shown"): "well", ("alipay", ""): "well", ("lakala", ""): "well"}


def test_settings(shop, gateway):
    """All that is set up is shown, can be read again, and is no secret."""
    shop.set_up(gateway.port, change={r"codepay = off": "codepay = on\nrequest_ip = 192.0.2.10", r"app_id = ": "seller_id = 2088123456789012\napp_id = "})
    with open(shop.path("shop/zhanggui.conf"), "a", encoding="utf-8") as file:
        file.write("request_ip = 2001:db8::1\ncontact = 王经理\n[pay]\nroute = unionpay=lakala\n")
    shown = shop.ok("config", "show")
    tables = open(os.path.join(cli.SOURCE, "src/till/pay_setting.c"), encoding="utf-8").read()
    for key in re.findall(r'^\t(?:WECHAT|ALIPAY|LAKALA)\("([a-z0-9_]+)"', tables, re.M):
        check(f"\n{key} =" in shown, f"config show has {key}")
    for line in ("codepay = on", "seller_id = 2088123456789012", "request_ip = 2001:db8::1", "contact = 王经理", "contact = 95188", "route = unionpay=lakala"):
        check("\n" + line in shown, f"config show has {line}", shown)
    shop.ok("config", "check", says="nothing is wrong")
    keys(shop.json("config", "show"), ["pay", "pay.wechat", "pay.alipay", "pay.lakala"], "config show")
    with open(shop.path("shop/zhanggui.conf"), "w", encoding="utf-8") as file:
        file.write(shown)
    check(shop.ok("config", "show") == shown, "what is shown can be read again")
    check(faults(shop, 0)[("wechat", "")] == "well", "and still works")


def test_check_well(shop, gateway):
    shop.set_up(gateway.port)
    check(faults(shop, 0) == WELL, "all channels are well")
    check(shop.ok("pay", "check").count("well.") == 4, "and people are told so")
    check({row["channel"] for row in shop.json("pay", "check")["checks"] if row["request_id"]} == {"wechat", "lakala"}, "the requests' numbers are told")
    out = shop.ok("pay", "check", env=CHINESE)
    check("微信支付" in out and "正常" in out and "well" not in out, "in Chinese too", out)
    shop.set_up(gateway.port, change={"codepay = off": "codepay = on", r"\[pay\.wechat\]\nurl = \S+":
                                      f"[pay.wechat]\nurl = http://127.0.0.1:{gateway.port} http://127.0.0.1:1"})
    code, out, _ = shop.run("pay", "check", "--json")
    rows = [row for row in json.loads(out)["checks"] if row["channel"] == "wechat"]
    check(code == 4 and [(row["way"], row["fault"]) for row in rows] == [("", "well"), ("", "network")] and rows[1]["address"] == "http://127.0.0.1:1",
          "with codepay one question is enough; the second address is asked too", str(rows))
    shop.set_up(gateway.port)
    gateway.tell("set errors-signed 0")
    shop.ok("pay", "check", says="was not signed")
    gateway.tell("set errors-signed 1")


def test_check_keys(shop, gateway):
    other = shop.make_keys("other")
    shop.set_up(gateway.port, change={r"gate/merchant_key\.pem": "other/merchant_key.pem"}, but=("cert",))
    check(faults(shop, 1) == {**WELL, ("wechat", "shown"): "key", ("alipay", ""): "key", ("lakala", ""): "key"}, "a wrong key is called so")
    out = shop.expect(1, "pay", "check", says="The key in key of [pay.alipay] is not the one")
    check("WeChat Pay does not accept this shop's signature. The private key in key of [pay.wechat]" in out, "WeChat's sentence names key and serial", out)
    shop.expect(1, "pay", "check", says="签名", env=CHINESE)
    shop.set_up(gateway.port, change={r"gate/apiv2_key": "other/apiv2_key"})
    check(faults(shop, 1) == {**WELL, ("wechat", "code"): "key"}, "a wrong key of V2 is called so")
    shop.expect(1, "pay", "check", says="The key in apiv2_key_file of [pay.wechat] is not the one")
    shop.set_up(gateway.port, change={r"gate/platform_public\.pem": "other/platform_public.pem", r"gate/platform_certificate": "other/platform_certificate"})
    check(faults(shop, 1) == {**WELL, ("wechat", "shown"): "channel_key", ("alipay", ""): "channel_key", ("lakala", ""): "channel_key"},
          "a wrong key of the channel's is called so")
    out = shop.expect(1, "pay", "check", says="not signed with the key in public_key of [pay.wechat]")
    check("not signed with the key in alipay_public_key of [pay.alipay]" in out and re.search("Lakala signs with the key [0-9A-F]{40}, which", out),
          "each setting is named", out)
    shop.expect(1, "pay", "check", says="公钥", env=CHINESE)
    os.chmod(shop.path("gate/apiv2_key"), 0o644)
    shop.set_up(gateway.port)
    check(faults(shop, 1) == {("wechat", ""): "settings", ("alipay", ""): "well", ("lakala", ""): "well"}, "a key that others can read spoils its channel alone")
    shop.expect(1, "pay", "check", says="chmod 600")
    shop.expect(2, "config", "check", says="chmod 600")
    os.chmod(shop.path("gate/apiv2_key"), 0o600)


def test_check_serial(shop, gateway):
    serial = re.search("serial = ([0-9A-F]+)", shop.read("gate/pay.conf")).group(1)
    wrong = {f"serial = {serial}": "serial = " + "3" + serial[1:] if serial[0] != "3" else "serial = 4" + serial[1:]}
    shop.set_up(gateway.port, change=wrong, but=("cert",))
    check(faults(shop, 1) == {**WELL, ("wechat", "shown"): "serial", ("lakala", ""): "key"}, "a wrong serial number is called so")
    out = shop.expect(1, "pay", "check", says="WeChat Pay does not know a certificate of this shop with the number")
    check(re.search("Lakala does not accept this shop's signature.*serial number", out), "Lakala does not tell which: the sentence has both", out)
    shop.expect(1, "pay", "check", says="序列号", env=CHINESE)
    shop.set_up(gateway.port, change=wrong)
    shop.expect(1, "pay", "check", says="This is not the serial number of the certificate in cert")
    shop.set_up(gateway.port, change={"app_id = [0-9]+": "app_id = 2014072300009999", "appid = OP00000003": "appid = OP00000009"})
    check(faults(shop, 1)[("alipay", "")] == "settings", "an unknown application is called so")
    shop.expect(1, "pay", "check", says="[pay.alipay]")


def test_check_network(shop, gateway):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        shop.set_up(taken.getsockname()[1])    # nobody listens
        check(set(faults(shop, 4).values()) == {"network"}, "nobody answers")
        shop.expect(4, "pay", "check", says="refuses the connection")
        shop.expect(4, "pay", "check", says="拒绝", env=CHINESE)
    shop.set_up(gateway.port)
    for fault, want in (("html", "other"), ("drop-before", "network"), ("bad-signature", "channel_key"), ("wrong-serial", "channel_key")):
        gateway.tell(f"fault lakala query {fault}")
        check(faults(shop, 4 if want == "network" else 1) == {**WELL, ("lakala", ""): want}, f"{fault} is {want}")
    gateway.tell("fault lakala query hostile-text")
    shop.run("pay", "check")
    gateway.tell("set certificate-mode 1")
    shop.set_up(gateway.port, but=("public_key", "public_key_id"))
    check(faults(shop, 0) == WELL, "in certificate mode WeChat's certificates are fetched")
    other = shop.make_keys("third")
    check(os.path.exists(other), "there are other keys")
    shop.set_up(gateway.port, change={r"gate/apiv3_key": "third/apiv3_key"}, but=("public_key", "public_key_id"))
    check(faults(shop, 1)[("wechat", "shown")] == "key", "certificates that do not open are the key's fault")
    shop.expect(1, "pay", "check", says="do not open with the key in apiv3_key_file")
    gateway.tell("set certificate-mode 0")


def test_check_clock(shop):
    for ahead_ms, words, chinese in ((600000, "10 minutes slow", "慢了 10 分钟"), (-600000, "10 minutes fast", "快了 10 分钟"),
                                     (120000, "120 seconds slow", "慢了 120 秒")):
        gateway = Gateway(shop.gate, ahead_ms)
        shop.set_up(gateway.port)
        check(set(faults(shop, 1).values()) == {"clock"}, f"a clock that is off by {ahead_ms} ms is called so")
        out = shop.expect(1, "pay", "check").replace("119 s", "120 s").replace("121 s", "120 s")
        check(out.count(words) == 4, f"a clock off by {ahead_ms} ms is told in words", out)
        out = shop.run("pay", "check", env=CHINESE)[1].replace("119 秒", "120 秒").replace("121 秒", "120 秒")
        check(chinese in out, "in Chinese too", out)
        gateway.end()


def test_check():
    shop = PayShop()
    shop.expect(1, "pay", "check", says="no payment channel")
    shop.expect(1, "pay", "check", says="没有", env=CHINESE)
    gateway = Gateway(shop.gate)
    test_settings(shop, gateway)
    test_check_well(shop, gateway)
    test_check_keys(shop, gateway)
    test_check_serial(shop, gateway)
    test_check_network(shop, gateway)
    gateway.end()
    test_check_clock(shop)
    shop.hear_secrets()
    shop.done()
    none = Shop(make=False)
    none.expect(2, "pay", "check", says="no shop")
    none.expect(2, "pay", "list", says="no shop")
    none.done()


def test_manual():
    page = open(os.path.join(cli.SOURCE, "man/zhanggui.1"), encoding="utf-8").read()
    for member in set(RECORD + EVENT + REFUND + CHECK):
        check(re.search(rf"\b{member}\b", page), f"zhanggui(1) has the member {member}")


def main():
    test_commands()
    test_check()
    test_manual()
    print(f"{cli.passed} passed, {cli.failed} failed")
    return cli.failed != 0


if __name__ == "__main__":
    sys.exit(main())
