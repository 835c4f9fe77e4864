#!/usr/bin/env python3
"""Are the tests good? Each mutant of the files in tests/lab/mutants.tsv is linked into the unit tests, which must fail.

ZG_COUNT mutants are drawn by ZG_SEED (usually 40; 0 or more than there are: all), two at a time. Words on the command line choose files.
A mutant is killed when one of its file's suites fails, crashes or takes ten times as long; one that does not compile is none, and neither
is one that an optimising compiler turns into the same code, nor one that tests/lab/mutants-same.tsv says why no test can tell.
Survivors are listed by line. P38: of each file at least 95 % are killed.
"""
import concurrent.futures
import os
import random
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
BAR = 95
CHANCES = "100"     # rounds of the suites that draw by chance
CPU_SECONDS = 10    # of one test


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
        compiler, link, objects, libraries = make_words("COMPILE", "tests_unit_unit_LINK", "tests_unit_unit_OBJECTS", "LIBS")
        criterion = make_words("tests_unit_unit_LDADD")[0]
        self.compile = compiler
        self.link = link.split(" -o ")[0]
        # as they are now: what is edited or built during a long run changes nothing in it
        tests, library = os.path.join(PLACE, "tests.o"), os.path.join(PLACE, "libzhanggui.a")
        subprocess.run(["ld", "-r", "-S", "-o", tests, *objects.split()], cwd=BUILD, check=True)
        subprocess.run(["objcopy", "-g", os.path.join(BUILD, "libzhanggui.a"), library], check=True)
        self.rest = f"{tests} {criterion.replace('libzhanggui.a', library)} {libraries}"
        self.times = {}
        self.lock = threading.Lock()

    def shell(self, command):
        return subprocess.run(command, shell=True, cwd=BUILD, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)

    def object_of(self, source, out, more):
        return self.shell(f"{self.compile} -w -g0 {more} -c -o {out} {source}").returncode == 0

    def link_with(self, object_file, out):
        done = self.shell(f"{self.link} -fuse-ld=gold -Wl,-s -o {out} {object_file} {self.rest}")
        if done.returncode:
            raise SystemExit("mutants: the unit tests do not link: " + done.stderr.decode()[-1000:])

    def holds(self, program, suites, limit=None):
        """Whether all suites pass; each stage only when the one before did."""
        scratch = tempfile.mkdtemp(dir=PLACE)
        env = dict(os.environ, ZG_COUNT=CHANCES, ZG_SEED="38", TMPDIR=scratch, ZHANGGUI_DATA=SOURCE + "/data", ZG_BUILD=BUILD, ZG_SOURCE=SOURCE,
                   ZHANGGUI_LOCALEDIR=BUILD + "/po/locale")

        def limits():
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        try:
            for suite in suites:
                running = subprocess.Popen([program, "-j1", "--fail-fast", "--filter", suite], env=env, cwd=scratch, stdin=subprocess.DEVNULL,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=limits)
                try:
                    code = running.wait(limit)
                except subprocess.TimeoutExpired:
                    code = None
                    os.killpg(running.pid, signal.SIGKILL)
                    running.wait()
                if code != 0:
                    return False
            return True
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def usual_time(self, path, suites):
        """The file as it is must pass; how long that takes is the measure of the time-out."""
        with self.lock:
            if path not in self.times:
                name = os.path.join(PLACE, "as-it-is")
                begun = time.monotonic()
                if not self.object_of(os.path.join(SOURCE, path), name + ".o", "-O0"):
                    raise SystemExit(f"mutants: {path} does not compile")
                self.link_with(name + ".o", name)
                if not self.holds(name, suites):
                    raise SystemExit(f"mutants: the suites {' '.join(suites)} fail with {path} as it is")
                self.times[path] = time.monotonic() - begun
            return self.times[path]

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
        """'none', 'killed', 'same' or 'survived'."""
        name = os.path.join(PLACE, f"m{number}")
        text = whole[:mutant.start] + mutant.text + whole[mutant.end:]
        limit = max(60, 10 * self.usual_time(path, suites))
        try:
            with open(name + ".c", "w", encoding="utf-8") as file:
                file.write(text)
            if not self.object_of(name + ".c", name + ".o", "-O0"):
                return "none"
            self.link_with(name + ".o", name)
            if not self.holds(name, suites, limit):
                return "killed"
            return "same" if self.same_code(path, text, f"m{number}") else "survived"
        finally:
            for end in (".c", ".o", ""):
                if os.path.exists(name + end):
                    os.unlink(name + end)


def shown(whole, mutant):
    """The first line that differs, before and after, without the spaces at its ends."""
    text = whole[:mutant.start] + mutant.text + whole[mutant.end:]
    for before, after in zip(whole.split("\n"), text.split("\n")):
        if before != after:
            return before.strip(), after.strip()
    return "", ""


def main():
    wanted = sys.argv[1:]
    files = [(row[0], row[1].split()) for row in table("mutants.tsv") if not wanted or row[0] in wanted]
    reasons = {tuple(row[:3]): row[3] for row in table("mutants-same.tsv")}
    seed = int(os.environ.get("ZG_SEED") or 38)
    count = int(os.environ.get("ZG_COUNT") or 40)
    os.makedirs(PLACE, exist_ok=True)
    work, used = [], set()
    for path, suites in files:
        with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
            whole = file.read()
        for mutant in mutate.mutants(whole):
            work.append((path, whole, mutant, suites))
    total = len(work)
    if 0 < count < total:
        work = sorted(random.Random(seed).sample(work, count), key=lambda job: (job[0], job[2].start))
    print(f"ZG_SEED={seed} ZG_COUNT={len(work)} of {total} mutants of {len(files)} files", flush=True)
    runner = Runner()
    tally = {path: {"none": 0, "killed": 0, "same": 0, "survived": 0, "told": 0} for path, _ in files}

    def one(job):
        number, (path, whole, mutant, suites) = job
        key = (path, *shown(whole, mutant))
        if key in reasons:
            used.add(key)
            return path, mutant, key, "told"
        return path, mutant, key, runner.try_one(number, path, whole, mutant, suites)

    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for path, mutant, key, how in pool.map(one, enumerate(work)):
            tally[path][how] += 1
            if how == "survived":
                print(f"survives: {path}:{mutant.line}: {key[1]}  ==>  {key[2]}", flush=True)
            elif os.environ.get("ZG_LOUD"):
                print(f"{how}: {path}:{mutant.line}: {key[1]}  ==>  {key[2]}", flush=True)
    shutil.rmtree(PLACE, ignore_errors=True)
    passed = failed = 0
    sums = {"none": 0, "killed": 0, "same": 0, "survived": 0, "told": 0}
    for path, counts in tally.items():
        for how, number in counts.items():
            sums[how] += number
        tried = counts["killed"] + counts["survived"]
        if tried:
            share = 100 * counts["killed"] / tried
            print(f"{path:<28} {tried:>5} mutants, {counts['killed']} killed: {share:.1f} %; {counts['same']} the same code, "
                  f"{counts['told']} no test can tell")
            passed, failed = passed + (share >= BAR), failed + (share < BAR)
    if len(work) == total and not wanted:
        for key in sorted(set(reasons) - used):
            print(f"FAILED: no such mutant any more: {' | '.join(key)}")
            failed += 1
    tried = sums["killed"] + sums["survived"]
    print(f"figure: {sums['killed']} of {tried} mutants killed ({100 * sums['killed'] / max(1, tried):.1f} %), of {total} made in {len(files)} files")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
