"""PyTorch's optimizers and schedules: `python3 Tests/Goldens/training.py --datasets Datasets` writes
training.json.

Each case holds a job in the words of a job file, and what PyTorch makes of it in double precision:
the learning rate of every step, and a row per epoch as in curves.py, with the numbers of the
validation samples where the job keeps some. Draws, orders and losses are curves.py's. Besides:

- Validation samples are those of `random_split(samples, [1 - part, part])` with a generator of its own.
- `accumulate` batches make a step: the gradient is that of the mean over all of their samples.
- `clipNorm` is `clip_grad_norm_`.
- `average` is `AveragedModel` with `get_ema_avg_fn`: what is evaluated.
- `warmupEpochs` is `SequentialLR` of a `LinearLR` and the schedule behind it.
- `labelSmoothing` and `classWeights` are those of `F.cross_entropy`; `balanced` is scikit-learn's. A
  batch's loss is the sum over the sum of its samples' weights, as PyTorch's mean is.
- With `sampleWeights`, the training sample of row i weighs (7 i mod 5) / 2 besides.
- step, exponential and plateau take a scheduler's step per epoch, cosine and oneCycle one per step.

`spread` is the largest relative difference of the single precision run per epoch.
"""

import argparse
import pathlib

import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler as rates
from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn

from curves import correct, draw_parameters, forward, read_split, sample_losses
from golden import number, write

MODEL = {"hidden": [32, 16], "activation": "tanh", "init": {"uniform": [-0.25, 0.25]}}


def job(name, optimizer, schedule, training, validation=None, seed=1234, loss="crossEntropy"):
    data = {"path": "digits", "scale": 255} | ({"validation": validation} if validation else {})
    return {"name": name, "seed": seed, "data": data, "model": MODEL, "loss": loss,
            "optimizer": optimizer, "schedule": schedule,
            "training": {"epochs": 4, "batchSize": 50} | training}


JOBS = [
    job("nesterov, step", {"kind": "sgd", "learningRate": 0.05, "momentum": 0.9, "nesterov": True,
                           "weightDecay": 1e-4}, {"kind": "step", "every": 2, "factor": 0.25}, {}),
    job("adam, exponential", {"kind": "adam", "learningRate": 0.002, "weightDecay": 1e-3},
        {"kind": "exponential", "factor": 0.7}, {}),
    job("adamW, one cycle", {"kind": "adamW", "learningRate": 0.002, "weightDecay": 0.05},
        {"kind": "oneCycle", "peak": 0.004}, {}),
    job("adamW, warm-up, cosine, clipped, accumulated, averaged",
        {"kind": "adamW", "learningRate": 0.004, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6,
         "clipNorm": 0.5},
        {"kind": "cosine", "final": 0.0001, "warmupEpochs": 0.5},
        {"batchSize": 33, "accumulate": 3, "average": 0.9}, validation=0.1),
    job("sgd, plateau, averaged", {"kind": "sgd", "learningRate": 0.3, "momentum": 0.5},
        {"kind": "plateau", "patience": 0, "factor": 0.25}, {"epochs": 8, "average": 0.5},
        validation=0.25),
    job("clipped momentum, one cycle behind a warm-up",
        {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9, "clipNorm": 0.25},
        {"kind": "oneCycle", "peak": 0.2, "warmupEpochs": 1}, {}),
    job("label smoothing", {"kind": "adamW", "learningRate": 0.002}, {"kind": "oneCycle", "peak": 0.002},
        {}, loss={"kind": "crossEntropy", "labelSmoothing": 0.1}),
    job("label smoothing and class weights", {"kind": "sgd", "learningRate": 0.05, "momentum": 0.9},
        {"kind": "constant"}, {"batchSize": 33, "accumulate": 2}, validation=0.1,
        loss={"kind": "crossEntropy", "labelSmoothing": 0.2,
              "classWeights": [1, 2.5, 0.5, 1, 0, 3, 1, 0.25, 1, 1.5]}),
    job("balanced classes", {"kind": "sgd", "learningRate": 0.1}, {"kind": "constant"}, {},
        validation=0.25, loss={"kind": "crossEntropy", "classWeights": "balanced"}),
    job("negative log-likelihood with class weights", {"kind": "sgd", "learningRate": 0.1},
        {"kind": "constant"}, {}, loss={"kind": "logSoftmaxNegativeLogLikelihood",
                                         "classWeights": [2, 1, 1, 1, 1, 1, 1, 1, 0.5, 0.25]}),
]
# With a weight for each training sample besides: see `sample_weights`.
WEIGHTED_JOBS = [
    job("sample weights", {"kind": "sgd", "learningRate": 0.1, "momentum": 0.5},
        {"kind": "constant"}, {"batchSize": 33, "accumulate": 2}, validation=0.1),
    job("sample weights, class weights, label smoothing", {"kind": "adamW", "learningRate": 0.002},
        {"kind": "constant"}, {"average": 0.9},
        loss={"kind": "crossEntropy", "labelSmoothing": 0.1,
              "classWeights": [1, 2, 0.5, 1, 1, 3, 1, 0.25, 1, 1.5]}),
]
FIELDS = ["trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy", "testLoss",
          "testAccuracy"]


def make_optimizer(parameters, o):
    kind, lr = o["kind"], o["learningRate"]
    if kind == "sgd":
        return torch.optim.SGD(parameters, lr=lr, momentum=o.get("momentum", 0),
                               nesterov=o.get("nesterov", False),
                               weight_decay=o.get("weightDecay", 0))
    make = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
    usual = 0 if kind == "adam" else 0.01
    return make(parameters, lr=lr, betas=(o.get("beta1", 0.9), o.get("beta2", 0.999)),
                eps=o.get("epsilon", 1e-8), weight_decay=o.get("weightDecay", usual))


def make_schedule(optimizer, s, steps, steps_per_epoch):
    """The scheduler, and whether it takes a step per epoch."""
    kind = s["kind"]
    warm = round(s.get("warmupEpochs", 0) * steps_per_epoch)
    if kind == "constant":
        return rates.LambdaLR(optimizer, lambda step: 1), True
    if kind == "step":
        return rates.StepLR(optimizer, s["every"], s["factor"]), True
    if kind == "exponential":
        return rates.ExponentialLR(optimizer, s["factor"]), True
    if kind == "plateau":
        return rates.ReduceLROnPlateau(optimizer, factor=s["factor"], patience=s["patience"]), True
    if kind == "cosine":
        main = rates.CosineAnnealingLR(optimizer, steps - warm, eta_min=s["final"])
    else:
        main = rates.OneCycleLR(optimizer, s["peak"], total_steps=steps - warm, cycle_momentum=False)
        # SequentialLR begins the second schedule again: OneCycleLR takes its rates from the groups.
    if not warm:
        return main, False
    first = main.get_last_lr()[0]
    for group in optimizer.param_groups:
        group["lr"] = group["initial_lr"] = first
    rise = rates.LinearLR(optimizer, 1 / warm, total_iters=warm - 1)
    return (rise, main, warm), False


def sample_weights(count):
    return torch.arange(count).mul(7).remainder(5) / 2


def balanced(labels):
    counts = labels.bincount()
    return len(labels) / (len(counts) * counts)


def weighted_losses(output, labels, loss, weights, own):
    """The losses of the samples, each times what the sample counts, and what each counts."""
    if isinstance(loss, str):
        losses = sample_losses(output, labels, loss)
    else:
        losses = F.cross_entropy(output, labels, weight=weights, reduction="none",
                                 label_smoothing=loss.get("labelSmoothing", 0))
    counts = own if weights is None else own * weights[labels]
    return losses * own, counts


class Net(torch.nn.Module):
    def __init__(self, parameters, activation):
        super().__init__()
        self.parts = torch.nn.ParameterList(parameters)
        self.activation = activation

    def forward(self, x):
        return forward(list(self.parts), x, self.activation)


def train(job, splits, dtype, has_weights=False):
    (samples, labels), (test_samples, test_labels) = [(x.to(dtype), y) for x, y in splits]
    training, part = job["training"], job["data"].get("validation")
    widths = [samples.shape[1], *job["model"]["hidden"], int(labels.max()) + 1]
    torch.manual_seed(job["seed"])
    drawn = draw_parameters(widths, job["model"]["init"])
    net = Net([torch.nn.Parameter(p.to(dtype)) for p in drawn], job["model"]["activation"])
    rows = torch.arange(len(samples))
    held = rows[:0]
    if part:
        chosen, held = torch.utils.data.random_split(
            range(len(samples)), [1 - part, part], torch.Generator().manual_seed(job["seed"]))
        rows, held = torch.tensor(list(chosen)), torch.tensor(list(held))
    loss = job["loss"]
    weights = None if isinstance(loss, str) else loss.get("classWeights")
    if weights is not None:
        weights = balanced(labels[rows]) if weights == "balanced" else torch.tensor(weights)
        # The weights as Skein has them, in single precision.
        weights = weights.float().to(dtype)
    own = sample_weights(len(samples)) if has_weights else torch.ones(len(samples))
    own, test_own = own.to(dtype), torch.ones(len(test_labels), dtype=dtype)
    optimizer = make_optimizer(net.parameters(), job["optimizer"])
    accumulate = training.get("accumulate", 1)
    batches = -(-len(rows) // training["batchSize"])
    per_epoch = -(-batches // accumulate)
    schedule, is_per_epoch = make_schedule(
        optimizer, job["schedule"], per_epoch * training["epochs"], per_epoch)
    keep = training.get("average")
    averaged = AveragedModel(net, avg_fn=get_ema_avg_fn(keep)) if keep is not None else net
    seen, epochs, step = [], [], 0
    for epoch in range(1, training["epochs"] + 1):
        loss_sum, weight_sum, right = 0.0, 0.0, 0
        order = rows[torch.randperm(len(rows))].split(training["batchSize"])
        for first in range(0, len(order), accumulate):
            group = order[first:first + accumulate]
            rows_of_step = torch.cat(group)
            count = weighted_losses(torch.zeros(len(rows_of_step), widths[-1], dtype=dtype),
                                    labels[rows_of_step], loss, weights, own[rows_of_step])[1].sum()
            optimizer.zero_grad()
            for batch in group:
                output = net(samples[batch])
                losses, counts = weighted_losses(output, labels[batch], loss, weights, own[batch])
                loss_sum += losses.detach().double().sum().item()
                weight_sum += counts.double().sum().item()
                right += correct(output, labels[batch])
                (losses.sum() / count).backward()
            if "clipNorm" in job["optimizer"]:
                torch.nn.utils.clip_grad_norm_(net.parameters(), job["optimizer"]["clipNorm"])
            seen.append(number(optimizer.param_groups[0]["lr"]))
            optimizer.step()
            step += 1
            if keep is not None:
                averaged.update_parameters(net)
            if not is_per_epoch:
                if isinstance(schedule, tuple):
                    rise, main, warm = schedule
                    if step < warm:
                        rise.step()
                    elif step == warm:
                        optimizer.param_groups[0]["lr"] = main.base_lrs[0] if not hasattr(
                            main, "total_steps") else main.get_last_lr()[0]
                    else:
                        main.step()
                elif step < per_epoch * training["epochs"]:
                    schedule.step()
        row = [loss_sum / weight_sum, right / len(rows)]
        with torch.no_grad():
            for x, y, w in [(samples[held], labels[held], own[held]),
                            (test_samples, test_labels, test_own)]:
                output = averaged(x)
                losses, counts = weighted_losses(output, y, loss, weights, w)
                row += [losses.double().sum() / counts.double().sum() if len(y) else None,
                        correct(output, y) / len(y) if len(y) else None]
        if is_per_epoch:
            schedule.step(*([row[2]] if job["schedule"]["kind"] == "plateau" else []))
        epochs.append({"epoch": epoch}
                      | {f: number(v) for f, v in zip(FIELDS, row) if v is not None})
    return {"rates": seen, "epochs": epochs}


def case(job, datasets, has_weights=False):
    folder, scale = datasets / job["data"]["path"], job["data"]["scale"]
    splits = [read_split(folder, name, scale) for name in ["train", "test"]]
    double, single = [train(job, splits, dtype, has_weights)
                      for dtype in [torch.float64, torch.float32]]
    losses = [f for f in FIELDS[::2] if f in double["epochs"][0]]
    spread = [max(abs(a[f] / b[f] - 1) for f in losses)
              for a, b in zip(single["epochs"], double["epochs"])]
    print(job["name"], *(f"{s:.1e}" for s in spread), *(f"{e['testLoss']:.4f}" for e in double["epochs"]))
    weights = {"sampleWeights": True} if has_weights else {}
    return {"job": job, **weights, **double, "spread": [number(s, 2) for s in spread]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--datasets", type=pathlib.Path, required=True,
                        help="the folder that holds the dataset digits")
    datasets = parser.parse_args().datasets
    torch.set_num_threads(1)
    write("training.json", [case(job, datasets) for job in JOBS]
          + [case(job, datasets, has_weights=True) for job in WEIGHTED_JOBS])
