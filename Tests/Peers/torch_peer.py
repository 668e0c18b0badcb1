"""PyTorch on one workload. usage: torch_peer.py WORKLOAD THREADS REPEATS eager|compile"""

import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

from workload import load, report, steps

name, threads, repeats, mode = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
torch.manual_seed(1234)
work, x, y = load(name)
x, y = torch.from_numpy(x), torch.from_numpy(y)
layers = []
for inputs, outputs in zip(work["layers"], work["layers"][1:]):
    layers += [nn.Linear(inputs, outputs), nn.ReLU()]
model = nn.Sequential(*layers[:-1])
optimizer = torch.optim.SGD(model.parameters(), lr=work["rate"])


def step(samples, labels):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(samples), labels)
    loss.backward()
    optimizer.step()
    return loss


if mode == "compile":
    step = torch.compile(step)
batch = work["batch"]
for _ in range(3):
    step(x[:batch], y[:batch])
seconds = []
# The first repetition warms up.
for repeat in range(repeats + 1):
    start = time.perf_counter()
    for _ in range(work["epochs"]):
        for rows in torch.randperm(len(x))[: steps(work) * batch].reshape(-1, batch):
            loss = step(x[rows], y[rows])
    if repeat:
        seconds.append(time.perf_counter() - start)
report(seconds, work, loss.item())
