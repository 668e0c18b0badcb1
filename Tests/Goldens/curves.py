"""PyTorch's training curves: `python3 Tests/Goldens/curves.py --datasets Datasets` writes
curves.json.

Each case holds a job in the words of a job file and what PyTorch makes of it, in single and in
double precision. One generator, seeded by `torch.manual_seed(seed)`, draws everything in single
precision: per layer the weights [out, in], then the biases; then one `torch.randperm` per epoch.
`he` weights are `normal_(0, sqrt(2 / in))`, and zero biases draw nothing. The last layer has no
activation. The last batch of an epoch may be smaller; every batch's gradient is that of its mean
loss. `trainLoss` and `trainAccuracy` are means over the samples of an epoch at the time each was
used, before that step's update; `testLoss` and `testAccuracy` follow the epoch. `stepLosses` are
the mean losses of the first ten batches.

`spread` says how far honest arithmetic may stray: per epoch, the largest difference from the
double precision run over the single precision run and NOISY_RUNS double precision runs whose
parameters are moved by a random fraction of a Float's rounding (relative 2^-24) after every step.
Losses are relative, `accuracy` is absolute. Mostly it stays near 1e-7. A relu network that meets the
same few samples again and again, as with lines, has samples that come to lie on a kink: once
rounding decides on which side, the curves part by 1e-4 and more, whoever computes them. So the seed
of `lines` is one of the few whose training loss stays within 5e-6 under such noise.

Where `data.values` says "ink and label", targets are values, made of the dataset: the sum of a
sample's bytes, and its label. Both are standardised by the mean and the deviation (over n) of the
training split, in double precision. `trainError` and `testError` are then means over samples and
outputs of |prediction - target| in the targets' own units, in place of the accuracies, and `spread`
has `error`, relative.

Reads the datasets through the `zstd` command.
"""

import argparse
import hashlib
import json
import math
import pathlib
import subprocess

import numpy
import torch
import torch.nn.functional as F

from golden import number, numbers, write

JOBS = [
    {
        "name": "lines", "seed": 50, "data": {"path": "lines", "scale": 1},
        "model": {"hidden": [16, 16], "activation": "relu", "init": {"uniform": [-0.5, 0.5]}},
        "loss": "crossEntropy",
        "optimizer": {"kind": "sgd", "learningRate": 0.05, "momentum": 0, "weightDecay": 0},
        "training": {"epochs": 5, "batchSize": 20},
    },
    {
        "name": "digits", "seed": 1234, "data": {"path": "digits", "scale": 255},
        "model": {"hidden": [16, 16], "activation": "relu", "init": {"uniform": [-0.5, 0.5]}},
        "loss": "crossEntropy",
        "optimizer": {"kind": "sgd", "learningRate": 0.02, "momentum": 0, "weightDecay": 0},
        "training": {"epochs": 5, "batchSize": 32},
    },
    {
        "name": "digits, momentum and weight decay", "seed": 1234,
        "data": {"path": "digits", "scale": 255},
        "model": {"hidden": [32], "activation": "relu", "init": "he"},
        "loss": "crossEntropy",
        "optimizer": {"kind": "sgd", "learningRate": 0.02, "momentum": 0.9, "weightDecay": 1e-4},
        "training": {"epochs": 3, "batchSize": 50},
    },
    {
        "name": "lines, squared errors", "seed": 1234, "data": {"path": "lines", "scale": 1},
        "model": {"hidden": [16, 16], "activation": "tanh", "init": {"uniform": [-0.5, 0.5]}},
        "loss": "meanSquaredError",
        "optimizer": {"kind": "sgd", "learningRate": 0.1, "momentum": 0, "weightDecay": 0},
        "training": {"epochs": 3, "batchSize": 32},
    },
]
# tanh and huber's two pieces have no kinks; the absolute error's is met by rounding alone.
JOBS += [
    {
        "name": f"digits, values, {loss}", "seed": 1234,
        "data": {"path": "digits", "scale": 255, "values": "ink and label"},
        "model": {"hidden": [24, 16], "activation": "tanh", "init": {"uniform": [-0.5, 0.5]}},
        "loss": loss,
        "optimizer": {"kind": "sgd", "learningRate": 0.02, "momentum": 0.9, "weightDecay": 0},
        "training": {"epochs": 3, "batchSize": 50},
    }
    for loss in ["meanSquaredError", "meanAbsoluteError", "huber"]
]
FIELDS = ["trainLoss", "trainAccuracy", "testLoss", "testAccuracy"]
VALUE_FIELDS = ["trainLoss", "trainError", "testLoss", "testError"]
STEPS_SHOWN = 10
NOISY_RUNS = 8


def read_idx(folder, shard):
    """The uint8 array of one shard file."""
    path = folder / shard["file"]
    raw = subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout
    assert len(raw) == shard["rawBytes"] and raw[:3] == b"\0\0\x08", path
    rank = raw[3]
    dims = numpy.frombuffer(raw, ">u4", rank, offset=4)
    return numpy.frombuffer(raw, numpy.uint8, offset=4 + 4 * rank).reshape(dims)


def read_split(folder, split, scale):
    """Samples as rows of Floats, each element divided by `scale`, and labels."""
    shards = json.loads((folder / "dataset.json").read_text())["splits"][split]
    images = numpy.concatenate([read_idx(folder, s["images"]) for s in shards])
    labels = numpy.concatenate([read_idx(folder, s["labels"]) for s in shards])
    assert len(images) == len(labels) == sum(s["count"] for s in shards), folder
    samples = torch.from_numpy(images.reshape(len(images), -1)).float() / scale
    return samples, torch.from_numpy(labels).long()


def make_values(splits, scale):
    """The splits with values in place of labels, standardised, and the deviations."""
    values = []
    for samples, labels in splits:
        ink = (samples.double() * scale).round().sum(dim=1)
        values.append(torch.stack([ink, labels.double()], dim=1))
    mean, deviation = values[0].mean(dim=0), values[0].std(dim=0, correction=0)
    standard = [((v - mean) / deviation).float() for v in values]
    return [(s, v) for (s, _), v in zip(splits, standard)], deviation


def digest(split):
    """SHA-256 of a split's labels: tells whether a curve belongs to a dataset."""
    return hashlib.sha256(split[1].to(torch.uint8).numpy().tobytes()).hexdigest()


def draw_parameters(widths, init):
    """Weights and biases per layer, drawn in single precision."""
    parameters = []
    for inputs, outputs in zip(widths, widths[1:]):
        weight, bias = torch.empty(outputs, inputs), torch.zeros(outputs)
        if init == "he":
            weight.normal_(0, math.sqrt(2 / inputs))
        else:
            weight.uniform_(*init["uniform"])
            bias.uniform_(*init["uniform"])
        parameters += [weight, bias]
    return parameters


def forward(parameters, samples, activation):
    x = samples
    for i in range(0, len(parameters), 2):
        x = F.linear(x, parameters[i], parameters[i + 1])
        if i + 2 < len(parameters):
            x = getattr(torch, activation)(x)
    return x


def sample_losses(output, labels, loss):
    """One loss per sample."""
    if labels.is_floating_point():
        function = {"meanSquaredError": F.mse_loss, "meanAbsoluteError": F.l1_loss,
                    "huber": F.huber_loss}[loss]
        return function(output, labels.to(output.dtype), reduction="none").mean(dim=1)
    if loss == "crossEntropy":
        return F.cross_entropy(output, labels, reduction="none")
    targets = F.one_hot(labels, output.shape[1]).to(output.dtype)
    return ((output - targets) ** 2).mean(dim=1)


def correct(output, labels):
    return int((output.argmax(dim=1) == labels).sum())


def told(output, labels, deviation):
    """How many are right; of values the sum of the errors, in their own units."""
    if not labels.is_floating_point():
        return correct(output, labels)
    errors = (output.detach().double() - labels.double()).abs() * deviation
    return errors.mean(dim=1).sum().item()


def train(job, splits, dtype, deviation=None, noise=None):
    """The curve of `job`, a row per epoch, and what a reader compares first.

    `noise` is the generator of the roundings that are put on top after every step.
    """
    (samples, labels), (test_samples, test_labels) = [(x.to(dtype), y) for x, y in splits]
    model, batch = job["model"], job["training"]["batchSize"]
    are_values = labels.is_floating_point()
    outputs = labels.shape[1] if are_values else int(labels.max()) + 1
    widths = [samples.shape[1], *model["hidden"], outputs]
    torch.manual_seed(job["seed"])
    drawn = draw_parameters(widths, model["init"])
    parameters = [p.to(dtype).requires_grad_() for p in drawn]
    settings = job["optimizer"]
    optimizer = torch.optim.SGD(
        parameters, lr=settings["learningRate"], momentum=settings["momentum"],
        weight_decay=settings["weightDecay"])
    epochs, steps, orders = [], [], []
    for epoch in range(1, job["training"]["epochs"] + 1):
        order = torch.randperm(len(samples))
        orders.append(order[:10].tolist())
        loss_sum, right = 0.0, 0
        for rows in order.split(batch):
            output = forward(parameters, samples[rows], model["activation"])
            losses = sample_losses(output, labels[rows], job["loss"])
            loss_sum += losses.detach().double().sum().item()
            right += told(output, labels[rows], deviation)
            if len(steps) < STEPS_SHOWN:
                steps.append(number(losses.detach().double().mean()))
            optimizer.zero_grad()
            losses.mean().backward()
            optimizer.step()
            if noise:
                add_rounding(parameters, noise)
        with torch.no_grad():
            output = forward(parameters, test_samples, model["activation"])
            test_loss = sample_losses(output, test_labels, job["loss"]).double().mean()
        row = [loss_sum / len(samples), right / len(samples),
               test_loss, told(output, test_labels, deviation) / len(test_labels)]
        fields = VALUE_FIELDS if are_values else FIELDS
        epochs.append({"epoch": epoch} | {f: number(v) for f, v in zip(fields, row)})
    start = {"widths": widths, "firstParameters": [numbers(p.reshape(-1)[:3]) for p in drawn],
             "firstRows": orders}
    return start, {"stepLosses": steps, "epochs": epochs}


@torch.no_grad()
def add_rounding(parameters, noise):
    """Moves each parameter by up to the relative 2^-24 that rounding to Float may cost."""
    for p in parameters:
        p.mul_(1 + (2 * torch.rand(p.shape, generator=noise, dtype=p.dtype) - 1) * 2**-24)


def spread(reference, runs):
    """Per epoch, the largest differences of `runs` from `reference`."""
    result = []
    for epoch, *others in zip(reference["epochs"], *(run["epochs"] for run in runs)):
        losses = {f: max(abs(o[f] - epoch[f]) / epoch[f] for o in others) for f in FIELDS[::2]}
        if "trainError" in epoch:
            rest = {"error": max(abs(o[f] - epoch[f]) / epoch[f]
                                 for o in others for f in VALUE_FIELDS[1::2])}
        else:
            rest = {"accuracy": max(abs(o[f] - epoch[f]) for o in others for f in FIELDS[1::2])}
        result.append({f: number(v, 2) for f, v in (losses | rest).items()})
    return result


def case(job, datasets):
    folder, scale = datasets / job["data"]["path"], job["data"]["scale"]
    splits = [read_split(folder, name, scale) for name in ["train", "test"]]
    hashes = {n: digest(s) for n, s in zip(["train", "test"], splits)}
    deviation = None
    if "values" in job["data"]:
        splits, deviation = make_values(splits, scale)
    start, single = train(job, splits, torch.float32, deviation)
    double = train(job, splits, torch.float64, deviation)[1]
    noisy = [train(job, splits, torch.float64, deviation, torch.Generator().manual_seed(i))[1]
             for i in range(NOISY_RUNS)]
    strays = spread(double, [single, *noisy])
    print(job["name"])
    for epoch, one, stray in zip(double["epochs"], spread(double, [single]), strays):
        print("  ", *(f"{k} {v}" for k, v in epoch.items()),
              *(f"{f}: float32 differs by {one[f]:.1e}, spread {stray[f]:.1e}" for f in FIELDS[::2]))
    return {"job": job, "labelsSHA256": hashes, **start,
            "float32": single, "float64": double, "spread": strays}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--datasets", type=pathlib.Path, required=True,
                        help="the folder that holds the datasets lines and digits")
    datasets = parser.parse_args().datasets
    torch.set_num_threads(1)
    write("curves.json", [case(job, datasets) for job in JOBS])
