"""What every peer trains on, and how its speed is taken: each peer imports this.

The samples are those of Skein's `data.synthetic`, bit for bit.
"""

import json
import os
import sys
import time

import numpy as np

import losses

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 0x5EE0  # that of SyntheticDataset.swift


def load(name):
    """The workload, its samples as bytes, and their labels."""
    with open(os.path.join(HERE, "workloads.json")) as file:
        work = json.load(file)[name]
    count, width, classes = work["samples"], work["layers"][0], work["layers"][-1]
    draw = np.random.RandomState(SEED)

    def words(number):
        return draw.randint(0, 2**32, number, dtype=np.uint32)

    patterns = words(classes * width).astype(np.uint8).reshape(classes, width)
    # PyTorch's random permutation: from the front, each place swaps with one that is not behind it.
    order = np.arange(count)
    for place, word in enumerate(words(count - 1)):
        other = place + int(word) % (count - place)
        order[place], order[other] = order[other], order[place]
    labels = order % classes
    filled = count * width
    random = words((filled + 3) // 4).astype("<u4").view(np.uint8)[:filled]
    samples = random.reshape(count, width)
    samples &= patterns[labels]
    return work, samples, labels.astype(np.int64)


def batches(work, steps):
    """Endless arrays of `steps` × batch rows, each epoch in an order of its own.

    An uneven last batch of an epoch is left out, as `dropLast: true` does.
    """
    draw = np.random.default_rng(1)
    batch, full = work["batch"], work["samples"] // work["batch"] * work["batch"]
    rows = np.empty((0, batch), np.int32)
    while True:
        while len(rows) < steps:
            epoch = draw.permutation(work["samples"])[:full].astype(np.int32)
            rows = np.concatenate([rows, epoch.reshape(-1, batch)])
        yield rows[:steps]
        rows = rows[steps:]


def parameters(work):
    """Pairs of weights [in, out] and biases, drawn as the jobs' `init: he` draws them."""
    draw = np.random.default_rng(2)
    return [
        (
            draw.normal(0, (2 / inputs) ** 0.5, (inputs, outputs)).astype(np.float32),
            np.zeros(outputs, np.float32),
        )
        for inputs, outputs in zip(work["layers"], work["layers"][1:])
    ]


def measure(work, prepare, train, repeats, seconds, epochs):
    """Trains, and prints each repetition's samples per second and each first epoch's mean loss.

    A repetition trains `scan` batches again and again until `seconds` have passed. The clock
    stands still while the order of the next ones is drawn. The first `epochs` epochs, or one call
    where there are none, compile and warm up, and are not timed.

    prepare: makes the peer's array of an array of rows.
    train: trains on such an array, waits for the end, and returns the loss of every batch.
    """
    steps, epoch = work["scan"], work["samples"] // work["batch"]
    orders = batches(work, steps)
    found = np.asarray(train(prepare(next(orders))))
    while len(found) < epochs * epoch:
        found = np.concatenate([found, train(prepare(next(orders)))])
    rates = []
    for _ in range(repeats):
        elapsed, calls = 0.0, 0
        while elapsed < seconds:
            rows = prepare(next(orders))
            start = time.perf_counter()
            last = train(rows)
            elapsed += time.perf_counter() - start
            calls += 1
        rates.append(calls * steps * work["batch"] / elapsed)
    fault = losses.fault(found[0], last[-1])
    if fault:
        sys.exit(fault)
    means = found[: epochs * epoch].reshape(epochs, epoch).mean(1) if epochs else []
    print(json.dumps({"rates": rates, "losses": [float(mean) for mean in means]}))
