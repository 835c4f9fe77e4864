#!/usr/bin/env python3
"""The test of the lab: plants each fault of tests/lab/plants/ into a copy of the sources and demands that its experiment finds it.

A plant is a text file: a sentence after '#' that says what is wrong, then 'experiment:' (a name of tests/lab/experiments.tsv, or
'program:' with a command of its own), 'count:' (optional), 'file:' of the sources, then the lines between '--- is' and
'--- becomes' that are replaced by those behind it. What 'is' names must stand there exactly once: a plant that no longer fits is a failure.
Each experiment is also run once with no fault planted: it must hold. And each one that is listed must have a plant: what cannot fail
proves nothing. NAME=... runs one plant. make check-lab calls it.
With the word "fit" nothing is built or run: only whether each plant fits its sources, and each experiment has one (part of make check).
"""
import filecmp
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("ZG_SOURCE", "."), "tests/lab"))
import prove  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("ZG_SOURCE", "."))
PLACE = os.path.abspath(os.environ.get("ZG_BUILD", ".")) + "/plants"
SKIPPED = re.compile(r"^(build|build-(?!aux).*|\.git|plants|autom4te\.cache)$")


def read(path):
    with open(path, encoding="utf-8") as file:
        head, rest = file.read().split("--- is\n", 1)
    before, after = rest.split("--- becomes\n", 1)
    plant = {"name": os.path.basename(path)[:-len(".plant")], "is": before, "becomes": after,
             "words": " ".join(re.findall(r"^# (.*)$", head, re.M)), "count": 0}
    for key, value in re.findall(r"^(experiment|program|count|file): *(.*)$", head, re.M):
        plant[key] = int(value) if key == "count" else value
    if "program" not in plant:
        plant["program"] = next(row["program"] for row in prove.experiments() if row["name"] == plant["experiment"])
    return plant


def make(program):
    """The programs first, by themselves: "all" is a make of its own, and beside it a second one would build the same files."""
    word = program.split()[0]
    for targets in (["all"], [word] if not word.endswith((".py", ".sh")) else ["tests/fault/libfault.a"]):
        made = subprocess.run(["make", "-s", "-C", PLACE + "/build", f"-j{os.cpu_count()}", *targets], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if made.returncode:
            break
    return made


def copy_changed(there, here):
    """Only what differs is written, so that make builds only that again; a plant left by a run cut short is undone."""
    os.makedirs(here, exist_ok=True)
    for entry in os.scandir(there):
        path = os.path.join(here, entry.name)
        if entry.is_dir(follow_symlinks=False):
            if there != SOURCE or not SKIPPED.match(entry.name):
                copy_changed(entry.path, path)
        elif not os.path.exists(path) or not filecmp.cmp(entry.path, path, shallow=False):
            shutil.copy2(entry.path, path)
            if entry.name.endswith((".c", ".h", ".sql")):
                os.utime(path)


def prepare():
    """A copy of the sources, built once beside this build."""
    copy_changed(SOURCE, PLACE)
    if not os.path.exists(PLACE + "/build/config.status"):
        os.makedirs(PLACE + "/build", exist_ok=True)
        subprocess.run(["../configure", "-q", "CFLAGS=-O1 -g"], cwd=PLACE + "/build", check=True)
    prove.BUILD, prove.SOURCE = PLACE + "/build", PLACE
    os.environ.update(ZG_BUILD=PLACE + "/build", ZG_SOURCE=PLACE, ZHANGGUI_DATA=PLACE + "/data",
                      ZHANGGUI_LOCALEDIR=PLACE + "/build/po/locale")


def planted(plant, whole):
    """Plants it, builds, runs; what went wrong with the plant, or ''."""
    path = os.path.join(PLACE, plant["file"])
    if whole.count(plant["is"]) != 1:
        return f"it no longer fits: its lines stand {whole.count(plant['is'])} times in {plant['file']}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(whole.replace(plant["is"], plant["becomes"]))
    built = make(plant["program"])
    if built.returncode:
        return "it does not build:\n" + built.stdout.decode("utf-8", "replace")[-2000:]
    result = prove.run(plant["program"], 1, plant["count"])
    return "the experiment did not notice it:\n" + result["text"][-1500:] if result["held"] else ""


def holds_without(plant, seen):
    if plant["program"] in seen:
        return ""
    built = make(plant["program"])
    if built.returncode:
        return "the sources do not build: " + built.stdout.decode("utf-8", "replace")[-2000:]
    result = prove.run(plant["program"], 1, plant["count"])
    seen.add(plant["program"])
    return "" if result["held"] else "the experiment fails with nothing planted:\n" + result["text"][-1500:]


def unplanted(plants):
    """Experiments that no plant tries."""
    tried = {plant["program"].split()[0] for plant in plants}
    return [row["name"] for row in prove.experiments() if row["program"].split()[0] not in tried]


def count_of(plant):
    with open(os.path.join(SOURCE, plant["file"]), encoding="utf-8") as file:
        return file.read().count(plant["is"])


def fit(plants):
    """Exit code of the quick look."""
    wrong = [f"no fault is planted for {name} to find" for name in unplanted(plants)]
    wrong += [f"{plant['name']} no longer fits: its lines stand {count_of(plant)} times in {plant['file']}" for plant in plants if count_of(plant) != 1]
    for words in wrong:
        print("FAILED " + words)
    print(f"{len(plants) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong or not plants else 0


def main():
    folder = os.path.join(SOURCE, "tests/lab/plants")
    plants = [read(os.path.join(folder, name)) for name in sorted(os.listdir(folder)) if name.endswith(".plant")]
    if sys.argv[1:] == ["fit"]:
        return fit(plants)
    passed, failed, seen = 0, 0, set()
    for name in unplanted(plants):
        failed += 1
        print(f"FAILED {name}: no fault is planted for it to find", flush=True)
    plants = [plant for plant in plants if os.environ.get("NAME", plant["name"]) in ("", plant["name"])]
    prepare()
    for plant in plants:
        path = os.path.join(PLACE, plant["file"])
        with open(os.path.join(SOURCE, plant["file"]), encoding="utf-8") as file:
            whole = file.read()
        wrong = holds_without(plant, seen) or planted(plant, whole)
        with open(path, "w", encoding="utf-8") as file:
            file.write(whole)
        passed, failed = passed + (not wrong), failed + bool(wrong)
        print(f"{'found ' if not wrong else 'FAILED'} {plant['name']:<24} {plant['words']}", flush=True)
        if wrong:
            print("    " + wrong.replace("\n", "\n    "), flush=True)
    if failed == 0 and not os.environ.get("KEEP"):
        shutil.rmtree(PLACE)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
