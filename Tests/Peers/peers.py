#!/usr/bin/env python3
"""Skein beside JAX and PyTorch on this machine, in one go: `make peers`.

Makes two virtual environments below .build-peers from the pinned versions of requirements-*.txt:
today's JAX and PyTorch (CPU), and JAX 0.4.31, the last one with a runtime that is fast for small
networks. Runs Skein and every peer in turn, round by round and in changing order, with 1 thread
(held to one core) and with 2, and prints Markdown.

What is compared: the training part alone, from step to step, without start-up, compilation,
evaluation and checkpoints; the same layers, samples, batch sizes, plain SGD, float32 (the row wide
bf16: products in bfloat16, against PyTorch's autocast to it). The peers' shuffling is not timed,
Skein's is; Skein has its default settings. Each process warms up, then trains REPEATS times for
SECONDS. Figures are medians over all repetitions of all rounds, ratios are medians of the rounds'
ratios. The column of two threads has the fastest of all peers on one core or on two.

In the first round the mean losses of two epochs are compared: the peers' must be within 2 % of each
other, Skein's within a quarter (it draws other first weights and another order). A program that
cannot be installed, fails or trains otherwise has its reason in place of figures, and the exit
status is 1.

libxsmm-dnn's MLP driver can be shown beside wide; it must have been built before:
  git clone https://github.com/libxsmm/libxsmm && make -C libxsmm
  git clone https://github.com/libxsmm/libxsmm-dnn
  make -C libxsmm-dnn LIBXSMMROOT=$PWD/libxsmm
  make -C libxsmm-dnn/tests/mlp LIBXSMMROOT=$PWD/libxsmm
  make peers PEERS='--libxsmm libxsmm-dnn/tests/mlp/mlp_example'
Its GFLOP/s are those of products with bias and relu alone: no samples are brought, there is no
loss, and only some of its editions update the weights.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time

import report
from programs import PEERS, ROOT, ROWS, Runner
from rounds import Rounds


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--skein", default=os.path.join(ROOT, ".build/release/skein"))
    parser.add_argument(
        "--environments", default=os.path.join(ROOT, ".build-peers"), help="made where missing"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3, help="repetitions of a process")
    parser.add_argument("--seconds", type=float, default=1, help="of a repetition, at least")
    parser.add_argument("--rows", default=",".join(ROWS))
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--peers", default=",".join(PEERS), help="may be empty")
    parser.add_argument("--libxsmm", metavar="PATH", help="libxsmm-dnn's mlp_example, built")
    parser.add_argument("--libxsmm-block", type=int, default=64, help="its block sizes")
    parser.add_argument("--json", metavar="FILE", help="also write every repetition there")
    options = parser.parse_args()
    options.rows = options.rows.split(",")
    options.peers = [name for name in options.peers.split(",") if name]
    for names, known in ((options.rows, ROWS), (options.peers, PEERS)):
        for name in names:
            if name not in known:
                parser.error(f"{name!r}: expected some of {', '.join(known)}")
    try:
        options.threads = sorted({int(count) for count in options.threads.split(",")})
    except ValueError:
        parser.error(f"--threads {options.threads}: expected numbers such as 1,2")
    cores = len(os.sched_getaffinity(0))
    if not 1 <= options.threads[0] <= options.threads[-1] <= cores:
        parser.error(f"--threads: expected numbers from 1 to {cores}, the cores of this process")
    if min(options.rounds, options.repeats) < 1 or options.seconds <= 0:
        parser.error("--rounds, --repeats and --seconds: expected numbers above 0")
    for name in ("skein", "libxsmm"):
        path = getattr(options, name)
        if path:
            setattr(options, name, os.path.abspath(path))
    return options


def main():
    options = arguments()
    began = time.time()
    with tempfile.TemporaryDirectory() as scratch:
        runner = Runner(options.skein, options.repeats, options.seconds, scratch)
        left_out = [name for name in options.rows if ROWS[name].is_bf16]
        if left_out and not runner.takes_bf16():
            options.rows = [name for name in options.rows if name not in left_out]
            print("wide bf16 is left out: this Skein does not know training.bf16\n", flush=True)
        rounds = Rounds(options, runner)
        rounds.run()
    found, rows, threads = rounds.results, options.rows, options.threads
    print("\n".join(report.comparison(found, rows, threads)), end="\n\n")
    print("\n".join(report.programs(found, rows)), end="\n\n")
    print(*report.notes(found, threads), *report.libxsmm(rounds.libxsmm), sep="\n")
    length = f"{options.rounds} rounds of {options.repeats} × {options.seconds:g} s"
    print(f"{rounds.cpu}, {length}, {time.time() - began:.0f} s in all; medians")
    if options.json:
        with open(options.json, "w") as file:
            everything = {
                "cpu": rounds.cpu,
                "cores": len(os.sched_getaffinity(0)),
                "system": platform.platform(),
                "options": vars(options),
                "versions": rounds.versions,
                "results": found,
                "libxsmm": rounds.libxsmm,
            }
            json.dump(everything, file, indent=1)
    failed = report.failures(found + rounds.libxsmm)
    if failed:
        print("\n".join(["failed:", *failed]), file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
