"""Kills training with SIGKILL and lets it go on: `python3 Tests/Faults/kills.py --skein SKEIN`.

Three kinds of attack, each on fresh run folders:

- at every file-system call of a run with three saves (through `strace`), on the lines dataset;
- at `--random` random instants of a digits run;
- at every file-system call, an error instead of a kill: ENOSPC and EIO, once and for ever after.

After each one, `train --resume` must end with checkpoints of the same bytes as an undisturbed run
has, and with the same metrics but for times and thread counts. `--stride 5` takes every fifth call.
Prints a line per kind; ends with 1 at the first difference.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

CALLS = ["mkdir", "openat", "write", "pwrite64", "fsync", "rename", "link", "unlink", "unlinkat",
         "ftruncate", "flock", "close"]
# What fails for want of space or by a bad disk; the others never answer so.
FAULTY = ["openat", "write", "fsync", "rename", "link"]
LINES = ["Configs/lines.yaml", "--set", "training.epochs=3", "--set", "training.batchSize=1000",
         "--set", "optimizer.momentum=0.5"]
DIGITS = ["Configs/digits.yaml", "--set", "training.epochs=4", "--set", "model.hidden=[64]",
          "--set", "checkpoint.everySteps=17"]


def train(skein, job, run, threads, wrapper=()):
    """A `train --resume` that has begun."""
    command = [*wrapper, skein, "train", *job, "--run", run, "--resume", "--threads", str(threads)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                            env=os.environ | {"SWIFT_BACKTRACE": "enable=no"})


def finish(process, expected, what):
    errors = process.communicate()[1]
    if process.returncode not in expected:
        sys.exit(f"{what}: exit code {process.returncode}: {errors}")
    return process.returncode


def outcome(run):
    """What a run leaves, without times and thread counts."""
    folder = pathlib.Path(run)
    files = {name: (folder / "checkpoints" / f"{name}.safetensors").read_bytes()
             for name in ["last", "best"]}
    metrics = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    for line in metrics:
        for key in ["seconds", "samplesPerSecond", "threads", "workers"]:
            line.pop(key, None)
    temporary = [path for path in folder.rglob(".*")]
    return files, metrics, temporary


class Attack:
    """Runs of one job, each attacked once, then resumed and compared."""

    def __init__(self, skein, job, folder):
        self.skein, self.job, self.folder = skein, job, folder
        self.number = 0
        finish(train(skein, job, self.run("whole"), 1), [0], "the undisturbed run")
        self.expected = outcome(self.run("whole"))

    def run(self, name):
        return str(self.folder / name)

    def attack(self, what, begin, expected):
        """`begin(run)` gives an attacked process; returns how that one ended."""
        self.number += 1
        run = self.run(f"attacked-{self.number}")
        code = finish(begin(run), expected, what)
        # Another thread count goes on to the same bits.
        finish(train(self.skein, self.job, run, self.number % 3 + 1), [0], f"{what}, resumed")
        if outcome(run) != self.expected:
            sys.exit(f"{what}: the resumed run differs from the undisturbed one: see {run}")
        shutil.rmtree(run)
        return code


def calls_in_run_folder(attack):
    """For each system call, the numbers (from 1, counted per thread) of those on a run's files."""
    log, run = attack.folder / "log", attack.run("traced")
    wrapper = ["strace", "-f", "-o", str(log), "-e", "trace=" + ",".join(CALLS)]
    finish(train(attack.skein, attack.job, run, 1, wrapper), [0], "strace")
    shutil.rmtree(run)
    counts, found, begun = collections.Counter(), collections.defaultdict(set), False
    for line in log.read_text().splitlines():
        match = re.match(r"(\d+) +(\w+)\(", line)
        if not match:
            continue
        thread, call = match.groups()
        counts[thread, call] += 1
        begun = begun or run in line
        if begun:
            found[call].add(counts[thread, call])
    return {call: sorted(numbers) for call, numbers in found.items()}


def injections(attack, stride, effect, calls, codes):
    """One attacked run per call; `effect` is strace's, `{}` in it stands for the call's number."""
    places = [(call, number) for call, numbers in calls_in_run_folder(attack).items()
              if call in calls for number in numbers][::stride]
    ends = collections.Counter()
    for call, number in places:
        def begin(run):
            wrapper = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                       f"inject={call}:{effect.format(number)}"]
            return train(attack.skein, attack.job, run, 1, wrapper)
        code = attack.attack(f"{call}: {effect.format(number)}", begin, codes)
        ends[code] += 1
    print(f"{len(places)} runs with {effect.format('k')}: exit codes {dict(ends)}, all went on to the "
          "same bits", flush=True)


def random_kills(attack, count):
    start = time.monotonic()
    finish(train(attack.skein, attack.job, attack.run("timed"), 2), [0], "timing")
    duration = time.monotonic() - start
    killed = 0
    for number in range(count):
        def begin(run):
            process = train(attack.skein, attack.job, run, number % 3 + 1)
            time.sleep(random.uniform(0, duration))
            process.kill()
            return process
        killed += attack.attack(f"random kill {number}", begin, [0, -9]) != 0
    print(f"{count} random kills, {killed} of them hit: all went on to the same bits", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--skein", required=True)
    parser.add_argument("--random", type=int, default=200, help="random kills")
    parser.add_argument("--stride", type=int, default=1, help="every how manieth call")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="skein-faults-") as name:
        folder = pathlib.Path(name)
        attack = Attack(options.skein, LINES, folder / "lines")
        injections(attack, options.stride, "signal=KILL:when={}", CALLS, [0, -9])
        # A failing open may already keep the loader (127), the job (2) or the dataset (3) away.
        for error in ["ENOSPC", "EIO"]:
            for when in ["{}", "{}+"]:
                injections(attack, options.stride, f"error={error}:when={when}", FAULTY,
                           [0, 2, 3, 4, 6, 127])
        random_kills(Attack(options.skein, DIGITS, folder / "digits"), options.random)
