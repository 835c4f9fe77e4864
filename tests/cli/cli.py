"""
Every command against a real shop in a directory of its own: exit codes, words, JSON shapes, bad input; then the same
through the control socket of a running till (tests/cli/counter). Ends with a line "N passed, N failed".
"""
import errno
import json
import os
import pty
import re
import select
import signal
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("ZG_BUILD", ".")
SOURCE = os.environ.get("ZG_SOURCE", ".")
ZHANGGUI = os.path.join(BUILD, "zhanggui")
SIM = os.path.join(BUILD, "zhanggui-sim")
COUNTER = os.path.join(BUILD, "tests/cli/counter")
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")

ENV = dict(os.environ, LC_ALL="C.UTF-8", TZ="Asia/Shanghai", LANGUAGE="")
ENV.pop("ZHANGGUI_HOME", None)
ENV.setdefault("ZHANGGUI_DATA", os.path.join(SOURCE, "data"))

passed = failed = 0


def check(ok, what, more=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAIL: {what} {more}", flush=True)
    return ok


class Shop:
    """A shop in a temporary directory, with PIN files of its people."""
    PINS = {"boss": "8526", "ding": "7413", "lin": "6092"}

    def __init__(self, make=True):
        self.top = tempfile.mkdtemp(prefix="zhanggui-test-")
        self.home = os.path.join(self.top, "shop")
        for login, pin in self.PINS.items():
            self.write(f"{login}.pin", pin + "\n")
        if make:
            self.ok("init", "--name", "好又多", "--admin", "boss", "--pin-file", self.path("boss.pin"))

    def path(self, name):
        return os.path.join(self.top, name)

    def write(self, name, text):
        with open(self.path(name), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(self.path(name), 0o600)
        return self.path(name)

    def run(self, *words, who=None, stdin=subprocess.DEVNULL, env=None, home=True):
        words = list(words)
        if who:
            words += ["--as", who, "--pin-file", self.path(f"{who}.pin")]
        if home:
            words = ["--home", self.home] + words
        done = subprocess.run([ZHANGGUI] + words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=dict(ENV, **(env or {})), timeout=120, start_new_session=True)
        out, err = done.stdout.decode("utf-8", "strict"), done.stderr.decode("utf-8", "strict")
        check(not FORBIDDEN.search(out + err), f"{words} says only clean text", repr(out + err)[:300])
        return done.returncode, out, err

    def expect(self, code, *words, says="", **more):
        got, out, err = self.run(*words, **more)
        check(got == code, f"{' '.join(words)!r} exits with {code}", f"not {got}: {out[-300:]}{err[-300:]}")
        check(says in out + err, f"{' '.join(words)!r} says {says!r}", f"but {out[-300:]}{err[-300:]}")
        if got not in (0, 1):
            check(len((out + err).strip()) > 10, f"{' '.join(words)!r} gives a sentence", repr(err))
        return out

    def ok(self, *words, **more):
        return self.expect(0, *words, **more)

    def json(self, *words, code=0, **more):
        got, out, err = self.run(*words, "--json", **more)
        check(got == code, f"{' '.join(words)!r} --json exits with {code}", f"not {got}: {out[-300:]}{err[-300:]}")
        try:
            document = json.loads(out)
        except ValueError:
            check(False, f"{' '.join(words)!r} --json is one JSON document", out[-300:])
            return {}
        check(isinstance(document.get("result"), str), f"{' '.join(words)!r} --json has a result")
        return document

    def done(self):
        shutil.rmtree(self.top, ignore_errors=True)


class Till:
    """A running till without a screen."""

    def __init__(self, shop):
        self.process = subprocess.Popen([COUNTER, shop.home], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENV, text=True)
        check(self.process.stdout.readline() == "ready\n", "the till opens")

    def act(self, name, args=None, who=None):
        order = {"act": name, "args": args or {}}
        if who:
            order.update({"as": who, "pin": Shop.PINS[who]})
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def need(self, name, args=None, who=None):
        answer = self.act(name, args, who)
        check(answer["result"] == "ok", f"the till does {name}", str(answer))
        return answer["answer"]

    def end(self):
        self.process.stdin.close()
        check(self.process.wait(30) == 0, "the till closes")


GOODS = """code,barcodes,name,unit,price,tax_rate,tax_code,kind
1001,6901028075763,可口可乐 330ml,罐,3.50,13%,1030307000000000000,piece
1002,6921168509256|6921168509263,农夫山泉,瓶,2.00,13%,1030307000000000000,piece
201,,苹果,kg,9.90,9%,1010115000000000000,weighed
"""


def keys(document, wanted, what):
    check(set(wanted) <= set(document), f"{what} has {sorted(wanted)}", f"but {sorted(document)}")


RECORD = """kind state number day opened_at hung_at closed_at cashier closed_by shift total_fen rounding_fen paid_fen
    reason anchor""".split()
ROW = RECORD + ["lines", "first"]
LINE = """line code name unit quantity_milli removed_milli list_price_fen price_fen discount_fen amount_fen
    rounding_fen tax_bp net_fen tax_fen""".split()
SHIFT = "shift day z opened_at opened_by closed_at closed_by".split()
FIGURES = """sales refunds gross_fen line_discount_fen sale_discount_fen rounding_fen sold_fen returned_fen refund_rounding_fen refunded_fen kept_fen given_fen
    taxes voids void_fen removed_lines removed_fen no_sales cash_ins cash_in_fen cash_outs cash_out_fen float_fen counts
    counted_fen over_fen""".split()
TRANSACTION = "seq at shift kind number origin who with reason amount_fen discount_fen rounding_fen tenders".split()
ACCEPTED = "seq last_seq head_seq head first_receipt last_receipt first_z last_z warning".split()
SHAPES = set(ROW + LINE + SHIFT + FIGURES + TRANSACTION + ACCEPTED)


def test_words():
    """The command line itself."""
    shop = Shop(make=False)
    out = shop.ok("--help", home=False)
    check("report transactions" in out and "--pin-file" in out, "--help lists commands and options")
    shop.ok("--version", home=False, says="zhanggui 0.")
    shop.ok("version", home=False, says="SQLite")
    shop.ok("sale", "list", "--help", home=False, says="--find")
    shop.ok("--help", "sale", "list", home=False, says="--find")
    keys(shop.json("version"), "version schema sqlite curl".split(), "version")
    shop.expect(2, "sael", "list", says="Did you mean 'sale list'?")
    shop.expect(2, "sale", "lst", says="Did you mean 'sale list'?")
    shop.expect(2, "sale", says="sale list, sale show")
    shop.expect(2, "product", "shelve", says="There are: product import")
    check("till" not in shop.run("sael")[2], "a word is not taken for one that has hardly a letter of it")
    shop.expect(2, "xyzzyxyzzy", says="--help")
    shop.expect(2, "sale", "list", "--jsno", says="--json")
    shop.expect(2, "sale", "list", "--qqqqqqqqqq", says="no option")
    shop.expect(2, "sale", "list", "--day", says="--day YYYY-MM-DD")
    shop.expect(2, "sale", "list", "--json=1", says="takes no value")
    shop.expect(2, "sale", "list", "--reason", "x", says="has no option --reason")
    shop.expect(2, "sale", "list", "extra", says="too much")
    shop.expect(2, "sale", "show", says="NUMBER")
    shop.expect(2, "sale", "list", "--find", "a", "--find", "b", says="twice")
    shop.expect(2, "sale", "list", "-j", says="two dashes")
    shop.expect(2, "sale", "\x1b[2J\u202e", says="no command")
    shop.expect(2, *["x"] * 80, says="too many")
    for words in (["sale", "list"], ["doctor"], ["config", "check"], ["config", "show"], ["journal", "verify"]):
        shop.expect(2, *words, says="no shop")
    os.mkdir(shop.home)
    for words in (["printer", "status"], ["sale", "list"]):
        shop.expect(2, *words, says="no shop")
    shop.expect(2, "shift", "open", "--float", "0", who="boss", says="no shop")
    check(os.listdir(shop.home) == [], "a directory that is no shop is left as it was", str(os.listdir(shop.home)))
    os.rmdir(shop.home)
    shop.expect(2, "shift", "open", "--float", "0", who="boss", says="no shop")
    shop.expect(2, says="needs a terminal")
    shop.expect(2, "demo", says="needs a terminal")
    document = shop.json("sale", "show", "R1", code=2)
    keys(document, ["result", "message"], "a failure")
    check(document["result"] == "usage", "a failure names its result")
    for words in (["--bogus"], ["-x"], ["x"] * 80):
        check(shop.json(*words, code=2).get("result") == "usage", f"{words[:2]} is JSON also when the line is wrong before --json")
    shop.expect(2, "sale", "list", "--find", "--json", says="no shop")
    shop.done()


def test_init():
    shop = Shop(make=False)
    shop.expect(2, "init", "--admin", "boss", "--pin-file", shop.path("boss.pin"), says="--name")
    shop.expect(2, "init", "--name", "x", "--pin-file", shop.path("boss.pin"), says="--admin")
    shop.expect(2, "init", "--name", "x", "--admin", "boss", says="--pin-file")
    shop.expect(2, "init", "--name", "x", "--admin", "boss", "--pin-file", shop.path("none"), says="cannot be read")
    shop.expect(3, "init", "--name", "x", "--admin", "a b", "--pin-file", shop.path("boss.pin"), says="login")
    shop.expect(3, "init", "--name", "x", "--admin", "boss", "--pin-file", shop.write("bad.pin", "1"), says="PIN")
    shop.expect(3, "init", "--name", "a\x1b[2J\u202eb", "--admin", "boss", "--pin-file", shop.path("boss.pin"), says="name")
    shop.expect(2, "init", "--name", "x", "--admin", "boss", "--pin-file", shop.path("boss.pin"), "--language", "xx", says="zh_CN or en")
    shop.expect(2, "init", "--name", "a ; b", "--admin", "boss", "--pin-file", shop.path("boss.pin"))
    check(not os.path.exists(shop.home), "a refused init makes nothing")
    os.mkdir(shop.home, 0o755)
    open(shop.path("shop/letter.txt"), "w").close()
    shop.expect(3, "init", "--name", "x", "--admin", "boss", "--pin-file", shop.path("boss.pin"), says="letter.txt")
    check(os.listdir(shop.home) == ["letter.txt"] and os.stat(shop.home).st_mode & 0o777 == 0o755,
          "a directory with other things in it is left alone")
    shutil.rmtree(shop.home)
    document = shop.json("init", "--name", "好又多", "--admin", "boss", "--pin-file", shop.path("boss.pin"))
    keys(document, "home name admin".split(), "init")
    for name, mode in (("", 0o700), ("keys", 0o700), ("keys/journal.key", 0o600), ("zhanggui.db", 0o600), ("zhanggui.conf", 0o600)):
        check(os.stat(os.path.join(shop.home, name)).st_mode & 0o777 == mode, f"init makes {name or 'the directory'} {mode:o}")
    shop.expect(3, "init", "--name", "x", "--admin", "boss", "--pin-file", shop.path("boss.pin"), says="already")
    check("8526" not in open(shop.path("shop/zhanggui.db"), "rb").read().decode("latin-1"), "no PIN stands in the books")
    done = subprocess.run([ZHANGGUI, "--home", shop.path("other"), "init", "--name", "x", "--admin", "boss", "--pin-file", "-"],
                          input=b"7413\n", env=ENV, stdout=subprocess.PIPE)
    check(done.returncode == 0, "a PIN comes from standard input")
    shop.done()


def test_other_user():
    """A shop of another user of the operating system: told so, and nothing is left there that its owner cannot write."""
    if os.geteuid() != 0:
        return
    shop = Shop()
    everything = [shop.home] + [os.path.join(top, name) for top, folders, files in os.walk(shop.home) for name in folders + files]
    for path in everything:
        os.chown(path, 65534, 65534)
    shop.expect(3, "shift", "open", "--float", "0", who="boss", says="belongs to")
    shop.ok("user", "list")
    for path in [shop.home] + [os.path.join(top, name) for top, folders, files in os.walk(shop.home) for name in folders + files]:
        check(os.stat(path).st_uid == 65534, f"root leaves nothing of its own in another's shop: {path}")
    with tempfile.TemporaryDirectory(prefix="zhanggui-test-") as open_place:    # where we were built may be closed to others
        os.chmod(open_place, 0o755)
        done = subprocess.run([shutil.copy(ZHANGGUI, open_place), "--home", shop.home, "user", "list"], env=ENV, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, preexec_fn=lambda: (os.setgroups([]), os.setresuid(1, 1, 1)), cwd="/")
    check(done.returncode == 3 and b"belongs to" in done.stderr, "a shop that one may not see is not called missing", str(done))
    shop.done()


def ask_at_terminal(shop, words, answers):
    """Runs a command in a terminal of its own and types what it asks for; returns exit code and screen."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(ZHANGGUI, [ZHANGGUI, "--home", shop.home] + words, ENV)
    seen, typed, until = b"", 0, time.time() + 30
    while time.time() < until:
        ready, _, _ = select.select([fd], [], [], 0.2)
        if ready:
            try:
                block = os.read(fd, 4096)
            except OSError:
                break
            if not block:
                break
            seen += block
            if typed < len(answers) and seen.count(b": ") > typed:
                time.sleep(0.05)
                os.write(fd, answers[typed])
                typed += 1
    _, status = os.waitpid(pid, 0)
    os.close(fd)
    return os.waitstatus_to_exitcode(status), seen.decode("utf-8", "replace")


def test_terminal():
    """PINs typed at a terminal: no echo, asked for twice when new."""
    shop = Shop(make=False)
    words = ["init", "--name", "好又多", "--admin", "boss"]
    code, seen = ask_at_terminal(shop, words, [b"8526\r", b"8527\r"])
    check(code == 3 and "not the same" in seen, "two PINs that differ make no shop", seen)
    code, seen = ask_at_terminal(shop, words, [b"85\x7f\x7f8526\r", b"8526\r"])
    check(code == 0 and "8526" not in seen, "a PIN typed twice makes the shop and is not shown", seen)
    code, seen = ask_at_terminal(shop, ["user", "lock", "boss", "--as", "boss"], [b"\x03"])
    check(code == 2 and "No PIN" in seen, "Ctrl-C gives up", seen)
    rows = "".join(f"X{i},,商品{i},件,1.00,13%,,piece\n" for i in range(5000))
    shop.write("many.csv", GOODS.splitlines(True)[0] + rows)
    code, seen = ask_at_terminal(shop, ["product", "import", shop.path("many.csv"), "--as", "boss", "--pin-file", shop.path("boss.pin")], [])
    parts = [int(n) for n in re.findall(r"\r(\d+) / 100", seen)]
    check(code == 0 and len(parts) > 5 and parts == sorted(parts) and "5000 rows" in seen, "an import shows how far it is", seen[-300:])
    code, seen = ask_at_terminal(shop, ["shift", "open", "--float", "100", "--as", "boss"], [b"8526\r"])
    check(code == 0 and "open" in seen and "8526" not in seen, "a PIN is asked for a change", seen)
    shop.done()


def test_products(shop):
    document = shop.json("product", "import", shop.write("goods.csv", GOODS), who="boss")
    keys(document, "added changed same rows".split(), "product import")
    check(document.get("added") == 3, "three goods are added", str(document))
    out = shop.ok("product", "export")
    shop.ok("product", "export", shop.path("again.csv"))
    check(open(shop.path("again.csv"), encoding="utf-8").read() == out, "a file and standard output get the same export")
    os.symlink(shop.path("again.csv"), shop.path("link.csv"))
    os.symlink("/dev/null", shop.path("null"))
    shop.write("link.csv.new", "mine")
    os.chmod(shop.path("again.csv"), 0o640)
    shop.ok("product", "export", shop.path("link.csv"))
    shop.ok("product", "export", shop.path("null"))
    check(os.path.islink(shop.path("link.csv")) and os.path.islink(shop.path("null")), "an export goes through a link and never takes its place")
    check(os.stat(shop.path("again.csv")).st_mode & 0o777 == 0o640, "a file that is replaced keeps its mode")
    check(open(shop.path("link.csv.new")).read() == "mine", "an export takes no other file's name")
    shop.expect(3, "product", "export", shop.top, says="cannot be written")
    shop.expect(3, "product", "export", shop.path("nowhere/x.csv"), says="cannot be written")
    for name in ("link.csv", "null", "link.csv.new"):
        os.unlink(shop.path(name))
    shop.ok("product", "import", shop.path("again.csv"), who="boss", says="3 as before")
    check(shop.ok("product", "export") == out, "exported, imported, exported: the same bytes")
    keys(shop.json("product", "export", shop.path("again.csv")), ["file", "rows"], "product export")
    shop.expect(2, "product", "export", "--json", says="name a file")
    document = shop.json("product", "list")
    check(len(document["products"]) == 3, "all goods are listed")
    item = "code barcodes name unit price_fen tax_bp tax_code kind initials category active".split()
    keys(document["products"][0], item, "a product")
    SHAPES.update(item)
    for text in ("可乐", "kkkl", "6901028075763", "1001", "乐"):
        found = shop.json("product", "find", text)
        check("1001" in [p["code"] for p in found["products"]], f"{text} finds the cola", str(found)[:300])
    check(shop.json("product", "find", "没有这个", code=1)["products"] == [], "nothing found is exit 1 and an empty list")
    shop.expect(1, "product", "find", "没有这个", says="No goods")
    shop.expect(2, "product", "find", "x", "--most", "0", says="number from 1")
    bad = GOODS + "1003,6901028075764,坏\u202e名,瓶,1.2.3,13%,,piece\n"
    _, out, err = shop.run("product", "import", shop.write("bad.csv", bad), who="boss")
    check("line 5" in err and "column" in err, "a bad file is told with line and column", err)
    document = shop.json("product", "import", shop.path("bad.csv"), who="boss", code=3)
    keys(document, ["faults", "fault_count", "message"], "a bad import")
    keys(document["faults"][0], ["line", "column", "text"], "a fault")
    check(len(shop.json("product", "list")["products"]) == 3, "a bad file changes nothing")
    shop.expect(3, "product", "import", shop.path("missing.csv"), who="boss", says="cannot be read")
    shop.expect(3, "product", "import", shop.path("goods.csv"), who="lin")


def test_people(shop):
    for login, name, role in (("ding", "丁店长", "supervisor"), ("lin", "林小妹", "cashier")):
        document = shop.json("user", "add", login, "--name", name, "--role", role, "--new-pin-file", shop.path(f"{login}.pin"), who="boss")
        keys(document, ["login"], "user add")
    users = shop.json("user", "list")["users"]
    check([u["login"] for u in users] == ["boss", "ding", "lin"], "the people are listed", str(users))
    keys(users[0], "login name role locked wrong_tries".split(), "a user")
    shop.ok("user", "list", says="林小妹")
    shop.expect(3, "user", "add", "ding", "--role", "cashier", "--new-pin-file", shop.path("ding.pin"), who="boss", says="taken")
    shop.expect(2, "user", "add", "x", "--role", "king", "--new-pin-file", shop.path("ding.pin"), who="boss", says="--role")
    shop.expect(3, "user", "add", "x", "--role", "cashier", "--new-pin-file", shop.write("b.pin", "12\n"), who="boss", says="PIN")
    shop.expect(2, "user", "lock", "lin", says="--as")
    shop.expect(2, "user", "lock", "lin", "--with-pin-file", shop.path("boss.pin"), who="ding", says="--with LOGIN")
    shop.expect(3, "user", "lock", "lin", who="ding")
    shop.json("user", "lock", "lin", who="boss")
    check(shop.json("user", "list")["users"][2]["locked"], "a locked person shows so")
    shop.ok("user", "unlock", "lin", who="boss")
    shop.ok("user", "pin", "lin", "--new-pin-file", shop.path("lin.pin"), who="boss")
    code, _, _ = shop.run("user", "lock", "nobody", who="boss")
    check(code in (1, 3), "a person that is not there cannot be locked", str(code))
    shop.expect(3, "user", "lock", "lin", "--as", "boss", "--pin-file", shop.write("wrong.pin", "1357\n"), says="PIN")
    shop.expect(2, "user", "lock", "lin", "--as", "boss", "--pin-file", shop.write("empty.pin", "\n"), says="no PIN")


def test_selling(shop, through=""):
    """What one shift leaves in the books, read and changed by commands."""
    shop.expect(2, "shift", "open", who="lin", says="--float")
    shop.expect(2, "shift", "open", "--float", "abc", who="lin", says="not an amount")
    keys(shop.json("shift", "open", "--float", "200", who="lin"), ["shift", "day"], "shift open" + through)
    shop.expect(3, "shift", "open", "--float", "200", who="lin")
    till = TILL[0] or Till(shop)
    till.need("session.start", who="lin")
    numbers = []
    for code, tendered in (("6901028075763", 1000), ("1002", 200)):
        till.need("sale.add", {"code": code})
        till.need("sale.add", {"code": "1001"})
        numbers.append(till.need("sale.pay", {"tender": "cash", "tendered_fen": tendered + 1000})["number"])
    till.need("sale.add", {"code": "1001"})
    till.need("sale.hang")
    if not TILL[0]:
        till.end()
    return numbers


def test_sales(shop, numbers):
    document = shop.json("sale", "list")
    keys(document["sales"][0], ROW, "a sale in the list")
    check(document["sales"][0]["number"] == numbers[-1], "the newest sale is the first")
    check(len(shop.json("sale", "list", "--most", "1")["sales"]) == 1, "--most limits the list")
    for text in ("山泉", "1002", "6921168509263"):
        found = shop.json("sale", "list", "--find", text)["sales"]
        check([row["number"] for row in found] == [numbers[1]], f"a sale is found by its goods: {text}", str(found)[:300])
    shop.expect(1, "sale", "list", "--find", "%", says="No sale")
    clock = time.strftime("%H:%M", time.gmtime(document["sales"][0]["closed_at"] / 1000 + 8 * 3600))    # TZ is Asia/Shanghai
    check(numbers[-1] in [row["number"] for row in shop.json("sale", "list", "--find", clock)["sales"]], "a sale is found by its time")
    check([row["number"] for row in shop.json("sale", "list", "--find", "5.50")["sales"]] == [numbers[1]], "a sale is found by its amount")
    check(shop.json("sale", "list", "--state", "hung")["sales"], "hung sales are listed")
    shop.ok("sale", "list", says=numbers[0])
    shop.expect(1, "sale", "list", "--day", "2001-01-01", says="No sale")
    shop.expect(2, "sale", "list", "--day", "2001-02-30", says="not a day")
    shop.expect(2, "sale", "list", "--state", "gone", says="no state")
    sale = shop.json("sale", "show", numbers[0])["sale"]
    keys(sale, RECORD + ["lines", "tenders", "origin", "refunds"], "a sale")
    keys(sale["lines"][0], LINE, "a line")
    keys(sale["tenders"][0], "kind tendered_fen kept_fen".split(), "a tender")
    check(sale["paid_fen"] == sum(t["kept_fen"] for t in sale["tenders"]) == 700, "tenders add up to the sale", str(sale)[:500])
    shop.ok("sale", "show", numbers[1], says="农夫山泉")
    shop.ok("sale", "show", numbers[1], says="the customer gave 12.00")
    chinese = shop.run("sale", "show", numbers[1], env={"LANGUAGE": "zh_CN", "LC_ALL": "zh_CN.UTF-8"})[1]
    check("顾客给 12.00" in chinese, "what the customer gave is said so in Chinese", chinese)
    shop.expect(1, "sale", "show", "R019999999")
    document = shop.json("receipt", "show", numbers[1])
    keys(document, "number columns rows".split(), "receipt show")
    keys(document["rows"][0], "kind text bold wide tall inverse".split(), "a row of a receipt")
    check(any(r["kind"] == "barcode" and r["text"] == numbers[1] for r in document["rows"]), "the receipt has its number as a barcode")
    check("农夫山泉" in shop.ok("receipt", "show", numbers[1], "--columns", "32"), "the receipt shows the goods")
    shop.expect(2, "receipt", "show", numbers[1], "--columns", "7", says="number from")
    shop.expect(1, "receipt", "show", "R019999999")
    keys(shop.json("receipt", "reprint", numbers[1], who="ding"), ["job", "copy"], "receipt reprint")
    shop.expect(3, "refund", numbers[0], "--all", "--reason", "坏了", who="lin")
    shop.expect(2, "refund", numbers[0], "--reason", "坏了", who="ding", says="--all")
    shop.expect(2, "refund", numbers[0], "--all", who="ding", says="--reason")
    shop.expect(2, "refund", numbers[0], "--line", "x", "--reason", "坏了", who="ding", says="number")
    shop.expect(2, "refund", numbers[0], "--line", "1:x", "--reason", "坏了", who="ding", says="quantity")
    shop.expect(1, "refund", numbers[0], "--line", "9", "--reason", "坏了", who="ding", says="no line")
    document = shop.json("refund", numbers[0], "--line", "1:1", "--reason", "坏了", who="ding")
    keys(document, "number rounding_fen refunded_fen anchor".split(), "refund")
    check(document["refunded_fen"] == 350, "one of two colas goes back", str(document))
    shop.ok("refund", numbers[0], "--all", "--reason", "坏了", "--as", "lin", "--pin-file", shop.path("lin.pin"), "--with", "ding",
            "--with-pin-file", shop.path("ding.pin"), says="3.50")
    shop.expect(3, "refund", numbers[0], "--all", "--reason", "坏了", who="ding")
    check(len(shop.json("sale", "show", numbers[0])["sale"]["refunds"]) == 2, "a sale shows its refunds")
    refund = shop.json("sale", "show", document["number"])["sale"]
    check(refund["origin"] == numbers[0] and refund["total_fen"] == -350, "a refund shows what it gives back")
    check("3.50" in shop.ok("receipt", "show", document["number"]), "a refund's slip is shown")


def test_shift(shop, numbers):
    keys(shop.json("cash", "in", "50", "--reason", "零钱", who="ding"), ["id"], "cash in")
    shop.ok("cash", "out", "20.5", "--reason", "水费", who="ding", says="20.50")
    shop.expect(2, "cash", "out", "20.555", "--reason", "x", who="ding", says="not an amount")
    shop.expect(2, "cash", "out", "1", who="ding", says="--reason")
    shop.expect(3, "cash", "out", "0", "--reason", "x", who="ding", says="from 0.01 to 9999999.99")
    shop.expect(3, "cash", "in", "99999999", "--reason", "x", who="ding", says="from 0.01 to 9999999.99")
    shop.expect(2, "cash", "out", "999999999999", "--reason", "x", who="ding", says="not an amount")
    document = shop.json("report", "x")
    keys(document["shift"], SHIFT, "report x")
    keys(document["figures"], FIGURES, "figures")
    figures = document["figures"]
    check(figures["sales"] == 2 and figures["sold_fen"] == 1250 and figures["refunded_fen"] == 700, "x adds up", str(figures))
    shop.ok("report", "x", says="Takings")
    shop.ok("report", "x", "--print", who="ding")
    shop.expect(2, "report", "x", "--print", says="--as")
    shop.expect(3, "shift", "close", who="lin")
    shop.expect(2, "shift", "count", who="lin", says="--total")
    shop.expect(2, "shift", "count", "100y3", who="lin", says="not a count")
    shop.expect(2, "shift", "count", "100x3", "100x2", who="lin", says="twice")
    document = shop.json("shift", "count", "100x2", "10x3", "4x1", who="lin", code=3)
    document = shop.json("shift", "count", "100x2", "10x3", "1x4", "0.5x1", "0.10x4", "0.05x1", "0.02x2", "0.01x1", who="lin")
    check(document.get("total_fen") == 23500, "pieces are added up", str(document))
    document = shop.json("shift", "close", who="lin")
    keys(document, "z expected_fen counted_fen over_fen anchor".split(), "shift close")
    check(document["expected_fen"] == 20000 + 550 + 5000 - 2050, "the drawer's sum is right", str(document))
    check(document["over_fen"] == 0, "nothing is over", str(document))
    z = document["z"]
    document = shop.json("report", "z")
    check(document["shift"]["z"] == z and document["figures"]["counts"] == 1, "the last Z is shown")
    check(shop.json("report", "z", str(z))["figures"] == document["figures"], "a Z is found by its number")
    shop.ok("report", "z", says="Counted")
    shop.expect(1, "report", "z", "999", says="no Z")
    shop.expect(1, "report", "x", says="No shift")
    shop.expect(2, "report", "z", "x", says="number")
    day = document["shift"]["day"]
    total = shop.json("report", "z", "--day", day)
    keys(total, "day shifts open_shifts figures".split(), "report z --day")
    check(total["figures"]["sold_fen"] >= document["figures"]["sold_fen"], "the day sums its shifts")
    shop.expect(1, "report", "z", "--day", "2001-01-01", says="No shift")
    document = shop.json("report", "transactions", "--day", day)
    keys(document, "day transactions takings_fen figures".split(), "report transactions")
    rows = document["transactions"]
    keys(rows[0], TRANSACTION, "a transaction")
    check([r["kind"] for r in rows] == "float sale sale refund refund in out".split(), "the list is in order", str(rows)[:600])
    check([r["seq"] for r in rows] == sorted(r["seq"] for r in rows), "the journal's order")
    check(sum(r["amount_fen"] for r in rows if r["kind"] in ("sale", "refund")) == document["takings_fen"] == 550, "the list adds up")
    check(rows[4]["who"] == "lin" and rows[4]["with"] == "ding" and rows[4]["reason"] == "坏了", "who, by whose right, and why", str(rows[4]))
    check(rows[0]["amount_fen"] == 20000 and rows[6]["amount_fen"] == -2050 and rows[5]["reason"] == "零钱", "float and movements are there")
    check(rows[3]["tenders"] == {"cash": -350} and rows[3]["origin"] == numbers[0], "a refund names its sale", str(rows[3]))
    check("坏了" in shop.ok("report", "transactions", "--day", day), "the table gives reasons")
    check({n for n in numbers} <= {t["number"] for t in document["transactions"]}, "all sales are in the list")
    shop.ok("report", "transactions", "--day", day, says="Takings")
    document = shop.json("report", "sales", "--day", day)
    keys(document["goods"][0], "code name quantity_milli paid_fen".split(), "report sales")
    shop.ok("report", "sales", "--day", day, says="农夫山泉")
    shop.expect(2, "report", "sales", "--day", "today", says="not a day")


def test_journal(shop):
    document = shop.json("journal", "verify")
    keys(document, "whole rows bad_seq anchor message".split(), "journal verify")
    check(document["whole"], "the journal is whole", str(document))
    shop.ok("journal", "verify", says="whole")
    rows = shop.json("journal", "tail", "--most", "3")["rows"]
    check(len(rows) == 3, "tail shows as many as asked for")
    keys(rows[0], "seq at who uid kind body prev mac".split(), "a journal row")
    check(rows[1]["prev"] == rows[0]["mac"], "rows are chained")
    shop.ok("journal", "tail", says="boss")
    lines = shop.ok("journal", "export").splitlines()
    check([json.loads(l)["seq"] for l in lines] == list(range(1, len(lines) + 1)), "the export has every row, in order")
    check(len(shop.json("journal", "export")["rows"]) == len(lines), "the export as one document has the same rows")
    keys(shop.json("journal", "export", shop.path("j.jsonl")), ["file", "rows"], "journal export FILE")
    shop.expect(3, "journal", "export", shop.path("j.jsonl"), says="cannot be made")
    shop.expect(3, "journal", "export", "/nonexistent/x", says="cannot be made")
    for pin in Shop.PINS.values():
        check(f'"{pin}"' not in "\n".join(lines), "no PIN stands in the journal")


def test_printer(shop):
    document = shop.json("printer", "list")
    keys(document, ["ports", "profiles"], "printer list")
    check("generic-80" in document["profiles"], "the profiles are listed", str(document)[:200])
    shop.ok("printer", "list", says="generic-58")
    paper = shop.write("paper.bin", b"")
    conf = open(shop.path("shop/zhanggui.conf"), encoding="utf-8").read()

    def link(text):
        with open(shop.path("shop/zhanggui.conf"), "w", encoding="utf-8") as file:
            file.write(conf.replace("profile = generic-80", f"profile = generic-80\nlink = {text}"))

    link("file:/nonexistent/lp0")
    code, out, _ = shop.run("printer", "status")
    check(code == 1 and "not there" in out, "a printer that is not there is told", out)
    shop.expect(1, "doctor", says="/nonexistent/lp0")
    begun = time.time()
    shop.json("printer", "test", who="boss")
    check(time.time() - begun < 8, "a command does not wait for a printer that is not there", f"{time.time() - begun:.1f} s")
    printer = subprocess.Popen([SIM, "printer", "--link", shop.path("lp"), "--paper", shop.path("paper.txt"), "--profile", "80",
                                "--until-eof"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENV)
    check(printer.stdout.readline().startswith(b"ready"), "the virtual printer is ready")
    link(f"file:{shop.path('lp')}")
    keys(shop.json("printer", "test", who="boss"), ["job"], "printer test")
    check("掌柜收银" in open(shop.path("paper.txt"), encoding="utf-8").read(), "the test page is on paper when the command ends")
    printer.stdin.close()
    check(printer.wait(60) == 0, "the virtual printer ends")
    link(f"file:{paper}")
    document = shop.json("printer", "status", code=json.loads(shop.run("printer", "status", "--json")[1] or "{}").get("unprinted", 0) and 1)
    keys(document, "link profile printer paper drawer queued unprinted problem".split(), "printer status")
    if os.geteuid() != 0:
        os.chmod(paper, 0o040)
        code, out, _ = shop.run("printer", "status")
        check(code == 1 and "group" in out, "a printer that is not permitted names its group", out)
        os.chmod(paper, 0o600)
    link("usb:1")
    shop.expect(2, "config", "check", says="line")
    link("tcp:10.0.0.1:99999")
    shop.expect(2, "config", "check")
    with open(shop.path("shop/zhanggui.conf"), "w", encoding="utf-8") as file:
        file.write(conf)


def test_config(shop):
    keys(shop.json("config", "check"), ["file"], "config check")
    shop.ok("config", "check", says="nothing is wrong")
    document = shop.json("config", "show")
    keys(document, "shop till printer drawer".split(), "config show")
    check(document["shop"]["name"] == "好又多", "the shop's name is shown")
    shown = shop.ok("config", "show")
    conf = shop.path("shop/zhanggui.conf")
    before = open(conf, encoding="utf-8").read()
    for text, says in (("[shop]\nnmae = x\n", "line 2"), ("[shp]\n", ""), ("[shop]\nname = x\nname = y\n", "line 3"),
                       ("[shop]\nname = a\x1bb\n", "line 2"), ("[till]\nid = 100\n", "1 to 99"),
                       ("[printer]\nprofile = nonesuch\n", "generic-58")):
        with open(conf, "w", encoding="utf-8") as file:
            file.write(text)
        if says:
            shop.expect(2, "config", "check", says=says)
    with open(conf, "w", encoding="utf-8") as file:
        file.write("[shop]\nnmae = x\n")
    shop.expect(2, "config", "show", says="nmae")
    shop.expect(2, "shift", "open", "--float", "1", who="boss", says="nmae")
    with open(conf, "w", encoding="utf-8") as file:
        file.write(shown)
    shop.ok("config", "check")
    check(shop.ok("config", "show") == shown, "what is shown can be read again")
    with open(conf, "w", encoding="utf-8") as file:
        file.write(before)
    out = shop.ok("user", "list", env={"LANGUAGE": "zh_CN"})
    check("丁店长" in out, "names stay as they are in another language")


def test_language(shop):
    """The settings choose the language; where they are silent, the locale does."""
    conf = shop.path("shop/zhanggui.conf")
    before = open(conf, encoding="utf-8").read()
    chinese = {"LC_ALL": "zh_CN.UTF-8", "LANGUAGE": ""}
    for setting, env, wanted in (("", {}, "Login"), ("", chinese, "登录名"), ("", {"LANGUAGE": "zh_CN"}, "登录名"),
                                 ("language = zh_CN\n", {}, "登录名"), ("language = en\n", chinese, "Login")):
        with open(conf, "w", encoding="utf-8") as file:
            file.write("[shop]\nname = 好又多\n" + setting)
        shop.ok("user", "list", env=env, says=wanted)
    with open(conf, "w", encoding="utf-8") as file:
        file.write(before)


def test_doctor(shop):
    code, out, _ = shop.run("doctor", "--json")
    document = json.loads(out)
    keys(document, ["checks", "bad"], "doctor")
    keys(document["checks"][0], ["check", "well", "text"], "a check")
    bad = {c["check"] for c in document["checks"] if not c["well"]}
    check(bad <= {"space", "slips"}, "a new shop is well", str(bad))
    check(code == (1 if bad else 0), "the doctor's exit code says so")
    chinese = shop.run("doctor", env={"LANGUAGE": "zh_CN", "LC_ALL": "zh_CN.UTF-8"})[1]
    check(not re.search("^[a-z]", chinese, re.M), "the doctor speaks Chinese throughout", chinese)
    code, out, _ = shop.run("doctor", "--pages", "--json")
    pages = {c["check"]: c["well"] for c in json.loads(out)["checks"]}
    check(code == 0 and pages == {"books": True, "pages": True}, "the pages alone are looked at", out)
    os.makedirs(shop.path("shop/receipts"), exist_ok=True)
    for text, says in (("{nosuch}\n", "nosuch"), ("", "prints no word"), ("{shop.name}\n", "")):
        shop.write("shop/receipts/sale.zh.txt", text)
        shop.expect(1 if says else code, "doctor", says=says)
    os.unlink(shop.path("shop/receipts/sale.zh.txt"))
    os.mkfifo(shop.path("shop/receipts/sale.zh.txt"))
    shop.expect(1, "doctor", says="Is it a file?")
    os.unlink(shop.path("shop/receipts/sale.zh.txt"))
    os.chmod(shop.path("shop/keys/journal.key"), 0o644)
    code, out, err = shop.run("doctor")
    check(code != 0 and "journal.key" in out + err, "a key that others can read is told", out + err)
    os.chmod(shop.path("shop/keys/journal.key"), 0o600)
    os.chmod(shop.home, 0o755)
    shop.expect(1, "doctor", says="chmod")
    os.chmod(shop.home, 0o700)


def test_damage():
    """Damaged and newer books, and a second till."""
    shop = Shop()
    till = Till(shop)
    second = subprocess.run([COUNTER, shop.home], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(second.returncode == 3 and b"already" in second.stderr, "a second till is refused", str(second))
    till.end()
    copy = shop.path("copy")
    shutil.copytree(shop.home, copy)
    books = os.path.join(copy, "zhanggui.db")
    db = sqlite3.connect(books)
    db.execute("PRAGMA user_version = 999")
    db.close()
    shop.home, home = copy, shop.home
    shop.expect(2, "sale", "list", says="newer")
    shop.expect(2, "shift", "open", "--float", "1", who="boss", says="newer")
    shop.home = home
    shutil.rmtree(copy)
    shutil.copytree(home, copy)
    with open(books, "r+b") as file:
        size = os.path.getsize(books)
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    shop.home = copy
    code, out, err = shop.run("sale", "list")
    check(code == 5, "damaged books are our own failure", f"{code} {out} {err}")
    code, out, err = shop.run("doctor")
    check(code == 1, "the doctor sees damaged books", f"{code} {out} {err}")
    code, out, err = shop.run("doctor", "--pages", "--json")
    found = json.loads(out)
    check(code == 1 and found["bad"] == 1 and {c["check"] for c in found["checks"]} <= {"books", "pages"}, "so does the look at its pages", out + err)
    shutil.rmtree(copy)
    shutil.copytree(home, copy)
    db = sqlite3.connect(books)
    trigger = db.execute("SELECT sql FROM sqlite_master WHERE name = 'journal_fixed'").fetchone()[0]
    db.execute("DROP TRIGGER journal_fixed")
    db.execute("UPDATE journal SET who = 'mallory' WHERE seq = 1")
    db.execute(trigger)
    db.commit()
    db.close()
    shop.expect(1, "journal", "verify", says="1")
    shop.home = home
    shop.done()


# What somebody may change who takes a table's triggers away and puts them back as they were, and what is named then.
CHANGES = (("sale", "UPDATE sale SET day = '2001-01-01' WHERE receipt_no = 2", "R010000002"),
           ("sale_line", "UPDATE sale_line SET name = 'x' WHERE sale_id = 1 AND no = 1", "R010000001"),
           ("sale_line", "UPDATE sale_line SET tax_fen = tax_fen + 1, net_fen = net_fen - 1 WHERE sale_id = 2 AND no = 1", "R010000002"),
           ("tender", "UPDATE tender SET tendered_fen = tendered_fen + 100 WHERE sale_id = 1", "R010000001"),
           ("shift", "UPDATE shift SET counted_fen = counted_fen + 100, expected_fen = expected_fen + 100 WHERE id = 1", "Z 1"),
           ("cash_move", "UPDATE cash_move SET amount_fen = 1 WHERE id = 1", "cash.in 1"),
           ("cash_move", "DELETE FROM cash_move WHERE id = 2", "cash.out 2"))


def test_changed_rows():
    """Closed rows that were changed behind the triggers' back stand in the journal as they were."""
    shop = Shop()
    test_people(shop)
    test_products(shop)
    numbers = test_selling(shop)
    test_sales(shop, numbers)
    test_shift(shop, numbers)
    shop.ok("journal", "verify", says="whole")
    books = shop.path("shop/zhanggui.db")
    kept = shop.path("kept.db")
    shutil.copy(books, kept)
    refund = next(row["number"] for row in shop.json("sale", "list")["sales"] if row["kind"] == "refund")
    changes = CHANGES + (("sale", f"UPDATE sale SET reason = 'y' WHERE number = '{refund}'", refund),)
    for table, change, named in changes:
        shutil.copy(kept, books)
        db = sqlite3.connect(books)
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)).fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        check(db.execute(change).rowcount == 1, f"{change} changes a row")
        for _, made in triggers:
            db.execute(made)
        db.commit()
        db.close()
        shop.expect(1, "journal", "verify", says=named)
        shop.expect(1, "doctor", says=named)
    document = shop.json("journal", "verify", code=1)
    check(document.get("whole") is False, "changed books are not whole", str(document))
    shop.done()


def test_running_till():
    """The same commands while a till runs: they reach it over its control socket."""
    shop = Shop()
    till = Till(shop)
    TILL[0] = till
    test_products(shop)
    test_people(shop)
    numbers = test_selling(shop, " through a running till")
    test_sales(shop, numbers)
    test_shift(shop, numbers)
    test_journal(shop)
    document = shop.json("printer", "status", code=json.loads(shop.run("printer", "status", "--json")[1]).get("unprinted", 0) and 1)
    keys(document, "low broken alarm".split(), "the status of a running till")
    till.end()
    with open(shop.path("shop/zhanggui.conf"), "a", encoding="utf-8") as file:
        file.write("[printer]\nlink = tcp:127.0.0.1:1\n")
    TILL[0] = till = Till(shop)
    shop.json("printer", "test", who="boss")
    until, out = time.time() + 10, ""
    while "port 1" not in out and time.time() < until:
        _, out, _ = shop.run("printer", "status")
    check("port 1" in out, "a running till says why it does not print", out)
    shop.expect(2, "cash", "in", "1", "--reason", "x", says="--as")
    TILL[0] = None
    till.end()
    shop.json("printer", "status", code=json.loads(shop.run("printer", "status", "--json")[1]).get("unprinted", 0) and 1)
    shop.ok("user", "list")
    shop.done()


def test_given_up():
    """An import whose command is interrupted stops in the till too, and leaves nothing."""
    shop = Shop()
    till = Till(shop)
    shop.ok("product", "import", shop.write("goods.csv", GOODS), who="boss")
    before = shop.ok("product", "export")
    rows = "".join(f"X{i},,商品{i},件,1.00,13%,,piece\n" for i in range(300000))
    command = subprocess.Popen([ZHANGGUI, "--home", shop.home, "--as", "boss", "--pin-file", shop.path("boss.pin"), "product", "import",
                                shop.write("big.csv", GOODS.splitlines(True)[0] + rows)],
                               env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               # a check that was started in the background has it ignored, and hands that on
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    until = time.time() + 20
    while "being imported" not in shop.run("product", "import", shop.path("goods.csv"), who="boss")[2] and time.time() < until:
        time.sleep(0.02)
    check(command.poll() is None, "a long import is under way")
    command.send_signal(signal.SIGINT)
    command.wait(60)
    time.sleep(0.5)
    shop.ok("product", "import", shop.path("goods.csv"), who="boss", says="3 as before")
    check(shop.ok("product", "export") == before, "an import that was given up changes nothing")
    till.end()
    shop.done()


class Screen:
    """A program on a terminal of its own, driven by keys."""

    def __init__(self, words, env=None):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(ZHANGGUI, [ZHANGGUI] + words, dict(ENV, TERM="xterm-256color", LINES="24", COLUMNS="80", **(env or {})))

    def wait_for(self, text, limit=30):
        until = time.time() + limit
        while text.encode() not in self.seen and time.time() < until:
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.fd, 65536)
                except OSError:
                    break
        return text.encode() in self.seen

    def press(self, keys):
        os.write(self.fd, keys)

    def end(self):
        """Reads to the end; the exit code."""
        self.wait_for("\0never\0", 20)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return code


def test_copies():
    """A copy made while selling as the manual tells, put back, refused, and accepted by an admin."""
    shop = Shop()
    test_people(shop)
    test_products(shop)
    shop.json("shift", "open", "--float", "200", who="lin")
    till = Till(shop)
    till.need("session.start", who="lin")
    till.need("sale.add", {"code": "1001"})
    till.need("sale.pay")
    books, kept = os.path.join(shop.home, "zhanggui.db"), shop.path("kept.db")
    done = subprocess.run(["sqlite3", books, f".backup {kept}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    check(done.returncode == 0 and os.path.exists(kept), "SQLite copies the books of a till that sells", str(done))
    till.need("sale.add", {"code": "1001"})
    lost = till.need("sale.pay")["number"]
    till.end()
    shop.expect(3, "journal", "accept", "--reason", "x", who="boss", says="no copy to accept")
    shutil.copyfile(kept, books)
    shop.expect(3, "shift", "count", "--total", "1", who="lin", says="old copy")
    shop.expect(1, "journal", "verify", says="missing")
    shop.expect(2, "journal", "accept", who="boss", says="--reason")
    shop.expect(2, "journal", "accept", "--reason", "x", "--last-receipt", "x", who="boss", says="number")
    shop.expect(3, "journal", "accept", "--reason", "x", who="ding", says="right")
    shop.expect(3, "shift", "count", "--total", "1", who="lin", says="old copy")
    document = shop.json("journal", "accept", "--reason", "硬盘坏了", "--last-receipt", lost, who="boss")
    keys(document, ACCEPTED, "journal accept")
    check((document["first_receipt"], document["last_receipt"], document["last_z"]) == (2, 2, 0), "the lost receipt is left out", str(document))
    shop.expect(3, "journal", "accept", "--reason", "x", who="boss", says="no copy to accept")
    shop.ok("journal", "verify", says="whole")
    shop.ok("journal", "tail", says="硬盘坏了")
    till = Till(shop)
    till.need("session.start", who="lin")
    till.need("sale.add", {"code": "1001"})
    check(till.need("sale.pay")["number"] == "R010000003", "numbers go on above the lost one")
    till.end()
    shutil.copyfile(kept, books)
    shop.ok("journal", "accept", "--reason", "again", who="boss", says="Receipt numbers 2 to 3 were given by the lost books")
    shop.done()


def nobody_hears(pipe):
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError as err:
        return err.errno == errno.ENXIO
    return False


def demo_phones(shop, screen, home, turn):
    """The made-up customer: pays in every channel, by his code and by ours, and refuses; by the phones' own ledger."""
    ledger = home + "/phones.jsonl"

    def charges():
        with open(ledger, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def sales():
        books = sqlite3.connect(f"file:{home}/zhanggui.db?mode=ro", uri=True)
        count = books.execute("SELECT count(*) FROM sale WHERE state = 'paid'").fetchone()[0]
        books.close()
        return count

    def becomes(what, count, limit=20):
        until = time.time() + limit
        while what() < count and time.time() < until:
            screen.wait_for("\0never\0", 0.1)
        return what() == count

    def customer(words):
        with open(home + "/phone", "w") as pipe:
            pipe.write("phone " + words + "\n")

    def press(*all):
        for key in all:
            screen.press(key)
            screen.wait_for("\0never\0", 0.3)

    before, paid = len(charges()), sales()
    press(b"boss\r8526\r")
    screen.wait_for("\0never\0", 0.7)
    if turn == "a new":
        press(b"\x1b[20~", b"\r", b"100", b"\r", b"\x1b")
    ways = (("wechat", b"\x0b1"), ("alipay", b"\x0b2"), ("unionpay", b"\x0b3"), ("alipay", b"2.."))
    ways = ways if turn == "a new" else ways[2:3]
    for n, (wallet, way) in enumerate(ways, 1):
        if n > 1:
            customer("pays")    # and the first as he does when nobody tells him: three seconds later
        press(b"6901028075831", b"\r", b"+", way)
        check(becomes(lambda: len(charges()), before + n), f"{turn} demo's customer pays by {wallet}", repr(screen.seen[-500:]))
        check(charges()[-1]["wallet"] == wallet, f"by {wallet}", str(charges()[-1]))
        check(becomes(sales, paid + n), f"{turn} demo's sale by {wallet} is closed", repr(screen.seen[-500:]))
    press(b"6901028075831", b"\r", b"+", b"\x0e", b"\x0b1")
    check(screen.wait_for("Not paid", 10), f"{turn} demo's customer refuses at a key", repr(screen.seen[-500:]))
    customer("pays-after 60000")
    press(b"\r", b"\x0b1", b"\x07", b"\x1b[18~")
    check(shop.json("sale", "list", "--state", "hung")["sales"], f"{turn} demo's vanished customer is parked", repr(screen.seen[-500:]))
    check((len(charges()), sales()) == (before + len(ways), paid + len(ways)), "and was charged nothing", str(charges()[before:]))
    press(b"\x11")


def test_demo():
    """The demo: its logins are shown, its virtual printer works, it ends with everything it started."""
    shop = Shop()
    screen = Screen(["--home", shop.home, "demo"])
    check(screen.wait_for("real shop") and screen.end() == 3, "a real shop is never taken for a demo", repr(screen.seen[-300:]))
    temporary = shop.path("tmp")
    os.mkdir(temporary)
    screen = Screen(["demo"], {"TMPDIR": temporary, "ZHANGGUI_DATA": "/nonexistent"})
    check(screen.wait_for("ZHANGGUI_DATA") and screen.end() == 5, "a demo without its goods says so", repr(screen.seen[-300:]))
    check(os.listdir(temporary) == [], "a demo that could not be made leaves nothing")
    screen = Screen(["demo"], {"TMPDIR": temporary})
    check(screen.wait_for("Sign in"), "a demo opens in a temporary directory", repr(screen.seen[-300:]))
    screen.press(b"\x11")
    check(screen.end() == 0 and os.listdir(temporary) == [], "a demo's temporary directory goes with it")
    screen = Screen(["demo"], {"TMPDIR": temporary})
    check(screen.wait_for("Sign in"), "a demo opens once more", repr(screen.seen[-300:]))
    os.kill(screen.pid, signal.SIGHUP)
    os.kill(screen.pid, signal.SIGTERM)
    check(screen.end() == 0 and os.listdir(temporary) == [], "its directory goes too when two signals end it")
    home = shop.path("demo")
    for turn in ("a new", "the same"):
        screen = Screen(["demo", "--home", home, "--language", "en"])
        check(screen.wait_for("6092"), f"{turn} demo shows its logins", repr(screen.seen[-300:]))
        screen.press(b"\r")
        check(screen.wait_for("Sign in"), f"{turn} demo opens the till", repr(screen.seen[-300:]))
        check(os.path.exists(home + "/printer"), f"{turn} demo has a printer")
        own, shop.home = shop.home, home
        check(len(shop.json("product", "list")["products"]) >= 200, f"{turn} demo has 200 goods or more")
        check(shop.json("printer", "test", who="boss"), "a command reaches the demo's till")
        until = time.time() + 10
        while "\u638c\u67dc\u6536\u94f6" not in open(home + "/paper.txt", encoding="utf-8").read() and time.time() < until:
            time.sleep(0.1)
        check("\u638c\u67dc\u6536\u94f6" in open(home + "/paper.txt", encoding="utf-8").read(), f"{turn} demo prints")
        demo_phones(shop, screen, home, turn)
        shop.home = own
        screen.press(b"\x11")
        check(screen.end() == 0, f"{turn} demo ends well", repr(screen.seen[-300:]))
        check(not os.path.exists(home + "/printer"), f"{turn} demo ends its printer")
        check(nobody_hears(home + "/phone"), f"{turn} demo ends its gateways")
    screen = Screen(["demo", "--home", home], {"ZHANGGUI_DATA": "/nonexistent"})
    check(screen.wait_for("ZHANGGUI_DATA") and screen.end() == 5, "a demo that is opened again misses its data too", repr(screen.seen[-300:]))
    shop.done()


def test_manual():
    """The manual pages name every command, option, setting and JSON member, and are well formed."""
    page = open(os.path.join(SOURCE, "man/zhanggui.1"), encoding="utf-8").read()
    conf = open(os.path.join(SOURCE, "man/zhanggui.conf.5"), encoding="utf-8").read()
    plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "").replace("\\fI", "")
    table = open(os.path.join(SOURCE, "src/cli/commands.c"), encoding="utf-8").read()
    commands = re.findall(r'^\t\{ "([a-z ]+)", "[^"]*", N_', table, re.M)
    options = re.findall(r'^\t\{ "([a-z-]+)", (?:"[^"]*"|NULL), N_', table, re.M)
    check(len(commands) > 30 and len(options) > 20, "the tables are read", f"{len(commands)} {len(options)}")
    for words in commands:
        check(words in plain, f"zhanggui(1) has {words!r}")
    for option in set(options) - set(commands):
        check(f"--{option}" in plain, f"zhanggui(1) has --{option}")
    for member in SHAPES:
        check(re.search(rf"\b{member}\b", plain), f"zhanggui(1) has the member {member}")
    tables = "".join(open(os.path.join(SOURCE, "src/till", name), encoding="utf-8").read() for name in ("setting.c", "pay_setting.c"))
    settings = re.findall(r'^\t(?:\{ "[a-z.]+", |[A-Z]+\()"([a-z0-9_]+)", (?:zg_setting_)?take', tables, re.M)
    check(len(settings) > 45, "the settings are read", str(len(settings)))
    for key in settings:
        check(key in conf, f"zhanggui.conf(5) has {key}")
    if shutil.which("man") and shutil.which("groff"):
        for name in ("zhanggui.1", "zhanggui.conf.5"):
            done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", os.path.join(SOURCE, "man", name)],
                                  env=dict(ENV, MANWIDTH="80"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            check(done.returncode == 0 and not done.stderr, f"{name} is well formed", done.stderr.decode())


TILL = [None]


def main():
    test_words()
    test_init()
    test_other_user()
    test_terminal()
    shop = Shop()
    test_people(shop)
    test_products(shop)
    test_language(shop)
    test_doctor(shop)
    numbers = test_selling(shop)
    test_sales(shop, numbers)
    test_shift(shop, numbers)
    test_journal(shop)
    test_config(shop)
    test_printer(shop)
    shop.done()
    test_running_till()
    test_given_up()
    test_damage()
    test_copies()
    test_changed_rows()
    test_demo()
    test_manual()
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
