"""PyTorch on one workload. usage: torch_peer.py WORKLOAD THREADS REPEATS SECONDS MODE float|bf16

MODE is `eager`, the usual loop of modules and an optimizer, or `compiled`: whole steps, with the
gradient and the update, are one compiled graph without a break. A compiled loop of an optimizer's
steps breaks at `backward()`, and took three times as long at tiny.
"""

import sys

import torch
import torch.nn.functional as F
from torch import nn

from workload import load, measure

name, threads = sys.argv[1], int(sys.argv[2])
repeats, seconds = int(sys.argv[3]), float(sys.argv[4])
mode, is_bf16 = sys.argv[5], sys.argv[6] == "bf16"
torch.set_num_threads(threads)
torch.manual_seed(1234)
work, x, y = load(name)
x, y, batch = torch.from_numpy(x), torch.from_numpy(y), work["batch"]
layers = []
for inputs, outputs in zip(work["layers"], work["layers"][1:]):
    layers += [nn.Linear(inputs, outputs), nn.ReLU()]
model = nn.Sequential(*layers[:-1])


def precision():
    """Products in bfloat16; sums, parameters, loss and update stay as they are."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=is_bf16)


def eager():
    """A function that trains on the rows of a few batches, one by one."""
    samples = x.float() / 255
    optimizer = torch.optim.SGD(model.parameters(), lr=work["rate"])

    def step(rows):
        optimizer.zero_grad()
        with precision():
            loss = F.cross_entropy(model(samples[rows]), y[rows])
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step, 1


def compiled():
    """The same for `unroll` batches at a time, in one graph that converts the samples too."""
    parameters = [p.detach() for p in model.parameters()]

    def loss_of(parameters, samples, labels):
        h = samples
        with precision():
            for index in range(0, len(parameters), 2):
                h = F.linear(h, parameters[index], parameters[index + 1])
                if index < len(parameters) - 2:
                    h = F.relu(h)
            return F.cross_entropy(h, labels)

    def steps(rows, x, y):
        for part in rows.split(batch):
            samples = x[part].float() * (1 / 255)
            gradients, loss = torch.func.grad_and_value(loss_of)(parameters, samples, y[part])
            for parameter, gradient in zip(parameters, gradients):
                parameter.sub_(gradient, alpha=work["rate"])
        return loss

    compiled = torch.compile(steps, fullgraph=True, dynamic=False)
    return lambda rows: compiled(rows, x, y), work["unroll"]


step, unroll = compiled() if mode == "compiled" else eager()


def train(rows):
    losses = [step(part) for part in rows]
    return losses[0].item(), losses[-1].item()


def prepare(rows):
    return torch.from_numpy(rows).long().reshape(-1, unroll * batch)


measure(work, prepare, train, repeats, seconds, work["scan"])
