"""PyTorch on one workload.

usage: torch_peer.py WORKLOAD THREADS REPEATS SECONDS EPOCHS eager|compiled float|bf16

`eager` is the usual loop of modules and an optimizer. With `compiled`, whole steps, with gradient
and update, are one compiled graph without a break: a compiled step that calls `backward()` and an
optimizer breaks there, and took three times as long at tiny.
"""

import sys

import torch
import torch.nn.functional as F
from torch import nn

from workload import load, measure, parameters as first

name, threads = sys.argv[1], int(sys.argv[2])
repeats, seconds, epochs = int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
mode, is_bf16 = sys.argv[6], sys.argv[7] == "bf16"
torch.set_num_threads(threads)
work, x, y = load(name)
x, y, batch = torch.from_numpy(x), torch.from_numpy(y), work["batch"]
layers = []
for weights, biases in first(work):
    linear = nn.Linear(*weights.shape)
    with torch.no_grad():
        linear.weight.copy_(torch.from_numpy(weights.T))
        linear.bias.copy_(torch.from_numpy(biases))
    layers += [linear, nn.ReLU()]
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
        losses = []
        for part in rows.split(batch):
            samples = x[part].float() * (1 / 255)
            gradients, loss = torch.func.grad_and_value(loss_of)(parameters, samples, y[part])
            for parameter, gradient in zip(parameters, gradients):
                parameter.sub_(gradient, alpha=work["rate"])
            losses.append(loss)
        return torch.stack(losses)

    compiled = torch.compile(steps, fullgraph=True, dynamic=False)
    return lambda rows: compiled(rows, x, y), work["unroll"]


step, unroll = compiled() if mode == "compiled" else eager()


def train(rows):
    return torch.stack([step(part) for part in rows]).flatten().float().numpy()


def prepare(rows):
    return torch.from_numpy(rows).long().reshape(-1, unroll * batch)


measure(work, prepare, train, repeats, seconds, epochs)
