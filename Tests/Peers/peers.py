#!/usr/bin/env python3
"""Skein beside PyTorch and JAX on this machine, in one go: `make peers`.

Makes a virtual environment with PyTorch (CPU) and JAX from PyPI, runs every peer and Skein in turn,
round by round and in changing order, with 1 thread (held to one core) and with 2, and prints a
table.

What is compared: the training part alone, from step to step with the shuffling (JAX's is left out),
without start-up, compilation, evaluation and checkpoints; the same layers, batch sizes, numbers of
samples, plain SGD, float32. Each process trains the workload REPEATS + 1 times (the first warms up)
and gives a rate per repetition; the table has medians over all repetitions of all rounds. Memory
is the process's peak (ru_maxrss), Python's and the compiler's share included.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TARGETS = {  # workload: least ratio against the fastest peer with 1 and with 2 threads
    "lines": (3, 3),
    "tiny": (2, 3),
    "mid": (1.06, 1.25),
    "wide": (1.05, 1.05),
}
SCALING = {"mid": 1.8, "wide": 1.93}  # workload: least ratio of 2 threads to 1, cut alike
FMA_SHARE = {"wide": 0.88}  # workload: least share of the multiply-add peak with 1 thread
PER_THREAD = {"wide"}  # workloads whose ratios may be shown with one batch shard a thread
SKEIN = {"skein": "auto", "skein perThread": "perThread"}  # name: parallel.batchShards


def environment(folder):
    """The virtual environment's Python, made where it is missing."""
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(python):
        print(f"making a virtual environment in {folder}", flush=True)
        venv.create(folder, with_pip=True)
    test = [python, "-c", "import torch, jax, numpy"]
    if subprocess.run(test, stderr=subprocess.DEVNULL).returncode:
        print("installing PyTorch (CPU) and JAX from PyPI", flush=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run(pip + ["numpy", "jax"], check=True)
        # PyTorch's own index has the build without CUDA, a tenth of the size; PyPI's does as well.
        small = pip + ["torch", "--index-url", "https://download.pytorch.org/whl/cpu"]
        if subprocess.run(small, stderr=subprocess.DEVNULL).returncode:
            subprocess.run(pip + ["torch"], check=True)
    return python


def measure(command, threads, scratch):
    """Runs a command: its output, or None where it failed, and its peak memory in MiB."""
    if threads == 1:
        command = ["taskset", "-c", "0"] + command
    # No thread count of the caller's is inherited: each program sets its own.
    kept = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    kept["TORCHINDUCTOR_CACHE_DIR"] = os.path.join(scratch, "inductor")
    kept["OMP_NUM_THREADS"] = str(threads)
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=kept, cwd=HERE)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            last = (errors.read().strip().splitlines() or ["no message"])[-1]
            return None, last
        return output.read(), usage.ru_maxrss / 1024


def rates_of_skein(options, workload, work, threads, shards, scratch):
    result = os.path.join(scratch, "skein.json")
    steps = work["samples"] // work["batch"] * work["epochs"]
    output, memory = measure(
        [
            options.skein,
            "bench",
            os.path.join(ROOT, "Configs/bench", workload + ".yaml"),
            "--threads",
            str(threads),
            "--steps",
            str(steps),
            "--repeats",
            str(options.repeats),
            "--set",
            f"parallel.batchShards={shards}",
            "--json",
            result,
        ],
        threads,
        scratch,
    )
    if output is None:
        return None, memory
    with open(result) as file:
        row = json.load(file)["rows"][0]
    return (
        row["repetitions"],
        row["peakGigaflops"],
        row["gigaflops"] / row["samplesPerSecond"],
    ), memory


def rates_of_peer(options, python, name, workload, threads, scratch):
    script, *mode = {
        "torch eager": ["torch_peer.py", "eager"],
        "torch compile": ["torch_peer.py", "compile"],
        "jax scan": ["jax_peer.py"],
    }[name]
    output, memory = measure(
        [python, os.path.join(HERE, script), workload, str(threads), str(options.repeats)] + mode,
        threads,
        scratch,
    )
    if output is None:
        return None, memory
    return (json.loads(output.strip().splitlines()[-1])["rates"], None, None), memory


def thousands(rate):
    return f"{rate / 1e6:.3f} M" if rate >= 1e6 else f"{rate / 1e3:.2f} k"


def table(found, names, workloads, threads, out):
    """The rows of every workload, and which targets are missed."""
    missed = []
    line = "{:10}{:>2}  {:16}{:>12}{:>9}{:>10}{:>9}{:>10}{:>9}"
    print(
        line.format(
            "workload",
            "T",
            "program",
            "samples/s",
            "spread",
            "vs best",
            "vs T=1",
            "peak MiB",
            "of FMA",
        ),
        file=out,
    )
    for workload in workloads:
        for count in threads:
            rates = {
                n: found[n, workload, count]["rates"]
                for n in names
                if found[n, workload, count]["rates"]
            }
            medians = {n: statistics.median(r) for n, r in rates.items()}
            best = max((m for n, m in medians.items() if n not in SKEIN), default=None)
            for name in names:
                entry = found[name, workload, count]
                if name not in medians:
                    print(
                        line.format(workload, count, name, "failed", "", "", "", "", ""),
                        entry["error"],
                        file=out,
                    )
                    continue
                values = sorted(rates[name])
                quartiles = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
                ratio = medians[name] / best if best else None
                one = found.get((name, workload, 1), {}).get("rates")
                gain = medians[name] / statistics.median(one) if one and count > 1 else None
                share = None
                if entry["peak"]:
                    share = medians[name] * entry["cost"] / max(entry["peak"])
                print(
                    line.format(
                        workload,
                        count,
                        name,
                        thousands(medians[name]),
                        f"{(quartiles[2] - quartiles[0]) / medians[name]:.1%}",
                        f"{ratio:.2f}" if ratio else "-",
                        f"{gain:.2f}" if gain else "-",
                        f"{max(entry['memory']):.0f}",
                        f"{share:.1%}" if share else "-",
                    ),
                    file=out,
                )
                shown = "skein perThread" if workload in PER_THREAD else "skein"
                target = TARGETS[workload][0 if count == 1 else 1]
                if name == shown and ratio and ratio < target:
                    missed.append(f"{workload}, {count} threads, {name}: {ratio:.2f} of {target}")
                least = FMA_SHARE.get(workload, 0)
                if name == shown and count == 1 and share and share < least:
                    missed.append(f"{workload}, {name}: {share:.1%} of the peak, not {least:.0%}")
                # Batches must be cut alike with 1 and 2 threads for this one.
                if name == "skein" and gain and gain < SCALING.get(workload, 0):
                    missed.append(
                        f"{workload}, 1 to 2 threads, {name}: {gain:.2f} of {SCALING[workload]}"
                    )
        print(file=out)
    return missed


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--skein", default=os.path.join(ROOT, ".build/release/skein"))
    parser.add_argument(
        "--venv", default=os.path.join(ROOT, ".build-peers"), help="made where it is missing"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3, help="timed repetitions a process")
    parser.add_argument("--workloads", default="lines,tiny,mid,wide")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--peers", default="torch eager,torch compile,jax scan")
    parser.add_argument("--json", help="also write every repetition there")
    options = parser.parse_args()
    options.skein = os.path.abspath(options.skein)
    with open(os.path.join(HERE, "workloads.json")) as file:
        works = json.load(file)
    workloads, threads = options.workloads.split(","), [int(t) for t in options.threads.split(",")]
    peers = [p for p in options.peers.split(",") if p]
    names = peers + list(SKEIN)
    python = environment(options.venv) if peers else None
    found = {
        (n, w, t): {"rates": [], "memory": [], "peak": [], "cost": None, "error": ""}
        for n in names
        for w in workloads
        for t in threads
    }
    began = time.time()
    with tempfile.TemporaryDirectory() as scratch:
        for turn in range(options.rounds):
            for workload in workloads:
                for count in threads:
                    # Every round begins with another program.
                    for name in names[turn % len(names) :] + names[: turn % len(names)]:
                        entry = found[name, workload, count]
                        if entry["error"]:
                            continue
                        if name in SKEIN:
                            result, memory = rates_of_skein(
                                options, workload, works[workload], count, SKEIN[name], scratch
                            )
                        else:
                            result, memory = rates_of_peer(
                                options, python, name, workload, count, scratch
                            )
                        if result is None:
                            entry["error"] = memory
                        else:
                            rates, peak, cost = result
                            entry["rates"] += rates
                            entry["memory"].append(memory)
                            if peak:
                                entry["peak"].append(peak)
                                entry["cost"] = cost
                        print(
                            f"round {turn + 1}/{options.rounds} {workload} {count} {name}",
                            file=sys.stderr,
                            flush=True,
                        )
    print(
        f"{options.rounds} rounds of {options.repeats} repetitions, {time.time() - began:.0f} s; "
        "T threads (1: held to one core), spread: quartiles' distance"
    )
    print(
        "vs best: against the fastest peer, vs T=1: against itself with 1 thread, "
        "of FMA: share of the multiply-add peak measured beside it"
    )
    print(
        "skein: batchShards auto, the same bits for any thread count; "
        "skein perThread: one batch shard a thread\n"
    )
    missed = table(found, names, workloads, threads, sys.stdout)
    print(
        "\n".join(["short of the targets:"] + [f"  {m}" for m in missed])
        if missed
        else "all targets are met"
    )
    if options.json:
        with open(options.json, "w") as file:
            json.dump(
                [dict(program=n, workload=w, threads=t, **e) for (n, w, t), e in found.items()],
                file,
                indent=1,
            )


if __name__ == "__main__":
    main()
