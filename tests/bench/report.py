"""The figures and how they are shown."""

import json
import os
import platform
import subprocess
import time

SOURCE = os.environ["ZG_SOURCE"]
figures = []


def figure(name, what, unit, ours, yardstick=None, bar=None, bar_ratio=None, least_ratio=None):
    """bar: the most that `ours` may be; bar_ratio, least_ratio: the most and the least that ours / yardstick may be."""
    ratio = round(ours / yardstick, 2) if yardstick else None
    held = None
    if bar is not None:
        held = ours <= bar
    if ratio is not None and bar_ratio is not None:
        held = held is not False and ratio <= bar_ratio
    if ratio is not None and least_ratio is not None:
        held = held is not False and ratio >= least_ratio
    words = [text for text in ("%g" % bar if bar is not None else "", "%gx" % bar_ratio if bar_ratio is not None else "",
                               ">=%gx" % least_ratio if least_ratio is not None else "") if text]
    figures.append({"name": name, "what": what, "unit": unit, "ours": ours, "yardstick": yardstick, "ratio": ratio,
                    "bar": ", ".join(words) or None, "held": held})


def part(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(len(values) * share))], 2)


def first_line(path, key):
    try:
        with open(path) as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "")
    except OSError:
        return ""


def git(*words):
    done = subprocess.run(["git", "-C", SOURCE, *words], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def report(command):
    commit = git("rev-parse", "--short=12", "HEAD") or "unknown"
    facts = {
        "commit": commit, "changed": bool(git("status", "--porcelain", "--untracked-files=no")),
        "command": command,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": {
            "cpu": first_line("/proc/cpuinfo", "model name") or platform.machine(), "cores": os.cpu_count(),
            "memory_mb": int(first_line("/proc/meminfo", "MemTotal").split()[0]) // 1024,
            "system": "%s %s" % (platform.system(), platform.release()), "load": round(os.getloadavg()[0], 2),
        },
        "figures": figures,
    }
    if os.environ.get("JSON"):
        print(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    machine = facts["machine"]
    print("commit %s%s, %s, %d cores, %d MB, %s, load %s" % (commit, " (changed)" if facts["changed"] else "", machine["cpu"],
          machine["cores"], machine["memory_mb"], machine["system"], machine["load"]))
    print(facts["command"])
    print("%-62s %12s %10s %7s  %s" % ("what", "ours", "yardstick", "ratio", "bar"))
    for f in figures:
        print("%-62s %12s %10s %7s  %s" % (
            f["what"], "%g %s" % (f["ours"], f["unit"]), "-" if f["yardstick"] is None else "%g" % f["yardstick"],
            "-" if f["ratio"] is None else "%.2f" % f["ratio"],
            "-" if f["held"] is None else "%s %s" % (f["bar"], "held" if f["held"] else "MISSED")))
