#!/usr/bin/env python3
"""Are the tests good? Each mutant of the files in tests/lab/mutants.tsv is joined to the unit tests, which must fail.

ZG_COUNT mutants are drawn by ZG_SEED (usually 40; 0 or more than there are: all), ZG_JOBS (two) at a time. Words on the command line
choose files. A mutant is killed when one of its file's suites fails, crashes or runs away; one that does not compile is none, and neither
is one that an optimising compiler turns into the same code, nor one that tests/lab/mutants-same.tsv says why no test can tell: these are
run as well, and one that is not there any more or that a test does kill is a failure. Survivors are listed by line; ZG_LOUD=1 lists the
others too, each with the test that killed it.
P38: of each file at least 95 % are killed.

So that all of them take minutes: the unit tests are linked once a file, and the file's own code, alone compiled again, is a library that
they load; and what killed the mutants before is asked first.
"""
import collections
import concurrent.futures
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mutate  # noqa: E402

BUILD = os.path.abspath(os.environ.get("ZG_BUILD", "."))
SOURCE = os.path.abspath(os.environ.get("ZG_SOURCE", "."))
PLACE = os.path.join(BUILD, f"mutants-{os.getpid()}")
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else PLACE    # where the tests keep their shops: a disk is not tried here
BAR = 95
CHANCES = "100"     # rounds of the suites that draw by chance
CPU_SECONDS = 5     # of one test
FIRST = 6           # so many tests, those that killed most, are asked before the suites


def table(name):
    with open(os.path.join(SOURCE, "tests/lab", name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]


def make_words(*names):
    """What make knows: how it compiles and links."""
    rule = "show-%: ; @echo '$($*)'"
    done = subprocess.run(["make", "-s", "-C", BUILD, "--no-print-directory", f"--eval={rule}", *(f"show-{name}" for name in names)],
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().splitlines()


class Runner:
    def __init__(self):
        subprocess.run(["make", "-s", "-C", BUILD, "all", "tests/unit/unit"], check=True, stdout=sys.stderr)
        self.compile, link, objects, libraries = make_words("COMPILE", "tests_unit_unit_LINK", "tests_unit_unit_OBJECTS", "LIBS")
        criterion = make_words("tests_unit_unit_LDADD")[0]
        self.link = link.split(" -o ")[0]
        # as they are now: what is edited or built during a long run changes nothing in it
        self.tests, library = os.path.join(PLACE, "tests.o"), os.path.join(PLACE, "libzhanggui.a")
        subprocess.run(["ld", "-r", "-S", "-o", self.tests, *objects.split()], cwd=BUILD, check=True)
        subprocess.run(["objcopy", "-g", os.path.join(BUILD, "libzhanggui.a"), library], check=True)
        self.rest = f"{criterion.replace('libzhanggui.a', library)} {libraries}"
        self.bases = {}
        self.killers = collections.defaultdict(collections.Counter)
        self.last = {}
        self.lock = threading.Lock()

    def shell(self, command):
        return subprocess.run(command, shell=True, cwd=BUILD, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)

    def object_of(self, source, out, more):
        return self.shell(f"{self.compile} -w -g0 {more} -c -o {out} {source}").returncode == 0

    def library_of(self, source, folder):
        """The code of one file, to be loaded by the program that stands in for the unit tests; False: it does not compile."""
        os.makedirs(folder, exist_ok=True)
        if not self.object_of(source, folder + "/one.o", "-O0 -fPIC"):
            return False
        done = self.shell(f"ld.gold -shared -soname libmutant.so -o {folder}/libmutant.so {folder}/one.o")
        if done.returncode:
            raise SystemExit("mutants: a file does not link: " + done.stderr.decode()[-1000:])
        return True

    def test(self, program, folder, pattern, limit):
        """None when all tests of this pattern pass, otherwise the test that does not."""
        scratch = tempfile.mkdtemp(dir=MEMORY)
        env = dict(os.environ, ZG_COUNT=CHANCES, ZG_SEED="38", TMPDIR=scratch, ZHANGGUI_DATA=SOURCE + "/data", ZG_BUILD=BUILD, ZG_SOURCE=SOURCE,
                   ZHANGGUI_LOCALEDIR=BUILD + "/po/locale", LD_LIBRARY_PATH=folder)

        def limits():
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        try:
            running = subprocess.Popen([program, "-j1", "--fail-fast", "--ascii", "--color=never", "--filter", pattern], env=env, cwd=scratch,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
                                       preexec_fn=limits)
            try:
                said = running.communicate(timeout=limit)[1].decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.communicate()
                return "?"
            if running.returncode == 0 and re.search(r"Tested: [1-9]", said):
                return None
            named = re.findall(r"^\[FAIL\] (\w+)::(\w+)", said, re.M)
            return "/".join(named[0]) if named else "?"
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def killer(self, path, program, folder, suites, limit):
        """The test that this code of the file fails, or None: first those that killed before, then all its suites."""
        last, often = self.last.get(path), [name for name, _ in self.killers[path].most_common(FIRST)]
        first = [last] if last else []
        if len(often) > 1:
            first.append(f"@({'|'.join(often)})")
        for pattern in first + suites:
            name = self.test(program, folder, pattern, limit)
            if name:
                if "/" in name:
                    self.killers[path][name] += 1
                    self.last[path] = name
                return name
        return None

    def base(self, path, suites):
        """The unit tests that load this file's code, and how long its suites take: the file as it is must pass."""
        with self.lock:
            if path not in self.bases:
                folder = os.path.join(PLACE, f"as-it-is-{len(self.bases)}")
                program = folder + "/unit"
                if not self.library_of(os.path.join(SOURCE, path), folder):
                    raise SystemExit(f"mutants: {path} does not compile")
                done = self.shell(f"{self.link} -rdynamic -fuse-ld=gold -Wl,-s -o {program} {self.tests} {folder}/libmutant.so {self.rest}")
                if done.returncode:
                    raise SystemExit("mutants: the unit tests do not link: " + done.stderr.decode()[-1000:])
                begun = time.monotonic()
                name = self.killer(path, program, folder, suites, None)
                if name:
                    raise SystemExit(f"mutants: {name} fails with {path} as it is")
                self.bases[path] = program, time.monotonic() - begun
            return self.bases[path]

    def same_code(self, path, mutant_source, name):
        """Built as it is shipped, it is the same program."""
        plain = os.path.join(PLACE, name + "-plain")
        with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
            whole = file.read()
        objects = []
        for text in (whole, mutant_source):
            with open(plain + ".c", "w", encoding="utf-8") as file:
                file.write(text)
            self.object_of(plain + ".c", plain + ".o", "-O2")
            with open(plain + ".o", "rb") as file:
                objects.append(file.read())
        os.unlink(plain + ".c")
        os.unlink(plain + ".o")
        return objects[0] == objects[1]

    def try_one(self, number, path, whole, mutant, suites):
        """'none', 'killed', 'same' or 'survived', and the test that killed it."""
        text = whole[:mutant.start] + mutant.text + whole[mutant.end:]
        program, usual = self.base(path, suites)
        folder = os.path.join(PLACE, f"m{number}")
        os.makedirs(folder)
        try:
            with open(folder + "/one.c", "w", encoding="utf-8") as file:
                file.write(text)
            if not self.library_of(folder + "/one.c", folder):
                return "none", ""
            name = self.killer(path, program, folder, suites, max(60, 10 * usual))
            if name:
                return "killed", name
            return "same" if self.same_code(path, text, f"m{number}") else "survived", ""
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def shown(whole, mutant):
    """The first line that differs, before and after, without the spaces at its ends."""
    text = whole[:mutant.start] + mutant.text + whole[mutant.end:]
    for before, after in zip(whole.split("\n"), text.split("\n")):
        if before != after:
            return before.strip(), after.strip()
    return "", ""


def function_of(whole, mutant):
    """The function whose body the mutant is in, or ''."""
    for line in reversed(whole.split("\n")[:mutant.line]):
        head = re.match(r"[A-Za-z_][^;=]*?(\w+)\(", line)
        if head:
            return head.group(1)
    return ""


def main():
    wanted = sys.argv[1:]
    files = [(row[0], row[1].split()) for row in table("mutants.tsv") if not wanted or row[0] in wanted]
    reasons = {tuple(row[:3]): row[3] for row in table("mutants-same.tsv")}
    seed = int(os.environ.get("ZG_SEED") or 38)
    count = int(os.environ.get("ZG_COUNT") or 40)
    os.makedirs(PLACE, exist_ok=True)
    work = []
    for path, suites in files:
        with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
            whole = file.read()
        for mutant in mutate.mutants(whole):
            before, after = shown(whole, mutant)
            key = path, f"{function_of(whole, mutant)}: {before}", after
            work.append((path, whole, mutant, suites, key if key in reasons else (path, before, after)))
    gone = sorted(key for key in reasons if key[0] in dict(files) and key not in {job[-1] for job in work})
    total = len(work)
    if 0 < count < total:
        work = sorted(random.Random(seed).sample(work, count), key=lambda job: (job[0], job[2].start))
    print(f"ZG_SEED={seed} ZG_COUNT={len(work)} of {total} mutants of {len(files)} files", flush=True)
    runner = Runner()
    tally = {path: collections.Counter() for path, _ in files}

    def one(job):
        number, (path, whole, mutant, suites, key) = job
        return path, mutant, key, *runner.try_one(number, path, whole, mutant, suites)

    untrue = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=int(os.environ.get("ZG_JOBS") or 2)) as pool:
        for path, mutant, key, how, name in pool.map(one, enumerate(work)):
            if key in reasons:
                if how == "killed":
                    untrue.append((*key, f"{name} tells it"))
                how = "told"
            tally[path][how] += 1
            if how == "survived":
                print(f"survives: {path}:{mutant.line}: {key[1]}  ==>  {key[2]}", flush=True)
            elif os.environ.get("ZG_LOUD"):
                print(f"{how}: {path}:{mutant.line}: {key[1]}  ==>  {key[2]}  {name}", flush=True)
    shutil.rmtree(PLACE, ignore_errors=True)
    passed, failed, sums = 0, 0, collections.Counter()
    for path, counts in tally.items():
        sums += counts
        tried = counts["killed"] + counts["survived"]
        if tried:
            share = 100 * counts["killed"] / tried
            print(f"{path:<28} {tried:>5} mutants, {counts['killed']} killed: {share:.1f} %; {counts['same']} the same code, "
                  f"{counts['told']} no test can tell")
            passed, failed = passed + (share >= BAR), failed + (share < BAR)
    for words, keys in (("no such mutant any more", gone), ("a test can tell it", untrue)):
        for key in keys:
            print(f"FAILED: mutants-same.tsv, {words}: {' | '.join(key)}")
            failed += 1
    tried = sums["killed"] + sums["survived"]
    print(f"figure: {sums['killed']} of {tried} mutants killed ({100 * sums['killed'] / max(1, tried):.1f} %), of {total} made in {len(files)} files")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
