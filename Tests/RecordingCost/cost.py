"""What recording costs: one job with and without it, by turns.

usage: cost.py SKEIN JOB [PAIRS]

Prints the least processor time and the least wall-clock time of each kind, and what recording adds. The
least of several runs is the one that other programs disturbed least.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time


def measure(skein, job, recorded, folder):
    flag = "true" if recorded else "false"
    run = f"{folder}/run"
    shutil.rmtree(run, ignore_errors=True)
    start = time.monotonic()
    process = subprocess.Popen(
        [skein, "train", job, "--run", run, "--threads", "1", "--set", "training.epochs=20", "--set", "training.batchSize=128",
         "--set", f"report.history={flag}", "--set", f"report.tensorBoard={flag}"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"skein train ended with {status}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start


def main():
    skein, job = sys.argv[1:3]
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 6
    folder = tempfile.mkdtemp(prefix="skein-cost-")
    times = {True: [], False: []}
    for pair in range(pairs):
        for recorded in ((True, False) if pair % 2 else (False, True)):
            times[recorded].append(measure(skein, job, recorded, folder))
    shutil.rmtree(folder)
    for name, index in (("processor", 0), ("wall clock", 1)):
        least = {kind: min(t[index] for t in times[kind]) for kind in times}
        share = least[True] / least[False] - 1
        print(f"{name}: {least[False]:.2f} s without, {least[True]:.2f} s with recording: {100 * share:+.1f} %")


main()
