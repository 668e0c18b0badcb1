"""What every peer trains on: the workloads of workloads.json, on samples drawn as Skein's are."""

import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def load(name):
    """The workload, its samples as float32 in 0..1 and their labels."""
    with open(os.path.join(HERE, "workloads.json")) as file:
        workload = json.load(file)[name]
    draw = np.random.default_rng(0)
    count, width, classes = workload["samples"], workload["layers"][0], workload["layers"][-1]
    patterns = draw.integers(0, 256, (classes, width), dtype=np.uint8)
    labels = draw.permutation(count) % classes
    samples = draw.integers(0, 256, (count, width), dtype=np.uint8) & patterns[labels]
    return workload, (samples / np.float32(255)).astype(np.float32), labels.astype(np.int64)


def steps(workload):
    """Full batches of an epoch; an uneven last one is left out, as `dropLast: true` does."""
    return workload["samples"] // workload["batch"]


def report(seconds, workload, loss):
    """Prints what was measured: samples per second of each timed repetition."""
    samples = steps(workload) * workload["batch"] * workload["epochs"]
    if not np.isfinite(loss):
        sys.exit("the loss is not finite")
    print(json.dumps({"rates": [samples / s for s in seconds], "loss": float(loss)}))
